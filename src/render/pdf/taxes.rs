//! What a document says about its taxes: a row of the sums for each rate, a word in the table
//! where lines have different ones, and the notes that the law asks for.
//!
//! Rates that read the same are one to the reader, whatever their codes are: their sums are added.

use crate::invoice::{Invoice, TaxTotal};
use crate::model::{Line, TaxTerms, TaxTreatment};
use crate::render::format::{money, percent};
use crate::value::Amount;

/// The longest name that goes into the table, in characters.
const LONGEST_NAME: usize = 10;

/// A rate with what the document comes to at it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RateSum {
    title: String,
    net: Amount,
    /// The tax.
    pub(super) tax: Amount,
    /// Whether the lines hold it already, so that it is not added.
    pub(super) is_included: bool,
}

impl RateSum {
    fn new(total: &TaxTotal, rates: &Rates) -> Self {
        let TaxTotal { terms, net, tax } = total;
        let mark = rates.find(terms).and_then(|rate| rate.mark);
        let mark = mark.map_or_else(String::new, |mark| format!(" ({mark})"));
        let title = format!("{}{mark}", title(terms));
        Self { title, net: *net, tax: *tax, is_included: is_included(terms) }
    }

    /// Both sums together, if they are of one rate and fit.
    fn with(&self, other: &Self) -> Option<Self> {
        let is_same = self.title == other.title && self.is_included == other.is_included;
        let net = self.net.checked_add(other.net).filter(|_| is_same)?;
        let tax = self.tax.checked_add(other.tax)?;
        Some(Self { title: self.title.clone(), net, tax, is_included: self.is_included })
    }

    /// "VAT 19% on 100.00" or "including VAT 19% on 84.03".
    pub(super) fn label(&self, invoice: &Invoice) -> String {
        let including = if self.is_included { "including " } else { "" };
        format!("{including}{} on {}", self.title, money(self.net, invoice.currency))
    }
}

/// The rates in the order of the document.
pub(super) fn rate_sums(invoice: &Invoice) -> Vec<RateSum> {
    let rates = Rates::new(invoice);
    let mut sums: Vec<RateSum> = Vec::new();
    for sum in invoice.taxes.iter().map(|total| RateSum::new(total, &rates)) {
        match sums.iter_mut().find_map(|known| known.with(&sum).map(|both| (known, both))) {
            Some((known, both)) => *known = both,
            None => sums.push(sum),
        }
    }
    sums
}

/// The notes of the rates, each once.
pub(super) fn notes(invoice: &Invoice) -> Vec<&str> {
    let mut notes: Vec<&str> = Vec::new();
    for total in &invoice.taxes {
        let note = total.terms.note.trim();
        if !note.is_empty() && !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}

/// The rates that the table has to tell apart; none where all lines have the same.
pub(super) struct Rates<'i>(Vec<Rate<'i>>);

struct Rate<'i> {
    terms: &'i TaxTerms,
    /// What stands in the table.
    word: String,
    /// Its number among the rates, where that is what tells it apart.
    mark: Option<usize>,
}

impl<'i> Rates<'i> {
    pub(super) fn new(invoice: &'i Invoice) -> Self {
        let mut rates: Vec<&TaxTerms> = Vec::new();
        for terms in invoice.lines.iter().filter_map(|line| line.tax.as_deref()) {
            if !rates.iter().any(|known| read_same(known, terms)) {
                rates.push(terms);
            }
        }
        if rates.len() == 1 && invoice.lines.iter().all(|line| line.tax.is_some()) {
            rates.clear();
        }
        Self(
            rates.iter().zip(1..).map(|(terms, number)| Rate::new(terms, number, &rates)).collect(),
        )
    }

    /// What stands beside a line: "19%"; with its name where two rates have one percentage.
    pub(super) fn word(&self, line: &Line) -> &str {
        match line.tax.as_deref() {
            _ if self.0.is_empty() => "",
            None => "–",
            Some(terms) => self.find(terms).map_or("", |rate| &rate.word),
        }
    }

    fn find(&self, terms: &TaxTerms) -> Option<&Rate<'i>> {
        self.0.iter().find(|rate| read_same(rate.terms, terms))
    }
}

impl<'i> Rate<'i> {
    fn new(terms: &'i TaxTerms, number: usize, rates: &[&TaxTerms]) -> Self {
        let mut taxable = rates.iter().filter(|rate| rate.treatment == TaxTreatment::Taxable);
        let mixes = taxable.clone().any(|rate| rate.is_inclusive())
            && taxable.any(|rate| !rate.is_inclusive());
        let plain = word(terms, mixes);
        let mut alike = rates.iter().filter(|other| word(other, mixes) == plain);
        let (word, mark) = if alike.clone().count() == 1 {
            (plain, None)
        } else if alike.all(|rate| rate.name.chars().count() <= LONGEST_NAME) {
            (format!("{} {plain}", terms.name), None)
        } else {
            (format!("{plain} ({number})"), Some(number))
        };
        Self { terms, word, mark }
    }
}

fn word(terms: &TaxTerms, mixes_inclusive: bool) -> String {
    let percent = percent(terms.percent);
    match terms.treatment {
        TaxTreatment::Taxable if mixes_inclusive && terms.is_inclusive() => {
            format!("{percent} incl.")
        }
        TaxTreatment::Taxable => percent,
        TaxTreatment::Exempt => "Exempt".into(),
        TaxTreatment::ReverseCharge => "Reverse".into(),
    }
}

/// "VAT 19%", "VAT exempt" or "VAT reverse charge"; not "Reverse charge reverse charge".
fn title(terms: &TaxTerms) -> String {
    let kind = match terms.treatment {
        TaxTreatment::Taxable => return format!("{} {}", terms.name, percent(terms.percent)),
        TaxTreatment::Exempt => "exempt",
        TaxTreatment::ReverseCharge => "reverse charge",
    };
    if terms.name.to_lowercase().contains(kind) {
        terms.name.to_string()
    } else {
        format!("{} {kind}", terms.name)
    }
}

fn is_included(terms: &TaxTerms) -> bool {
    terms.is_inclusive() && terms.treatment == TaxTreatment::Taxable
}

fn read_same(first: &TaxTerms, second: &TaxTerms) -> bool {
    std::ptr::eq(first, second)
        || title(first) == title(second) && is_included(first) == is_included(second)
}

#[cfg(test)]
#[path = "taxes_tests.rs"]
mod tests;
