//! `prorata verify --deep`: derives every close again, and compares all of its files byte for byte.
//!
//! A close keeps its inputs. So the close before and these inputs give every file anew, and its
//! manifest. What a customer is billed must also still follow from the inputs of today.

use std::io;
use std::path::{Path, PathBuf};

use super::derive_older::derive_older;
use super::differences::{Differences, Rendered};
use super::open::{OPENING, compute_opening};
use super::verified::Verified;
use crate::config;
use crate::console::Stage;
use crate::model::Shard;
use crate::pipeline::{
    Billing, CloseContext, ComputedClose, Folders, Purpose, RunError, StageTimings, StagedClose,
    TableFormat, bill, compute, compute_or_withhold, parquet_name,
};
use crate::publish::{PublishError, Staging, close_name};
use crate::register::{Close, MANIFEST, PieceStore, Register, RestoredInputs};
use crate::shards::{KeptBasis, derive_in_turn, shards_of};
use crate::stop;

/// Derives every close of a register again, and returns the differences.
pub(super) fn derive_again(
    places: &Folders,
    register: &Register,
    verified: &mut Verified,
) -> Result<Vec<String>, RunError> {
    let mut findings = Vec::new();
    let (kept, older): (Vec<usize>, Vec<usize>) =
        (0..register.closes.len()).partition(|index| register.closes[*index].keeps_inputs());
    findings.extend(formats_that_go_back(register));
    if !older.is_empty() {
        findings.extend(derive_older(places, register.clone(), verified)?);
    }
    let _held = stop::hold();
    let folder = tempfile::Builder::new().prefix("prorata-").tempdir();
    let folder = folder.map_err(PublishError::create(&std::env::temp_dir()))?;
    let mut work = Derivation { register, folder: folder.path().to_owned() };
    let mut store = PieceStore::new(&register.closes, folder.path());
    let stage = Stage::of("derive", "closes", kept.len());
    for index in &kept {
        let (found, is_sound) = work.derive(&mut store, *index, verified)?;
        findings.extend(found);
        verified.derived += 1;
        stage.step();
        if !is_sound && index + 1 < register.closes.len() {
            verified.notes.push(format!(
                "the closes after {} begin from its state, so they were not derived",
                register.closes[*index].manifest.close
            ));
            break;
        }
    }
    stage.end(verified.derived, "close", "derived again");
    if findings.is_empty() {
        compare_with_today(places, register, verified)?;
    }
    Ok(findings)
}

/// A close in an older format than one before it: no version of the program goes back, and closes
/// of older formats are compared less.
fn formats_that_go_back(register: &Register) -> Vec<String> {
    let pairs = register.closes.iter().zip(register.closes.iter().skip(1));
    let back = pairs.filter(|(one, next)| next.manifest.format < one.manifest.format);
    back.map(|(one, next)| {
        format!(
            "{}: is in format {}, and the close before it in format {}",
            next.path.join(MANIFEST).display(),
            next.manifest.format,
            one.manifest.format
        )
    })
    .collect()
}

/// The closes to derive, and a temporary folder.
struct Derivation<'r> {
    register: &'r Register,
    folder: PathBuf,
}

impl Derivation<'_> {
    /// Derives the close at an index. Returns the findings, and whether its state is sound.
    fn derive(
        &mut self,
        store: &mut PieceStore<'_>,
        index: usize,
        verified: &mut Verified,
    ) -> Result<(Vec<String>, bool), RunError> {
        stop::check().map_err(PublishError::write(&self.folder))?;
        let close = &self.register.closes[index];
        let unfit = |error: &RunError| {
            let text =
                format!("{}: cannot be derived from its inputs: {error}", close.path.display());
            Ok((vec![text], false))
        };
        let inputs = match store.restore(close) {
            Ok(inputs) => inputs,
            Err(error) => return unfit(&error.into()),
        };
        let shards = shards_of(&close.manifest);
        if shards > 1 && close.manifest.withheld.is_empty() && !close.manifest.options.opening {
            return match self.derive_in_shards(inputs, index, shards, verified) {
                Err(error @ RunError::Publish(_)) => Err(error),
                Err(error) => unfit(&error),
                derived => derived,
            };
        }
        let (context, computed) = match self.compute(inputs, index) {
            Ok(computed) => computed,
            Err(error @ RunError::Publish(_)) => return Err(error),
            Err(error) => return unfit(&error),
        };
        let derived = prepare(&context, &computed, close, None)?.manifest;
        let mut differences = Differences::of_manifests(close, &derived);
        verified.notes.append(&mut differences.notes);
        let rendered = Rendered::of(&close.manifest, &derived);
        if rendered == Rendered::Alike && differences.files.is_empty() {
            return Ok((differences.findings, true));
        }
        // The files are written only now, because most closes have no difference.
        let folder = self.folder.join("derived");
        let _ = std::fs::remove_dir_all(&folder);
        prepare(&context, &computed, close, Some(&folder))?;
        differences.compare_files(&folder, rendered);
        verified.notes.append(&mut differences.notes);
        Ok((differences.findings, differences.is_state_sound))
    }

    /// Derives a close whose input has too many rows for one piece of memory.
    fn derive_in_shards(
        &self,
        inputs: RestoredInputs,
        index: usize,
        shards: u32,
        verified: &mut Verified,
    ) -> Result<(Vec<String>, bool), RunError> {
        let close = &self.register.closes[index];
        let (settings, settings_bytes) = inputs.settings()?;
        let before = Register::of(self.register.closes[..index].to_vec());
        let kept = KeptBasis { inputs, settings, settings_bytes, before };
        let [work, to] = [self.folder.join("shards"), self.folder.join("derived")];
        for folder in [&work, &to] {
            let _ = std::fs::remove_dir_all(folder);
        }
        std::fs::create_dir(&work).map_err(PublishError::create(&work))?;
        let format = table_format(close);
        let derived = derive_in_turn(kept, &close.manifest, format, shards, [&work, &to])?;
        let mut differences = Differences::of_manifests(close, &derived);
        let rendered = Rendered::of(&close.manifest, &derived);
        if rendered != Rendered::Alike || !differences.files.is_empty() {
            differences.compare_files(&to, rendered);
        }
        verified.notes.append(&mut differences.notes);
        Ok((differences.findings, differences.is_state_sound))
    }

    /// Computes the close at an index from its inputs.
    fn compute(
        &self,
        inputs: RestoredInputs,
        index: usize,
    ) -> Result<(CloseContext, ComputedClose), RunError> {
        let Close { manifest, as_of, .. } = &self.register.closes[index];
        let before = Register::of(self.register.closes[..index].to_vec());
        let (settings, bytes) = inputs.settings()?;
        let name = close_name(*as_of, settings.zone);
        let billing = if manifest.options.opening {
            OPENING
        } else {
            Billing {
                purpose: Purpose::Documents,
                accept_history_change: manifest.options.accept_history_change,
                bill_from_start: manifest.options.bill_from_start,
                shard: Shard::WHOLE,
            }
        };
        let RestoredInputs { folder, elsewhere } = inputs;
        let context = CloseContext::read(&folder, settings, &bytes, before, *as_of, name, billing)?;
        let context = CloseContext { elsewhere, ..context };
        if manifest.options.opening {
            return compute_opening(context);
        }
        let may_withhold = !manifest.withheld.is_empty();
        let (context, computed, _) =
            compute_or_withhold(context, may_withhold, &mut StageTimings::begin())?;
        Ok((context, computed))
    }
}

/// Makes the files of a close, in a folder or only their digests.
fn prepare(
    context: &CloseContext,
    computed: &ComputedClose,
    close: &Close,
    folder: Option<&Path>,
) -> Result<StagedClose, RunError> {
    let format = table_format(close);
    let output = &context.settings.output;
    let staging = Staging::aside(folder, &context.name, output.mode)?;
    let mut staging = staging.marking_tables(output.byte_order_mark);
    let (options, mut stages) = (close.manifest.options, StageTimings::begin());
    let prepared = computed.prepare(context, options, format, &mut staging, &mut stages)?;
    staging.keep();
    Ok(prepared)
}

/// The format of the tables of a close.
fn table_format(close: &Close) -> TableFormat {
    let invoices = parquet_name("invoices.csv");
    let has_parquet = close.manifest.outputs.iter().any(|file| file.path == invoices);
    if has_parquet { TableFormat::Parquet } else { TableFormat::Csv }
}

/// Compares the inputs of today with what the newest close has billed. A forger of a whole close
/// cannot change them.
fn compare_with_today(
    places: &Folders,
    register: &Register,
    verified: &mut Verified,
) -> Result<(), RunError> {
    let Some(newest) = register.newest() else { return Ok(()) };
    let input = &places.input;
    let mut skip = |reason: String| {
        verified.notes.push(format!("the inputs of today were not compared: {reason}"));
        Ok(())
    };
    if let Err(error) = std::fs::metadata(input)
        && error.kind() == io::ErrorKind::NotFound
    {
        return skip(format!("{} is not there", input.display()));
    }
    let shards = shards_of(&newest.manifest);
    for shard in Shard::all(shards) {
        let (settings, bytes) = config::load(input)?;
        let billing = Billing {
            purpose: Purpose::Nothing,
            accept_history_change: false,
            bill_from_start: true,
            shard,
        };
        let (through, name) = (newest.as_of, newest.manifest.close.clone());
        let context =
            CloseContext::read(input, settings, &bytes, register.clone(), through, name, billing)?;
        let problems = context.loaded.problems.found();
        if problems > 0 {
            return skip(format!("they have problems ({problems}), which prorata check names"));
        }
        // Everything that was billed and has changed is a problem.
        if shard.is_whole() {
            compute(&context, &mut StageTimings::begin())?;
        } else {
            bill(&context)?;
        }
    }
    Ok(())
}
