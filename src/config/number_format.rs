//! The pattern of invoice numbers: `INV-{year}-{seq:05}`.
//!
//! The text before the counter is the series. `{year}` opens a series each year, and `{currency}`
//! one for each currency. Different sellers need different texts around it. A number is also a file
//! name, so few characters are allowed.

use std::fmt::{self, Write as _};

use thiserror::Error;

use crate::value::Currency;

/// A checked pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NumberFormat {
    parts: Vec<PatternPart>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum PatternPart {
    Text(String),
    Year,
    Currency,
    Sequence { width: usize },
}

/// The problem of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum NumberFormatError {
    /// No counter, or more than one.
    #[error("does not hold {{seq}} exactly once")]
    OneSequence,
    /// Unknown text in braces.
    #[error("has a placeholder that is not {{year}}, {{currency}}, {{seq}} or {{seq:05}}")]
    UnknownPlaceholder,
    /// A character that is unsafe in a file name.
    #[error("has a character other than letters, digits, '-', '_' and '.'")]
    UnsafeCharacter,
    /// It begins with a dot, so the file would be hidden.
    #[error("begins with a dot")]
    LeadingDot,
    /// Its numbers are too long for file names.
    #[error("gives numbers of up to {0} characters, and a file name has room for {LONGEST_NUMBER}")]
    TooLong(usize),
}

/// The longest number. A file name has 255 bytes: this one, `.pdf`, and room for what a mailer or a
/// backup adds to it while it copies the file.
const LONGEST_NUMBER: usize = 255 - ".pdf".len() - 27;

/// The digits of the largest counter and of the largest year.
const DIGITS: usize = 20;
const YEAR_DIGITS: usize = 4;

impl fmt::Display for NumberFormat {
    /// The pattern, which [`NumberFormat::parse`] reads back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                PatternPart::Text(text) => f.write_str(text)?,
                PatternPart::Year => f.write_str("{year}")?,
                PatternPart::Currency => f.write_str("{currency}")?,
                PatternPart::Sequence { width: 1 } => f.write_str("{seq}")?,
                PatternPart::Sequence { width } => write!(f, "{{seq:0{width}}}")?,
            }
        }
        Ok(())
    }
}

impl NumberFormat {
    pub(crate) fn parse(pattern: &str) -> Result<Self, NumberFormatError> {
        let mut parts = Vec::new();
        let mut rest = pattern;
        while let Some((text, after)) = rest.split_once('{') {
            let (name, after) =
                after.split_once('}').ok_or(NumberFormatError::UnknownPlaceholder)?;
            parts.push(PatternPart::Text(text.to_owned()));
            parts.push(placeholder(name)?);
            rest = after;
        }
        parts.push(PatternPart::Text(rest.to_owned()));
        let format = Self { parts };
        format.check(pattern)?;
        Ok(format)
    }

    /// The invoice number for `sequence` in its series.
    pub(crate) fn number(&self, year: i32, currency: Currency, sequence: u64) -> String {
        self.text(year, currency, Some(sequence))
    }

    /// The series: the number without its counter.
    pub(crate) fn series(&self, year: i32, currency: Currency) -> String {
        self.text(year, currency, None)
    }

    fn text(&self, year: i32, currency: Currency, sequence: Option<u64>) -> String {
        let mut text = String::with_capacity(24);
        for part in &self.parts {
            let written = match (part, sequence) {
                (PatternPart::Text(fixed), _) => text.write_str(fixed),
                (PatternPart::Year, _) => write!(text, "{year}"),
                (PatternPart::Currency, _) => text.write_str(currency.code()),
                (PatternPart::Sequence { width }, Some(sequence)) => {
                    write!(text, "{sequence:0width$}")
                }
                (PatternPart::Sequence { .. }, None) => text.write_char('#'),
            };
            written.expect("writing to memory does not fail");
        }
        text
    }

    /// The length of the longest number, in bytes.
    fn longest(&self) -> usize {
        let length = |part: &PatternPart| match part {
            PatternPart::Text(text) => text.len(),
            PatternPart::Year => YEAR_DIGITS,
            PatternPart::Currency => 3,
            PatternPart::Sequence { .. } => DIGITS,
        };
        self.parts.iter().map(length).sum()
    }

    fn check(&self, pattern: &str) -> Result<(), NumberFormatError> {
        let counters =
            self.parts.iter().filter(|part| matches!(part, PatternPart::Sequence { .. }));
        if counters.count() != 1 {
            return Err(NumberFormatError::OneSequence);
        }
        if pattern.starts_with('.') {
            return Err(NumberFormatError::LeadingDot);
        }
        let longest = self.longest();
        if longest > LONGEST_NUMBER {
            return Err(NumberFormatError::TooLong(longest));
        }
        let is_safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let all_safe = self.parts.iter().all(|part| match part {
            PatternPart::Text(text) => text.chars().all(is_safe),
            _ => true,
        });
        if all_safe { Ok(()) } else { Err(NumberFormatError::UnsafeCharacter) }
    }
}

fn placeholder(name: &str) -> Result<PatternPart, NumberFormatError> {
    match name {
        "year" => Ok(PatternPart::Year),
        "currency" => Ok(PatternPart::Currency),
        "seq" => Ok(PatternPart::Sequence { width: 1 }),
        _ => name
            .strip_prefix("seq:0")
            .and_then(|width| width.parse().ok())
            .filter(|width| (1..=18).contains(width))
            .map(|width| PatternPart::Sequence { width })
            .ok_or(NumberFormatError::UnknownPlaceholder),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn example_of_parse() {
        use crate::config::NumberFormat;
        use crate::value::Currency;
        let format = NumberFormat::parse("INV-{year}-{seq:05}").unwrap();
        let usd = Currency::from_code("USD").unwrap();
        assert_eq!(format.number(2020, usd, 7), "INV-2020-00007");
        assert_eq!(format.series(2020, usd), "INV-2020-#");
        assert_eq!(format.to_string(), "INV-{year}-{seq:05}");
    }

    #[test]
    fn refuses_patterns_that_cannot_count_or_be_files() {
        use NumberFormatError::{
            LeadingDot, OneSequence, TooLong, UnknownPlaceholder, UnsafeCharacter,
        };
        for (pattern, error) in [
            ("INV-{year}", OneSequence),
            ("{seq}-{seq}", OneSequence),
            ("{seq:0}", UnknownPlaceholder),
            ("{month}-{seq}", UnknownPlaceholder),
            ("{seq", UnknownPlaceholder),
            ("a/{seq}", UnsafeCharacter),
            ("=1+{seq}", UnsafeCharacter),
            (".{seq}", LeadingDot),
            (&format!("{}{{seq}}", "x".repeat(205)), TooLong(225)),
        ] {
            assert_eq!(NumberFormat::parse(pattern), Err(error), "{pattern}");
        }
        assert!(NumberFormat::parse(&format!("{}{{seq}}", "x".repeat(204))).is_ok());
    }
}
