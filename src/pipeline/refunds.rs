//! What can be paid back: credit of accounts whose subscriptions have all ended and that owe nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::context::CloseContext;
use super::error::RunError;
use super::published::each_row;
use super::settle::SettledClose;
use crate::config::RefundCredit;
use crate::model::{Account, Invoice, PaymentKind};
use crate::payments::{Credit, CreditSource, LastPayment, Refundable};
use crate::timeline::{SubscriptionStatus, status_at};
use crate::value::{Amount, Currency};

/// The rows of `refunds.csv`, by account and currency. They need no state: as long as the credit is
/// there, each close finds them again.
///
/// # Errors
/// The register cannot be read.
pub(crate) fn refundable(
    context: &CloseContext,
    invoices: &[Invoice],
    settled: &SettledClose,
    credit: &Credit,
) -> Result<Vec<Refundable>, RunError> {
    if context.settings.refund_credit == RefundCredit::Never {
        return Ok(Vec::new());
    }
    let debtors = debtors(context, settled)?;
    let book = &context.loaded.book;
    let is_listed = |(index, account): &(usize, &Account)| {
        credit.contains_key(&*account.id)
            && !debtors.contains(&*account.id)
            && has_ended(context, *index)
    };
    let ended = book.accounts.iter().enumerate().filter(is_listed);
    let of_account = |account: &Account| {
        let row = |(currency, amount): (&Currency, &Amount)| {
            (*currency, row(account, *currency, *amount))
        };
        (account.id.to_string(), credit[&*account.id].iter().map(row).collect())
    };
    let mut rows: Rows = ended.map(|(_, account)| of_account(account)).collect();
    if !rows.is_empty() {
        add_published(context, &mut rows)?;
        add_own(&book.accounts, invoices, settled, &mut rows);
    }
    let newest_first = |mut row: Refundable| {
        row.sources.reverse();
        row.keep_newest();
        row
    };
    Ok(rows.into_values().flat_map(BTreeMap::into_values).map(newest_first).collect())
}

/// By account, then currency.
type Rows = BTreeMap<String, BTreeMap<Currency, Refundable>>;

fn row(account: &Account, currency: Currency, amount: Amount) -> Refundable {
    Refundable {
        account_id: Arc::clone(&account.id),
        account_name: (&*account.name).into(),
        currency,
        amount,
        sources: Vec::new(),
        payment: None,
    }
}

fn find<'r>(rows: &'r mut Rows, account: &str, currency: Currency) -> Option<&'r mut Refundable> {
    rows.get_mut(account)?.get_mut(&currency)
}

/// The accounts that owe something, or whose debt was written off.
fn debtors(context: &CloseContext, settled: &SettledClose) -> Result<BTreeSet<Arc<str>>, RunError> {
    let receivables = &settled.settlement.balances.receivables;
    let open = receivables.iter().filter(|it| !it.open().is_zero() || it.is_written_off());
    let mut debtors: BTreeSet<Arc<str>> = open.map(|it| Arc::clone(&it.account_id)).collect();
    let mut written_off: BTreeMap<&str, Amount> = BTreeMap::new();
    let due = |at| at <= context.through;
    for payment in context.loaded.book.payments.iter().filter(|it| due(it.at)) {
        let number = payment.invoice_number.as_deref();
        if let Some(number) = number.filter(|_| payment.kind == PaymentKind::WriteOff) {
            let sum = written_off.entry(number).or_default();
            *sum = sum.checked_add(payment.amount).unwrap_or(*sum);
        }
    }
    written_off.retain(|_, sum| !sum.is_zero());
    if !written_off.is_empty() {
        let numbers = written_off.into_keys().collect();
        let named = context.register.receivables(&numbers, context.billing.shard)?;
        let named = named.into_iter().filter(|it| numbers.contains(&*it.invoice_number));
        debtors.extend(named.map(|it| it.account_id));
    }
    Ok(debtors)
}

/// Whether an account has subscriptions, and all of them have ended.
fn has_ended(context: &CloseContext, account: usize) -> bool {
    let book = &context.loaded.book;
    let mut subscriptions = book.subscriptions_of[account].clone();
    let is_ended = |index: usize| {
        let status = status_at(book.ledger(index), &book.prices, context.through);
        status.is_ok_and(|(status, _)| matches!(status, SubscriptionStatus::Ended))
    };
    !subscriptions.is_empty() && subscriptions.all(is_ended)
}

/// Adds what earlier closes granted and received, the oldest first.
fn add_published(context: &CloseContext, rows: &mut Rows) -> Result<(), RunError> {
    for close in &context.register.closes {
        each_row(&close.path, "invoices.csv", |row| {
            let Some((currency, total)) = row.currency().zip(row.money("total")) else { return };
            if let Some(refund) = find(rows, row.text("account_id"), currency) {
                refund.add_document(row.get("invoice_number"), total);
            }
        })?;
        each_row(&close.path, "payments_applied.csv", |row| {
            let Some((currency, amount)) = row.currency().zip(row.money("amount")) else { return };
            if let Some(refund) = find(rows, row.text("account_id"), currency) {
                let (id, method) = (row.text("payment_id"), row.text("method"));
                refund.add_part(id, method, (row.get("kind"), amount));
            }
        })?;
    }
    Ok(())
}

/// Adds what this close grants and receives.
fn add_own(accounts: &[Account], invoices: &[Invoice], settled: &SettledClose, rows: &mut Rows) {
    for invoice in invoices {
        if let Some(refund) = find(rows, &accounts[invoice.account].id, invoice.currency) {
            refund.add_document(&invoice.number, invoice.totals.total);
        }
    }
    for payment in &settled.settlement.applied {
        if let Some(refund) = find(rows, &payment.account_id, payment.currency) {
            for part in payment.allocations() {
                refund.add_part(&payment.payment_id, &payment.method, (part.kind(), part.amount));
            }
        }
    }
}

impl Refundable {
    fn add_document(&mut self, number: &str, total: Amount) {
        if let Some(amount) = total.checked_neg().filter(|amount| *amount > Amount::ZERO) {
            self.sources.push(CreditSource { reference: number.to_owned(), amount });
        }
    }

    fn add_part(&mut self, id: &str, method: &str, (kind, amount): (&str, Amount)) {
        let is_received = matches!(kind, "payment" | "credit");
        if is_received && amount > Amount::ZERO {
            let (payment_id, method) = (id.to_owned(), method.to_owned());
            self.payment = Some(LastPayment { payment_id, method });
        }
        if kind == "credit" {
            self.sources.push(CreditSource { reference: id.to_owned(), amount });
        }
    }
}
