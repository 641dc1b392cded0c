//! What pays the invoices of a close: credit and payments, in the order of time. Pure.

mod ahead;
mod allocation;
mod apply;
mod balance;
mod errors;
mod holders;
mod settle;
mod settlement;
mod totals;

pub use ahead::{look_at_documents, look_at_receivables, with_lines_at_hand};
pub use allocation::{Allocation, AppliedPayment, PaidInvoice};
pub use errors::{PaymentError, SettlementError};
pub use holders::{AccountId, AccountIds};
pub use settle::settle_all;
pub use settlement::{Balances, Credit, Settlement};
pub use totals::{PaymentSums, open_by_currency, payment_sums};
