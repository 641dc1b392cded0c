//! Compares the shown arithmetic with published amounts.

use rust_decimal::Decimal;

use super::specimens::{Change, REMOVAL, adjustment, discount, invoice, kumu, line};
use crate::locale::Locale;
use crate::model::{Cause, Line, PriceBreakdown, RoundPer};
use crate::value::{Amount, Currency, Fraction, TimeUnit};
use crate::wording::formula;
use crate::wording::published::breakdown;

const NEXT: [&str; 2] = ["2020-06-27", "2020-07-27"];

/// A price from an old register.
fn read(detail: &str) -> PriceBreakdown {
    breakdown(detail, Currency::from_code("USD").expect("ISO 4217"))
}

fn formulas(lines: &[Line]) -> Vec<String> {
    lines.iter().filter_map(|line| formula(line, Locale::default())).collect()
}

#[test]
fn the_published_receipt_shows_all_its_digits() {
    assert_eq!(
        formulas(&kumu().lines),
        [
            "2 × 20.00 × 666,540 s ÷ 2,678,400 s = 9.9543…, rounded 9.95",
            "−3 × 20.00 × 666,540 s ÷ 2,678,400 s = −14.9314…, rounded −14.93",
            "20.00 × 666,360 s ÷ 2,678,400 s = 4.9758…, rounded 4.98",
            "−2 × 20.00 × 666,360 s ÷ 2,678,400 s = −9.9516…, rounded −9.95",
        ]
    );
}

#[test]
fn what_the_table_shows_needs_no_formula() {
    let lines = [
        line(NEXT, "Private projects", 4, Some("20"), 8000),
        discount("Half", -4000),
        adjustment("Migration", 5000),
    ];
    assert_eq!(formulas(&lines), [""; 0]);
}

#[test]
fn a_whole_period_that_was_rounded_says_so() {
    let line = line(NEXT, "API calls", 3, Some("0.0015"), 0);
    assert_eq!(formulas(&[line]), ["3 × 0.0015 = 0.0045, rounded 0.00"]);
}

#[test]
fn days_are_days_and_nothing_is_rounded_that_is_exact() {
    let lines = Change { new: 0, unit: 31, ..REMOVAL }.in_days(8, 31);
    assert_eq!(formulas(&lines), ["−3 × 31.00 × 8 ÷ 31 days = −24.00"]);
}

#[test]
fn tiers_show_the_sum_that_leads_to_their_price() {
    let mut tiers = line(NEXT, "Capacity", 40, Some("1"), 20_000);
    tiers.quote_mut().unit_amount = None;
    tiers.quote_mut().amount = 200.into();
    tiers.quote_mut().breakdown = read("30 × 0.00 + 150.00 + 10 × 5.00 = 200.00");
    assert_eq!(formulas(&[tiers.clone()]), ["30 × 0.00 + 150.00 + 10 × 5.00 = 200.00"]);
    tiers.share = Fraction::new(1, 3, TimeUnit::Day);
    tiers.amount = Amount::from_minor(6667);
    assert_eq!(
        formulas(&[tiers]),
        ["(30 × 0.00 + 150.00 + 10 × 5.00) × 1 ÷ 3 days = 66.6666…, rounded 66.67"]
    );
}

#[test]
fn numbers_of_a_sum_are_readable() {
    let mut packages = line(NEXT, "Seats", 12, Some("1"), 6_000_000);
    packages.quote_mut().unit_amount = None;
    packages.quote_mut().amount = 60_000.into();
    packages.quote_mut().breakdown = read("3 packages of 5 × 20000.00 = 60000.00");
    assert_eq!(formulas(&[packages]), ["3 packages of 5 × 20,000.00 = 60,000.00"]);
    assert_eq!(
        Locale::default().arithmetic("(1200 − 1000 free) × 0.5"),
        "(1,200 − 1,000 free) × 0.5"
    );
}

#[test]
fn units_that_are_rounded_are_multiplied_then() {
    let mut lines = REMOVAL.lines();
    for (line, minor) in lines.iter_mut().zip([996, -1494]) {
        line.quote_mut().round_per = RoundPer::Unit;
        line.amount = Amount::from_minor(minor);
    }
    assert_eq!(
        formulas(&lines),
        [
            "20.00 × 666,540 s ÷ 2,678,400 s = 4.9771…, rounded 4.98; 2 × 4.98 = 9.96",
            "20.00 × 666,540 s ÷ 2,678,400 s = 4.9771…, rounded 4.98; −3 × 4.98 = −14.94",
        ]
    );
}

#[test]
fn a_net_line_says_that_both_terms_were_rounded() {
    let mut line = REMOVAL.lines().remove(0);
    line.key.cause = Cause::Net("c1".into());
    line.quote_mut().amount = (-20).into();
    line.amount = Amount::from_minor(-498);
    assert_eq!(
        formulas(&[line]),
        ["−20.00 × 666,540 s ÷ 2,678,400 s = −4.9771…; new and old terms each rounded: −4.98"]
    );
}

#[test]
fn what_cannot_be_computed_in_128_bits_is_still_said() {
    let mut line = REMOVAL.lines().remove(0);
    line.quote_mut().unit_amount = Some(Decimal::MAX);
    line.quote_mut().amount = Decimal::MAX;
    line.quote_mut().quantity = 1;
    let shown = formulas(&invoice("USD", vec![line]).lines);
    assert!(shown[0].ends_with("÷ 2,678,400 s, rounded 9.95"), "{shown:?}");
}

#[test]
fn the_words_of_a_price_are_those_of_the_language() {
    let said = |tag: &str, detail: &str| {
        let mut line = line(NEXT, "Seats", 25, None, 3000);
        line.quote_mut().unit_amount = None;
        line.quote_mut().amount = 30.into();
        line.quote_mut().breakdown = read(detail);
        line.share = Fraction::new(1, 1, TimeUnit::Day);
        formula(&line, Locale::parse(tag).expect("a known tag")).expect("arithmetic")
    };
    let free = "(1200 − 10 free) × 2.00 = 30.00";
    assert_eq!(said("en", free), "(1,200 − 10 free) × 2.00 = 30.00");
    assert_eq!(said("de", free), "(1.200 − 10 frei) × 2,00 = 30,00");
    let packages = "3 packages of 5 × 10.00 = 30.00";
    assert_eq!(said("en", packages), packages);
    assert_eq!(said("pl", packages), "3 pakiety po 5 × 10,00 = 30,00");
    assert_eq!(said("ja", packages), "5個入りパック3個 × 10.00 = 30.00");
}

/// `tests/data/wording/prices.txt` has every price in nine languages; `UPDATE_EXPECTED=1` rewrites
/// it.
#[test]
fn nine_languages_say_how_a_price_comes_about() {
    let details = [
        "(1200 − 10 free) × 2.00 = 2380.00",
        "1 packages of 5 × 1000.00 = 1000.00",
        "3 packages of 1200 × 10.00 = 30.00",
        "150.00 + 1200 × 5.00 = 6150.00",
        "30 × 2.5 + 12.00 + 1200 × 0.05 + 7.00 = 154.00",
    ];
    let priced = |detail: &str, share| {
        let mut line = line(NEXT, "Seats", 1200, None, 3000);
        line.quote_mut().unit_amount = None;
        line.quote_mut().amount = (-30).into();
        line.quote_mut().breakdown = read(detail);
        Line { share: Fraction::new(share, 3, TimeUnit::Day), ..line }
    };
    let lines: Vec<Line> =
        details.iter().flat_map(|it| [1, 3].map(|share| priced(it, share))).collect();
    let languages = Locale::known_tags().filter(|tag| !tag.contains('-'));
    let said = languages.flat_map(|tag| {
        let locale = Locale::parse(tag).expect("a known tag");
        lines
            .iter()
            .map(move |line| format!("{tag}\t{}\n", formula(line, locale).expect("arithmetic")))
    });
    let said: String = said.collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/wording/prices.txt");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(path, &said).expect("writes");
    }
    let expected = std::fs::read_to_string(path).expect("the file is there");
    for (said, expected) in said.lines().zip(expected.lines()) {
        assert_eq!(said, expected);
    }
    assert_eq!(said.len(), expected.len());
}
