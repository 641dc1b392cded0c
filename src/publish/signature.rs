//! Signs the lines of a witness with Ed25519, and checks their signatures.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use thiserror::Error;

use crate::hash::{bytes_of, hexadecimal};

/// What is signed begins with this, so that a signature serves for nothing else.
const PURPOSE: &str = "prorata witness 1\n";

/// A key is shorter, with any white space around it.
const MOST_BYTES: u64 = 256;

/// Why a key cannot be used.
#[derive(Debug, Error)]
pub(crate) enum KeyError {
    /// The file cannot be read.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// Others may read the file, or it belongs to another user.
    #[error("{}: {reason}", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: &'static str,
    },
    /// The file is not a key.
    #[error("{}: is no key of 64 hexadecimal digits", path.display())]
    NotAKey {
        /// The file.
        path: PathBuf,
    },
    /// The public key in billing.toml is missing, or is that of another key.
    #[error("output.public_key is not that of {}, {public}", path.display())]
    OtherPublicKey {
        /// The file.
        path: PathBuf,
        /// The public key of the file.
        public: String,
    },
}

impl KeyError {
    /// The remedy.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } | Self::NotAKey { .. } => {
                "output.signing_key names a file with 64 hexadecimal digits of chance, such as \
                 openssl rand -hex 32 prints"
            }
            Self::Exposed { .. } => {
                "let only the user that runs the job read it: chown and chmod 0600; if others have \
                 read it, make a new key"
            }
            Self::OtherPublicKey { .. } => {
                "write that key as output.public_key in billing.toml, and give it to those who verify"
            }
        }
    }
}

/// The key that signs.
pub(crate) struct WitnessKey(SigningKey);

impl WitnessKey {
    /// Reads a key that only this user may read, and compares its public key.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub(crate) fn read(path: &Path, public: Option<&PublicKey>) -> Result<Self, KeyError> {
        let unreadable = |source| KeyError::Unreadable { path: path.to_owned(), source };
        // A pipe or a device would never end.
        if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
            return Err(unreadable(std::io::Error::other("is not a file")));
        }
        let file = File::open(path).map_err(unreadable)?;
        // The open file is checked, so nobody can exchange it in between.
        let found = file.metadata().map_err(unreadable)?;
        let exposed = |reason| KeyError::Exposed { path: path.to_owned(), reason };
        if found.mode() & 0o077 != 0 {
            return Err(exposed("other users may read or write it"));
        }
        let user = rustix::process::geteuid().as_raw();
        if found.uid() != user && found.uid() != 0 {
            return Err(exposed("it belongs to another user"));
        }
        let mut text = String::new();
        file.take(MOST_BYTES).read_to_string(&mut text).map_err(unreadable)?;
        let secret = bytes_of(text.trim());
        let secret = secret.ok_or_else(|| KeyError::NotAKey { path: path.to_owned() })?;
        let key = Self(SigningKey::from_bytes(&secret));
        if public.is_none_or(|public| public.0 != key.0.verifying_key()) {
            let public = hexadecimal(key.0.verifying_key().as_bytes());
            return Err(KeyError::OtherPublicKey { path: path.to_owned(), public });
        }
        Ok(key)
    }

    /// The signature of a line. The same line always has the same one.
    pub(crate) fn sign(&self, line: &str) -> String {
        hexadecimal(&self.0.sign(format!("{PURPOSE}{line}").as_bytes()).to_bytes())
    }
}

impl std::fmt::Debug for WitnessKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WitnessKey")
    }
}

/// The key that checks signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicKey(VerifyingKey);

impl PublicKey {
    /// A key of 64 hexadecimal digits; `None` if the text is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        VerifyingKey::from_bytes(&bytes_of(text)?).ok().map(Self)
    }

    /// Whether a signature is that of a line by this key.
    pub(crate) fn has_signed(&self, line: &str, signature: &str) -> bool {
        let signature = bytes_of(signature).map(|bytes| Signature::from_bytes(&bytes));
        let line = format!("{PURPOSE}{line}");
        signature.is_some_and(|it| self.0.verify_strict(line.as_bytes(), &it).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_signature_of_the_line_by_the_key_is_one() {
        let [key, other] = [[7; 32], [8; 32]].map(|it| SigningKey::from_bytes(&it));
        let public = PublicKey::parse(&hexadecimal(key.verifying_key().as_bytes())).expect("a key");
        let signature = WitnessKey(key).sign("a line");
        assert_eq!(signature.len(), 128);
        assert!(public.has_signed("a line", &signature));
        assert!(!public.has_signed("b line", &signature));
        assert!(!public.has_signed("a line", &signature[2..]));
        assert!(!public.has_signed("a line", &WitnessKey(other).sign("a line")));
    }
}
