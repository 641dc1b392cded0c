//! The charges of published invoices at each rate, and the credits against them.

use std::sync::Arc;

use super::{TaxParts, TaxTerms};
use crate::value::{Amount, Currency};

/// A published invoice with a credit against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Issued {
    pub(crate) account_id: Arc<str>,
    /// Its currency.
    pub(crate) currency: Currency,
    pub(crate) parts: Vec<IssuedPart>,
}

/// The charges of an invoice at one rate, and their credits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IssuedPart {
    /// The rate; `None` for lines without tax.
    pub(crate) terms: Option<Arc<TaxTerms>>,
    /// The line, if tax is rounded per line; 0 for all lines at the rate.
    pub(crate) line_number: u32,
    /// The sum of the charges.
    pub(crate) base: Amount,
    /// The tax on the base, or in it.
    pub(crate) tax: Amount,
    /// The parts of the tax, if the rate consists of several taxes.
    pub(crate) tax_parts: TaxParts,
    /// The credited part of the base.
    pub(crate) credited_base: Amount,
    /// The credited part of the tax.
    pub(crate) credited_tax: Amount,
    /// The credited parts of the parts.
    pub(crate) credited_parts: TaxParts,
}

impl IssuedPart {
    /// A part without credits.
    pub(crate) fn charged(
        terms: Option<Arc<TaxTerms>>,
        line_number: u32,
        (base, tax, tax_parts): (Amount, Amount, TaxParts),
    ) -> Self {
        let (credited_base, credited_tax) = (Amount::ZERO, Amount::ZERO);
        let credited_parts = TaxParts::default();
        Self {
            terms,
            line_number,
            base,
            tax,
            tax_parts,
            credited_base,
            credited_tax,
            credited_parts,
        }
    }

    /// The part of the base that can still be credited.
    pub(crate) fn left(&self) -> Amount {
        let left = self.base.checked_sub(self.credited_base).unwrap_or_default();
        left.max(Amount::ZERO)
    }

    /// Limits an amount to what can be credited here or, if negative, given back. The credited sum
    /// stays between zero and the charge, for either sign. `None` if it does not fit 64 bits.
    pub(crate) fn room(&self, wanted: Amount) -> Option<Amount> {
        let (least, most) = (self.base.min(Amount::ZERO), self.base.max(Amount::ZERO));
        let (least, most) =
            (least.checked_sub(self.credited_base)?, most.checked_sub(self.credited_base)?);
        Some(wanted.min(most.max(Amount::ZERO)).max(least.min(Amount::ZERO)))
    }
}
