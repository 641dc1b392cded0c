//! What one subscription owes in this close: lines that fall due now, and lines that correct what
//! earlier closes billed on a log that has changed since.

use std::collections::HashSet;
use std::sync::Arc;

use thiserror::Error;

use super::correction::{billed_late, correct};
use super::net::present;
use crate::config::Settings;
use crate::model::{Cause, Ledger, Line, Price};
use crate::rating::{RatingError, rate};
use crate::register::History;
use crate::timeline::{Timeline, TimelineError, Window, timeline};
use crate::value::Instant;

/// What one subscription owes.
#[derive(Clone, Debug, Default)]
pub struct Dues {
    /// Lines at the instant they fall due, all later than the last close.
    pub regular: Vec<(Instant, Line)>,
    /// Lines that should have been on a close before: they go on the next invoice.
    pub late: Vec<Line>,
    /// Indices of changes without effect.
    pub ineffective: Vec<usize>,
}

/// Why a subscription cannot be billed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DueError {
    /// Its log makes no sense.
    #[error("change {} {}", .0.change, .0.kind)]
    Timeline(TimelineError),
    /// Its price cannot be computed.
    #[error(transparent)]
    Rating(#[from] RatingError),
}

/// Why a subscription that is new to the register has lines from before the last close.
const UNKNOWN_THEN: &str = "the subscription was not known before";

/// What a subscription owes up to `through`, when the last close was at `last`.
///
/// # Errors
/// A log that contradicts itself, or a price beyond computing.
pub fn dues(
    ledger: Ledger<'_>,
    prices: &[Price],
    settings: &Settings,
    history: &History,
    (last, through): (Option<Instant>, Instant),
) -> Result<Dues, DueError> {
    let after = if matches!(history, History::OnTime) { last } else { None };
    let walked = timeline(ledger, prices, Window { after, through }).map_err(DueError::Timeline)?;
    let expected = present(expected_lines(&walked, ledger, prices)?, settings, history);
    let (regular, late) = match history {
        History::Late { standing, arrived } => correct(expected, standing, arrived, ledger, last),
        History::New | History::OnTime => {
            let (late, regular): (Vec<_>, Vec<_>) =
                expected.into_iter().partition(|(due, _)| last.is_some_and(|last| *due <= last));
            let late = late.into_iter().map(|(_, line)| line);
            let late = late.filter(|line| !line.amount.is_zero());
            (regular, late.map(|line| billed_late(line, UNKNOWN_THEN)).collect())
        }
    };
    Ok(Dues { regular, late, ineffective: walked.ineffective })
}

/// The lines of a timeline, each with its due instant. A pair of proration lines that are both
/// nothing says nothing, and is left out.
fn expected_lines(
    walked: &Timeline,
    ledger: Ledger<'_>,
    prices: &[Price],
) -> Result<Vec<(Instant, Line)>, RatingError> {
    let mut lines: Vec<(Instant, Line)> = Vec::with_capacity(walked.stretches.len());
    for stretch in &walked.stretches {
        if let Some(line) = rate(stretch, ledger, prices)? {
            lines.push((stretch.due, line));
        }
    }
    let moving: HashSet<Arc<str>> = lines
        .iter()
        .filter(|(_, line)| !line.amount.is_zero())
        .filter_map(|(_, line)| prorating_change(line).cloned())
        .collect();
    lines.retain(|(_, line)| prorating_change(line).is_none_or(|change| moving.contains(change)));
    Ok(lines)
}

/// The change that a line is one of a pair for; both fall due at one instant.
fn prorating_change(line: &Line) -> Option<&Arc<str>> {
    match &line.key.cause {
        Cause::Remaining(change) | Cause::Unused(change) => Some(change),
        Cause::Period | Cause::Segment(_) | Cause::Net(_) | Cause::Adjustment(_) => None,
    }
}
