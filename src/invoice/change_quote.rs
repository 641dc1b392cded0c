//! What a change of a subscription costs: the documents that closes bill with it, beside those that
//! they bill without it.
//!
//! This rates nothing. It asks the caller to bill the account with and without the change, chooses
//! the instants, and compares.

use std::sync::Arc;

use super::grouping::sum_up;
use crate::config::TaxSettings;
use crate::model::{BillingInput, Cause, Change, Invoice, Line, TaxTotal, Totals};
use crate::tax::tax_document;
use crate::timeline::{SubscriptionStatus, Terms, status_at};
use crate::value::Instant;

/// The change, as two logs.
#[derive(Clone, Copy)]
pub(crate) struct ChangeQuestion<'a> {
    /// The input with the change.
    pub(crate) with: &'a BillingInput,
    /// The input without it.
    pub(crate) without: &'a BillingInput,
    /// Index of the subscription.
    pub(crate) subscription: usize,
    /// The instant of the change.
    pub(crate) at: Instant,
    pub(crate) tax: &'a TaxSettings,
}

/// What the change costs.
#[derive(Clone, Debug)]
pub(crate) struct ChangeQuote {
    /// The documents of its instant; none if the change makes no difference to them.
    pub(crate) due_now: Compared,
    /// The first documents after it with lines of the subscription.
    pub(crate) next: Compared,
    /// What the subscription costs a period on the terms before.
    pub(crate) before: Standing,
    /// What it costs on the terms after.
    pub(crate) after: Standing,
}

/// Documents with the change and without it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Compared {
    pub(crate) with: Vec<Invoice>,
    pub(crate) without: Vec<Invoice>,
}

/// How a subscription goes on.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// The first whole period on these terms; `None` if there is none.
    pub(crate) period: Option<WholePeriod>,
    /// When the subscription ends, if it does.
    pub(crate) ends_at: Option<Instant>,
}

/// A whole period, and what it costs.
#[derive(Clone, Debug)]
pub(crate) struct WholePeriod {
    pub(crate) start: Instant,
    pub(crate) end: Instant,
    /// The terms in it.
    pub(crate) terms: Terms,
    /// Its lines, with their discounts.
    pub(crate) lines: Vec<Line>,
    /// The tax on these lines alone.
    pub(crate) taxes: Vec<TaxTotal>,
    pub(crate) totals: Totals,
}

/// Why there is no quote.
#[derive(Debug)]
pub(crate) enum Unquotable<E> {
    /// The account cannot be billed.
    Bill(E),
    /// Corrections that no close has billed yet would come on another document because of the
    /// change.
    Late,
    /// Sums that do not fit.
    TooLarge,
}

/// Periods looked at for a whole one: the one that runs, a share of one after a trial, and a whole
/// one.
const PERIODS: usize = 3;

/// Quotes a change. `bill` bills the account by a log up to an instant, and returns the documents.
///
/// # Errors
/// Those of `bill`, and what [`Unquotable`] lists.
pub(crate) fn quote_change<E>(
    question: ChangeQuestion<'_>,
    mut bill: impl FnMut(&BillingInput, Instant) -> Result<Vec<Invoice>, E>,
) -> Result<ChangeQuote, Unquotable<E>> {
    let mut bill = |book: &BillingInput, at| bill(book, at).map_err(Unquotable::Bill);
    // The log without the change comes first, because its problems are not those of the change.
    let without = of_instant(bill(question.without, question.at)?, question.at);
    let with = of_instant(bill(question.with, question.at)?, question.at);
    let due_now =
        if are_equal(&with, &without) { Compared::default() } else { Compared { with, without } };
    let (old, new) = (question.boundaries(question.without), question.boundaries(question.with));
    let next = question.next((&old, &new), &mut bill)?;
    let before = question.standing(question.without, &old, &mut bill)?;
    let after = question.standing(question.with, &new, &mut bill)?;
    Ok(ChangeQuote { due_now, next, before, after })
}

/// The instant of the change and the boundaries after it, as far as the subscription goes on.
struct Boundaries {
    instants: Vec<Instant>,
    /// The terms from each instant on. `None` in a trial.
    terms: Vec<Option<Terms>>,
    ends_at: Option<Instant>,
}

impl ChangeQuestion<'_> {
    fn id(&self) -> &Arc<str> {
        &self.with.subscriptions[self.subscription].id
    }

    fn bills(&self, document: &Invoice) -> bool {
        document.lines.iter().any(|line| line.key.subscription_id == *self.id())
    }

    /// A log without the later rows of the subscription, because the price of a period is that of
    /// its terms alone.
    fn frozen(&self, book: &BillingInput) -> BillingInput {
        let is_kept = |index, change: &Change| index != self.subscription || change.at <= self.at;
        book.with_some_changes(is_kept)
    }

    fn boundaries(&self, book: &BillingInput) -> Boundaries {
        let book = self.frozen(book);
        let ledger = book.ledger(self.subscription);
        let mut found = Boundaries { instants: vec![self.at], terms: Vec::new(), ends_at: None };
        while found.terms.len() < PERIODS {
            let at = found.instants[found.terms.len()];
            // A log that contradicts itself has stopped billing already.
            let status = status_at(ledger, &book.prices, at).map(|(status, _)| status);
            let (until, terms) = match status.unwrap_or_default() {
                SubscriptionStatus::Running { terms, until } => (until, Some(terms)),
                SubscriptionStatus::Trial(until) => (until, None),
                SubscriptionStatus::Ended | SubscriptionStatus::NotBegun => {
                    found.ends_at = Some(at);
                    break;
                }
            };
            found.instants.push(until);
            found.terms.push(terms);
        }
        found
    }

    /// The first documents after the change with lines of the subscription.
    fn next<E>(
        &self,
        (old, new): (&Boundaries, &Boundaries),
        bill: &mut impl FnMut(&BillingInput, Instant) -> Result<Vec<Invoice>, Unquotable<E>>,
    ) -> Result<Compared, Unquotable<E>> {
        let mut first = |book: &BillingInput, boundaries: &Boundaries| {
            for through in &boundaries.instants[1..] {
                let documents = bill(book, *through)?;
                let mut later = documents.iter().filter(|it| it.instant > self.at);
                if let Some(document) = later.find(|it| self.bills(it)) {
                    return Ok(Some(document.instant));
                }
            }
            Ok(None)
        };
        let (with_at, without_at) = (first(self.with, new)?, first(self.without, old)?);
        // If one of the logs bills the subscription no more, the account may have other lines then.
        let mut documents = |book: &BillingInput, at: Option<Instant>| {
            at.map_or(Ok(Vec::new()), |at| Ok(of_instant(bill(book, at)?, at)))
        };
        let with = documents(self.with, with_at.or(without_at))?;
        let without = documents(self.without, without_at.or(with_at))?;
        let has_late = |documents: &[Invoice]| documents.iter().any(has_late_lines);
        if has_late(&without) && !has_late(&with) {
            return Err(Unquotable::Late);
        }
        Ok(Compared { with, without })
    }

    fn standing<E>(
        &self,
        book: &BillingInput,
        boundaries: &Boundaries,
        bill: &mut impl FnMut(&BillingInput, Instant) -> Result<Vec<Invoice>, Unquotable<E>>,
    ) -> Result<Standing, Unquotable<E>> {
        let Boundaries { instants, terms, ends_at } = boundaries;
        if ends_at.is_some() {
            return Ok(Standing { period: None, ends_at: *ends_at });
        }
        let book = self.frozen(book);
        for through in &instants[1..] {
            let documents = bill(&book, *through)?;
            for (place, start) in instants[..PERIODS].iter().enumerate() {
                let lines = self.lines_of(&documents, *start);
                if lines.iter().any(|line| line.share.numerator == line.share.denominator) {
                    let terms = terms[place].expect("a period with lines runs");
                    let span = (*start, instants[place + 1]);
                    let period = self.whole(span, terms, lines).ok_or(Unquotable::TooLarge)?;
                    return Ok(Standing { period: Some(period), ends_at: None });
                }
            }
        }
        // What costs nothing has no document.
        let place = if terms[1].is_some() { 1 } else { 2 };
        let period = terms[place].and_then(|terms| {
            self.whole((instants[place], instants[place + 1]), terms, Vec::new())
        });
        Ok(Standing { period, ends_at: None })
    }

    /// The lines of a period of the subscription, without those of changes in it.
    fn lines_of(&self, documents: &[Invoice], start: Instant) -> Vec<Line> {
        let lines = documents.iter().flat_map(|document| &document.lines);
        let own = lines.filter(|line| {
            line.key.subscription_id == *self.id()
                && line.key.period_start == start
                && line.key.cause == Cause::Period
                && line.correction.is_none()
        });
        own.cloned().collect()
    }

    fn whole(
        &self,
        (start, end): (Instant, Instant),
        terms: Terms,
        mut lines: Vec<Line>,
    ) -> Option<WholePeriod> {
        let taxes = tax_document(&mut lines, self.tax)?;
        let totals = sum_up(&lines, &taxes)?;
        Some(WholePeriod { start, end, terms, lines, taxes, totals })
    }
}

impl Compared {
    /// Whether the documents have the same date, so that their difference is the change's.
    pub(crate) fn are_of_one_date(&self) -> bool {
        let mut instants = self.with.iter().chain(&self.without).map(|it| it.instant);
        let first = instants.next();
        instants.all(|instant| Some(instant) == first)
    }

    /// Whether a line would not be there without the change.
    pub(crate) fn is_new(&self, line: &Line) -> bool {
        !Self::have(&self.without, line)
    }

    /// Whether a line of another document is on one of these too.
    pub(crate) fn have(documents: &[Invoice], line: &Line) -> bool {
        documents.iter().any(|document| document.lines.iter().any(|it| is_same(it, line)))
    }

    /// The lines that the change takes off the documents, which have the same date.
    pub(crate) fn gone(&self) -> Vec<&Line> {
        let lines = self.without.iter().flat_map(|document| &document.lines);
        lines.filter(|line| self.are_of_one_date() && !Self::have(&self.with, line)).collect()
    }
}

fn of_instant(documents: Vec<Invoice>, at: Instant) -> Vec<Invoice> {
    documents.into_iter().filter(|document| document.instant == at).collect()
}

/// Whether two lines bill the same for the same. Their tax follows from their documents.
fn is_same(one: &Line, other: &Line) -> bool {
    (&one.key, one.amount, one.currency, &one.correction)
        == (&other.key, other.amount, other.currency, &other.correction)
        && one.quote.quantity == other.quote.quantity
}

fn are_equal(some: &[Invoice], others: &[Invoice]) -> bool {
    some.len() == others.len()
        && some.iter().zip(others).all(|(one, other)| {
            one.totals == other.totals
                && one.lines.len() == other.lines.len()
                && one.lines.iter().zip(&other.lines).all(|(line, other)| is_same(line, other))
        })
}

fn has_late_lines(document: &Invoice) -> bool {
    document.lines.iter().any(|line| {
        line.correction.is_some() || line.wording.as_ref().is_some_and(|it| it.late.is_some())
    })
}
