//! Opens the register: its closes in order, and the state of the newest.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use thiserror::Error;

use super::issued::add_issued;
use super::log::{AppliedChange, add_applied};
use super::memo::{Memo, Remembered, key};
use super::{
    CREDITS_FILE, Charges, DOCUMENTS_FILE, FORMAT, FORMATS, KnownAccount, LINES_FILE, LOG_FILE,
    Manifest, State,
};
use crate::hash::{sha256_hex, sha256_hex_of};
use crate::model::{Answers, Issued, Published, Rules, Series};
use crate::table::parquet::{ColumnsError, DAMAGED_HINT};
use crate::value::{Instant, Moment, Zone};

/// The file that makes a folder a close.
pub(crate) const MANIFEST: &str = "manifest.json";

/// The link to the newest close.
pub(crate) const LATEST: &str = "latest";

/// The digest of the manifest, as `sha256sum` writes it. It protects the newest manifest, which no
/// later one refers to yet.
pub(crate) const MANIFEST_DIGEST: &str = "manifest.sha256";

/// One published close.
#[derive(Clone, Debug)]
pub(crate) struct Close {
    /// Its folder.
    pub(crate) path: PathBuf,
    /// Its manifest.
    pub(crate) manifest: Manifest,
    /// SHA-256 of the manifest file.
    pub(crate) manifest_sha256: String,
    /// Everything due up to here has been billed.
    pub(crate) as_of: Instant,
}

/// All closes of an output folder, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Register {
    /// The closes.
    pub(crate) closes: Vec<Close>,
    /// What was read of them, if the run asks again and again.
    pub(super) memo: Option<Arc<Memo>>,
}

/// A register that is damaged or unreadable.
#[derive(Debug, Error)]
pub(crate) enum RegisterError {
    /// A file or folder cannot be read.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A manifest that prorata did not write.
    #[error("{}: {reason}", path.display())]
    Damaged {
        /// The manifest.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// A close in the file format of another version of prorata.
    #[error(
        "{}: is in format {format}; this version reads formats {} to {FORMAT}", path.display(), FORMATS.start()
    )]
    OtherFormat {
        /// The manifest.
        path: PathBuf,
        /// Its format.
        format: u32,
    },
    /// A close billed by the rules of a later version of prorata.
    #[error(
        "{}: was billed by version {rules} of the rules; this version of prorata knows versions \
         up to {}",
        path.display(), Rules::VERSION
    )]
    OtherRules {
        /// The manifest.
        path: PathBuf,
        /// The version of its rules.
        rules: u32,
    },
    /// A link of the chain is broken.
    #[error(
        "{}: follows close {expected}, which is missing or has been changed", path.display()
    )]
    BrokenChain {
        /// The manifest whose predecessor is missing or altered.
        path: PathBuf,
        /// The expected predecessor.
        expected: String,
    },
    /// The newest close is missing.
    #[error(
        "{} points at {}, which is missing",
        path.display(), target.display()
    )]
    LostClose {
        /// The link.
        path: PathBuf,
        /// Its target.
        target: PathBuf,
    },
    /// A folder that has the name of another close.
    #[error("{}: holds the close {close}", path.display())]
    Renamed {
        /// The folder.
        path: PathBuf,
        /// The close in its manifest.
        close: String,
    },
    /// The link to the newest close is missing, or is no link.
    #[error(
        "{} {}, and the newest close there is {newest}", path.display(),
        if *is_there { "is not a link" } else { "is missing" }
    )]
    NoLink {
        /// The link.
        path: PathBuf,
        /// Whether something else has its name.
        is_there: bool,
        /// The newest close.
        newest: String,
    },
    /// Several errors.
    #[error("{}", several(.0))]
    Several(Vec<RegisterError>),
    /// The state cannot be read.
    #[error(transparent)]
    State(#[from] ColumnsError),
}

fn several(errors: &[RegisterError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl RegisterError {
    /// The error for a published file that cannot be read. A missing one is damage of its close.
    pub(crate) fn unread(path: PathBuf, source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::NotFound {
            return Self::Damaged { path, reason: "is missing".to_owned() };
        }
        Self::Unreadable { path, source }
    }

    /// The remedy, if one is known.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Unreadable { .. } | Self::Several(_) => None,
            Self::Damaged { .. } => Some(DAMAGED_HINT),
            Self::OtherFormat { .. } | Self::OtherRules { .. } => {
                Some("go on with the version of prorata that wrote it")
            }
            Self::BrokenChain { .. } => Some("restore the folder of that close from a backup"),
            Self::LostClose { .. } => Some(
                "restore the folder of that close from a backup; without it, it would be billed \
                 again",
            ),
            Self::Renamed { .. } => {
                Some("give the folder the name of its close, or restore it from a backup")
            }
            Self::NoLink { .. } => Some(
                "make sure by a backup or a witness that no newer close is lost; then restore the \
                 link: ln -sfn, the name of the newest close, and the path of the link",
            ),
            Self::State(error) => error.hint(),
        }
    }

    /// The single errors that this error consists of.
    pub(crate) fn each(&self) -> Vec<&Self> {
        match self {
            Self::Several(errors) => errors.iter().flat_map(Self::each).collect(),
            other => vec![other],
        }
    }

    /// Whether published files have changed, rather than being unreadable.
    pub(crate) fn is_altered(&self) -> bool {
        match self {
            Self::Unreadable { .. } | Self::OtherFormat { .. } | Self::OtherRules { .. } => false,
            Self::Damaged { .. }
            | Self::BrokenChain { .. }
            | Self::LostClose { .. }
            | Self::Renamed { .. }
            | Self::NoLink { .. } => true,
            Self::State(error) => error.is_damage(),
            Self::Several(errors) => errors.iter().any(Self::is_altered),
        }
    }
}

impl Close {
    /// Checks the state files against the manifest.
    fn check_state(&self) -> Result<(), RegisterError> {
        self.check_files("state/")
    }

    /// Checks the files under a prefix against the manifest. Damaged files must not be read, above
    /// all by a reader that trusts its input.
    pub(super) fn check_files(&self, prefix: &str) -> Result<(), RegisterError> {
        let files = self.manifest.outputs.iter().filter(|file| file.path.starts_with(prefix));
        for file in files {
            let path = self.path.join(&file.path);
            let sha256 = std::fs::File::open(&path)
                .and_then(sha256_hex_of)
                .map_err(|source| RegisterError::unread(path.clone(), source))?;
            if sha256 != file.sha256 {
                let reason = "has been changed since it was published".to_owned();
                return Err(RegisterError::Damaged { path, reason });
            }
        }
        Ok(())
    }
}

impl Close {
    /// Checks some files in parallel.
    pub(super) fn check_each(&self, names: &[&str]) -> Result<(), RegisterError> {
        names.par_iter().try_for_each(|name| self.check_files(name))
    }
}

impl Register {
    /// Reads the manifests in an output folder. A missing folder has no closes.
    ///
    /// # Errors
    /// Anything that casts doubt on the billed amounts.
    pub(crate) fn open(output: &Path) -> Result<Self, RegisterError> {
        let (mut closes, mut errors) = (Vec::new(), Vec::new());
        for path in folders(output)? {
            match read_close(path) {
                Ok(close) => closes.push(close),
                Err(error) => errors.push(error),
            }
        }
        closes.sort_by_key(|close| close.as_of);
        let register = Self::of(closes);
        if errors.is_empty() {
            register.check_chain()?;
            register.check_latest(output)?;
            return Ok(register);
        }
        if errors.len() == 1 { Err(errors.remove(0)) } else { Err(RegisterError::Several(errors)) }
    }

    /// The register that some closes make.
    pub(crate) fn of(closes: Vec<Close>) -> Self {
        Self { closes, memo: None }
    }

    /// The same register for a run that bills few accounts several times. It keeps what it reads.
    #[must_use]
    pub(crate) fn remembering(self) -> Self {
        Self { memo: Some(Arc::default()), ..self }
    }

    /// Asks the files a question; a register that remembers asks each question once.
    pub(super) fn ask<K: Eq + Hash, V: Clone>(
        &self,
        answers: impl FnOnce(&Memo) -> &Remembered<K, V>,
        key: impl FnOnce() -> K,
        read: impl FnOnce() -> Result<V, RegisterError>,
    ) -> Result<V, RegisterError> {
        match &self.memo {
            Some(memo) => answers(memo).get(key(), read),
            None => read(),
        }
    }

    /// Whether an output folder still has exactly these closes, with the same newest manifest.
    pub(crate) fn is_still_in(&self, output: &Path) -> bool {
        let known: BTreeSet<&Path> = self.closes.iter().map(|close| &*close.path).collect();
        let Ok(found) = folders(output) else { return false };
        let is_same = |close: &Close| {
            let manifest = std::fs::read(close.path.join(MANIFEST));
            manifest.is_ok_and(|bytes| sha256_hex(&bytes) == close.manifest_sha256)
        };
        found.iter().map(PathBuf::as_path).collect::<BTreeSet<_>>() == known
            && self.newest().is_none_or(is_same)
    }

    /// The newest close.
    pub(crate) fn newest(&self) -> Option<&Close> {
        self.closes.last()
    }

    /// The rules for the next close. The first rules apply up to the last close that used them.
    pub(crate) fn rules(&self) -> Rules {
        let mut closes = self.closes.iter().rev();
        let last_old = closes.find(|close| close.manifest.rules == Rules::FIRST);
        Rules::old_until(last_old.map(|close| close.as_of))
    }

    /// The usual seconds between closes: the median of the last twelve distances. `None` with fewer
    /// than two closes.
    pub(crate) fn usual_distance(&self) -> Option<i64> {
        median_distance(self.closes.iter().map(|close| close.as_of))
    }

    /// The state of the newest close, if its files are unchanged.
    pub(crate) fn state(&self) -> Result<State, RegisterError> {
        self.state_of(&Answers::default())
    }

    /// The part of that state that a shard answers for. Prices and tax rates belong to every shard.
    pub(crate) fn state_of(&self, part: &Answers) -> Result<State, RegisterError> {
        let Some(newest) = self.newest() else { return Ok(State::default()) };
        newest.check_state()?;
        Ok(State::read_part(&newest.path, part)?)
    }

    /// The rows of one account in that state. Only the files that they are in are checked.
    pub(crate) fn state_of_account(
        &self,
        known: &KnownAccount<'_>,
    ) -> Result<State, RegisterError> {
        let Some(newest) = self.newest() else { return Ok(State::default()) };
        newest.check_each(&State::FILES)?;
        Ok(State::read_account(&newest.path, known)?)
    }

    /// The next number of every series.
    pub(crate) fn series(&self) -> Series {
        let numbers = self.closes.iter().flat_map(|close| &close.manifest.numbers);
        numbers.map(|(series, range)| (series.clone(), range.next)).collect()
    }

    /// All published lines of some subscriptions, in the order of publication.
    pub(crate) fn lines_of(
        &self,
        subscriptions: &BTreeSet<&str>,
    ) -> Result<BTreeMap<String, Vec<Published>>, RegisterError> {
        let read = || self.read_lines_of(subscriptions);
        self.ask(|memo| &memo.lines, || key(subscriptions), read)
    }

    fn read_lines_of(
        &self,
        subscriptions: &BTreeSet<&str>,
    ) -> Result<BTreeMap<String, Vec<Published>>, RegisterError> {
        let mut lines: BTreeMap<String, Vec<Published>> = BTreeMap::new();
        if subscriptions.is_empty() {
            return Ok(lines);
        }
        for close in &self.closes {
            close.check_files(LINES_FILE)?;
            for (id, mut found) in super::read_lines(&close.path, subscriptions)? {
                lines.entry(id).or_default().append(&mut found);
            }
        }
        Ok(lines)
    }

    /// The charges of some subscriptions. Closes before each given instant are skipped.
    pub(crate) fn charges_of(&self, wanted: &[(&str, Instant)]) -> Result<Charges, RegisterError> {
        let ids = || wanted.iter().map(|(id, since)| ((*id).to_owned(), *since)).collect();
        self.ask(|memo| &memo.charges, ids, || self.read_charges_of(wanted))
    }

    fn read_charges_of(&self, wanted: &[(&str, Instant)]) -> Result<Charges, RegisterError> {
        let mut charges = Charges::default();
        for close in &self.closes {
            let ids = wanted.iter().filter(|(_, since)| *since <= close.as_of);
            let ids: BTreeSet<&str> = ids.map(|(id, _)| *id).collect();
            if !ids.is_empty() {
                close.check_files(LINES_FILE)?;
                charges.add(&close.path, &ids)?;
            }
        }
        Ok(charges)
    }

    /// All lines of some published invoices, by number.
    pub(crate) fn lines_on(
        &self,
        numbers: &BTreeSet<&str>,
    ) -> Result<BTreeMap<String, Vec<Published>>, RegisterError> {
        let read = || self.read_lines_on(numbers);
        self.ask(|memo| &memo.named, || key(numbers), read)
    }

    fn read_lines_on(
        &self,
        numbers: &BTreeSet<&str>,
    ) -> Result<BTreeMap<String, Vec<Published>>, RegisterError> {
        let mut lines = BTreeMap::new();
        if numbers.is_empty() {
            return Ok(lines);
        }
        for close in &self.closes {
            close.check_files(LINES_FILE)?;
            lines.append(&mut super::read_invoice_lines(&close.path, numbers)?);
        }
        Ok(lines)
    }

    /// The charges of some published invoices, and their credits. All of them were published at or
    /// after `since`, if it is given.
    pub(crate) fn issued(
        &self,
        numbers: &BTreeSet<&str>,
        since: Option<Instant>,
    ) -> Result<BTreeMap<Arc<str>, Issued>, RegisterError> {
        let read = || self.read_issued(numbers, since);
        self.ask(|memo| &memo.issued, || (key(numbers), since), read)
    }

    fn read_issued(
        &self,
        numbers: &BTreeSet<&str>,
        since: Option<Instant>,
    ) -> Result<BTreeMap<Arc<str>, Issued>, RegisterError> {
        let mut issued = BTreeMap::new();
        if numbers.is_empty() {
            return Ok(issued);
        }
        let is_later = |close: &&Close| since.is_none_or(|since| since <= close.as_of);
        for close in self.closes.iter().filter(is_later) {
            close.check_files(DOCUMENTS_FILE)?;
            close.check_files(CREDITS_FILE)?;
            add_issued(&close.path, numbers, &mut issued)?;
        }
        Ok(issued)
    }

    /// All applied changes of some subscriptions.
    pub(crate) fn changes_of(
        &self,
        subscriptions: &BTreeSet<&str>,
    ) -> Result<BTreeMap<String, Vec<AppliedChange>>, RegisterError> {
        let read = || self.read_changes_of(subscriptions);
        self.ask(|memo| &memo.changes, || key(subscriptions), read)
    }

    fn read_changes_of(
        &self,
        subscriptions: &BTreeSet<&str>,
    ) -> Result<BTreeMap<String, Vec<AppliedChange>>, RegisterError> {
        let mut applied = BTreeMap::new();
        if subscriptions.is_empty() {
            return Ok(applied);
        }
        for close in &self.closes {
            close.check_files(LOG_FILE)?;
            add_applied(&close.path, subscriptions, &mut applied)?;
        }
        Ok(applied)
    }

    /// Checks that the close named by the link exists, so that a lost close is not billed again. A
    /// first run that was killed has made no link yet.
    fn check_latest(&self, output: &Path) -> Result<(), RegisterError> {
        let path = output.join(LATEST);
        let target = match (std::fs::read_link(&path), self.newest()) {
            (Ok(target), _) => target,
            (Err(error), newest) => {
                let is_there = error.kind() != io::ErrorKind::NotFound;
                return match newest {
                    Some(newest) if is_there || self.closes.len() > 1 => {
                        let newest = newest.manifest.close.clone();
                        Err(RegisterError::NoLink { path, is_there, newest })
                    }
                    _ => Ok(()),
                };
            }
        };
        if self.closes.iter().any(|close| close.path.file_name() == Some(target.as_os_str())) {
            return Ok(());
        }
        Err(RegisterError::LostClose { path, target })
    }

    fn check_chain(&self) -> Result<(), RegisterError> {
        let mut previous: Option<&Close> = None;
        for close in &self.closes {
            let expected = close.manifest.previous.as_ref();
            let actual = previous.map(|close| (&close.manifest.close, &close.manifest_sha256));
            if expected.map(|link| (&link.close, &link.manifest_sha256)) != actual {
                return Err(RegisterError::BrokenChain {
                    path: close.path.join(MANIFEST),
                    expected: expected.map_or("none", |link| &link.close).to_owned(),
                });
            }
            previous = Some(close);
        }
        Ok(())
    }
}

/// The median of the last twelve distances between ascending instants.
fn median_distance(instants: impl DoubleEndedIterator<Item = Instant>) -> Option<i64> {
    const DISTANCES: usize = 12;
    let newest: Vec<Instant> = instants.rev().take(DISTANCES + 1).collect();
    let pairs = newest.windows(2);
    let mut distances: Vec<i64> = pairs.map(|pair| pair[0].seconds_since(pair[1])).collect();
    distances.sort_unstable();
    let middle = distances.len() / 2;
    let upper = *distances.get(middle)?;
    let lower = if distances.len().is_multiple_of(2) { distances[middle - 1] } else { upper };
    Some(lower + (upper - lower) / 2)
}

/// The folders that may be closes. Hidden folders are unfinished closes, and links only point at
/// other folders.
fn folders(output: &Path) -> Result<Vec<PathBuf>, RegisterError> {
    let unreadable = |source| RegisterError::Unreadable { path: output.to_owned(), source };
    let entries = match std::fs::read_dir(output) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut folders = Vec::new();
    for entry in entries {
        let entry = entry.map_err(unreadable)?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !hidden && entry.file_type().map_err(unreadable)?.is_dir() {
            folders.push(entry.path());
        }
    }
    Ok(folders)
}

/// The fields that every manifest format has.
#[derive(serde::Deserialize)]
struct Version {
    format: u32,
}

fn read_close(path: PathBuf) -> Result<Close, RegisterError> {
    let file = path.join(MANIFEST);
    let damaged = |reason: String| RegisterError::Damaged { path: file.clone(), reason };
    let bytes = match std::fs::read(&file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(damaged(
                "is missing; a folder here is a close, or belongs elsewhere".into(),
            ));
        }
        Err(source) => return Err(RegisterError::Unreadable { path: file, source }),
    };
    let sha256 = sha256_hex(&bytes);
    let digest = path.join(MANIFEST_DIGEST);
    let noted =
        std::fs::read_to_string(&digest).map_err(|source| RegisterError::unread(digest, source))?;
    if noted != format!("{sha256}  {MANIFEST}\n") {
        return Err(damaged(format!("is not what {MANIFEST_DIGEST} beside it says")));
    }
    let Version { format } =
        serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
    if !FORMATS.contains(&format) {
        return Err(RegisterError::OtherFormat { path: file, format });
    }
    let manifest: Manifest =
        serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
    if path.file_name().is_none_or(|name| name != &*manifest.close) {
        return Err(RegisterError::Renamed { path, close: manifest.close });
    }
    if manifest.rules > Rules::VERSION {
        return Err(RegisterError::OtherRules { path: file, rules: manifest.rules });
    }
    let as_of = match Moment::parse(&manifest.as_of) {
        Ok(moment) => moment.at(Zone::UTC),
        Err(error) => return Err(damaged(format!("as_of {error}"))),
    };
    Ok(Close { manifest_sha256: sha256, path, manifest, as_of })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn median(instants: &[i64]) -> Option<i64> {
        median_distance(instants.iter().map(|seconds| Instant::from_unix_seconds(*seconds)))
    }

    #[test]
    fn the_usual_distance_is_the_median_of_the_last_twelve() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[5]), None);
        assert_eq!(median(&[5, 12]), Some(7));
        assert_eq!(median(&[0, 10, 110]), Some(55));
        assert_eq!(median(&[0, 10, 110, 130]), Some(20));
        // Seven long distances and twelve short ones after them.
        let long = (0..8).map(|it| it * 1_000);
        let instants: Vec<i64> = long.chain((1..=12).map(|it| 7_000 + it)).collect();
        assert_eq!(median(&instants), Some(1));
    }
}
