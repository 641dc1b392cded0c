//! Numbers without gaps, assigned in a fixed order after all invoices are known.
//!
//! The order is instant, then account, then currency. It does not depend on the time of the run. So
//! a late run assigns the same numbers as timely runs.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{Datelike as _, NaiveDate};
use rayon::prelude::*;

use super::account_bill::DraftInvoice;
use super::credit_notes::provisional_number;
use crate::config::Settings;
use crate::ids::arrange;
use crate::model::{Account, DocumentKind, DocumentView, Invoice, NumberRange, Series};
use crate::value::{Currency, Instant};

/// A series without a number for the next invoice. A number and its successor must fit 64 bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SeriesEnd {
    /// The series: the number without its counter.
    pub(crate) series: String,
    pub(crate) is_credit_note: bool,
    /// The first number of this close.
    pub(crate) first: u64,
    /// Whether earlier closes used the series.
    pub(crate) is_continued: bool,
}

/// Invoices with their numbers, and the numbers used in each series.
pub(crate) type Numbered = (Vec<Invoice>, BTreeMap<String, NumberRange>);

/// Drafts in the order of their numbers, with their dates.
pub(crate) struct ArrangedDrafts {
    /// The drafts.
    pub(crate) drafts: Vec<DraftInvoice>,
    /// The date of each, in its account's time zone.
    dates: Vec<NaiveDate>,
}

impl ArrangedDrafts {
    /// Puts drafts into the order of their numbers.
    pub(crate) fn new(mut drafts: Vec<DraftInvoice>, accounts: &[Account]) -> Self {
        let order = order(&drafts, accounts);
        arrange(&mut drafts, order);
        let date = |draft: &DraftInvoice| accounts[draft.account].zone.date(draft.instant);
        let dates = drafts.par_iter().map(date).collect();
        Self { drafts, dates }
    }

    /// The kind of number that each draft gets.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = NumberKind> {
        self.drafts.iter().zip(&self.dates).map(|(draft, date)| NumberKind {
            is_credit_note: draft.credits_invoice.is_some(),
            year: date.year(),
            currency: draft.currency,
        })
    }

    /// Makes invoices of the drafts. `counted` has the counter of each number.
    pub(crate) fn numbered(
        self,
        counted: Vec<u64>,
        accounts: &[Account],
        settings: &Settings,
    ) -> Vec<Invoice> {
        let mut invoices: Vec<Invoice> = self
            .drafts
            .into_par_iter()
            .zip(self.dates)
            .zip(counted)
            .map(|((draft, date), sequence)| {
                let account = draft.account_of(accounts);
                number_one(draft, account, date, sequence, settings)
            })
            .collect();
        resolve(&mut invoices);
        invoices
    }
}

/// Assigns numbers to the drafts, in order. Returns the numbers used in each series.
///
/// # Errors
/// A series that has too few numbers.
pub(crate) fn assign_numbers(
    drafts: Vec<DraftInvoice>,
    accounts: &[Account],
    settings: &Settings,
    series: Series,
) -> Result<Numbered, SeriesEnd> {
    let arranged = ArrangedDrafts::new(drafts, accounts);
    // Only counting must be sequential.
    let mut counters = Counters::new(settings, series);
    let counted = arranged.kinds().map(|kind| counters.take(kind)).collect::<Result<_, _>>()?;
    Ok((arranged.numbered(counted, accounts, settings), counters.into_ranges()))
}

/// The indices of drafts in the order of their numbers. It collects the sort keys first, because
/// looking them up at every comparison is many times slower.
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
    /// The rank of the account.
    account: usize,
    draft: usize,
}

/// Within an account and instant, a credit note comes before the invoice, because its credit may
/// pay it.
fn within_an_account(a: &DraftInvoice, b: &DraftInvoice) -> Ordering {
    fn key(draft: &DraftInvoice) -> impl Ord {
        let credited = &draft.credits_invoice;
        (draft.currency, credited.is_none(), credited)
    }
    key(a).cmp(&key(b))
}

/// The rank of every account in the order of ids.
fn ranks(accounts: &[Account]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..accounts.len()).collect();
    order.par_sort_unstable_by(|a, b| accounts[*a].id.cmp(&accounts[*b].id));
    let mut ranks = vec![0; order.len()];
    for (rank, account) in order.into_iter().enumerate() {
        ranks[account] = rank;
    }
    ranks
}

/// The counters of the series.
pub(crate) struct Counters<'a> {
    settings: &'a Settings,
    series: Series,
    /// The index in `given` by kind of number.
    names: HashMap<NumberKind, usize>,
    /// The numbers used in each series, by its name.
    given: Vec<(String, Given)>,
}

/// What decides about the series of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NumberKind {
    pub(crate) is_credit_note: bool,
    /// The year of its date.
    pub(crate) year: i32,
    pub(crate) currency: Currency,
}

/// The used numbers of a series: first, last and count.
struct Given {
    first: (NumberKind, u64),
    last: (NumberKind, u64),
    count: u64,
}

impl<'a> Counters<'a> {
    /// Counters that go on after the last numbers of each series.
    pub(crate) fn new(settings: &'a Settings, series: Series) -> Self {
        Self { settings, series, names: HashMap::new(), given: Vec::new() }
    }

    /// The counter of the next number of a kind.
    ///
    /// # Errors
    /// The series has too few numbers.
    pub(crate) fn take(&mut self, kind: NumberKind) -> Result<u64, SeriesEnd> {
        let place = match self.names.get(&kind) {
            Some(place) => *place,
            None => self.place(kind),
        };
        let (name, given) = &mut self.given[place];
        let next = given.last.1.saturating_add(u64::from(given.count > 0));
        // The next close continues with the next number.
        if next == u64::MAX {
            return Err(SeriesEnd {
                series: name.clone(),
                is_credit_note: kind.is_credit_note,
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

    /// The text of a number.
    pub(crate) fn text(&self, kind: NumberKind, sequence: u64) -> String {
        let NumberKind { is_credit_note, year, currency } = kind;
        self.settings.numbering_of(is_credit_note).format.number(year, currency, sequence)
    }

    /// The index of the series of a kind. Two kinds may share one.
    fn place(&mut self, kind: NumberKind) -> usize {
        let NumberKind { is_credit_note, year, currency } = kind;
        let numbering = self.settings.numbering_of(is_credit_note);
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

    /// The numbers used in each series.
    pub(crate) fn into_ranges(mut self) -> BTreeMap<String, NumberRange> {
        let given = std::mem::take(&mut self.given);
        let ranges = given.into_iter().map(|(name, Given { first, last, count })| {
            let (first, next) = (self.text(first.0, first.1), last.1 + 1);
            (name, NumberRange { first, last: self.text(last.0, last.1), count, next })
        });
        ranges.collect()
    }
}

/// The numbers of this close's invoices, by account and provisional number.
pub(crate) type Resolved = HashMap<(usize, Arc<str>), Arc<str>>;

/// Replaces provisional numbers with the final ones.
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

/// The numbers of invoices by their provisional numbers; credit notes have none.
pub(crate) fn resolved(invoices: &[Invoice]) -> Resolved {
    let originals = invoices.iter().filter(|invoice| invoice.kind != DocumentKind::CreditNote);
    let number = |invoice: &Invoice| {
        let provisional = provisional_number(invoice.instant, invoice.currency);
        ((invoice.account, provisional), Arc::clone(&invoice.number))
    };
    originals.map(number).collect()
}

impl DraftInvoice {
    fn kind(&self) -> DocumentKind {
        DocumentKind::of(self.totals.total, self.credits_invoice.is_some())
    }

    /// The account as it is when the document is made.
    pub(crate) fn account_of<'a>(&self, accounts: &'a [Account]) -> &'a Account {
        accounts[self.account].at(self.instant)
    }

    /// The document before it has a number.
    pub(crate) fn view<'a>(&'a self, account: &'a Account) -> DocumentView<'a> {
        let (kind, issue_date) = (self.kind(), account.zone.date(self.instant));
        DocumentView {
            number: "",
            kind,
            account,
            currency: self.currency,
            issue_date,
            due_date: (kind == DocumentKind::Invoice)
                .then(|| account.payment_terms.due_date(issue_date)),
            lines: &self.lines,
            taxes: &self.taxes,
            totals: &self.totals,
            credits_invoice: self.credits_invoice.as_deref(),
            related: None,
            orders: None,
        }
    }
}

fn number_one(
    draft: DraftInvoice,
    account: &Account,
    issue_date: NaiveDate,
    sequence: u64,
    settings: &Settings,
) -> Invoice {
    let format = &settings.numbering_of(draft.credits_invoice.is_some()).format;
    Invoice {
        number: format.number(issue_date.year(), draft.currency, sequence).into(),
        kind: draft.kind(),
        account: draft.account,
        currency: draft.currency,
        instant: draft.instant,
        issue_date,
        due_date: account.payment_terms.due_date(issue_date),
        lines: draft.lines,
        taxes: draft.taxes,
        totals: draft.totals,
        credits_invoice: draft.credits_invoice,
        credits: draft.credits,
        related: None,
        orders: None,
    }
}
