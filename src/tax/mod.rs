//! The tax rate of a line, the tax of an invoice, and the tax of credits. Pure.

mod bearer;
mod creditable;
mod credits;
mod document;
mod history;
mod select;

pub(crate) use bearer::Bearer;
pub(crate) use creditable::{CreditableInvoices, IssuedByNumber};
pub(crate) use credits::{Taxing, charged_parts, is_charging};
pub(crate) use document::{RateSum, by_rate, tax_document, tax_totals};
pub(crate) use history::Taxpayers;
pub(crate) use select::TaxSelector;
