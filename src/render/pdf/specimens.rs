//! The documents for the tests: one of each kind, and the longest and widest of each.

#[path = "specimens_changed.rs"]
mod changed;
#[path = "specimens_taxed.rs"]
mod taxed;

use std::sync::{Arc, LazyLock};

pub(super) use self::changed::{Change, REMOVAL, corrected, in_arrears, increased, switched};
pub(super) use self::taxed::{exempt, inclusive, reverse_charge, taxed, vat};
use rust_decimal::Decimal;

use super::content::{PaidBy, PaymentShown};
use super::font::Typeface;
use super::renderer::{REGULAR, SEMI_BOLD};
use super::text::FontSet;
use crate::config::{LocalText, Seller};
use crate::locale::Locale;
use crate::model::{
    Account, Address, Billed, Cause, DocumentKind, Interval, IntervalUnit, Invoice, Line, LineKey,
    LineKind, LineWording, PriceBreakdown, Quote, RoundPer, Totals,
};
use crate::value::{Amount, Currency, Fraction, Moment, TimeUnit, Zone};

pub(super) const JAPANESE: &str = "株式会社プロラタ";
pub(super) const JAPANESE_FONT: &[u8] =
    include_bytes!("../../../input/fonts/NotoSansJP-Regular.ttf");

/// The bundled fonts and a Japanese one, read once for all tests.
pub(super) fn type_case() -> &'static FontSet {
    static CASE: LazyLock<FontSet> = LazyLock::new(|| {
        let face = |bytes| Typeface::parse(bytes).expect("a font");
        FontSet::new(face(REGULAR), face(SEMI_BOLD), vec![face(JAPANESE_FONT)])
    });
    &CASE
}

pub(super) fn seller() -> Seller {
    Seller {
        name: "Kumu Inc.".into(),
        address: Address::new([
            "548 Market St",
            "Suite 12345",
            "San Francisco",
            "CA",
            "94104",
            "USA",
        ]),
        tax_id: Some("US-12-3456789".into()),
        email: Some("billing@kumu.example".into()),
        web: Some("kumu.example".into()),
        payment: Some(LocalText::from(
            "We charge the card on your account on the day it is due.".to_owned(),
        )),
        einvoice: crate::model::SellerDetails::default(),
    }
}

pub(super) fn account(name: &str) -> Account {
    Account {
        id: "a1".into(),
        name: name.into(),
        email: "owner@example.com".into(),
        billing_email: Some("accounts@example.com".into()),
        address: Address::new(["1 Long Lane", "", "Leeds", "", "LS1 4AP", "United Kingdom"]),
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

/// The product of most lines.
const PRODUCT: &str = "Private projects";

/// A line whose text differs from its product.
pub(super) fn written(text: &str, product: &str) -> Option<Box<LineWording>> {
    let billed = Billed::Written(text.into());
    (text != product).then(|| Box::new(LineWording { billed, ..LineWording::default() }))
}

pub(super) fn line(
    [start, end]: [&str; 2],
    description: &str,
    quantity: u64,
    unit_amount: Option<&str>,
    minor: i64,
) -> Line {
    let at = |text| Moment::parse(text).expect("a date").at(Zone::UTC);
    let recurring = unit_amount.is_some();
    let unit: Decimal = unit_amount.unwrap_or("20").parse().expect("a decimal");
    Line {
        key: LineKey {
            subscription_id: "s1".into(),
            period_start: at(start),
            cause: Cause::Period,
            discount: None,
        },
        kind: if recurring { LineKind::Recurring } else { LineKind::Remaining },
        wording: written(description, PRODUCT),
        service_start: at(start),
        service_end: at(end),
        quote: Arc::new(Quote {
            price_id: "p1".into(),
            product: PRODUCT.into(),
            interval: Some(Interval { unit: IntervalUnit::Month, count: 1 }),
            round_per: RoundPer::Line,
            quantity,
            unit_amount: Some(unit),
            amount: unit.checked_mul(quantity.into()).unwrap_or(unit),
            breakdown: PriceBreakdown::None,
            halves: None,
        }),
        share: if recurring {
            Fraction::new(1, 1, TimeUnit::Day)
        } else {
            Fraction::new(2, 3, TimeUnit::Day)
        },
        amount: Amount::from_minor(minor),
        currency: Currency::from_code("USD").expect("ISO 4217"),
        tax: None,
        tax_amount: Amount::ZERO,
        tax_parts: None,
        credits_invoice: None,
        correction: None,
    }
}

/// An invoice with only these lines.
pub(super) fn invoice(code: &str, mut lines: Vec<Line>) -> Invoice {
    let currency = Currency::from_code(code).expect("ISO 4217");
    for line in &mut lines {
        line.currency = currency;
    }
    let date = |text: &str| text.parse().expect("a date");
    let total = Amount::checked_sum(lines.iter().map(|line| line.amount)).expect("a small sum");
    let totals = Totals { subtotal: total, total, amount_due: total, ..Totals::default() };
    Invoice {
        number: "INV-2020-00002".into(),
        kind: DocumentKind::Invoice,
        account: 0,
        currency,
        instant: Moment::parse("2020-06-27").expect("a date").at(Zone::UTC),
        issue_date: date("2020-06-27"),
        due_date: date("2020-07-11"),
        lines,
        taxes: Vec::new(),
        totals,
        credits_invoice: None,
        credits: None,
        related: None,
        orders: None,
    }
}

/// The receipt of the help page.
pub(super) fn kumu() -> Invoice {
    let next = ["2020-06-27", "2020-07-27"];
    let second = Change { id: "c2", at: "2020-06-19T06:54:00Z", old: 2, new: 1, ..REMOVAL };
    let mut lines = REMOVAL.lines();
    lines.extend(second.lines());
    lines.extend([
        line(next, "Org membership", 1, Some("10.00"), 1000),
        line(next, "Private projects", 1, Some("20"), 2000),
    ]);
    invoice("USD", lines)
}

/// A credit for two thirds of the price of three units.
fn unused(period: [&str; 2], description: &str, unit: &str, minor: i64) -> Line {
    let unit: Decimal = unit.parse().expect("a decimal");
    let mut line = line(period, description, 3, None, minor);
    let quote = line.quote_mut();
    (quote.unit_amount, quote.amount) = (Some(unit), -unit * Decimal::from(3));
    Line { kind: LineKind::Unused, ..line }
}

/// An invoice that grants the customer credit.
pub(super) fn credit() -> Invoice {
    let rest = ["2020-06-19", "2020-06-27"];
    let mut credit = invoice("USD", vec![unused(rest, "Unused time on 3 × Seats", "1.70", -340)]);
    credit.kind = DocumentKind::Credit;
    credit.totals.amount_due = Amount::ZERO;
    credit.totals.credit_balance = Amount::from_minor(340);
    credit
}

/// An invoice of this many lines over several periods.
pub(super) fn long(count: u64) -> Invoice {
    let lines = (1..=count).map(|number| {
        let period = if number % 60 < 30 {
            ["2020-06-27", "2020-07-27"]
        } else {
            ["2020-12-27", "2021-01-27"]
        };
        let text = format!("Private projects of workspace number {number}");
        line(period, &text, number, Some("20"), 2000 * i64::try_from(number).expect("small"))
    });
    invoice("USD", lines.collect())
}

/// A payment on the day of the invoice.
pub(super) fn payment(method: &str, minor: i64) -> PaymentShown {
    PaymentShown {
        date: "2020-06-27".parse().expect("a date"),
        by: PaidBy::Money(method.into()),
        amount: Amount::from_minor(minor),
    }
}

/// A discount on the line above.
pub(super) fn discount(description: &str, minor: i64) -> Line {
    let next = ["2020-06-27", "2020-07-27"];
    let mut line = line(next, description, 1, None, minor);
    line.quote_mut().unit_amount = None;
    Line { kind: LineKind::Discount, ..line }
}

/// A charge or a credit without a service period.
pub(super) fn adjustment(description: &str, minor: i64) -> Line {
    let day = "2020-06-27";
    let mut line = line([day, day], description, 1, None, minor);
    line.quote_mut().interval = None;
    Line { kind: LineKind::Adjustment, ..line }
}

/// Lines with discounts, and one-off charges and credits.
pub(super) fn discounted() -> Invoice {
    let next = ["2020-06-27", "2020-07-27"];
    let mut invoice = invoice(
        "EUR",
        vec![
            line(next, "Org membership", 1, Some("10.00"), 1000),
            discount("Summer 2020: 10% off", -100),
            line(next, "Private projects", 4, Some("20.00"), 8000),
            discount("Summer 2020: 10% off", -800),
            discount("Non-profit organisations: half price on private projects", -3600),
            line(next, "API calls", 12_000, Some("0.0015"), 1800),
            adjustment("Migration of your data, as agreed on 12 June 2020", 12_500),
            adjustment("Goodwill for the outage of 3 June 2020", -1500),
        ],
    );
    taxed::sum_up(&mut invoice);
    invoice
}

/// A credit note for a part of a published invoice.
pub(super) fn credit_note() -> Invoice {
    let rest = ["2020-06-19", "2020-06-27"];
    let lines = vec![unused(rest, "Unused time on 3 × Seats after 19 Jun 2020", "4.79", -958)];
    let mut note = taxed(invoice("USD", lines), &[vat("19")]);
    note.number = "CN-2020-00001".into();
    note.kind = DocumentKind::CreditNote;
    note.credits_invoice = Some("INV-2020-00001".into());
    note
}

/// Sets one part of an address.
pub(super) fn set_part(address: &mut Address, part: usize, text: &str) {
    let mut parts = address.parts();
    parts[part] = text;
    *address = Address::new(parts);
}
