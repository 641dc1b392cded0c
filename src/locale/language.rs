//! The texts of one language, checked against the texts that the program needs.
//!
//! Reading the file finds missing texts, unused texts and wrong places in a sentence. A test reads
//! every file.

use std::collections::BTreeMap;

use super::plural::{Plural, PluralRules};
use super::template::Template;

/// A sentence with a form for each kind of number.
pub(crate) type Counted = BTreeMap<Plural, Template>;

/// The file of a language while it is being read.
pub(crate) struct LanguageFile<'s> {
    table: toml::Table,
    rules: &'s PluralRules,
    problems: Vec<String>,
}

impl<'s> LanguageFile<'s> {
    pub(crate) fn new(content: &str, rules: &'s PluralRules) -> Self {
        let mut problems = Vec::new();
        let table = content.parse().unwrap_or_else(|error: toml::de::Error| {
            problems.push(error.to_string());
            toml::Table::new()
        });
        Self { table, rules, problems }
    }

    /// A text without places.
    pub(crate) fn label(&mut self, key: &str) -> Box<str> {
        self.sentence(key, &[]).fill(&[]).into()
    }

    /// A text with these places.
    pub(crate) fn sentence(&mut self, key: &str, places: &[&str]) -> Template {
        let text = match self.table.remove(key) {
            Some(toml::Value::String(text)) => text,
            Some(_) => return self.fail(key, "is not a text"),
            None => return self.fail(key, "is missing"),
        };
        Template::parse(&text, places, &[]).unwrap_or_else(|problem| self.fail(key, &problem))
    }

    /// A text with a count among its places, in the forms that the language has for it.
    pub(crate) fn counted(&mut self, key: &str, places: &[&str]) -> Counted {
        /// Every plural form for whole numbers occurs below this number.
        const ENOUGH: u64 = 200;
        let mut forms = Counted::new();
        let table = self.table.remove(key);
        let Some(mut table) = table.and_then(|value| value.try_into::<PluralForms>().ok()) else {
            self.fail(key, "is missing, or has no forms");
            return forms;
        };
        for form in (0..=ENOUGH).map(|count| self.rules.form(count)) {
            let Some(text) = table.remove(&form) else { continue };
            // "a day" can replace "1 day".
            let optional: &[&str] = if form == Plural::One { &["count"] } else { &[] };
            let template = Template::parse(&text, places, optional);
            forms.insert(form, template.unwrap_or_else(|problem| self.fail(key, &problem)));
        }
        if let Some(count) =
            (0..=ENOUGH).find(|count| !forms.contains_key(&self.rules.form(*count)))
        {
            self.fail(key, &format!("has no form for {count}"));
        }
        if !table.is_empty() {
            self.fail(key, "has a form that the language does not");
        }
        forms
    }

    /// Returns all problems found, one a line.
    pub(crate) fn finish(mut self) -> Result<(), String> {
        let spare = self.table.keys().map(|key| format!("{key} is not said anywhere"));
        self.problems.extend(spare);
        if self.problems.is_empty() { Ok(()) } else { Err(self.problems.join("\n")) }
    }

    fn fail(&mut self, key: &str, problem: &str) -> Template {
        self.problems.push(format!("{key} {problem}"));
        Template::parse("", &[], &[]).expect("nothing is a sentence")
    }
}

type PluralForms = BTreeMap<Plural, String>;
