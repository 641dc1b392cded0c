//! What a document posts: it is owed or paid by credit on one side, and deferred revenue by
//! product and tax by rate on the other.

use std::borrow::Cow;

use super::chart::Chart;
use super::{Entry, JournalError};
use crate::invoice::{DocumentKind, Invoice};
use crate::model::Account;
use crate::value::Amount;

/// Room for as many as most documents post.
const USUAL_POSTINGS: usize = 4;

/// The entry of a document, if it posts anything. A negative total is credited to the customer.
pub fn document_entry<'a>(
    invoice: &'a Invoice,
    account: &'a Account,
    chart: &'a Chart<'_>,
) -> Result<Option<Entry<'a>>, JournalError> {
    let totals = &invoice.totals;
    let mut entry = Entry {
        id: Cow::Borrowed(&invoice.number),
        date: invoice.issue_date,
        account_id: Some(Cow::Borrowed(&account.id)),
        currency: invoice.currency,
        memo: memo(invoice, account),
        postings: Vec::with_capacity(USUAL_POSTINGS),
    };
    entry.debit(Cow::Borrowed(&chart.receivable), totals.amount_due)?;
    entry.debit(Cow::Borrowed(&chart.customer_credit), totals.credit_applied)?;
    entry.debit(Cow::Borrowed(&chart.customer_credit), totals.total.min(Amount::ZERO))?;
    for (product, net) in net_by_product(invoice).ok_or_else(|| entry.too_large())? {
        if let Some(posting) = entry.credit(Cow::Borrowed(&chart.deferred_revenue), net)? {
            posting.product = Some(Cow::Borrowed(product));
        }
    }
    for rate in &invoice.taxes {
        if let Some(posting) = entry.credit(chart.tax_payable(&rate.terms.code), rate.tax)? {
            posting.tax_code = Some(Cow::Borrowed(&rate.terms.code));
        }
    }
    for posting in &mut entry.postings {
        posting.document = Some(Cow::Borrowed(&invoice.number));
    }
    Ok(Some(entry).filter(|entry| !entry.postings.is_empty()))
}

/// What the lines come to without tax, by product. A document has few products.
fn net_by_product(invoice: &Invoice) -> Option<Vec<(&str, Amount)>> {
    let mut sums: Vec<(&str, Amount)> = Vec::with_capacity(USUAL_POSTINGS);
    for line in &invoice.lines {
        let net = line.net_amount()?;
        match sums.binary_search_by(|(product, _)| (*product).cmp(&line.product)) {
            Ok(place) => sums[place].1 = sums[place].1.checked_add(net)?,
            Err(place) => sums.insert(place, (&line.product, net)),
        }
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
