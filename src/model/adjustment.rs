//! One-off charges and credits.

use std::sync::Arc;

use crate::value::{Amount, Currency, Instant};

/// One row of `adjustments.csv`: billed once, on one document.
#[derive(Clone, Debug)]
pub struct Adjustment {
    /// `adjustment_id`.
    pub id: Arc<str>,
    /// Index of the account.
    pub account: usize,
    /// From when on it is to be billed.
    pub at: Instant,
    /// The currency of the amount.
    pub currency: Currency,
    /// What is charged, or credited if it is negative; never zero.
    pub amount: Amount,
    /// The sentence on the invoice.
    pub description: Box<str>,
    /// What it is for, in the words of the price list or others; decides about accounts of revenue.
    pub product: Arc<str>,
    /// Whether it is taxed.
    pub taxable: bool,
    /// The tax code it names, if not the account's.
    pub tax_code: Option<Arc<str>>,
    /// Which document it goes on.
    pub timing: AdjustmentTiming,
    /// The published invoice that it credits, if it concerns one.
    pub credits_invoice: Option<Arc<str>>,
    /// The line of the file it stands in.
    pub line: u64,
}

/// Which document an adjustment goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AdjustmentTiming {
    /// The account's next one in its currency; it waits until there is one. The default.
    #[default]
    NextInvoice,
    /// One of its own, dated at its instant.
    Immediate,
}
