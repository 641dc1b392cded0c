//! What the documents of a close come to at each tax rate, and what they credit of earlier ones, for
//! closes to come.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::invoice::{Invoice, RateSum, by_rate};
use crate::model::{Account, Line};
use crate::register::RatePart;
use crate::value::Amount;

/// What each document comes to.
pub fn document_parts(invoices: &[Invoice], accounts: &[Account]) -> Vec<RatePart> {
    let mut parts = Vec::with_capacity(invoices.len());
    for invoice in invoices {
        parts.extend(parts_of(&invoice.number, &invoice.lines, invoice, accounts));
    }
    parts
}

/// What each document takes back of earlier ones.
pub fn credited_parts(invoices: &[Invoice], accounts: &[Account]) -> Vec<RatePart> {
    let mut parts = Vec::new();
    for invoice in invoices {
        let numbers: BTreeSet<&Arc<str>> =
            invoice.lines.iter().filter_map(|line| line.credits_invoice.as_ref()).collect();
        for number in numbers {
            let is_its = |line: &&Line| line.credits_invoice.as_ref() == Some(number);
            let credits = parts_of(number, invoice.lines.iter().filter(is_its), invoice, accounts);
            parts.extend(credits.map(|part| RatePart {
                base: turned(part.base),
                tax: turned(part.tax),
                ..part
            }));
        }
    }
    parts
}

/// What some lines of a document come to, under the number of the document that they concern.
fn parts_of<'l>(
    number: &Arc<str>,
    lines: impl IntoIterator<Item = &'l Line>,
    invoice: &Invoice,
    accounts: &[Account],
) -> impl Iterator<Item = RatePart> {
    let sums = by_rate(lines).expect("parts of sums that fit");
    sums.into_iter().map(|RateSum { terms, base, tax }| RatePart {
        invoice_number: Arc::clone(number),
        account_id: Arc::clone(&accounts[invoice.account].id),
        currency: invoice.currency,
        terms,
        base,
        tax,
    })
}

fn turned(amount: Amount) -> Amount {
    amount.checked_neg().expect("a sum is never the least of 64 bits")
}
