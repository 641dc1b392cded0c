//! Hints for amounts and percentages: commas, currency signs, brackets, exponents.

use super::SHORTENED;
use crate::value::{DecimalError, parse_decimal};

/// How an amount is written.
const AMOUNT: &str = "write major units with a point, such as 20.00";

/// How a percentage is written.
const PERCENT: &str = "write the percentage with a point, such as 19 or 8.875";

/// For a price.
pub fn amount(text: &str, error: DecimalError) -> String {
    match error {
        DecimalError::Comma => comma(text),
        DecimalError::Exponent => SHORTENED.to_owned(),
        DecimalError::TooLarge => "write at most 28 digits, those after the point included".into(),
        _ => match plain_digits(text) {
            Some(plain) => format!("write the number alone: {plain}"),
            None => AMOUNT.to_owned(),
        },
    }
}

/// For an amount of a currency, which may be negative.
pub fn money(text: &str, error: DecimalError) -> String {
    match (error, bookkeepers_minus(text)) {
        (_, Some(magnitude)) if parse_decimal(magnitude).is_ok() => {
            format!("write a minus sign before the number: -{magnitude}")
        }
        (DecimalError::TooManyDigits { allowed: 0 }, _) => {
            "the currency has no decimals; write whole units".to_owned()
        }
        (DecimalError::TooManyDigits { .. }, _) => {
            "the currency has no more; round the amount to them".to_owned()
        }
        (DecimalError::TooLarge, _) => "check the amount; it is more than can be billed".to_owned(),
        _ => amount(text, error),
    }
}

/// The number in `(50.00)`, `50.00-` and behind a typographic minus.
fn bookkeepers_minus(text: &str) -> Option<&str> {
    let in_brackets = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    in_brackets.or_else(|| text.strip_suffix('-')).or_else(|| text.strip_prefix('\u{2212}'))
}

/// For a percentage.
pub fn percent(text: &str, error: DecimalError) -> String {
    let bare = text.trim().trim_end_matches('%').trim_end().replace(',', ".");
    let is_plain = parse_decimal(&bare).is_ok();
    match error {
        DecimalError::Exponent => SHORTENED.to_owned(),
        DecimalError::TooManyDigits { allowed } => format!("round it to {allowed} decimals"),
        DecimalError::Comma if is_plain => {
            format!("write a point before the decimals and no other separator: {bare}")
        }
        DecimalError::NotPlain if is_plain => format!("write the number alone: {bare}"),
        _ => PERCENT.to_owned(),
    }
}

/// `20,00` means one thing, `1,234.50` and `1.234,50` another, and `1,234` could mean either.
fn comma(text: &str) -> String {
    let (joined, pointed) = (text.replace(',', ""), text.replace(',', "."));
    let commas = text.matches(',').count();
    let plain = match (text.rfind('.'), text.rfind(',')) {
        (Some(point), Some(comma)) if point < comma => text.replace('.', "").replace(',', "."),
        (None, _) if commas == 1 => pointed.clone(),
        _ => joined.clone(),
    };
    if parse_decimal(&plain).is_err() {
        return AMOUNT.to_owned();
    }
    let decimals = text.rsplit(',').next().map_or(0, str::len);
    if plain == pointed && decimals == 3 && !text.starts_with('0') {
        return format!("write {joined} or {pointed}, whichever is meant");
    }
    format!("write a point before the decimals and no other separator: {plain}")
}

/// The number among currency signs, blanks and apostrophes, if nothing else is there.
fn plain_digits(text: &str) -> Option<String> {
    let is_noise = |c: char| c.is_whitespace() || "$€£¥'’_+".contains(c);
    let plain: String = text.chars().filter(|c| !is_noise(*c)).collect();
    parse_decimal(&plain).is_ok().then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_are_read_as_their_writer_meant_them() {
        for (text, hint) in [
            ("20,00", "write a point before the decimals and no other separator: 20.00"),
            ("1,234", "write 1234 or 1.234, whichever is meant"),
            ("1,234.50", "write a point before the decimals and no other separator: 1234.50"),
            ("1.234,50", "write a point before the decimals and no other separator: 1234.50"),
            ("1,234,567", "write a point before the decimals and no other separator: 1234567"),
            ("0,125", "write a point before the decimals and no other separator: 0.125"),
            (",", AMOUNT),
        ] {
            assert_eq!(amount(text, DecimalError::Comma), hint, "{text}");
        }
    }

    #[test]
    fn a_credit_as_bookkeepers_write_it_gets_a_minus_sign() {
        for text in ["(50.00)", "50.00-", "\u{2212}50.00"] {
            let hint = money(text, DecimalError::NotPlain);
            assert_eq!(hint, "write a minus sign before the number: -50.00", "{text}");
        }
        assert_eq!(money("(fifty)", DecimalError::NotPlain), AMOUNT);
    }

    #[test]
    fn percentages_lose_their_sign_and_keep_their_decimals() {
        assert_eq!(percent("19 %", DecimalError::NotPlain), "write the number alone: 19");
        assert_eq!(percent("full", DecimalError::NotPlain), PERCENT);
        let hint = percent("8,875%", DecimalError::Comma);
        assert_eq!(hint, "write a point before the decimals and no other separator: 8.875");
    }
}
