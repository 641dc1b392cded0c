//! The last step: merges the files of all shards into one close, proves it, and publishes it by one
//! rename.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;

use super::number::NumberedRound;
use super::output::PDFS;
use super::plan::RoundPlan;
use super::round::{Round, TaskArgs};
use super::summary::WholeSummary;
use super::tables::{ReceiptFolders, merge_list, merge_tables};
use crate::config::Packing;
use crate::console::Stage;
use crate::merge::{MergeKey, merge_pdf_archive, merge_pdf_files, merge_states};
use crate::model::{Deferred, DocumentPlaces};
use crate::pipeline::{
    CloseArgs, CloseContext, ClosePlan, CloseResult, ComputedClose, PDF_ARCHIVE, PDF_DIGESTS,
    RunError, SUMMARY, SettledClose, StageTimings, StagedClose, TableFormat, already_published,
    close_journal, deferred_before, keep_inputs, look_files, parquet_name, report, summary_json,
};
use crate::publish::{Lock, ProofError, PublishError, RoundFolder, Staging, Witness, prove};
use crate::register::{
    DEFERRED_FILE, InputFile, LAST_BILLED_FILE, Manifest, STATE_FILES, state_tables,
};
use crate::render::csv::{exceptions_csv, listed_prices, review_csv};
use crate::review::{FindingGroup, FindingKind, MOST_LISTED, ReviewFindings, ReviewSummary};
use crate::table::{Source, table_parquet};

/// Publishes a round.
///
/// # Errors
/// A missing shard, files that have changed, input that has changed since, and those of publishing.
/// Nothing is published then, except with [`RunError::AfterPublishing`].
pub(crate) fn publish_shards(args: &CloseArgs) -> Result<CloseResult, RunError> {
    let stages = StageTimings::begin();
    let (plan, witness) = args.plan()?;
    if let Some(published) = plan.published()? {
        // A run that was killed after the rename left the round, or a part of it.
        let (output, mode) = (&args.places.output, plan.settings.output.mode);
        plan.open_rounds(output)?;
        RoundFolder::of(output, &published.manifest.close, mode).sweep()?;
        return already_published(published, &plan.register, args, stages);
    }
    let task =
        TaskArgs { places: args.places.clone(), as_of: args.as_of, now: args.now, shard: None };
    let changed = || PublishError::RegisterChanged { path: args.places.output.clone() };
    let round = Round::of(&task)?.ok_or_else(changed)?;
    plan.refuse_open_rounds(&args.places.output, Some(&round.folder))?;
    round.check(&plan)?;
    // What a killed attempt left.
    round.folder.sweep()?;
    publish(&round, plan, witness, stages)
}

/// Publishes a known round, and removes its folder.
pub(super) fn publish(
    round: &Round,
    plan: ClosePlan,
    witness: Option<Witness>,
    mut stages: StageTimings,
) -> Result<CloseResult, RunError> {
    let (context, lock, facts) = whole_context(round, plan)?;
    let before = deferred_before(&context)?;
    let whole = WholeSummary::read(round, &before)?;
    let (lock, mode) = (lock.expect("the plan is exclusive"), context.settings.output.mode);
    let mut files = Staging::create(lock, &context.name, mode)?
        .marking_tables(context.settings.output.byte_order_mark);
    let merge = Merge { context: &context, plan: &round.plan, facts: &facts, whole: &whole };
    let merged = merge.stage(before, &mut files, &mut stages);
    let merged = merged.map_err(|error| match error {
        RunError::InputChanged { path } => round.changed(&path.display().to_string()).into(),
        other => other,
    })?;
    let published = merged.publish(&context, files, stages, witness);
    let (mut outcome, mut unfinished) = match published {
        Ok(outcome) => (outcome, Vec::new()),
        Err(RunError::AfterPublishing { published, unfinished }) => (*published, unfinished),
        Err(other) => return Err(other),
    };
    outcome.warnings = whole.figures.warnings;
    unfinished.extend(round.folder.remove().err());
    RunError::unless_finished(outcome, unfinished)
}

/// Merges the files of a round that makes a published close again, in the folder `to`.
pub(super) fn derive(
    round: &Round,
    to: &Path,
    stages: &mut StageTimings,
) -> Result<Manifest, RunError> {
    let (context, _, facts) = whole_context(round, round.task()?)?;
    let before = deferred_before(&context)?;
    let whole = WholeSummary::read(round, &before)?;
    let output = &context.settings.output;
    let mut files = Staging::aside(Some(to), &context.name, output.mode)?
        .marking_tables(output.byte_order_mark);
    let merge = Merge { context: &context, plan: &round.plan, facts: &facts, whole: &whole };
    let merged = merge.stage(before, &mut files, stages)?;
    files.keep();
    Ok(merged.manifest)
}

/// The basis of the whole close, whose input the shards have read.
fn whole_context(
    round: &Round,
    plan: ClosePlan,
) -> Result<(CloseContext, Option<Lock>, NumberedRound), RunError> {
    let facts = NumberedRound::read(round)?;
    let sources = facts.inputs.iter().map(InputFile::source).collect();
    let billing = round.plan.billing(None);
    let (context, lock) = plan.of_shards(round.input(), sources, billing);
    Ok((CloseContext { elsewhere: round.elsewhere(), ..context }, lock, facts))
}

/// The merge of a round.
struct Merge<'a> {
    context: &'a CloseContext,
    plan: &'a RoundPlan,
    facts: &'a NumberedRound,
    whole: &'a WholeSummary,
}

impl Merge<'_> {
    /// Writes all files but the manifest, in the order of a close without shards.
    fn stage(
        &self,
        before: Deferred,
        files: &mut Staging,
        stages: &mut StageTimings,
    ) -> Result<StagedClose, RunError> {
        let Self { context, whole, .. } = *self;
        let look_files = look_files(context)?;
        self.merge_pdfs(files)?;
        stages.end("print");
        let stage = Stage::begin("tables");
        let rest = self.rest(before)?;
        let (found, tables) = merge_tables(context, whole, &rest, files)?;
        let mut proof = whole.figures.sums.clone().proof(&whole.figures.credit)?;
        prove(&proof, &found, &whole.figures.credit)?;
        proof.note_over_credits(whole.figures.over_credits.iter().copied())?;
        for (name, table) in tables {
            files.end_file(table);
            self.copy_as_parquet(name, files)?;
        }
        stage.end(whole.figures.counts.invoices, "document", "added up and proved");
        stages.end("tables");
        self.merge_lists(files)?;
        files.write(SUMMARY, &summary_json(context, &proof))?;
        let review = self.review();
        let paths: Vec<String> = files.files().iter().map(|file| file.path.clone()).collect();
        let counts = whole.figures.counts;
        let page =
            report(context, &rest, &review, &proof, counts, &whole.figures.exceptions, &paths);
        files.write("report.html", &page)?;
        self.merge_state(&rest, &look_files, files)?;
        stages.end("state");
        let inputs = context.sources.iter().chain(&look_files).map(InputFile::of).collect();
        let manifest = rest.manifest(context, files, self.plan.options, inputs, proof, counts);
        Ok(StagedClose { manifest, findings: ReviewFindings::default(), exceptions: Vec::new() })
    }

    fn merge_pdfs(&self, files: &mut Staging) -> Result<(), RunError> {
        let packing = self.context.settings.look.packing;
        let receipts = ReceiptFolders { packing, count: self.whole.figures.receipts };
        let (folders, next) = (self.whole.folders(), Cell::new(0));
        let path = |key: &MergeKey, path: &str| receipts.path(key, path, &next);
        match packing {
            Packing::None => {}
            Packing::Zip => {
                merge_pdf_archive(&folders, PDFS, [PDF_ARCHIVE, PDF_DIGESTS], path, files)?;
            }
            Packing::Files => merge_pdf_files(&folders, PDFS, PDF_DIGESTS, path, files)?,
        }
        Ok(())
    }

    /// What belongs to no shard: the numbers, the revenue that is earned, and what is deferred.
    fn rest(&self, mut deferred: Deferred) -> Result<ComputedClose, RunError> {
        for folder in self.whole.folders() {
            folder.check(DEFERRED_FILE)?;
            for (key, amount) in Deferred::read(folder.path)?.amounts() {
                let added = deferred.add(key.clone(), *amount);
                added.ok_or(ProofError::TooLarge(key.currency))?;
            }
        }
        let settled = SettledClose::default();
        let journal = close_journal(self.context, &[], &settled, deferred)?;
        let places = DocumentPlaces::Shard { places: Vec::new(), count: self.facts.documents };
        let numbers = self.facts.numbers.clone();
        let carried = self.whole.figures.carried.clone();
        Ok(ComputedClose { places, numbers, carried, journal, ..Default::default() })
    }

    fn copy_as_parquet(&self, name: &str, files: &mut Staging) -> Result<(), RunError> {
        if self.plan.format != TableFormat::Parquet {
            return Ok(());
        }
        let table = table_parquet(&files.read(name)?[..])?;
        Ok(files.write(&parquet_name(name), &table)?)
    }

    fn merge_lists(&self, files: &mut Staging) -> Result<(), RunError> {
        let exceptions = exceptions_csv(&[]).header();
        let review = review_csv(&[], &[]).header();
        let unused = listed_prices(&self.whole.figures.unused_prices);
        for (name, header, last) in
            [("exceptions.csv", exceptions, &[][..]), ("review.csv", review, &unused)]
        {
            let list = merge_list(name, &header, last, self.whole, files)?;
            files.end_file(list);
            self.copy_as_parquet(name, files)?;
        }
        Ok(())
    }

    /// The figures of the review, with the prices that no shard uses.
    fn review(&self) -> ReviewSummary {
        let mut review = self.whole.figures.review.clone();
        let unused = &self.whole.figures.unused_prices;
        if !unused.is_empty() {
            let first = unused.iter().take(MOST_LISTED).cloned().collect();
            let group = FindingGroup { count: unused.len(), first };
            review.groups.insert(FindingKind::UnusedPrice, group);
        }
        review
    }

    fn merge_state(
        &self,
        rest: &ComputedClose,
        look_files: &[Source],
        files: &mut Staging,
    ) -> Result<(), RunError> {
        let Self { context, whole, .. } = *self;
        let folders = whole.folders();
        let before = context.register.newest().map(|close| &*close.path);
        let merged = merge_states(&folders, before, files)?;
        let forms = state_tables();
        let mut merged: BTreeMap<_, _> = forms.iter().map(|form| form.path).zip(merged).collect();
        let deferred = files.make_file(DEFERRED_FILE, &rest.journal.deferred.to_parquet()?)?;
        merged.insert(DEFERRED_FILE, deferred);
        let last_billed = merged.remove(LAST_BILLED_FILE);
        for path in STATE_FILES {
            files.end_files(merged.remove(path).into_iter().collect());
        }
        let sources = context.sources.iter().chain(look_files);
        files.end_files(keep_inputs(context, sources, files)?.into());
        files.end_files(last_billed.into_iter().collect());
        Ok(())
    }
}
