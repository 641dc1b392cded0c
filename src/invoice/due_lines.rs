//! The due lines of one subscription in this close: regular lines, and corrections of earlier
//! closes.

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

/// The due lines of one subscription.
#[derive(Clone, Debug, Default)]
pub(crate) struct DueLines {
    /// Lines by due instant, all after the last close.
    pub(crate) regular: Vec<(Instant, Line)>,
    /// Late lines: they belong on an earlier close, so they go on the next invoice.
    pub(crate) late: Vec<Line>,
}

/// The reason why a subscription cannot be billed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum DueError {
    /// Its log contradicts itself.
    #[error("change {} {}", .0.change, .0.kind)]
    Timeline(TimelineError),
    /// Its price cannot be computed.
    #[error(transparent)]
    Rating(#[from] RatingError),
    /// It has no tax rate.
    #[error(transparent)]
    Tax(#[from] TaxError),
}

/// The expected lines of a subscription within a window, by the log.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expected {
    /// The lines with their discounts.
    pub(crate) rated: Vec<RatedLine>,
    /// Indices of changes without effect.
    pub(crate) ineffective: Vec<usize>,
}

/// The expected lines of a subscription, before discounts.
///
/// # Errors
/// A log that contradicts itself, a price that cannot be computed, or a missing tax rate.
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

/// Selects the expected lines that are due after `last`.
pub(crate) fn due_lines(
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

/// The lines that are not late. Lines are large, so each is moved as little as possible.
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

/// The lines of a timeline. Omits a pair of proration lines if both are zero.
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

/// The change of a line that belongs to a pair. Both lines fall due at one instant.
fn prorating_change(line: &Line) -> Option<&Arc<str>> {
    match &line.key.cause {
        Cause::Remaining(change) | Cause::Unused(change) => Some(change),
        Cause::Period | Cause::Segment(_) | Cause::Net(_) | Cause::Adjustment(_) => None,
    }
}
