//! How the tables of the input folder are written: what separates fields, what stands before decimals,
//! and the encoding of the text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What separates the fields of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum Delimiter {
    /// A comma. The default.
    #[default]
    #[serde(rename = ",")]
    Comma,
    /// A semicolon, as spreadsheets write where decimals follow a comma.
    #[serde(rename = ";")]
    Semicolon,
    /// A tab.
    #[serde(rename = "\t")]
    Tab,
    /// A vertical bar.
    #[serde(rename = "|")]
    Pipe,
}

impl Delimiter {
    pub(crate) const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Pipe];

    pub(crate) const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }

    /// Its name in messages.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
            Self::Tab => "tab",
            Self::Pipe => "vertical bar",
        }
    }

    /// The setting, as billing.toml writes it.
    pub(crate) const fn setting(self) -> &'static str {
        match self {
            Self::Comma => r#"delimiter = ",""#,
            Self::Semicolon => r#"delimiter = ";""#,
            Self::Tab => r#"delimiter = "\t""#,
            Self::Pipe => r#"delimiter = "|""#,
        }
    }
}

/// What stands before the decimals of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum DecimalMark {
    /// A point: 20.00. The default.
    #[default]
    #[serde(rename = ".")]
    Point,
    /// A comma: 20,00.
    #[serde(rename = ",")]
    Comma,
}

/// The encoding of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum TextEncoding {
    /// Unicode, as nearly all programs write it. The default.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// Western European, as Windows programs write it.
    #[serde(rename = "windows-1252")]
    Windows1252,
    /// Western European without the euro sign: Latin-1.
    #[serde(rename = "iso-8859-1")]
    Iso8859_1,
    /// Western European with the euro sign: Latin-9.
    #[serde(rename = "iso-8859-15")]
    Iso8859_15,
    /// Unicode text of Windows programs, with its byte order mark.
    #[serde(rename = "utf-16")]
    Utf16,
}

impl TextEncoding {
    /// Its name, as billing.toml writes it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Windows1252 => "windows-1252",
            Self::Iso8859_1 => "iso-8859-1",
            Self::Iso8859_15 => "iso-8859-15",
            Self::Utf16 => "utf-16",
        }
    }
}

/// How one table is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) delimiter: Delimiter,
    pub(crate) decimal: DecimalMark,
    pub(crate) encoding: TextEncoding,
}

/// How one table is written, where it differs from the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct OwnDialect {
    /// What separates its fields.
    delimiter: Option<Delimiter>,
    /// What stands before its decimals.
    decimal: Option<DecimalMark>,
    /// The encoding of its text.
    encoding: Option<TextEncoding>,
}

impl OwnDialect {
    /// The dialect of a table, given that of the others.
    pub(super) fn or(self, others: Dialect) -> Dialect {
        Dialect {
            delimiter: self.delimiter.unwrap_or(others.delimiter),
            decimal: self.decimal.unwrap_or(others.decimal),
            encoding: self.encoding.unwrap_or(others.encoding),
        }
    }
}

/// The remedy that sets a key for a table.
pub(crate) fn set_for(table: &str, setting: &str) -> String {
    format!(
        "write {setting} under [input.files.{table}] in billing.toml, or under [input] for all tables"
    )
}
