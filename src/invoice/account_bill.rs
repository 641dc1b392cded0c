//! What one account gets in a close.

use std::sync::Arc;

use super::adjustments::AdjustmentError;
use super::due_lines::DueError;
use crate::model::{Credits, Line, TaxTotal, Totals};
use crate::value::{Amount, Currency, Instant};

/// A document that has everything but its number.
#[derive(Clone, Debug)]
pub struct DraftInvoice {
    /// Index of the account.
    pub account: usize,
    /// The currency of every line.
    pub currency: Currency,
    /// The boundary or change it is dated at.
    pub instant: Instant,
    /// In print order.
    pub lines: Vec<Line>,
    /// The tax at each rate.
    pub taxes: Vec<TaxTotal>,
    /// The sums. What credit pays is filled in when the close is settled.
    pub totals: Totals,
    /// The published invoice that it credits, if it is a credit note.
    pub credits_invoice: Option<Arc<str>>,
    /// What it charges and takes back, where its lines alone do not tell.
    pub credits: Option<Box<Credits>>,
}

/// What is not credited, because the invoice that it concerns has no more left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverCredit {
    /// Index of the account.
    pub account: usize,
    /// Index of the subscription whose line credits less; `None` for an adjustment.
    pub subscription: Option<usize>,
    /// The change or adjustment behind it.
    pub reference: Arc<str>,
    /// What is not credited.
    pub amount: Amount,
    /// The currency of the amount.
    pub currency: Currency,
    /// The number of the invoice; provisionally, if it belongs to this close.
    pub invoice_number: Arc<str>,
}

/// A document that is not published, because every line on it is nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// Index of the account.
    pub account: usize,
    /// Its currency.
    pub currency: Currency,
    /// The instant it would have been dated at.
    pub instant: Instant,
}

/// Everything one account gets in a close.
#[derive(Clone, Debug, Default)]
pub struct AccountBill {
    /// Its documents, oldest first.
    pub drafts: Vec<DraftInvoice>,
    /// Documents that come to nothing.
    pub suppressed: Vec<Suppressed>,
    /// Changes without effect: index of the subscription and of the change among its own.
    pub ineffective: Vec<(usize, usize)>,
    /// Adjustments whose time has come and that wait for a document, by place among the account's.
    pub waiting: Vec<usize>,
    /// What invoices have no more left for.
    pub over_credits: Vec<OverCredit>,
    /// What cannot be billed.
    pub errors: Vec<BillError>,
}

/// Why an account cannot be billed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BillError {
    /// One of its subscriptions makes no sense.
    Subscription {
        /// Its index.
        index: usize,
        /// Why.
        error: DueError,
    },
    /// One of its adjustments cannot be billed.
    Adjustment {
        /// Index of the account.
        account: usize,
        /// Its place among the account's adjustments.
        place: usize,
        /// Why.
        error: AdjustmentError,
    },
    /// The lines of a document do not add up within 64 bits.
    Total {
        /// Index of the account.
        account: usize,
        /// The document's currency.
        currency: Currency,
    },
}
