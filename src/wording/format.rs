//! Formats numbers and dates in English for the report and exports. Receipts use the languages of
//! [`locale`](crate::locale).
//!
//! Values are exact and never rounded here. A negative number has a real minus sign (U+2212), and
//! commas separate thousands. Files for programs use [`Amount::to_decimal_string`] instead.

use chrono::{Datelike as _, NaiveDate, NaiveTime};

use crate::value::{Amount, Currency};

/// A time of day.
pub(crate) fn time(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

/// The first and the last day of a service period; a common year appears once.
pub(crate) fn period(start: NaiveDate, end: NaiveDate) -> String {
    let last = end.format("%b %-d, %Y");
    if start == end {
        last.to_string()
    } else if start.year() == end.year() {
        format!("{} – {last}", start.format("%b %-d"))
    } else {
        format!("{} – {last}", start.format("%b %-d, %Y"))
    }
}

/// An amount with exactly the currency's digits, without its code.
pub(crate) fn money(amount: Amount, currency: Currency) -> String {
    grouped(&amount.to_decimal_string(currency))
}

/// A plain decimal with thousands separators and a real minus sign.
pub(crate) fn grouped(plain: &str) -> String {
    let (sign, magnitude) = match plain.strip_prefix('-') {
        Some(magnitude) => ("\u{2212}", magnitude),
        None => ("", plain),
    };
    let (whole, part) = magnitude.split_at(magnitude.find('.').unwrap_or(magnitude.len()));
    let mut text = String::with_capacity(plain.len() * 2);
    text.push_str(sign);
    for (index, digit) in whole.char_indices() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn example_of_time() {
        use super::time;
        assert_eq!(time("06:51:07".parse().unwrap()), "06:51");
    }

    #[test]
    fn example_of_period() {
        use super::period;
        let date = |text: &str| text.parse().unwrap();
        assert_eq!(period(date("2020-06-19"), date("2020-06-27")), "Jun 19 – Jun 27, 2020");
        assert_eq!(period(date("2020-12-27"), date("2021-01-27")), "Dec 27, 2020 – Jan 27, 2021");
        assert_eq!(period(date("2020-06-19"), date("2020-06-19")), "Jun 19, 2020");
    }

    #[test]
    fn example_of_money() {
        use super::money;
        use crate::value::{Amount, Currency};
        let usd = Currency::from_code("USD").unwrap();
        assert_eq!(money(Amount::from_minor(123_450), usd), "1,234.50");
        assert_eq!(money(Amount::from_minor(-1493), usd), "\u{2212}14.93");
        let yen = Currency::from_code("JPY").unwrap();
        assert_eq!(money(Amount::from_minor(1500), yen), "1,500");
    }

    #[test]
    fn example_of_grouped() {
        use super::grouped;
        assert_eq!(grouped("2678400"), "2,678,400");
        assert_eq!(grouped("-1234.50"), "−1,234.50");
    }

    fn currency(code: &str) -> Currency {
        Currency::from_code(code).expect("ISO 4217")
    }

    #[test]
    fn groups_of_three_start_at_the_point() {
        let texts =
            [1, 12, 123, 1234, 12_345, 123_456, 1_234_567].map(|it: u32| grouped(&it.to_string()));
        assert_eq!(texts, ["1", "12", "123", "1,234", "12,345", "123,456", "1,234,567"]);
    }

    #[test]
    fn every_amount_can_be_shown() {
        let least = money(Amount::from_minor(i64::MIN), currency("KWD"));
        assert_eq!(least, "\u{2212}9,223,372,036,854,775.808");
        assert_eq!(money(Amount::ZERO, currency("USD")), "0.00");
    }
}
