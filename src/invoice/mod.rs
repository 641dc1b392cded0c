//! From what the log says should have been billed to documents that ask for what is still due.
//!
//! `due = what the log says − what the register says`, by line key; then one document for each
//! account, currency and boundary, credit applied, numbers given. Pure: no files, no clock.

mod adjustment;
mod assemble;
mod correction;
mod credit_note;
mod discount;
mod document;
mod due;
mod file;
mod net;
mod number;
mod rated;
mod settlement;
mod tax;
mod taxation;

pub use adjustment::AdjustmentError;
pub use assemble::{AccountBill, BillError, Draft, Known, Suppressed, bill_account};
pub use credit_note::IssuedByNumber;
pub use document::{DocumentKind, Invoice, TaxTotal, Totals};
pub use due::DueError;
pub use number::assign_numbers;
