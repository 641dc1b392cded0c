//! One run at a time in an output folder. The lock belongs to the open file: the system frees it
//! when the process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

use super::PublishError;

/// The lock file's name in the output folder.
const FILE: &str = ".lock";

/// Holds an output folder until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the output folder, which is created if need be, and leaves word of who has it.
    ///
    /// # Errors
    /// [`PublishError::Locked`] names the run that holds it; or the folder cannot be written.
    pub fn take(output: &Path) -> Result<Self, PublishError> {
        std::fs::create_dir_all(output).map_err(PublishError::create(output))?;
        let path = output.join(FILE);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(PublishError::create(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                let holder = if holder.is_empty() { "another run".into() } else { holder };
                return Err(PublishError::Locked { path, holder });
            }
            Err(TryLockError::Error(source)) => return Err(PublishError::Create { path, source }),
        }
        let holder = format!("process {}", std::process::id());
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(holder.as_bytes()))
            .map_err(PublishError::write(&path))?;
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_is_told_who_is_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let held = Lock::take(folder.path()).expect("free");
        let message = Lock::take(folder.path()).expect_err("held").to_string();
        assert!(message.contains(&format!("process {}", std::process::id())), "{message}");
        drop(held);
        Lock::take(folder.path()).expect("free again");
    }
}
