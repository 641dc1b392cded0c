//! Relates the documents of a close that share a change.

use std::collections::HashSet;

use crate::model::{DocumentKind, Invoice, LeftToPay, Line, LineTie, Related, RelatedDocument};

/// Tells each document about those of its account, instant and currency that have other parts of its
/// changes and corrections. `invoices` are in the order of their numbers, where such documents are
/// neighbours, and settled. Only credit notes split a change.
pub(crate) fn relate(invoices: &mut [Invoice]) {
    let key = |invoice: &Invoice| (invoice.instant, invoice.account, invoice.currency);
    for some in invoices.chunk_by_mut(|a, b| key(a) == key(b)) {
        if some.len() > 1 && some.iter().any(|it| it.kind == DocumentKind::CreditNote) {
            relate_some(some);
        }
    }
}

fn relate_some(invoices: &mut [Invoice]) {
    let documents: Vec<Vec<RelatedDocument>> = invoices
        .iter()
        .map(|invoice| {
            let ties: HashSet<LineTie> = invoice.lines.iter().filter_map(Line::tie).collect();
            let others = invoices.iter().filter(|other| other.number != invoice.number);
            others.filter_map(|other| with_parts_of(&ties, other)).collect()
        })
        .collect();
    let left: Vec<Vec<LeftToPay>> = documents
        .iter()
        .zip(&*invoices)
        .map(|(documents, invoice)| {
            let is_related =
                |other: &&Invoice| documents.iter().any(|it| it.number == other.number);
            left_after(invoices.iter().filter(is_related), invoice)
        })
        .collect();
    for ((invoice, documents), left_to_pay) in invoices.iter_mut().zip(documents).zip(left) {
        if !documents.is_empty() {
            invoice.related = Some(Box::new(Related { documents, left_to_pay }));
        }
    }
}

/// A document with its lines that have these ties, if there are any.
fn with_parts_of(ties: &HashSet<LineTie<'_>>, other: &Invoice) -> Option<RelatedDocument> {
    let is_part = |line: &&Line| line.tie().is_some_and(|tie| ties.contains(&tie));
    let lines: Vec<Line> = other.lines.iter().filter(is_part).cloned().collect();
    let (number, kind) = (other.number.clone(), other.kind);
    (!lines.is_empty()).then_some(RelatedDocument { number, kind, lines })
}

/// What is left to pay of the invoices that credit notes among these documents concern and, on a note,
/// of the new invoice; without the document itself.
fn left_after<'i>(
    others: impl Iterator<Item = &'i Invoice>,
    invoice: &'i Invoice,
) -> Vec<LeftToPay> {
    let mut left: Vec<LeftToPay> = Vec::new();
    for other in std::iter::once(invoice).chain(others) {
        let of_note = other.related.iter().flat_map(|related| related.left_to_pay.iter().cloned());
        let own = (other.kind == DocumentKind::Invoice).then(|| LeftToPay {
            invoice_number: other.number.clone(),
            amount: other.totals.amount_due,
        });
        for one in of_note.chain(own).filter(|one| one.invoice_number != invoice.number) {
            match left.iter_mut().find(|known| known.invoice_number == one.invoice_number) {
                // Notes are in order, so the last one has the latest amount.
                Some(known) => *known = one,
                None => left.push(one),
            }
        }
    }
    left
}
