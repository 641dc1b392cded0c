//! Numbers without gaps: given in a fixed order, after every document is known.
//!
//! The order is instant, then account, then currency. It does not depend on when the job ran, so
//! a catch-up run gives the numbers that timely runs would have given.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{Datelike as _, Days, NaiveDate};
use rayon::prelude::*;

use super::account_bill::DraftInvoice;
use super::credit_notes::provisional_number;
use crate::config::Settings;
use crate::ids::arrange;
use crate::model::{Account, DocumentKind, Invoice, NumberRange, Series};
use crate::value::{Currency, Instant};

/// A series has no number for the next document: numbers fit 64 bits, and so does the one after the
/// last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesEnd {
    /// The name of the series: the number without its counter.
    pub series: String,
    /// Whether it is the series of credit notes.
    pub is_credit_note: bool,
    /// The number that this close began at.
    pub first: u64,
    /// Whether earlier closes took numbers from it.
    pub is_continued: bool,
}

/// Documents with their numbers, and which numbers each series gave.
pub type Numbered = (Vec<Invoice>, BTreeMap<String, NumberRange>);

/// Turns drafts into invoices, in the order of their numbers, and tells which numbers each series
/// gave.
///
/// # Errors
/// A series that has too few numbers.
pub fn assign_numbers(
    mut drafts: Vec<DraftInvoice>,
    accounts: &[Account],
    settings: &Settings,
    series: Series,
) -> Result<Numbered, SeriesEnd> {
    let order = order(&drafts, accounts);
    arrange(&mut drafts, order);
    let date = |draft: &DraftInvoice| accounts[draft.account].zone.date(draft.instant);
    let dates: Vec<NaiveDate> = drafts.par_iter().map(date).collect();
    // To count is all that must be done one after the other.
    let mut counters = Counters { settings, series, names: HashMap::new(), given: Vec::new() };
    let counted = drafts.iter().zip(&dates).map(|(draft, date)| counters.take(draft, *date));
    let counted: Vec<u64> = counted.collect::<Result<_, SeriesEnd>>()?;
    let mut invoices: Vec<Invoice> = drafts
        .into_par_iter()
        .zip(dates)
        .zip(counted)
        .map(|((draft, date), sequence)| number_one(draft, date, sequence, settings))
        .collect();
    resolve(&mut invoices);
    Ok((invoices, counters.into_ranges()))
}

/// The places of drafts in the order of their numbers. What decides is put side by side first: to
/// look it up in millions of drafts and accounts at every comparison takes many times as long.
fn order(drafts: &[DraftInvoice], accounts: &[Account]) -> Vec<u32> {
    let ranks = ranks(accounts);
    let mut places: Vec<DatedPlace> = drafts
        .par_iter()
        .enumerate()
        .map(|(draft, it)| DatedPlace { instant: it.instant, account: ranks[it.account], draft })
        .collect();
    places.par_sort_unstable_by(|a, b| {
        let first = (a.instant, a.account).cmp(&(b.instant, b.account));
        first.then_with(|| within_an_account(&drafts[a.draft], &drafts[b.draft]))
    });
    let place =
        |place: DatedPlace| u32::try_from(place.draft).expect("memory ends before that many");
    places.into_iter().map(place).collect()
}

struct DatedPlace {
    instant: Instant,
    /// The rank of its account.
    account: usize,
    draft: usize,
}

/// Of documents of one account and instant, a credit note comes before the invoice, which its credit
/// may pay.
fn within_an_account(a: &DraftInvoice, b: &DraftInvoice) -> Ordering {
    fn key(draft: &DraftInvoice) -> impl Ord {
        let credited = &draft.credits_invoice;
        (draft.currency, credited.is_none(), credited)
    }
    key(a).cmp(&key(b))
}

/// For every account its place in the order of ids.
fn ranks(accounts: &[Account]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..accounts.len()).collect();
    order.par_sort_unstable_by(|a, b| accounts[*a].id.cmp(&accounts[*b].id));
    let mut ranks = vec![0; order.len()];
    for (rank, account) in order.into_iter().enumerate() {
        ranks[account] = rank;
    }
    ranks
}

/// The series that numbers are taken from.
struct Counters<'a> {
    settings: &'a Settings,
    series: Series,
    /// The place in `given` by what decides about the series.
    names: HashMap<NumberKind, usize>,
    /// What each series gave, by its name.
    given: Vec<(String, Given)>,
}

/// Whether a document is a credit note, the year of its date, and its currency.
type NumberKind = (bool, i32, Currency);

/// Numbers of a series: the first and the last, and how many.
struct Given {
    first: (NumberKind, u64),
    last: (NumberKind, u64),
    count: u64,
}

impl Counters<'_> {
    fn take(&mut self, draft: &DraftInvoice, date: NaiveDate) -> Result<u64, SeriesEnd> {
        let kind = (draft.credits_invoice.is_some(), date.year(), draft.currency);
        let place = match self.names.get(&kind) {
            Some(place) => *place,
            None => self.place(kind),
        };
        let (name, given) = &mut self.given[place];
        let next = given.last.1.saturating_add(u64::from(given.count > 0));
        // The one after the last is where the next close goes on.
        if next == u64::MAX {
            return Err(SeriesEnd {
                series: name.clone(),
                is_credit_note: kind.0,
                first: given.first.1,
                is_continued: self.series.contains_key(name),
            });
        }
        if given.count > 0 {
            given.last = (kind, next);
        }
        given.count += 1;
        Ok(next)
    }

    /// The place of the series of a kind; two kinds may share one.
    fn place(&mut self, kind: NumberKind) -> usize {
        let (is_note, year, currency) = kind;
        let numbering = self.settings.numbering_of(is_note);
        let name = numbering.format.series(year, currency);
        let known = self.given.iter().position(|(known, _)| *known == name);
        let place = known.unwrap_or_else(|| {
            let next = self.series.get(&name).copied().unwrap_or(numbering.first);
            let (first, last) = ((kind, next), (kind, next));
            self.given.push((name, Given { first, last, count: 0 }));
            self.given.len() - 1
        });
        self.names.insert(kind, place);
        place
    }

    fn into_ranges(self) -> BTreeMap<String, NumberRange> {
        let text = |((is_note, year, currency), sequence): (NumberKind, u64)| {
            self.settings.numbering_of(is_note).format.number(year, currency, sequence)
        };
        let ranges = self.given.into_iter().map(|(name, Given { first, last, count })| {
            let next = last.1 + 1;
            (name, NumberRange { first: text(first), last: text(last), count, next })
        });
        ranges.collect()
    }
}

/// The numbers that documents of one close got, by account and by the provisional ones by which they
/// refer to each other.
pub type Resolved = HashMap<(usize, Arc<str>), Arc<str>>;

/// Puts numbers in the place of the provisional ones by which documents of one close refer to each
/// other.
fn resolve(invoices: &mut [Invoice]) {
    let refers =
        |invoice: &&Invoice| invoice.credits.is_some() || invoice.credits_invoice.is_some();
    if !invoices.iter().any(|invoice| refers(&invoice)) {
        return;
    }
    let numbers = resolved(invoices);
    for invoice in invoices.iter_mut().filter(|invoice| refers(&&**invoice)) {
        let account = invoice.account;
        let lines = invoice.lines.iter_mut().map(|line| &mut line.credits_invoice);
        let named = lines.chain([&mut invoice.credits_invoice]).flatten();
        let claims = invoice.credits.iter_mut().flat_map(|credits| &mut credits.claims);
        for reference in named.chain(claims.map(|claim| &mut claim.invoice_number)) {
            if !reference.starts_with('\0') {
                continue;
            }
            if let Some(number) = numbers.get(&(account, Arc::clone(reference))) {
                *reference = Arc::clone(number);
            }
        }
    }
}

/// The numbers of documents by their provisional ones; notes have none.
pub fn resolved(invoices: &[Invoice]) -> Resolved {
    let originals = invoices.iter().filter(|invoice| invoice.kind != DocumentKind::CreditNote);
    let number = |invoice: &Invoice| {
        let provisional = provisional_number(invoice.instant, invoice.currency);
        ((invoice.account, provisional), Arc::clone(&invoice.number))
    };
    originals.map(number).collect()
}

fn number_one(
    draft: DraftInvoice,
    issue_date: NaiveDate,
    sequence: u64,
    settings: &Settings,
) -> Invoice {
    let format = &settings.numbering_of(draft.credits_invoice.is_some()).format;
    let terms = Days::new(u64::from(settings.payment_terms_days));
    let kind = match &draft.credits_invoice {
        Some(_) => DocumentKind::CreditNote,
        None if draft.totals.total.is_negative() => DocumentKind::Credit,
        None => DocumentKind::Invoice,
    };
    Invoice {
        number: format.number(issue_date.year(), draft.currency, sequence).into(),
        kind,
        account: draft.account,
        currency: draft.currency,
        instant: draft.instant,
        issue_date,
        due_date: issue_date.checked_add_days(terms).expect("terms are at most a century"),
        lines: draft.lines,
        taxes: draft.taxes,
        totals: draft.totals,
        credits_invoice: draft.credits_invoice,
        credits: draft.credits,
    }
}
