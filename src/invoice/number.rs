//! Numbers without gaps: given in a fixed order, after every document is known.
//!
//! The order is instant, then account, then currency. It does not depend on when the job ran, so
//! a catch-up run gives the numbers that timely runs would have given.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{Datelike as _, Days};
use rayon::prelude::*;

use super::credit_note::provisional_number;
use super::{DocumentKind, Draft, Invoice};
use crate::config::Settings;
use crate::model::Account;
use crate::register::Series;

/// Turns drafts into invoices, in the order of their numbers.
pub fn assign_numbers(
    mut drafts: Vec<Draft>,
    accounts: &[Account],
    settings: &Settings,
    series: &mut Series,
) -> Vec<Invoice> {
    drafts.par_sort_by(|a, b| place(a, accounts).cmp(&place(b, accounts)));
    let mut invoices: Vec<Invoice> =
        drafts.into_iter().map(|draft| number_one(draft, accounts, settings, series)).collect();
    resolve(&mut invoices);
    invoices
}

/// What decides about the place of a document: a credit note comes before the invoice of its instant,
/// which its credit may pay.
fn place<'d>(draft: &'d Draft, accounts: &'d [Account]) -> impl Ord + use<'d> {
    let credited = &draft.credits_invoice;
    (draft.instant, &accounts[draft.account].id, draft.currency, credited.is_none(), credited)
}

/// Puts numbers in the place of the provisional ones by which documents of one close refer to each
/// other.
fn resolve(invoices: &mut [Invoice]) {
    let is_provisional = |number: &Arc<str>| number.starts_with('\0');
    let refers = |invoice: &&Invoice| invoice.credits_invoice.as_ref().is_some_and(is_provisional);
    if !invoices.iter().any(|invoice| refers(&invoice)) {
        return;
    }
    let originals = invoices.iter().filter(|invoice| invoice.kind != DocumentKind::CreditNote);
    let numbers: HashMap<(usize, Arc<str>), Arc<str>> = originals
        .map(|invoice| {
            let provisional = provisional_number(invoice.instant, invoice.currency);
            ((invoice.account, provisional), invoice.number.as_str().into())
        })
        .collect();
    for invoice in invoices {
        let account = invoice.account;
        let lines = invoice.lines.iter_mut().map(|line| &mut line.credits_invoice);
        for reference in lines.chain([&mut invoice.credits_invoice]).flatten() {
            if let Some(number) = numbers.get(&(account, Arc::clone(reference))) {
                *reference = Arc::clone(number);
            }
        }
    }
}

fn number_one(
    draft: Draft,
    accounts: &[Account],
    settings: &Settings,
    series: &mut Series,
) -> Invoice {
    let issue_date = accounts[draft.account].zone.date(draft.instant);
    let numbering = settings.numbering_of(draft.credits_invoice.is_some());
    let format = &numbering.format;
    let name = format.series(issue_date.year(), draft.currency);
    let next = series.entry(name).or_insert(numbering.first);
    let number = format.number(issue_date.year(), draft.currency, *next);
    *next += 1;
    let terms = Days::new(u64::from(settings.payment_terms_days));
    let kind = match &draft.credits_invoice {
        Some(_) => DocumentKind::CreditNote,
        None if draft.totals.total.is_negative() => DocumentKind::Credit,
        None => DocumentKind::Invoice,
    };
    Invoice {
        number,
        kind,
        account: draft.account,
        currency: draft.currency,
        instant: draft.instant,
        issue_date,
        due_date: issue_date.checked_add_days(terms).expect("terms are at most a century"),
        lines: draft.lines,
        taxes: draft.taxes,
        totals: draft.totals,
        credits_invoice: draft.credits_invoice,
    }
}
