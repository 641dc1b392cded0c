//! Keeps a witness of the register, if one is named.

use std::path::PathBuf;

use super::context::Folders;
use super::error::RunError;
use super::plan::ClosePlan;
use super::published_files::{RESTORE, check_close};
use crate::publish::{PublicKey, Witness, WitnessError, WitnessKey};

/// Where the digests of closes are listed, away from the register.
#[derive(Clone, Debug, Default)]
pub struct Witnessing {
    /// The witness file, instead of the one in billing.toml.
    pub file: Option<PathBuf>,
    /// Begin the file for a register that has closes.
    pub begin: bool,
}

/// Opens the witness of the register. Closes that a killed run left out are verified and appended.
///
/// # Errors
/// The register is not the witnessed one, or was changed, or the file cannot be written.
pub(crate) fn open_witness(
    args: &Witnessing,
    plan: &ClosePlan,
    places: &Folders,
) -> Result<Option<Witness>, RunError> {
    let settings = &plan.settings.output;
    let Some(path) = args.file.as_ref().or(settings.witness.as_ref()) else {
        return if args.begin { Err(WitnessError::NotNamed.into()) } else { Ok(None) };
    };
    if places.output_holds(path) {
        return Err(WitnessError::Within { path: path.clone() }.into());
    }
    let keys = match &settings.signing_key {
        Some(file) => {
            let public = settings.public_key.as_deref().and_then(PublicKey::parse);
            let key = WitnessKey::read(file, public.as_ref()).map_err(WitnessError::from)?;
            Some(key).zip(public)
        }
        None => None,
    };
    let (mut witness, missing) =
        Witness::open(path, args.begin, &plan.register, settings.mode, keys)?;
    for close in missing {
        let (_, findings) = check_close(close);
        if !findings.is_empty() {
            return Err(RunError::Findings(findings, RESTORE));
        }
        witness.append(&close.manifest.close, &close.manifest_sha256)?;
        log::info!(
            target: "prorata::publish",
            "{}: close {} was missing, and is appended", path.display(), close.manifest.close
        );
    }
    Ok(Some(witness))
}
