//! What published documents charged at each rate, and what credits have taken back of it.

use std::sync::Arc;

use super::TaxTerms;
use crate::value::{Amount, Currency};

/// A published invoice that something credits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Whose it is.
    pub account_id: Arc<str>,
    /// Its currency.
    pub currency: Currency,
    /// What it came to.
    pub parts: Vec<IssuedPart>,
}

/// What an invoice charged at one rate, and what is left of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedPart {
    /// The rate; `None` for lines without tax.
    pub terms: Option<Arc<TaxTerms>>,
    /// The line, if tax is rounded per line; 0 for all lines at the rate.
    pub line_number: u32,
    /// The sum of its charging lines.
    pub base: Amount,
    /// The tax on them, or in them.
    pub tax: Amount,
    /// What has been credited of the lines.
    pub credited_base: Amount,
    /// What has been credited of the tax.
    pub credited_tax: Amount,
}

impl IssuedPart {
    /// What was charged, before anything of it is credited.
    pub fn charged(
        terms: Option<Arc<TaxTerms>>,
        line_number: u32,
        (base, tax): (Amount, Amount),
    ) -> Self {
        let zero = Amount::ZERO;
        Self { terms, line_number, base, tax, credited_base: zero, credited_tax: zero }
    }

    /// What can still be credited of the lines.
    pub fn left(&self) -> Amount {
        let left = self.base.checked_sub(self.credited_base).unwrap_or_default();
        left.max(Amount::ZERO)
    }

    /// As much of an amount as can be credited here or, if it is negative, be given back: what is
    /// credited lies between nothing and what was charged, whatever the sign of that. `None` if it
    /// does not fit 64 bits.
    pub fn room(&self, wanted: Amount) -> Option<Amount> {
        let (least, most) = (self.base.min(Amount::ZERO), self.base.max(Amount::ZERO));
        let (least, most) =
            (least.checked_sub(self.credited_base)?, most.checked_sub(self.credited_base)?);
        Some(wanted.min(most.max(Amount::ZERO)).max(least.min(Amount::ZERO)))
    }
}
