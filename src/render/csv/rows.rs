//! The rows of a table as bytes, cell by cell, each written straight to where it belongs. Quotes
//! stand where the csv crate would put them; a test holds both side by side.

use std::fmt::{Display, Write as _};
use std::io::Write as _;

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, Timelike as _};

use super::is_guarded;
use crate::value::{Amount, Currency, Instant, Month, Zone};

/// Rows that are being written.
#[derive(Debug, Default)]
pub struct Rows {
    bytes: Vec<u8>,
    /// Whether a cell stands before the next one.
    is_begun: bool,
    /// Where a cell is put together that may need quotes.
    cell: String,
}

impl Rows {
    /// None yet, with room for so many bytes.
    pub fn with_room(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), ..Self::default() }
    }

    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// A cell, in quotes if need be.
    pub fn cell(&mut self, text: &str) {
        self.begin();
        self.quoted(text);
    }

    /// A cell that no spreadsheet evaluates: see [`text_cell`](super::text_cell).
    pub fn text(&mut self, text: &str) {
        self.begin();
        if is_guarded(text) {
            self.quoted(&format!("'{text}"));
        } else {
            self.quoted(text);
        }
    }

    /// A text, or an empty cell.
    pub fn optional(&mut self, text: Option<&str>) {
        self.text(text.unwrap_or_default());
    }

    /// A cell that no spreadsheet evaluates, of what has to be put together first.
    pub fn shown(&mut self, value: impl Display) {
        self.composed(|cell| write!(cell, "{value}").expect(INFALLIBLE));
    }

    /// The same, of what is written to a text.
    pub fn composed(&mut self, compose: impl FnOnce(&mut String)) {
        let mut cell = std::mem::take(&mut self.cell);
        cell.clear();
        compose(&mut cell);
        self.text(&cell);
        self.cell = cell;
    }

    /// A cell of what never needs quotes: numbers, dates, words of our own.
    pub fn plain(&mut self, value: impl Display) {
        self.begin();
        write!(self.bytes, "{value}").expect(INFALLIBLE);
    }

    /// What never needs quotes, or an empty cell.
    pub fn optional_plain(&mut self, value: Option<impl Display>) {
        match value {
            Some(value) => self.plain(value),
            None => self.word(""),
        }
    }

    /// An instant in RFC 3339: see [`Zone::rfc3339`].
    pub fn instant(&mut self, instant: Instant, zone: Zone) {
        self.begin();
        let (local, offset) = zone.local_with_offset(instant);
        self.local(local);
        if offset == 0 {
            return self.bytes.push(b'Z');
        }
        self.bytes.push(if offset < 0 { b'-' } else { b'+' });
        // As chrono has it, to the nearest minute.
        let minutes = (u64::from(offset.unsigned_abs()) + 30) / 60;
        self.digits(minutes / 60, 2);
        self.bytes.push(b':');
        self.digits(minutes % 60, 2);
    }

    /// A month: `2020-06`.
    pub fn month(&mut self, month: Month) {
        self.begin();
        self.year_and_month(month.first_day());
    }

    /// A cell of bytes that need no quotes.
    pub fn word(&mut self, word: &str) {
        self.begin();
        self.bytes.extend_from_slice(word.as_bytes());
    }

    /// A whole number that may be negative.
    pub fn whole(&mut self, number: i64) {
        self.begin();
        if number < 0 {
            self.bytes.push(b'-');
        }
        self.digits(number.unsigned_abs(), 1);
    }

    /// A whole number.
    pub fn count(&mut self, number: u64) {
        self.begin();
        self.digits(number, 1);
    }

    /// Major units with the currency's digits: see [`Amount::to_decimal_string`].
    pub fn money(&mut self, amount: Amount, currency: Currency) {
        self.begin();
        self.bytes.extend_from_slice(amount.decimal_text(currency).as_bytes());
    }

    /// A date: `2020-06-19`.
    pub fn date(&mut self, date: NaiveDate) {
        self.begin();
        self.day(date);
    }

    /// Ends the row.
    pub fn end(&mut self) {
        self.bytes.push(b'\n');
        self.is_begun = false;
    }

    fn begin(&mut self) {
        if self.is_begun {
            self.bytes.push(b',');
        }
        self.is_begun = true;
    }

    fn day(&mut self, date: NaiveDate) {
        self.year_and_month(date);
        self.bytes.push(b'-');
        self.digits(date.day().into(), 2);
    }

    fn year_and_month(&mut self, date: NaiveDate) {
        match u64::try_from(date.year()) {
            Ok(year @ 0..=9999) => self.digits(year, 4),
            _ => write!(self.bytes, "{:+05}", date.year()).expect(INFALLIBLE),
        }
        self.bytes.push(b'-');
        self.digits(date.month().into(), 2);
    }

    fn local(&mut self, local: NaiveDateTime) {
        self.day(local.date());
        for (mark, number) in [(b'T', local.hour()), (b':', local.minute()), (b':', local.second())]
        {
            self.bytes.push(mark);
            self.digits(number.into(), 2);
        }
    }

    fn quoted(&mut self, text: &str) {
        let needs_quotes = |byte: &u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
        if !text.as_bytes().iter().any(needs_quotes) {
            return self.bytes.extend_from_slice(text.as_bytes());
        }
        self.bytes.push(b'"');
        for byte in text.bytes() {
            if byte == b'"' {
                self.bytes.push(b'"');
            }
            self.bytes.push(byte);
        }
        self.bytes.push(b'"');
    }

    /// At least so many digits; there are never more than 20.
    fn digits(&mut self, mut number: u64, least: usize) {
        let mut digits = [b'0'; 20];
        let mut first = digits.len();
        while number > 0 {
            first -= 1;
            digits[first] = b'0' + u8::try_from(number % 10).expect("a digit");
            number /= 10;
        }
        self.bytes.extend_from_slice(&digits[first.min(digits.len() - least)..]);
    }
}

const INFALLIBLE: &str = "writing to memory does not fail";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::render::csv::text_cell;

    fn with_csv_crate(cells: &[&str]) -> Vec<u8> {
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        writer.write_record(cells).expect("writes");
        writer.into_inner().expect("writes")
    }

    proptest! {
        #[test]
        fn cells_are_quoted_as_the_csv_crate_does(
            cells in prop::collection::vec("[-=a',\"\r\n é]{0,12}", 2..6),
        ) {
            let mut rows = Rows::default();
            for cell in &cells {
                rows.text(cell);
            }
            rows.end();
            let guarded: Vec<_> = cells.iter().map(|cell| text_cell(cell)).collect();
            let guarded: Vec<&str> = guarded.iter().map(|cell| &**cell).collect();
            prop_assert_eq!(rows.into_bytes(), with_csv_crate(&guarded));
        }

        #[test]
        fn numbers_and_dates_are_what_they_are_elsewhere(
            minor in any::<i64>(), count in any::<u64>(), days in -800_000_i32..3_000_000,
            seconds in 0_i64..32_503_680_000,
            zone in prop::sample::select(vec!["UTC", "Asia/Kolkata", "America/St_Johns",
                "Africa/Monrovia", "Europe/Dublin", "Pacific/Apia"]),
            code in prop::sample::select(vec!["USD", "JPY", "KWD", "CLF"]),
        ) {
            let currency = Currency::from_code(code).expect("a currency");
            let amount = Amount::from_minor(minor);
            let date = NaiveDate::from_num_days_from_ce_opt(days).expect("a date");
            let mut rows = Rows::default();
            rows.money(amount, currency);
            rows.count(count);
            rows.date(date);
            rows.month(Month::of(date));
            let zone: Zone = zone.parse().expect("a zone");
            let instant = Instant::from_unix_seconds(seconds);
            rows.instant(instant, zone);
            let (money, time) = (amount.to_decimal_string(currency), zone.rfc3339(instant));
            let month = Month::of(date);
            let text = format!("{money},{count},{date},{month},{time}");
            prop_assert_eq!(String::from_utf8(rows.into_bytes()).expect("UTF-8"), text);
        }
    }
}
