//! Writes the rows of a table directly into a buffer, cell by cell. Quotes follow the csv crate; a
//! test compares both.

use std::fmt::Display;
use std::io::Write as _;
use std::ops::Range;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::quotes::needs_quotes;
use super::text_guard::is_guarded;
use crate::value::{
    Amount, Currency, DecimalText, Instant, Month, Plain, Zone, clock_text, date_text, hours_text,
};

/// The rows so far. Every cell ends with a comma; at the end of a row the last comma becomes the
/// line end.
#[derive(Debug, Default)]
pub(crate) struct CsvWriter {
    bytes: Vec<u8>,
    /// A buffer for cells that may need quotes.
    cell: String,
}

impl CsvWriter {
    pub(crate) fn with_room(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), ..Self::default() }
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// How many bytes have been written.
    pub(super) fn length(&self) -> usize {
        self.bytes.len()
    }

    /// A cell, with quotes if needed.
    pub(crate) fn cell(&mut self, text: &str) {
        if needs_quotes(text.as_bytes()) {
            return self.quoted(text);
        }
        self.bytes.extend_from_slice(text.as_bytes());
        self.end_cell();
    }

    /// A cell guarded against spreadsheet formulas: see [`text_cell`](crate::table::text_cell).
    pub(crate) fn text(&mut self, text: &str) {
        if is_guarded(text) {
            self.cell(&format!("'{text}"));
        } else {
            self.cell(text);
        }
    }

    /// A text, or an empty cell.
    pub(crate) fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.end_cell(),
        }
    }

    /// A guarded cell with the text that `compose` writes.
    pub(crate) fn composed(&mut self, compose: impl FnOnce(&mut String)) {
        let mut cell = std::mem::take(&mut self.cell);
        cell.clear();
        compose(&mut cell);
        self.text(&cell);
        self.cell = cell;
    }

    /// A cell that never needs quotes, or an empty cell.
    pub(crate) fn optional_plain(&mut self, value: Option<impl Display>) {
        if let Some(value) = value {
            write!(self.bytes, "{value}").expect(INFALLIBLE);
        }
        self.end_cell();
    }

    /// A decimal: see [`Plain`].
    pub(crate) fn decimal(&mut self, decimal: Decimal) {
        match Plain(decimal).text() {
            Some(text) => self.number(&text),
            None => self.optional_plain(Some(decimal)),
        }
    }

    /// A decimal, or an empty cell.
    pub(crate) fn optional_decimal(&mut self, decimal: Option<Decimal>) {
        match decimal {
            Some(decimal) => self.decimal(decimal),
            None => self.end_cell(),
        }
    }

    /// An instant in RFC 3339: see [`Zone::rfc3339`].
    pub(crate) fn instant(&mut self, instant: Instant, zone: Zone) {
        let local_seconds = zone.local_seconds(instant);
        match clock_text(local_seconds) {
            Some(clock) => {
                self.bytes.extend_from_slice(&clock);
                self.offset(local_seconds - instant.unix_seconds());
            }
            None => self.bytes.extend_from_slice(zone.rfc3339(instant).as_bytes()),
        }
        self.end_cell();
    }

    /// A month: `2020-06`.
    pub(crate) fn month(&mut self, month: Month) {
        match month.text() {
            Some(text) => self.bytes.extend_from_slice(&text),
            None => write!(self.bytes, "{month}").expect(INFALLIBLE),
        }
        self.end_cell();
    }

    /// A cell of bytes that need no quotes.
    pub(crate) fn word(&mut self, word: &str) {
        self.bytes.extend_from_slice(word.as_bytes());
        self.end_cell();
    }

    /// Empty cells.
    pub(crate) fn empty(&mut self, count: usize) {
        (0..count).for_each(|_| self.end_cell());
    }

    /// A whole number that may be negative.
    pub(crate) fn whole(&mut self, number: i64) {
        self.number(&DecimalText::of(number.unsigned_abs(), 0, number < 0));
    }

    /// A whole number.
    pub(crate) fn count(&mut self, number: u64) {
        self.number(&DecimalText::whole(number));
    }

    /// Major units with the currency's digits: see [`Amount::to_decimal_string`].
    pub(crate) fn money(&mut self, amount: Amount, currency: Currency) {
        self.number(&amount.decimal_text(currency));
    }

    /// A date: `2020-06-19`.
    pub(crate) fn date(&mut self, date: NaiveDate) {
        match date_text(date) {
            Some(text) => self.bytes.extend_from_slice(&text),
            None => write!(self.bytes, "{date}").expect(INFALLIBLE),
        }
        self.end_cell();
    }

    /// Cells that repeat in several rows. `write` writes them for the first row, and `written`
    /// remembers their place.
    pub(crate) fn same(
        &mut self,
        written: &mut Option<Range<usize>>,
        write: impl FnOnce(&mut Self),
    ) {
        if let Some(cells) = written {
            return self.bytes.extend_from_within(cells.clone());
        }
        let first = self.bytes.len();
        write(self);
        *written = Some(first..self.bytes.len());
    }

    pub(crate) fn end(&mut self) {
        if let Some(last) = self.bytes.last_mut() {
            *last = b'\n';
        }
    }

    fn end_cell(&mut self) {
        self.bytes.push(b',');
    }

    fn number(&mut self, text: &DecimalText) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.end_cell();
    }

    /// `Z` or `+02:00`, rounded to the nearest minute as in chrono.
    fn offset(&mut self, seconds: i64) {
        if seconds == 0 {
            return self.bytes.push(b'Z');
        }
        let minutes = (seconds.abs() + 30) / 60;
        self.bytes.push(if seconds < 0 { b'-' } else { b'+' });
        self.bytes.extend_from_slice(&hours_text(minutes));
    }

    /// Quoting is rare, so it is kept out of the fast path.
    #[cold]
    #[inline(never)]
    fn quoted(&mut self, text: &str) {
        self.bytes.push(b'"');
        for (place, part) in text.split('"').enumerate() {
            if place > 0 {
                self.bytes.extend_from_slice(b"\"\"");
            }
            self.bytes.extend_from_slice(part.as_bytes());
        }
        self.bytes.push(b'"');
        self.end_cell();
    }
}

const INFALLIBLE: &str = "writing to memory does not fail";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::table::text_cell;

    fn with_csv_crate(cells: &[&str]) -> Vec<u8> {
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        writer.write_record(cells).expect("writes");
        writer.into_inner().expect("writes")
    }

    proptest! {
        #[test]
        fn cells_are_quoted_as_the_csv_crate_does(
            cells in prop::collection::vec("[-=a',\"\r\n é]{0,12}|[a-z]{0,40}[a-z,\"\r\n]{0,1}[a-z]{0,40}", 2..6),
        ) {
            let mut rows = CsvWriter::default();
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
            let mut rows = CsvWriter::default();
            rows.money(amount, currency);
            rows.count(count);
            rows.date(date);
            rows.month(Month::of(date));
            let zone: Zone = zone.parse().expect("a zone");
            let instant = Instant::from_unix_seconds(seconds);
            rows.instant(instant, zone);
            rows.end();
            let (money, time) = (amount.to_decimal_string(currency), zone.rfc3339(instant));
            let month = Month::of(date);
            let text = format!("{money},{count},{date},{month},{time}\n");
            prop_assert_eq!(String::from_utf8(rows.into_bytes()).expect("UTF-8"), text);
        }
    }
}
