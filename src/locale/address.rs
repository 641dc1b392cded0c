//! Postal addresses as their country writes them, from libaddressinput, and countries in the language
//! of the reader, from CLDR: see `assets/locales/addresses.py`.
//!
//! Nothing of an address is left out: what the format has no place for gets a line of its own.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::country::code_of;
use super::tag::SOURCES;

const COUNTRIES: &str = include_str!("../../assets/locales/postal.tsv");

/// Where there is no format, or no country: the postal code before the town, or, with a state or
/// county, the town before both.
const PLAIN: &str = "{A}|{Z} {C}";
const WITH_REGION: &str = "{A}|{C}, {S} {Z}";

/// A country of the table.
struct Country {
    /// In the order of [`SOURCES`].
    names: [&'static str; SOURCES.len()],
    format: &'static str,
    /// Empty if it is the same.
    latin_format: &'static str,
}

static BY_CODE: LazyLock<HashMap<&str, Country>> = LazyLock::new(|| {
    let rows = COUNTRIES.lines().filter(|line| !line.starts_with('#'));
    let country = |row: &'static str| {
        let mut cells = row.split('\t');
        let code = cells.next()?;
        let names = std::array::from_fn(|_| cells.next().unwrap_or_default());
        Some((code, Country { names, format: cells.next()?, latin_format: cells.next()? }))
    };
    rows.filter_map(country).collect()
});

/// The lines of an address: from street and number; floor, suite or care of; town; state, province or
/// county; postal code; country. `code` is the ISO code of the country, if it is known otherwise.
/// `language` is an index of [`SOURCES`].
pub(super) fn lines(parts: [&str; 6], code: &str, language: usize) -> Vec<String> {
    let [street, more, town, region, postal_code, country] = parts.map(str::trim);
    let is_code = BY_CODE.contains_key(country);
    let code = [country, code].into_iter().find_map(code_of);
    let known = code.and_then(|code| BY_CODE.get(code));
    let named = known.filter(|_| is_code || country.is_empty());
    let country_name = named.map_or(country, |country| country.names[language]);
    let is_latin = !parts.iter().any(|part| part.chars().any(is_of_another_script));
    let format = known.map_or("", |country| match country.latin_format {
        latin if is_latin && !latin.is_empty() => latin,
        _ => country.format,
    });
    let format = match format {
        "" if region.is_empty() => PLAIN,
        "" => WITH_REGION,
        format => format,
    };
    let format = with_every_part(format, [town, region, postal_code]);
    let values = [('A', street), ('C', town), ('S', region), ('Z', postal_code)];
    let mut lines: Vec<String> = Vec::new();
    for line in format.split('|') {
        lines.push(filled(line, &values));
        if line.contains("{A}") {
            // A format with the town on the line of the street has no second line.
            lines.push(more.to_owned());
        }
    }
    // A city that is its own country needs no second line that says so.
    let is_said = lines.last().is_some_and(|last| last.eq_ignore_ascii_case(country_name));
    lines.extend((!is_said).then(|| country_name.to_owned()));
    lines.retain(|line| !line.is_empty());
    lines
}

/// Whether a letter belongs to another script than Latin.
fn is_of_another_script(character: char) -> bool {
    character.is_alphabetic()
        && character > '\u{24f}'
        && !matches!(character, '\u{1e00}'..='\u{1eff}')
}

/// The format with a line for each part that it has no place for: the town and the region below the
/// street, the postal code at the end.
fn with_every_part(format: &str, [town, region, code]: [&str; 3]) -> String {
    let is_fixed = |part: &str| format.to_lowercase().contains(&part.to_lowercase());
    let mut format = format.to_owned();
    for (part, place, above) in [(town, "{C}", ["{S}", "{A}"]), (region, "{S}", ["{C}", "{A}"])] {
        if part.is_empty() || format.contains(place) || is_fixed(part) {
            continue;
        }
        let line = above.iter().find_map(|it| format.find(it)).unwrap_or(0);
        let end = format[line..].find('|').map_or(format.len(), |end| line + end);
        format.insert_str(end, &format!("|{place}"));
    }
    if !code.is_empty() && !format.contains("{Z}") {
        format.push_str("|{Z}");
    }
    format
}

/// A line of a format with its values. Text between two values needs both. Text that the value
/// already begins with is not written twice.
fn filled(line: &str, values: &[(char, &str)]) -> String {
    let mut text = String::new();
    // What stands between the last value and the next one.
    let mut between = "";
    let mut rest = line;
    while let Some(start) = rest.find('{') {
        let (before, after) = rest.split_at(start);
        let name = after[1..].chars().next().unwrap_or_default();
        let value = values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
        rest = &after["{A}".len()..];
        if between.is_empty() {
            between = before;
        }
        if value.is_empty() {
            continue;
        }
        let literal = if text.is_empty() { before.trim_start() } else { between };
        let is_said = is_prefix(literal) && value.starts_with(literal);
        if !is_said && (!text.is_empty() || is_prefix(literal)) {
            text.push_str(literal);
        }
        text.push_str(value);
        between = "";
    }
    if text.is_empty() && line.contains('{') { String::new() } else { text + rest }
}

/// Whether a literal belongs to the value after it, such as "CH-" and "〒".
fn is_prefix(literal: &str) -> bool {
    literal.chars().any(char::is_alphabetic) || literal.contains('〒')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(language: &str, parts: [&str; 6]) -> String {
        let language = SOURCES.iter().position(|it| it.language == language).expect("a language");
        lines(parts, "", language).join(" / ")
    }

    #[test]
    fn addresses_are_written_as_in_their_country() {
        for (parts, expected) in [
            (
                ["548 Market St", "Suite 5", "San Francisco", "CA", "94104", "US"],
                "548 Market St / Suite 5 / San Francisco, CA 94104 / United States",
            ),
            (
                ["1 Long Lane", "", "Leeds", "", "LS1 4AP", "GB"],
                "1 Long Lane / Leeds / LS1 4AP / United Kingdom",
            ),
            (
                ["Hauptstr. 1", "", "München", "", "80331", "DE"],
                "Hauptstr. 1 / 80331 München / Germany",
            ),
            (
                ["Bahnhofstrasse 1", "", "Zürich", "", "8001", "CH"],
                "Bahnhofstrasse 1 / CH-8001 Zürich / Switzerland",
            ),
            (
                ["Bahnhofstrasse 1", "", "Zürich", "", "CH-8001", "CH"],
                "Bahnhofstrasse 1 / CH-8001 Zürich / Switzerland",
            ),
            (
                ["Via Roma 1", "", "Torino", "TO", "10121", "IT"],
                "Via Roma 1 / 10121 Torino TO / Italy",
            ),
            (
                ["Rua Augusta 1", "", "São Paulo", "SP", "01305-000", "BR"],
                "Rua Augusta 1 / São Paulo-SP / 01305-000 / Brazil",
            ),
            (
                ["千代田区丸の内1-9-2", "", "", "東京都", "100-0005", "JP"],
                "〒100-0005 / 東京都 / 千代田区丸の内1-9-2 / Japan",
            ),
            (
                ["1-9-2 Marunouchi", "", "", "Tokyo", "100-0005", "JP"],
                "1-9-2 Marunouchi, Tokyo / 100-0005 / Japan",
            ),
            (
                ["1 Raffles Place", "", "Singapore", "", "048616", "SG"],
                "1 Raffles Place / SINGAPORE 048616 / Singapore",
            ),
        ] {
            assert_eq!(written("en", parts), expected);
        }
    }

    #[test]
    fn a_code_is_a_name_in_the_language_of_the_reader() {
        let parts = |country| ["Hauptstr. 1", "", "Wien", "", "1010", country];
        assert_eq!(written("fr", parts("AT")), "Hauptstr. 1 / 1010 Wien / Autriche");
        assert_eq!(written("ja", parts("AT")), "Hauptstr. 1 / 1010 Wien / オーストリア");
        // A name stays as it was written, and has the format of its country.
        assert_eq!(written("fr", parts("Österreich")), "Hauptstr. 1 / 1010 Wien / Österreich");
        let parts = ["1 Long Lane", "", "Leeds", "", "LS1 4AP", "United Kingdom"];
        assert_eq!(written("de", parts), "1 Long Lane / Leeds / LS1 4AP / United Kingdom");
        let by_code = lines(["Hauptstr. 1", "", "Wien", "", "1010", ""], "AT", 1).join(" / ");
        assert_eq!(by_code, "Hauptstr. 1 / 1010 Wien / Austria");
    }

    #[test]
    fn without_a_known_country_the_order_is_a_plain_one() {
        let parts = |region| ["Harbour 1", "", "Poseidonis", region, "777", "Atlantis"];
        assert_eq!(written("en", parts("")), "Harbour 1 / 777 Poseidonis / Atlantis");
        assert_eq!(written("en", parts("Deep")), "Harbour 1 / Poseidonis, Deep 777 / Atlantis");
        assert_eq!(written("en", [""; 6]), "");
    }

    /// Also where the format of a country has no place for a part.
    #[test]
    fn no_part_is_lost_in_any_country() {
        let all = ["Street", "Floor", "Town", "Region", "Code"];
        for code in BY_CODE.keys() {
            for kept in 0..32 {
                let part = |place: usize| if kept >> place & 1 == 1 { all[place] } else { "" };
                let lines = lines([part(0), part(1), part(2), part(3), part(4), code], "", 1);
                for (place, text) in all.iter().enumerate() {
                    let count = lines.iter().filter(|line| line.contains(text)).count();
                    assert_eq!(count, kept >> place & 1, "{code} {kept}: {lines:?}");
                }
                for line in &lines {
                    assert!(!line.contains(['{', '}', '|']), "{code}: {line}");
                    let ends = [' ', ',', '-'];
                    assert!(
                        !line.starts_with(ends) && !line.ends_with(ends),
                        "{code} {kept}: {line:?}"
                    );
                }
            }
        }
    }
}
