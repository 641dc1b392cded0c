//! Converts CSV cells to an array of the column's type.

use chrono::{DateTime, NaiveDate};
use polars_arrow::array::{Array, PrimitiveArray, Utf8ViewArray};
use polars_arrow::types::NativeType;

use super::kind::ColumnKind;
use crate::table::plain_text;

/// Converts the cells of a column; an empty cell becomes null.
///
/// # Errors
/// The first cell that does not fit the type.
pub(crate) fn array<'a>(
    kind: ColumnKind,
    cells: impl Iterator<Item = &'a str>,
) -> Result<Box<dyn Array>, String> {
    let cells = cells.map(|cell| (!cell.is_empty()).then_some(cell));
    match kind {
        ColumnKind::Text => {
            let texts: Vec<Option<&str>> = cells.map(|cell| cell.map(plain_text)).collect();
            Ok(Utf8ViewArray::from_slice(texts).boxed())
        }
        ColumnKind::Whole => numbers::<i64>(kind, cells, |cell| cell.parse().ok()),
        ColumnKind::Decimal(digits, decimals) => {
            numbers::<i128>(kind, cells, |cell| mantissa(cell, digits, decimals))
        }
        ColumnKind::Date => numbers::<i32>(kind, cells, days),
        ColumnKind::Instant => numbers::<i64>(kind, cells, |cell| {
            DateTime::parse_from_rfc3339(cell).ok().map(|instant| instant.timestamp_micros())
        }),
    }
}

fn numbers<'a, T: NativeType>(
    kind: ColumnKind,
    cells: impl Iterator<Item = Option<&'a str>>,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Box<dyn Array>, String> {
    let numbers: Vec<Option<T>> = cells
        .map(|cell| cell.map(|cell| parse(cell).ok_or_else(|| cell.to_owned())).transpose())
        .collect::<Result<_, _>>()?;
    Ok(PrimitiveArray::from(numbers).to(kind.dtype()).boxed())
}

/// Days since 1970.
fn days(cell: &str) -> Option<i32> {
    let date: NaiveDate = cell.parse().ok()?;
    i32::try_from(date.signed_duration_since(NaiveDate::default()).num_days()).ok()
}

/// A plain decimal times ten to the power of `decimals`, if that is a whole number with at most
/// `digits` digits.
fn mantissa(cell: &str, digits: usize, decimals: usize) -> Option<i128> {
    let (sign, unsigned) = match cell.strip_prefix('-') {
        Some(unsigned) => (-1, unsigned),
        None => (1, cell),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let fraction = fraction.trim_end_matches('0');
    if whole.is_empty() || fraction.len() > decimals {
        return None;
    }
    let text = format!("{whole}{fraction:0<decimals$}");
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_plain || text.trim_start_matches('0').len() > digits {
        return None;
    }
    text.parse::<i128>().ok().map(|magnitude| sign * magnitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_keeps_every_digit_or_is_refused() {
        for (cell, digits, decimals, expected) in [
            ("20.00", 23, 4, Some(200_000)),
            ("-14.93", 23, 4, Some(-149_300)),
            ("0.12345", 23, 4, None),
            ("0.123400", 23, 4, Some(1234)),
            ("9223372036854775807", 23, 4, Some(92_233_720_368_547_758_070_000)),
            ("100", 2, 0, None),
            ("1e3", 23, 4, None),
            ("", 23, 4, None),
            ("-", 23, 4, None),
        ] {
            assert_eq!(mantissa(cell, digits, decimals), expected, "{cell}");
        }
    }

    #[test]
    fn what_is_nothing_of_its_kind_is_named() {
        let refused = |kind, cell: &str| array(kind, ["", cell].into_iter()).err();
        assert_eq!(refused(ColumnKind::Whole, "1.5"), Some("1.5".to_owned()));
        assert_eq!(refused(ColumnKind::Date, "2020-02-30"), Some("2020-02-30".to_owned()));
        assert_eq!(refused(ColumnKind::Instant, "2020-02-03"), Some("2020-02-03".to_owned()));
        assert_eq!(refused(ColumnKind::Text, "=1+1"), None);
    }
}
