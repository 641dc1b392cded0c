//! Explains why `billing.toml` cannot be read, with line and remedy.

use super::file::BillingFile;
use crate::problem::nearest;

/// Text that is no TOML, or TOML with unknown keys or wrong types.
pub(crate) struct Malformed {
    /// The line, if the problem has one.
    pub(crate) line: Option<usize>,
    pub(crate) message: String,
    pub(crate) hint: String,
}

/// Reads the bytes of the file.
pub(crate) fn parse(bytes: &[u8]) -> Result<BillingFile, Malformed> {
    let text = std::str::from_utf8(bytes).map_err(|error| Malformed {
        line: Some(line_of(bytes, error.valid_up_to())),
        message: "is not UTF-8".to_owned(),
        hint: "save the file as UTF-8".to_owned(),
    })?;
    toml::from_str(text).map_err(|error: toml::de::Error| {
        let line = line_of(bytes, error.span().map_or(0, |span| span.start));
        let written = text.lines().nth(line - 1).unwrap_or_default().trim();
        let (message, hint) = translate(error.message(), written);
        // A missing key has no line.
        let line = (!error.message().starts_with(MISSING)).then_some(line);
        Malformed { line, message, hint }
    })
}

fn line_of(bytes: &[u8], offset: usize) -> usize {
    1 + bytes.iter().take(offset).filter(|byte| **byte == b'\n').count()
}

const MISSING: &str = "missing field";

/// Translates a message of the TOML reader, and adds the remedy. The reader puts names in
/// backticks: first the name in the file, then the known names.
fn translate(message: &str, written: &str) -> (String, String) {
    let key = written.split('=').next().unwrap_or_default().trim();
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if message.starts_with(MISSING) {
        let hint = "an invoice names who sends it: write name = \"…\" under [seller]";
        return ("seller.name is missing".to_owned(), hint.to_owned());
    }
    if let (true, [met, known @ ..]) = (message.starts_with("unknown field"), names.as_slice()) {
        return (format!("{met:?} is not a key known here"), choice("keys", met, known));
    }
    if let (true, [met, known @ ..]) = (message.starts_with("unknown variant"), names.as_slice()) {
        return (format!("{key} {met:?} is not a word known here"), choice("words", met, known));
    }
    if let Some((found, expected)) = message.split_once(", expected ")
        && (found.starts_with("invalid type") || found.starts_with("invalid value"))
    {
        let found = found.trim_end_matches(" as i128");
        return (format!("{key} has an {found}"), form(expected).to_owned());
    }
    if message.starts_with("data did not match any variant") {
        let hint =
            "write the name in quotes, or a table of rates: { \"19\" = \"…\", \"7\" = \"…\" }";
        return (format!("{key} is neither a name nor a table of names by rate"), hint.to_owned());
    }
    if message.starts_with("duplicate") {
        return (format!("{key} is given twice"), "keep one of the two".to_owned());
    }
    let message = message.lines().collect::<Vec<_>>().join(", ");
    let hint = "write key = \"value\", text in double quotes; [table] has a line of its own";
    (format!("{written:?} is not TOML: {message}"), hint.to_owned())
}

fn choice(what: &str, met: &str, known: &[&str]) -> String {
    // Words that are no letters are legible only in quotes.
    let is_word = |word: &&str| word.contains(char::is_alphanumeric);
    let list = if known.iter().all(is_word) {
        known.join(", ")
    } else {
        known.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ")
    };
    match nearest(met, known.iter().copied()) {
        Some(similar) => format!("write {similar} if that is meant; the {what} are {list}"),
        None => format!("the {what} are {list}"),
    }
}

/// The notation of a value of the expected type.
fn form(expected: &str) -> &'static str {
    match expected {
        "u32" | "u64" => "write a whole number, 0 or more, without quotes",
        "a boolean" => "write true or false, without quotes",
        "a map" => "write a table: its name in brackets on a line, key = \"value\" lines below",
        "a sequence" => "write a list in brackets: [\"one\", \"two\"]",
        _ => "write text in double quotes",
    }
}
