//! The postings of an invoice: receivable or credit on one side; deferred revenue by product and
//! tax by rate on the other.

use std::borrow::Cow;
use std::mem::take;

use super::chart::Chart;
use super::{JournalEntry, JournalError, Posting};
use crate::model::{Account, DocumentKind, Invoice, Line};
use crate::value::Amount;

/// Buffers for building entries. They are reused, because there are millions of entries and each
/// lives only until it is written.
#[derive(Debug, Default)]
pub(crate) struct PostingBuffer<'a> {
    postings: Vec<Posting<'a>>,
    memo: String,
    /// The net sums by product.
    nets: Vec<(&'a str, Amount)>,
}

impl<'a> PostingBuffer<'a> {
    /// Takes the memory of an entry that is no longer needed.
    pub(crate) fn take_back(&mut self, entry: JournalEntry<'a>) {
        (self.postings, self.memo) = (entry.postings, entry.memo);
    }
}

/// The entry of an invoice, built in this buffer; it may have no postings. A negative total is
/// credited to the customer.
///
/// # Errors
/// Amounts that do not fit.
pub(crate) fn document_entry<'a>(
    room: &mut PostingBuffer<'a>,
    invoice: &'a Invoice,
    account: &'a Account,
    chart: &'a Chart<'_>,
) -> Result<JournalEntry<'a>, JournalError> {
    let totals = &invoice.totals;
    let (mut postings, mut memo) = (take(&mut room.postings), take(&mut room.memo));
    postings.clear();
    write_memo(&mut memo, invoice, account);
    let mut entry = JournalEntry {
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

/// Whether the entry is certain to fit and balance, without building it. It is if both sides are
/// equal and the sum of all amounts fits one amount. This is true for most invoices.
pub(crate) fn surely_balances(invoice: &Invoice) -> bool {
    let totals = &invoice.totals;
    let debits = [totals.amount_due, totals.credit_applied, totals.total.min(Amount::ZERO)];
    let (mut difference, mut size) = (0, 0);
    for debit in debits.map(|amount| i128::from(amount.minor())) {
        difference += debit;
        size += debit.abs();
    }
    let nets = invoice.lines.iter().map(Line::net_amount);
    for credit in nets.chain(invoice.taxes.iter().map(|rate| Some(rate.tax))) {
        let Some(credit) = credit.map(|amount| i128::from(amount.minor())) else { return false };
        difference -= credit;
        size += credit.abs();
    }
    difference == 0 && size <= i128::from(i64::MAX)
}

/// The net sums of the lines by product. An invoice has few products.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::accounting::balances;
    use crate::accounting::tests::{account, document, line, tax};
    use crate::config::LedgerSettings;
    use crate::model::TaxBehavior;

    fn taxed(minor: i64, tax_minor: i64, behavior: TaxBehavior) -> Line {
        Line {
            tax: Some(tax(19, behavior)),
            tax_amount: Amount::from_minor(tax_minor),
            tax_parts: None,
            ..line("Seats", minor, "2020-06-01", "2020-07-01")
        }
    }

    proptest! {
        #[test]
        fn what_surely_balances_does(
            minor in -1_000..1_000_i64, tax_minor in -10..10_i64, is_inclusive: bool,
            due in prop_oneof![Just(None), prop_oneof![-10..10_i64, any::<i64>()].prop_map(Some)],
            added in prop_oneof![Just(0), any::<i64>()],
        ) {
            let behavior =
                if is_inclusive { TaxBehavior::Inclusive } else { TaxBehavior::Exclusive };
            let lines = vec![taxed(minor, tax_minor, behavior), taxed(5, 1, behavior)];
            let mut invoice = document("I-1", "2020-06-01", lines, 0);
            prop_assert!(surely_balances(&invoice));
            if let Some(due) = due {
                invoice.totals.amount_due = Amount::from_minor(due);
            }
            // The two lines cancel out, but their amounts may be too large together.
            for added in [added, added.saturating_neg()] {
                invoice.lines.push(line("Seats", added, "2020-06-01", "2020-07-01"));
            }
            let (account, ledger) = (account(), LedgerSettings::default());
            let chart = Chart::new(&ledger);
            let entry = document_entry(&mut PostingBuffer::default(), &invoice, &account, &chart);
            let is_entry = entry.is_ok_and(|entry| balances(&[entry]).is_ok());
            prop_assert!(is_entry || !surely_balances(&invoice));
        }
    }
}
