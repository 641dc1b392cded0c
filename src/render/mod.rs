//! Renders invoices as bytes: CSV and Parquet for finance, PDF for the customer, XML for e-invoices. Pure: no files, no
//! clock.

pub(crate) mod csv;
pub(crate) mod pdf;
pub(crate) mod report;
pub(crate) mod xml;

/// The version of what is rendered: 2 since PDFs are PDF/A-3b and PDF/UA-1, 3 since the report shows
/// receivables, cash, revenue, taxes, credit and trend, and PDFs have other words, 4 since documents name
/// orders and references. It increases whenever
/// equal invoices give other bytes of a PDF, of a table, of the state or of the report; a test
/// compares them. `prorata verify --deep` then compares what documents say, and not their bytes.
pub(crate) const VERSION: u32 = 4;

/// The first version whose PDFs say the same as today in the same words and order. Older ones say the
/// same amounts.
pub(crate) const SAME_WORDS_SINCE: u32 = 4;
