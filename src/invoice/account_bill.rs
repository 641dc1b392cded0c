//! The result of billing one account.

use std::sync::Arc;

use super::adjustments::AdjustmentError;
use super::due_lines::DueError;
use crate::model::{Credits, Line, TaxTotal, Totals};
use crate::value::{Amount, Currency, Instant};

/// An invoice without its number.
#[derive(Clone, Debug)]
pub(crate) struct DraftInvoice {
    pub(crate) account: usize,
    pub(crate) currency: Currency,
    /// The instant of its boundary or change.
    pub(crate) instant: Instant,
    /// In print order.
    pub(crate) lines: Vec<Line>,
    pub(crate) taxes: Vec<TaxTotal>,
    /// The sums. Settling the close fills in the credit.
    pub(crate) totals: Totals,
    /// The credited invoice, for a credit note.
    pub(crate) credits_invoice: Option<Arc<str>>,
    /// Its charges and credits, if they do not follow from its lines.
    pub(crate) credits: Option<Box<Credits>>,
}

/// An amount that is not credited, because the rest of its invoice is too small.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OverCredit {
    pub(crate) account: usize,
    /// Index of the subscription of a limited line; `None` for an adjustment.
    pub(crate) subscription: Option<usize>,
    /// The change or adjustment behind it.
    pub(crate) reference: Arc<str>,
    /// The uncredited amount.
    pub(crate) amount: Amount,
    pub(crate) currency: Currency,
    /// The number of the invoice; provisional if it belongs to this close.
    pub(crate) invoice_number: Arc<str>,
}

/// An unpublished invoice, because every line on it is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Suppressed {
    pub(crate) account: usize,
    pub(crate) currency: Currency,
    /// Its instant.
    pub(crate) instant: Instant,
}

/// Documents below the minimum, which wait for the next document of their account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Carried {
    /// The account is billed up to this instant; `None` if nothing of it was ever billed.
    pub(crate) billed_through: Option<Instant>,
    /// The total that waits in each currency.
    pub(crate) totals: Vec<(Currency, Amount)>,
}

/// The result of billing one account.
#[derive(Clone, Debug, Default)]
pub(crate) struct AccountBill {
    /// Its invoices, oldest first.
    pub(crate) drafts: Vec<DraftInvoice>,
    /// Invoices without any amount.
    pub(crate) suppressed: Vec<Suppressed>,
    /// What is carried to the next document, if anything is.
    pub(crate) carried: Option<Carried>,
    /// Changes without effect: index of the subscription, and of the change among its changes.
    pub(crate) ineffective: Vec<(usize, usize)>,
    /// Due adjustments that wait for an invoice, by index among the account's adjustments.
    pub(crate) waiting: Vec<usize>,
    /// Credits that exceed the rest of their invoices.
    pub(crate) over_credits: Vec<OverCredit>,
    pub(crate) errors: Vec<BillError>,
}

/// The reason why an account cannot be billed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BillError {
    /// A subscription has an error.
    Subscription {
        /// Index of the subscription.
        index: usize,
        error: DueError,
    },
    /// An adjustment has an error.
    Adjustment {
        account: usize,
        /// Its index among the account's adjustments.
        place: usize,
        error: AdjustmentError,
    },
    /// An invoice has more lines than the settings allow.
    Lines {
        /// Index of the account.
        account: usize,
        currency: Currency,
        /// Its instant.
        instant: Instant,
        /// How many lines it would have.
        count: usize,
        /// How many are allowed.
        most: usize,
    },
    /// The lines of an invoice do not add up within 64 bits.
    Total {
        /// Index of the account.
        account: usize,
        currency: Currency,
    },
}
