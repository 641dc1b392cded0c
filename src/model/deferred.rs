//! Revenue that is billed but not yet earned. Its size depends on products and months, not on
//! customers.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::value::{Amount, Currency, Month};

/// The deferred amounts after a close. A missing key means zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Deferred {
    amounts: BTreeMap<DeferredKey, Amount>,
}

/// The key of a deferred amount.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DeferredKey {
    pub(crate) currency: Currency,
    /// The month that earns it.
    pub(crate) month: Month,
    /// The product that earns it.
    pub(crate) product: Arc<str>,
}

impl Deferred {
    /// Adds an amount. `None` if it does not fit.
    #[must_use = "an amount that does not fit is not added"]
    pub(crate) fn add(&mut self, key: DeferredKey, amount: Amount) -> Option<()> {
        let sum = self.amounts.entry(key).or_default();
        *sum = sum.checked_add(amount)?;
        Some(())
    }

    /// Removes and returns the amounts of months that end before `date`. Both sides omit zero
    /// amounts.
    pub(crate) fn take_ended(&mut self, date: chrono::NaiveDate) -> BTreeMap<DeferredKey, Amount> {
        let amounts = std::mem::take(&mut self.amounts);
        let listed = amounts.into_iter().filter(|(_, amount)| !amount.is_zero());
        let (ended, ahead) = listed.partition(|(key, _)| key.month.last_day() < date);
        self.amounts = ahead;
        ended
    }

    pub(crate) fn amounts(&self) -> &BTreeMap<DeferredKey, Amount> {
        &self.amounts
    }

    #[cfg(test)]
    /// The sum of each currency. `None` if it does not fit.
    pub(crate) fn by_currency(&self) -> Option<BTreeMap<Currency, Amount>> {
        let mut sums: BTreeMap<Currency, Amount> = BTreeMap::new();
        for (key, amount) in &self.amounts {
            let sum = sums.entry(key.currency).or_default();
            *sum = sum.checked_add(*amount)?;
        }
        Some(sums)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn key(currency: &str, month: &str, product: &str) -> DeferredKey {
        DeferredKey {
            currency: Currency::from_code(currency).expect("a currency"),
            month: Month::parse(month).expect("a month"),
            product: product.into(),
        }
    }

    pub(crate) fn deferred(rows: &[(&str, &str, &str, i64)]) -> Deferred {
        let mut deferred = Deferred::default();
        for (currency, month, product, minor) in rows {
            let added = deferred.add(key(currency, month, product), Amount::from_minor(*minor));
            added.expect("fits");
        }
        deferred
    }

    #[test]
    fn a_month_ends_with_its_last_day() {
        let rows =
            [("USD", "2020-05", "A", 0), ("USD", "2020-05", "B", 968), ("USD", "2020-06", "B", 32)];
        let mut both = deferred(&rows);
        assert!(both.take_ended("2020-05-31".parse().expect("a date")).is_empty());
        let ended = both.take_ended("2020-06-30".parse().expect("a date"));
        let earned = BTreeMap::from([(key("USD", "2020-05", "B"), Amount::from_minor(968))]);
        assert_eq!(ended, earned);
        assert_eq!(both, deferred(&rows[2..]));
    }

    #[test]
    fn sums_are_checked() {
        let mut full = deferred(&[("USD", "2020-05", "A", i64::MAX)]);
        assert_eq!(full.add(key("USD", "2020-05", "A"), Amount::from_minor(1)), None);
        full.add(key("USD", "2020-06", "A"), Amount::from_minor(1)).expect("fits");
        assert_eq!(full.by_currency(), None);
    }
}
