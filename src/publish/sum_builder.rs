//! Sums by currency, built row by row over millions of rows.
//!
//! Rows of a table usually add to the same sums in the same order. So the builder expects the sum
//! after the last one, and compares names once instead of with every sum.

use super::proof_error::ProofError;
use crate::value::{Amount, Currency};

/// The sums of a table.
#[derive(Debug, Default)]
pub(crate) struct SumBuilder {
    by_currency: Vec<OfCurrency>,
    /// The index of the current currency.
    current: usize,
    /// The index of the sum after the last one used, because rows repeat the same order.
    next: usize,
}

#[derive(Debug)]
struct OfCurrency {
    currency: Currency,
    sums: Vec<NamedSum>,
}

/// An amount in one currency.
#[derive(Debug)]
pub(crate) struct NamedSum {
    /// The subject of the sum.
    pub(crate) of: &'static str,
    /// The name within the subject; empty if there is only one.
    pub(crate) name: String,
    pub(crate) amount: Amount,
}

impl SumBuilder {
    /// Selects the currency for the next amounts.
    pub(crate) fn turn_to(&mut self, currency: Currency) {
        let known = self.by_currency.iter().position(|it| it.currency == currency);
        self.current = known.unwrap_or(self.by_currency.len());
        if known.is_none() {
            self.by_currency.push(OfCurrency { currency, sums: Vec::new() });
        }
        self.next = 0;
    }

    /// Adds an amount to one of the sums.
    ///
    /// # Errors
    /// Sums that overflow.
    pub(crate) fn add(
        &mut self,
        of: &'static str,
        name: &str,
        amount: Amount,
    ) -> Result<(), ProofError> {
        let OfCurrency { currency, sums } = &mut self.by_currency[self.current];
        // The subject is nearly always the same constant without a name, so no text is compared.
        let is_it = |sum: &NamedSum| {
            (std::ptr::eq(sum.of, of) || sum.of == of)
                && sum.name.len() == name.len()
                && (name.is_empty() || sum.name == name)
        };
        let place = match sums.get(self.next) {
            Some(sum) if is_it(sum) => self.next,
            // There are few sums, so search them one by one.
            _ => sums.iter().position(is_it).unwrap_or_else(|| {
                sums.push(NamedSum { of, name: name.to_owned(), amount: Amount::ZERO });
                sums.len() - 1
            }),
        };
        let sum = &mut sums[place].amount;
        *sum = sum.checked_add(amount).ok_or(ProofError::TooLarge(*currency))?;
        self.next = place + 1;
        Ok(())
    }

    /// Adds the sums of another builder.
    ///
    /// # Errors
    /// Sums that overflow.
    pub(crate) fn add_all(&mut self, others: Self) -> Result<(), ProofError> {
        for OfCurrency { currency, sums } in others.by_currency {
            self.turn_to(currency);
            for NamedSum { of, name, amount } in sums {
                self.add(of, &name, amount)?;
            }
        }
        Ok(())
    }

    /// The sums in a currency.
    pub(crate) fn in_currency(&self, currency: Currency) -> impl Iterator<Item = &NamedSum> {
        let of_it = self.by_currency.iter().filter(move |it| it.currency == currency);
        of_it.flat_map(|it| &it.sums)
    }
}
