//! From invoices to bytes: CSV and Parquet for finance, PDF for the customer. Pure: no files, no
//! clock.

pub mod csv;
pub mod format;
pub mod pdf;
pub mod report;
pub mod subject;
