//! One-off charges and credits.

use std::sync::Arc;

use crate::value::{Amount, Currency, Instant};

/// One row of `adjustments.csv`: billed once, on one document.
#[derive(Clone, Debug)]
pub(crate) struct Adjustment {
    /// `adjustment_id`.
    pub(crate) id: Arc<str>,
    /// Index of the account.
    pub(crate) account: usize,
    /// From when on it is to be billed.
    pub(crate) at: Instant,
    /// The currency of the amount.
    pub(crate) currency: Currency,
    /// What is charged, or credited if it is negative; never zero.
    pub(crate) amount: Amount,
    /// The sentence on the invoice.
    pub(crate) description: Box<str>,
    /// What it is for, in the words of the price list or others; decides about accounts of revenue.
    pub(crate) product: Arc<str>,
    /// Whether it is taxed.
    pub(crate) taxable: bool,
    /// The tax code it names, if not the account's.
    pub(crate) tax_code: Option<Arc<str>>,
    /// Which document it goes on.
    pub(crate) timing: AdjustmentTiming,
    /// The published invoice that it credits, if it concerns one.
    pub(crate) credits_invoice: Option<Arc<str>>,
    /// The line of the file it stands in.
    pub(crate) line: u64,
}

/// Which document an adjustment goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum AdjustmentTiming {
    /// The account's next one in its currency; it waits until there is one. The default.
    #[default]
    NextInvoice,
    /// One of its own, dated at its instant.
    Immediate,
}
