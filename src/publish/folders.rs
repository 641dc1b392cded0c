//! Folders: what a killed run leaves is removed, and what must survive a power cut is synced.

use std::fs::File;
use std::path::Path;

use super::PublishError;

/// The beginning of the names of everything that is removed if its run was killed.
pub(super) const PREFIX: &str = ".staging-";

/// Removes leftovers. Each is renamed before it is removed: if its run lives after all, it misses
/// its folder, and never publishes a part of it.
pub(super) fn sweep(output: &Path) -> Result<(), PublishError> {
    let swept = output.join(format!("{PREFIX}swept-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&swept);
    for entry in std::fs::read_dir(output).map_err(PublishError::create(output))? {
        let entry = entry.map_err(PublishError::create(output))?;
        let path = entry.path();
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let removed = if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            std::fs::rename(&path, &swept).and_then(|()| std::fs::remove_dir_all(&swept))
        } else {
            std::fs::remove_file(&path)
        };
        removed.map_err(PublishError::write(&path))?;
    }
    Ok(())
}

/// Syncs everything below a folder. One call for the whole file system is as safe as one per file,
/// and a close may have a million files.
#[cfg(target_os = "linux")]
pub(super) fn sync_all(folder: &Path) -> std::io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn sync_all(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { sync_all(&path)? } else { File::open(&path)?.sync_all()? }
    }
    sync_folder(folder)
}

pub(super) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}
