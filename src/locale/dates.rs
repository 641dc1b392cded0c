//! Dates by the patterns of CLDR. Only the fields of those patterns are supported: `d`, `M`, `y`.

use chrono::{Datelike as _, NaiveDate};

use super::formats::Formats;

/// The first and the last day of a period.
pub(crate) fn period(formats: &Formats, first: NaiveDate, last: NaiveDate) -> String {
    let pattern = if first == last {
        &formats.date
    } else if (first.year(), first.month()) == (last.year(), last.month()) {
        &formats.range_in_month
    } else if first.year() == last.year() {
        &formats.range_in_year
    } else {
        &formats.range
    };
    pattern.format(&formats.months, [first, last])
}
