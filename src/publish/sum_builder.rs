//! Sums by currency that are added to row after row, millions of times.
//!
//! Rows of a table add to the same sums in the same order, so the place of a sum is mostly the one
//! after the last: texts are compared once, and not with those of all sums before it.

use super::proof_error::ProofError;
use crate::value::{Amount, Currency};

/// The sums of a table.
#[derive(Debug, Default)]
pub struct SumBuilder {
    by_currency: Vec<OfCurrency>,
    /// Which currency is added to.
    current: usize,
    /// Which sum of it comes after the last one that was added to: rows have the same in turn.
    next: usize,
}

#[derive(Debug)]
struct OfCurrency {
    currency: Currency,
    sums: Vec<NamedSum>,
}

/// An amount in one currency.
#[derive(Debug)]
pub struct NamedSum {
    /// What it is of.
    pub of: &'static str,
    /// Which of these, by its name; empty where there is one.
    pub name: String,
    /// What it comes to.
    pub amount: Amount,
}

impl SumBuilder {
    /// What is added from here on is in this currency.
    pub fn turn_to(&mut self, currency: Currency) {
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
    /// Sums that do not fit.
    pub fn add(&mut self, of: &'static str, name: &str, amount: Amount) -> Result<(), ProofError> {
        let OfCurrency { currency, sums } = &mut self.by_currency[self.current];
        // Nearly always it is the same constant, and has no name: no text is looked at then.
        let is_it = |sum: &NamedSum| {
            (std::ptr::eq(sum.of, of) || sum.of == of)
                && sum.name.len() == name.len()
                && (name.is_empty() || sum.name == name)
        };
        let place = match sums.get(self.next) {
            Some(sum) if is_it(sum) => self.next,
            // There are few, so they are looked for one after the other.
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

    /// Adds what others come to.
    ///
    /// # Errors
    /// Sums that do not fit.
    pub fn add_all(&mut self, others: Self) -> Result<(), ProofError> {
        for OfCurrency { currency, sums } in others.by_currency {
            self.turn_to(currency);
            for NamedSum { of, name, amount } in sums {
                self.add(of, &name, amount)?;
            }
        }
        Ok(())
    }

    /// The sums in a currency.
    pub fn in_currency(&self, currency: Currency) -> impl Iterator<Item = &NamedSum> {
        let of_it = self.by_currency.iter().filter(move |it| it.currency == currency);
        of_it.flat_map(|it| &it.sums)
    }
}
