//! One line for a change instead of two: "2 instead of 3 × Private projects".
//!
//! Only the presentation differs. A net line is the sum of the two it stands for, each rounded as
//! ever, so that choosing it never moves a cent.

use std::sync::Arc;

use crate::config::{ProrationLines, Settings};
use crate::model::{Cause, Line, LineKind};
use crate::register::History;
use crate::value::{Instant, TimeUnit};

/// Puts net lines in the place of pairs, where the settings, or what was published, say so.
pub fn present(
    lines: Vec<(Instant, Line)>,
    settings: &Settings,
    history: &History,
) -> Vec<(Instant, Line)> {
    let mut shown: Vec<(Instant, Line)> = Vec::with_capacity(lines.len());
    for (due, line) in lines {
        let pair = shown.last().filter(|(_, before)| is_pair(before, &line));
        match pair.and_then(|(_, before)| net(before, &line)) {
            Some(net) if is_net(&line, settings, history) => {
                shown.pop();
                shown.push((due, net));
            }
            _ => shown.push((due, line)),
        }
    }
    shown
}

fn is_pair(remaining: &Line, unused: &Line) -> bool {
    matches!(
        (&remaining.key.cause, &unused.key.cause),
        (Cause::Remaining(brought), Cause::Unused(ended)) if brought == ended
    )
}

/// What was published as a pair stays a pair, and what was published net stays net: a setting
/// that changed is no reason for corrections.
fn is_net(line: &Line, settings: &Settings, history: &History) -> bool {
    let published = match history {
        History::Late { standing, .. } => standing.as_slice(),
        History::New | History::OnTime => &[],
    };
    let change = line.key.cause.change_id();
    let of_change = |cause: &Cause| cause.change_id() == change;
    let standing = published.iter().map(|entry| &entry.line.key.cause).find(|it| of_change(it));
    match standing {
        Some(Cause::Net(_)) => true,
        Some(Cause::Remaining(_) | Cause::Unused(_)) => false,
        _ => settings.proration_lines == ProrationLines::Net,
    }
}

/// The sum of a pair; `None` if it does not fit.
fn net(remaining: &Line, unused: &Line) -> Option<Line> {
    let change = Arc::clone(remaining.key.cause.change_id()?);
    let same_price = remaining.price_id == unused.price_id;
    let mut line = Line {
        kind: LineKind::Remaining,
        description: describe(remaining, unused),
        unit_amount: remaining.unit_amount.filter(|_| same_price),
        price_amount: remaining.price_amount.checked_add(unused.price_amount)?,
        price_detail: format!("{} less {}", remaining.price_detail, unused.price_detail).into(),
        amount: remaining.amount.checked_add(unused.amount)?,
        ..remaining.clone()
    };
    line.key.cause = Cause::Net(change);
    Some(line)
}

/// "2 instead of 3 × Private projects after 19 Jun 2020, 8 of 31 days".
fn describe(remaining: &Line, unused: &Line) -> String {
    let after = remaining.description.rsplit_once(" after ").map_or("", |(_, date)| date);
    let (new, old) = (remaining.quantity, unused.quantity);
    let what = if remaining.product == unused.product {
        format!("{new} instead of {old} × {}", remaining.product)
    } else {
        format!("{new} × {} instead of {old} × {}", remaining.product, unused.product)
    };
    let share = remaining.share;
    // A day begun counts, as people count the days that are left.
    let seconds_in_a_unit = if share.unit == TimeUnit::Second { 86_400 } else { 1 };
    let days = |units: i64| (units + seconds_in_a_unit - 1) / seconds_in_a_unit;
    let (left, all) = (days(share.numerator), days(share.denominator));
    match share.unit {
        TimeUnit::Second | TimeUnit::Day => format!("{what} after {after}, {left} of {all} days"),
        TimeUnit::Period => format!("{what} after {after}"),
    }
}
