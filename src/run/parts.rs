//! What the documents of a close come to at each tax rate, and what they credit of earlier ones, for
//! closes to come.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::invoice::{INVOICES_IN_A_PIECE, Invoice, RateSum, by_rate, with_lines_at_hand};
use crate::model::{Account, Line};
use crate::register::RatePart;
use crate::value::Amount;

/// What documents come to, and what they take back of earlier ones.
pub struct Parts<'a> {
    /// What each comes to.
    pub documents: Vec<RatePart<'a>>,
    /// What each takes back.
    pub credits: Vec<RatePart<'a>>,
}

impl<'a> Parts<'a> {
    /// Both at once: to fetch the lines from memory takes longer than to add them up.
    pub fn of(invoices: &'a [Invoice], accounts: &'a [Account]) -> Self {
        let pieces = invoices.par_chunks(INVOICES_IN_A_PIECE).map(|invoices| {
            let mut piece = Self { documents: Vec::new(), credits: Vec::new() };
            for invoice in with_lines_at_hand(invoices) {
                let parts = parts_of(&invoice.number, &invoice.lines, invoice, accounts);
                piece.documents.extend(parts);
                piece.credits.extend(credited_by(invoice, accounts));
            }
            piece
        });
        let (documents, credits): (Vec<_>, Vec<_>) =
            pieces.map(|piece| (piece.documents, piece.credits)).unzip();
        Self { documents: joined(documents), credits: joined(credits) }
    }
}

fn joined<T>(pieces: Vec<Vec<T>>) -> Vec<T> {
    let mut all = Vec::with_capacity(pieces.iter().map(Vec::len).sum());
    all.extend(pieces.into_iter().flatten());
    all
}

fn credited_by<'a>(invoice: &'a Invoice, accounts: &'a [Account]) -> Vec<RatePart<'a>> {
    let lines = &invoice.lines;
    let numbers: BTreeSet<&str> =
        lines.iter().filter_map(|line| line.credits_invoice.as_deref()).collect();
    let credits = numbers.into_iter().flat_map(|number| {
        let is_its = move |line: &&Line| line.credits_invoice.as_deref() == Some(number);
        parts_of(number, lines.iter().filter(is_its), invoice, accounts)
    });
    credits
        .map(|part| RatePart { base: turned(part.base), tax: turned(part.tax), ..part })
        .collect()
}

/// What some lines of a document come to, under the number of the document that they concern.
fn parts_of<'a>(
    number: &'a str,
    lines: impl IntoIterator<Item = &'a Line>,
    invoice: &'a Invoice,
    accounts: &'a [Account],
) -> impl Iterator<Item = RatePart<'a>> {
    let sums = by_rate(lines).expect("parts of sums that fit");
    sums.into_iter().map(move |RateSum { terms, base, tax }| RatePart {
        invoice_number: number,
        account_id: &accounts[invoice.account].id,
        currency: invoice.currency,
        terms,
        base,
        tax,
    })
}

fn turned(amount: Amount) -> Amount {
    amount.checked_neg().expect("a sum is never the least of 64 bits")
}
