//! The rows of discounts and of one-off charges.

use super::super::specimens::{
    Change, REMOVAL, account, adjustment, corrected, discount, discounted, invoice, kumu, taxed,
    vat,
};
use super::*;
use crate::model::{Account, Invoice};

/// An account in UTC that lives as long as any invoice.
fn anybody() -> &'static Account {
    Box::leak(Box::new(account("Anybody")))
}

/// The rows with their headings.
fn rows_of(invoice: &Invoice) -> Vec<(String, ReceiptRow<'_>)> {
    let Contents { headings, blocks, .. } = contents(&PdfContent::issued(invoice, anybody()));
    let rows = blocks.into_iter().flat_map(|block| {
        block.rows.into_iter().map(move |row| (block.heading, row)).collect::<Vec<_>>()
    });
    rows.map(|(heading, row)| (headings[heading].clone(), row)).collect()
}

#[test]
fn discounts_stand_under_what_they_reduce() {
    let invoice = taxed(discounted(), &[vat("19"), vat("7")]);
    let rows = rows_of(&invoice);
    assert!([1, 4].map(|row| rows[row].1.rank) == [RowRank::Discount; 2]);
    assert_eq!(rows[2].1.cells, ["4", "20.00", "7%", "80.00"]);
    assert_eq!(rows[4].1.cells, ["", "", "", "\u{2212}36.00"]);
    assert_eq!(rows[4].0, "27 Jun – 27 Jul 2020");
}

#[test]
fn a_discount_at_another_rate_says_so() {
    let mut invoice = taxed(discounted(), &[vat("19"), vat("7")]);
    invoice.lines[1].tax = invoice.lines[2].tax.clone();
    assert_eq!(rows_of(&invoice)[1].1.cells[2], "7%");
}

#[test]
fn a_discount_of_a_one_off_charge_stays_with_it() {
    let lines = vec![adjustment("Migration", 5000), discount("Half of it", -2500)];
    let invoice = invoice("USD", lines);
    let rows = rows_of(&invoice);
    assert_eq!([&*rows[0].0, &*rows[1].0], ["One-off charges"; 2]);
}

#[test]
fn what_bills_no_time_has_no_period() {
    let heading = |amounts: &[i64]| {
        let lines = amounts.iter().map(|minor| adjustment("It", *minor)).collect();
        rows_of(&invoice("USD", lines))[0].0.clone()
    };
    assert_eq!(heading(&[100]), "One-off charges");
    assert_eq!(heading(&[-100]), "One-off credits");
    assert_eq!(heading(&[100, -100]), "One-off charges and credits");
    let invoice = invoice("USD", vec![adjustment("It", 1250)]);
    assert_eq!(rows_of(&invoice)[0].1.cells, ["1", "", "", "12.50"]);
}

#[test]
fn unit_prices_stand_only_where_they_explain_the_amount() {
    let invoice = kumu();
    let rows = rows_of(&invoice);
    assert_eq!(rows[0].1.cells, ["2", "", "", "9.95"]);
    assert_eq!(rows[5].1.cells, ["1", "20.00", "", "20.00"]);
}

/// The texts above and below the rows of each block, if any.
fn stories(invoice: &Invoice) -> Vec<(String, String, String)> {
    let blocks = contents(&PdfContent::issued(invoice, anybody())).blocks.into_iter();
    let told = blocks.filter_map(|block| Some((block.story?, block.net)));
    told.map(|((story, aside), net)| (story, aside.unwrap_or_default(), net.unwrap_or_default()))
        .collect()
}

fn told([story, aside, net]: [&str; 3]) -> (String, String, String) {
    (story.into(), aside.into(), net.into())
}

#[test]
fn a_change_says_what_happened_and_what_it_comes_to() {
    let left = "7 d 17 h of 31 d left";
    assert_eq!(
        stories(&kumu()),
        [
            told(["19 Jun 2020, 06:51: from 3 to 2 Private projects", left, "\u{2212}4.98"]),
            told(["19 Jun 2020, 06:54: from 2 to 1 Private projects", left, "\u{2212}4.97"]),
        ]
    );
}

#[test]
fn the_time_of_day_is_told_where_the_day_does_not_tell() {
    let once = stories(&invoice("USD", REMOVAL.in_days(12, 31)));
    assert_eq!(once[0].0, "19 Jun 2020: from 3 to 2 Private projects");
    assert_eq!(once[0].1, "12 of 31 days left");
}

#[test]
fn one_line_needs_no_net_effect() {
    let ended = invoice("USD", Change { new: 0, ..REMOVAL }.lines());
    let until = "Until 19 Jun 2020: 3 × Private projects";
    assert_eq!(stories(&ended), [told([until, "7 d 17 h of 31 d left", ""])]);
}

#[test]
fn a_correction_says_its_reason_once() {
    let invoice = corrected();
    let reason = "A change of 2 Jun 2020 arrived later";
    let story = "Correction of invoice INV-2020-00007";
    assert_eq!(stories(&invoice), [told([story, reason, "40.00"])]);
    let rows = rows_of(&invoice);
    assert_eq!(rows[0].1.description, "Reverses “Private projects” of invoice INV-2020-00007");
    assert_eq!(rows[1].1.description, "Private projects, corrects invoice INV-2020-00007");
}

#[test]
fn a_document_without_changes_has_no_stories() {
    assert!(stories(&discounted()).is_empty());
}
