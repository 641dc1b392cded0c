//! What the documents of a close come to at each tax rate, and what they credit of earlier ones, for
//! closes to come.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::invoice::Invoice;
use crate::model::{Account, Line, TaxTerms};
use crate::register::RatePart;
use crate::value::Amount;

/// What each document comes to.
pub fn document_parts(invoices: &[Invoice], accounts: &[Account]) -> Vec<RatePart> {
    let parts = invoices.iter().flat_map(|invoice| {
        let number: Arc<str> = invoice.number.as_str().into();
        let sums = sums(invoice.lines.iter().map(|line| (Arc::clone(&number), line)));
        sums.into_iter().map(|sum| part(sum, invoice, accounts)).collect::<Vec<_>>()
    });
    parts.collect()
}

/// What each document takes back of earlier ones.
pub fn credited_parts(invoices: &[Invoice], accounts: &[Account]) -> Vec<RatePart> {
    let parts = invoices.iter().flat_map(|invoice| {
        let credits = invoice.lines.iter().filter_map(|line| {
            line.credits_invoice.as_ref().map(|number| (Arc::clone(number), line))
        });
        let sums = sums(credits).into_iter().map(|sum| part(sum, invoice, accounts));
        sums.map(|part| RatePart { base: turned(part.base), tax: turned(part.tax), ..part })
            .collect::<Vec<_>>()
    });
    parts.collect()
}

struct Sum {
    number: Arc<str>,
    terms: Option<Arc<TaxTerms>>,
    base: Amount,
    tax: Amount,
}

/// The sums of lines by document and rate, in the order in which they first occur.
fn sums<'l>(lines: impl Iterator<Item = (Arc<str>, &'l Line)>) -> Vec<Sum> {
    let mut sums: Vec<Sum> = Vec::new();
    let mut places: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
    for (number, line) in lines {
        let of_number = places.entry(Arc::clone(&number)).or_default();
        let known = of_number.iter().copied().find(|place| sums[*place].terms == line.tax);
        let place = known.unwrap_or_else(|| {
            let terms = line.tax.clone();
            sums.push(Sum { number, terms, base: Amount::ZERO, tax: Amount::ZERO });
            of_number.push(sums.len() - 1);
            sums.len() - 1
        });
        let sum = &mut sums[place];
        sum.base = sum.base.checked_add(line.amount).expect("a part of a sum that fits");
        sum.tax = sum.tax.checked_add(line.tax_amount).expect("a part of a sum that fits");
    }
    sums
}

fn part(sum: Sum, invoice: &Invoice, accounts: &[Account]) -> RatePart {
    RatePart {
        invoice_number: sum.number,
        account_id: Arc::clone(&accounts[invoice.account].id),
        currency: invoice.currency,
        terms: sum.terms,
        base: sum.base,
        tax: sum.tax,
    }
}

fn turned(amount: Amount) -> Amount {
    amount.checked_neg().expect("a sum is never the least of 64 bits")
}
