//! The known locales: each language with a file, and its countries in CLDR.

use std::sync::LazyLock;

use thiserror::Error;

/// A language with its formats from CLDR and its texts of invoices.
pub(crate) struct LanguageSource {
    /// Its ISO 639 code.
    pub(crate) language: &'static str,
    /// The file of its formats.
    pub(crate) formats: &'static str,
    /// The file of its texts.
    pub(crate) texts: &'static str,
}

macro_rules! sources {
    ($($language:literal),*) => {
        [$(LanguageSource {
            language: $language,
            formats: include_str!(concat!("../../assets/locales/", $language, ".toml")),
            texts: include_str!(concat!("../../assets/languages/", $language, ".toml")),
        }),*]
    };
}

/// In the order of their codes.
pub(crate) const SOURCES: [LanguageSource; 9] =
    sources!("de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt");

/// A tag of no known locale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("is not a locale known here")]
pub(crate) struct UnknownLocale;

/// Every tag: each language, followed by its countries.
static TAGS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let of = |source: &LanguageSource| {
        let language = source.language;
        let regions = source.formats.lines().filter_map(|line| line.strip_prefix("[regions."));
        let regions = regions.map(move |rest| format!("{language}-{}", rest.trim_end_matches(']')));
        std::iter::once(language.to_owned()).chain(regions).collect::<Vec<_>>()
    };
    SOURCES.iter().flat_map(of).collect()
});

pub(crate) fn known() -> impl Iterator<Item = &'static str> {
    TAGS.iter().map(String::as_str)
}

/// The index of a tag. `de_DE` means the same as `de-DE`.
pub(crate) fn find(tag: &str) -> Option<u16> {
    let place = TAGS.binary_search_by(|known| known.as_str().cmp(tag)).ok().or_else(|| {
        let tag = tag.replace('_', "-");
        TAGS.iter().position(|known| known.eq_ignore_ascii_case(&tag))
    });
    place.map(|place| u16::try_from(place).expect("a few hundred"))
}

pub(crate) fn tag(place: u16) -> &'static str {
    &TAGS[usize::from(place)]
}

/// The index of a tag's language among the sources.
pub(crate) fn source_of(tag: &str) -> usize {
    let language = language_of(tag);
    let place = SOURCES.iter().position(|source| source.language == language);
    place.expect("tags are made from the sources")
}

/// The language of a tag.
pub(crate) fn language_of(tag: &str) -> &str {
    tag.split('-').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_sorted_so_that_they_can_be_searched() {
        assert!(TAGS.is_sorted());
        assert!(TAGS.len() > 200);
        for known in known() {
            assert_eq!(find(known).map(tag), Some(known));
        }
    }

    #[test]
    fn spelling_does_not_matter() {
        assert_eq!(find("de_at").map(tag), Some("de-AT"));
        assert_eq!(find("PT-br").map(tag), Some("pt-BR"));
        assert_eq!(find("es-419").map(tag), Some("es-419"));
        assert_eq!(find(""), None);
        assert_eq!(find("de-AT-1996"), None);
    }
}
