//! Runs a close: bills, settles, posts, prints, proves and publishes everything due up to an
//! instant.

use std::mem::ManuallyDrop;
use std::time::Duration;

use super::context::{Billing, Folders, Purpose};
use super::error::RunError;
use super::outcome::CloseResult;
use super::plan::ClosePlan;
use super::published_files::{RESTORE, check_close};
use super::table_format::TableFormat;
use super::tables::parquet_name;
use super::timings::StageTimings;
use super::withhold::compute_or_withhold;
use super::witness::{Witnessing, open_witness};
use crate::model::Shard;
use crate::problem::Problems;
use crate::publish::{RoundFolder, Staging, Witness, finish};
use crate::register::{Close, Options, Register, State};
use crate::value::{AsOf, Instant};

/// The options of `prorata close`.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct CloseArgs {
    /// Where to read and write.
    pub places: Folders,
    /// The instant of the close.
    pub as_of: AsOf,
    /// The current time.
    pub now: Instant,
    /// How long to wait for another run.
    pub lock_wait: Duration,
    /// Turn a changed past into corrections.
    pub accept_history_change: bool,
    /// Let a first close bill more than a year back.
    pub bill_from_start: bool,
    /// Let a close lie far after the one before.
    pub catch_up: bool,
    /// Allow a close that lies in the future.
    pub ahead: bool,
    /// Leave out accounts that have problems, and bill the others.
    pub withhold: bool,
    /// How many shards to close one after the other. `None`: as many as the rows of the input need.
    pub shards: Option<u32>,
    /// How to write the tables.
    pub format: TableFormat,
    /// Where the close is witnessed.
    pub witness: Witnessing,
}

impl CloseArgs {
    /// A close at an instant, without any special permission.
    pub fn new(places: Folders, as_of: AsOf, now: Instant) -> Self {
        Self {
            places,
            as_of,
            now,
            lock_wait: Duration::ZERO,
            accept_history_change: false,
            bill_from_start: false,
            catch_up: false,
            ahead: false,
            withhold: false,
            shards: None,
            format: TableFormat::default(),
            witness: Witnessing::default(),
        }
    }

    /// Locks the output folder, opens the register, and compares it with its witness.
    pub(crate) fn plan(&self) -> Result<(ClosePlan, Option<Witness>), RunError> {
        let plan = ClosePlan::exclusive(&self.places, self.as_of, self.now, self.lock_wait)?;
        let witness = open_witness(&self.witness, &plan, &self.places)?;
        Ok((plan, witness))
    }

    /// Refuses a close at an instant that is not permitted, or beside another round of shards than
    /// its own.
    pub(crate) fn refuse(
        &self,
        plan: &ClosePlan,
        own: Option<&RoundFolder>,
    ) -> Result<(), RunError> {
        if !self.ahead {
            plan.refuse_ahead(self.now)?;
        }
        if !self.catch_up {
            plan.refuse_a_long_gap()?;
        }
        plan.refuse_open_rounds(&self.places.output, own)
    }

    pub(crate) fn billing(&self) -> Billing {
        Billing {
            purpose: Purpose::Documents,
            accept_history_change: self.accept_history_change,
            bill_from_start: self.bill_from_start,
            shard: Shard::WHOLE,
        }
    }

    /// The options that the manifest records, for a close at `through`.
    pub(crate) fn noted(&self, through: Instant) -> Options {
        Options {
            accept_history_change: self.accept_history_change,
            bill_from_start: self.bill_from_start,
            ahead: self.ahead && through > self.now,
            opening: false,
        }
    }
}

/// Runs a close.
///
/// # Errors
/// See [`RunError`]; nothing is published then, except with [`RunError::AfterPublishing`].
pub(crate) fn close(args: &CloseArgs) -> Result<CloseResult, RunError> {
    let input = &args.places.input;
    let mut stages = StageTimings::begin();
    let (plan, witness) = args.plan()?;
    if let Some(published) = plan.published()? {
        return already_published(published, &plan.register, args, stages);
    }
    args.refuse(&plan, None)?;
    let (context, lock) = plan.load(input, args.billing())?;
    stages.end("read");
    let (mut context, billed, problems) = compute_or_withhold(context, args.withhold, &mut stages)?;
    // The new state includes the last one, so free the last one.
    context.state = State::default();
    // The process ends after the close. Freeing millions of small values would take a tenth of its
    // time.
    let (context, billed) = (ManuallyDrop::new(context), ManuallyDrop::new(billed));
    let (lock, mode) = (lock.expect("the plan is exclusive"), context.settings.output.mode);
    let mut staging = Staging::begin(lock, &context.name, mode)?
        .marking_tables(context.settings.output.byte_order_mark);
    let noted = args.noted(context.through);
    let prepared = billed.prepare(&context, noted, args.format, &mut staging, &mut stages)?;
    match prepared.publish(&context, staging, stages, witness) {
        Ok(outcome) => Ok(CloseResult { problems, ..outcome }),
        Err(RunError::AfterPublishing { mut published, unfinished }) => {
            published.problems = problems;
            Err(RunError::AfterPublishing { published, unfinished })
        }
        Err(other) => Err(other),
    }
}

/// Verifies a close that is already published.
pub(crate) fn already_published(
    close: &Close,
    register: &Register,
    args: &CloseArgs,
    stages: StageTimings,
) -> Result<CloseResult, RunError> {
    let (_, findings) = check_close(close);
    if !findings.is_empty() {
        return Err(RunError::Findings(findings, RESTORE));
    }
    // A killed run may have renamed the folder without moving the link.
    let newest = register.newest().unwrap_or(close);
    let unfinished = finish(&args.places.output, &newest.manifest.close);
    let published = CloseResult {
        place: close.path.clone(),
        manifest: close.manifest.clone(),
        manifest_sha256: close.manifest_sha256.clone(),
        already_published: true,
        warnings: format_missed(close, args.format).into_iter().collect(),
        problems: Problems::default(),
        stages,
    };
    RunError::unless_finished(published, unfinished)
}

/// A warning if a published close lacks the wanted format, because no files are added to it.
fn format_missed(close: &Close, format: TableFormat) -> Option<String> {
    let invoices = parquet_name("invoices.csv");
    let is_there = close.manifest.outputs.iter().any(|file| file.path == invoices);
    (format == TableFormat::Parquet && !is_there).then(|| {
        format!(
            "{} was published without --format parquet, and a published close stays as it is",
            close.path.display()
        )
    })
}
