//! Formats the values of a column as CSV: exact numbers, ISO 8601 dates and instants, and empty
//! cells for nulls.

use std::fmt::Write as _;

use chrono::{DateTime, Days, NaiveDate, SecondsFormat, Utc};
use polars_arrow::array::{Array, BinaryViewArray, BooleanArray, PrimitiveArray, Utf8ViewArray};
use polars_arrow::datatypes::{ArrowDataType, TimeUnit};
use polars_arrow::types::NativeType;

/// The values of a column in order.
pub(crate) struct ColumnCells {
    arrays: Vec<Box<dyn Array>>,
    /// The current array, and the position in it.
    place: (usize, usize),
    text: String,
}

impl ColumnCells {
    /// Reads arrays of a type that [`super::types`] accepts.
    pub(crate) fn new(arrays: Vec<Box<dyn Array>>) -> Self {
        Self { arrays, place: (0, 0), text: String::new() }
    }

    /// An endless column of empty cells.
    pub(crate) fn empty() -> Self {
        Self::new(Vec::new())
    }

    pub(crate) fn next(&mut self) -> &[u8] {
        let Self { arrays, place: (number, row), text } = self;
        while arrays.get(*number).is_some_and(|array| *row >= array.len()) {
            (*number, *row) = (*number + 1, 0);
        }
        let Some(array) = arrays.get(*number) else { return b"" };
        *row += 1;
        cell(&**array, *row - 1, text)
    }
}

fn cell<'a>(array: &'a dyn Array, row: usize, text: &'a mut String) -> &'a [u8] {
    use ArrowDataType as Type;
    if array.is_null(row) {
        return b"";
    }
    text.clear();
    match array.dtype() {
        Type::Utf8View => return of::<Utf8ViewArray>(array).value(row).as_bytes(),
        Type::BinaryView => return of::<BinaryViewArray>(array).value(row),
        Type::Boolean if of::<BooleanArray>(array).value(row) => text.push_str("true"),
        Type::Boolean => text.push_str("false"),
        Type::Int8 => whole(value::<i8>(array, row), text),
        Type::Int16 => whole(value::<i16>(array, row), text),
        Type::Int32 => whole(value::<i32>(array, row), text),
        Type::Int64 => whole(value::<i64>(array, row), text),
        Type::UInt8 => whole(value::<u8>(array, row), text),
        Type::UInt16 => whole(value::<u16>(array, row), text),
        Type::UInt32 => whole(value::<u32>(array, row), text),
        Type::UInt64 => whole(value::<u64>(array, row), text),
        Type::Date32 => date(value(array, row), text),
        Type::Timestamp(unit, _) => instant(value(array, row), *unit, text),
        Type::Decimal(_, scale) => decimal(value(array, row), *scale, text),
        _ => (),
    }
    text.as_bytes()
}

fn of<T: 'static>(array: &dyn Array) -> &T {
    array.as_any().downcast_ref().expect("a type and its array belong together")
}

fn value<T: NativeType>(array: &dyn Array, row: usize) -> T {
    of::<PrimitiveArray<T>>(array).value(row)
}

fn whole(number: impl Into<i128>, text: &mut String) {
    let _ = write!(text, "{}", number.into());
}

/// Dates outside the calendar stay numbers, which are not valid dates.
fn date(days: i32, text: &mut String) {
    let epoch = NaiveDate::default();
    let length = Days::new(days.unsigned_abs().into());
    let date =
        if days < 0 { epoch.checked_sub_days(length) } else { epoch.checked_add_days(length) };
    match date {
        Some(date) => drop(write!(text, "{date}")),
        None => whole(days, text),
    }
}

/// Writes only the digits of the fraction that are needed.
fn instant(count: i64, unit: TimeUnit, text: &mut String) {
    let instant: Option<DateTime<Utc>> = match unit {
        TimeUnit::Second => DateTime::from_timestamp_secs(count),
        TimeUnit::Millisecond => DateTime::from_timestamp_millis(count),
        TimeUnit::Microsecond => DateTime::from_timestamp_micros(count),
        TimeUnit::Nanosecond => Some(DateTime::from_timestamp_nanos(count)),
    };
    match instant {
        Some(instant) => text.push_str(&instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        None => whole(count, text),
    }
}

/// Removes trailing zeros of the fraction, because they come from the type.
fn decimal(mantissa: i128, scale: usize, text: &mut String) {
    let digits = mantissa.unsigned_abs().to_string();
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let fraction = fraction.trim_end_matches('0');
    let sign = if mantissa < 0 { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    let _ = write!(text, "{sign}{whole}{point}{fraction}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl Fn(&mut String)) -> String {
        let mut text = String::new();
        write(&mut text);
        text
    }

    #[test]
    fn decimals_have_the_digits_that_they_need() {
        for (mantissa, scale, expected) in [
            (200_000, 4, "20"),
            (205_000, 4, "20.5"),
            (-1, 4, "-0.0001"),
            (0, 2, "0"),
            (1500, 0, "1500"),
            (i128::MIN, 38, "-1.70141183460469231731687303715884105728"),
        ] {
            assert_eq!(text(|it| decimal(mantissa, scale, it)), expected);
        }
    }

    #[test]
    fn moments_are_written_as_iso_8601_has_them() {
        assert_eq!(text(|it| date(18_432, it)), "2020-06-19");
        assert_eq!(text(|it| date(-1, it)), "1969-12-31");
        assert_eq!(text(|it| date(i32::MAX, it)), "2147483647");
        let expected = "2020-06-19T06:51:00.250Z";
        assert_eq!(text(|it| instant(1_592_549_460_250, TimeUnit::Millisecond, it)), expected);
        let expected = "2020-06-19T06:51:00Z";
        assert_eq!(text(|it| instant(1_592_549_460_000_000, TimeUnit::Microsecond, it)), expected);
        assert_eq!(text(|it| instant(i64::MAX, TimeUnit::Second, it)), i64::MAX.to_string());
    }
}
