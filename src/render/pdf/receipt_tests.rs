//! For any invoice, marks stay on the page and do not overlap.

use super::super::gallery::tests::{is_inside, overlap, texts};
use super::super::page::DrawOp;
use super::super::specimens::{
    account, credit, invoice, kumu, line, long, seller, set_part, type_case,
};
use super::*;
use crate::config::PageSize;
use crate::model::{Account, Invoice};

fn lay_out(invoice: &Invoice, account: &Account, size: PageSize) -> Vec<Page> {
    check(&PdfContent::issued(invoice, account), size)
}

/// Lays out the pages, and checks that nothing overlaps or is cut off.
pub(super) fn check(manuscript: &PdfContent, size: PageSize) -> Vec<Page> {
    let (case, seller, paper) = (type_case(), seller(), Paper::new(size));
    let sheets = PageLayout { case, paper, seller: &seller, logo: None }.lay_out(manuscript).sheets;
    for sheet in &sheets {
        let bounds = texts(case, sheet);
        for (index, first) in bounds.iter().enumerate() {
            assert!(is_inside(first.0, paper), "{} leaves the page: {:?}", first.1, first.0);
            for second in &bounds[..index] {
                assert!(!overlap(first.0, second.0), "{} lies on {}", first.1, second.1);
            }
        }
    }
    sheets
}

pub(super) fn all_texts(sheets: &[Page]) -> Vec<String> {
    let marks = sheets.iter().flat_map(Page::marks);
    marks
        .filter_map(|mark| match mark {
            // No-break spaces look like ordinary spaces.
            DrawOp::Text { text, .. } => Some(text.replace('\u{a0}', " ")),
            DrawOp::Bar { .. } | DrawOp::Logo { .. } => None,
        })
        .collect()
}

#[test]
fn the_published_receipt_fits_one_page() {
    for size in [PageSize::A4, PageSize::Letter] {
        let sheets = lay_out(&kumu(), &account("Acme"), size);
        assert_eq!(sheets.len(), 1);
        let texts = all_texts(&sheets);
        for text in ["19–27 Jun 2020", "27 Jun – 27 Jul 2020", "−14.93", "USD 20.05"] {
            assert!(texts.iter().any(|seen| seen == text), "{text} in {texts:?}");
        }
        assert!(!texts.iter().any(|text| text.starts_with("Page")));
    }
}

#[test]
fn unit_prices_stand_only_where_they_explain_the_amount() {
    let texts = all_texts(&lay_out(&kumu(), &account("Acme"), PageSize::A4));
    let count = |wanted: &str| texts.iter().filter(|text| *text == wanted).count();
    // The unit price and the amount; the prorated lines cost 20.00 each as well.
    assert_eq!((count("10.00"), count("20.00")), (2, 2));
}

#[test]
fn neighbours_of_one_period_share_a_heading() {
    let texts = all_texts(&lay_out(&kumu(), &account("Acme"), PageSize::A4));
    assert_eq!(texts.iter().filter(|text| text.contains('–')).count(), 2);
}

#[test]
fn every_length_of_table_lays_out() {
    for count in (1..60).chain([500]) {
        for size in [PageSize::A4, PageSize::Letter] {
            let sheets = lay_out(&long(count), &account("Acme"), size);
            let texts = all_texts(&sheets);
            let titles = texts.iter().filter(|text| *text == "Description").count();
            assert_eq!(titles, sheets.len(), "{count} lines");
            let last = format!("Page {0} of {0}", sheets.len());
            assert_eq!(texts.contains(&last), sheets.len() > 1, "{count} lines");
        }
    }
}

#[test]
fn sums_never_stand_alone() {
    for count in 1..60 {
        let sheets = lay_out(&long(count), &account("Acme"), PageSize::A4);
        let last = all_texts(&sheets[sheets.len() - 1..]);
        assert!(last.iter().any(|text| text.starts_with("Private projects")), "{count} lines");
    }
}

#[test]
fn long_names_and_words_and_amounts_stay_on_the_page() {
    let name = "Przedsiębiorstwo Usługowo-Handlowe Αθηναϊκή Εταιρεία 株式会社プロラタ";
    let mut account = account(name);
    let street = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunter";
    set_part(&mut account.address, 0, street);
    account.billing_email = Some(format!("{}@example.com", "x".repeat(90)).into());
    let period = ["2020-12-27", "2021-01-27"];
    let most = i64::MAX / 4;
    let invoice = invoice(
        "KWD",
        vec![
            line(period, &"W".repeat(300), u64::MAX, Some("1234567.123456789"), most),
            line(period, "", 1, Some("0.5"), -most),
            line(period, &"many words ".repeat(900), 1, None, 999_999_999_999_999),
        ],
    );
    for size in [PageSize::A4, PageSize::Letter] {
        assert!(lay_out(&invoice, &account, size).len() > 1);
    }
    let mut seller = seller();
    seller.name = "Kumu ".repeat(30);
    set_part(&mut account.address, 1, &"Annex ".repeat(400));
    lay_out(&invoice, &account, PageSize::A4);
}

#[test]
fn titles_never_stand_alone() {
    for length in 0..60 {
        let mut account = account("Acme");
        set_part(&mut account.address, 0, &"A very long part of an address ".repeat(length));
        for sheet in lay_out(&kumu(), &account, PageSize::A4) {
            let texts = all_texts(&[sheet]);
            let has = |wanted: &str| texts.iter().any(|text| text.contains(wanted));
            let has_rows = has("Net effect") || has("Org membership") || has("Amount due");
            assert_eq!(has("Description"), has_rows, "{length}");
        }
    }
}

#[test]
fn the_widest_numbers_leave_room_for_words() {
    let period = ["2020-06-27", "2020-07-27"];
    let widest = "79228162514264337593543950335";
    let invoice = invoice(
        "USD",
        vec![
            line(period, "Private projects", u64::MAX, Some(widest), i64::MAX),
            line(period, "API calls", 1, Some("0.0000000000000000000000000001"), i64::MIN + 1),
        ],
    );
    let texts = all_texts(&lay_out(&invoice, &account("Acme"), PageSize::A4));
    assert!(texts.iter().any(|text| text == "Private projects"));
}

#[test]
fn a_credit_is_not_due() {
    let texts = all_texts(&lay_out(&credit(), &account("Acme"), PageSize::A4));
    assert!(texts.iter().any(|text| text == "USD 3.40"));
    assert!(texts.iter().all(|text| text != "Due"));
}
