//! Corrections: if the log contradicts a published line, one line reverses it and another replaces
//! it. Unchanged lines are not repeated.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{
    BilledLines, Change, Correction, CorrectionRole, Line, LineKey, LineKind, Published, Reason,
    Retaxed, SubscriptionLog,
};
use crate::value::{Amount, Instant};

type Regular = Vec<(Instant, Line)>;

/// Compares the expected lines with the lines in force. Returns the regular lines after the last
/// close, and the late ones.
pub(crate) fn correct(
    expected: Regular,
    past: &BilledLines,
    ledger: SubscriptionLog<'_>,
    last: Option<Instant>,
) -> (Regular, Vec<Line>) {
    let mut unmatched: HashMap<&LineKey, &Published> =
        past.standing.iter().map(|entry| (&entry.line.key, entry)).collect();
    let (mut regular, mut late) = (Vec::new(), Vec::new());
    let culprit = first_arrived(past, ledger);
    let reason = |line: &Line| reason(line, past, (ledger, culprit));
    for (due, line) in expected {
        match unmatched.remove(&line.key) {
            Some(published) if says_the_same(&published.line, &line) => {
                late.extend(retaxed(published, line, past.retaxed_at(due)).into_iter().flatten());
            }
            Some(published) => {
                let reason = reason(&published.line);
                late.push(reversal(published, &reason));
                late.push(replacement(published, line, reason));
            }
            None if last.is_some_and(|last| due <= last) => {
                // A zero line may be missing in the register, because invoices without any amount
                // are not published.
                if !line.amount.is_zero() {
                    let reason = reason(&line);
                    late.push(billed_late(line, reason));
                }
            }
            None => regular.push((due, line)),
        }
    }
    let mut contradicted: Vec<&Published> = unmatched.into_values().collect();
    contradicted.sort_by(|a, b| a.line.key.cmp(&b.line.key));
    late.extend(contradicted.into_iter().map(|entry| reversal(entry, &reason(&entry.line))));
    (regular, late)
}

/// The lines that tax a billed charge by other facts, if these change its tax.
pub(crate) fn retaxed(
    published: &Published,
    line: Line,
    retaxed: Option<&Retaxed>,
) -> Option<[Line; 2]> {
    let reason = retaxed.filter(|_| published.line.tax != line.tax)?.reason();
    Some([reversal(published, &reason), replacement(published, line, reason)])
}

/// The lines that adjust a billed adjustment to the current rest of its invoice. `published` is its
/// line in force, if any.
pub(crate) fn recredited(published: Option<&Published>, line: Line) -> Vec<Line> {
    let Some(published) = published else { return vec![line] };
    let mut lines = vec![reversal(published, &Reason::HistoryChanged)];
    if !line.amount.is_zero() {
        lines.push(replacement(published, line, Reason::HistoryChanged));
    }
    lines
}

/// Adds the reason to a late line.
pub(crate) fn billed_late(mut line: Line, reason: Reason) -> Line {
    line.wording.get_or_insert_default().late = Some(Box::new(reason));
    line
}

/// Whether two lines bill the same in the same way.
fn says_the_same(published: &Line, line: &Line) -> bool {
    published.amount == line.amount
        && published.currency == line.currency
        && published.quote.quantity == line.quote.quantity
        && published.quote.price_id == line.quote.price_id
        && published.service_start == line.service_start
        && published.service_end == line.service_end
        && published.share == line.share
}

fn reversal(published: &Published, reason: &Reason) -> Line {
    let old = &published.line;
    let negative = Amount::ZERO.checked_sub(old.amount);
    Line {
        kind: LineKind::Correction,
        quote: old.quote.credited().into(),
        amount: negative.expect("a published amount is never the least of 64 bits"),
        correction: Some(Box::new(correction(published, CorrectionRole::Reversal, reason.clone()))),
        ..old.clone()
    }
}

fn replacement(published: &Published, line: Line, reason: Reason) -> Line {
    Line {
        kind: LineKind::Correction,
        correction: Some(Box::new(correction(published, CorrectionRole::Replacement, reason))),
        ..line
    }
}

fn correction(published: &Published, role: CorrectionRole, reason: Reason) -> Correction {
    Correction {
        role,
        invoice_number: Arc::clone(&published.invoice_number),
        line_number: published.line_number,
        reason,
    }
}

/// The earliest change that arrived since the last close. The log is in order of time.
fn first_arrived<'c>(past: &BilledLines, ledger: SubscriptionLog<'c>) -> Option<&'c Change> {
    ledger.changes.iter().find(|change| past.arrived.contains(&change.id))
}

/// The earliest change that arrived after the line was published and affects it. If the earliest
/// of all does not affect it, no later one does.
fn reason(
    line: &Line,
    past: &BilledLines,
    (ledger, first_arrived): (SubscriptionLog<'_>, Option<&Change>),
) -> Reason {
    if let Some(id) = line.key.discount.as_ref().filter(|id| past.arrived_discounts.contains(*id)) {
        return Reason::DiscountUnknown((**id).into());
    }
    let culprit = first_arrived.filter(|change| change.at < line.service_end);
    culprit.map_or(Reason::HistoryChanged, |change| Reason::ChangeArrived {
        change: (*change.id).into(),
        on: ledger.account.zone.date(change.at),
    })
}
