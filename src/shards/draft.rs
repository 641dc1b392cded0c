//! The first step for every shard: bills its accounts, and lists the documents that need numbers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::lists::{DOCUMENTS, SIZES, drafts_to_parquet, sizes_to_parquet};
use super::round::{Round, TaskArgs, TaskResult, to_sealed_json, write_result};
use crate::invoice::ArrangedDrafts;
use crate::model::Shard;
use crate::pipeline::{BilledAccounts, CloseContext, LongPast, RunError, bill};
use crate::register::{InputFile, OutputFile};
use crate::review::LineSizes;

/// What a draft says beside its lists.
pub(super) const DRAFT: &str = "draft.json";

/// The facts that the numbering compares and adds up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ShardDraft {
    pub(super) shard: Shard,
    /// The number of documents.
    pub(super) documents: usize,
    /// The input files.
    pub(super) inputs: Vec<InputFile>,
    /// The numbers that payments without an account name and that no earlier close gave, with the
    /// lines of these payments.
    pub(super) named: BTreeMap<String, Vec<u64>>,
    /// What the first close would bill of a past of more than a year, if that is not allowed.
    pub(super) long_past: Option<LongPast>,
    /// Its lists.
    pub(super) files: Vec<OutputFile>,
}

/// The name of a shard's draft.
pub(super) fn draft_name(shard: Shard) -> String {
    format!("draft-{}", shard.index)
}

/// Bills a shard, and lists its documents.
///
/// # Errors
/// All problems of the shard's part of the input.
pub(crate) fn draft_shard(args: &TaskArgs) -> Result<TaskResult, RunError> {
    let Some(round) = Round::of(args)? else { return Ok(TaskResult::Published) };
    draft(&round, args.shard.unwrap_or_default())
}

/// Does so in a known round.
pub(super) fn draft(round: &Round, shard: Shard) -> Result<TaskResult, RunError> {
    let name = draft_name(shard);
    if round.folder.has(&name) {
        round.task()?;
        return Ok(TaskResult::DoneBefore);
    }
    let context = round.context(shard)?;
    let mut billed = bill(&context)?;
    let sizes = line_sizes(&billed);
    let long_past = billed.long_past.take();
    let drafts = std::mem::take(&mut billed.drafts);
    let drafts = ArrangedDrafts::new(drafts, &context.loaded.book.accounts);
    let documents = drafts_to_parquet(&drafts, &context.loaded.book.accounts)?;
    let named = named(&context)?;
    write_result(&round.folder, &name, |files| {
        files.write(DOCUMENTS, &documents)?;
        files.write(SIZES, &sizes_to_parquet(&sizes.counts())?)?;
        let facts = ShardDraft {
            shard,
            documents: drafts.drafts.len(),
            inputs: context.sources.iter().map(InputFile::of).collect(),
            named,
            long_past,
            files: files.files().to_vec(),
        };
        Ok(files.write(DRAFT, &to_sealed_json(&facts))?)
    })
}

/// The sizes of all lines, for their median.
fn line_sizes(billed: &BilledAccounts) -> LineSizes {
    let mut sizes = LineSizes::default();
    for draft in &billed.drafts {
        sizes.add(draft.currency, &draft.lines);
    }
    sizes
}

/// The numbers that payments without an account name and that are in no earlier close. Each is one
/// that this close gives, or none.
fn named(context: &CloseContext) -> Result<BTreeMap<String, Vec<u64>>, RunError> {
    let due = context.payments.due(&context.loaded.book, context.through);
    let mut named: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for payment in due.iter().filter(|payment| payment.account.is_none()) {
        if let Some(number) = &payment.invoice_number {
            named.entry(number).or_default().push(payment.line);
        }
    }
    let numbers: BTreeSet<&str> = named.keys().copied().collect();
    if numbers.is_empty() {
        return Ok(BTreeMap::new());
    }
    for receivable in context.register.receivables(&numbers, context.billing.shard)? {
        named.remove(&*receivable.invoice_number);
    }
    Ok(named.into_iter().map(|(number, lines)| (number.to_owned(), lines)).collect())
}
