//! Cohorts: what accounts were billed month after month, by the month of their first invoice.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::value::{Amount, Currency, Month};

/// The cohorts of each currency by the month of the first invoice in it.
pub(crate) type Cohorts = BTreeMap<Currency, BTreeMap<Month, Cohort>>;

/// The accounts whose first invoice in a currency has a date in one month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cohort {
    /// How many accounts they are.
    pub(crate) accounts: u64,
    /// The totals of their invoices by month, credit notes deducted.
    pub(crate) billed: BTreeMap<Month, Amount>,
}

/// Adds the cohorts of other accounts.
///
/// # Errors
/// The currency whose sums do not fit 64 bits.
pub(crate) fn add_cohorts(sums: &mut Cohorts, others: Cohorts) -> Result<(), Currency> {
    for (currency, cohorts) in others {
        let sums = sums.entry(currency).or_default();
        for (first, cohort) in cohorts {
            sums.entry(first).or_default().add(cohort).ok_or(currency)?;
        }
    }
    Ok(())
}

impl Cohort {
    /// `None` if a sum does not fit.
    fn add(&mut self, other: Self) -> Option<()> {
        self.accounts += other.accounts;
        for (month, billed) in other.billed {
            let sum = self.billed.entry(month).or_default();
            *sum = sum.checked_add(billed)?;
        }
        Some(())
    }
}
