//! Reads the values of cells: instants, amounts, numbers, words. A value that cannot be read is a
//! problem, and becomes `None`.

use rust_decimal::Decimal;

use super::export_table::{ExportFolder, Row};
use super::finding::Effect;
use crate::value::{Amount, Currency, Instant, Moment, MomentError, Zone, parse_decimal};

/// The zone of all accounts: the other systems count periods in UTC, whatever zone they show.
pub(super) const UTC: &str = "UTC";

/// A value or a row is not taken over. A problem or a finding says why.
#[derive(Debug)]
pub(super) struct NotTaken;

/// The cells of one row, with problems collected.
pub(super) struct Cells<'a, 'f, T> {
    pub(super) row: &'a Row<T>,
    pub(super) folder: &'a mut ExportFolder<'f>,
}

impl<T> Cells<'_, '_, T> {
    /// Reports a problem of a cell.
    pub(super) fn report(
        &mut self,
        column: &'static str,
        value: &str,
        rule: &str,
        hint: &str,
    ) -> NotTaken {
        self.folder.problems.push(self.row.problem(column, value, rule, hint));
        NotTaken
    }

    /// Notes that a cell is not taken over.
    pub(super) fn lose(
        &mut self,
        column: &str,
        value: &str,
        effect: Effect,
        what: [&str; 2],
    ) -> NotTaken {
        self.folder.findings.push(self.row.finding(column, value, effect, what));
        NotTaken
    }

    /// An instant. Exports write UTC without saying so.
    pub(super) fn instant(
        &mut self,
        column: &'static str,
        text: &str,
    ) -> Result<Instant, NotTaken> {
        let found = match Moment::parse(text) {
            Err(MomentError::NoOffset) => Moment::parse(&format!("{text}Z")),
            found => found,
        };
        let hint = "write it as 2020-06-19 06:51:00, in UTC";
        let found = found.map(|moment| moment.at(Zone::UTC));
        found.map_err(|_| self.report(column, text, "is not a date or time", hint))
    }

    /// An instant, or none where the cell is empty.
    pub(super) fn optional_instant(
        &mut self,
        column: &'static str,
        text: &str,
    ) -> Result<Option<Instant>, NotTaken> {
        if text.is_empty() { Ok(None) } else { self.instant(column, text).map(Some) }
    }

    /// A currency. Some systems write small letters.
    pub(super) fn currency(
        &mut self,
        column: &'static str,
        text: &str,
    ) -> Result<Currency, NotTaken> {
        let found = Currency::from_code(&text.to_ascii_uppercase());
        let hint = "write its code of three letters";
        found.ok_or_else(|| self.report(column, text, "is no currency of ISO 4217", hint))
    }

    /// A decimal number.
    pub(super) fn decimal(
        &mut self,
        column: &'static str,
        text: &str,
    ) -> Result<Decimal, NotTaken> {
        let hint = "write digits with a decimal point";
        parse_decimal(text).map_err(|error| self.report(column, text, &error.to_string(), hint))
    }

    /// A decimal number, or none where the cell is empty.
    pub(super) fn optional_decimal(
        &mut self,
        column: &'static str,
        text: &str,
    ) -> Result<Option<Decimal>, NotTaken> {
        if text.is_empty() { Ok(None) } else { self.decimal(column, text).map(Some) }
    }

    /// A whole number that is not negative.
    pub(super) fn count(&mut self, column: &'static str, text: &str) -> Result<u64, NotTaken> {
        text.parse()
            .map_err(|_| self.report(column, text, "is no whole number", "write digits alone"))
    }

    /// An amount in major units.
    pub(super) fn amount(
        &mut self,
        column: &'static str,
        text: &str,
        currency: Currency,
    ) -> Result<Amount, NotTaken> {
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
    ) -> Result<Amount, NotTaken> {
        let hint = "an amount of an invoice has the digits of its currency";
        let found = Amount::parse(&plain(number), currency);
        found.map_err(|error| self.report(column, text, &error.to_string(), hint))
    }

    /// `true` or `false`, in any letters. An empty cell is `false`.
    pub(super) fn truth(&mut self, column: &'static str, text: &str) -> Result<bool, NotTaken> {
        let hint = "write true or false";
        match text.to_ascii_lowercase().as_str() {
            "true" => Ok(true),
            "false" | "" => Ok(false),
            _ => Err(self.report(column, text, "is neither true nor false", hint)),
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
