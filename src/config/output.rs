//! The `[output]` table: who may read what is published, and where it is witnessed.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::invalid::Invalid;
use crate::access::FileMode;
use crate::hash::bytes_of;

/// The output folder, and its witness.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct OutputSettings {
    /// Who may read what is published, as the mode of its files. Folders have the same rights. The
    /// umask takes its part away.
    pub(crate) mode: FileMode,
    /// Whether the CSV tables of a close begin with a byte order mark. Spreadsheets that open them by a
    /// double click read × and ü rightly only with it.
    pub(crate) byte_order_mark: bool,
    /// A file away from the output folder that lists the digest of each close; its path is from this
    /// folder on.
    pub(crate) witness: Option<PathBuf>,
    /// A file with the key that signs the lines of the witness: 64 hexadecimal digits that only the user
    /// of the job may read. Its path is from this folder on.
    pub(crate) signing_key: Option<PathBuf>,
    /// The public key to it, 64 hexadecimal digits.
    pub(crate) public_key: Option<String>,
}

impl OutputSettings {
    /// Checks the settings. Paths begin at the input folder.
    pub(super) fn validate(self, input: &Path) -> Result<Self, Invalid> {
        if let Some(key) = &self.public_key {
            let invalid = |rule: &str, hint: &str| Invalid {
                key: "output.public_key",
                value: key.clone(),
                rule: rule.to_owned(),
                hint: hint.to_owned(),
            };
            if bytes_of::<32>(key).is_none() {
                return Err(invalid("is no public key", "write its 64 hexadecimal digits"));
            }
            if self.signing_key.is_none() {
                let hint = "set output.signing_key as well; prorata verify takes --public-key";
                return Err(invalid("signs nothing", hint));
            }
        }
        let [witness, signing_key] =
            [self.witness, self.signing_key].map(|path| path.map(|it| input.join(it)));
        Ok(Self { witness, signing_key, ..self })
    }
}
