//! Problems of the input, in one form for every stage.
//!
//! A run finds all problems and publishes nothing. Each problem has file, line, column, value,
//! rule and remedy.

mod list;
mod zones;

use std::fmt;

use crate::locale::Locale;
use crate::value::visible_line;

pub(crate) use list::KEPT_OF_A_KIND;
pub use list::Problems;
pub(crate) use zones::zone_hint;

/// A problem at one place of the input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Problem {
    /// The file, as the user wrote it: `input/subscriptions.csv`.
    pub file: String,
    /// The line of the file, if the problem has one.
    pub line: Option<u64>,
    /// The column, if the problem has one.
    pub column: Option<&'static str>,
    /// The invalid value, if there is one.
    pub value: Option<String>,
    /// The broken rule, as the end of a sentence: `is not a date or time`.
    pub rule: String,
    /// The remedy.
    pub hint: String,
}

impl Problem {
    /// The place and the broken rule on one line, without the remedy.
    pub fn message(&self) -> String {
        let Self { file, line, column, value, rule, .. } = self;
        let line = line.map_or_else(String::new, |line| format!(":{line}"));
        let column = column.map_or_else(String::new, |column| format!(" {column}"));
        let value = value.as_ref().map_or_else(String::new, |value| format!(" {}", quoted(value)));
        visible_line(&format!("{file}{line}:{column}{value} {rule}")).into_owned()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}\nhint: {}", self.message(), visible_line(&self.hint))
    }
}

/// The value in quotes, shortened to one line.
fn quoted(value: &str) -> String {
    const LONGEST: usize = 60;
    let shown: String = value.chars().take(LONGEST).collect();
    let ellipsis = if shown.len() < value.len() { "…" } else { "" };
    format!("{:?}", shown + ellipsis)
}

/// The known name behind a mistyped one, if there is only one candidate. The names may differ in
/// spelling or by one letter. Names with different digits are different names.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const SHORTEST: usize = 4;
    let (name, digits) = (bare(name), digits(name));
    let slips = usize::from(name.len() >= SHORTEST);
    let near = known.into_iter().filter(|candidate| self::digits(candidate) == digits);
    let near = near.map(|candidate| (strsim::osa_distance(&name, &bare(candidate)), candidate));
    only_best(near.filter(|(distance, _)| *distance <= slips))
}

/// The known id that differs only in case, blanks and signs, if there is only one. Similar ids do
/// not count, because one customer must never be taken for another.
pub(crate) fn same_id<'a>(id: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let bare_id = bare(id);
    let same = known.into_iter().filter(|candidate| bare(candidate) == bare_id);
    only_best(same.map(|candidate| (0, candidate))).filter(|_| !bare_id.is_empty())
}

/// The candidate of the least distance, unless there are two.
fn only_best<'a>(near: impl Iterator<Item = (usize, &'a str)>) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    let mut is_only = true;
    for (distance, candidate) in near {
        match best {
            Some((least, known)) if least == distance => is_only &= known == candidate,
            Some((least, _)) if least < distance => {}
            _ => (best, is_only) = (Some((distance, candidate)), true),
        }
    }
    best.filter(|_| is_only).map(|(_, candidate)| candidate)
}

/// A name in small letters, without blanks and signs.
fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn digits(name: &str) -> String {
    name.chars().filter(char::is_ascii_digit).collect()
}

/// Other names of languages: the three-letter codes of ISO 639-2, and the English names.
const LANGUAGES: [(&str, &[&str]); 9] = [
    ("de", &["deu", "ger", "german", "deutsch"]),
    ("en", &["eng", "english"]),
    ("es", &["spa", "spanish", "español"]),
    ("fr", &["fra", "fre", "french", "français"]),
    ("it", &["ita", "italian", "italiano"]),
    ("ja", &["jpn", "japanese"]),
    ("nl", &["nld", "dut", "dutch", "nederlands"]),
    ("pl", &["pol", "polish", "polski"]),
    ("pt", &["por", "portuguese", "português"]),
];

/// The remedy for an unknown locale. An unknown language has no substitute.
pub(crate) fn locale_hint(tag: &str) -> String {
    let tag = tag.trim().replace('_', "-");
    let written = tag.split('-').next().unwrap_or_default().to_lowercase();
    let same = LANGUAGES.iter().find(|(_, names)| names.contains(&&*written));
    let language = same.map_or(&*written, |(language, _)| language);
    let country = tag.split_once('-').map_or(String::new(), |(_, country)| format!("-{country}"));
    let right = format!("{language}{country}");
    if same.is_some()
        && let Some(known) = Locale::known_tags().find(|known| known.eq_ignore_ascii_case(&right))
    {
        return format!("write {known}");
    }
    let is_of = |known: &&str| known.split('-').next() == Some(language);
    let own: Vec<&str> = Locale::known_tags().filter(is_of).collect();
    if !own.is_empty() {
        return format!("write one of {}", own.join(", "));
    }
    let languages: Vec<&str> = Locale::known_tags().filter(|known| !known.contains('-')).collect();
    format!(
        "write a language, or one in a country, such as de-AT; known are {}",
        languages.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_one_sentence_and_a_hint() {
        let problem = Problem {
            file: "input/subscriptions.csv".into(),
            line: Some(214),
            column: Some("started_at"),
            value: Some("2026-13-01".into()),
            rule: "is not a date or time".into(),
            hint: "write 2026-01-31 or 2026-01-31T09:30:00Z".into(),
        };
        assert_eq!(
            problem.to_string(),
            "error: input/subscriptions.csv:214: started_at \"2026-13-01\" is not a date or time\n\
             hint: write 2026-01-31 or 2026-01-31T09:30:00Z"
        );
    }

    #[test]
    fn long_and_multi_line_values_stay_on_one_line() {
        let shown = quoted(&format!("a\nb{}", "x".repeat(100)));
        assert!(shown.starts_with("\"a\\nb") && shown.ends_with("…\"") && !shown.contains('\n'));
    }

    #[test]
    fn names_are_near_if_they_mean_the_same() {
        let known = ["account_id", "price_id", "ends_at", "cancel", "uncancel", "month", "INV-7"];
        for (name, expected) in [
            ("acount_id", Some("account_id")),
            ("Account ID", Some("account_id")),
            ("mounth", Some("month")),
            ("inv 7", Some("INV-7")),
            ("INV-8", None),
            ("Amount", None),
            ("uncancl", Some("uncancel")),
            ("zzz", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known), expected, "{name}");
        }
        // Two are equally near.
        assert_eq!(nearest("prices", ["price1", "pricey", "pricea"]), None);
    }

    #[test]
    fn ids_are_the_same_or_others() {
        let known = ["acc-kumu", "acc-olive", "c01", "a-1", "a1"];
        assert_eq!(same_id("ACC_OLIVE", known), Some("acc-olive"));
        assert_eq!(same_id("acc-kumo", known), None);
        assert_eq!(same_id("c02", known), None);
        assert_eq!(same_id("A1", known), None);
        assert_eq!(same_id("-", known), None);
    }

    #[test]
    fn hints_name_the_locales_of_a_language_that_is_known() {
        let german = "write one of de, de-AT, de-BE, de-CH, de-DE, de-IT, de-LI, de-LU";
        assert_eq!(locale_hint("de_XX"), german);
        assert_eq!(locale_hint("German"), "write de");
        assert_eq!(locale_hint("eng-GB"), "write en-GB");
        assert_eq!(locale_hint("deu-XX"), german);
        let none = "write a language, or one in a country, such as de-AT; known are ";
        for tag in ["fi-FI", "ko-KR", "Klingon", ""] {
            assert!(locale_hint(tag).starts_with(none), "{tag}: {}", locale_hint(tag));
        }
    }
}
