//! Numbers without gaps: given in a fixed order, after every document is known.
//!
//! The order is instant, then account, then currency. It does not depend on when the job ran, so
//! a catch-up run gives the numbers that timely runs would have given.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{Datelike as _, Days};
use rayon::prelude::*;

use super::credit_note::provisional_number;
use super::{DocumentKind, Draft, Invoice};
use crate::config::Settings;
use crate::model::Account;
use crate::register::{NumberRange, Series};
use crate::value::{Currency, Instant};

/// Turns drafts into invoices, in the order of their numbers, and tells which numbers each series
/// got.
pub fn assign_numbers(
    drafts: Vec<Draft>,
    accounts: &[Account],
    settings: &Settings,
    series: Series,
) -> (Vec<Invoice>, BTreeMap<String, NumberRange>) {
    let order = order(&drafts, accounts);
    let mut drafts: Vec<Option<Draft>> = drafts.into_iter().map(Some).collect();
    let mut counters = Counters { settings, series, names: HashMap::new(), given: BTreeMap::new() };
    let drafts = order.into_iter().filter_map(|place| drafts[place].take());
    let mut invoices: Vec<Invoice> =
        drafts.map(|draft| number_one(draft, accounts, &mut counters)).collect();
    resolve(&mut invoices);
    (invoices, counters.given)
}

/// The places of drafts in the order of their numbers. What decides is put side by side first: to
/// look it up in millions of drafts and accounts at every comparison takes many times as long.
fn order(drafts: &[Draft], accounts: &[Account]) -> Vec<usize> {
    let ranks = ranks(accounts);
    let mut places: Vec<Place> = drafts
        .iter()
        .enumerate()
        .map(|(draft, it)| Place { instant: it.instant, account: ranks[it.account], draft })
        .collect();
    places.par_sort_unstable_by(|a, b| {
        let first = (a.instant, a.account).cmp(&(b.instant, b.account));
        first.then_with(|| within_an_account(&drafts[a.draft], &drafts[b.draft]))
    });
    places.into_iter().map(|place| place.draft).collect()
}

struct Place {
    instant: Instant,
    /// The rank of its account.
    account: usize,
    draft: usize,
}

/// Of documents of one account and instant, a credit note comes before the invoice, which its credit
/// may pay.
fn within_an_account(a: &Draft, b: &Draft) -> Ordering {
    fn key(draft: &Draft) -> impl Ord {
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
    /// The name of the series by what decides about it: whether it is of credit notes, the year and
    /// the currency.
    names: HashMap<(bool, i32, Currency), String>,
    /// What each series gave.
    given: BTreeMap<String, NumberRange>,
}

impl Counters<'_> {
    fn take(&mut self, is_note: bool, year: i32, currency: Currency) -> Arc<str> {
        let numbering = self.settings.numbering_of(is_note);
        let series = || numbering.format.series(year, currency);
        let name = self.names.entry((is_note, year, currency)).or_insert_with(series);
        let first = || self.series.get(name).copied().unwrap_or(numbering.first);
        let next = self.given.get(name).map_or_else(first, |range| range.next);
        let number = numbering.format.number(year, currency, next);
        let given: Arc<str> = number.as_str().into();
        if let Some(range) = self.given.get_mut(name) {
            (range.last, range.count, range.next) = (number, range.count + 1, next + 1);
        } else {
            let (first, last) = (number.clone(), number);
            let range = NumberRange { first, last, count: 1, next: next + 1 };
            self.given.insert(name.clone(), range);
        }
        given
    }
}

/// Puts numbers in the place of the provisional ones by which documents of one close refer to each
/// other.
fn resolve(invoices: &mut [Invoice]) {
    let is_provisional = |number: &Arc<str>| number.starts_with('\0');
    let refers = |invoice: &&Invoice| invoice.credits_invoice.as_ref().is_some_and(is_provisional);
    if !invoices.iter().any(|invoice| refers(&invoice)) {
        return;
    }
    let originals = invoices.iter().filter(|invoice| invoice.kind != DocumentKind::CreditNote);
    let numbers: HashMap<(usize, Arc<str>), Arc<str>> = originals
        .map(|invoice| {
            let provisional = provisional_number(invoice.instant, invoice.currency);
            ((invoice.account, provisional), Arc::clone(&invoice.number))
        })
        .collect();
    for invoice in invoices {
        let account = invoice.account;
        let lines = invoice.lines.iter_mut().map(|line| &mut line.credits_invoice);
        for reference in lines.chain([&mut invoice.credits_invoice]).flatten() {
            if let Some(number) = numbers.get(&(account, Arc::clone(reference))) {
                *reference = Arc::clone(number);
            }
        }
    }
}

fn number_one(draft: Draft, accounts: &[Account], counters: &mut Counters<'_>) -> Invoice {
    let issue_date = accounts[draft.account].zone.date(draft.instant);
    let is_note = draft.credits_invoice.is_some();
    let number = counters.take(is_note, issue_date.year(), draft.currency);
    let terms = Days::new(u64::from(counters.settings.payment_terms_days));
    let kind = match &draft.credits_invoice {
        Some(_) => DocumentKind::CreditNote,
        None if draft.totals.total.is_negative() => DocumentKind::Credit,
        None => DocumentKind::Invoice,
    };
    Invoice {
        number,
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
    }
}
