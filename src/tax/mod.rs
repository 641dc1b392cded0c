//! Which tax rate a line bears, what a document's tax comes to, and what credits take back of it. Pure.

mod bearer;
mod creditable;
mod credits;
mod document;
mod history;
mod select;

pub(crate) use bearer::Bearer;
pub(crate) use creditable::{CreditableInvoices, IssuedByNumber};
pub(crate) use credits::{Taxing, charged_parts};
pub(crate) use document::{RateSum, by_rate, tax_document, tax_totals};
pub(crate) use history::Taxpayers;
pub(crate) use select::TaxSelector;
