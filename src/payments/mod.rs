//! Applies credit and payments to invoices, in the order of time. Pure.

mod ahead;
mod allocation;
mod apply;
mod balance;
mod errors;
mod holders;
mod refundable;
mod settle;
mod settlement;
mod totals;

pub(crate) use ahead::{look_at_documents, look_at_receivables, with_lines_at_hand};
pub(crate) use allocation::{
    Allocation, AppliedPayment, CREDIT_NOTE, CREDIT_REFUND, PaidInvoice, PaidPart, SettledRow,
};
pub(crate) use errors::{PaymentError, SettlementError};
pub(crate) use holders::{AccountId, AccountIds};
pub(crate) use refundable::{CreditSource, LastPayment, Refundable};
pub(crate) use settle::settle_all;
pub(crate) use settlement::{Balances, Credit, Settlement};
pub(crate) use totals::{PaymentSums, open_by_currency, payment_sums};
