//! The documents that are printed: a renewal, the receipt of Kumu's help page with its two changes,
//! and a German invoice with two tax rates; of ten in the mix, seven, two and one. Foreign is the renewal
//! of customers whose names are shaped, or in no bundled font.

use std::borrow::Cow;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::locale::Locale;
use crate::model::{
    Account, Address, Cause, DocumentKind, Interval, IntervalUnit, Invoice, Line, LineKey,
    LineKind, PriceBreakdown, Quote, RoundPer, TaxBehavior, TaxTerms, TaxTotal, TaxTreatment,
    Totals,
};
use crate::rating::prorate;
use crate::value::{Amount, Currency, Fraction, Instant, Moment, Rounding, TimeUnit, Zone};

const REST: [&str; 2] = ["2020-05-27", "2020-06-27"];
const NEXT: [&str; 2] = ["2020-06-27", "2020-07-27"];

/// Which document is printed.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Simple,
    Changed,
    Taxed,
    Mixed,
    Foreign,
}

/// Parts of names and a street by script: of these, the bundled fonts have the first alone.
const SCRIPTS: [([&str; 6], &str); 4] = [
    (["नमस्ते", "सगरमाथा", "क्लाउड", "सेवा", "श्री", "विद्या"], "महात्मा गांधी मार्ग"),
    (["شركة", "الأفق", "للتقنية", "فاطمة", "العلي", "السلام"], "شارع الخليج"),
    (["ミドリ", "株式会社", "合同会社", "空と海", "佐藤", "花子"], "渋谷"),
    (["ฟ้าใส", "บริษัท", "จำกัด", "สยาม", "ไทย", "กรุงเทพ"], "ถนนสุขุมวิท"),
];

/// Documents without their numbers, and who gets them.
pub(super) struct Documents([(Invoice, Account); 3]);

impl Documents {
    pub(super) fn new() -> Self {
        let english = account("Universal Exports Ltd", "en", ["1 Long Lane", "Leeds", "LS1 4AP"]);
        let german = account("Müller & Söhne", "de", ["Große Straße 5", "Köln", "50667"]);
        Self([(simple(), english.clone()), (changed(), english), (taxed(), german)])
    }

    /// The document of a number, which is the only thing that differs from others of its kind; a
    /// foreign name has the number in it, so that none is like another.
    pub(super) fn get(&self, kind: Kind, number: u32) -> (Invoice, Cow<'_, Account>) {
        let place = match (kind, number % 10) {
            (Kind::Simple | Kind::Foreign, _) | (Kind::Mixed, 0..=6) => 0,
            (Kind::Changed, _) | (Kind::Mixed, 7 | 8) => 1,
            _ => 2,
        };
        let (invoice, account) = &self.0[place];
        let account = match kind {
            Kind::Foreign => Cow::Owned(foreign(account, number as usize)),
            _ => Cow::Borrowed(account),
        };
        (Invoice { number: format!("INV-2020-{number:06}").into(), ..invoice.clone() }, account)
    }
}

fn foreign(account: &Account, number: usize) -> Account {
    let (parts, street) = SCRIPTS[number % 4];
    let name = [parts[number / 4 % 6], parts[number / 24 % 6]].join(" ");
    let mut address = account.address.parts();
    address[0] = street;
    let address = Address::new(address);
    Account { name: format!("{name} {number}").into(), address, ..account.clone() }
}

fn simple() -> Invoice {
    invoice("USD", vec![line("Team", 1, 49, 4900)])
}

fn changed() -> Invoice {
    let mut lines = change("2020-06-19T06:51:00Z", 3, 2);
    lines.extend(change("2020-06-19T06:54:00Z", 2, 1));
    lines.extend([line("Org membership", 1, 10, 1000), line("Private projects", 1, 20, 2000)]);
    invoice("USD", lines)
}

fn taxed() -> Invoice {
    let mut lines = vec![line("Mitgliedschaft", 5, 20, 10_000), line("Handbuch", 1, 30, 3000)];
    let mut taxes = Vec::new();
    for (line, (percent, net, tax)) in lines.iter_mut().zip([(19, 10_000, 1900), (7, 3000, 210)]) {
        let terms = Arc::new(TaxTerms {
            code: format!("vat-{percent}").into(),
            name: "MwSt.".into(),
            percent: percent.into(),
            behavior: TaxBehavior::Exclusive,
            treatment: TaxTreatment::Taxable,
            note: "".into(),
            components: Box::default(),
        });
        line.tax = Some(Arc::clone(&terms));
        let [net, tax] = [net, tax].map(Amount::from_minor);
        taxes.push(TaxTotal { terms, net, base: net, tax });
    }
    let mut invoice = invoice("EUR", lines);
    let [tax, total] = [2110, 15_110].map(Amount::from_minor);
    invoice.totals = Totals { tax, total, amount_due: total, ..invoice.totals };
    Invoice { taxes, ..invoice }
}

fn invoice(code: &str, mut lines: Vec<Line>) -> Invoice {
    let currency = Currency::from_code(code).expect("ISO 4217");
    for line in &mut lines {
        line.currency = currency;
    }
    let date = |text: &str| text.parse().expect("a date");
    let total = Amount::checked_sum(lines.iter().map(|line| line.amount)).expect("a small sum");
    Invoice {
        number: "".into(),
        kind: DocumentKind::Invoice,
        account: 0,
        currency,
        instant: at("2020-06-27"),
        issue_date: date("2020-06-27"),
        due_date: date("2020-07-11"),
        lines,
        taxes: Vec::new(),
        totals: Totals { subtotal: total, total, amount_due: total, ..Totals::default() },
        credits_invoice: None,
        credits: None,
        related: None,
        orders: None,
    }
}

/// What remains on the new quantity of private projects, and what was not used on the old.
fn change(moment: &str, old: u64, new: u64) -> Vec<Line> {
    let [start, end, moment] = [at(REST[0]), at(REST[1]), at(moment)];
    let [left, whole] = [end.seconds_since(moment), end.seconds_since(start)];
    let share = Fraction::new(left, whole, TimeUnit::Second);
    let id: Arc<str> = format!("{old} to {new}").into();
    let lines = [(new, "Remaining", 20_i64), (old, "Unused", -20)];
    let lines = lines.map(|(quantity, word, price)| {
        let text = format!("{word} time on {quantity} × Private projects after 19 Jun 2020");
        let mut line = line(&text, quantity, 20, 0);
        let is_new = word == "Remaining";
        line.kind = if is_new { LineKind::Remaining } else { LineKind::Unused };
        line.key.cause =
            if is_new { Cause::Remaining(id.clone()) } else { Cause::Unused(id.clone()) };
        line.key.period_start = start;
        let full = Decimal::from(price) * Decimal::from(quantity);
        let quote = line.quote_mut();
        (quote.amount, quote.product) = (full, "Private projects".into());
        let amount = prorate(full, share, line.currency, Rounding::HalfUp);
        let amount = amount.expect("a small amount");
        Line { service_start: moment, service_end: end, share, amount, ..line }
    });
    lines.into()
}

/// A line that bills the next period.
fn line(description: &str, quantity: u64, price: i64, minor: i64) -> Line {
    let [start, end] = NEXT.map(at);
    let key = LineKey {
        subscription_id: "s1".into(),
        period_start: start,
        cause: Cause::Period,
        discount: None,
    };
    Line {
        key,
        kind: LineKind::Recurring,
        wording: None,
        service_start: start,
        service_end: end,
        quote: Arc::new(Quote {
            price_id: "p1".into(),
            product: description.into(),
            interval: Some(Interval { unit: IntervalUnit::Month, count: 1 }),
            round_per: RoundPer::Line,
            quantity,
            unit_amount: Some(price.into()),
            amount: Decimal::from(price) * Decimal::from(quantity),
            breakdown: PriceBreakdown::None,
            halves: None,
        }),
        share: Fraction::new(1, 1, TimeUnit::Day),
        amount: Amount::from_minor(minor),
        currency: Currency::from_code("USD").expect("ISO 4217"),
        tax: None,
        tax_amount: Amount::ZERO,
        tax_parts: None,
        credits_invoice: None,
        correction: None,
    }
}

fn at(text: &str) -> Instant {
    Moment::parse(text).expect("a date or a moment").at(Zone::UTC)
}

fn account(name: &str, locale: &str, [line1, city, postal_code]: [&str; 3]) -> Account {
    Account {
        id: "a1".into(),
        name: name.into(),
        email: "owner@example.com".into(),
        billing_email: Some("accounts@example.com".into()),
        address: Address::new([line1, "", city, "", postal_code, ""]),
        tax_id: None,
        zone: Zone::UTC,
        locale: Locale::parse(locale).expect("a known locale"),
        tax_code: None,
        einvoice: None,
        payment_terms: crate::model::PaymentTerms::default(),
        documents: None,
        line: 2,
        changes: None,
    }
}
