//! Reads the values of cells: instants, amounts, numbers, words. A value that cannot be read is a
//! problem, and becomes `None`.

use rust_decimal::Decimal;

use super::export_table::{ExportFolder, Row};
use crate::value::{Amount, Currency, Instant, Moment, MomentError, parse_decimal};

/// The zone of all accounts: the other systems count periods in UTC, whatever zone they show.
pub(super) const UTC: &str = "UTC";

/// The cells of one row, with problems collected.
pub(super) struct Cells<'a, 'f, T> {
    pub(super) row: &'a Row<T>,
    pub(super) folder: &'a mut ExportFolder<'f>,
}

impl<T> Cells<'_, '_, T> {
    /// Reports a problem of a cell.
    pub(super) fn report(&mut self, column: &'static str, value: &str, rule: &str, hint: &str) {
        self.folder.problems.push(self.row.problem(column, value, rule, hint));
    }

    /// An instant. Exports write UTC without saying so.
    pub(super) fn instant(&mut self, column: &'static str, text: &str) -> Option<Instant> {
        let found = match Moment::parse(text) {
            Err(MomentError::NoOffset) => Moment::parse(&format!("{text}Z")),
            found => found,
        };
        match found {
            Ok(Moment::Instant(at, _)) => Some(at),
            Ok(Moment::Date(date)) => Some(Instant::from_unix_seconds(
                date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp(),
            )),
            Err(_) => {
                self.report(
                    column,
                    text,
                    "is not a date or time",
                    "write it as 2020-06-19 06:51:00, in UTC",
                );
                None
            }
        }
    }

    /// An instant, or none where the cell is empty.
    pub(super) fn optional_instant(
        &mut self,
        column: &'static str,
        text: &str,
    ) -> Option<Option<Instant>> {
        if text.is_empty() { Some(None) } else { self.instant(column, text).map(Some) }
    }

    /// A currency. Some systems write small letters.
    pub(super) fn currency(&mut self, column: &'static str, text: &str) -> Option<Currency> {
        let found = Currency::from_code(&text.to_ascii_uppercase());
        if found.is_none() {
            self.report(
                column,
                text,
                "is no currency of ISO 4217",
                "write its code of three letters",
            );
        }
        found
    }

    /// A decimal number.
    pub(super) fn decimal(&mut self, column: &'static str, text: &str) -> Option<Decimal> {
        match parse_decimal(text) {
            Ok(number) => Some(number),
            Err(error) => {
                self.report(column, text, &error.to_string(), "write digits with a decimal point");
                None
            }
        }
    }

    /// A whole number that is not negative.
    pub(super) fn count(&mut self, column: &'static str, text: &str) -> Option<u64> {
        let found = text.parse().ok();
        if found.is_none() {
            self.report(column, text, "is no whole number", "write digits alone");
        }
        found
    }

    /// An amount in major units.
    pub(super) fn amount(
        &mut self,
        column: &'static str,
        text: &str,
        currency: Currency,
    ) -> Option<Amount> {
        let number = self.decimal(column, text)?;
        self.exact(column, text, number, currency)
    }

    /// An amount of a decimal number of major units.
    pub(super) fn exact(
        &mut self,
        column: &'static str,
        text: &str,
        number: Decimal,
        currency: Currency,
    ) -> Option<Amount> {
        match Amount::parse(&plain(number), currency) {
            Ok(amount) => Some(amount),
            Err(error) => {
                let hint = "an amount of an invoice has the digits of its currency";
                self.report(column, text, &error.to_string(), hint);
                None
            }
        }
    }

    /// `true` or `false`, in any letters. An empty cell is `false`.
    pub(super) fn truth(&mut self, column: &'static str, text: &str) -> Option<bool> {
        match text.to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" | "" => Some(false),
            _ => {
                self.report(column, text, "is neither true nor false", "write true or false");
                None
            }
        }
    }
}

/// A number without zeros at the end of its fraction.
pub(super) fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}

/// The texts that are not empty, with a separator between them.
pub(super) fn joined(texts: [&str; 2], separator: &str) -> String {
    let texts: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    texts.join(separator)
}

/// The first text that is not empty.
pub(super) fn first_of<const N: usize>(texts: [&str; N]) -> String {
    texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default().to_owned()
}

/// The texts of an instant, as input tables have it.
pub(super) fn at(instant: Instant) -> String {
    instant.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_at_the_end_do_not_count() {
        assert_eq!(plain(parse_decimal("29.9900").expect("a number")), "29.99");
        assert_eq!(plain(parse_decimal("3000.0").expect("a number")), "3000");
    }
}
