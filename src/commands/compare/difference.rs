//! The differences between a close and old invoices, as data.

use rust_decimal::Decimal;

use crate::value::{Amount, Currency, Instant};

/// A period of service.
pub(super) type Service = (Instant, Instant);

/// A line of either side, without tax.
#[derive(Clone, Debug)]
pub(super) struct SideLine {
    pub(super) subscription: String,
    pub(super) amount: Amount,
    pub(super) quantity: Option<Decimal>,
    pub(super) period: Option<Service>,
    pub(super) is_proration: Option<bool>,
}

/// Everything that one side has for an account in a currency.
#[derive(Clone, Debug, Default)]
pub(super) struct Side {
    /// Its documents.
    pub(super) documents: Vec<String>,
    /// With tax.
    pub(super) total: Amount,
    /// `None` if it is not known.
    pub(super) tax: Option<Amount>,
    pub(super) lines: Vec<SideLine>,
}

/// What differs.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cause {
    /// The old system billed it, the close did not.
    MissingHere,
    /// The close billed it, the old system did not.
    MissingThere,
    /// Both billed the account, in different currencies. The old one is named.
    OtherCurrency(Currency),
    /// The amounts without tax are the same.
    OtherTax {
        here: Amount,
        there: Amount,
    },
    /// At most one minor unit a line.
    Rounding,
    OtherQuantity {
        here: Vec<Decimal>,
        there: Vec<Decimal>,
    },
    OtherPeriod {
        here: Vec<Service>,
        there: Vec<Service>,
    },
    /// Quantities and whole periods are the same; parts of periods are not.
    OtherProration,
    /// Nothing else is known to differ: another price or discount.
    OtherAmount,
}

impl Cause {
    /// The name in tables.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::MissingHere => "missing_here",
            Self::MissingThere => "missing_there",
            Self::OtherCurrency(_) => "other_currency",
            Self::OtherTax { .. } => "other_tax",
            Self::Rounding => "rounding",
            Self::OtherQuantity { .. } => "other_quantity",
            Self::OtherPeriod { .. } => "other_period",
            Self::OtherProration => "other_proration",
            Self::OtherAmount => "other_amount",
        }
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Difference {
    pub(super) account: String,
    pub(super) currency: Currency,
    /// Empty if it concerns the whole account.
    pub(super) subscription: String,
    pub(super) cause: Cause,
    /// What the close has: with tax for an account, without for a subscription.
    pub(super) here: Option<Amount>,
    /// What the old invoices have, likewise.
    pub(super) there: Option<Amount>,
    /// The old invoices.
    pub(super) invoices: Vec<String>,
}
