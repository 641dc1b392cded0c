//! A text of billing.toml, alone or in several languages.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::invalid::Invalid;
use crate::locale::Locale;

/// A text as billing.toml has it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum LocalTextTable {
    /// The same for everybody.
    One(String),
    /// By language, such as `{ en = "…", de = "…" }`.
    ByLanguage(BTreeMap<String, String>),
}

impl<'de> Deserialize<'de> for LocalTextTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LocalTextVisitor)
    }
}

struct LocalTextVisitor;

impl<'de> Visitor<'de> for LocalTextVisitor {
    type Value = LocalTextTable;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(LocalTextTable::One(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, texts: A) -> Result<Self::Value, A::Error> {
        let texts = Deserialize::deserialize(MapAccessDeserializer::new(texts))?;
        Ok(LocalTextTable::ByLanguage(texts))
    }
}

/// A text in the languages of accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LocalText {
    /// For languages without a text of their own.
    usual: String,
    by_language: BTreeMap<String, String>,
}

impl LocalText {
    /// The text for a reader.
    pub(crate) fn get(&self, locale: Locale) -> &str {
        self.by_language.get(locale.language()).unwrap_or(&self.usual)
    }

    /// All texts. With languages, the usual one is among them.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let only = if self.by_language.is_empty() { Some(&self.usual) } else { None };
        only.into_iter().chain(self.by_language.values()).map(String::as_str)
    }
}

impl From<String> for LocalText {
    fn from(usual: String) -> Self {
        Self { usual, ..Self::default() }
    }
}

impl LocalTextTable {
    /// The checked text. It must have the language of the company, which others get.
    pub(super) fn validate(self, key: &'static str, company: Locale) -> Result<LocalText, Invalid> {
        let by_language = match self {
            Self::One(text) => return Ok(text.into()),
            Self::ByLanguage(texts) => texts,
        };
        let known: Vec<&str> = Locale::known_tags().filter(|tag| !tag.contains('-')).collect();
        if let Some(other) = by_language.keys().find(|language| !known.contains(&language.as_str()))
        {
            return Err(Invalid {
                key,
                value: other.clone(),
                rule: "is no language of documents".to_owned(),
                hint: format!("write one of {}", known.join(", ")),
            });
        }
        let Some(usual) = by_language.get(company.language()).cloned() else {
            return Err(Invalid {
                key,
                value: by_language.keys().cloned().collect::<Vec<_>>().join(", "),
                rule: format!("has no text in {}, the language of the company", company.language()),
                hint: "add it: it is also for languages that have no text here".to_owned(),
            });
        };
        Ok(LocalText { usual, by_language })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> Result<LocalText, String> {
        #[derive(Deserialize)]
        struct Table {
            payment: LocalTextTable,
        }
        let table: Table = toml::from_str(toml).expect("a text");
        let text = table.payment.validate("seller.payment", Locale::default());
        text.map_err(|invalid| invalid.rule)
    }

    #[test]
    fn a_text_is_for_everybody_or_for_a_language() {
        let said = |text: &LocalText, tag| text.get(Locale::parse(tag).expect("a tag")).to_owned();
        let one = read("payment = \"By card\"").expect("a text");
        assert_eq!(said(&one, "de"), "By card");
        let two = read("payment = { en = \"By card\", de = \"Mit Karte\" }").expect("two texts");
        assert_eq!(
            ["de-AT", "en", "fr"].map(|tag| said(&two, tag)),
            ["Mit Karte", "By card", "By card"]
        );
        assert_eq!(two.texts().count(), 2);
    }

    #[test]
    fn the_language_of_the_company_is_there_and_no_unknown_one() {
        let rule = |toml| read(toml).expect_err("it is wrong");
        assert_eq!(
            rule("payment = { de = \"Mit Karte\" }"),
            "has no text in en, the language of the company"
        );
        assert_eq!(rule("payment = { en = \"Card\", xx = \"?\" }"), "is no language of documents");
    }
}
