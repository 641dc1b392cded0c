//! The money of a close beyond its invoices: what is open, received, taxed, held for customers and
//! given away. The figures of shards add up to those of the close.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use super::{Ageing, CreditHeld, DiscountTotal, ageing};
use crate::model::{Account, Invoice, TaxBehavior, TaxTerms, TaxTreatment};
use crate::payments::{AppliedPayment, Settlement};
use crate::value::{Amount, Currency, Month};

/// The figures, by currency. A currency without any is not listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Finances {
    /// Open receivables by age.
    pub(crate) ageing: BTreeMap<Currency, Ageing>,
    /// The money that this close applied, by the month in which it moved.
    pub(crate) cash: BTreeMap<Currency, BTreeMap<Month, Cash>>,
    /// The taxes of the invoices, by rate.
    pub(crate) taxes: BTreeMap<Currency, Vec<TaxRateTotal>>,
    /// Balances that customers hold.
    pub(crate) credit: BTreeMap<Currency, CreditHeld>,
    /// The discounts on the invoices, by name.
    pub(crate) discounts: BTreeMap<Currency, Vec<DiscountTotal>>,
}

/// Money that moved in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cash {
    pub(crate) received: Amount,
    /// The money paid back; not negative.
    pub(crate) returned: Amount,
}

/// The tax at one rate in one currency.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct TaxRateTotal {
    /// The code in `tax_rates.csv`.
    pub(crate) code: String,
    /// The name on the invoice.
    pub(crate) name: String,
    /// The rate, as `invoice_taxes.csv` has it.
    pub(crate) percent: String,
    /// The words of [`TaxBehavior`] and [`TaxTreatment`].
    pub(crate) behavior: String,
    pub(crate) treatment: String,
    pub(crate) invoices: u64,
    /// The amount without tax.
    pub(crate) net: Amount,
    pub(crate) tax: Amount,
}

impl Finances {
    /// The figures of settled invoices, without discounts; see [`look_at_lines`](super::look_at_lines).
    ///
    /// # Errors
    /// The currency whose sums do not fit 64 bits.
    pub(crate) fn of(
        invoices: &[Invoice],
        settlement: &Settlement,
        credit: &BTreeMap<String, BTreeMap<Currency, Amount>>,
        (accounts, today): (&[Account], NaiveDate),
    ) -> Result<Self, Currency> {
        let owed = (&settlement.balances.receivables[..], &settlement.debtors[..]);
        Ok(Self {
            ageing: ageing(owed, accounts, today)?,
            cash: cash(&settlement.applied)?,
            taxes: taxes(invoices)?,
            credit: CreditHeld::of(credit, accounts),
            discounts: BTreeMap::new(),
        })
    }

    /// Adds the figures of a shard.
    ///
    /// # Errors
    /// The currency whose sums do not fit 64 bits.
    pub(super) fn add(&mut self, shard: Self) -> Result<(), Currency> {
        for (currency, ageing) in shard.ageing {
            self.ageing.entry(currency).or_default().add(ageing).ok_or(currency)?;
        }
        for (currency, months) in shard.cash {
            let sums = self.cash.entry(currency).or_default();
            for (month, cash) in months {
                sums.entry(month).or_default().add(cash).ok_or(currency)?;
            }
        }
        for (currency, totals) in shard.taxes {
            let sums = self.taxes.entry(currency).or_default();
            totals.into_iter().try_for_each(|total| add_rate(sums, total)).ok_or(currency)?;
        }
        for (currency, held) in shard.credit {
            self.credit.entry(currency).or_default().add(held);
        }
        for (currency, totals) in shard.discounts {
            let sums = self.discounts.entry(currency).or_default();
            DiscountTotal::add_all(sums, totals).ok_or(currency)?;
        }
        Ok(())
    }
}

impl Cash {
    fn add(&mut self, other: Self) -> Option<()> {
        self.received = self.received.checked_add(other.received)?;
        self.returned = self.returned.checked_add(other.returned)?;
        Some(())
    }

    /// What came in, less what went out.
    pub(crate) fn net(self) -> Option<Amount> {
        self.received.checked_sub(self.returned)
    }
}

/// The money of payments by the month of their dates. Credit notes, write-offs, fees and exchange
/// differences move none.
fn cash(applied: &[AppliedPayment]) -> Result<BTreeMap<Currency, BTreeMap<Month, Cash>>, Currency> {
    let mut cash: BTreeMap<Currency, BTreeMap<Month, Cash>> = BTreeMap::new();
    for payment in applied.iter().filter(|payment| !payment.is_note() && payment.kind.is_money()) {
        let (amount, currency) = (payment.amount, payment.currency);
        let moved = if amount.is_negative() {
            let returned = amount.checked_neg().ok_or(currency)?;
            Cash { returned, ..Cash::default() }
        } else {
            Cash { received: amount, ..Cash::default() }
        };
        let months = cash.entry(currency).or_default();
        months.entry(Month::of(payment.date)).or_default().add(moved).ok_or(currency)?;
    }
    Ok(cash)
}

fn taxes(invoices: &[Invoice]) -> Result<BTreeMap<Currency, Vec<TaxRateTotal>>, Currency> {
    let mut sums: HashMap<(Currency, &TaxTerms), (u64, Amount, Amount)> = HashMap::new();
    for invoice in invoices {
        let currency = invoice.currency;
        for total in &invoice.taxes {
            let (count, net, tax) = sums.entry((currency, &*total.terms)).or_default();
            *count += 1;
            *net = net.checked_add(total.base).ok_or(currency)?;
            *tax = tax.checked_add(total.tax).ok_or(currency)?;
        }
    }
    let mut taxes: BTreeMap<Currency, Vec<TaxRateTotal>> = BTreeMap::new();
    for ((currency, terms), (invoices, net, tax)) in sums {
        let total = TaxRateTotal {
            code: terms.code.to_string(),
            name: terms.name.to_string(),
            percent: terms.percent.normalize().to_string(),
            behavior: terms.behavior.as_str().to_owned(),
            treatment: terms.treatment.as_str().to_owned(),
            invoices,
            net,
            tax,
        };
        // Terms that differ in their notes alone are one rate.
        add_rate(taxes.entry(currency).or_default(), total).ok_or(currency)?;
    }
    Ok(taxes)
}

impl TaxRateTotal {
    fn key(&self) -> [&str; 5] {
        [&self.code, &self.name, &self.percent, &self.behavior, &self.treatment]
    }

    /// Whether prices include it.
    pub(crate) fn is_included(&self) -> bool {
        self.behavior == TaxBehavior::Inclusive.as_str()
    }

    pub(crate) fn treatment(&self) -> Option<TaxTreatment> {
        TaxTreatment::parse(&self.treatment)
    }
}

/// Adds a total to those of the same rate; the list stays sorted. `None` if it does not fit.
fn add_rate(sums: &mut Vec<TaxRateTotal>, total: TaxRateTotal) -> Option<()> {
    match sums.binary_search_by(|sum| sum.key().cmp(&total.key())) {
        Ok(place) => {
            let sum = &mut sums[place];
            sum.invoices += total.invoices;
            sum.net = sum.net.checked_add(total.net)?;
            sum.tax = sum.tax.checked_add(total.tax)?;
        }
        Err(place) => sums.insert(place, total),
    }
    Some(())
}
