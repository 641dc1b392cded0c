//! All files of a folder as one sum, to find out whether any was removed, added or cut.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// The number of files, and a sum over the path and the size of each. The order does not matter,
/// and a million files take no memory.
#[derive(Debug, Default)]
pub(super) struct StagedFiles {
    files: AtomicU64,
    sum: AtomicU64,
}

impl StagedFiles {
    /// Adds a file by its path in the folder.
    pub(super) fn add(&self, path: &str, bytes: u64) {
        let mut hasher = DefaultHasher::new();
        (path, bytes).hash(&mut hasher);
        self.files.fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(hasher.finish(), Ordering::Relaxed);
    }

    /// Whether a folder has exactly these files.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn is_in(&self, folder: &Path) -> io::Result<bool> {
        let found = Self::default();
        found.add_below(folder, "")?;
        let sums = |it: &Self| (it.files.load(Ordering::Relaxed), it.sum.load(Ordering::Relaxed));
        Ok(sums(self) == sums(&found))
    }

    /// Adds the files below a folder. `before` stands before their names.
    fn add_below(&self, folder: &Path, before: &str) -> io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let path = format!("{before}{}", entry.file_name().to_string_lossy());
            let found = entry.metadata()?;
            if found.is_dir() {
                self.add_below(&entry.path(), &format!("{path}/"))?;
            } else if found.is_file() {
                self.add(&path, found.len());
            } else {
                return Err(io::Error::other("is not a file"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_removed_added_renamed_or_cut_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir(path("pdf")).expect("a folder");
        std::fs::write(path("pdf/A.pdf"), "one").expect("a file");
        std::fs::write(path("b.csv"), "three").expect("a file");
        let contents = StagedFiles::default();
        contents.add("b.csv", 5);
        contents.add("pdf/A.pdf", 3);
        let is_whole = || contents.is_in(folder.path()).expect("it is read");
        assert!(is_whole());
        std::fs::rename(path("pdf/A.pdf"), path("pdf/B.pdf")).expect("it moves");
        assert!(!is_whole());
        std::fs::rename(path("pdf/B.pdf"), path("pdf/A.pdf")).expect("it moves");
        std::fs::write(path("b.csv"), "four").expect("a file");
        assert!(!is_whole());
        std::fs::write(path("b.csv"), "three").expect("a file");
        std::fs::write(path("c.csv"), "").expect("a file");
        assert!(!is_whole());
        std::fs::remove_file(path("c.csv")).expect("it is there");
        assert!(is_whole());
        std::fs::remove_dir_all(path("pdf")).expect("it is there");
        assert!(!is_whole());
    }
}
