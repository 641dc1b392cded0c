//! What stands in the rows of discounts and of one-off charges.

use super::super::specimens::{adjustment, discount, discounted, invoice, kumu, taxed, vat};
use super::*;

fn rows_of(invoice: &Invoice) -> Vec<Row<'_>> {
    rows(invoice, Zone::UTC)
}

#[test]
fn discounts_stand_under_what_they_reduce() {
    let invoice = taxed(discounted(), &[vat("19"), vat("7")]);
    let rows = rows_of(&invoice);
    assert!(rows[1].is_discount && rows[4].is_discount && !rows[2].is_discount);
    assert_eq!(rows[2].cells, ["4", "20.00", "7%", "80.00"]);
    assert_eq!(rows[4].cells, ["", "", "", "\u{2212}36.00"]);
    assert_eq!(rows[4].heading, "Jun 27 – Jul 27, 2020");
}

#[test]
fn a_discount_at_another_rate_says_so() {
    let mut invoice = taxed(discounted(), &[vat("19"), vat("7")]);
    invoice.lines[1].tax = invoice.lines[2].tax.clone();
    assert_eq!(rows_of(&invoice)[1].cells[2], "7%");
}

#[test]
fn a_discount_of_a_one_off_charge_stays_with_it() {
    let lines = vec![adjustment("Migration", 5000), discount("Half of it", -2500)];
    let invoice = invoice("USD", lines);
    let rows = rows_of(&invoice);
    assert_eq!([&*rows[0].heading, &*rows[1].heading], ["One-off charges"; 2]);
}

#[test]
fn what_bills_no_time_has_no_period() {
    let heading = |amounts: &[i64]| {
        let lines = amounts.iter().map(|minor| adjustment("It", *minor)).collect();
        rows_of(&invoice("USD", lines))[0].heading.clone()
    };
    assert_eq!(heading(&[100]), "One-off charges");
    assert_eq!(heading(&[-100]), "One-off credits");
    assert_eq!(heading(&[100, -100]), "One-off charges and credits");
    let invoice = invoice("USD", vec![adjustment("It", 1250)]);
    assert_eq!(rows_of(&invoice)[0].cells, ["1", "", "", "12.50"]);
}

#[test]
fn unit_prices_stand_only_where_they_explain_the_amount() {
    let invoice = kumu();
    let rows = rows_of(&invoice);
    assert_eq!(rows[0].cells, ["2", "", "", "9.95"]);
    assert_eq!(rows[5].cells, ["1", "20.00", "", "20.00"]);
}
