//! What a document posts: it is owed or paid by credit on one side, and deferred revenue by
//! product and tax by rate on the other.

use std::borrow::Cow;
use std::mem::take;

use super::chart::Chart;
use super::{Entry, JournalError, Posting};
use crate::invoice::{DocumentKind, Invoice};
use crate::model::Account;
use crate::value::Amount;

/// Where entries are put together. That of an entry which is done with is there for the next one:
/// there are millions, each for as long as it takes to write it.
#[derive(Debug, Default)]
pub struct Room<'a> {
    postings: Vec<Posting<'a>>,
    memo: String,
    /// What lines come to, by product.
    nets: Vec<(&'a str, Amount)>,
}

impl<'a> Room<'a> {
    /// The room of an entry that nobody needs any more.
    pub fn take_back(&mut self, entry: Entry<'a>) {
        (self.postings, self.memo) = (entry.postings, entry.memo);
    }
}

/// The entry of a document, put together in this room; without postings if it posts nothing. A
/// negative total is credited to the customer.
///
/// # Errors
/// Amounts that do not fit.
pub fn document_entry<'a>(
    room: &mut Room<'a>,
    invoice: &'a Invoice,
    account: &'a Account,
    chart: &'a Chart<'_>,
) -> Result<Entry<'a>, JournalError> {
    let totals = &invoice.totals;
    let (mut postings, mut memo) = (take(&mut room.postings), take(&mut room.memo));
    postings.clear();
    write_memo(&mut memo, invoice, account);
    let mut entry = Entry {
        id: Cow::Borrowed(&invoice.number),
        date: invoice.issue_date,
        account_id: Some(Cow::Borrowed(&account.id)),
        currency: invoice.currency,
        memo,
        postings,
    };
    entry.debit(Cow::Borrowed(&chart.receivable), totals.amount_due)?;
    entry.debit(Cow::Borrowed(&chart.customer_credit), totals.credit_applied)?;
    entry.debit(Cow::Borrowed(&chart.customer_credit), totals.total.min(Amount::ZERO))?;
    add_up_by_product(&mut room.nets, invoice).ok_or_else(|| entry.too_large())?;
    for (product, net) in &room.nets {
        if let Some(posting) = entry.credit(Cow::Borrowed(&chart.deferred_revenue), *net)? {
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
    Ok(entry)
}

/// What the lines come to without tax, by product. A document has few products.
fn add_up_by_product<'a>(sums: &mut Vec<(&'a str, Amount)>, invoice: &'a Invoice) -> Option<()> {
    sums.clear();
    for line in &invoice.lines {
        let net = line.net_amount()?;
        match sums.binary_search_by(|(product, _)| (*product).cmp(&line.quote.product)) {
            Ok(place) => sums[place].1 = sums[place].1.checked_add(net)?,
            Err(place) => sums.insert(place, (&line.quote.product, net)),
        }
    }
    Some(())
}

fn write_memo(memo: &mut String, invoice: &Invoice, account: &Account) {
    let what = match (invoice.kind, invoice.credits_invoice.as_deref()) {
        (DocumentKind::Invoice, _) => ["Invoice", ""],
        (DocumentKind::Credit, _) => ["Credit", ""],
        (DocumentKind::CreditNote, None) => ["Credit note", ""],
        (DocumentKind::CreditNote, Some(number)) => ["Credit note for ", number],
    };
    memo.clear();
    memo.extend(what);
    memo.extend([", ", &account.name]);
}
