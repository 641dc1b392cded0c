//! `prorata verify --witness` and `--head`: compares the register with what is kept elsewhere.

use std::path::{Path, PathBuf};

use super::summary::counted;
use crate::pipeline::RunError;
use crate::publish::{PublicKey, WitnessError, WitnessList};
use crate::register::{Close, Register};

/// What is kept elsewhere about a register.
#[derive(Clone, Debug, Default)]
pub(crate) struct Anchors {
    /// A witness file.
    pub(crate) witness: Option<PathBuf>,
    /// The key that has signed its lines.
    pub(crate) public_key: Option<PublicKey>,
    /// The digest of a close.
    pub(crate) head: Option<String>,
}

/// Checks that the register has everything that is kept elsewhere about it. Returns notes.
///
/// # Errors
/// The register was rolled back, replaced or forked.
pub(crate) fn check_anchors(output: &Path, anchors: &Anchors) -> Result<Vec<String>, RunError> {
    let mut notes = Vec::new();
    if anchors.witness.is_none() && anchors.head.is_none() {
        return Ok(notes);
    }
    let register = Register::open(output)?;
    if let Some(head) = &anchors.head {
        notes.push(check_head(output, head, &register)?);
    }
    if let Some(witness) = &anchors.witness {
        notes.extend(check_witness(witness, anchors.public_key.as_ref(), &register)?);
    }
    Ok(notes)
}

fn check_head(output: &Path, head: &str, register: &Register) -> Result<String, WitnessError> {
    let place = register.closes.iter().position(|close| close.manifest_sha256 == head);
    let Some(place) = place else {
        return Err(WitnessError::UnknownHead { output: output.to_owned(), head: head.to_owned() });
    };
    let close = &register.closes[place].manifest.close;
    Ok(match register.closes.len() - place - 1 {
        0 => format!("that is the digest of the newest close, {close}"),
        after => format!("that is the digest of {close}; {} after it", followed(after)),
    })
}

fn followed(after: usize) -> String {
    let verb = if after == 1 { "follows" } else { "follow" };
    format!("{} {verb}", counted(after, "close"))
}

fn check_witness(
    path: &Path,
    key: Option<&PublicKey>,
    register: &Register,
) -> Result<Vec<String>, WitnessError> {
    let list = WitnessList::read(path)?;
    if let Some(key) = key {
        list.check_all_signed(key)?;
    }
    let missing = list.confirm(register, None)?;
    if list.count() == 0 && !register.closes.is_empty() {
        let closes = register.closes.len();
        return Err(WitnessError::Missing { path: path.to_owned(), closes });
    }
    let mut confirmed = format!("{} confirms {}", path.display(), counted(list.count(), "close"));
    confirmed.push_str(match key {
        Some(_) => ", and the key has signed it",
        None if list.is_signed() => "; its signatures are checked only with --public-key",
        None => "",
    });
    match missing {
        [] => Ok(vec![confirmed]),
        [Close { manifest, .. }] => Ok(vec![
            confirmed,
            format!(
                "{} does not have the newest close yet, {}: the run that published it was stopped \
                 before that; the next run appends it",
                path.display(),
                manifest.close
            ),
        ]),
        [first, ..] => Err(WitnessError::Behind {
            path: path.to_owned(),
            closes: missing.len(),
            first: first.manifest.close.clone(),
        }),
    }
}
