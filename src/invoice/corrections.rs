//! Corrections: where the log now contradicts a published line, one line takes it back and one
//! puts the right one in its place. Lines that still hold are not repeated.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{
    BilledLines, Correction, CorrectionRole, Line, LineKey, LineKind, Published, SubscriptionLog,
};
use crate::value::{Amount, Instant};

type Regular = Vec<(Instant, Line)>;

/// Compares what the log says now with what stands. Returns the lines that fall due regularly
/// after the last close, and the late ones.
pub(crate) fn correct(
    expected: Regular,
    past: &BilledLines,
    ledger: SubscriptionLog<'_>,
    last: Option<Instant>,
) -> (Regular, Vec<Line>) {
    let mut unmatched: HashMap<&LineKey, &Published> =
        past.standing.iter().map(|entry| (&entry.line.key, entry)).collect();
    let (mut regular, mut late) = (Vec::new(), Vec::new());
    for (due, line) in expected {
        match unmatched.remove(&line.key) {
            Some(published) if says_the_same(&published.line, &line) => {}
            Some(published) => {
                let reason = reason(&published.line, past, ledger);
                late.push(reversal(published, &reason));
                late.push(replacement(published, line, &reason));
            }
            None if last.is_some_and(|last| due <= last) => {
                // A zero line may have been left out with the document it was alone on.
                if !line.amount.is_zero() {
                    let reason = reason(&line, past, ledger);
                    late.push(billed_late(line, &reason));
                }
            }
            None => regular.push((due, line)),
        }
    }
    let mut contradicted: Vec<&Published> = unmatched.into_values().collect();
    contradicted.sort_by(|a, b| a.line.key.cmp(&b.line.key));
    late.extend(
        contradicted.into_iter().map(|entry| reversal(entry, &reason(&entry.line, past, ledger))),
    );
    (regular, late)
}

/// The lines that bring an adjustment to what its invoice has left for it now. `published` is what
/// stands of it, if anything.
pub(crate) fn recredited(published: Option<&Published>, line: Line) -> Vec<Line> {
    let Some(published) = published else { return vec![line] };
    let mut lines = vec![reversal(published, HISTORY_CHANGED)];
    if !line.amount.is_zero() {
        lines.push(replacement(published, line, HISTORY_CHANGED));
    }
    lines
}

const HISTORY_CHANGED: &str = "the history of the subscription was changed";

/// A line that should have been on an earlier invoice says why it was not.
pub(crate) fn billed_late(line: Line, reason: &str) -> Line {
    Line { description: format!("{}; {reason}", line.description).into(), ..line }
}

/// Whether two lines bill the same thing in the same way.
fn says_the_same(published: &Line, line: &Line) -> bool {
    published.amount == line.amount
        && published.currency == line.currency
        && published.quote.quantity == line.quote.quantity
        && published.quote.price_id == line.quote.price_id
        && published.service_start == line.service_start
        && published.service_end == line.service_end
        && published.share == line.share
}

fn reversal(published: &Published, reason: &str) -> Line {
    let old = &published.line;
    let negative = Amount::ZERO.checked_sub(old.amount);
    Line {
        kind: LineKind::Correction,
        description: format!(
            "Reverses “{}” of {}: {reason}",
            plain_description(old),
            document(&published.invoice_number)
        )
        .into(),
        quote: old.quote.credited().into(),
        amount: negative.expect("a published amount is never the least of 64 bits"),
        correction: Some(Box::new(correction(published, CorrectionRole::Reversal, reason))),
        ..old.clone()
    }
}

fn replacement(published: &Published, line: Line, reason: &str) -> Line {
    let document = document(&published.invoice_number);
    Line {
        kind: LineKind::Correction,
        description: format!("{}{CORRECTS}{document}: {reason}", line.description).into(),
        correction: Some(Box::new(correction(published, CorrectionRole::Replacement, reason))),
        ..line
    }
}

const CORRECTS: &str = ", corrects ";

/// How a document is called. What was billed before the register was opened has no number here.
fn document(invoice_number: &str) -> String {
    if invoice_number.is_empty() {
        "what was billed before this register was opened".to_owned()
    } else {
        format!("invoice {invoice_number}")
    }
}

/// What a replacement said before it said what it corrects, so that corrections of corrections
/// do not nest.
fn plain_description(line: &Line) -> &str {
    let Some(correction) = &line.correction else { return &line.description };
    let suffix = format!("{CORRECTS}{}", document(&correction.invoice_number));
    line.description.split(&*suffix).next().unwrap_or(&line.description)
}

fn correction(published: &Published, role: CorrectionRole, reason: &str) -> Correction {
    Correction {
        role,
        invoice_number: Arc::clone(&published.invoice_number),
        line_number: published.line_number,
        reason: reason.to_owned(),
    }
}

/// The change that arrived after the line was published and bears on it; the earliest, if several.
fn reason(line: &Line, past: &BilledLines, ledger: SubscriptionLog<'_>) -> String {
    if let Some(id) = line.key.discount.as_ref().filter(|id| past.arrived_discounts.contains(*id)) {
        return format!("the discount {id} was not known before");
    }
    let culprit = ledger
        .changes
        .iter()
        .find(|change| past.arrived.contains(&change.id) && change.at < line.service_end);
    culprit.map_or_else(
        || HISTORY_CHANGED.to_owned(),
        |change| {
            let date = ledger.account.zone.date(change.at).format("%-d %b %Y");
            format!("the change {} of {date} arrived later", change.id)
        },
    )
}
