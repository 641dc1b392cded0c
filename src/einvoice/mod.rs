//! E-invoices as data: a document in the terms of EN 16931, and everything that keeps it from being
//! a valid one.
//!
//! [`compose`] maps a document to the terms; `render::xml` writes it as UBL or CII. [`needs`] checks
//! what sellers and accounts fill in, [`rules`] what a document holds. A [`Flaw`] names the official
//! rule that the document would break.

mod codes;
mod compose;
mod document;
mod flaw;
mod identifiers;
mod national;
mod needs;
mod price;
mod rules;
mod terms;

pub(crate) use codes::CodeList;
pub(crate) use compose::EInvoices;
#[cfg(test)]
pub(crate) use document::Mandate;
pub(crate) use document::{Contact, EInvoice, EInvoiceLine, Party, PaymentInstruction, TaxPart};
pub(crate) use flaw::{Flaw, Place};
pub(crate) use needs::needs_of;
pub(crate) use rules::flaws_of_document;
