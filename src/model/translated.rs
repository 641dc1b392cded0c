//! A text of the input in other languages.

/// The translations of a text; usually none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Translated(Box<[(&'static str, Box<str>)]>);

impl Translated {
    /// From languages (ISO 639 codes) and texts; without empty texts.
    pub(crate) fn new(texts: impl Iterator<Item = (&'static str, Box<str>)>) -> Self {
        Self(texts.filter(|(_, text)| !text.trim().is_empty()).collect())
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text in a language, if there is one.
    pub(crate) fn get(&self, language: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == language).map(|(_, text)| text)
    }

    /// The languages and texts.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(language, text)| (*language, &**text))
    }
}
