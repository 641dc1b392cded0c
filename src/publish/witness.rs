//! A witness file: a list of the digests of all closes, kept away from the register.
//!
//! A user who can write the output folder can write a chain of closes that agrees with itself. The
//! witness shows which chain was published. The program only appends to the file, so
//! the file may be one that nobody can write otherwise. A line that a killed run left incomplete
//! is completed: the same close always has the same line, with its signature if there is a key.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::PublishError;
use super::signature::{KeyError, PublicKey, WitnessKey};
use crate::access::FileMode;
use crate::failpoint;
use crate::register::{Close, Register};

/// The first line of the file.
const HEADER: &str = "# prorata witness 1: SHA-256 of manifest.json of each close, oldest first\n";

/// A file of a million closes is smaller.
const MOST_BYTES: u64 = 1 << 28;

/// The digits of a SHA-256 and of a signature.
const DIGEST_DIGITS: usize = 64;
const SIGNATURE_DIGITS: usize = 128;

/// Why a witness does not allow a close, or does not confirm a register.
#[derive(Debug, Error)]
pub(crate) enum WitnessError {
    /// The file cannot be read or created.
    #[error("{}: {source}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// There is no witness, and the register has closes.
    #[error(
        "{} is missing or empty, and the register has {closes} close{}", path.display(),
        if *closes == 1 { "" } else { "s" }
    )]
    Missing {
        /// The file.
        path: PathBuf,
        /// How many closes the register has.
        closes: usize,
    },
    /// `--witness-begin` without a file.
    #[error("--witness-begin names no witness file")]
    NotNamed,
    /// The file lies in the output folder.
    #[error("{} lies in the output folder, so it witnesses nothing", path.display())]
    Within {
        /// The file.
        path: PathBuf,
    },
    /// A line that prorata did not write.
    #[error("{}:{line}: is no line of a witness", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// The key that signs cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A line that the key has not signed.
    #[error(
        "{}:{line}: {}", path.display(),
        if *is_signed { "is signed by another key, or was changed" } else { "is not signed" }
    )]
    Forged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// Whether it has any signature.
        is_signed: bool,
    },
    /// The register has no close with a digest.
    #[error("no close in {} has the digest {head}", output.display())]
    UnknownHead {
        /// The output folder.
        output: PathBuf,
        /// The digest.
        head: String,
    },
    /// More closes are not witnessed than a killed run leaves out.
    #[error("{} does not have {closes} closes of the register; the first is {first}", path.display())]
    Behind {
        /// The file.
        path: PathBuf,
        /// How many closes it lacks.
        closes: usize,
        /// The first of them.
        first: String,
    },
    /// The register lacks a witnessed close.
    #[error(
        "{}:{line}: close {close} is witnessed, and the register {}", path.display(),
        if *is_another { "has another one of that name" } else { "does not have it" }
    )]
    Denied {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The witnessed close.
        close: String,
        /// Whether the register has a close of that name with another manifest.
        is_another: bool,
    },
}

impl WitnessError {
    /// The remedy.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Unusable { .. } => {
                "let the user that runs the job write there; nothing was published"
            }
            Self::Missing { .. } => {
                "restore it from where it is kept; if there never was one, add --witness-begin once"
            }
            Self::NotNamed => "name it with --witness, or with output.witness in billing.toml",
            Self::Within { .. } => {
                "name a file elsewhere, where whoever can write the closes cannot write"
            }
            Self::Key(error) => error.hint(),
            Self::Forged { .. } => {
                "restore the witness from where it is kept; a new key needs a new witness, with \
                 --witness-begin"
            }
            Self::Malformed { .. } => "restore the witness from where it is kept",
            Self::Behind { .. } => {
                "if those runs did not name the witness, run prorata close with it: it checks them \
                 and appends them; otherwise find out who published them"
            }
            Self::UnknownHead { .. } | Self::Denied { .. } => {
                "the register was rolled back or replaced: restore it from a backup that has this \
                 close, or find out whose witness or digest this is"
            }
        }
    }
}

/// A witnessed close.
#[derive(Clone, Debug, PartialEq, Eq)]
struct WitnessedClose {
    line: usize,
    close: String,
    digest: String,
    signature: Option<String>,
}

impl WitnessedClose {
    fn parse(text: &str, line: usize) -> Option<Self> {
        let mut parts = text.split("  ");
        let (digest, close, signature) = (parts.next()?, parts.next()?, parts.next());
        let is_whole = is_hexadecimal(digest, DIGEST_DIGITS)
            && !close.is_empty()
            && !close.contains(' ')
            && signature.is_none_or(|it| is_hexadecimal(it, SIGNATURE_DIGITS))
            && parts.next().is_none();
        is_whole.then(|| Self {
            line,
            close: close.to_owned(),
            digest: digest.to_owned(),
            signature: signature.map(str::to_owned),
        })
    }
}

/// The content of a witness file.
#[derive(Debug)]
pub(crate) struct WitnessList {
    path: PathBuf,
    closes: Vec<WitnessedClose>,
    /// Whether the first line is there.
    has_header: bool,
    /// An incomplete line at the end.
    torn: String,
}

impl WitnessList {
    /// Reads a witness file.
    ///
    /// # Errors
    /// It cannot be read, or is no witness.
    pub(crate) fn read(path: &Path) -> Result<Self, WitnessError> {
        let unusable = |source| WitnessError::Unusable { path: path.to_owned(), source };
        // A pipe or a device would never end.
        if !std::fs::metadata(path).map_err(unusable)?.is_file() {
            return Err(unusable(io::Error::other("is not a file")));
        }
        let (mut text, file) = (String::new(), File::open(path).map_err(unusable)?);
        file.take(MOST_BYTES + 1).read_to_string(&mut text).map_err(unusable)?;
        if text.len() as u64 > MOST_BYTES {
            return Err(unusable(io::ErrorKind::FileTooLarge.into()));
        }
        Self::parse(path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, WitnessError> {
        let (whole, torn) = text.split_at(text.rfind('\n').map_or(0, |end| end + 1));
        let malformed = |line| WitnessError::Malformed { path: path.to_owned(), line };
        let has_header = whole.starts_with(HEADER);
        if !has_header && !whole.is_empty() {
            return Err(malformed(1));
        }
        let closes =
            whole.lines().zip(1..).skip(1).map(|(text, line)| {
                WitnessedClose::parse(text, line).ok_or_else(|| malformed(line))
            });
        let closes = closes.collect::<Result<Vec<_>, _>>()?;
        Ok(Self { path: path.to_owned(), closes, has_header, torn: torn.to_owned() })
    }

    /// How many closes are witnessed.
    pub(crate) fn count(&self) -> usize {
        self.closes.len()
    }

    /// Whether some lines are signed.
    pub(crate) fn is_signed(&self) -> bool {
        self.closes.iter().any(|it| it.signature.is_some())
    }

    /// Checks the signatures. Lines from before there was a key have none.
    ///
    /// # Errors
    /// [`WitnessError::Forged`] names a line with another signature, or one without after a signed
    /// one.
    pub(crate) fn check_signatures(&self, key: &PublicKey) -> Result<(), WitnessError> {
        let unsigned = self.closes.iter().take_while(|it| it.signature.is_none()).count();
        for WitnessedClose { line, close, digest, signature } in &self.closes[unsigned..] {
            let is_right = signature
                .as_ref()
                .is_some_and(|signature| key.has_signed(&content_of(close, digest), signature));
            if !is_right {
                let (path, is_signed) = (self.path.clone(), signature.is_some());
                return Err(WitnessError::Forged { path, line: *line, is_signed });
            }
        }
        Ok(())
    }

    /// Checks that the newest line is signed as well: it stands for all before it.
    ///
    /// # Errors
    /// See [`Self::check_signatures`].
    pub(crate) fn check_all_signed(&self, key: &PublicKey) -> Result<(), WitnessError> {
        if let Some(last) = self.closes.last().filter(|it| it.signature.is_none()) {
            let (path, line) = (self.path.clone(), last.line);
            return Err(WitnessError::Forged { path, line, is_signed: false });
        }
        self.check_signatures(key)
    }

    /// Whether a register has every witnessed close, in order. Returns the closes after the last
    /// one.
    ///
    /// # Errors
    /// [`WitnessError::Denied`] names the first close that the register lacks.
    pub(crate) fn confirm<'r>(
        &self,
        register: &'r Register,
        key: Option<&WitnessKey>,
    ) -> Result<&'r [Close], WitnessError> {
        let mut rest = &register.closes[..];
        for WitnessedClose { line, close, digest, .. } in &self.closes {
            let place = rest
                .iter()
                .position(|it| (&it.manifest.close, &it.manifest_sha256) == (close, digest));
            let Some(place) = place else {
                let is_another = register.closes.iter().any(|it| it.manifest.close == *close);
                let (path, line) = (self.path.clone(), *line);
                return Err(WitnessError::Denied { path, line, close: close.clone(), is_another });
            };
            rest = &rest[place + 1..];
        }
        let next = match rest.first() {
            _ if !self.has_header => HEADER.to_owned(),
            Some(close) => line_of(&close.manifest.close, &close.manifest_sha256, key),
            None => String::new(),
        };
        // Without the key nobody can know the signature.
        let is_begun = next.starts_with(&self.torn)
            || key.is_none() && self.torn.starts_with(next.trim_end()) && !next.is_empty();
        if !is_begun {
            let line = self.closes.last().map_or(2, |it| it.line + 1);
            return Err(WitnessError::Malformed { path: self.path.clone(), line });
        }
        Ok(rest)
    }
}

/// A witness file that this run appends to.
#[derive(Debug)]
pub(crate) struct Witness {
    path: PathBuf,
    file: File,
    /// An incomplete line at the end.
    torn: String,
    key: Option<WitnessKey>,
}

impl Witness {
    /// Opens the witness of a register, and returns the closes that it lacks. With `begin`, a file
    /// that is missing or empty is begun. A register without closes begins its witness by itself.
    ///
    /// # Errors
    /// The register is not the witnessed one, or the file cannot be written.
    pub(crate) fn open<'r>(
        path: &Path,
        begin: bool,
        register: &'r Register,
        mode: FileMode,
        keys: Option<(WitnessKey, PublicKey)>,
    ) -> Result<(Self, &'r [Close]), WitnessError> {
        let unusable = |source| WitnessError::Unusable { path: path.to_owned(), source };
        let is_begun =
            std::fs::metadata(path).is_ok_and(|found| !found.is_file() || found.len() > 0);
        if !is_begun && !begin && !register.closes.is_empty() {
            let closes = register.closes.len();
            return Err(WitnessError::Missing { path: path.to_owned(), closes });
        }
        if !path.exists() {
            mode.create_new(path).map_err(unusable)?;
            let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
            let folder = File::open(folder.unwrap_or(Path::new("."))).map_err(unusable)?;
            folder.sync_all().map_err(unusable)?;
        }
        let list = WitnessList::read(path)?;
        if let Some((_, public)) = &keys {
            list.check_signatures(public)?;
        }
        let key = keys.map(|(key, _)| key);
        let missing = list.confirm(register, key.as_ref())?;
        let file = std::fs::OpenOptions::new().append(true).open(path).map_err(unusable)?;
        let mut witness = Self { path: path.to_owned(), file, torn: list.torn, key };
        if !list.has_header {
            witness.put(HEADER).map_err(unusable)?;
        }
        Ok((witness, missing))
    }

    /// Appends a close, and syncs the file.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn append(&mut self, close: &str, digest: &str) -> Result<(), PublishError> {
        let line = line_of(close, digest, self.key.as_ref());
        self.put(&line).map_err(PublishError::write(&self.path))
    }

    fn put(&mut self, line: &str) -> io::Result<()> {
        let torn = std::mem::take(&mut self.torn);
        let rest = line.strip_prefix(&*torn).ok_or_else(|| io::Error::other("is torn"))?;
        failpoint::fails("witness")?;
        self.file.write_all(rest.as_bytes())?;
        self.file.sync_all()
    }
}

/// What a line says, and what is signed.
fn content_of(close: &str, digest: &str) -> String {
    format!("{digest}  {close}")
}

fn line_of(close: &str, digest: &str, key: Option<&WitnessKey>) -> String {
    let content = content_of(close, digest);
    match key {
        Some(key) => format!("{content}  {}\n", key.sign(&content)),
        None => content + "\n",
    }
}

fn is_hexadecimal(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
}
