//! Reads one row: converts each field to its type, or reports a problem.

use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;

use chrono::NaiveDate;

use super::damage::{AS_TEXT, SHORTENED_RULE, is_odd, is_shortened};
use super::decoding::unreadable;
use super::findings::Diagnostics;
use super::header::Header;
use super::index::Index;
use super::record::Record;
use super::remedy;
use crate::config::{DecimalMark, Delimiter, Dialect};
use crate::locale::Locale;
use crate::problem::{Problem, locale_hint, zone_hint};
use crate::value::{Moment, MomentError, Zone};

/// The largest plausible quantity: a thousand million.
const MOST: i64 = 1_000_000_000;

/// A record with its header. Problems go directly to the findings.
pub(crate) struct Row<'a> {
    header: &'a Header,
    record: &'a Record<'a>,
    /// The line where it begins.
    pub(crate) line: u64,
    findings: &'a mut Diagnostics,
    /// The last column read. Columns are usually read in order, so the next search starts here.
    last: Cell<usize>,
    /// A bit for each column that was reported as a word for an empty field.
    nulls: u32,
    /// Values that stand for those of the record, by column.
    values: &'a [(&'static str, &'a str)],
}

/// The field is unusable and has already been reported.
#[derive(Debug)]
pub(crate) struct Reported;

/// Whether an id has no blanks around it and no control characters.
pub(crate) fn is_bare(id: &str) -> bool {
    // Fast path for nearly all ids; most are read again in every run.
    id.bytes().all(|byte| byte.is_ascii_graphic())
        || !(id.chars().any(char::is_control) || id.trim() != id)
}

impl<'a> Row<'a> {
    pub(crate) fn new(
        header: &'a Header,
        record: &'a Record<'a>,
        findings: &'a mut Diagnostics,
    ) -> Self {
        Self {
            header,
            record,
            line: record.line,
            findings,
            last: Cell::default(),
            nulls: 0,
            values: &[],
        }
    }

    /// Reads the row as if it had other values in some columns. Returns what it is then, and the
    /// problems of that.
    pub(crate) fn with_values<T>(
        &self,
        values: &[(&'static str, &str)],
        parse: impl FnOnce(&mut Row<'_>) -> Result<T, Reported>,
    ) -> Result<T, Box<Diagnostics>> {
        let mut findings = Box::<Diagnostics>::default();
        let read = parse(&mut Row {
            header: self.header,
            record: self.record,
            line: self.line,
            findings: &mut findings,
            last: Cell::default(),
            nulls: 0,
            values,
        });
        read.map_err(|Reported| findings)
    }

    /// Adds problems of the row.
    pub(crate) fn add(&mut self, problems: Diagnostics) -> Reported {
        self.findings.append(problems);
        Reported
    }

    /// Whether the table has a column.
    pub(crate) fn has(&self, column: &'static str) -> bool {
        self.place(column).is_some()
    }

    /// Checks that the record has a field for every column. Otherwise no field can be assigned.
    pub(crate) fn sound(&mut self) -> Result<(), Reported> {
        let (fields, Header { width, least, .. }) = (self.record.len(), self.header);
        if (*least..=*width).contains(&fields) {
            self.note_unnamed();
            return Ok(());
        }
        let hint = self.hint_at_width(fields);
        self.findings.problems.push(Problem {
            file: self.header.file.clone(),
            line: Some(self.line),
            column: None,
            value: None,
            rule: format!(
                "has {fields} field{} where the header has {width}",
                if fields == 1 { "" } else { "s" }
            ),
            hint,
        });
        Err(Reported)
    }

    /// The remedy for a record of too few or too many fields.
    fn hint_at_width(&self, fields: usize) -> String {
        let Header { width, least, dialect, .. } = self.header;
        let by = dialect.delimiter.name();
        let mut extra = (*width..fields).filter_map(|place| self.record.get(place));
        if fields < *least {
            return format!(
                "write a {by} for every empty field; if this is the last line, the file was cut off"
            );
        }
        if extra.all(<[u8]>::is_empty) {
            return format!(
                "remove the {by}s at its end; if a value holds a {by}, put it in double quotes"
            );
        }
        let amounts = match (dialect.delimiter, dialect.decimal) {
            (Delimiter::Comma, DecimalMark::Point) => "; amounts take a point, not a comma",
            (Delimiter::Comma, DecimalMark::Comma) => ", amounts as well",
            _ => "",
        };
        format!("put values that hold {by}s in double quotes{amounts}")
    }

    /// Notes a value in a column without a name, because its meaning is unknown.
    fn note_unnamed(&mut self) {
        for place in &self.header.unnamed {
            let value = self.record.get(*place).unwrap_or_default();
            if !value.is_empty() && self.findings.unnamed.is_none() {
                let value = String::from_utf8_lossy(value).into_owned();
                self.findings.unnamed = Some((self.line, value));
            }
        }
    }

    /// Reads the row, unless a field is a word for an empty field.
    pub(crate) fn read<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, Reported>,
    ) -> Result<T, Reported> {
        if self.record.may_hold_nulls() {
            self.report_nulls();
        }
        let item = parse(self);
        if self.nulls == 0 { item } else { Err(Reported) }
    }

    #[cold]
    fn report_nulls(&mut self) {
        let Header { checks, table, origin, .. } = self.header;
        for check in checks {
            let field = self.record.get(check.place).unwrap_or_default();
            if let Some(null) = check.find(field) {
                self.nulls |= 1 << check.number;
                let text = String::from_utf8_lossy(field);
                self.report(
                    check.column.name,
                    &text,
                    null.rule,
                    &check.hint(null, &text, (table, origin.is_file())),
                );
            }
        }
    }

    /// Whether a field was reported as a word for an empty field.
    pub(crate) fn is_null(&self, column: &'static str) -> bool {
        self.nulls != 0 && self.place(column).is_some() && self.nulls & (1 << self.last.get()) != 0
    }

    fn place(&self, column: &'static str) -> Option<usize> {
        let (number, place) = self.header.place(column, self.last.get())?;
        self.last.set(number);
        Some(place)
    }

    /// The text of a field despite its errors, to identify the row.
    pub(crate) fn glimpse(&self, column: &'static str) -> Cow<'a, str> {
        let record = self.record;
        let Some(place) = self.place(column) else { return Cow::Borrowed("") };
        match record.clean(place) {
            Some(text) => Cow::Borrowed(text),
            None => String::from_utf8_lossy(record.get(place).unwrap_or_default()),
        }
    }

    /// The text of a field; empty if the column is absent.
    pub(crate) fn text(&mut self, column: &'static str) -> Result<&'a str, Reported> {
        if let Some((_, value)) = self.values.iter().find(|(other, _)| *other == column) {
            return Ok(value);
        }
        let record = self.record;
        let Some(place) = self.place(column) else { return Ok("") };
        if self.nulls & (1 << self.last.get()) != 0 {
            return Err(Reported);
        }
        if let Some(text) = record.clean(place) {
            return Ok(text);
        }
        let bytes = record.get(place).unwrap_or_default();
        let Ok(text) = std::str::from_utf8(bytes) else {
            let shown = String::from_utf8_lossy(bytes);
            let [rule, hint] = unreadable(bytes, self.header.dialect.encoding, self.table());
            return Err(self.report(column, &shown, &rule, &hint));
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
    pub(crate) fn required(&mut self, column: &'static str) -> Result<&'a str, Reported> {
        let text = self.text(column)?;
        if text.is_empty() {
            return Err(self.report(column, "", "is empty", "write a value; the row needs one"));
        }
        Ok(text)
    }

    /// An id by which other rows refer to this one.
    pub(crate) fn id(&mut self, column: &'static str) -> Result<Arc<str>, Reported> {
        let text = self.required(column)?;
        if is_shortened(text) {
            return Err(self.report(column, text, SHORTENED_RULE, AS_TEXT));
        }
        if is_odd(text) {
            self.findings.odd_ids.push((column, self.line, text.into()));
        }
        if is_bare(text) {
            return Ok(text.into());
        }
        Err(self.report(
            column,
            text,
            "has blanks around it or control characters in it",
            "write the id bare, so that it matches everywhere",
        ))
    }

    /// The id of a row that is not read, with any blanks around it. `None` if no reader accepts it
    /// or knows what it was.
    pub(crate) fn legible_id(&self, column: &'static str) -> Option<&'a str> {
        let record = self.record;
        let place = self.place(column)?;
        let text = match record.clean(place) {
            Some(text) => text,
            None => str::from_utf8(record.get(place)?).ok().filter(|text| !text.contains('\0'))?,
        };
        Some(text).filter(|text| !text.trim().is_empty() && !is_shortened(text.trim()))
    }

    /// Whether a field is a word for an empty field.
    pub(crate) fn holds_null(&self) -> bool {
        let field = |place: usize| self.record.get(place).unwrap_or_default();
        self.record.may_hold_nulls()
            && self.header.checks.iter().any(|check| check.find(field(check.place)).is_some())
    }

    /// A text that may consist of digits, and that no spreadsheet has shortened.
    pub(crate) fn unshortened(&mut self, column: &'static str) -> Result<&'a str, Reported> {
        match self.text(column)? {
            text if is_shortened(text) => Err(self.report(column, text, SHORTENED_RULE, AS_TEXT)),
            text => Ok(text),
        }
    }

    /// A field read by `parse`; `None` if it is empty.
    pub(crate) fn optional<T>(
        &mut self,
        column: &'static str,
        parse: impl FnOnce(&mut Self, &'static str) -> Result<T, Reported>,
    ) -> Result<Option<T>, Reported> {
        if self.text(column)?.is_empty() { Ok(None) } else { parse(self, column).map(Some) }
    }

    /// A whole number of units.
    pub(crate) fn quantity(&mut self, column: &'static str) -> Result<u64, Reported> {
        let text = self.required(column)?;
        let number = self.whole(column, text, &['-'])?;
        u64::try_from(number).map_err(|_| {
            let hint = match self.place("delta") {
                Some(_) => "write the new total, 0 or more; a difference goes in delta",
                None => "write the quantity held, 0 or more",
            };
            self.report(column, text, "is negative", hint)
        })
    }

    /// A signed difference of units.
    pub(crate) fn delta(&mut self, column: &'static str) -> Result<i64, Reported> {
        let text = self.required(column)?;
        self.whole(column, text, &['-', '+'])
    }

    /// Digits after an optional sign, without spreadsheet damage.
    fn whole(&mut self, column: &'static str, text: &str, signs: &[char]) -> Result<i64, Reported> {
        let digits = text.strip_prefix(signs).unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            let hint = remedy::whole_number(text);
            return Err(self.report(column, text, "is not a whole number", &hint));
        }
        // Digits that do not parse are too many.
        text.parse().ok().filter(|number| (-MOST..=MOST).contains(number)).ok_or_else(|| {
            self.report(
                column,
                text,
                "is beyond 1000000000",
                "check the number; larger quantities need a larger unit",
            )
        })
    }

    /// A count of at least one.
    pub(crate) fn positive(&mut self, column: &'static str) -> Result<u64, Reported> {
        let text = self.required(column)?;
        let number = self.whole(column, text, &['-'])?;
        u64::try_from(number)
            .ok()
            .filter(|number| *number > 0)
            .ok_or_else(|| self.report(column, text, "is not positive", "write 1 or more"))
    }

    /// A date or an instant.
    pub(crate) fn moment(&mut self, column: &'static str) -> Result<Moment, Reported> {
        let text = self.required(column)?;
        Moment::parse(text).map_err(|error| {
            self.report(column, text, &error.to_string(), &remedy::moment(text, error))
        })
    }

    /// A calendar day in any zone; a time of day is refused.
    pub(crate) fn date(&mut self, column: &'static str) -> Result<NaiveDate, Reported> {
        let text = self.required(column)?;
        let (rule, error) = match Moment::parse(text) {
            Ok(Moment::Date(date)) => return Ok(date),
            Ok(Moment::Instant(..)) | Err(MomentError::NoOffset) => {
                ("has a time of day".to_owned(), MomentError::NoOffset)
            }
            Err(MomentError::Malformed) => ("is not a date".to_owned(), MomentError::Malformed),
            Err(error) => (error.to_string(), error),
        };
        Err(self.report(column, text, &rule, &remedy::date(text, error)))
    }

    /// A truth value; `default` if the field is empty.
    pub(crate) fn truth(&mut self, column: &'static str, default: bool) -> Result<bool, Reported> {
        match self.text(column)? {
            "" => Ok(default),
            "true" => Ok(true),
            "false" => Ok(false),
            text => {
                let hint = self.or_map(remedy::truth(text), column, text);
                Err(self.report(column, text, "is not true or false", &hint))
            }
        }
    }

    /// An IANA time zone.
    pub(crate) fn zone(&mut self, column: &'static str) -> Result<Zone, Reported> {
        let text = self.required(column)?;
        text.parse().map_err(|_| self.report(column, text, "is not a time zone", &zone_hint(text)))
    }

    /// A BCP 47 language tag, with or without a country.
    pub(crate) fn locale(&mut self, column: &'static str) -> Result<Locale, Reported> {
        let tag = self.required(column)?;
        Locale::parse(tag)
            .map_err(|error| self.report(column, tag, &error.to_string(), &locale_hint(tag)))
    }

    /// One of a few words; `default` if the field is empty.
    pub(crate) fn word_or<T: Copy>(
        &mut self,
        column: &'static str,
        default: T,
        words: &[(&'static str, T)],
    ) -> Result<T, Reported> {
        if self.text(column)?.is_empty() { Ok(default) } else { self.word(column, words) }
    }

    /// One of a few words; the first is the default for an empty field.
    pub(crate) fn word<T: Copy>(
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
            let hint = self.or_map(remedy::word(text, &list), column, text);
            self.report(column, text, "is not a word known here", &hint)
        })
    }

    /// Adds to the remedy for a word, and to the word that it may mean, that billing.toml can say so.
    fn or_map(
        &self,
        (hint, meant): (String, Option<&str>),
        column: &'static str,
        text: &str,
    ) -> String {
        if !self.header.origin.is_file() || self.is_replaced(column) {
            return hint;
        }
        let (table, word) = (&self.header.table, toml::Value::String(text.to_owned()));
        let meant = meant.unwrap_or("…");
        format!(
            "{hint}; or write {word} = \"{meant}\" under [input.values.\"{table}.{column}\"] in \
             billing.toml"
        )
    }

    /// The word of a field in the file, if billing.toml says that it means another one.
    fn word_in_file(&self, column: &'static str) -> Option<String> {
        let word = self.record.replaced(self.place(column)?)?;
        Some(String::from_utf8_lossy(word).into_owned())
    }

    /// Whether billing.toml says what the word of a field means.
    pub(super) fn is_replaced(&self, column: &'static str) -> bool {
        self.place(column).is_some_and(|place| self.record.replaced(place).is_some())
    }

    /// How the file is written.
    pub(super) fn dialect(&self) -> Dialect {
        self.header.dialect
    }

    /// The table, as billing.toml names it, if that can say how it is written.
    pub(super) fn table(&self) -> Option<&'a str> {
        self.header.table_with_dialect()
    }

    /// Reports a reference to a row that does not exist.
    pub(crate) fn report_unknown(
        &mut self,
        column: &'static str,
        id: &str,
        index: &Index,
    ) -> Reported {
        let problem = self.problem(column, id, &format!("is not in {}", index.file()), "");
        // A problem that is only counted needs no hint.
        if let Some(place) = self.findings.problems.push(problem) {
            self.findings.unknown.push((place, index.clone(), id.into()));
        }
        Reported
    }

    pub(crate) fn report(
        &mut self,
        column: &'static str,
        value: &str,
        rule: &str,
        hint: &str,
    ) -> Reported {
        self.findings.problems.push(self.problem(column, value, rule, hint));
        Reported
    }

    fn problem(&self, column: &'static str, value: &str, rule: &str, hint: &str) -> Problem {
        let (value, rule) = match self.word_in_file(column) {
            Some(word) => (word, format!("(read as {value:?}) {rule}")),
            None => (value.to_owned(), rule.to_owned()),
        };
        Problem {
            file: self.header.file.clone(),
            line: Some(self.line),
            column: Some(column),
            value: (!value.is_empty()).then_some(value),
            rule,
            hint: hint.to_owned(),
        }
    }
}
