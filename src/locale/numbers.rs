//! Numbers as people read them: separators, signs, the place of the currency.
//!
//! A plain decimal (`-1234.50`) comes in. The minus sign is a true one (U+2212), as is right in
//! print.

use rust_decimal::Decimal;

use super::formats::Formats;
use crate::value::{Amount, Currency};

const MINUS: char = '\u{2212}';

/// An amount with its currency.
pub fn amount(formats: &Formats, amount: Amount, currency: Currency) -> String {
    let plain = amount.to_decimal_string(currency);
    let magnitude = plain.trim_start_matches('-');
    let number = separated(formats, magnitude, [&formats.money_decimal, &formats.money_group]);
    let is_home = currency.code() == &*formats.home;
    let sign = if is_home { &*formats.home_symbol } else { currency.code() };
    placed(&formats.money[usize::from(amount.is_negative())], &number, sign)
}

/// An amount of money without its currency.
pub fn money(formats: &Formats, plain: &str) -> String {
    signed(formats, plain, [&formats.money_decimal, &formats.money_group])
}

/// A number that is not money.
pub fn grouped(formats: &Formats, plain: &str) -> String {
    signed(formats, plain, [&formats.decimal, &formats.group])
}

/// What one unit costs.
pub fn unit_price(formats: &Formats, price: Decimal, currency: Currency) -> String {
    let mut plain = price.normalize().to_string();
    let places = plain.split_once('.').map_or(0, |(_, part)| part.len());
    let missing = (currency.digits() as usize).saturating_sub(places);
    if places == 0 && missing > 0 {
        plain.push('.');
    }
    plain.extend(std::iter::repeat_n('0', missing));
    money(formats, &plain)
}

/// A rate in hundredths.
pub fn percent(formats: &Formats, rate: Decimal) -> String {
    let plain = rate.normalize().to_string();
    let number =
        separated(formats, plain.trim_start_matches('-'), [&formats.decimal, &formats.group]);
    placed(&formats.percent[usize::from(plain.starts_with('-'))], &number, "")
}

/// Every number in a text as it is written here; what is part of a word stays.
pub fn arithmetic(formats: &Formats, plain: &str) -> String {
    let is_of_number = |word: &str| {
        let digits = word.strip_prefix('-').unwrap_or(word);
        digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    let mut text = String::with_capacity(plain.len() + 8);
    for word in plain.split_inclusive(|c: char| !(c.is_alphanumeric() || c == '.' || c == '-')) {
        let number = word.trim_end_matches(|c: char| !c.is_ascii_digit());
        if is_of_number(number) {
            text.push_str(&money(formats, number));
            text.push_str(&word[number.len()..]);
        } else {
            text.push_str(word);
        }
    }
    text
}

/// The number and the sign where the pattern has them. A letter does not touch a digit.
fn placed(pattern: &str, number: &str, sign: &str) -> String {
    const SPACE: char = '\u{a0}';
    let mut text = String::with_capacity(pattern.len() + number.len() + sign.len());
    let mut before = SPACE;
    for character in pattern.chars() {
        match character {
            '#' => {
                if before == '¤' && sign.ends_with(char::is_alphabetic) {
                    text.push(SPACE);
                }
                text.push_str(number);
            }
            '¤' => {
                if before == '#' && sign.starts_with(char::is_alphabetic) {
                    text.push(SPACE);
                }
                text.push_str(sign);
            }
            '-' => text.push(MINUS),
            other => text.push(other),
        }
        before = character;
    }
    text
}

fn signed(formats: &Formats, plain: &str, separators: [&str; 2]) -> String {
    match plain.strip_prefix('-') {
        Some(magnitude) => format!("{MINUS}{}", separated(formats, magnitude, separators)),
        None => separated(formats, plain, separators),
    }
}

/// The digits in groups.
fn separated(formats: &Formats, magnitude: &str, [decimal, group]: [&str; 2]) -> String {
    let (whole, part) = magnitude.split_once('.').unwrap_or((magnitude, ""));
    let [last, others] = formats.grouping;
    let mut text = String::with_capacity(magnitude.len() * 2);
    for (index, digit) in whole.char_indices() {
        let left = whole.len() - index;
        let begins_group = left == last || left > last && (left - last).is_multiple_of(others);
        if index > 0 && begins_group && whole.len() >= formats.least_grouped {
            text.push_str(group);
        }
        text.push(digit);
    }
    if !part.is_empty() {
        text.push_str(decimal);
        text.push_str(part);
    }
    text
}
