//! Log lines for programs: JSON objects with `time`, `level`, `stage`, `message` and `fields`.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, SecondsFormat};
use log::Record;
use log::kv::{Error, Key, Value as Given, VisitSource};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::problem::Problem;
use crate::value::visible_json;

/// One part of an error.
#[derive(Debug)]
pub(crate) enum Complaint<'a> {
    /// A problem of the input.
    Problem(&'a Problem),
    /// Any other error, with its remedy.
    Other {
        /// The message.
        message: String,
        /// The remedy.
        hint: Option<String>,
        /// The close that is published nevertheless.
        published: Option<String>,
    },
}

impl Complaint<'_> {
    /// An error outside the input.
    pub(crate) fn new(message: impl Into<String>, hint: Option<String>) -> Self {
        Self::Other { message: message.into(), hint, published: None }
    }

    /// The same error, after a close was published.
    pub(crate) fn after_publishing(mut self, close: String) -> Self {
        if let Self::Other { published, .. } = &mut self {
            *published = Some(close);
        }
        self
    }

    /// Its JSON line.
    pub(super) fn line(&self, stage: &str) -> String {
        match self {
            Self::Problem(problem) => {
                let fields = json!({
                    "file": problem.file,
                    "line": problem.line,
                    "column": problem.column,
                    "value": problem.value,
                    "rule": problem.rule,
                    "hint": problem.hint,
                });
                object("error", stage, &problem.message(), &fields)
            }
            Self::Other { message, hint, published } => {
                let given = [("hint", hint), ("published", published)].into_iter();
                let given = given.filter_map(|(key, text)| Some((key, text.as_ref()?)));
                let fields = given.map(|(key, text)| (key.to_owned(), json!(text))).collect();
                object("error", stage, message, &Value::Object(fields))
            }
        }
    }
}

impl fmt::Display for Complaint<'_> {
    /// Formats it for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem(problem) => problem.fmt(f),
            Self::Other { message, hint: None, .. } => write!(f, "error: {message}"),
            Self::Other { message, hint: Some(hint), .. } => {
                write!(f, "error: {message}\nhint: {hint}")
            }
        }
    }
}

/// The last line of a failed run.
pub(crate) fn ending(stage: &str, exit_code: u8) -> String {
    let message = format!("ended with exit code {exit_code}");
    object("error", stage, &message, &json!({ "exit_code": exit_code }))
}

/// The line of a log record.
pub(crate) fn record(stage: &str, record: &Record<'_>) -> String {
    let mut fields = Fields(Map::new());
    // The visitor never fails.
    let _ = record.key_values().visit(&mut fields);
    let message = record.args().to_string();
    object(&record.level().as_str().to_lowercase(), stage, &message, &Value::Object(fields.0))
}

fn object(level: &str, stage: &str, message: &str, fields: &Value) -> String {
    let line = JsonLine { time: now(), level, stage, message, fields };
    let json = serde_json::to_string(&line).expect("it is texts, numbers and a map with text keys");
    visible_json(&json).into_owned()
}

/// A line, with its keys in the most readable order.
#[derive(Serialize)]
struct JsonLine<'a> {
    time: String,
    level: &'a str,
    stage: &'a str,
    message: &'a str,
    fields: &'a Value,
}

/// The time, in UTC.
fn now() -> String {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(elapsed.as_secs()).unwrap_or_default();
    DateTime::from_timestamp(seconds, elapsed.subsec_nanos())
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Millis, true)
}

struct Fields(Map<String, Value>);

impl<'kvs> VisitSource<'kvs> for Fields {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Given<'kvs>) -> Result<(), Error> {
        let given = (value.to_u64(), value.to_f64());
        let value = match given {
            (Some(number), _) => json!(number),
            (None, Some(number)) => json!(number),
            (None, None) => json!(value.to_string()),
        };
        self.0.insert(key.as_str().to_owned(), value);
        Ok(())
    }
}
