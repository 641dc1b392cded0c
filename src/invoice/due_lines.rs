//! What one subscription owes in this close: lines that fall due now, and lines that correct what
//! earlier closes billed on a log that has changed since.

use std::collections::HashSet;
use std::sync::Arc;

use thiserror::Error;

use super::corrections::{billed_late, correct};
use super::rated::RatedLine;
use crate::model::{Cause, History, Line, Quotes, Reason, SubscriptionLog, TaxError};
use crate::rating::{RatingError, rate};
use crate::tax::TaxSelector;
use crate::timeline::{Timeline, TimelineError, Window, timeline};
use crate::value::Instant;

/// What one subscription owes.
#[derive(Clone, Debug, Default)]
pub(crate) struct DueLines {
    /// Lines at the instant they fall due, all later than the last close.
    pub(crate) regular: Vec<(Instant, Line)>,
    /// Lines that should have been on a close before: they go on the next invoice.
    pub(crate) late: Vec<Line>,
}

/// Why a subscription cannot be billed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum DueError {
    /// Its log makes no sense.
    #[error("change {} {}", .0.change, .0.kind)]
    Timeline(TimelineError),
    /// Its price cannot be computed.
    #[error(transparent)]
    Rating(#[from] RatingError),
    /// Its tax cannot be told.
    #[error(transparent)]
    Tax(#[from] TaxError),
}

/// What the log says a subscription should have been billed within a window.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expected {
    /// The lines, each with what discounts take off it.
    pub(crate) rated: Vec<RatedLine>,
    /// Indices of changes without effect.
    pub(crate) ineffective: Vec<usize>,
}

/// Derives what a subscription should have been billed; discounts are not applied yet.
///
/// # Errors
/// A log that contradicts itself, or a price or tax beyond computing.
pub(crate) fn expected(
    ledger: SubscriptionLog<'_>,
    quotes: &Quotes<'_>,
    taxation: &TaxSelector<'_>,
    window: Window,
) -> Result<Expected, DueError> {
    let walked = timeline(ledger, quotes.prices, window).map_err(DueError::Timeline)?;
    let rated = rate_all(&walked, ledger, quotes, taxation)?;
    Ok(Expected { rated, ineffective: walked.ineffective })
}

/// What is due of what is expected, when the last close was at `last`.
pub(crate) fn owed(
    expected: Vec<RatedLine>,
    ledger: SubscriptionLog<'_>,
    history: &History,
    last: Option<Instant>,
) -> DueLines {
    let is_late = |due: Instant| last.is_some_and(|last| due <= last);
    let lines = |expected: Vec<RatedLine>| expected.into_iter().flat_map(RatedLine::into_lines);
    match history {
        History::Unchanged => DueLines { regular: later(expected, is_late), late: Vec::new() },
        History::New => {
            let (late, regular): (Vec<_>, Vec<_>) =
                lines(expected).partition(|(due, _)| is_late(*due));
            let late = late.into_iter().map(|(_, line)| line);
            let late = late.filter(|line| !line.amount.is_zero());
            let late_of_new = |line| billed_late(line, Reason::SubscriptionUnknown);
            DueLines { regular, late: late.map(late_of_new).collect() }
        }
        History::Late(past) => {
            let (regular, late) = correct(lines(expected).collect(), past, ledger, last);
            DueLines { regular, late }
        }
    }
}

/// The lines that are not late. Lines are large, so none is moved more often than it must be.
fn later(expected: Vec<RatedLine>, is_late: impl Fn(Instant) -> bool) -> Vec<(Instant, Line)> {
    let count = expected.iter().map(|rated| 1 + rated.discounts.len()).sum();
    let mut later = Vec::with_capacity(count);
    for RatedLine { due, line, discounts, .. } in expected {
        if !is_late(due) {
            later.push((due, line));
            later.extend(discounts.into_iter().map(|discount| (due, discount)));
        }
    }
    later
}

/// The lines of a timeline. A pair of proration lines that are both nothing says nothing, and is
/// left out.
fn rate_all(
    walked: &Timeline,
    ledger: SubscriptionLog<'_>,
    quotes: &Quotes<'_>,
    taxation: &TaxSelector<'_>,
) -> Result<Vec<RatedLine>, DueError> {
    let mut rated: Vec<RatedLine> = Vec::with_capacity(walked.stretches.len());
    for stretch in &walked.stretches {
        let price = &quotes.prices[stretch.terms.price];
        if let Some(mut line) = rate(stretch, ledger, quotes)? {
            line.tax = taxation.of(price, &stretch.charge)?;
            rated.push(RatedLine::new(stretch.due, line, price.proration.rounding, stretch.opens));
        }
    }
    let is_nothing =
        |it: &RatedLine| it.line.amount.is_zero() && prorating_change(&it.line).is_some();
    if rated.iter().any(is_nothing) {
        let moving: HashSet<Arc<str>> = rated
            .iter()
            .filter(|rated| !rated.line.amount.is_zero())
            .filter_map(|rated| prorating_change(&rated.line).cloned())
            .collect();
        rated.retain(|it| prorating_change(&it.line).is_none_or(|change| moving.contains(change)));
    }
    Ok(rated)
}

/// The change that a line is one of a pair for; both fall due at one instant.
fn prorating_change(line: &Line) -> Option<&Arc<str>> {
    match &line.key.cause {
        Cause::Remaining(change) | Cause::Unused(change) => Some(change),
        Cause::Period | Cause::Segment(_) | Cause::Net(_) | Cause::Adjustment(_) => None,
    }
}
