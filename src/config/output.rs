//! The `[output]` table: who may read what is published, and where it is witnessed.

use std::path::{Path, PathBuf};

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
    /// A file away from the output folder that lists the digest of each close; its path is from this
    /// folder on.
    pub(crate) witness: Option<PathBuf>,
}

impl OutputSettings {
    /// The settings with paths that begin at the input folder.
    pub(crate) fn located(self, input: &Path) -> Self {
        Self { witness: self.witness.map(|it| input.join(it)), ..self }
    }
}
