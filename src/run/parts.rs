//! What the documents of a close come to at each tax rate, and what they credit of earlier ones, for
//! closes to come.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::invoice::{Invoice, RateSum, by_rate};
use crate::model::{Account, Line};
use crate::register::RatePart;
use crate::value::Amount;

/// What each document comes to.
pub fn document_parts<'a>(invoices: &'a [Invoice], accounts: &'a [Account]) -> Vec<RatePart<'a>> {
    let of = |invoice: &'a Invoice| parts_of(&invoice.number, &invoice.lines, invoice, accounts);
    invoices.par_iter().flat_map_iter(of).collect()
}

/// What each document takes back of earlier ones.
pub fn credited_parts<'a>(invoices: &'a [Invoice], accounts: &'a [Account]) -> Vec<RatePart<'a>> {
    invoices.par_iter().flat_map_iter(|invoice| credited_by(invoice, accounts)).collect()
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
