//! What a document posts: it is owed or paid by credit on one side, and deferred revenue by
//! product and tax by rate on the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::chart::Chart;
use super::{Entry, JournalError};
use crate::invoice::{DocumentKind, Invoice};
use crate::model::Account;
use crate::value::Amount;

/// The entry of a document, if it posts anything. A negative total is credited to the customer.
pub fn document_entry(
    invoice: &Invoice,
    account: &Account,
    chart: &Chart<'_>,
) -> Result<Option<Entry>, JournalError> {
    let number: Arc<str> = invoice.number.as_str().into();
    let totals = &invoice.totals;
    let mut entry = Entry {
        id: Arc::clone(&number),
        date: invoice.issue_date,
        account_id: Some(Arc::clone(&account.id)),
        currency: invoice.currency,
        memo: memo(invoice, account),
        postings: Vec::new(),
    };
    entry.debit(&chart.receivable, totals.amount_due)?;
    entry.debit(&chart.customer_credit, totals.credit_applied)?;
    entry.debit(&chart.customer_credit, totals.total.min(Amount::ZERO))?;
    for (product, net) in net_by_product(invoice).ok_or_else(|| entry.too_large())? {
        if let Some(posting) = entry.credit(&chart.deferred_revenue, net)? {
            posting.product = Some(Arc::clone(product));
        }
    }
    for rate in &invoice.taxes {
        if let Some(posting) = entry.credit(&chart.tax_payable(&rate.terms.code), rate.tax)? {
            posting.tax_code = Some(Arc::clone(&rate.terms.code));
        }
    }
    for posting in &mut entry.postings {
        posting.document = Some(Arc::clone(&number));
    }
    Ok(Some(entry).filter(|entry| !entry.postings.is_empty()))
}

/// The sum of the lines of each product, without tax; `None` if it does not fit.
fn net_by_product(invoice: &Invoice) -> Option<BTreeMap<&Arc<str>, Amount>> {
    let mut sums: BTreeMap<&Arc<str>, Amount> = BTreeMap::new();
    for line in &invoice.lines {
        let sum = sums.entry(&line.product).or_default();
        *sum = sum.checked_add(line.net_amount()?)?;
    }
    Some(sums)
}

fn memo(invoice: &Invoice, account: &Account) -> String {
    let what = match (invoice.kind, invoice.credits_invoice.as_deref()) {
        (DocumentKind::Invoice, _) => "Invoice".to_owned(),
        (DocumentKind::Credit, _) => "Credit".to_owned(),
        (DocumentKind::CreditNote, None) => "Credit note".to_owned(),
        (DocumentKind::CreditNote, Some(number)) => format!("Credit note for {number}"),
    };
    format!("{what}, {}", account.name)
}
