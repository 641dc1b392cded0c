//! The closes of each month, added up from their proved totals.

use std::collections::BTreeMap;

use crate::value::{Amount, Currency, Month};

/// The months of each currency, without gaps.
pub(crate) type Trend = BTreeMap<Currency, BTreeMap<Month, TrendMonth>>;

/// The closes of a month in one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TrendMonth {
    pub(crate) invoices: u64,
    /// The totals, tax included.
    pub(crate) billed: Amount,
    pub(crate) tax: Amount,
    /// What was left to pay after credit.
    pub(crate) due: Amount,
    /// Money received, less money paid back.
    pub(crate) received: Amount,
    /// What is open after the last close.
    pub(crate) open: Amount,
}

impl TrendMonth {
    /// Adds a later close. `None` if a sum does not fit.
    #[must_use = "sums that do not fit are not added"]
    pub(crate) fn add(&mut self, later: &Self) -> Option<()> {
        self.invoices += later.invoices;
        self.billed = self.billed.checked_add(later.billed)?;
        self.tax = self.tax.checked_add(later.tax)?;
        self.due = self.due.checked_add(later.due)?;
        self.received = self.received.checked_add(later.received)?;
        self.open = later.open;
        Some(())
    }
}

/// The last `count` months up to the newest one. Months without a close are filled in: nothing
/// happened, and the same is open.
pub(crate) fn last_months(trend: Trend, count: usize) -> Trend {
    let newest = trend.values().filter_map(|months| months.keys().next_back()).max().copied();
    let Some(newest) = newest else { return trend };
    let fill = |months: BTreeMap<Month, TrendMonth>| {
        let (mut filled, mut open) = (BTreeMap::new(), Amount::ZERO);
        let mut next = months.keys().next().copied();
        while let Some(month) = next.filter(|month| *month <= newest) {
            let nothing = TrendMonth { open, ..TrendMonth::default() };
            let found = months.get(&month).copied().unwrap_or(nothing);
            open = found.open;
            filled.insert(month, found);
            next = Some(month.next());
        }
        let left_out = filled.len().saturating_sub(count);
        filled.into_iter().skip(left_out).collect()
    };
    trend.into_iter().map(|(currency, months)| (currency, fill(months))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minor(amount: i64) -> Amount {
        Amount::from_minor(amount)
    }

    #[test]
    fn a_month_without_a_close_has_what_was_open() {
        let usd = Currency::from_code("USD").expect("a currency");
        let month = |text: &str| Month::parse(text).expect("a month");
        let of = |billed: i64, open: i64| TrendMonth {
            invoices: 1,
            billed: minor(billed),
            open: minor(open),
            ..TrendMonth::default()
        };
        let months = [(month("2024-11"), of(5, 3)), (month("2025-02"), of(7, 4))];
        let trend = Trend::from([(usd, BTreeMap::from(months))]);
        let shown: Vec<(String, i64, i64)> = last_months(trend, 3)[&usd]
            .iter()
            .map(|(month, it)| (month.to_string(), it.billed.minor(), it.open.minor()))
            .collect();
        let expected = [("2024-12", 0, 3), ("2025-01", 0, 3), ("2025-02", 7, 4)];
        assert_eq!(shown, expected.map(|(month, billed, open)| (month.to_owned(), billed, open)));
        assert_eq!(last_months(Trend::new(), 3), Trend::new());
    }
}
