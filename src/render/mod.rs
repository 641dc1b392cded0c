//! Renders invoices as bytes: CSV and Parquet for finance, PDF for the customer. Pure: no files, no
//! clock.

pub(crate) mod csv;
pub(crate) mod pdf;
pub(crate) mod report;
