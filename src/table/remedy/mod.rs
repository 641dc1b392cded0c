//! Hints for refused values. Each recognizes a typical mistake of people or spreadsheets, and shows
//! the right text if only one reading is possible.

mod amount;
mod moment;

use super::damage::is_shortened;
use crate::problem::nearest;
use crate::value::{Currency, parse_decimal};

pub(crate) use amount::NumberRemedy;
pub(crate) use moment::{date, moment};

/// How to undo a spreadsheet's damage to a number.
const SHORTENED: &str =
    "a spreadsheet has shortened it; export it again from a column formatted as a plain number";

/// The hint for a number of units.
pub(crate) fn whole_number(text: &str) -> String {
    const SMALLER: &str = "units are counted whole; for parts of one, sell a smaller unit";
    if text.strip_prefix('+').is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit())) {
        return "write it without a sign; in changes.csv a difference goes in delta".to_owned();
    }
    if matches!(text.to_lowercase().as_str(), "true" | "false" | "yes" | "no") {
        return "write how many units there are, such as 1 or 0".to_owned();
    }
    if is_shortened(text) {
        return SHORTENED.to_owned();
    }
    if text.parse::<f64>().is_ok() && text.contains(['e', 'E']) {
        return amount::WRITE_OUT.to_owned();
    }
    let readings = readings(text);
    match &readings.iter().map(|reading| whole(reading)).collect::<Vec<_>>()[..] {
        [Some(only)] => format!("write {only}; units are counted whole"),
        [Some(one), Some(other)] => {
            format!("write {one} or {other}, whichever is meant; units are counted whole")
        }
        // A point is a decimal point everywhere else, so it is one here.
        [Some(grouped), None] if text.contains(',') => {
            format!("write {grouped} if the comma groups thousands; units are counted whole")
        }
        [] => "write digits only, such as 3".to_owned(),
        _ => SMALLER.to_owned(),
    }
}

/// The whole number that equals a decimal.
fn whole(decimal: &str) -> Option<&str> {
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    fraction.bytes().all(|digit| digit == b'0').then_some(whole)
}

/// The possible readings of a number with separators, written with a point. If there are two, the
/// first takes the separator as one of thousands.
fn readings(text: &str) -> Vec<String> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let decimal = digits.rsplit_once([',', '.']).and_then(|(whole, part)| {
        let point = digits[whole.len()..].chars().next()?;
        let is_free = !whole.contains(point) && is_digits(part);
        Some(format!("{}.{part}", ungrouped(whole).filter(|_| is_free)?))
    });
    let plain = ungrouped(digits);
    let found = plain.into_iter().chain(decimal).map(|number| format!("{sign}{number}"));
    found.filter(|number| parse_decimal(number).is_ok()).collect()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The digits of `1,250`, `1 250 000` or `1'250`, where one character separates thousands.
fn ungrouped(text: &str) -> Option<String> {
    const SEPARATORS: [char; 9] = [',', '.', ' ', '\u{a0}', '\u{202f}', '\u{2009}', '\'', '’', '_'];
    let Some(separator) = text.chars().find(|c| SEPARATORS.contains(c)) else {
        return is_digits(text).then(|| text.to_owned());
    };
    let mut groups = text.split(separator);
    let first = groups.next().filter(|first| is_digits(first) && !first.starts_with('0'))?;
    let is_grouped = first.len() <= 3 && groups.all(|group| group.len() == 3 && is_digits(group));
    is_grouped.then(|| text.replace(separator, ""))
}

/// The hint for a currency code.
pub(crate) fn currency(text: &str) -> String {
    let capitals = text.trim().to_uppercase();
    if Currency::from_code(&capitals).is_some() {
        return format!("write {capitals}");
    }
    "write the three-letter code in capitals, such as USD".to_owned()
}

/// Words of other systems for ours.
const SYNONYMS: [(&str, &[&str]); 31] = [
    ("day", &["daily", "days"]),
    ("week", &["weekly", "weeks"]),
    ("month", &["monthly", "months"]),
    ("quarter", &["quarterly", "quarters"]),
    ("year", &["yearly", "years", "annual", "annually"]),
    ("advance", &["in_advance", "prepaid", "upfront"]),
    ("arrears", &["in_arrears", "postpaid"]),
    ("per_unit", &["unit", "per_seat", "unit_price"]),
    ("flat", &["flat_fee", "flat_rate", "fixed"]),
    ("package", &["packages", "packaged"]),
    ("quantity", &["quantity_change", "quantity_changed", "set_quantity"]),
    ("price", &["price_change", "price_changed", "plan_change", "plan_changed"]),
    ("cancel", &["canceled", "cancelled", "cancellation"]),
    ("uncancel", &["uncanceled", "uncancelled"]),
    ("pause", &["paused"]),
    ("resume", &["resumed", "unpause", "unpaused"]),
    ("restart", &["restarted", "reactivate", "reactivated", "renew", "reopen"]),
    ("immediate", &["immediately", "now"]),
    ("next_invoice", &["on_next_invoice"]),
    ("period_end", &["at_period_end", "end_of_period"]),
    ("exclusive", &["tax_exclusive", "excl"]),
    ("inclusive", &["tax_inclusive", "incl"]),
    ("taxable", &["taxed"]),
    ("exempt", &["tax_exempt", "exempted"]),
    ("reverse_charge", &["reverse", "reverse_charged"]),
    ("forever", &["unlimited"]),
    ("once", &["one_time", "single"]),
    ("second", &["seconds", "by_second", "per_second"]),
    ("actual", &["actual_days"]),
    ("fixed_30", &["30_days", "thirty_days", "30/360"]),
    ("actual_over_30", &["actual/360", "actual/30", "30/actual"]),
];

/// The hint for an unknown word, and the word that it may mean.
pub(crate) fn word<'w>(text: &str, known: &[&'w str]) -> (String, Option<&'w str>) {
    let list = known.join(", ");
    let meant = nearest(text, known.iter().copied()).or_else(|| {
        let of_ours = SYNONYMS.into_iter().filter(|(word, _)| known.contains(word));
        let names: Vec<(&str, &str)> =
            of_ours.flat_map(|(word, names)| names.iter().map(move |name| (word, *name))).collect();
        let name = nearest(text, names.iter().map(|(_, name)| *name))?;
        let word = names.into_iter().find(|(_, known)| *known == name).map(|(word, _)| word)?;
        known.iter().copied().find(|known| *known == word)
    });
    let hint = match meant {
        Some(word) => format!("write {word} if that is meant; the words are {list}"),
        None => format!("write one of {list}"),
    };
    (hint, meant)
}

/// The hint for a truth value, and the word that it may mean.
pub(crate) fn truth(text: &str) -> (String, Option<&'static str>) {
    const YES: [&str; 5] = ["true", "yes", "y", "1", "t"];
    const NO: [&str; 5] = ["false", "no", "n", "0", "f"];
    let plain = text.trim().to_lowercase();
    if YES.contains(&&*plain) {
        ("write true, in small letters".to_owned(), Some("true"))
    } else if NO.contains(&&*plain) {
        ("write false, in small letters".to_owned(), Some("false"))
    } else {
        ("write true or false".to_owned(), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_read_in_every_way_that_makes_sense() {
        for (text, expected) in [
            ("1,234", &["1234", "1.234"][..]),
            ("1.234", &["1234", "1.234"]),
            ("0,125", &["0.125"]),
            ("20,00", &["20.00"]),
            ("1,234.50", &["1234.50"]),
            ("1.234,50", &["1234.50"]),
            ("1 234,50", &["1234.50"]),
            ("1'234'567", &["1234567"]),
            ("-1,5", &["-1.5"]),
            ("9 90", &[]),
            ("1,23,456", &[]),
            ("1,2.3,4", &[]),
            (",5", &[]),
            ("", &[]),
        ] {
            assert_eq!(readings(text), expected, "{text}");
        }
    }

    #[test]
    fn units_are_only_proposed_where_they_are_meant() {
        let smaller = "units are counted whole; for parts of one, sell a smaller unit";
        for (text, hint) in [
            ("10.625", smaller),
            ("2.5", smaller),
            ("2,5", smaller),
            ("3.0", "write 3; units are counted whole"),
            ("1 250", "write 1250; units are counted whole"),
            ("1.250.000", "write 1250000; units are counted whole"),
            ("1,250", "write 1250 if the comma groups thousands; units are counted whole"),
            ("1.000", "write 1000 or 1, whichever is meant; units are counted whole"),
            ("1E+02", SHORTENED),
            ("1e2", amount::WRITE_OUT),
            ("many", "write digits only, such as 3"),
        ] {
            assert_eq!(whole_number(text), hint, "{text}");
        }
    }

    #[test]
    fn words_are_known_by_their_meaning() {
        let kinds =
            ["quantity", "price", "cancel", "uncancel", "pause", "resume", "anchor", "restart"];
        for (text, meant) in [
            ("Cancelled", "write cancel if"),
            ("quaterly", "write one of"),
            ("reactivate", "write restart if"),
            ("upgrade", "write one of"),
        ] {
            assert!(word(text, &kinds).0.starts_with(meant), "{text}");
        }
        let intervals = ["day", "week", "month", "quarter", "year"];
        for (text, meant) in [("Annually", "year"), ("quaterly", "quarter"), ("mounth", "month")] {
            assert_eq!(word(text, &intervals).1, Some(meant), "{text}");
        }
        let policies = ["period_end", "immediate", "immediate_no_credit"];
        assert_eq!(word("immediate_credit", &policies).1, None);
    }
}
