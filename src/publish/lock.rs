//! Allows only one run at a time in an output folder. The locks belong to open files, so the
//! system frees them whenever the process ends.
//!
//! A run locks the lock file and the folder itself. Somebody may remove the lock file, and another
//! run may lock a new one; the folder's own lock stays. Some file systems cannot lock folders. So
//! before a close is published, [`Lock::check`] compares both with what is in place then.

use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::PublishError;
use crate::access::FileMode;
use crate::failpoint;

/// The lock file's name in the output folder.
const FILE: &str = ".lock";

/// How long to sleep between attempts to lock.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The holder, if the lock file does not name it.
const ANOTHER_RUN: &str = "another run";

/// This value holds the lock on the output folder.
#[derive(Debug)]
pub(crate) struct Lock {
    path: PathBuf,
    file: File,
    output: PathBuf,
    folder: File,
}

/// The result of one attempt to lock.
enum Attempt {
    Held(Lock),
    HeldBy(String),
}

impl Lock {
    /// Locks the output folder, creating it if needed, and writes this process into the lock file.
    /// If another run holds the lock, waits for at most `wait`; calls `waiting` once before with
    /// that run's name.
    ///
    /// # Errors
    /// [`PublishError::Locked`] names the run that holds the lock. [`PublishError::NoLocks`]: the
    /// file system has no locks. Otherwise the folder cannot be written.
    pub(crate) fn take(
        output: &Path,
        mode: FileMode,
        wait: Duration,
        waiting: impl FnOnce(&str),
    ) -> Result<Self, PublishError> {
        mode.create_folders(output).map_err(PublishError::create(output))?;
        let mut waiting = Some(waiting).filter(|_| !wait.is_zero());
        let until = Instant::now() + wait;
        loop {
            let holder = match Self::attempt(output, mode)? {
                Attempt::Held(lock) => return Ok(lock),
                Attempt::HeldBy(holder) => holder,
            };
            if let Some(waiting) = waiting.take() {
                waiting(&holder);
            }
            if Instant::now() >= until {
                return Err(PublishError::Locked { path: output.join(FILE), holder });
            }
            std::thread::sleep(LOOK_AGAIN);
        }
    }

    fn attempt(output: &Path, mode: FileMode) -> Result<Attempt, PublishError> {
        let path = output.join(FILE);
        let mut file = open(&path, mode).map_err(PublishError::create(&path))?;
        if !try_lock(&file, &path)? {
            return Ok(Attempt::HeldBy(holder(&mut file)));
        }
        let is_exclusive = excludes(&path)?;
        let folder = File::open(output).map_err(PublishError::create(output))?;
        let lock = Self { path, file, output: output.to_owned(), folder };
        // Somebody may have removed the file after it was opened.
        if lock.check().is_err() {
            return Ok(Attempt::HeldBy(ANOTHER_RUN.to_owned()));
        }
        if !is_exclusive {
            return Err(PublishError::NoLocks { path: lock.path.clone(), source: None });
        }
        // Some file systems cannot lock folders. The checks before publishing do without.
        let locked = failpoint::fails("lock-folder").map_err(TryLockError::Error);
        if matches!(locked.and_then(|()| lock.folder.try_lock()), Err(TryLockError::WouldBlock)) {
            return Ok(Attempt::HeldBy(ANOTHER_RUN.to_owned()));
        }
        lock.sign()?;
        Ok(Attempt::Held(lock))
    }

    /// Writes this process into the lock file.
    fn sign(&self) -> Result<(), PublishError> {
        let (mut file, holder) = (&self.file, format!("process {}", std::process::id()));
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(holder.as_bytes()))
            .map_err(PublishError::write(&self.path))
    }

    /// The output folder.
    pub(crate) fn output(&self) -> &Path {
        &self.output
    }

    /// Checks that the locked file and folder are still those in place.
    ///
    /// # Errors
    /// [`PublishError::LockLost`]: another run may hold the folder by now.
    pub(crate) fn check(&self) -> Result<(), PublishError> {
        if is_in_place(&self.file, &self.path) && is_in_place(&self.folder, &self.output) {
            return Ok(());
        }
        Err(PublishError::LockLost { path: self.path.clone() })
    }
}

impl Drop for Lock {
    /// Unlocks at once. Closing would not do while a process that another thread begins has copies.
    fn drop(&mut self) {
        let _ = self.folder.unlock();
        let _ = self.file.unlock();
    }
}

/// Whether a path still leads to an open file or folder.
pub(super) fn is_in_place(open: &File, path: &Path) -> bool {
    let identity = |it: std::fs::Metadata| (it.dev(), it.ino());
    let (open, there) = (open.metadata().map(identity), std::fs::metadata(path).map(identity));
    matches!((open, there), (Ok(open), Ok(there)) if open == there)
}

fn open(path: &Path, mode: FileMode) -> io::Result<File> {
    mode.options().read(true).write(true).create(true).truncate(false).open(path)
}

/// Whether the lock held on a file keeps others out. Some file systems grant every lock.
fn excludes(path: &Path) -> Result<bool, PublishError> {
    let other = match File::open(path) {
        Ok(other) => other,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(PublishError::create(path)(error)),
    };
    Ok(!try_lock(&other, path)?)
}

fn try_lock(file: &File, path: &Path) -> Result<bool, PublishError> {
    let locked = failpoint::fails("lock").map_err(TryLockError::Error);
    match locked.and_then(|()| file.try_lock()) {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(source)) => {
            Err(PublishError::NoLocks { path: path.to_owned(), source: Some(source) })
        }
    }
}

/// The holder's text in the lock file.
fn holder(file: &mut File) -> String {
    let mut holder = String::new();
    let _ = file.read_to_string(&mut holder);
    if holder.is_empty() { ANOTHER_RUN.to_owned() } else { holder }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(folder: &Path, wait: u64) -> Result<Lock, PublishError> {
        Lock::take(folder, FileMode::Group, Duration::from_millis(wait), |_| ())
    }

    #[test]
    fn a_second_run_is_told_who_is_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let held = take(folder.path(), 0).expect("free");
        let message = take(folder.path(), 0).expect_err("held").to_string();
        assert!(message.contains(&format!("process {}", std::process::id())), "{message}");
        drop(held);
        take(folder.path(), 0).expect("free again");
    }

    #[test]
    fn a_run_that_waits_has_it_once_the_other_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        let held = take(folder.path(), 0).expect("free");
        take(folder.path(), 60).expect_err("held for longer than that");
        let path = folder.path().to_owned();
        let waiting = std::thread::spawn(move || take(&path, 60_000).map(|_| ()));
        drop(held);
        waiting.join().expect("no panic").expect("free before the minute is over");
    }

    /// A process that another thread begins has copies of all files for an instant.
    #[test]
    fn a_copy_of_the_files_does_not_keep_the_lock() {
        let folder = tempfile::tempdir().expect("a folder");
        let held = take(folder.path(), 0).expect("free");
        let _copies = [held.file.try_clone(), held.folder.try_clone()];
        drop(held);
        take(folder.path(), 0).expect("free again");
    }

    #[test]
    fn a_lock_file_that_was_removed_keeps_others_out_and_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let held = take(folder.path(), 0).expect("free");
        held.check().expect("in place");
        std::fs::remove_file(folder.path().join(FILE)).expect("it is there");
        assert!(matches!(held.check(), Err(PublishError::LockLost { .. })));
        assert!(matches!(take(folder.path(), 0), Err(PublishError::Locked { .. })));
        // The other run has made a lock file of its own.
        assert!(matches!(held.check(), Err(PublishError::LockLost { .. })));
    }

    #[test]
    fn a_folder_that_was_replaced_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let (output, aside) = (folder.path().join("output"), folder.path().join("aside"));
        let held = take(&output, 0).expect("free");
        std::fs::rename(&output, &aside).expect("it moves");
        std::fs::create_dir(&output).expect("a folder");
        std::fs::hard_link(aside.join(FILE), output.join(FILE)).expect("a link");
        assert!(matches!(held.check(), Err(PublishError::LockLost { .. })));
    }

    #[test]
    fn a_lock_that_keeps_nobody_out_is_told_from_one_that_does() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE);
        let file = open(&path, FileMode::Group).expect("a file");
        // Without a lock it is as on a file system that grants every lock.
        assert!(!excludes(&path).expect("it is tried"));
        file.lock().expect("nobody else has it");
        assert!(excludes(&path).expect("it is tried"));
    }
}
