//! One line for a change instead of two: "2 instead of 3 × Private projects".
//!
//! Only the presentation differs. A net line is the sum of the two rounded lines, so it never
//! changes an amount.

use std::collections::HashMap;
use std::sync::Arc;

use super::rated::RatedLine;
use crate::config::{ProrationLines, Settings};
use crate::model::{
    Billed, Cause, DaysLeft, Halves, History, Line, LineKind, LineWording, NetChange,
    PriceBreakdown, ProductQuantity, Quote,
};
use crate::value::{Amount, Fraction, TimeUnit};

/// Replaces pairs with net lines, if the settings or the published lines require it.
pub(crate) fn net_pairs(
    rated: Vec<RatedLine>,
    settings: &Settings,
    history: &History,
) -> Vec<RatedLine> {
    if !rated.windows(2).any(|two| is_pair(&two[0].line, &two[1].line)) {
        return rated;
    }
    let published = published_changes(history);
    let mut shown: Vec<RatedLine> = Vec::with_capacity(rated.len());
    for next in rated {
        let pair = shown.last().filter(|before| is_pair(&before.line, &next.line));
        // A limited credit stays separate, to show its calculation.
        let pair = pair.filter(|_| !next.is_capped);
        let pair = pair.filter(|_| is_net(&next.line, settings, &published));
        match pair.and_then(|before| net(before, &next)) {
            Some(net) => {
                shown.pop();
                shown.push(net);
            }
            None => shown.push(next),
        }
    }
    shown
}

fn is_pair(remaining: &Line, unused: &Line) -> bool {
    matches!(
        (&remaining.key.cause, &unused.key.cause),
        (Cause::Remaining(brought), Cause::Unused(ended)) if brought == ended
    ) && remaining.tax == unused.tax
}

/// For each change with published lines in force, the cause of the first one.
fn published_changes(history: &History) -> HashMap<&Arc<str>, &Cause> {
    let History::Late(past) = history else { return HashMap::new() };
    let mut causes = HashMap::new();
    for cause in past.standing.iter().map(|entry| &entry.line.key.cause) {
        if let Some(change) = cause.change_id() {
            causes.entry(change).or_insert(cause);
        }
    }
    causes
}

/// A published pair stays a pair, and a published net line stays net, because a changed setting
/// must not cause corrections.
fn is_net(line: &Line, settings: &Settings, published: &HashMap<&Arc<str>, &Cause>) -> bool {
    match line.key.cause.change_id().and_then(|change| published.get(change)) {
        Some(Cause::Net(_)) => true,
        Some(Cause::Remaining(_) | Cause::Unused(_)) => false,
        _ => settings.proration_lines == ProrationLines::Net,
    }
}

/// The sum of a pair and of the discounts on both; `None` if it does not fit.
fn net(remaining: &RatedLine, unused: &RatedLine) -> Option<RatedLine> {
    let mut line = net_line(&remaining.line, &unused.line)?;
    line.wording = wording(&remaining.line, &unused.line);
    let mut discounts: Vec<Line> = Vec::new();
    for discount in remaining.discounts.iter().chain(&unused.discounts) {
        let same = |other: &&mut Line| other.key.discount == discount.key.discount;
        if let Some(sum) = discounts.iter_mut().find(same) {
            sum.amount = sum.amount.checked_add(discount.amount)?;
            let both = sum.quote.amount.checked_add(discount.quote.amount)?;
            sum.quote_mut().amount = both;
            add_half(sum, discount)?;
        } else {
            let mut sum = net_discount(discount, &line);
            add_half(&mut sum, discount)?;
            discounts.push(sum);
        }
    }
    discounts.retain(|discount| !discount.amount.is_zero());
    Some(RatedLine { line, discounts, ..remaining.clone() })
}

fn net_line(remaining: &Line, unused: &Line) -> Option<Line> {
    let change = Arc::clone(remaining.key.cause.change_id()?);
    let same_price = remaining.quote.price_id == unused.quote.price_id;
    let (new, old) = (&remaining.quote, &unused.quote);
    let quote = Quote {
        unit_amount: new.unit_amount.filter(|_| same_price),
        amount: new.amount.checked_add(old.amount)?,
        breakdown: PriceBreakdown::Difference(Box::new(
            [new, old].map(|quote| quote.breakdown.clone()),
        )),
        halves: Some(Box::new(halves(remaining, unused))),
        ..(**new).clone()
    };
    let mut line = Line {
        kind: LineKind::Remaining,
        quote: quote.into(),
        amount: remaining.amount.checked_add(unused.amount)?,
        ..remaining.clone()
    };
    line.key.cause = Cause::Net(change);
    Some(line)
}

fn halves(remaining: &Line, unused: &Line) -> Halves {
    Halves {
        charge: remaining.amount,
        credit: unused.amount,
        old_price: Arc::clone(&unused.quote.price_id),
        old_quantity: unused.quote.quantity,
    }
}

/// A discount on one of the two, as the start of the net discount.
fn net_discount(discount: &Line, net: &Line) -> Line {
    let mut line = discount.clone();
    if let (Some(wording), Some(net)) = (&mut line.wording, &net.wording) {
        wording.billed = net.billed.clone();
    }
    let halves = net.quote.halves.as_deref().map(|of| Halves {
        charge: Amount::ZERO,
        credit: Amount::ZERO,
        ..of.clone()
    });
    let quote = line.quote_mut();
    (quote.breakdown, quote.halves) = (PriceBreakdown::None, halves.map(Box::new));
    line.key.cause = net.key.cause.clone();
    line
}

/// Adds the discount on the other line to a net discount.
fn add_half(sum: &mut Line, discount: &Line) -> Option<()> {
    let halves = sum.quote_mut().halves.as_deref_mut()?;
    let half = match discount.key.cause {
        Cause::Unused(_) => &mut halves.credit,
        _ => &mut halves.charge,
    };
    *half = half.checked_add(discount.amount)?;
    Some(())
}

/// The wording of a net line.
fn wording(remaining: &Line, unused: &Line) -> Option<Box<LineWording>> {
    let Some(Billed::Remaining { after, .. }) = remaining.wording.as_ref().map(|it| &it.billed)
    else {
        return None;
    };
    let held = |line: &Line| ProductQuantity {
        quantity: line.quote.quantity,
        product: (*line.quote.product).into(),
    };
    let Fraction { numerator, denominator, unit } = remaining.share;
    // A begun day counts, as people count remaining days.
    let days = |units: i64, seconds: u64| units.unsigned_abs().div_ceil(seconds);
    let counted =
        |seconds| DaysLeft { left: days(numerator, seconds), all: days(denominator, seconds) };
    let days = match unit {
        TimeUnit::Second => Some(counted(86_400)),
        TimeUnit::Day => Some(counted(1)),
        TimeUnit::Period => None,
    };
    let net = NetChange { new: held(remaining), old: held(unused), after: *after, days };
    let notice = remaining.wording.as_ref().and_then(|it| it.notice.clone());
    let billed = Billed::Net(Box::new(net));
    Some(Box::new(LineWording { billed, notice, ..LineWording::default() }))
}
