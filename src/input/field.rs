//! One row being read: fields by column name, each turned into its type or named as a problem.

use std::sync::Arc;

use csv::ByteRecord;
use rust_decimal::Decimal;

use super::table::{Findings, Header};
use crate::problem::Problem;
use crate::value::{Currency, Moment, Zone, parse_decimal};

/// The largest quantity that is taken for meant: a thousand million.
const MOST: u64 = 1_000_000_000;

/// A record with its header; problems found in it go straight to the report.
pub struct Row<'a> {
    header: &'a Header,
    record: &'a ByteRecord,
    /// The line it begins on.
    pub line: u64,
    findings: &'a mut Findings,
}

/// Marks that a field is unusable and has already been reported.
#[derive(Debug)]
pub struct Reported;

impl<'a> Row<'a> {
    /// A row of a table.
    pub fn new(
        header: &'a Header,
        record: &'a ByteRecord,
        line: u64,
        findings: &'a mut Findings,
    ) -> Self {
        Self { header, record, line, findings }
    }

    /// The text of a field; empty if the column is absent.
    pub fn text(&mut self, column: &'static str) -> Result<&'a str, Reported> {
        let record = self.record;
        let Some(bytes) = self.header.place(column).and_then(|place| record.get(place)) else {
            return Ok("");
        };
        let Ok(text) = std::str::from_utf8(bytes) else {
            let shown = String::from_utf8_lossy(bytes).into_owned();
            return Err(self.report(column, &shown, "is not UTF-8", "save the file as UTF-8"));
        };
        if text.contains('\0') {
            return Err(self.report(
                column,
                text,
                "holds a NUL character",
                "remove it; the file may be damaged",
            ));
        }
        Ok(text)
    }

    /// The text of a field that must not be empty.
    pub fn required(&mut self, column: &'static str) -> Result<&'a str, Reported> {
        let text = self.text(column)?;
        if text.is_empty() {
            return Err(self.report(column, "", "is empty", "every row needs a value here"));
        }
        Ok(text)
    }

    /// A name by which other rows refer to this one.
    pub fn id(&mut self, column: &'static str) -> Result<Arc<str>, Reported> {
        let text = self.required(column)?;
        if text.chars().any(char::is_control) || text.trim() != text {
            return Err(self.report(
                column,
                text,
                "has blanks around it or control characters in it",
                "write the id bare, so that it matches everywhere",
            ));
        }
        Ok(text.into())
    }

    /// A field read by `parse`, or `None` where it is empty.
    pub fn optional<T>(
        &mut self,
        column: &'static str,
        parse: impl FnOnce(&mut Self, &'static str) -> Result<T, Reported>,
    ) -> Result<Option<T>, Reported> {
        if self.text(column)?.is_empty() { Ok(None) } else { parse(self, column).map(Some) }
    }

    /// A whole number of units.
    pub fn quantity(&mut self, column: &'static str) -> Result<u64, Reported> {
        let text = self.required(column)?;
        match whole_number(text) {
            Some(number) if (0..=i128::from(MOST)).contains(&number) => {
                Ok(u64::try_from(number).expect("the range was just checked"))
            }
            Some(number) if number < 0 => {
                Err(self.report(column, text, "is negative", "write the quantity held, 0 or more"))
            }
            Some(_) => Err(self.report(
                column,
                text,
                "is more than 1000000000",
                "check the number; larger quantities need a larger unit",
            )),
            None => Err(self.not_whole(column, text)),
        }
    }

    /// A signed difference of units.
    pub fn delta(&mut self, column: &'static str) -> Result<i64, Reported> {
        let text = self.required(column)?;
        whole_number(text.strip_prefix('+').unwrap_or(text))
            .filter(|number| number.unsigned_abs() <= u128::from(MOST))
            .and_then(|number| i64::try_from(number).ok())
            .ok_or_else(|| self.not_whole(column, text))
    }

    fn not_whole(&mut self, column: &'static str, text: &str) -> Reported {
        self.report(
            column,
            text,
            "is not a whole number",
            "write digits only, such as 3: no separators, decimals or exponents",
        )
    }

    /// A count of at least one.
    pub fn positive(&mut self, column: &'static str) -> Result<u64, Reported> {
        let number = self.quantity(column)?;
        if number == 0 {
            return Err(self.report(column, "0", "is not positive", "write 1 or more"));
        }
        Ok(number)
    }

    /// A price: a plain decimal, not negative, with as many decimals as it takes.
    pub fn unit_amount(&mut self, column: &'static str) -> Result<Decimal, Reported> {
        let text = self.required(column)?;
        match parse_decimal(text) {
            Ok(amount) if amount.is_sign_negative() && !amount.is_zero() => Err(self.report(
                column,
                text,
                "is negative",
                "a price is 0 or more; credits are lines of their own",
            )),
            Ok(amount) => Ok(amount),
            Err(error) => Err(self.report(
                column,
                text,
                &error.to_string(),
                "write major units with a point, such as 20.00",
            )),
        }
    }

    /// An ISO 4217 code.
    pub fn currency(&mut self, column: &'static str) -> Result<Currency, Reported> {
        let text = self.required(column)?;
        Currency::from_code(text).ok_or_else(|| {
            self.report(
                column,
                text,
                "is not an ISO 4217 currency",
                "write the three-letter code in capitals, such as USD",
            )
        })
    }

    /// A date or an instant.
    pub fn moment(&mut self, column: &'static str) -> Result<Moment, Reported> {
        let text = self.required(column)?;
        Moment::parse(text).map_err(|error| {
            self.report(
                column,
                text,
                &error.to_string(),
                "write 2026-01-31T09:30:00Z, or 2026-01-31 for midnight in the account's time zone",
            )
        })
    }

    /// An IANA time zone.
    pub fn zone(&mut self, column: &'static str) -> Result<Zone, Reported> {
        let text = self.required(column)?;
        text.parse().map_err(|_| {
            self.report(
                column,
                text,
                "is not a time zone",
                "write an IANA name, such as Europe/Berlin",
            )
        })
    }

    /// One of a few words; the first is what an empty field means.
    pub fn word<T: Copy>(
        &mut self,
        column: &'static str,
        words: &[(&'static str, T)],
    ) -> Result<T, Reported> {
        let text = self.text(column)?;
        if text.is_empty() {
            return Ok(words[0].1);
        }
        words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning).ok_or_else(|| {
            let list: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let hint = format!("write one of {}", list.join(", "));
            self.report(column, text, "is not a word known here", &hint)
        })
    }

    /// Reports a problem with a field of this row.
    pub fn report(
        &mut self,
        column: &'static str,
        value: &str,
        rule: &str,
        hint: &str,
    ) -> Reported {
        self.findings.problems.push(Problem {
            file: self.header.file.clone(),
            line: Some(self.line),
            column: Some(column),
            value: (!value.is_empty()).then(|| value.to_owned()),
            rule: rule.to_owned(),
            hint: hint.to_owned(),
        });
        Reported
    }
}

/// Digits with an optional minus, and nothing that a spreadsheet might have done to them.
fn whole_number(text: &str) -> Option<i128> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain =
        !digits.is_empty() && digits.len() <= 20 && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}
