//! The tax of an invoice: rounded once at each rate, and split over the lines.
//!
//! The base is the rounded line, so that a reader can check the tax. The settings choose what is
//! rounded: the tax at each rate (the default), of the whole invoice, or of each line. The tax of
//! the lines always adds up to the tax of their rate, and those to the tax of the invoice. Several
//! taxes on the same lines are rates of their own here, but for the grouping of lines.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::config::{TaxRounding, TaxSettings};
use crate::model::{Line, TaxParts, TaxTerms, TaxTotal};
use crate::value::{Amount, Fraction128, Rounding, apportion};

/// Fills in [`Line::tax_amount`] and returns the total of each rate, in the order in which the
/// rates first occur. `None` if something does not fit.
pub(crate) fn tax_document(lines: &mut [Line], settings: &TaxSettings) -> Option<Vec<TaxTotal>> {
    let groups = groups(lines);
    if settings.round_per == TaxRounding::Line {
        return tax_each_line(lines, settings);
    }
    let mut exact: Vec<Fraction128> = Vec::with_capacity(groups.len());
    for group in &groups {
        let base = group.base(lines)?;
        add_exact(&mut exact, base, &group.terms)?;
    }
    let taxes: Vec<i128> = if settings.round_per == TaxRounding::Document {
        let sum = exact.iter().try_fold(Fraction128::ZERO, |sum, it| sum.checked_add(*it))?;
        apportion(sum.round(settings.rounding)?, &exact)?
    } else {
        exact.iter().map(|tax| tax.round(settings.rounding)).collect::<Option<_>>()?
    };
    let mut taxes = taxes.into_iter();
    let mut totals = Vec::with_capacity(groups.len());
    for group in groups {
        let tax = TaxOfRate::of(&group.terms, &mut taxes)?;
        group.share_out(&tax, lines)?;
        group.add_totals(lines, &mut totals)?;
    }
    Some(totals)
}

/// The exact tax on a base: that of the rate, or of each tax that it consists of.
fn add_exact(exact: &mut Vec<Fraction128>, base: Amount, terms: &TaxTerms) -> Option<()> {
    if terms.components.is_empty() {
        exact.push(exact_tax(base, terms)?);
        return Some(());
    }
    for place in 0..terms.components.len() {
        exact.push(exact_part(base, terms, place)?);
    }
    Some(())
}

/// The tax at a rate, and its parts if the rate consists of several taxes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TaxOfRate {
    pub(crate) tax: Amount,
    pub(crate) parts: TaxParts,
}

impl TaxOfRate {
    /// The next tax, or as many as the rate consists of.
    fn of(terms: &TaxTerms, taxes: &mut impl Iterator<Item = i128>) -> Option<Self> {
        if terms.components.is_empty() {
            return Some(Self { tax: amount(taxes.next()?)?, parts: TaxParts::default() });
        }
        let parts = terms.components.iter().map(|_| amount(taxes.next()?));
        let parts = parts.collect::<Option<Vec<Amount>>>()?;
        let tax = Amount::checked_sum(parts.iter().copied())?;
        Some(Self { tax, parts: TaxParts::new(parts) })
    }
}

/// The rounded tax on an amount; each of several taxes is rounded apart.
pub(crate) fn rounded_tax(base: Amount, terms: &TaxTerms, rounding: Rounding) -> Option<TaxOfRate> {
    let mut exact = Vec::with_capacity(1);
    add_exact(&mut exact, base, terms)?;
    let rounded: Vec<i128> = exact.iter().map(|it| it.round(rounding)).collect::<Option<_>>()?;
    TaxOfRate::of(terms, &mut rounded.into_iter())
}

/// The totals of taxed lines by rate, from the tax on the lines. `None` if they do not fit.
pub(crate) fn tax_totals(lines: &[Line]) -> Option<Vec<TaxTotal>> {
    let mut totals = Vec::with_capacity(1);
    groups(lines).into_iter().try_for_each(|group| group.add_totals(lines, &mut totals))?;
    Some(totals)
}

/// The sum of lines at one rate, or without tax.
pub(crate) struct RateSum {
    /// The rate; `None` for lines without tax.
    pub(crate) terms: Option<Arc<TaxTerms>>,
    /// The sum of the line amounts.
    pub(crate) base: Amount,
    /// The tax on the base, or in it.
    pub(crate) tax: Amount,
    /// Its parts, if the rate consists of several taxes.
    pub(crate) tax_parts: TaxParts,
}

/// The sums of lines by rate, in the order in which the rates first occur. `None` if they do not fit.
pub(crate) fn by_rate<'l>(lines: impl IntoIterator<Item = &'l Line>) -> Option<Vec<RateSum>> {
    let mut sums: Vec<RateSum> = Vec::new();
    for line in lines {
        let known = sums.iter().position(|sum| sum.terms == line.tax);
        let place = known.unwrap_or_else(|| {
            let terms = line.tax.clone();
            let (base, tax) = (Amount::ZERO, Amount::ZERO);
            sums.push(RateSum { terms, base, tax, tax_parts: TaxParts::default() });
            sums.len() - 1
        });
        let sum = &mut sums[place];
        sum.base = sum.base.checked_add(line.amount)?;
        sum.tax = sum.tax.checked_add(line.tax_amount)?;
        if !line.parts_of_tax().is_empty() {
            sum.tax_parts = sum.tax_parts.plus(line.parts_of_tax())?;
        }
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

    /// Splits the tax at this rate over the lines.
    pub(crate) fn share_out(&self, tax: &TaxOfRate, lines: &mut [Line]) -> Option<()> {
        if self.terms.components.is_empty() {
            if let [only] = self.members[..] {
                lines[only].tax_amount = tax.tax;
                return Some(());
            }
            let share = |amount| exact_tax(amount, &self.terms);
            let shares = self.shares(tax.tax, lines, share)?;
            for (place, share) in self.members.iter().zip(shares) {
                lines[*place].tax_amount = share;
            }
            return Some(());
        }
        let mut of_lines =
            vec![Vec::with_capacity(self.terms.components.len()); self.members.len()];
        for (component, tax) in tax.parts.amounts().iter().enumerate() {
            let share = |amount| exact_part(amount, &self.terms, component);
            for (of_line, share) in of_lines.iter_mut().zip(self.shares(*tax, lines, share)?) {
                of_line.push(share);
            }
        }
        for (place, parts) in self.members.iter().zip(of_lines) {
            lines[*place].tax_amount = Amount::checked_sum(parts.iter().copied())?;
            lines[*place].tax_parts = Some(Box::new(TaxParts::new(parts)));
        }
        Some(())
    }

    /// The shares of the lines in a tax.
    fn shares(
        &self,
        tax: Amount,
        lines: &[Line],
        exact: impl Fn(Amount) -> Option<Fraction128>,
    ) -> Option<Vec<Amount>> {
        if self.members.len() == 1 {
            return Some(vec![tax]);
        }
        if tax.is_zero() && self.terms.percent.is_zero() {
            return Some(vec![Amount::ZERO; self.members.len()]);
        }
        let exact = self.members.iter().map(|place| exact(lines[*place].amount));
        let exact: Vec<Fraction128> = exact.collect::<Option<_>>()?;
        // The tax of a credit note is the rest of an invoice's tax. It may differ by one unit from
        // the sum of its lines; then the largest line takes the difference.
        let total = tax.minor().into();
        let parts = apportion(total, &exact).or_else(|| with_difference(total, &exact))?;
        parts.into_iter().map(amount).collect()
    }

    /// Adds the totals of the rate, or of each tax that it consists of.
    fn add_totals(self, lines: &[Line], totals: &mut Vec<TaxTotal>) -> Option<()> {
        let members = || self.members.iter().map(|place| &lines[*place]);
        let net =
            members().try_fold(Amount::ZERO, |sum, line| sum.checked_add(line.net_amount()?))?;
        if self.terms.components.is_empty() {
            let tax = Amount::checked_sum(members().map(|line| line.tax_amount))?;
            totals.push(TaxTotal { net, base: net, tax, terms: self.terms });
            return Some(());
        }
        let (mut own, mut with_taxes) = (net, net);
        for (place, component) in self.terms.components.iter().enumerate() {
            let part = |line: &Line| line.parts_of_tax().get(place).copied().unwrap_or_default();
            let tax = Amount::checked_sum(members().map(part))?;
            // Components that are not compound come first.
            let base = if component.is_compound() { with_taxes } else { net };
            if !component.is_compound() {
                with_taxes = with_taxes.checked_add(tax)?;
            }
            totals.push(TaxTotal { net: own, base, tax, terms: Arc::clone(&component.terms) });
            own = Amount::ZERO;
        }
        Some(())
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
        let Some(terms) = &line.tax else { continue };
        if terms.components.is_empty() {
            line.tax_amount = amount(exact_tax(line.amount, terms)?.round(settings.rounding)?)?;
        } else {
            let tax = rounded_tax(line.amount, terms, settings.rounding)?;
            (line.tax_amount, line.tax_parts) = (tax.tax, Some(Box::new(tax.parts)));
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

/// The same for one of several taxes. An inclusive price has all of them in it.
fn exact_part(amount: Amount, terms: &TaxTerms, component: usize) -> Option<Fraction128> {
    let own = terms.components.get(component)?.effective;
    let all = if terms.is_inclusive() { terms.percent_of_components() } else { Decimal::ZERO };
    let scale = own.scale().max(all.scale());
    let units = |percent: Decimal| {
        percent.mantissa().checked_mul(10_i128.checked_pow(scale - percent.scale())?)
    };
    let hundred = 10_i128.checked_pow(scale)?.checked_mul(100)?;
    let numerator = i128::from(amount.minor()).checked_mul(units(own)?)?;
    Some(Fraction128::new(numerator, hundred.checked_add(units(all)?)?))
}

fn amount(minor: i128) -> Option<Amount> {
    i64::try_from(minor).ok().map(Amount::from_minor)
}
