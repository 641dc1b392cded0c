//! Small invoices, their journals, and a short notation for both.

mod posted;
mod recognised;

use std::borrow::Cow;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::*;
use crate::config::LedgerSettings;
use crate::locale::Locale;
use crate::model::{
    Account, Address, Cause, Deferred, DocumentKind, Invoice, Line, LineKey, LineKind, PaymentKind,
    PriceBreakdown, Quote, RoundPer, TaxBehavior, TaxTerms, TaxTotal, TaxTreatment, Totals,
};
use crate::value::{Amount, Currency, Fraction, TimeUnit, Zone};

pub(crate) fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

pub(crate) fn account() -> Account {
    Account {
        id: "kumu-atlas".into(),
        name: "Atlas Mapping Co-op".into(),
        email: "hello@atlas.example".into(),
        billing_email: None,
        address: Address::default(),
        tax_id: None,
        zone: Zone::UTC,
        locale: Locale::default(),
        tax_code: None,
        einvoice: None,
        payment_terms: crate::model::PaymentTerms::default(),
        documents: None,
        line: 2,
        changes: None,
    }
}

pub(crate) fn tax(percent: i64, behavior: TaxBehavior) -> Arc<TaxTerms> {
    Arc::new(TaxTerms {
        code: format!("DE-{percent}").into(),
        name: "USt.".into(),
        percent: Decimal::from(percent),
        behavior,
        treatment: TaxTreatment::Taxable,
        note: "".into(),
        components: Box::default(),
    })
}

/// A line: product, amount and service time.
pub(crate) fn line(product: &str, minor: i64, start: &str, end: &str) -> Line {
    let (service_start, service_end) =
        (Zone::UTC.midnight(date(start)), Zone::UTC.midnight(date(end)));
    Line {
        key: LineKey {
            subscription_id: "s-1".into(),
            period_start: service_start,
            cause: Cause::Period,
            discount: None,
        },
        kind: LineKind::Recurring,
        wording: None,
        service_start,
        service_end,
        quote: Arc::new(Quote {
            price_id: "p-1".into(),
            product: product.into(),
            interval: None,
            round_per: RoundPer::Line,
            quantity: 1,
            unit_amount: None,
            amount: Decimal::ZERO,
            breakdown: PriceBreakdown::None,
            halves: None,
        }),
        share: Fraction::new(1, 1, TimeUnit::Period),
        amount: Amount::from_minor(minor),
        currency: Currency::from_code("USD").expect("a currency"),
        tax: None,
        tax_amount: Amount::ZERO,
        tax_parts: None,
        credits_invoice: None,
        correction: None,
    }
}

/// An invoice with these lines and their tax. Credit pays `applied`.
pub(crate) fn document(number: &str, issued: &str, lines: Vec<Line>, applied: i64) -> Invoice {
    let sum = |of: &dyn Fn(&Line) -> i64| lines.iter().map(of).sum::<i64>();
    let subtotal = sum(&|line| line.amount.minor());
    let tax = sum(&|line| line.tax_amount.minor());
    let tax_included = sum(&|line| line.amount.minor() - line.net_amount().expect("fits").minor());
    let total = subtotal + tax - tax_included;
    let minor = Amount::from_minor;
    let taxes = lines.iter().filter_map(|line| {
        let terms = Arc::clone(line.tax.as_ref()?);
        Some(TaxTotal {
            terms,
            net: line.net_amount()?,
            base: line.net_amount()?,
            tax: line.tax_amount,
        })
    });
    Invoice {
        number: number.into(),
        kind: if total < 0 { DocumentKind::Credit } else { DocumentKind::Invoice },
        account: 0,
        currency: lines[0].currency,
        instant: Zone::UTC.midnight(date(issued)),
        issue_date: date(issued),
        due_date: date(issued),
        taxes: taxes.collect(),
        totals: Totals {
            subtotal: minor(subtotal),
            tax: minor(tax),
            tax_included: minor(tax_included),
            total: minor(total),
            credit_applied: minor(applied),
            amount_due: minor(total.max(0) - applied),
            ..Totals::default()
        },
        lines,
        credits_invoice: None,
        credits: None,
        related: None,
        orders: None,
    }
}

const fn closing(name: &str, date: NaiveDate, previous: Option<NaiveDate>) -> Closing<'_> {
    Closing { name, date, previous }
}

/// The journal of invoices only, in a first close.
fn journal_of(invoices: &[Invoice], as_of: &str) -> Journal {
    let closing = closing(as_of, date(as_of), None);
    journal((invoices, &[account()]), &[], Deferred::default(), &LedgerSettings::default(), closing)
        .expect("balances")
}

/// A whole journal, with the entries of the invoices first.
fn journal(
    (invoices, accounts): (&[Invoice], &[Account]),
    payments: &[PaymentPosting],
    mut deferred: Deferred,
    ledger: &LedgerSettings,
    closing: Closing<'_>,
) -> Result<Journal, JournalError> {
    let chart = Chart::new(ledger);
    defer(&mut deferred, invoices, accounts)?;
    let mut journal =
        super::journal((invoices, accounts), payments, deferred, &chart, Some(closing))?;
    let mut entries = Vec::new();
    for invoice in invoices {
        let account = &accounts[invoice.account];
        let entry = document_entry(&mut PostingBuffer::default(), invoice, account, &chart)?;
        entries.extend(Some(entry).filter(|entry| !entry.postings.is_empty()).map(kept));
    }
    journal.entries.splice(..0, entries);
    Ok(journal)
}

/// An owned entry.
fn kept(entry: JournalEntry<'_>) -> JournalEntry<'static> {
    let own = |text: Option<Cow<'_, str>>| text.map(|text| Cow::Owned(text.into_owned()));
    let postings = entry.postings.into_iter().map(|it| Posting {
        account: Cow::Owned(it.account.into_owned()),
        amount: it.amount,
        document: own(it.document),
        product: own(it.product),
        tax_code: own(it.tax_code),
    });
    JournalEntry {
        id: entry.id.into_owned().into(),
        account_id: own(entry.account_id),
        postings: postings.collect(),
        date: entry.date,
        currency: entry.currency,
        memo: entry.memo,
    }
}

/// The postings, one a line: account, name, signed amount and reference.
fn shown(entries: &[JournalEntry]) -> Vec<String> {
    let posting = |entry: &JournalEntry, it: &Posting| {
        let about = it.product.as_deref().or(it.tax_code.as_deref()).unwrap_or_default();
        let amount = it.amount.to_decimal_string(entry.currency);
        format!("{} {} {} {about}", it.account.number, it.account.name, amount).trim().to_owned()
    };
    let mut lines = Vec::new();
    for entry in entries {
        lines.push(format!("{} {}", entry.id, entry.date));
        lines.extend(entry.postings.iter().map(|it| posting(entry, it)));
    }
    lines
}

fn payment(id: &str, amount: i64, to: &[(&str, i64)], to_credit: i64) -> PaymentPosting {
    let to_receivable =
        to.iter().map(|(number, minor)| ((*number).into(), Amount::from_minor(*minor)));
    PaymentPosting {
        payment_id: id.into(),
        date: date("2020-06-01"),
        account_id: "kumu-atlas".into(),
        method: "Visa •••• 4242".into(),
        currency: Currency::from_code("USD").expect("a currency"),
        kind: PaymentKind::default(),
        refunds: None,
        amount: Amount::from_minor(amount),
        to_receivable: to_receivable.collect(),
        to_credit: Amount::from_minor(to_credit),
    }
}
