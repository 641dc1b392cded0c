//! Hints for amounts and percentages: commas, currency signs and codes, brackets, exponents.

use std::borrow::Cow;

use super::{SHORTENED, readings};
use crate::config::{DecimalMark, set_for};
use crate::table::damage::is_shortened;
use crate::value::{Currency, DecimalError, parse_decimal};

/// The remedy for a number with an exponent that no spreadsheet made.
pub(crate) const WRITE_OUT: &str = "write the number out, without an exponent";

/// What the remedies for a number need to know of its row.
#[derive(Debug)]
pub(crate) struct NumberRemedy<'a> {
    /// What stands before decimals.
    pub(crate) mark: DecimalMark,
    /// The table, as billing.toml names it; `None` if the number is not in the file.
    pub(crate) table: Option<&'a str>,
    /// The currency of the row, if it has one.
    pub(crate) currency: Cow<'a, str>,
}

impl NumberRemedy<'_> {
    /// The hint for a price in a currency, if its row has one.
    pub(crate) fn amount(&self, text: &str, error: DecimalError) -> String {
        let mark = self.mark_name();
        match error {
            _ if is_shortened(text) => SHORTENED.to_owned(),
            DecimalError::Exponent => WRITE_OUT.to_owned(),
            DecimalError::TooLong => {
                format!("write at most 28 digits, those after the {mark} included")
            }
            _ => self.written(text).unwrap_or_else(|| {
                format!("write major units with a {mark}, such as {}", self.shown("20.00"))
            }),
        }
    }

    /// The hint for an amount of a currency, which may be negative.
    pub(crate) fn money(&self, text: &str, error: DecimalError) -> String {
        match error {
            DecimalError::TooManyDigits { allowed: 0 } => {
                "the currency has no decimals; write whole units".to_owned()
            }
            DecimalError::TooManyDigits { .. } => {
                "the currency has no more; write the amount that was agreed".to_owned()
            }
            DecimalError::Beyond { .. } => {
                "check the amount; it is more than can be billed".to_owned()
            }
            _ => match bookkeepers_minus(text).map(readings).as_deref() {
                Some([magnitude]) if !magnitude.starts_with('-') => {
                    format!("write a minus sign before the number: -{}", self.shown(magnitude))
                }
                _ => self.amount(text, error),
            },
        }
    }

    /// The hint for a percentage.
    pub(crate) fn percent(&self, text: &str, error: DecimalError) -> String {
        let bare = text.trim().trim_end_matches('%').trim_end().replace(',', ".");
        let is_plain = parse_decimal(&bare).is_ok();
        match error {
            _ if is_shortened(text) => SHORTENED.to_owned(),
            DecimalError::Exponent => WRITE_OUT.to_owned(),
            DecimalError::TooLong => {
                "write the percentage that was agreed, with at most 4 decimals".to_owned()
            }
            DecimalError::TooManyDigits { allowed } => {
                format!("write the percentage that was agreed, with at most {allowed} decimals")
            }
            DecimalError::Comma | DecimalError::Point if is_plain => self.other_mark(text, &bare),
            DecimalError::NotPlain if is_plain => {
                format!("write the number alone: {}", self.shown(&bare))
            }
            _ => format!(
                "write the percentage with a {}, such as 19 or {}",
                self.mark_name(),
                self.shown("8.875")
            ),
        }
    }

    /// The number in the right form if only one reading is possible; otherwise both readings.
    fn written(&self, text: &str) -> Option<String> {
        let (number, sign) = without_mark(text)?;
        match &readings(number)[..] {
            [one, other] => {
                let [one, other] = [one, other].map(|reading| self.shown(reading));
                Some(format!("write {one} or {other}, whichever is meant"))
            }
            [only]
                if sign.is_empty() && (text.contains(',') || self.mark == DecimalMark::Comma) =>
            {
                Some(self.other_mark(text, only))
            }
            [only] if sign.is_empty() => Some(format!("write the number alone: {only}")),
            [only] => {
                let currency = &*self.currency;
                let is_other = !currency.is_empty()
                    && Currency::from_code(sign).is_some_and(|sign| sign.code() != currency);
                let says =
                    if is_other { format!(", which says {currency}") } else { String::new() };
                Some(format!(
                    "the currency belongs in the column currency{says}; write the number alone: {}",
                    self.shown(only)
                ))
            }
            _ => None,
        }
    }

    /// The hint for a number with another mark, given its only reading. If the mark is the only
    /// difference, billing.toml can say so for all numbers.
    fn other_mark(&self, text: &str, reading: &str) -> String {
        let (mark, shown) = (self.mark_name(), self.shown(reading));
        let hint = format!("write a {mark} before the decimals and no other separator: {shown}");
        let other = match self.mark {
            DecimalMark::Point if text.replace(',', ".") == reading => r#"decimal = ",""#,
            DecimalMark::Comma if text == reading => r#"decimal = ".""#,
            _ => return hint,
        };
        match self.table {
            Some(table) => {
                format!("{hint}; if all its numbers are written so, {}", set_for(table, other))
            }
            None => hint,
        }
    }

    fn mark_name(&self) -> &'static str {
        match self.mark {
            DecimalMark::Point => "point",
            DecimalMark::Comma => "comma",
        }
    }

    /// A number with the mark of the file.
    fn shown(&self, number: &str) -> String {
        match self.mark {
            DecimalMark::Point => number.to_owned(),
            DecimalMark::Comma => number.replace('.', ","),
        }
    }
}

/// Splits a number from the currency code or sign around it. Other letters, as in `10k`, are
/// ambiguous.
fn without_mark(text: &str) -> Option<(&str, &str)> {
    const WORDS: [&str; 6] = ["kr", "kr.", "zł", "fr.", "rs", "rs."];
    let is_of_number = |c: char| c.is_ascii_digit() || "-+\u{2212}".contains(c);
    let start = text.find(is_of_number)?;
    let end = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    let (before, number, behind) =
        (text[..start].trim(), text.get(start..end)?, text[end..].trim());
    let ((mark, "") | ("", mark)) = (before, behind) else { return None };
    let is_known = mark.is_empty()
        || Currency::from_code(&mark.to_uppercase()).is_some()
        || WORDS.contains(&mark.to_lowercase().as_str())
        || is_sign(mark);
    is_known.then_some((number, mark))
}

/// Whether a mark is the sign of a currency, such as `US$` or `€`.
fn is_sign(mark: &str) -> bool {
    let sign = mark.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let mut chars = sign.chars();
    chars.next().is_some_and(|c| "$€£¥₹₩₽₺₪₫₦₱฿₴₡₲₵₸₼₾".contains(c)) && chars.next().is_none()
}

/// The number in `(50.00)`, in `50.00-` or after a typographic minus.
fn bookkeepers_minus(text: &str) -> Option<&str> {
    let in_brackets = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    in_brackets.or_else(|| text.strip_suffix('-')).or_else(|| text.strip_prefix('\u{2212}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AMOUNT: &str = "write major units with a point, such as 20.00";
    const OR_SET: &str = "; if all its numbers are written so, write decimal = \",\" under \
                          [input.files.prices] in billing.toml, or under [input] for all tables";

    fn remedy(mark: DecimalMark) -> NumberRemedy<'static> {
        NumberRemedy { mark, table: Some("prices"), currency: Cow::Borrowed("EUR") }
    }

    fn amount(text: &str, error: DecimalError) -> String {
        remedy(DecimalMark::Point).amount(text, error)
    }

    fn money(text: &str, error: DecimalError) -> String {
        remedy(DecimalMark::Point).money(text, error)
    }

    fn percent(text: &str, error: DecimalError) -> String {
        remedy(DecimalMark::Point).percent(text, error)
    }

    #[test]
    fn a_number_gets_the_mark_of_its_file() {
        let remedy = remedy(DecimalMark::Comma);
        let other = "write a comma before the decimals and no other separator: ";
        let or_set = OR_SET.replace("\",\"", "\".\"");
        for (text, hint) in [
            ("20.00", format!("{other}20,00{or_set}")),
            ("1.234", "write 1234 or 1,234, whichever is meant".to_owned()),
            ("1.234,50", format!("{other}1234,50")),
            ("1,234.50", format!("{other}1234,50")),
            (
                "EUR 1.234,50",
                "the currency belongs in the column currency; write the number alone: \
                              1234,50"
                    .to_owned(),
            ),
            ("free", "write major units with a comma, such as 20,00".to_owned()),
        ] {
            assert_eq!(remedy.amount(text, DecimalError::Point), hint, "{text}");
        }
        assert_eq!(
            remedy.money("50,00-", DecimalError::NotPlain),
            "write a minus sign before the number: -50,00"
        );
        assert_eq!(remedy.percent("8.5", DecimalError::Point), format!("{other}8,5{or_set}"));
        assert_eq!(remedy.percent("19 %", DecimalError::NotPlain), "write the number alone: 19");
    }

    #[test]
    fn commas_are_read_as_their_writer_meant_them() {
        for (text, hint) in [
            (
                "20,00",
                &*format!(
                    "write a point before the decimals and no other separator: 20.00{OR_SET}"
                ),
            ),
            ("1,234", "write 1234 or 1.234, whichever is meant"),
            ("1,234.50", "write a point before the decimals and no other separator: 1234.50"),
            ("1.234,50", "write a point before the decimals and no other separator: 1234.50"),
            ("1,234,567", "write a point before the decimals and no other separator: 1234567"),
            (
                "0,125",
                &*format!(
                    "write a point before the decimals and no other separator: 0.125{OR_SET}"
                ),
            ),
            (",", AMOUNT),
        ] {
            assert_eq!(amount(text, DecimalError::Comma), hint, "{text}");
        }
    }

    #[test]
    fn a_currency_belongs_in_its_column() {
        let hint = |text| amount(text, DecimalError::NotPlain);
        let own = "the currency belongs in the column currency; write the number alone: 9.90";
        for text in ["9.90 EUR", "EUR 9.90", "9,90 €", "€9.90", "€ 9,90", "9.90EUR"] {
            assert_eq!(hint(text), own, "{text}");
        }
        let other = "the currency belongs in the column currency, which says EUR; write the number \
                     alone: 9.90";
        assert_eq!(hint("9.90 DKK"), other);
        assert!(hint("US$9.90").ends_with("write the number alone: 9.90"));
        assert!(hint("1.234 EUR").starts_with("write 1234 or 1.234"));
        for text in ["9.90E", "10k", "1.5M", "free", "9.90 per month", "9 90", "EUR", "1 234:50"] {
            assert_eq!(hint(text), AMOUNT, "{text}");
        }
    }

    #[test]
    fn only_spreadsheets_shorten_numbers() {
        assert_eq!(amount("1E+02", DecimalError::Exponent), SHORTENED);
        assert_eq!(amount("1,5E+02", DecimalError::Comma), SHORTENED);
        assert_eq!(amount("1e1", DecimalError::Exponent), WRITE_OUT);
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
        assert_eq!(
            percent("full", DecimalError::NotPlain),
            "write the percentage with a point, such as 19 or 8.875"
        );
        let hint = percent("8,875%", DecimalError::Comma);
        assert_eq!(hint, "write a point before the decimals and no other separator: 8.875");
    }
}
