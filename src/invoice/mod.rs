//! From what the log says should have been billed to documents that ask for what is still due.
//!
//! `due = what the log says − what the register says`, by line key; then one document for each
//! account, currency and boundary, credit applied, numbers given. Pure: no files, no clock.

mod adjustment;
mod ahead;
mod allocation;
mod assemble;
mod caps;
mod charge_index;
mod correction;
mod credit_note;
mod credit_tax;
mod creditable;
mod discount;
mod document;
mod due;
mod entries;
mod file;
mod holders;
mod net;
mod number;
mod payment_sums;
mod purse;
mod rated;
mod refusal;
mod settlement;
mod tax;
mod taxation;
mod till;

pub use adjustment::AdjustmentError;
pub use ahead::{look_at_documents, look_at_receivables, with_lines_at_hand};
pub use allocation::{Allocation, AppliedPayment, PaidInvoice, PaidPart};
pub use assemble::{AccountBill, BillError, Draft, Known, OverCredit, Suppressed, bill_account};
pub use credit_tax::charged_parts;
pub use creditable::IssuedByNumber;
pub use document::{
    ChargedPart, Claim, Credits, DocumentKind, INVOICES_IN_A_PIECE, Invoice, TaxTotal, Totals,
};
pub use due::DueError;
pub use holders::{Holder, Holders};
pub use number::{Numbered, Resolved, SeriesEnd, assign_numbers, resolved};
pub use payment_sums::{PaymentSums, open_by_currency, payment_sums};
pub use refusal::{Refusal, SettlementError};
pub use settlement::{Credit, PaidByCredit, Settlement, Standing, settle_all};
pub use tax::{RateSum, by_rate, tax_totals};
