//! What stands in the rows of discounts and of one-off charges.

use super::super::specimens::{adjustment, discount, discounted, invoice, kumu, taxed, vat};
use super::*;

/// The rows with the headings they stand under.
fn rows_of(invoice: &Invoice) -> Vec<(String, Row<'_>)> {
    let Contents { headings, blocks, .. } = contents(invoice, Zone::UTC, Locale::default());
    let rows = blocks.into_iter().flat_map(|block| {
        block.rows.into_iter().map(move |row| (block.heading, row)).collect::<Vec<_>>()
    });
    rows.map(|(heading, row)| (headings[heading].clone(), row)).collect()
}

#[test]
fn discounts_stand_under_what_they_reduce() {
    let invoice = taxed(discounted(), &[vat("19"), vat("7")]);
    let rows = rows_of(&invoice);
    assert!(rows[1].1.is_discount && rows[4].1.is_discount && !rows[2].1.is_discount);
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
