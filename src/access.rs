//! Who may read the files that this program creates. They hold the documents of customers.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::failpoint;

/// The mode of created files. The umask of the process takes its part away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum FileMode {
    /// Only the user that runs the job reads them.
    #[serde(rename = "0600")]
    Owner,
    /// The group of that user reads them, too. The default.
    #[default]
    #[serde(rename = "0640")]
    Group,
    /// Every user of the machine reads them.
    #[serde(rename = "0644")]
    Everybody,
}

impl FileMode {
    fn bits(self) -> u32 {
        match self {
            Self::Owner => 0o600,
            Self::Group => 0o640,
            Self::Everybody => 0o644,
        }
    }

    /// The same rights for a folder: where files may be read, folders may be entered.
    fn folder_bits(self) -> u32 {
        self.bits() | ((self.bits() & 0o444) >> 2)
    }

    /// Options that create files with this mode.
    pub(crate) fn options(self) -> OpenOptions {
        let mut options = OpenOptions::new();
        options.mode(self.bits());
        options
    }

    /// Creates a file that must not exist.
    ///
    /// # Errors
    /// It exists, or cannot be created.
    pub(crate) fn create_new(self, path: &Path) -> io::Result<File> {
        self.options().write(true).create_new(true).open(path)
    }

    /// Creates a folder that must not exist.
    ///
    /// # Errors
    /// It exists, or cannot be created.
    pub(crate) fn create_folder(self, path: &Path) -> io::Result<()> {
        DirBuilder::new().mode(self.folder_bits()).create(path)
    }

    /// Creates a folder and its parents, unless they are there. They are not synced.
    ///
    /// # Errors
    /// One of them cannot be created.
    pub(crate) fn create_folders_within(self, path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(self.folder_bits()).create(path)
    }

    /// Creates a folder and its parents, unless they are there. Their names survive a power cut.
    ///
    /// # Errors
    /// One of them cannot be created or synced.
    pub(crate) fn create_folders(self, path: &Path) -> io::Result<()> {
        if path.is_dir() {
            return Ok(());
        }
        let parent = path.parent().filter(|it| !it.as_os_str().is_empty());
        if let Some(parent) = parent {
            self.create_folders(parent)?;
        }
        match self.create_folder(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
            created => created?,
        }
        failpoint::fails("sync-parent")?;
        File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777
    }

    #[test]
    fn a_folder_may_be_entered_by_those_who_may_read_its_files() {
        let modes = [FileMode::Owner, FileMode::Group, FileMode::Everybody];
        assert_eq!(modes.map(FileMode::folder_bits), [0o700, 0o750, 0o755]);
    }

    #[test]
    fn what_is_created_has_the_mode_and_so_have_new_parents() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/output");
        FileMode::Owner.create_folders(&path).expect("they are created");
        FileMode::Owner.create_folders(&path).expect("they are there");
        FileMode::Owner.create_new(&path.join("file")).expect("it is created");
        let modes = [path.parent().expect("a parent"), &path, &path.join("file")].map(mode);
        assert_eq!(modes, [0o700, 0o700, 0o600]);
    }
}
