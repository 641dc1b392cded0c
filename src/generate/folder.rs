//! The folder that is to hold a company: nothing in it is overwritten, and nothing is left in it
//! that was not finished.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::{GenerateError, Scripts};
use crate::config;
use crate::input::FILES;
use crate::stop::{self, HeldSignal};

/// A folder without an input, as yet.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Files to remove again should this end early.
    created: Mutex<Vec<PathBuf>>,
    _held: HeldSignal,
}

impl Folder {
    /// Makes sure that a folder is there and holds no file that belongs to an input, under
    /// whatever extension.
    pub fn claim(path: &Path) -> Result<Self, GenerateError> {
        let create = |source| GenerateError::Create { path: path.to_owned(), source };
        fs::create_dir_all(path).map_err(create)?;
        for entry in fs::read_dir(path).map_err(create)? {
            let name = entry.map_err(create)?.file_name();
            if is_taken(&name.to_string_lossy()) {
                return Err(GenerateError::Exists { path: path.join(name) });
            }
        }
        Ok(Self { path: path.to_owned(), created: Mutex::default(), _held: stop::hold() })
    }

    /// Creates a file that must not be there.
    pub fn create(&self, name: &str) -> Result<File, GenerateError> {
        let path = self.path.join(name);
        let file = File::create_new(&path)
            .map_err(|source| GenerateError::Create { path: path.clone(), source })?;
        self.created.lock().unwrap_or_else(PoisonError::into_inner).push(path);
        Ok(file)
    }

    /// Creates a file with its content.
    pub fn write(&self, name: &str, content: &str) -> Result<(), GenerateError> {
        let mut file = self.create(name)?;
        file.write_all(content.as_bytes()).map_err(self.write_error(name))
    }

    /// Says that a file could not be written.
    pub fn write_error(&self, name: &str) -> impl FnOnce(io::Error) -> GenerateError {
        let path = self.path.join(name);
        move |source| GenerateError::Write { path, source }
    }

    /// The company is complete: its files stay.
    pub fn keep(self) {
        self.created.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        for path in self.created.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            // Where this fails as well, the error that is under way says enough.
            let _ = fs::remove_file(path);
        }
    }
}

/// Whether a file would be read as part of the input, or its list of closes.
fn is_taken(name: &str) -> bool {
    let stems = FILES.iter().map(|file| file.trim_end_matches("csv"));
    let mut stems = stems.chain([config::FILE_NAME, "balances.", "closes.txt"]);
    stems.any(|stem| name.starts_with(stem))
}

/// A company that makes a PDF for each of more accounts than this is busy with files alone.
const MOST_WITH_RECEIPTS: u64 = 10_000;

/// `billing.toml` of a company of some size.
pub fn settings(accounts: u64, scripts: Scripts) -> String {
    let packing = if accounts > MOST_WITH_RECEIPTS {
        "# With so many accounts the receipts would be most of the work; files brings them back.\n\
         packing = \"none\"\n"
    } else {
        "packing = \"files\"\n"
    };
    let marks = match scripts {
        Scripts::Bundled => "",
        Scripts::All => {
            "# Names in scripts without a bundled font are printed as marks.\n\
             missing_characters = \"mark\"\n"
        }
    };
    format!("{SETTINGS}{packing}{marks}")
}

const SETTINGS: &str = "\
# An invented company, written by prorata generate.
timezone = \"UTC\"

[seller]
name = \"Kumu & Kumospace (invented)\"
address_line1 = \"Invalidenstraße 44\"
city = \"Berlin\"
postal_code = \"10115\"
country = \"Germany\"
tax_id = \"DE000000000\"
email = \"billing@example.com\"
web = \"example.com\"

[invoice]
number_format = \"INV-{year}-{seq:07}\"
payment_terms_days = 14

[tax]
default_code = \"standard\"

[pdf]
";
