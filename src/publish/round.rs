//! The folder of a round: a close that is computed shard by shard. Tasks on many machines write their
//! results there, each as a folder that is renamed when it is whole. So a task may run twice at once.

use std::io;
use std::path::{Path, PathBuf};

use super::PublishError;
use super::folders::{sweep, sync_all, sync_folder};
use crate::access::FileMode;
use crate::failpoint;

/// The beginning of a round's name in the output folder.
const PREFIX: &str = ".shards-";

/// The beginning of the name of a round that one process makes under its lock. The next run removes
/// it, as it removes everything that a killed run leaves.
const OF_ONE_PROCESS: &str = ".staging-shards-";

/// The folder of a round.
#[derive(Clone, Debug)]
pub(crate) struct RoundFolder {
    path: PathBuf,
    mode: FileMode,
}

impl RoundFolder {
    /// The round of a close.
    pub(crate) fn of(output: &Path, close: &str, mode: FileMode) -> Self {
        Self { path: output.join(format!("{PREFIX}{close}")), mode }
    }

    /// The round of a close that one process makes.
    pub(crate) fn of_one_process(output: &Path, close: &str, mode: FileMode) -> Self {
        Self { path: output.join(format!("{OF_ONE_PROCESS}{close}")), mode }
    }

    /// The mode of its files.
    pub(crate) fn mode(&self) -> FileMode {
        self.mode
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The path of a task's result.
    pub(crate) fn result(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Whether the round has begun.
    pub(crate) fn is_begun(&self) -> bool {
        self.path.is_dir()
    }

    /// Whether a task has ended.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.result(name).is_dir()
    }

    /// Removes what killed runs left, this round of one process included.
    pub(crate) fn sweep(&self) -> Result<(), PublishError> {
        sweep(self.path.parent().expect("it lies in the output folder"))
    }

    /// Begins the round. `write` fills its folder, which appears whole.
    pub(crate) fn begin<E: From<PublishError>>(
        &self,
        write: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<(), E> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let parent = self.path.parent().expect("it lies in the output folder");
        let begun = parent.join(format!(".staging-begun{name}"));
        match std::fs::remove_dir_all(&begun) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(PublishError::create(&begun)(error).into());
            }
            _ => self.mode.create_folder(&begun).map_err(PublishError::create(&begun))?,
        }
        write(&begun)?;
        sync_all(&begun).map_err(PublishError::write(&begun))?;
        std::fs::rename(&begun, &self.path).map_err(PublishError::write(&self.path))?;
        sync_folder(parent).map_err(PublishError::sync(parent))?;
        Ok(())
    }

    /// A new empty folder for an attempt at a task. No other attempt has it.
    pub(crate) fn attempt(&self, name: &str) -> Result<PathBuf, PublishError> {
        for number in 1_u32.. {
            let folder = self.path.join(format!(".{name}.{number}"));
            match self.mode.create_folder(&folder) {
                Ok(()) => return Ok(folder),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(PublishError::create(&folder)(error)),
            }
        }
        unreachable!("memory ends before that many attempts");
    }

    /// Makes the folder of an attempt the result of its task, unless another attempt was faster.
    pub(crate) fn finish(&self, attempt: &Path, name: &str) -> Result<(), PublishError> {
        sync_all(attempt).map_err(PublishError::write(attempt))?;
        failpoint::point("attempt-synced");
        let result = self.result(name);
        match std::fs::rename(attempt, &result) {
            Ok(()) => {}
            Err(_) if self.has(name) => {
                // The results are equal, and the round is removed whole.
                let _ = std::fs::remove_dir_all(attempt);
            }
            Err(error) => return Err(PublishError::write(&result)(error)),
        }
        failpoint::point("attempt-finished");
        sync_folder(&self.path).map_err(PublishError::sync(&self.path))
    }

    /// Removes the round. One rename makes its folder disappear. If the run is killed after that, the
    /// next run removes the renamed folder.
    pub(crate) fn remove(&self) -> Result<(), PublishError> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let removed = self.path.with_file_name(format!(".staging-removed{name}"));
        let _ = std::fs::remove_dir_all(&removed);
        std::fs::rename(&self.path, &removed).map_err(PublishError::write(&self.path))?;
        std::fs::remove_dir_all(&removed).map_err(PublishError::write(&removed))
    }
}

/// The closes of the rounds in an output folder, by name.
pub(crate) fn rounds_in(output: &Path) -> io::Result<Vec<String>> {
    let mut rounds = Vec::new();
    for entry in std::fs::read_dir(output)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        rounds.extend(name.strip_prefix(PREFIX).map(str::to_owned));
    }
    rounds.sort();
    Ok(rounds)
}
