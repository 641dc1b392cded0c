//! Hints for dates and instants: other orders, serial numbers, counts of seconds.

use chrono::{DateTime, Days, NaiveDate, SecondsFormat};

use crate::value::{Moment, MomentError};

/// The hint for a date or an instant.
pub(crate) fn moment(text: &str, error: MomentError) -> String {
    match error {
        MomentError::NoOffset => {
            format!("write {text}Z if it is UTC, or else its offset, such as {text}+02:00")
        }
        MomentError::OutOfRange if text.starts_with("1899") || text.starts_with("1900") => {
            "a spreadsheet shows an empty cell like this; write the date that is meant".to_owned()
        }
        MomentError::OutOfRange => "check the year".to_owned(),
        MomentError::Malformed => reordered(text)
            .or_else(|| named_month(text))
            .or_else(|| with_blanks(text))
            .or_else(|| named_zone(text))
            .or_else(|| reordered_with_time(text))
            .or_else(|| serial_number(text))
            .or_else(|| unix_time(text))
            .or_else(|| impossible(text))
            .unwrap_or_else(|| {
                "write 2026-01-31T09:30:00Z, or 2026-01-31 for midnight in the account's time zone"
                    .to_owned()
            }),
    }
}

/// The hint for a calendar day.
pub(crate) fn date(text: &str, error: MomentError) -> String {
    match error {
        MomentError::OutOfRange => "check the year; empty means without a limit".to_owned(),
        // Another zone may have had another day then; only midnight shows that a day is meant.
        MomentError::NoOffset => match text.split_once(['T', ' ']) {
            Some((date, "00:00:00" | "00:00" | "00:00:00.000")) => {
                format!("write the date alone: {date}")
            }
            _ => {
                "write the day alone, as it was where the tax is due, such as 2026-01-31".to_owned()
            }
        },
        MomentError::Malformed => reordered(text)
            .or_else(|| named_month(text))
            .or_else(|| with_blanks(text))
            .or_else(|| serial_number(text))
            .or_else(|| impossible(text))
            .unwrap_or_else(|| "write the date alone, such as 2026-01-31".to_owned()),
    }
}

/// The right text with the blanks removed.
fn with_blanks(text: &str) -> Option<String> {
    let bare = text.trim();
    (bare != text && Moment::parse(bare).is_ok()).then(|| format!("write {bare}, without blanks"))
}

/// `2020-06-19 06:51:00 CET`: several places use this zone name.
fn named_zone(text: &str) -> Option<String> {
    let (clock, zone) = text.rsplit_once(' ')?;
    let is_name = !zone.is_empty() && zone.bytes().all(|byte| byte.is_ascii_alphabetic());
    (is_name && Moment::parse(clock) == Err(MomentError::NoOffset))
        .then(|| format!("write the offset from UTC in the place of {zone}, such as {clock}+02:00"))
}

/// `6/19/2020 6:51 PM` has a date of known order, and a time without a zone.
fn reordered_with_time(text: &str) -> Option<String> {
    let (date, _) = text.split_once([' ', 'T', ','])?;
    let date = reordered(date).filter(|_| Moment::parse(date).is_err())?;
    Some(format!("{date}, and behind it the time of day with Z or its offset, such as T09:30:00Z"))
}

/// The first three letters of the months in English and German.
const MONTHS: [&[&str]; 12] = [
    &["jan"],
    &["feb"],
    &["mar", "mär"],
    &["apr"],
    &["may", "mai"],
    &["jun"],
    &["jul"],
    &["aug"],
    &["sep"],
    &["oct", "okt"],
    &["nov"],
    &["dec", "dez"],
];

/// `Jun 19, 2020` and `19-Jun-2020 06:51`: a day, a named month and a four-digit year allow only
/// one reading.
fn named_month(text: &str) -> Option<String> {
    let is_apart = |c: char| c.is_whitespace() || ",.-/".contains(c);
    let mut words = text.split(is_apart).filter(|word| !word.is_empty()).peekable();
    // A weekday adds nothing.
    words.next_if(|word| word.chars().all(char::is_alphabetic) && month_of(word).is_none());
    let parts = [words.next()?, words.next()?, words.next()?];
    let (day, month) = match (month_of(parts[0]), month_of(parts[1])) {
        (Some(month), None) => (parts[1], month),
        (None, Some(month)) => (parts[0], month),
        _ => return None,
    };
    let year = parts[2].parse().ok().filter(|_| parts[2].len() == 4)?;
    let day = day.trim_end_matches(|c: char| c.is_alphabetic()).parse().ok()?;
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    let rest: Vec<&str> = words.collect();
    match rest[..] {
        [] => Some(format!("write {date}")),
        [time] if Moment::parse(&format!("{date}T{time}")) == Err(MomentError::NoOffset) => {
            Some(format!(
                "write {date}T{time}Z if it is UTC, or else its offset, such as {date}T{time}+02:00"
            ))
        }
        _ => Some(format!(
            "write {date}, and behind it the time of day with Z or its offset, such as T09:30:00Z"
        )),
    }
}

fn month_of(word: &str) -> Option<u32> {
    let start: String = word.to_lowercase().chars().take(3).collect();
    let is_word = word.chars().all(char::is_alphabetic);
    let place = MONTHS.iter().position(|names| is_word && names.contains(&&*start))?;
    u32::try_from(place + 1).ok()
}

/// `27.05.2020` is day first, `2020/5/27` year first; `5/6/2020` is ambiguous.
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
        "it looks like a spreadsheet's serial number of {date}; export it again from a column formatted \
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

/// It has the right form, but no calendar or clock shows it.
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
        assert_eq!(hint("Jun 19, 2020"), "write 2020-06-19");
        assert_eq!(hint("19. Mai 2020"), "write 2020-05-19");
        assert!(hint("19-Jun-2020 06:51").starts_with("write 2020-06-19T06:51Z if it is UTC"));
        assert!(
            hint("Fri Jun 19 2020 06:51:00 GMT+0000").starts_with("write 2020-06-19, and behind")
        );
        assert!(hint("6/19/2020 6:51 PM").starts_with("write 2020-06-19, and behind it"));
        assert_eq!(hint(" 2020-06-19"), "write 2020-06-19, without blanks");
        assert!(hint("2020-06-19 06:51:00 CET").contains("in the place of CET"));
        assert!(hint("19-Jun-20").starts_with("write 2026-01-31T09:30:00Z"));
        assert!(hint("2020-02-30").starts_with("no calendar has that day"));
        assert!(hint("soon").starts_with("write 2026-01-31T09:30:00Z"));
    }

    #[test]
    fn a_day_is_not_cut_out_of_an_instant() {
        let hint = |text| date(text, MomentError::NoOffset);
        assert_eq!(hint("2020-07-01 00:00:00"), "write the date alone: 2020-07-01");
        assert!(!hint("2020-06-30T22:00:00Z").contains("2020-"));
    }
}
