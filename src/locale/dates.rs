//! Dates by the patterns of CLDR, of which only what those patterns use is known: `d`, `M`, `y`.

use chrono::{Datelike as _, NaiveDate};

use super::formats::Formats;

/// The first and the last day of a time.
pub fn period(formats: &Formats, first: NaiveDate, last: NaiveDate) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_patterns_as_cldr_writes_them() {
        let pieces = |pattern: &str| DatePattern::try_from(pattern.to_owned()).map(|it| it.0);
        assert_eq!(
            pieces("d 'de' MM–dd y"),
            Ok(vec![
                Piece::Day(false, 1),
                Piece::Text(" ".into()),
                Piece::Text("de".into()),
                Piece::Text(" ".into()),
                Piece::Month(false, 2),
                Piece::Text("–".into()),
                Piece::Day(true, 2),
                Piece::Text(" ".into()),
                Piece::Year(false),
            ])
        );
        assert!(pieces("EEEE d").is_err());
        assert!(pieces("d 'de").is_err());
    }
}
