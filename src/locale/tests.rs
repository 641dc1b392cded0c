//! Compares formats with the output of ICU in `intl.tsv`, and checks the formats that receipts use.

use chrono::NaiveDate;

use super::*;

fn locale(tag: &str) -> Locale {
    Locale::parse(tag).expect("a known tag")
}

fn currency(code: &str) -> Currency {
    Currency::from_code(code).expect("ISO 4217")
}

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Whole units as an amount.
fn units(units: i64, currency: Currency) -> Amount {
    Amount::from_minor(units * 10_i64.pow(currency.digits()))
}

/// The output of ICU, with our three typographic signs.
fn printed(icu: &str) -> String {
    let mut text = icu.replace("\\u{a0}", "\u{a0}").replace("\\u{202f}", "\u{202f}");
    text = text.replace("\\u{2009}", " ").replace('\'', "’").replace('-', "\u{2212}");
    assert!(!text.contains('\\'), "{text}");
    text
}

#[test]
fn numbers_and_dates_are_those_of_icu() {
    for row in include_str!("intl.tsv").lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let (here, home) = (locale(cells[0]), currency(cells[1]));
        let range = |first, last| here.period(date(first), date(last));
        let ours = [
            here.amount(units(1234, home), home),
            here.amount(units(-1234, home), home),
            here.amount(units(12_345_678, home), home),
            here.amount(units(-98_765, currency("ETB")), currency("ETB")),
            here.number("1234567.125"),
            here.percent("-5.50".parse().expect("a decimal")),
            here.date(date("2020-09-09")),
            range("2020-06-19", "2020-06-27"),
            range("2020-06-27", "2020-07-27"),
            range("2020-12-27", "2021-01-27"),
        ];
        // In these locales ICU shortens months in dates or in ranges, but not in both.
        let is_uneven = ["ja", "pt-PT"].contains(&cells[0]);
        let compared = if is_uneven { ours.len() - 3 } else { ours.len() };
        for (ours, icu) in ours.iter().zip(&cells[2..]).take(compared) {
            assert_eq!(*ours, printed(icu), "{}", cells[0]);
        }
    }
}

#[test]
fn every_locale_can_be_read() {
    for tag in tag::known() {
        let here = locale(tag);
        assert!(here.date(date("2020-06-19")).contains("2020"), "{tag}");
        assert!(here.number("1234567.5").starts_with('1'), "{tag}");
    }
}

#[test]
fn the_sign_of_a_currency_stands_only_at_home() {
    let shown = |tag, code| locale(tag).amount(units(1234, currency(code)), currency(code));
    assert_eq!(shown("de", "EUR"), "1.234,00\u{a0}€");
    assert_eq!(shown("fr", "EUR"), "1\u{202f}234,00\u{a0}€");
    assert_eq!(shown("de-CH", "CHF"), "CHF\u{a0}1’234.00");
    assert_eq!(shown("pl", "PLN"), "1234,00\u{a0}zł");
    assert_eq!(shown("ja", "JPY"), "￥1,234");
    assert_eq!(shown("ja", "USD"), "USD\u{a0}1,234.00");
    assert_eq!(shown("en-CA", "CAD"), "$1,234.00");
    assert_eq!(shown("en-CA", "USD"), "USD\u{a0}1,234.00");
    assert_eq!(shown("en", "KWD"), "KWD\u{a0}1,234.000");
    assert_eq!(shown("es-419", "MXN"), "MXN\u{a0}1,234.00");
}

#[test]
fn every_amount_can_be_shown() {
    let least = locale("en").money(Amount::from_minor(i64::MIN), currency("KWD"));
    assert_eq!(least, "\u{2212}9,223,372,036,854,775.808");
    assert_eq!(locale("pl").money(Amount::ZERO, currency("USD")), "0,00");
    assert_eq!(locale("en-IN").quantity(123_456_789), "12,34,56,789");
    assert_eq!(locale("es").quantity(1234), "1234");
}

#[test]
fn unit_prices_keep_their_decimals() {
    let price = |tag, text: &str, code| {
        locale(tag).unit_price(text.parse().expect("a decimal"), currency(code))
    };
    assert_eq!(price("en", "20.5", "KWD"), "20.500");
    assert_eq!(price("ja", "20", "JPY"), "20");
    assert_eq!(price("fr", "0.25", "JPY"), "0,25");
    assert_eq!(price("fr", "-1234567.891", "USD"), "\u{2212}1\u{202f}234\u{202f}567,891");
}

#[test]
fn sums_are_written_out_in_the_numbers_of_the_place() {
    let french = |text: &str| locale("fr").arithmetic(text);
    assert_eq!(french("3 × 20.00 = 60.00"), "3 × 20,00 = 60,00");
    assert_eq!(french("1200 × 0.005 less 7.50."), "1\u{202f}200 × 0,005 less 7,50.");
    assert_eq!(french("plan v2.1 x -3.5"), "plan v2.1 x \u{2212}3,5");
    assert_eq!(french(""), "");
}

#[test]
fn counts_choose_the_form_of_their_words() {
    use Plural::{Few, Many, One, Other};
    let forms = |tag| [0, 1, 2, 5, 22].map(|count| locale(tag).plural(count));
    assert_eq!(forms("en"), [Other, One, Other, Other, Other]);
    assert_eq!(forms("fr"), [One, One, Other, Other, Other]);
    assert_eq!(forms("pl"), [Many, One, Few, Many, Few]);
    assert_eq!(forms("ja"), [Other; 5]);
}

#[test]
fn a_day_has_no_year() {
    let days = ["en", "en-US", "de", "ja"].map(|tag| locale(tag).day(date("2020-06-19")));
    assert_eq!(days, ["19 Jun", "Jun 19", "19. Juni", "6月19日"]);
}
