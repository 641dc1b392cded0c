//! The receipts of a close: every invoice that its payments paid in full, with those payments.
//!
//! An invoice of an earlier close is read from the published tables; nothing is computed again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;

use super::context::CloseContext;
use super::error::RunError;
use super::published::{PublishedRow, each_row};
use super::settle::SettledClose;
use crate::invoice::{name_orders, relate};
use crate::model::{DocumentKind, Invoice, Line, PaymentKind, Published, Totals};
use crate::payments::{CREDIT_NOTE, CREDIT_REFUND, PaidInvoice, PaidPart};
use crate::register::{Close, RegisterError, read_invoice_lines};
use crate::render::pdf::{PaidBy, PaymentShown};
use crate::tax::tax_totals;
use crate::value::{Amount, Currency, Instant};

/// An invoice with all its payments.
pub(crate) struct PaidReceipt {
    pub(crate) invoice: Invoice,
    pub(crate) payments: Vec<PaymentShown>,
    /// The instant of the invoice. Receipts are sorted by it, and then by number.
    pub(crate) instant: Instant,
}

impl PaidReceipt {
    /// The money received; credit notes are none.
    pub(crate) fn received(&self) -> Amount {
        let money = self.payments.iter().filter(|payment| payment.is_money());
        let received = Amount::checked_sum(money.map(|payment| payment.amount));
        received.expect("parts of one amount that was due")
    }
}

/// The receipts of a close. Accounts that are no longer in accounts.csv get none.
pub(crate) fn paid_receipts(
    context: &CloseContext,
    invoices: &[Invoice],
    settled: &SettledClose,
) -> Result<Vec<PaidReceipt>, RunError> {
    let paid = settled.settlement.paid_invoices();
    let own: HashMap<&str, &Invoice> =
        invoices.iter().map(|invoice| (&*invoice.number, invoice)).collect();
    let older: BTreeSet<&str> = paid
        .iter()
        .map(|it| &*it.invoice_number)
        .filter(|number| !own.contains_key(number))
        .collect();
    let older = published(context, &older)?;
    let mut before = earlier_payments(context, &paid)?;
    let mut receipts = Vec::with_capacity(paid.len());
    for it in paid {
        let number = &*it.invoice_number;
        let invoice = own.get(number).copied().or_else(|| older.get(number));
        let Some(invoice) = invoice else { continue };
        let mut payments = before.remove(number).unwrap_or_default();
        payments.extend(it.payments.into_iter().filter_map(shown));
        receipts.push(PaidReceipt { invoice: invoice.clone(), payments, instant: it.instant });
    }
    Ok(receipts)
}

/// A payment of this close on a receipt. A write-off that is on one was taken back.
fn shown(part: PaidPart) -> Option<PaymentShown> {
    let by = match part.kind {
        _ if part.is_note => PaidBy::CreditNote(part.payment_id.to_string()),
        kind => paid_by(kind, part.method.into())?,
    };
    Some(PaymentShown { date: part.date, by, amount: part.amount })
}

fn paid_by(kind: PaymentKind, method: String) -> Option<PaidBy> {
    match kind {
        PaymentKind::Money | PaymentKind::Refund | PaymentKind::Chargeback => {
            Some(PaidBy::Money(method))
        }
        PaymentKind::BankFee => Some(PaidBy::BankFee),
        PaymentKind::ExchangeDifference => Some(PaidBy::ExchangeDifference),
        PaymentKind::WriteOff => None,
    }
}

/// The payments of earlier closes on invoices that were partly paid.
fn earlier_payments(
    context: &CloseContext,
    paid: &[PaidInvoice],
) -> Result<HashMap<String, Vec<PaymentShown>>, RunError> {
    let wanted: BTreeSet<&str> =
        paid.iter().filter(|it| !it.paid_before.is_zero()).map(|it| &*it.invoice_number).collect();
    let mut found: HashMap<String, Vec<PaymentShown>> = HashMap::new();
    if wanted.is_empty() {
        return Ok(found);
    }
    for close in &context.register.closes {
        each_row(&close.path, "payments_applied.csv", |row| {
            let number = row.get("invoice_number");
            if let (true, Some(payment)) = (wanted.contains(number), payment(row)) {
                found.entry(number.to_owned()).or_default().push(payment);
            }
        })?;
    }
    Ok(found)
}

fn payment(row: &PublishedRow<'_>) -> Option<PaymentShown> {
    let currency = Currency::from_code(row.get("currency"))?;
    Some(PaymentShown {
        date: row.get("at").get(..10)?.parse().ok()?,
        by: match row.get("kind") {
            CREDIT_NOTE => PaidBy::CreditNote(row.text("payment_id").to_owned()),
            // It came from credit, and names the invoice for information.
            CREDIT_REFUND => return None,
            word => {
                let known = PaymentKind::WORDS.iter().find(|(known, _)| *known == word);
                let kind = known.map_or(PaymentKind::Money, |(_, kind)| *kind);
                paid_by(kind, row.text("method").to_owned())?
            }
        },
        amount: Amount::parse(row.get("amount"), currency).ok()?,
    })
}

/// Invoices of earlier closes, by number.
fn published(
    context: &CloseContext,
    wanted: &BTreeSet<&str>,
) -> Result<BTreeMap<String, Invoice>, RunError> {
    let accounts: HashMap<&str, usize> = context
        .loaded
        .book
        .accounts
        .iter()
        .enumerate()
        .map(|(place, account)| (&*account.id, place))
        .collect();
    let mut found = BTreeMap::new();
    // Search the newest close first, because most invoices are paid soon.
    for close in context.register.closes.iter().rev() {
        if found.len() == wanted.len() {
            break;
        }
        let mut heads = Vec::new();
        // The credit notes by what they have in common with an invoice that shares a change.
        let mut notes: HashMap<SharedChange, Vec<Head>> = HashMap::new();
        each_row(&close.path, "invoices.csv", |row| {
            if wanted.contains(row.get("invoice_number")) {
                heads.push(Head::read(row));
            } else if row.get("kind") == DocumentKind::CreditNote.as_str()
                && let Some(note) = Head::read(row)
            {
                notes.entry(note.shared_change()).or_default().push(note);
            }
        })?;
        let heads: Vec<Head> =
            heads.into_iter().collect::<Option<_>>().ok_or_else(|| damaged(close))?;
        if heads.is_empty() {
            continue;
        }
        let beside = |head: &Head| notes.get(&head.shared_change()).into_iter().flatten();
        let numbers = heads.iter().flat_map(|head| beside(head).chain([head]));
        let numbers = numbers.map(|head| &*head.number).collect();
        let lines = read_invoice_lines(&close.path, &numbers)?;
        for head in &heads {
            let Some(account) = accounts.get(&*head.account_id).copied() else { continue };
            let documents = std::iter::once(head).chain(beside(head));
            let mut documents: Vec<Invoice> =
                documents.map(|head| head.invoice(account, &lines, close.as_of)).collect();
            relate(&mut documents);
            found.insert(head.number.clone(), documents.swap_remove(0));
        }
    }
    name_orders(&context.loaded.book, found.values_mut());
    Ok(found)
}

fn damaged(close: &Close) -> RegisterError {
    let reason = "a row makes no invoice".to_owned();
    RegisterError::Damaged { path: close.path.join("invoices.csv"), reason }
}

/// What documents of a close have in common if they share a change: account, currency and date.
type SharedChange = (String, Currency, NaiveDate);

/// A document's row in the table of invoices.
struct Head {
    number: String,
    kind: DocumentKind,
    credits_invoice: Option<Arc<str>>,
    account_id: String,
    currency: Currency,
    issue_date: NaiveDate,
    due_date: NaiveDate,
    totals: Totals,
}

impl Head {
    fn read(row: &PublishedRow<'_>) -> Option<Self> {
        let currency = Currency::from_code(row.get("currency"))?;
        let amount = |column: &str| Amount::parse(row.get(column), currency).ok();
        Some(Self {
            number: row.get("invoice_number").to_owned(),
            kind: match row.get("kind") {
                kind if kind == DocumentKind::CreditNote.as_str() => DocumentKind::CreditNote,
                _ => DocumentKind::Invoice,
            },
            credits_invoice: Some(row.get("credits_invoice"))
                .filter(|number| !number.is_empty())
                .map(Arc::from),
            account_id: row.text("account_id").to_owned(),
            currency,
            issue_date: row.get("issue_date").parse().ok()?,
            due_date: match row.get("due_date") {
                // A credit note has none.
                "" => row.get("issue_date"),
                date => date,
            }
            .parse()
            .ok()?,
            totals: Totals {
                subtotal: amount("subtotal")?,
                discount: amount("discount")?,
                tax: amount("tax")?,
                tax_included: amount("tax_included")?,
                total: amount("total")?,
                credit_applied: amount("credit_applied")?,
                amount_due: amount("amount_due")?,
                credit_balance: amount("credit_balance")?,
            },
        })
    }

    fn shared_change(&self) -> SharedChange {
        (self.account_id.clone(), self.currency, self.issue_date)
    }

    /// The document with its lines out of those of several.
    fn invoice(
        &self,
        account: usize,
        lines: &BTreeMap<String, Vec<Published>>,
        instant: Instant,
    ) -> Invoice {
        let mut lines = lines.get(&self.number).cloned().unwrap_or_default();
        lines.sort_by_key(|entry| entry.line_number);
        let lines: Vec<Line> = lines.into_iter().map(|entry| entry.line).collect();
        Invoice {
            number: self.number.as_str().into(),
            kind: self.kind,
            account,
            currency: self.currency,
            instant,
            issue_date: self.issue_date,
            due_date: self.due_date,
            taxes: tax_totals(&lines).expect("it was summed up before it was published"),
            lines,
            totals: self.totals,
            credits_invoice: self.credits_invoice.clone(),
            credits: None,
            related: None,
            orders: None,
        }
    }
}
