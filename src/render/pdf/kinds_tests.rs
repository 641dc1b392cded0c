//! Each kind of document on the page: taxes, discounts, one-off charges, credit notes, receipts.

use super::super::content::PaymentShown;
use super::super::specimens::{
    REMOVAL, account, credit, credit_note, discount, discounted, invoice, kumu, line, long,
    payment, reverse_charge, taxed, vat,
};
use super::tests::{all_texts, check};
use super::*;
use crate::config::PageSize;
use crate::model::{Invoice, TaxTerms};
use crate::value::Amount;

const NEXT: [&str; 2] = ["2020-06-27", "2020-07-27"];

fn texts(invoice: &Invoice, payments: &[PaymentShown]) -> Vec<String> {
    let account = account("Acme");
    let manuscript = PdfContent::receipt(invoice, &account, payments).expect("small sums");
    let [sheets, _] = [PageSize::A4, PageSize::Letter].map(|size| check(&manuscript, size));
    all_texts(&sheets)
}

fn pages(invoice: &Invoice) -> Vec<Vec<String>> {
    let account = account("Acme");
    let sheets = check(&PdfContent::issued(invoice, &account), PageSize::A4);
    sheets.iter().map(|sheet| all_texts(std::slice::from_ref(sheet))).collect()
}

fn has(texts: &[String], wanted: &str) -> bool {
    texts.iter().any(|text| text == wanted)
}

/// Ten rates with these names; `words` is the length of their notes.
fn ten_rates(name: &str, words: usize) -> Vec<TaxTerms> {
    let rate = |number: usize| TaxTerms {
        name: format!("{name} {number}").into(),
        note: format!("Note {number}:{}", " as the law has it".repeat(words)).into(),
        ..vat("8.25")
    };
    (1..=10).map(rate).collect()
}

#[test]
fn ten_rates_lay_out_whatever_their_names_and_notes() {
    let long_name = "Regional sales and use tax of the county of San Bernardino ".repeat(3);
    for name in ["VAT", &long_name, &"W".repeat(200)] {
        for words in [8, 300] {
            let texts = texts(&taxed(long(25), &ten_rates(name, words)), &[]);
            assert!(has(&texts, "Tax") && has(&texts, "Total tax"));
            assert!(texts.iter().any(|text| text.contains("Note 10:")), "{name} {words}");
        }
    }
}

#[test]
fn sums_stand_below_a_row_even_if_the_notes_are_too_long_for_a_page() {
    for count in 1..40 {
        let pages = pages(&taxed(long(count), &ten_rates("VAT", 60)));
        let with_sums: Vec<_> = pages.iter().filter(|texts| has(texts, "Amount due")).collect();
        assert_eq!(with_sums.len(), 1, "{count} lines");
        let row = |text: &String| text.starts_with("Private projects");
        assert!(with_sums[0].iter().any(row), "{count} lines");
    }
}

#[test]
fn amounts_of_every_size_leave_room_for_sums() {
    let most = i64::MAX / 8;
    let lines = vec![
        line(NEXT, "Private projects", u64::MAX, Some("1234567.123456789"), most),
        discount(&"A long name of a discount ".repeat(8), -most / 2),
        line(NEXT, "Org membership", 1, Some("10.00"), 999_999_999_999),
    ];
    let mut invoice = taxed(invoice("KWD", lines), &ten_rates(&"Value added tax ".repeat(6), 1));
    let payments = [payment(&"Bank transfer ".repeat(40), 100), payment("", -100)];
    let paid_back = texts(&invoice, &payments);
    assert!(has(&paid_back, "Paid back 27 Jun 2020"));
    assert!(has(&texts(&invoice, &payments[..1]), "Balance due"));
    invoice.totals.credit_applied = Amount::from_minor(most);
    assert!(has(&texts(&invoice, &[]), "Credit applied"));
}

#[test]
fn payments_go_on_over_pages() {
    let payments: Vec<_> = (0..120).map(|_| payment("Visa •••• 4242", 5)).collect();
    let texts = texts(&kumu(), &payments);
    let shown = texts.iter().filter(|text| text.ends_with("Visa •••• 4242")).count();
    assert_eq!(shown, 120);
    assert!(has(&texts, "USD 14.05"));
}

#[test]
fn under_reverse_charge_both_tax_numbers_and_the_note_are_shown() {
    let (invoice, mut account) = (taxed(kumu(), &[reverse_charge()]), account("Acme"));
    account.tax_id = Some("DE123456789".into());
    let texts = all_texts(&check(&PdfContent::issued(&invoice, &account), PageSize::A4));
    assert!(has(&texts, "Tax ID DE123456789") && has(&texts, "Tax ID US-12-3456789"));
    assert!(has(&texts, "VAT reverse charge on 20.05"));
    assert!(texts.iter().any(|text| text.starts_with("Reverse charge: VAT is accounted for")));
    assert!(!has(&texts, "Tax"), "one rate needs no column");
}

#[test]
fn a_line_and_its_discounts_share_a_page() {
    for count in 1..60 {
        let mut lines = long(count).lines;
        lines.push(line(NEXT, "The discounted one", 1, Some("20"), 2000));
        lines.extend((0..4).map(|number| discount(&format!("Discount {number}"), -100)));
        lines.extend(long(20).lines);
        let pages = pages(&invoice("USD", lines));
        let discounted = |texts: &&Vec<String>| texts.iter().any(|text| text.contains("iscount"));
        assert_eq!(pages.iter().filter(discounted).count(), 1, "{count} lines");
    }
}

#[test]
fn columns_in_which_nothing_stands_are_left_out() {
    assert!(has(&texts(&kumu(), &[]), "Unit price"));
    let texts = texts(&credit(), &[]);
    assert!(!has(&texts, "Unit price") && !has(&texts, "Tax") && has(&texts, "Qty"));
}

#[test]
fn a_credit_note_says_what_it_credits() {
    let texts = texts(&credit_note(), &[]);
    for text in ["Credit note", "USD 11.40", "Credits invoice", "INV-2020-00001", "Issued"] {
        assert!(has(&texts, text), "{text} in {texts:?}");
    }
    assert!(!has(&texts, "Due") && !has(&texts, "Amount due"));
}

#[test]
fn a_receipt_shows_payments_and_no_old_balance() {
    let mut invoice = discounted();
    invoice.totals.credit_balance = Amount::from_minor(500);
    let due = invoice.totals.amount_due.minor();
    let paid = texts(&invoice, &[payment("Visa •••• 4242", due)]);
    for text in ["Receipt", "Paid", "Paid 27 Jun 2020 · Visa •••• 4242", "EUR 0.00"] {
        assert!(has(&paid, text), "{text} in {paid:?}");
    }
    assert!(!has(&paid, "Due") && !paid.iter().any(|text| text.starts_with("Credit balance")));
    let part = texts(&invoice, &[payment("", due - 100)]);
    assert!(has(&part, "Due") && has(&part, "EUR 1.00"));
}

#[test]
fn long_methods_are_cut_in_the_headline_only() {
    let texts = texts(&kumu(), &[payment(&"Bank transfer ".repeat(30), 2005)]);
    let headline = texts.iter().find(|text| text.ends_with('…')).expect("a cut headline");
    assert!(headline.starts_with(" paid 27 Jun 2020 · Bank transfer"), "{headline}");
    let elsewhere = texts.iter().filter(|text| *text != headline);
    assert_eq!(elsewhere.map(|text| text.matches("Bank").count()).sum::<usize>(), 30);
}

#[test]
fn a_headline_shrinks_before_it_is_cut() {
    for length in 0..30 {
        let method = "n".repeat(length);
        let texts = texts(&kumu(), &[payment(&method, 2005)]);
        assert!(!texts.iter().any(|text| text.ends_with('…')), "{length}");
    }
}

#[test]
fn a_change_stays_on_one_page_with_what_it_comes_to() {
    for count in 1..45 {
        let mut lines = long(count).lines;
        lines.extend(REMOVAL.lines());
        lines.extend(long(20).lines);
        let pages = pages(&invoice("USD", lines));
        let with = |wanted: &str| pages.iter().position(|texts| has(texts, wanted));
        let story = with("19 Jun 2020: from 3 to 2 Private projects");
        assert!(story.is_some() && story == with("Net effect"), "{count} lines");
        assert_eq!(story, with("\u{2212}14.93"), "{count} lines");
    }
}

#[test]
fn how_it_is_paid_is_said_where_something_is_to_be_paid() {
    let says = |texts: &[String]| texts.iter().any(|text| text.starts_with("We charge the card"));
    assert!(says(&texts(&kumu(), &[])));
    assert!(says(&texts(&kumu(), &[payment("", 5)])));
    assert!(!says(&texts(&kumu(), &[payment("", 2005)])));
    assert!(!says(&texts(&credit(), &[])));
}

#[test]
fn a_document_without_changes_is_spared_what_explains_them() {
    let plain = texts(&long(3), &[]);
    for unneeded in ["How this was calculated", "Net effect", "What changed in the period"] {
        assert!(!plain.iter().any(|text| text.contains(unneeded)), "{unneeded}");
    }
    assert!(!plain.iter().any(|text| text.contains("new charges")));
}
