//! Hints for values that were refused: each looks at the text and names the mistake that people
//! and spreadsheets make in just this way, with the right text where only one can be meant.

mod amount;
mod moment;

use crate::problem::nearest;
use crate::value::{Currency, parse_decimal};

pub use amount::{amount, money, percent};
pub use moment::{date, moment};

/// How a spreadsheet's damage to a number is undone.
const SHORTENED: &str =
    "a spreadsheet has shortened it; export it again from a column formatted as a plain number";

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

/// For what is either true or false.
pub fn truth(text: &str) -> &'static str {
    const YES: [&str; 6] = ["true", "yes", "y", "1", "t", "x"];
    const NO: [&str; 5] = ["false", "no", "n", "0", "f"];
    let plain = text.trim().to_lowercase();
    if YES.contains(&&*plain) {
        "write true, in small letters"
    } else if NO.contains(&&*plain) {
        "write false, in small letters"
    } else {
        "write true or false"
    }
}
