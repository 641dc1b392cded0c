//! By how much a change moves the documents.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;

use crate::invoice::Compared;
use crate::model::Totals;
use crate::value::{Amount, Currency};

/// By how much the documents of a currency change, as texts.
#[derive(Serialize)]
pub(super) struct Difference {
    pub(super) currency: &'static str,
    pub(super) net: String,
    pub(super) tax: String,
    pub(super) total: String,
    pub(super) amount_due: String,
}

/// By how much the documents of a currency change, exactly. Sums of documents may exceed an amount.
#[derive(Clone, Copy, Default)]
pub(super) struct Moved {
    net: i128,
    tax: i128,
    pub(super) total: i128,
    pub(super) due: i128,
}

impl Moved {
    fn add(&mut self, totals: &Totals, sign: i128) {
        let minor = |amount: Amount| sign * i128::from(amount.minor());
        self.net += minor(totals.total) - minor(totals.tax);
        self.tax += minor(totals.tax);
        self.total += minor(totals.total);
        self.due += minor(totals.amount_due);
    }

    /// The same as texts.
    pub(super) fn shown(self, currency: Currency) -> Difference {
        let text = |minor| {
            Decimal::try_from_i128_with_scale(minor, currency.digits())
                .expect("sums of few amounts have fewer than 28 digits")
                .to_string()
        };
        Difference {
            currency: currency.code(),
            net: text(self.net),
            tax: text(self.tax),
            total: text(self.total),
            amount_due: text(self.due),
        }
    }
}

/// The difference in each currency.
pub(super) fn differences(compared: &Compared) -> BTreeMap<Currency, Moved> {
    let mut moved: BTreeMap<Currency, Moved> = BTreeMap::new();
    for (documents, sign) in [(&compared.with, 1), (&compared.without, -1)] {
        for document in documents {
            moved.entry(document.currency).or_default().add(&document.totals, sign);
        }
    }
    moved
}
