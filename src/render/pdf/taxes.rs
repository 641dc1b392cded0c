//! The taxes of an invoice: a row of the sums for each rate, a mark in the table if lines have
//! different rates, and the notes that the law requires.
//!
//! Rates with the same text are merged and their sums added, whatever their codes.

use crate::locale::{Locale, Texts};
use crate::model::{Line, TaxTerms, TaxTotal, TaxTreatment};
use crate::value::{Amount, Currency};
use crate::wording::taxes;

/// The longest name shown in the table, in characters.
const LONGEST_NAME: usize = 10;

/// A rate and its sums.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ShownRateSum {
    title: String,
    base: Amount,
    /// The tax.
    pub(super) tax: Amount,
    /// Whether the lines include the tax, so that it is not added.
    pub(super) is_included: bool,
}

impl ShownRateSum {
    fn new(total: &TaxTotal, rates: &Rates) -> Self {
        let TaxTotal { terms, base, tax, .. } = total;
        let mark = rates.find(terms).and_then(|rate| rate.mark);
        let title = title(terms, rates.locale);
        let title = mark.map_or_else(|| title.clone(), |mark| taxes::numbered(&title, mark));
        Self { title, base: *base, tax: *tax, is_included: is_included(terms) }
    }

    /// The sum of both, if the rate is the same and nothing overflows.
    fn with(&self, other: &Self) -> Option<Self> {
        let is_same = self.title == other.title && self.is_included == other.is_included;
        let base = self.base.checked_add(other.base).filter(|_| is_same)?;
        let tax = self.tax.checked_add(other.tax)?;
        Some(Self { title: self.title.clone(), base, tax, is_included: self.is_included })
    }

    /// "VAT 19% on 100.00" or "including VAT 19% on 84.03".
    pub(super) fn label(&self, currency: Currency, locale: Locale) -> String {
        taxes::on_amount(&self.title, self.base, self.is_included, (currency, locale))
    }
}

/// The rates in the order of the document.
pub(super) fn rate_sums(lines: &[Line], taxes: &[TaxTotal], locale: Locale) -> Vec<ShownRateSum> {
    let rates = Rates::new(lines, locale);
    let mut sums: Vec<ShownRateSum> = Vec::new();
    for sum in taxes.iter().map(|total| ShownRateSum::new(total, &rates)) {
        match sums.iter_mut().find_map(|known| known.with(&sum).map(|both| (known, both))) {
            Some((known, both)) => *known = both,
            None => sums.push(sum),
        }
    }
    sums
}

/// The distinct notes of the rates.
pub(super) fn notes(taxes: &[TaxTotal], texts: Texts) -> Vec<&str> {
    let mut notes: Vec<&str> = Vec::new();
    for total in taxes {
        let note = match (total.terms.note.trim(), total.terms.treatment) {
            ("", TaxTreatment::ReverseCharge) => texts.reverse_charge_note(),
            (note, _) => note,
        };
        if !note.is_empty() && !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}

/// The rates that the table must distinguish; none if all lines have the same.
pub(super) struct Rates<'i> {
    rates: Vec<TaxMark<'i>>,
    locale: Locale,
}

struct TaxMark<'i> {
    terms: &'i TaxTerms,
    /// The text in the table.
    word: String,
    /// The number of the rate, if only that distinguishes it.
    mark: Option<usize>,
}

impl<'i> Rates<'i> {
    pub(super) fn new(lines: &'i [Line], locale: Locale) -> Self {
        let mut rates: Vec<&TaxTerms> = Vec::new();
        for terms in lines.iter().filter_map(|line| line.tax.as_deref()) {
            if !rates.iter().any(|known| read_same(known, terms, locale)) {
                rates.push(terms);
            }
        }
        if rates.len() == 1 && lines.iter().all(|line| line.tax.is_some()) {
            rates.clear();
        }
        let numbered = rates.iter().zip(1..);
        let rate =
            |(terms, number): (&&'i TaxTerms, usize)| TaxMark::new(terms, number, &rates, locale);
        Self { rates: numbered.map(rate).collect(), locale }
    }

    /// The text beside a line: "19%"; with its name if two rates have the same percentage.
    pub(super) fn word(&self, line: &Line) -> &str {
        match line.tax.as_deref() {
            _ if self.rates.is_empty() => "",
            None => taxes::NONE,
            Some(terms) => self.find(terms).map_or("", |rate| &rate.word),
        }
    }

    fn find(&self, terms: &TaxTerms) -> Option<&TaxMark<'i>> {
        self.rates.iter().find(|rate| read_same(rate.terms, terms, self.locale))
    }
}

impl<'i> TaxMark<'i> {
    fn new(terms: &'i TaxTerms, number: usize, rates: &[&TaxTerms], locale: Locale) -> Self {
        let mut taxable = rates.iter().filter(|rate| rate.treatment == TaxTreatment::Taxable);
        let mixes = taxable.clone().any(|rate| rate.is_inclusive())
            && taxable.any(|rate| !rate.is_inclusive());
        let plain = word(terms, mixes, locale);
        let mut alike = rates.iter().filter(|other| word(other, mixes, locale) == plain);
        let (word, mark) = if alike.clone().count() == 1 {
            (plain, None)
        } else if alike.all(|rate| rate.name.chars().count() <= LONGEST_NAME) {
            (taxes::named(&terms.name, &plain), None)
        } else {
            (taxes::numbered(&plain, number), Some(number))
        };
        Self { terms, word, mark }
    }
}

fn word(terms: &TaxTerms, mixes_inclusive: bool, locale: Locale) -> String {
    match terms.treatment {
        TaxTreatment::Taxable if mixes_inclusive && terms.is_inclusive() => {
            taxes::included(terms.percent, locale)
        }
        TaxTreatment::Taxable if !terms.components.is_empty() => {
            let parts = terms.components.iter().map(|part| locale.percent(part.terms.percent));
            parts.collect::<Vec<_>>().join(" + ")
        }
        TaxTreatment::Taxable => locale.percent(terms.percent),
        TaxTreatment::Exempt => locale.texts().exempt_short().into(),
        TaxTreatment::ReverseCharge => locale.texts().reverse_short().into(),
    }
}

/// "VAT 19%", "VAT exempt" or "VAT reverse charge"; not "Reverse charge reverse charge".
fn title(terms: &TaxTerms, locale: Locale) -> String {
    match terms.treatment {
        TaxTreatment::Taxable => taxes::at_rate(&terms.name, terms.percent, locale),
        TaxTreatment::Exempt => taxes::exempt(&terms.name, locale.texts()),
        TaxTreatment::ReverseCharge => taxes::reverse_charge(&terms.name, locale.texts()),
    }
}

fn is_included(terms: &TaxTerms) -> bool {
    terms.is_inclusive() && terms.treatment == TaxTreatment::Taxable
}

fn read_same(first: &TaxTerms, second: &TaxTerms, locale: Locale) -> bool {
    std::ptr::eq(first, second)
        || title(first, locale) == title(second, locale)
            && is_included(first) == is_included(second)
}

#[cfg(test)]
#[path = "taxes_tests.rs"]
mod tests;
