//! Which tax rate a line bears, what a document's tax comes to, and what credits take back of it. Pure.

mod bearer;
mod creditable;
mod credits;
mod document;
mod history;
mod select;

pub use bearer::Bearer;
pub use creditable::{CreditableInvoices, IssuedByNumber};
pub use credits::{Taxing, charged_parts};
pub use document::{RateSum, by_rate, tax_document, tax_totals};
pub use history::Taxpayers;
pub use select::TaxSelector;
