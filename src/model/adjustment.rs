//! One-off charges and credits.

use std::sync::Arc;

use super::void::VoidedCharge;
use crate::value::{Amount, Currency, Instant};

/// One row of `adjustments.csv`: billed once, on one invoice.
#[derive(Clone, Debug)]
pub(crate) struct Adjustment {
    /// `adjustment_id`.
    pub(crate) id: Arc<str>,
    /// Index of the account.
    pub(crate) account: usize,
    /// The earliest time to bill it.
    pub(crate) at: Instant,
    /// The currency of the amount.
    pub(crate) currency: Currency,
    /// A charge, or a credit if negative; never zero.
    pub(crate) amount: Amount,
    /// The text on the invoice.
    pub(crate) description: Box<str>,
    /// The product, from the price list or not. It decides the revenue account.
    pub(crate) product: Arc<str>,
    /// Whether it is taxed.
    pub(crate) taxable: bool,
    /// The tax code of the row; `None` means the account's.
    pub(crate) tax_code: Option<Arc<str>>,
    /// The invoice that gets it.
    pub(crate) timing: AdjustmentTiming,
    /// The published invoice that it credits, if any.
    pub(crate) credits_invoice: Option<Arc<str>>,
    /// The charge of a void invoice that it credits, if it comes from `voids.csv`.
    pub(crate) voids: Option<Box<VoidedCharge>>,
    /// The line in the file.
    pub(crate) line: u64,
}

impl Adjustment {
    /// The file and the column of its text.
    pub(crate) fn text_place(&self) -> (&'static str, &'static str) {
        match self.voids {
            Some(_) => ("voids.csv", "reason"),
            None => ("adjustments.csv", "description"),
        }
    }
}

/// The invoice that an adjustment goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum AdjustmentTiming {
    /// The next invoice of the account in this currency. The adjustment waits for one. The default.
    #[default]
    NextInvoice,
    /// A separate invoice, dated at `at`.
    Immediate,
}
