//! Allows only one run at a time in an output folder. The lock belongs to the open file, so the
//! system frees it whenever the process ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use super::PublishError;

/// The lock file's name in the output folder.
const FILE: &str = ".lock";

/// How long to sleep between attempts to lock.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// This value holds the lock on the output folder.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Locks the output folder, creating it if needed, and writes this process into the lock file.
    /// If another run holds the lock, waits for at most `wait`; calls `waiting` once before with
    /// that run's name.
    ///
    /// # Errors
    /// [`PublishError::Locked`] names the run that holds the lock. Otherwise the folder cannot be
    /// written.
    pub(crate) fn take(
        output: &Path,
        wait: Duration,
        waiting: impl FnOnce(&str),
    ) -> Result<Self, PublishError> {
        std::fs::create_dir_all(output).map_err(PublishError::create(output))?;
        let path = output.join(FILE);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(PublishError::create(&path))?;
        if !try_lock(&file, &path)? {
            let holder = holder(&mut file);
            if !wait.is_zero() {
                waiting(&holder);
            }
            let until = Instant::now() + wait;
            while !try_lock(&file, &path)? {
                if Instant::now() >= until {
                    return Err(PublishError::Locked { path, holder });
                }
                std::thread::sleep(LOOK_AGAIN);
            }
        }
        let holder = format!("process {}", std::process::id());
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(holder.as_bytes()))
            .map_err(PublishError::write(&path))?;
        Ok(Self { _file: file })
    }
}

fn try_lock(file: &File, path: &Path) -> Result<bool, PublishError> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(source)) => {
            Err(PublishError::Create { path: path.to_owned(), source })
        }
    }
}

/// The holder's text in the lock file.
fn holder(file: &mut File) -> String {
    let mut holder = String::new();
    let _ = file.read_to_string(&mut holder);
    if holder.is_empty() { "another run".to_owned() } else { holder }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(folder: &Path, wait: u64) -> Result<Lock, PublishError> {
        Lock::take(folder, Duration::from_millis(wait), |_| ())
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
}
