//! From what the log says should have been billed to documents that ask for what is still due.
//!
//! `due = what the log says − what the register says`, by line key; then one document for each
//! account, currency and boundary, credit applied, numbers given. Pure: no files, no clock.

mod account;
mod account_bill;
mod adjustments;
mod billing_history;
mod caps;
mod charge_index;
mod corrections;
mod credit_notes;
mod discounts;
mod due_lines;
mod entries;
mod grouping;
mod net_lines;
mod numbering;
mod rank;
mod rated;

pub use account::bill_account;
pub use account_bill::{AccountBill, BillError, DraftInvoice, OverCredit, Suppressed};
pub use adjustments::AdjustmentError;
pub use billing_history::BillingHistory;
pub use due_lines::DueError;
pub use numbering::{Numbered, Resolved, SeriesEnd, assign_numbers, resolved};
