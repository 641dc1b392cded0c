//! How a locale writes a date.

use std::fmt::{self, Write};

use chrono::{Datelike as _, NaiveDate};
use serde::Deserialize;

use crate::value::DecimalText;

/// A pattern such as `d MMM y`. In a range, a repeated field belongs to the second date.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct DatePattern(Vec<DatePiece>);

/// A part of a date. `true` marks a field of the second date.
#[derive(Debug, PartialEq)]
enum DatePiece {
    Text(Box<str>),
    /// At least this many digits.
    Day(bool, usize),
    Month(bool, usize),
    /// The short name.
    MonthName(bool),
    Year(bool),
}

impl DatePattern {
    /// Writes one or two dates with these month names.
    pub(crate) fn format(&self, months: &[Box<str>; 12], dates: [NaiveDate; 2]) -> String {
        let mut text = String::with_capacity(32);
        self.write(&mut text, months, dates).expect("a string takes everything");
        text
    }

    pub(crate) fn write(
        &self,
        text: &mut impl Write,
        months: &[Box<str>; 12],
        dates: [NaiveDate; 2],
    ) -> fmt::Result {
        let of = |second: bool| dates[usize::from(second)];
        for piece in &self.0 {
            match piece {
                DatePiece::Text(literal) => text.write_str(literal),
                DatePiece::Day(second, digits) => write_number(text, of(*second).day(), *digits),
                DatePiece::Month(second, digits) => {
                    write_number(text, of(*second).month(), *digits)
                }
                DatePiece::MonthName(second) => {
                    text.write_str(&months[of(*second).month0() as usize])
                }
                DatePiece::Year(second) => match u32::try_from(of(*second).year()) {
                    Ok(year) => write_number(text, year, 1),
                    Err(_) => write!(text, "{}", of(*second).year()),
                },
            }?;
        }
        Ok(())
    }
}

/// Writes at least this many digits: one or two.
fn write_number(text: &mut impl Write, number: u32, digits: usize) -> fmt::Result {
    if digits > 1 && number < 10 {
        text.write_char('0')?;
    }
    text.write_str(DecimalText::whole(number.into()).as_str())
}

impl TryFrom<String> for DatePattern {
    type Error = String;

    fn try_from(pattern: String) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut seen = Vec::new();
        let mut rest = pattern.as_str();
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '\'' => 2 + rest[1..].find('\'').ok_or("a quote is not closed")?,
                _ => rest.len() - rest.trim_start_matches(first).len(),
            };
            let (field, after) = rest.split_at(length);
            // A repeated field belongs to the second date.
            let second = seen.contains(&first);
            if first.is_ascii_alphabetic() {
                seen.push(first);
            }
            pieces.push(piece(field, second)?);
            rest = after;
        }
        Ok(Self(pieces))
    }
}

fn piece(field: &str, second: bool) -> Result<DatePiece, String> {
    Ok(match field {
        "d" | "dd" => DatePiece::Day(second, field.len()),
        "M" | "MM" => DatePiece::Month(second, field.len()),
        "MMM" => DatePiece::MonthName(second),
        "y" => DatePiece::Year(second),
        other if other.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            return Err(format!("{other} is no field of a date known here"));
        }
        other => DatePiece::Text(other.trim_matches('\'').into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_patterns_as_cldr_writes_them() {
        let pieces = |pattern: &str| DatePattern::try_from(pattern.to_owned()).map(|it| it.0);
        assert_eq!(
            pieces("d 'de' MM–dd y"),
            Ok(vec![
                DatePiece::Day(false, 1),
                DatePiece::Text(" ".into()),
                DatePiece::Text("de".into()),
                DatePiece::Text(" ".into()),
                DatePiece::Month(false, 2),
                DatePiece::Text("–".into()),
                DatePiece::Day(true, 2),
                DatePiece::Text(" ".into()),
                DatePiece::Year(false),
            ])
        );
        assert!(pieces("EEEE d").is_err());
        assert!(pieces("d 'de").is_err());
    }
}
