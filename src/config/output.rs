//! The `[output]` table: who may read what is published.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::FileMode;

/// The output folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct OutputSettings {
    /// Who may read what is published, as the mode of its files. Folders have the same rights. The
    /// umask takes its part away.
    pub(crate) mode: FileMode,
}
