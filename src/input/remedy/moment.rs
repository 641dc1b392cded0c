//! Hints for dates and instants: foreign orders, serial numbers, counts of seconds.

use chrono::{DateTime, Days, NaiveDate, SecondsFormat};

use crate::value::MomentError;

/// For a date or an instant.
pub fn moment(text: &str, error: MomentError) -> String {
    match error {
        MomentError::NoOffset => {
            format!("write {text}Z if it is UTC, or else its offset, such as {text}+02:00")
        }
        MomentError::OutOfRange if text.starts_with("1899") || text.starts_with("1900") => {
            "a spreadsheet shows an empty cell like this; write the date that is meant".to_owned()
        }
        MomentError::OutOfRange => "check the year".to_owned(),
        MomentError::Malformed => reordered(text)
            .or_else(|| serial_number(text))
            .or_else(|| unix_time(text))
            .or_else(|| impossible(text))
            .unwrap_or_else(|| {
                "write 2026-01-31T09:30:00Z, or 2026-01-31 for midnight in the account's time zone"
                    .to_owned()
            }),
    }
}

/// For a day of the calendar, at which something may be limited.
pub fn date(text: &str, error: MomentError) -> String {
    match error {
        MomentError::OutOfRange => "check the year; empty means without a limit".to_owned(),
        MomentError::NoOffset => {
            format!("write the date alone: {}", text.get(..10).unwrap_or(text))
        }
        MomentError::Malformed => reordered(text)
            .or_else(|| serial_number(text))
            .or_else(|| impossible(text))
            .unwrap_or_else(|| "write the date alone, such as 2026-01-31".to_owned()),
    }
}

/// `27.05.2020` is day first, `2020/5/27` year first; with `5/6/2020` only its writer knows.
fn reordered(text: &str) -> Option<String> {
    let parts: Vec<u32> =
        text.split(['.', '/', '-']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let &[first, second, third] = parts.as_slice() else { return None };
    let date = |year, month, day| NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day);
    if first > 31 {
        return date(first, second, third).map(|date| format!("write {date}"));
    }
    let day_first = date(third, second, first).filter(|_| third > 31);
    let month_first = date(third, first, second).filter(|_| third > 31 && !text.contains('.'));
    match (day_first, month_first) {
        (Some(one), Some(other)) if one != other => {
            Some(format!("write {other} or {one}, whichever is meant"))
        }
        (Some(date), _) | (None, Some(date)) => Some(format!("write {date}")),
        (None, None) => None,
    }
}

/// Spreadsheets store a date as the number of days since the end of 1899.
fn serial_number(text: &str) -> Option<String> {
    let days = text.split_once('.').map_or(text, |(days, _)| days);
    let days: u64 = days.parse().ok().filter(|days| (20_000..90_000).contains(days))?;
    let date = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))?;
    Some(format!(
        "it is a spreadsheet's serial number of {date}; export it again from a column formatted \
         as yyyy-mm-dd"
    ))
}

fn unix_time(text: &str) -> Option<String> {
    let number: i64 = text.parse().ok()?;
    let seconds = match text.len() {
        9 | 10 => number,
        12 | 13 => number / 1000,
        _ => return None,
    };
    let time = DateTime::from_timestamp(seconds, 0)?.to_rfc3339_opts(SecondsFormat::Secs, true);
    Some(format!("it seems to count from 1970; write {time}"))
}

/// Has the right shape, and still no calendar or clock shows it.
fn impossible(text: &str) -> Option<String> {
    let mask: String =
        text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).take(19).collect();
    match mask.as_str() {
        "0000-00-00" => Some("no calendar has that day; check the month and the day".to_owned()),
        "0000-00-00T00:00:00" => {
            Some("no calendar and clock show that; check the date, the time and the offset".into())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_ambiguous_date_leaves_a_choice() {
        let hint = |text| moment(text, MomentError::Malformed);
        assert_eq!(hint("27.05.2020"), "write 2020-05-27");
        assert_eq!(hint("5/27/2020"), "write 2020-05-27");
        assert_eq!(hint("5/6/2020"), "write 2020-05-06 or 2020-06-05, whichever is meant");
        assert_eq!(hint("2020-6-1"), "write 2020-06-01");
        assert_eq!(hint("1590537600"), "it seems to count from 1970; write 2020-05-27T00:00:00Z");
        assert!(hint("2020-02-30").starts_with("no calendar has that day"));
        assert!(hint("soon").starts_with("write 2026-01-31T09:30:00Z"));
    }
}
