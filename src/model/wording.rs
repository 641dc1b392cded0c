//! The wording of a line, as data. [`wording`](crate::wording) turns it into sentences.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::value::{Amount, as_text};

/// The wording of a line beyond its product and its correction. It holds dates, not instants,
/// because the zone of an account may change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct LineWording {
    /// The billed time or text.
    #[serde(default)]
    pub(crate) billed: Billed,
    /// The discount, if the line belongs to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) discount: Option<Box<DiscountWording>>,
    /// Why the line was not on an earlier invoice, if it is late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) late: Option<Box<Reason>>,
    /// The notice of a price change, if this is the first line on the new price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) notice: Option<Box<Notice>>,
}

/// The notice of a price change.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Notice {
    /// Its row in the log: `price_change_id`, or `price_change_id@change_id` if a change brought the
    /// subscription to the old price later.
    pub(crate) change: Box<str>,
    /// The words of a document. Tables and the register have none.
    #[serde(skip)]
    pub(crate) words: Box<str>,
}

impl Notice {
    /// Whether it is that of a price change.
    pub(crate) fn is_of(&self, price_change_id: &str) -> bool {
        let rest = self.change.strip_prefix(price_change_id);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('@'))
    }
}

impl LineWording {
    /// Whether a text is part of it.
    pub(crate) fn has(&self, text: &str) -> bool {
        let is_billed = match &self.billed {
            Billed::Written(words) => **words == *text,
            Billed::Void(void) => *void.reason == *text,
            Billed::Net(net) => [&net.new, &net.old].into_iter().any(|it| *it.product == *text),
            _ => false,
        };
        is_billed || self.discount.as_ref().is_some_and(|discount| *discount.name == *text)
    }
}

/// The billed time or text. On a discount line it is that of the reduced line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Billed {
    /// A whole period: the product name is enough.
    #[default]
    Product,
    /// In arrears, the time from a change on.
    Segment {
        /// The day of the change.
        #[serde(with = "as_text")]
        from: NaiveDate,
    },
    /// The rest of the period on new terms.
    Remaining {
        /// The new quantity.
        quantity: u64,
        /// The day of the change.
        #[serde(with = "as_text")]
        after: NaiveDate,
    },
    /// The rest of the period on old terms.
    Unused {
        /// The old quantity.
        quantity: u64,
        /// The day of the change.
        #[serde(with = "as_text")]
        after: NaiveDate,
    },
    /// Both in one. It is boxed because it is rare.
    Net(Box<NetChange>),
    /// A charge of an invoice that is void. It is boxed because it is rare.
    Void(Box<VoidWording>),
    /// The text of an adjustment, or an old sentence that cannot be parsed.
    Written(Box<str>),
}

/// A charge that is credited because its invoice is void.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct VoidWording {
    /// What was charged.
    pub(crate) billed: Billed,
    /// The number of the invoice.
    pub(crate) invoice_number: Box<str>,
    /// The reason; may be empty.
    pub(crate) reason: Box<str>,
}

/// The change that a net line bills.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct NetChange {
    /// The new terms.
    pub(crate) new: ProductQuantity,
    /// The old terms.
    pub(crate) old: ProductQuantity,
    /// The day of the change.
    #[serde(with = "as_text")]
    pub(crate) after: NaiveDate,
    /// The remaining days, if time is counted.
    pub(crate) days: Option<DaysLeft>,
}

/// A quantity of a product.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct ProductQuantity {
    pub(crate) quantity: u64,
    pub(crate) product: Box<str>,
}

/// The rest of a period. A begun day counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct DaysLeft {
    pub(crate) left: u64,
    pub(crate) all: u64,
}

/// A discount as its line names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct DiscountWording {
    /// Its name.
    pub(crate) name: Box<str>,
    /// The reduction.
    pub(crate) off: Off,
}

/// The reduction of a discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Off {
    /// A percentage, without trailing zeros.
    Percent(#[serde(with = "as_text")] Decimal),
    /// An amount in the currency of the line.
    Amount(Amount),
}

/// The reason of a correction or of a late line.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    /// Rows were edited or removed.
    HistoryChanged,
    /// A change was not known before.
    ChangeArrived {
        /// `change_id`.
        change: Box<str>,
        /// The day of the change.
        #[serde(with = "as_text")]
        on: NaiveDate,
    },
    /// A change of the account was not known before.
    AccountChangeArrived {
        /// The column of accounts.csv.
        column: Box<str>,
        /// The day of the change.
        #[serde(with = "as_text")]
        on: NaiveDate,
    },
    /// The discount with this id was not known before.
    DiscountUnknown(Box<str>),
    /// The subscription was not known before.
    SubscriptionUnknown,
    /// An old sentence that cannot be parsed.
    Written(Box<str>),
}
