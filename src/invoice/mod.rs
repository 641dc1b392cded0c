//! Turns the expected lines into invoices for the amounts still due.
//!
//! `due = log − register`, by line key. Then it makes one invoice for each account, currency and
//! boundary, and assigns numbers. Pure: no files, no clock.

mod account;
mod account_bill;
mod adjustments;
mod billing_history;
mod caps;
mod change_quote;
mod charge_index;
mod corrections;
mod credit_notes;
mod discounts;
mod due_lines;
mod entries;
mod grouping;
mod minimum;
mod net_lines;
mod numbering;
mod orders;
mod rank;
mod rated;
mod related;

pub(crate) use account::bill_account;
#[cfg(test)]
pub(crate) use account_bill::Carried;
pub(crate) use account_bill::{AccountBill, BillError, DraftInvoice, OverCredit};
pub(crate) use adjustments::AdjustmentError;
pub(crate) use billing_history::BillingHistory;
pub(crate) use change_quote::{
    ChangeQuestion, ChangeQuote, Compared, Standing, Unquotable, WholePeriod, quote_change,
};
pub(crate) use due_lines::DueError;
pub(crate) use numbering::{
    ArrangedDrafts, Counters, NumberKind, Numbered, Resolved, SeriesEnd, assign_numbers, resolved,
};
pub(crate) use orders::name_orders;
pub(crate) use related::relate;
