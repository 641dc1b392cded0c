//! Rows that produced no line, and credits that were cut, for `exceptions.csv`.

use std::sync::Arc;

use crate::invoice::{AccountBill, OverCredit, Resolved, resolved};
use crate::model::{BillingInput, ChangeKind, Invoice};
use crate::render::csv::{Exception, OVER_CREDIT};

/// The credits that were cut because their invoice had nothing left, for `exceptions.csv`. The
/// invoices of this close must have numbers.
pub(crate) fn over_credited<'a>(
    over_credits: &'a [OverCredit],
    invoices: &[Invoice],
    book: &'a BillingInput,
) -> impl Iterator<Item = Exception> + 'a {
    let is_provisional = |over: &OverCredit| over.invoice_number.starts_with('\0');
    let refers = over_credits.iter().any(is_provisional);
    let numbers = if refers { resolved(invoices) } else { Resolved::default() };
    over_credits.iter().map(move |over| {
        let named = numbers.get(&(over.account, Arc::clone(&over.invoice_number)));
        let number = named.unwrap_or(&over.invoice_number);
        let subscription = over.subscription.map(|index| book.subscriptions[index].id.to_string());
        Exception {
            kind: OVER_CREDIT,
            account_id: Arc::clone(&book.accounts[over.account].id),
            subscription_id: subscription.unwrap_or_default(),
            reference: Arc::clone(&over.reference),
            message: format!(
                "{} {} is not credited: invoice {number} has no more left",
                over.amount.to_decimal_string(over.currency),
                over.currency
            )
            .into(),
            not_credited: Some((over.amount, over.currency, Arc::clone(number))),
        }
    })
}

/// Why a change has no effect.
fn without_effect(kind: ChangeKind) -> &'static str {
    if matches!(kind, ChangeKind::Restart { .. }) {
        "the subscription had not ended before this change, or a row at its instant cancels it; \
         uncancel keeps one that still runs"
    } else {
        "the subscription had ended before this change; a row of kind restart begins it again"
    }
}

/// The rows that produced no line, for `exceptions.csv`.
pub(crate) fn exceptions(bills: &[AccountBill], book: &BillingInput) -> Vec<Exception> {
    let mut exceptions = Vec::new();
    for (account, bill) in bills.iter().enumerate() {
        for (subscription, change) in &bill.ineffective {
            let ledger = book.ledger(*subscription);
            exceptions.push(Exception {
                kind: "no_effect",
                account_id: Arc::clone(&ledger.account.id),
                subscription_id: ledger.subscription.id.to_string(),
                reference: Arc::clone(&ledger.changes[*change].id),
                message: without_effect(ledger.changes[*change].kind).into(),
                not_credited: None,
            });
        }
        for place in &bill.waiting {
            let adjustment = &book.adjustments_for(account)[*place];
            exceptions.push(Exception {
                kind: "waiting",
                account_id: Arc::clone(&book.accounts[account].id),
                subscription_id: String::new(),
                reference: Arc::clone(&adjustment.id),
                message: format!(
                    "the adjustment waits for the account's next invoice in {}; timing immediate \
                     would not",
                    adjustment.currency
                )
                .into(),
                not_credited: None,
            });
        }
        let waits = bill.carried.iter().flat_map(|carried| &carried.totals);
        exceptions.extend(waits.map(|(currency, total)| {
            Exception {
            kind: "below_minimum",
            account_id: Arc::clone(&book.accounts[account].id),
            subscription_id: String::new(),
            reference: currency.code().into(),
            message: format!(
                "{} {currency} is below invoice.minimum and waits for the account's next document",
                total.to_decimal_string(*currency)
            )
            .into(),
            not_credited: None,
        }
        }));
        for document in &bill.suppressed {
            let account = &book.accounts[document.account];
            exceptions.push(Exception {
                kind: "zero_amount",
                account_id: Arc::clone(&account.id),
                subscription_id: String::new(),
                reference: account.zone.rfc3339(document.instant).into(),
                message: format!(
                    "an invoice of 0 {} was not published; invoice.publish_zero_amount would",
                    document.currency
                )
                .into(),
                not_credited: None,
            });
        }
    }
    exceptions
}
