//! From what the log says should have been billed to documents that ask for what is still due.
//!
//! `due = what the log says − what the register says`, by line key; then one document for each
//! account, currency and boundary, credit applied, numbers given. Pure: no files, no clock.

mod assemble;
mod correction;
mod document;
mod due;
mod net;
mod number;
mod settlement;

pub use assemble::{AccountBill, BillError, Draft, Suppressed, bill_account};
pub use document::{DocumentKind, Invoice, TaxTotal, Totals};
pub use due::{DueError, Dues, dues};
pub use number::assign_numbers;
