//! A `billing.toml` to start from: every key, with its meaning and default. It comes from the
//! structs that read the file, so it is always complete.

use std::fmt::Write as _;

use serde_json::Value;

use super::file::BillingFile;
use super::schema::schema;
use crate::locale::Locale;

/// The name of the JSON Schema file beside it.
pub(crate) const SCHEMA_FILE: &str = "billing.schema.json";

const WIDTH: usize = 96;

/// The text of the file. It sets only `seller` and, if given, `locale`.
pub(crate) fn template(seller: &str, locale: Option<Locale>) -> String {
    let mut text = format!(
        "#:schema ./{SCHEMA_FILE}\n\
         # How this company bills. Every key but seller.name has a default, which is written here as\n\
         # a comment: take the # away to set it. A misspelt key is an error.\n"
    );
    let schema = schema();
    let mut table = Listed { path: String::new(), schema: &schema, keys: Vec::new() };
    // TOML output has the order of the struct, and one line for each key and table.
    for line in BillingFile::with_defaults(seller).to_toml().lines() {
        if let Some(path) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            let of_map = &found(&schema, path)["additionalProperties"]["type"];
            if *of_map == "array" || *of_map == "object" {
                // Maps go on one line, so that nobody writes the table twice.
                let key = path.rsplit('.').next().unwrap_or(path);
                table.key(&mut text, key, &format!("{key} = {{}}"));
                continue;
            }
            table.end(&mut text);
            table =
                Listed { path: path.to_owned(), schema: found(&schema, path), keys: Vec::new() };
            text.push('\n');
            comment(&mut text, table.schema);
            let _ = writeln!(text, "[{path}]");
        } else if let Some((key, _)) = line.split_once(" = ") {
            table.key(&mut text, key, line);
        }
    }
    table.end(&mut text);
    match locale {
        Some(locale) => {
            text.replacen("\n# locale = \"…\"\n", &format!("\nlocale = \"{}\"\n", locale.tag()), 1)
        }
        None => text,
    }
}

fn found<'a>(schema: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(schema, |schema, key| &schema["properties"][key])
}

/// A table while its keys are listed.
struct Listed<'a> {
    path: String,
    schema: &'a Value,
    keys: Vec<String>,
}

impl Listed<'_> {
    fn key(&mut self, text: &mut String, key: &str, line: &str) {
        text.push('\n');
        comment(text, &self.schema["properties"][key]);
        let is_set = self.path == "seller" && key == "name";
        let _ = writeln!(text, "{}{line}", if is_set { "" } else { "# " });
        self.keys.push(key.to_owned());
    }

    /// Lists the keys without a default, because the output of the struct lacks them.
    fn end(mut self, text: &mut String) {
        let properties = self.schema["properties"].as_object().into_iter().flatten();
        for (key, schema) in properties {
            if schema["type"] != "object" && !self.keys.contains(key) {
                self.key(text, key, &format!("{key} = {}", example(schema)));
            }
        }
        if self.schema["additionalProperties"].is_object() {
            text.push_str("# \"…\" = \"…\"\n");
        }
    }
}

/// A placeholder for a key without a default, in quotes unless its type needs none.
fn example(schema: &Value) -> &'static str {
    let types = schema["type"].to_string();
    let is_bare = ["integer", "boolean", "array"].iter().any(|bare| types.contains(bare));
    if is_bare { "…" } else { "\"…\"" }
}

/// Adds the meaning of a key, and its choices with their meanings.
fn comment(text: &mut String, schema: &Value) {
    wrap(text, "# ", schema["description"].as_str().unwrap_or_default());
    for choice in choices(schema) {
        let (word, meaning) = (&choice["const"], choice["description"].as_str());
        let Some(word) = word.as_str() else { continue };
        let is_sign = !word.contains(char::is_alphanumeric);
        let word = if is_sign { format!("{word:?}") } else { word.to_owned() };
        wrap(text, "#   ", &format!("{word}: {}", meaning.unwrap_or_default()));
    }
}

fn choices(schema: &Value) -> impl Iterator<Item = &Value> {
    let nested = schema["anyOf"].as_array().into_iter().flatten();
    let nested = nested.filter_map(|it| it["oneOf"].as_array()).flatten();
    schema["oneOf"].as_array().into_iter().flatten().chain(nested)
}

fn wrap(text: &mut String, indent: &str, words: &str) {
    let mut column = 0;
    // Backticks are for rustdoc.
    let words = words.replace('`', "");
    for word in words.split_whitespace() {
        let length = word.chars().count();
        if column == 0 || column + 1 + length > WIDTH {
            if column > 0 {
                text.push('\n');
            }
            text.push_str(indent);
            column = indent.len();
        } else {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += length;
    }
    if column > 0 {
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with all defaults as settings, and without examples.
    fn uncommented(text: &str) -> String {
        let lines = text.lines().filter(|line| !line.contains('…'));
        let lines = lines.filter(|line| !line.starts_with("#   ") && !line.starts_with("#:"));
        let lines = lines.map(|line| match line.strip_prefix("# ") {
            Some(set) if set.split(" = ").count() == 2 && !set.starts_with("With ") => set,
            _ => line,
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn is_what_a_file_without_it_says_and_so_is_what_its_comments_say() {
        let (text, plain) = (template("Ours", None), BillingFile::with_defaults("Ours"));
        assert_eq!(toml::from_str::<BillingFile>(&text).expect("it is read"), plain);
        let set = uncommented(&text);
        assert_eq!(toml::from_str::<BillingFile>(&set).expect("it is read"), plain, "{set}");
        assert!(set.contains("\ngranularity = \"second\"\n"), "{set}");
    }

    #[test]
    fn sets_the_locale_that_is_asked_for() {
        let locale = Locale::parse("de-AT").expect("a locale");
        let text = template("Ours", Some(locale));
        assert!(text.contains("\nlocale = \"de-AT\"\n") && !text.contains("# locale = "), "{text}");
        toml::from_str::<BillingFile>(&text).expect("it is read");
    }

    #[test]
    fn says_of_every_key_what_it_means() {
        let text = template("Ours", None);
        let mut above = "";
        for line in text.lines() {
            let is_key = line.trim_start_matches("# ").split(" = ").count() == 2;
            if is_key && !line.starts_with("# With") {
                assert!(above.starts_with('#') || above.starts_with('['), "{line}");
            }
            above = line;
        }
        for key in ["default_code", "consultant_number", "tax_id", "date_format"] {
            assert!(text.contains(&format!("\n# {key} = ")), "{key}");
        }
    }
}
