//! Numbers for people: separators, signs, the place of the currency.
//!
//! The input is a plain decimal (`-1234.50`). The output has a true minus sign (U+2212), as print
//! requires.

use std::fmt::{self, Write};

use rust_decimal::Decimal;

use super::formats::Formats;
use crate::value::{Amount, Currency};

const MINUS: char = '\u{2212}';

/// An amount with its currency.
pub(crate) fn amount(formats: &Formats, amount: Amount, currency: Currency) -> String {
    const USUAL_LENGTH: usize = 10;
    written(USUAL_LENGTH, |text| write_amount(text, formats, amount, currency))
}

/// Writes directly to the target, without a temporary text.
pub(crate) fn write_amount(
    text: &mut impl Write,
    formats: &Formats,
    amount: Amount,
    currency: Currency,
) -> fmt::Result {
    let plain = amount.decimal_text(currency);
    let separators = [&*formats.money_decimal, &*formats.money_group];
    let is_home = currency.code() == &*formats.home;
    let sign = if is_home { &*formats.home_symbol } else { currency.code() };
    let pattern = &formats.money[usize::from(amount.is_negative())];
    let magnitude = plain.as_str().trim_start_matches('-');
    placed(text, pattern, sign, |text| separated(text, formats, magnitude, separators))
}

/// An amount of money without its currency.
pub(crate) fn money(formats: &Formats, plain: &str) -> String {
    signed(formats, plain, [&formats.money_decimal, &formats.money_group])
}

/// A number that is not money.
pub(crate) fn grouped(formats: &Formats, plain: &str) -> String {
    signed(formats, plain, [&formats.decimal, &formats.group])
}

/// The price of one unit.
pub(crate) fn unit_price(formats: &Formats, price: Decimal, currency: Currency) -> String {
    let mut plain = price.normalize().to_string();
    let places = plain.split_once('.').map_or(0, |(_, part)| part.len());
    let missing = (currency.digits() as usize).saturating_sub(places);
    if places == 0 && missing > 0 {
        plain.push('.');
    }
    plain.extend(std::iter::repeat_n('0', missing));
    money(formats, &plain)
}

/// A rate in percent.
pub(crate) fn percent(formats: &Formats, rate: Decimal) -> String {
    let plain = rate.normalize().to_string();
    let (magnitude, separators) =
        (plain.trim_start_matches('-'), [&*formats.decimal, &*formats.group]);
    let pattern = &formats.percent[usize::from(plain.starts_with('-'))];
    written(plain.len(), |text| {
        placed(text, pattern, "", |text| separated(text, formats, magnitude, separators))
    })
}

/// Formats every number in a text. Digits inside a word stay.
pub(crate) fn arithmetic(formats: &Formats, plain: &str) -> String {
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

/// A new text, a little longer than the plain one.
fn written(plain_length: usize, write: impl FnOnce(&mut String) -> fmt::Result) -> String {
    let mut text = String::with_capacity(plain_length + 16);
    write(&mut text).expect("a string takes everything");
    text
}

/// Puts the number and the sign into the pattern. A letter does not touch a digit.
fn placed<W: Write>(
    text: &mut W,
    pattern: &str,
    sign: &str,
    number: impl Fn(&mut W) -> fmt::Result,
) -> fmt::Result {
    const SPACE: char = '\u{a0}';
    let mut before = SPACE;
    for character in pattern.chars() {
        match character {
            '#' => {
                if before == '¤' && sign.ends_with(char::is_alphabetic) {
                    text.write_char(SPACE)?;
                }
                number(text)?;
            }
            '¤' => {
                if before == '#' && sign.starts_with(char::is_alphabetic) {
                    text.write_char(SPACE)?;
                }
                text.write_str(sign)?;
            }
            '-' => text.write_char(MINUS)?,
            other => text.write_char(other)?,
        }
        before = character;
    }
    Ok(())
}

fn signed(formats: &Formats, plain: &str, separators: [&str; 2]) -> String {
    written(plain.len(), |text| match plain.strip_prefix('-') {
        Some(magnitude) => {
            text.push(MINUS);
            separated(text, formats, magnitude, separators)
        }
        None => separated(text, formats, plain, separators),
    })
}

/// The digits in groups.
fn separated(
    text: &mut impl Write,
    formats: &Formats,
    magnitude: &str,
    [decimal, group]: [&str; 2],
) -> fmt::Result {
    let (whole, part) = magnitude.split_once('.').unwrap_or((magnitude, ""));
    let [last, others] = formats.grouping;
    for (index, digit) in whole.char_indices() {
        let left = whole.len() - index;
        let begins_group = left == last || left > last && (left - last).is_multiple_of(others);
        if index > 0 && begins_group && whole.len() >= formats.least_grouped {
            text.write_str(group)?;
        }
        text.write_char(digit)?;
    }
    if !part.is_empty() {
        text.write_str(decimal)?;
        text.write_str(part)?;
    }
    Ok(())
}
