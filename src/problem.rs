//! What is wrong with the input, in one shape for every stage.
//!
//! Problems are collected, not thrown: a run reports all of them at once, each with file, line,
//! column, value, rule and remedy, and publishes nothing.

use std::fmt;

use crate::locale::Locale;

/// One thing wrong with one place of the input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Problem {
    /// The file, as the user named it: `input/subscriptions.csv`.
    pub file: String,
    /// The line of the file, if it is about one.
    pub line: Option<u64>,
    /// The column, if it is about one.
    pub column: Option<&'static str>,
    /// The offending value, if it is about one.
    pub value: Option<String>,
    /// The rule it breaks, as the end of a sentence: `is not a date or time`.
    pub rule: String,
    /// What to do about it.
    pub hint: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        f.write_str(":")?;
        if let Some(column) = self.column {
            write!(f, " {column}")?;
        }
        if let Some(value) = &self.value {
            write!(f, " {}", quoted(value))?;
        }
        write!(f, " {}\nhint: {}", self.rule, self.hint)
    }
}

/// The value in quotes, on one line, and not longer than a line.
fn quoted(value: &str) -> String {
    const LONGEST: usize = 60;
    let shown: String = value.chars().take(LONGEST).collect();
    let ellipsis = if shown.len() < value.len() { "…" } else { "" };
    format!("{:?}", shown + ellipsis)
}

/// The known name that a mistyped one most resembles, if one is close; capitals do not matter.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const CLOSE_ENOUGH: f64 = 0.75;
    let name = name.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&name, &candidate.to_lowercase()), candidate))
        .filter(|(similarity, _)| *similarity >= CLOSE_ENOUGH)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate)
}

/// What to write instead of a name that is no time zone. Zones are many and their names short, so
/// only a slip of one or two letters counts as near, or a city without its continent.
pub fn zone_hint(name: &str) -> String {
    const CLOSE_ENOUGH: f64 = 0.85;
    let name = name.trim().to_lowercase().replace(' ', "_");
    let mut zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let similar = zones.find(|zone| {
        let zone = zone.to_lowercase();
        let city = zone.rsplit('/').next().unwrap_or_default();
        city == name || strsim::normalized_levenshtein(&name, &zone) >= CLOSE_ENOUGH
    });
    match similar {
        Some(similar) => format!("write {similar} if that is meant, or another IANA name"),
        None => "write an IANA name, such as Europe/Berlin or UTC".to_owned(),
    }
}

/// What to write instead of a tag that is no locale known here.
pub fn locale_hint(tag: &str) -> String {
    let tag = tag.trim().replace('_', "-");
    let is_of = |known: &&str, language: &str| known.split('-').next() == Some(language);
    let language = tag.split('-').next().unwrap_or_default().to_lowercase();
    let own: Vec<&str> = Locale::known_tags().filter(|known| is_of(known, &language)).collect();
    if !own.is_empty() {
        return format!("write one of {}", own.join(", "));
    }
    let languages: Vec<&str> = Locale::known_tags().filter(|known| !known.contains('-')).collect();
    let languages = languages.join(", ");
    let similar = Locale::known_tags().filter(|known| known.contains('-'));
    match nearest(&tag, similar).filter(|_| tag.contains('-')) {
        Some(similar) => format!("write {similar} if that is meant; languages are {languages}"),
        None => {
            format!("write a language, or one in a country, such as de-AT; known are {languages}")
        }
    }
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
    fn hints_only_at_close_names() {
        let known = ["acc-kumu", "acc-olive"];
        assert_eq!(nearest("acc-kumo", known), Some("acc-kumu"));
        assert_eq!(nearest("zzz", known), None);
        assert_eq!(nearest("ACC_OLIVE", known), Some("acc-olive"));
    }

    #[test]
    fn hints_name_the_locales_of_a_language_that_is_known() {
        let german = "write one of de, de-AT, de-BE, de-CH, de-DE, de-IT, de-LI, de-LU";
        assert_eq!(locale_hint("de_XX"), german);
        let languages = "de, en, es, fr, it, ja, nl, pl, pt";
        assert_eq!(
            locale_hint("German"),
            format!("write a language, or one in a country, such as de-AT; known are {languages}")
        );
        assert_eq!(
            locale_hint("eng-GB"),
            format!("write en-GB if that is meant; languages are {languages}")
        );
    }

    #[test]
    fn zones_are_known_by_their_city_too() {
        for (name, zone) in [
            ("Europe/Berln", "Europe/Berlin"),
            ("Berlin", "Europe/Berlin"),
            ("new york", "America/New_York"),
            ("europe/paris", "Europe/Paris"),
            ("PST", "such as Europe/Berlin"),
        ] {
            assert!(zone_hint(name).contains(zone), "{name}: {}", zone_hint(name));
        }
    }
}
