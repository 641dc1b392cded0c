//! Hints for values that were refused: each looks at the text and names the mistake that people
//! and spreadsheets make in just this way, with the right text where only one can be meant.

use chrono::{DateTime, Days, NaiveDate, SecondsFormat};

use crate::problem::nearest;
use crate::value::{Currency, DecimalError, MomentError, parse_decimal};

/// How a spreadsheet's damage to a number is undone.
const SHORTENED: &str =
    "a spreadsheet has shortened it; export it again from a column formatted as a plain number";

/// How an amount is written.
const AMOUNT: &str = "write major units with a point, such as 20.00";

/// For an amount.
pub fn amount(text: &str, error: DecimalError) -> String {
    match error {
        DecimalError::Comma => comma(text),
        DecimalError::Exponent => SHORTENED.to_owned(),
        DecimalError::TooLarge => "write at most 28 digits, those after the point included".into(),
        _ => match plain_digits(text) {
            Some(plain) => format!("write the number alone: {plain}"),
            None => AMOUNT.to_owned(),
        },
    }
}

/// `20,00` means one thing, `1,234.50` and `1.234,50` another, and `1,234` could mean either.
fn comma(text: &str) -> String {
    let (joined, pointed) = (text.replace(',', ""), text.replace(',', "."));
    let commas = text.matches(',').count();
    let plain = match (text.rfind('.'), text.rfind(',')) {
        (Some(point), Some(comma)) if point < comma => text.replace('.', "").replace(',', "."),
        (None, _) if commas == 1 => pointed.clone(),
        _ => joined.clone(),
    };
    if parse_decimal(&plain).is_err() {
        return AMOUNT.to_owned();
    }
    let decimals = text.rsplit(',').next().map_or(0, str::len);
    if plain == pointed && decimals == 3 && !text.starts_with('0') {
        return format!("write {joined} or {pointed}, whichever is meant");
    }
    format!("write a point before the decimals and no other separator: {plain}")
}

/// The number among currency signs, blanks and apostrophes, if nothing else is there.
fn plain_digits(text: &str) -> Option<String> {
    let is_noise = |c: char| c.is_whitespace() || "$€£¥'’_+".contains(c);
    let plain: String = text.chars().filter(|c| !is_noise(*c)).collect();
    parse_decimal(&plain).is_ok().then_some(plain)
}

/// For a number of units.
pub fn whole_number(text: &str) -> String {
    if text.starts_with('+') {
        return "write it without a sign; in changes.csv a difference goes in delta".to_owned();
    }
    if matches!(text.to_lowercase().as_str(), "true" | "false" | "yes" | "no") {
        return "write how many units there are, such as 1 or 0".to_owned();
    }
    if is_exponential(text) {
        return SHORTENED.to_owned();
    }
    if let Some(plain) = without_separators(text) {
        return format!("write {plain} if that is meant; units are counted whole");
    }
    match text.split_once('.').filter(|_| parse_decimal(text).is_ok()) {
        Some((whole, zeros)) if zeros.trim_matches('0').is_empty() => {
            format!("write {whole}; units are counted whole")
        }
        Some(_) => "units are counted whole; for parts of one, sell a smaller unit".to_owned(),
        None => "write digits only, such as 3".to_owned(),
    }
}

fn is_exponential(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || "eE.,+-".contains(c);
    text.contains(['e', 'E']) && text.chars().all(is_part)
}

/// `1,250` and `1 250 000` without what groups their digits by thousands.
fn without_separators(text: &str) -> Option<String> {
    const SEPARATORS: [char; 5] = [',', '.', ' ', '\u{a0}', '\''];
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (first, rest) = text.split_once(SEPARATORS)?;
    let groups: Vec<&str> = rest.split(SEPARATORS).collect();
    let grouped = (1..=3).contains(&first.len())
        && is_digits(first)
        && groups.iter().all(|group| group.len() == 3 && is_digits(group));
    grouped.then(|| first.to_owned() + &groups.concat())
}

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

/// For a currency code.
pub fn currency(text: &str) -> String {
    let capitals = text.trim().to_uppercase();
    if Currency::from_code(&capitals).is_some() {
        return format!("write {capitals}");
    }
    "write the three-letter code in capitals, such as USD".to_owned()
}

/// For a word that is not one of a few.
pub fn word(text: &str, known: &[&str]) -> String {
    let list = known.join(", ");
    match nearest(text, known.iter().copied()) {
        Some(similar) => format!("write {similar} if that is meant; the words are {list}"),
        None => format!("write one of {list}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_are_read_as_their_writer_meant_them() {
        for (text, hint) in [
            ("20,00", "write a point before the decimals and no other separator: 20.00"),
            ("1,234", "write 1234 or 1.234, whichever is meant"),
            ("1,234.50", "write a point before the decimals and no other separator: 1234.50"),
            ("1.234,50", "write a point before the decimals and no other separator: 1234.50"),
            ("1,234,567", "write a point before the decimals and no other separator: 1234567"),
            ("0,125", "write a point before the decimals and no other separator: 0.125"),
            (",", AMOUNT),
        ] {
            assert_eq!(amount(text, DecimalError::Comma), hint, "{text}");
        }
    }

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
