//! The tax of an invoice: rounded once at each rate, and split over the lines.
//!
//! The base is the rounded line, so that a reader can check the tax. The settings choose what is
//! rounded: the tax at each rate (the default), of the whole invoice, or of each line. The tax of
//! the lines always adds up to the tax of their rate, and those to the tax of the invoice.

use std::sync::Arc;

use crate::config::{TaxRounding, TaxSettings};
use crate::model::{Line, TaxTerms, TaxTotal};
use crate::value::{Amount, Fraction128, apportion};

/// Fills in [`Line::tax_amount`] and returns the total of each rate, in the order in which the
/// rates first occur. `None` if something does not fit.
pub(crate) fn tax_document(lines: &mut [Line], settings: &TaxSettings) -> Option<Vec<TaxTotal>> {
    let groups = groups(lines);
    let taxes: Vec<i128> = match settings.round_per {
        TaxRounding::Line => return tax_each_line(lines, settings),
        TaxRounding::Rate => {
            let exact = groups.iter().map(|group| group.exact_tax(lines));
            exact.map(|tax| tax?.round(settings.rounding)).collect::<Option<_>>()?
        }
        TaxRounding::Document => {
            let exact: Vec<Fraction128> =
                groups.iter().map(|group| group.exact_tax(lines)).collect::<Option<_>>()?;
            let sum = exact.iter().try_fold(Fraction128::ZERO, |sum, it| sum.checked_add(*it))?;
            apportion(sum.round(settings.rounding)?, &exact)?
        }
    };
    groups.into_iter().zip(taxes).map(|(group, tax)| group.share_out(tax, lines)).collect()
}

/// The totals of taxed lines by rate, from the tax on the lines. `None` if they do not fit.
pub(crate) fn tax_totals(lines: &[Line]) -> Option<Vec<TaxTotal>> {
    groups(lines).into_iter().map(|group| group.total(lines)).collect()
}

/// The sum of lines at one rate, or without tax.
pub(crate) struct RateSum {
    /// The rate; `None` for lines without tax.
    pub(crate) terms: Option<Arc<TaxTerms>>,
    /// The sum of the line amounts.
    pub(crate) base: Amount,
    /// The tax on the base, or in it.
    pub(crate) tax: Amount,
}

/// The sums of lines by rate, in the order in which the rates first occur. `None` if they do not fit.
pub(crate) fn by_rate<'l>(lines: impl IntoIterator<Item = &'l Line>) -> Option<Vec<RateSum>> {
    let mut sums: Vec<RateSum> = Vec::new();
    for line in lines {
        let known = sums.iter().position(|sum| sum.terms == line.tax);
        let place = known.unwrap_or_else(|| {
            let terms = line.tax.clone();
            sums.push(RateSum { terms, base: Amount::ZERO, tax: Amount::ZERO });
            sums.len() - 1
        });
        let sum = &mut sums[place];
        sum.base = sum.base.checked_add(line.amount)?;
        sum.tax = sum.tax.checked_add(line.tax_amount)?;
    }
    Some(sums)
}

/// The lines at one rate.
pub(crate) struct RateGroup {
    pub(crate) terms: Arc<TaxTerms>,
    /// Their indices among the lines.
    pub(crate) members: Vec<usize>,
}

/// The taxed lines by rate, in the order in which the rates first occur.
pub(crate) fn groups(lines: &[Line]) -> Vec<RateGroup> {
    // Most invoices have one rate.
    let mut groups: Vec<RateGroup> = Vec::with_capacity(1);
    for (place, line) in lines.iter().enumerate() {
        let Some(terms) = &line.tax else { continue };
        match groups.iter_mut().find(|group| group.terms == *terms) {
            Some(group) => group.members.push(place),
            None => groups.push(RateGroup { terms: Arc::clone(terms), members: vec![place] }),
        }
    }
    groups
}

impl RateGroup {
    /// The sum of the line amounts, including tax if they include it.
    pub(crate) fn base(&self, lines: &[Line]) -> Option<Amount> {
        Amount::checked_sum(self.members.iter().map(|place| lines[*place].amount))
    }

    fn exact_tax(&self, lines: &[Line]) -> Option<Fraction128> {
        exact_tax(self.base(lines)?, &self.terms)
    }

    /// Splits the tax at this rate over the lines.
    pub(crate) fn share_out(self, tax: i128, lines: &mut [Line]) -> Option<TaxTotal> {
        if let [only] = self.members[..] {
            lines[only].tax_amount = amount(tax)?;
            return self.total(lines);
        }
        if tax == 0 && self.terms.percent.is_zero() {
            self.members.iter().for_each(|place| lines[*place].tax_amount = Amount::ZERO);
            return self.total(lines);
        }
        let exact: Vec<Fraction128> = self
            .members
            .iter()
            .map(|place| exact_tax(lines[*place].amount, &self.terms))
            .collect::<Option<_>>()?;
        // The tax of a credit note is the rest of an invoice's tax. It may differ by one unit from
        // the sum of its lines; then the largest line takes the difference.
        let parts = apportion(tax, &exact).or_else(|| with_difference(tax, &exact))?;
        for (place, part) in self.members.iter().zip(parts) {
            lines[*place].tax_amount = amount(part)?;
        }
        self.total(lines)
    }

    fn total(self, lines: &[Line]) -> Option<TaxTotal> {
        let members = || self.members.iter().map(|place| &lines[*place]);
        let net = members().try_fold(Amount::ZERO, |sum, line| sum.checked_add(line.net_amount()?));
        let tax = Amount::checked_sum(members().map(|line| line.tax_amount));
        Some(TaxTotal { net: net?, tax: tax?, terms: self.terms })
    }
}

/// Rounded shares. The largest takes the difference.
fn with_difference(total: i128, exact: &[Fraction128]) -> Option<Vec<i128>> {
    let mut parts: Vec<i128> = exact
        .iter()
        .map(|share| share.round(crate::value::Rounding::HalfUp))
        .collect::<Option<_>>()?;
    let given = parts.iter().try_fold(0_i128, |sum, part| sum.checked_add(*part))?;
    let largest = parts.iter_mut().max_by_key(|part| part.unsigned_abs())?;
    *largest = largest.checked_add(total.checked_sub(given)?)?;
    Some(parts)
}

fn tax_each_line(lines: &mut [Line], settings: &TaxSettings) -> Option<Vec<TaxTotal>> {
    for line in lines.iter_mut() {
        if let Some(terms) = &line.tax {
            line.tax_amount = amount(exact_tax(line.amount, terms)?.round(settings.rounding)?)?;
        }
    }
    tax_totals(lines)
}

/// The tax on an amount or, for inclusive prices, in it: `amount × rate ÷ (100 + rate)`.
pub(crate) fn exact_tax(amount: Amount, terms: &TaxTerms) -> Option<Fraction128> {
    if terms.percent.is_zero() {
        return Some(Fraction128::ZERO);
    }
    let percent = terms.percent.normalize();
    let hundred = 10_i128.checked_pow(percent.scale())?.checked_mul(100)?;
    let included = if terms.is_inclusive() { percent.mantissa() } else { 0 };
    let numerator = i128::from(amount.minor()).checked_mul(percent.mantissa())?;
    Some(Fraction128::new(numerator, hundred.checked_add(included)?))
}

fn amount(minor: i128) -> Option<Amount> {
    i64::try_from(minor).ok().map(Amount::from_minor)
}
