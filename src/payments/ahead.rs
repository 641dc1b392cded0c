//! Reads the data of many invoices ahead. The data is scattered in memory, and waiting for it took
//! a third of the time to make the rows of a million accounts. Reading it for many invoices
//! together overlaps these waits.

use std::hint::black_box;
use std::sync::Arc;

use crate::model::{Account, Invoice, Line, Quote, Receivable};

/// Small enough that the caches hold their lines.
pub(crate) const AT_A_TIME: usize = 512;

/// The invoices in order. Their lines are read ahead.
pub(crate) fn with_lines_at_hand(invoices: &[Invoice]) -> impl Iterator<Item = &Invoice> {
    invoices.chunks(AT_A_TIME).flat_map(|some| {
        let lines = some.iter().flat_map(|invoice| &invoice.lines);
        look_at(lines.clone().map(parts_of_line));
        look_at(lines.map(parts_of_quote));
        some
    })
}

/// Reads ahead the ids of the accounts of invoices. The reference count is next to the text.
pub(crate) fn look_at_owners<'i>(
    invoices: impl Iterator<Item = &'i Invoice> + Clone,
    accounts: &[Account],
) {
    let accounts = invoices.map(|invoice| &accounts[invoice.account].id);
    look_at(accounts.clone().map(|id| id.len()));
    look_at(accounts.map(Arc::strong_count));
}

/// Reads ahead everything for the rows of invoices in all tables. The caches should hold all of
/// them.
pub(crate) fn look_at_documents(invoices: &[Invoice], accounts: &[Account]) {
    let accounts = invoices.iter().map(|invoice| &accounts[invoice.account]);
    let lines = || invoices.iter().flat_map(|invoice| &invoice.lines);
    look_at(accounts.clone().map(parts_of_account));
    look_at(lines().map(parts_of_line));
    look_at(lines().map(parts_of_quote));
    look_at(invoices.iter().flat_map(|invoice| &invoice.taxes).map(|total| total.net));
    // The addresses of texts are known now.
    look_at_texts(invoices.iter().map(|invoice| &*invoice.number));
    look_at_texts(accounts.flat_map(texts_of_account));
    look_at_texts(lines().flat_map(texts_of_line));
}

/// The same for receivables.
pub(crate) fn look_at_receivables<'r>(owed: impl Iterator<Item = &'r Receivable> + Clone) {
    look_at(owed.clone().map(|receivable| receivable.total));
    look_at_texts(owed.clone().map(|receivable| &*receivable.invoice_number));
    look_at_texts(owed.map(|receivable| &*receivable.account_id));
}

/// Fields from each cache line. It has no branches, because a branch would wait for its value.
fn parts_of_account(account: &Account) -> impl Sized {
    let Account { id, name, email, billing_email, tax_id, zone, line, .. } = account;
    let texts = (id.len(), name.len(), email.len(), billing_email.is_some(), tax_id.is_some());
    (texts, *zone, *line)
}

/// The same for a line.
fn parts_of_line(line: &Line) -> impl Sized {
    let Line { key, wording, credits_invoice, correction, .. } = line;
    let texts = (key.subscription_id.len(), wording.as_ref().is_some_and(|it| it.late.is_some()));
    let options = (key.discount.is_some(), credits_invoice.is_some(), correction.is_some());
    (texts, options, line.service_start, line.share, line.amount)
}

/// The same for its quote, which is a separate allocation.
fn parts_of_quote(line: &Line) -> impl Sized {
    let Quote { price_id, product, breakdown, amount, .. } = &*line.quote;
    (price_id.len(), product.len(), breakdown.is_bare(), *amount)
}

fn texts_of_account(account: &Account) -> [&str; 4] {
    let tax_id = account.tax_id.as_deref().unwrap_or_default();
    [&account.id, &account.name, account.recipient_email(), tax_id]
}

/// The texts that few other lines share.
fn texts_of_line(line: &Line) -> [&str; 3] {
    let change_id = line.key.cause.change_id().map(|id| &**id).unwrap_or_default();
    let credits_invoice = line.credits_invoice.as_deref().unwrap_or_default();
    let key = &line.key.subscription_id;
    [key, change_id, credits_invoice]
}

fn look_at_texts<'t>(texts: impl Iterator<Item = &'t str>) {
    look_at(texts.map(|text| text.bytes().next()));
}

/// A short loop lets many waits begin before the first one ends.
fn look_at(values: impl Iterator<Item = impl Sized>) {
    values.for_each(|value| drop(black_box(value)));
}
