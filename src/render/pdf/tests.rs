//! Whole receipts: the same bytes again, pages that count, characters that are missed. Also the
//! invoices that the tests of the other modules look at.

use std::sync::Arc;

use lopdf::Document;

use super::*;
use crate::config::{Packing, PageSize};
use crate::invoice::{DocumentKind, Totals};
use crate::model::{Address, Cause, Interval, IntervalUnit, Line, LineKey, LineKind, RoundPer};
use crate::value::{Amount, Currency, Fraction, Moment, TimeUnit, Zone};

pub(super) const JAPANESE: &str = "株式会社プロラタ";
const JAPANESE_FONT: &[u8] = include_bytes!("../../../input/fonts/NotoSansJP-Regular.ttf");

pub(super) fn type_case() -> TypeCase {
    let face = |bytes| Typeface::parse(bytes).expect("a font");
    TypeCase::new(face(REGULAR), face(SEMI_BOLD), vec![face(JAPANESE_FONT)])
}

pub(super) fn seller() -> Seller {
    Seller {
        name: "Kumu Inc.".into(),
        address: address(["548 Market St", "Suite 12345", "San Francisco", "CA", "94104", "USA"]),
        tax_id: Some("US-12-3456789".into()),
        email: Some("billing@kumu.example".into()),
        web: Some("kumu.example".into()),
    }
}

pub(super) fn account(name: &str) -> Account {
    Account {
        id: "a1".into(),
        name: name.into(),
        email: "owner@example.com".into(),
        billing_email: Some("accounts@example.com".into()),
        address: address(["1 Long Lane", "", "Leeds", "", "LS1 4AP", "United Kingdom"]),
        tax_id: None,
        zone: Zone::UTC,
        tax_code: None,
        line: 2,
    }
}

fn address([line1, line2, city, region, postal_code, country]: [&str; 6]) -> Address {
    Address {
        line1: line1.into(),
        line2: line2.into(),
        city: city.into(),
        region: region.into(),
        postal_code: postal_code.into(),
        country: country.into(),
    }
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
    Line {
        key: LineKey {
            subscription_id: "s1".into(),
            period_start: at(start),
            cause: Cause::Period,
            discount: None,
        },
        kind: if recurring { LineKind::Recurring } else { LineKind::Remaining },
        description: description.into(),
        service_start: at(start),
        service_end: at(end),
        quantity,
        unit_amount: Some(unit_amount.unwrap_or("20").parse().expect("a decimal")),
        price_amount: 20.into(),
        share: if recurring {
            Fraction::new(1, 1, TimeUnit::Day)
        } else {
            Fraction::new(2, 3, TimeUnit::Day)
        },
        price_detail: "".into(),
        round_per: RoundPer::Line,
        interval: Some(Interval { unit: IntervalUnit::Month, count: 1 }),
        amount: Amount::from_minor(minor),
        price_id: Arc::from("p1"),
        product: Arc::from("Private projects"),
        currency: Currency::from_code("USD").expect("ISO 4217"),
        tax: None,
        tax_amount: Amount::ZERO,
        credits_invoice: None,
        correction: None,
    }
}

/// An invoice over these lines and nothing else.
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
    }
}

/// The receipt of the help page.
pub(super) fn kumu() -> Invoice {
    let rest = ["2020-06-19", "2020-06-27"];
    let next = ["2020-06-27", "2020-07-27"];
    invoice(
        "USD",
        vec![
            line(rest, "Remaining time on 2 × Private projects after 19 Jun 2020", 2, None, 995),
            line(rest, "Unused time on 3 × Private projects after 19 Jun 2020", 3, None, -1493),
            line(rest, "Remaining time on Private projects after 19 Jun 2020", 1, None, 498),
            line(rest, "Unused time on 2 × Private projects after 19 Jun 2020", 2, None, -995),
            line(next, "Org membership", 1, Some("10.00"), 1000),
            line(next, "Private projects", 1, Some("20"), 2000),
        ],
    )
}

/// A document that owes the customer something.
pub(super) fn credit() -> Invoice {
    let rest = ["2020-06-19", "2020-06-27"];
    let mut credit = invoice("USD", vec![line(rest, "Unused time on 3 × Seats", 3, None, -340)]);
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

pub(super) fn press(page_size: PageSize) -> Press {
    let look =
        Look { accent: [0x1f, 0x5f, 0xd6], page_size, packing: Packing::Files, fonts: Vec::new() };
    Press::new(&seller(), &look, &[JAPANESE_FONT.to_vec()]).expect("fonts parse")
}

fn print(invoice: &Invoice, name: &str) -> Receipt {
    press(PageSize::A4).print(invoice, &account(name)).expect("it prints")
}

fn pages(receipt: &Receipt) -> usize {
    Document::load_mem(&receipt.bytes).expect("a PDF").get_pages().len()
}

#[test]
fn threads_may_share_a_press() {
    fn shared<T: Send + Sync>() {}
    shared::<Press>();
}

#[test]
fn the_same_invoice_gives_the_same_bytes() {
    let first = print(&kumu(), JAPANESE);
    assert_eq!(first, print(&kumu(), JAPANESE));
    let other = print(&kumu(), "Kumu");
    assert_ne!(first.bytes, other.bytes);
}

#[test]
fn the_id_is_a_digest_of_the_content() {
    let id = |receipt: &Receipt| {
        let document = Document::load_mem(&receipt.bytes).expect("a PDF");
        let id = document.trailer.get(b"ID").and_then(lopdf::Object::as_array).expect("an id");
        id[0].as_str().expect("a string").to_vec()
    };
    let first = id(&print(&kumu(), "A"));
    assert_eq!(first.len(), 16);
    assert_ne!(first, id(&print(&kumu(), "B")));
}

#[test]
fn says_what_it_is() {
    let document = Document::load_mem(&print(&kumu(), "A").bytes).expect("a PDF");
    let catalog = document.catalog().expect("a catalog");
    assert_eq!(catalog.get(b"Lang").and_then(lopdf::Object::as_str).expect("a language"), b"en");
    let info = document.trailer.get(b"Info").and_then(lopdf::Object::as_reference).expect("one");
    let info = document.get_dictionary(info).expect("a dictionary");
    let entry = |key: &[u8]| info.get(key).and_then(lopdf::Object::as_str).expect("a string");
    assert_eq!(entry(b"Title"), b"Invoice INV-2020-00002");
    assert_eq!(entry(b"Author"), b"Kumu Inc.");
    assert_eq!(entry(b"CreationDate"), b"D:20200627000000Z");
}

#[test]
fn short_receipts_have_one_page_and_long_ones_many() {
    assert_eq!(pages(&print(&kumu(), "A")), 1);
    assert_eq!(pages(&print(&long(1), "A")), 1);
    let pages = pages(&print(&long(500), "A"));
    assert!((12..=20).contains(&pages), "{pages} pages");
}

#[test]
fn only_the_fonts_in_use_are_embedded() {
    let fonts = |name: &str| {
        let document = Document::load_mem(&print(&kumu(), name).bytes).expect("a PDF");
        let page = document.page_iter().next().expect("a page");
        document.get_page_fonts(page).expect("fonts").len()
    };
    assert_eq!(fonts("Zażółć Ελλάδα"), 2);
    assert_eq!(fonts(JAPANESE), 3);
}

#[test]
fn missing_characters_are_named_once_and_sorted() {
    let receipt = print(&kumu(), "\u{1f680}\u{1f600} Rocket \u{1f680}");
    assert_eq!(receipt.missing_characters, ['\u{1f600}', '\u{1f680}']);
    assert!(print(&kumu(), JAPANESE).missing_characters.is_empty());
}

#[test]
fn a_file_that_is_no_font_is_an_error() {
    let look = Look {
        accent: [0; 3],
        page_size: PageSize::A4,
        packing: Packing::Files,
        fonts: Vec::new(),
    };
    let extra = [JAPANESE_FONT.to_vec(), b"no font".to_vec()];
    let error = Press::new(&seller(), &look, &extra).err().expect("an error");
    assert_eq!(error.to_string(), "font 2 of look.fonts is not a TrueType or OpenType font");
}
