//! The texts of the input as one document shows them: names of discounts and notes of taxes in the
//! language of the account, and products with the label of their subscription.
//!
//! Tables keep the texts as they were billed. So this happens when a document is written, on a copy of
//! the invoice if anything differs.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::locale::Locale;
use crate::model::{
    Billed, BillingInput, Invoice, Line, LineKind, PriceChange, TaxTerms, Translated,
};
use crate::value::{Amount, Instant};

/// The texts of all documents of a run.
#[derive(Default)]
pub(crate) struct DocumentTexts<'a> {
    /// By `discount_id`.
    names: HashMap<&'a str, &'a Translated>,
    /// By the note itself.
    notes: HashMap<&'a str, &'a Translated>,
    /// By `subscription_id`.
    labels: HashMap<&'a str, &'a str>,
    /// The rows that have the notices of price changes.
    notices: &'a [PriceChange],
}

/// What two lines that look the same have in common.
type Looks<'l> = (&'l str, LineKind, Instant, Instant, u64, Amount);

impl<'a> DocumentTexts<'a> {
    pub(crate) fn new(book: &'a BillingInput) -> Self {
        let names = book.discounts.iter().filter(|it| !it.names.is_empty());
        let notes = book.taxes.rows().filter(|rate| !rate.notes.is_empty());
        let labelled = book.subscriptions.iter();
        Self {
            names: names.map(|discount| (&*discount.id, &discount.names)).collect(),
            notes: notes.map(|rate| (&*rate.terms.note, &rate.notes)).collect(),
            notices: &book.price_changes,
            labels: labelled.filter_map(|it| Some((&*it.id, it.label.as_deref()?))).collect(),
        }
    }

    /// The invoice with the texts of its document, for a reader of a language.
    pub(crate) fn of<'i>(&self, invoice: &'i Invoice, locale: Locale) -> Cow<'i, Invoice> {
        let mut labels = self.labels_on(&invoice.lines);
        add_orders(&mut labels, invoice, locale);
        let has_translations = !self.names.is_empty() || !self.notes.is_empty();
        let has_notices = !self.notices.is_empty();
        if labels.is_empty() && !has_translations && !has_notices {
            return Cow::Borrowed(invoice);
        }
        let language = locale.language();
        let mut said = invoice.clone();
        let related = said.related.iter_mut().flat_map(|related| &mut related.documents);
        for line in said.lines.iter_mut().chain(related.flat_map(|it| &mut it.lines)) {
            if let Some(label) = labels.get(&*line.key.subscription_id) {
                add_label(line, label);
            }
            self.translate(line, language);
        }
        for total in &mut said.taxes {
            if let Some(terms) = self.translated(&total.terms, language) {
                total.terms = terms;
            }
        }
        Cow::Owned(said)
    }

    /// The labels of the subscriptions on some lines. Subscriptions without one are numbered if their
    /// lines look the same.
    fn labels_on<'l>(&self, lines: &'l [Line]) -> HashMap<&'l str, Cow<'a, str>> {
        let mut labels: HashMap<&str, Cow<'_, str>> = HashMap::new();
        if !self.labels.is_empty() {
            let ids = lines.iter().map(|line| &*line.key.subscription_id);
            labels.extend(ids.filter_map(|id| Some((id, (*self.labels.get(id)?).into()))));
        }
        let mut alike: HashMap<Looks, Vec<&str>> = HashMap::new();
        let billed = lines.iter().filter(|line| {
            !matches!(line.kind, LineKind::Discount | LineKind::Adjustment)
                && line.correction.is_none()
                && !self.labels.contains_key(&*line.key.subscription_id)
        });
        for line in billed {
            let ids = alike.entry(looks(line)).or_default();
            if !ids.contains(&&*line.key.subscription_id) {
                ids.push(&line.key.subscription_id);
            }
        }
        // In the order of the lines: a subscription keeps the first number that it gets.
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        for line in lines.iter().filter(|line| line.correction.is_none()) {
            let id = &*line.key.subscription_id;
            let is_alike = alike.get(&looks(line)).is_some_and(|ids| ids.len() > 1);
            if is_alike && !labels.contains_key(id) {
                let number = numbers.entry(&line.quote.product).or_default();
                *number += 1;
                labels.insert(id, number.to_string().into());
            }
        }
        labels
    }

    fn translate(&self, line: &mut Line, language: &str) {
        let id = line.key.discount.as_deref();
        let name = id.and_then(|id| self.names.get(id)).and_then(|names| names.get(language));
        if let (Some(name), Some(wording)) = (name, &mut line.wording)
            && let Some(discount) = &mut wording.discount
        {
            discount.name = name.into();
        }
        if let Some(wording) = &mut line.wording
            && let Some(notice) = &mut wording.notice
            && let Some(row) = self.notices.iter().find(|row| notice.is_of(&row.id))
        {
            notice.words = row.notices.get(language).unwrap_or(&row.notice).into();
        }
        if let Some(terms) = line.tax.as_ref().and_then(|terms| self.translated(terms, language)) {
            line.tax = Some(terms);
        }
    }

    fn translated(&self, terms: &TaxTerms, language: &str) -> Option<Arc<TaxTerms>> {
        let note = self.notes.get(&*terms.note)?.get(language)?;
        Some(Arc::new(TaxTerms { note: note.into(), ..terms.clone() }))
    }
}

/// Adds the orders of subscriptions to their labels, if they differ from that of the document.
fn add_orders<'l>(
    labels: &mut HashMap<&'l str, Cow<'_, str>>,
    invoice: &'l Invoice,
    locale: Locale,
) {
    let Some(orders) = &invoice.orders else { return };
    for id in invoice.lines.iter().map(|line| &*line.key.subscription_id).collect::<HashSet<_>>() {
        if let Some(order) = orders.other(id) {
            let order = locale.texts().of_order(order);
            let label = labels.get(id).map(|label| format!("{label}, {order}"));
            labels.insert(id, label.unwrap_or(order).into());
        }
    }
}

fn looks(line: &Line) -> Looks<'_> {
    let (product, quantity) = (&*line.quote.product, line.quote.quantity);
    (product, line.kind, line.service_start, line.service_end, quantity, line.amount)
}

/// "Seats (Berlin)", also where a change names the product.
fn add_label(line: &mut Line, label: &str) {
    let product = with_label(&line.quote.product, label);
    line.quote_mut().product = product.into();
    if let Some(wording) = &mut line.wording
        && let Billed::Net(net) = &mut wording.billed
    {
        for held in [&mut net.new, &mut net.old] {
            held.product = with_label(&held.product, label).into();
        }
    }
}

fn with_label(product: &str, label: &str) -> String {
    format!("{product} ({label})")
}
