//! The step between the shards: merges their lists, and gives every document its number and place.
//!
//! The documents of an account are in one shard, in the order of their numbers. So a merge by
//! instant and account gives the order of the whole close.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use serde::{Deserialize, Serialize};

use super::draft::{DRAFT, ShardDraft, draft_name};
use super::lists::{DOCUMENTS, DraftReader, SIZES, ShardNumbers, add_sizes};
use super::round::{Round, TaskArgs, TaskResult, read_sealed_json, to_sealed_json, write_result};
use crate::console::Stage;
use crate::input;
use crate::invoice::{Counters, NumberKind};
use crate::merge::ShardFolder;
use crate::model::{NumberRange, Shard};
use crate::pipeline::{ClosePlan, LongPast, RunError, series_end, unknown_invoice};
use crate::problem::Problems;
use crate::publish::RoundError;
use crate::register::{InputFile, OutputFile};
use crate::review::{Medians, SizeCounts};
use crate::value::Instant;

/// The result of this step.
pub(super) const NUMBERS: &str = "numbers";

/// The file with the facts for all shards.
const FACTS: &str = "numbers.json";

/// What all shards need to know of each other.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct NumberedRound {
    /// The number of documents in all shards.
    pub(super) documents: u64,
    /// The numbers used in each series.
    pub(super) numbers: BTreeMap<String, NumberRange>,
    /// The median lines.
    pub(super) medians: Medians,
    /// The input files.
    pub(super) inputs: Vec<InputFile>,
    /// SHA-256 of the list of each shard's documents.
    pub(super) drafts: Vec<String>,
    /// The numbers of each shard's documents.
    files: Vec<OutputFile>,
}

impl NumberedRound {
    pub(super) fn read(round: &Round) -> Result<Self, RoundError> {
        if !round.folder.has(NUMBERS) {
            let path = round.folder.path().to_owned();
            let (what, shards) = ("the numbers", vec!["all".to_owned()]);
            return Err(RoundError::Missing { path, what, shards });
        }
        read_sealed_json(&round.folder.result(NUMBERS).join(FACTS))
    }

    /// The numbers of a shard's documents.
    ///
    /// # Errors
    /// The file is missing or has been changed.
    pub(super) fn of_shard(&self, round: &Round, shard: Shard) -> Result<ShardNumbers, RunError> {
        let (folder, file) = (round.folder.result(NUMBERS), numbers_file(shard));
        ShardFolder { path: &folder, files: &self.files }.check(&file)?;
        Ok(ShardNumbers::read(&folder.join(file))?)
    }
}

fn numbers_file(shard: Shard) -> String {
    format!("shard-{}.parquet", shard.index)
}

/// Gives every document of a round its number.
///
/// # Errors
/// A missing draft, shards that read different inputs, payments for no invoice, and a series with too
/// few numbers.
pub(crate) fn number_shards(args: &TaskArgs) -> Result<TaskResult, RunError> {
    let Some(round) = Round::of(args)? else { return Ok(TaskResult::Published) };
    number(&round)
}

/// Does so in a known round.
pub(super) fn number(round: &Round) -> Result<TaskResult, RunError> {
    let task = round.task()?;
    if round.folder.has(NUMBERS) {
        return Ok(TaskResult::DoneBefore);
    }
    let stage = Stage::begin("numbers");
    round.require("the drafts", draft_name)?;
    let drafts = drafts(round)?;
    refuse_a_long_past(&drafts)?;
    let (numbers, mut facts) = give_numbers(round, &task, &drafts)?;
    stage.end(facts.documents, "document", "numbered");
    write_result(&round.folder, NUMBERS, |files| {
        for (shard, numbers) in round.shards().zip(&numbers) {
            files.write(&numbers_file(shard), &numbers.to_parquet()?)?;
        }
        facts.files = files.files().to_vec();
        Ok(files.write(FACTS, &to_sealed_json(&facts))?)
    })
}

/// The drafts of all shards, which read the same inputs.
///
/// # Errors
/// They read different inputs, or a list is missing or has been changed.
fn drafts(round: &Round) -> Result<Vec<ShardDraft>, RunError> {
    let mut drafts: Vec<ShardDraft> = Vec::new();
    for shard in round.shards() {
        let folder = round.folder.result(&draft_name(shard));
        let draft: ShardDraft = read_sealed_json(&folder.join(DRAFT))?;
        let changed = |what: &str| round.changed(&format!("{what} of shard {shard}"));
        if draft.shard != shard {
            return Err(changed("the draft").into());
        }
        if let Some(first) = drafts.first() {
            let pairs = first.inputs.iter().zip(&draft.inputs);
            let mut differ = pairs.filter(|(one, other)| one != other);
            if let Some((one, _)) = differ.next() {
                return Err(changed(&one.name).into());
            }
            if first.inputs.len() != draft.inputs.len() {
                return Err(changed("the input").into());
            }
        }
        for list in [DOCUMENTS, SIZES] {
            ShardFolder { path: &folder, files: &draft.files }.check(list)?;
        }
        drafts.push(draft);
    }
    Ok(drafts)
}

fn refuse_a_long_past(drafts: &[ShardDraft]) -> Result<(), RunError> {
    let mut all: Option<LongPast> = None;
    for past in drafts.iter().filter_map(|draft| draft.long_past.clone()) {
        match &mut all {
            Some(all) => all.add(past),
            None => all = Some(past),
        }
    }
    all.map_or(Ok(()), |past| Err(past.error()))
}

/// Counts the documents of all shards in order.
fn give_numbers(
    round: &Round,
    task: &ClosePlan,
    drafts: &[ShardDraft],
) -> Result<(Vec<ShardNumbers>, NumberedRound), RunError> {
    // Every shard sees all of these payments.
    let first = drafts.iter().take(1).flat_map(|draft| &draft.named);
    let mut named: BTreeMap<&str, &[u64]> = first.map(|(it, lines)| (&**it, &lines[..])).collect();
    let mut counters = Counters::new(&task.settings, task.register.series());
    let mut numbers: Vec<ShardNumbers> = drafts.iter().map(|_| ShardNumbers::default()).collect();
    let mut merged = MergedDrafts::begin(round, drafts)?;
    let mut documents = 0;
    while let Some((shard, kind)) = merged.next()? {
        let counter = counters.take(kind);
        let counter = counter.map_err(|end| series_end(end, round.input()))?;
        // Most closes have no such payments.
        if !named.is_empty() {
            named.remove(&*counters.text(kind, counter));
        }
        numbers[shard].places.push(documents);
        numbers[shard].counters.push(counter);
        documents += 1;
    }
    if !named.is_empty() {
        let mut problems = Problems::default();
        let input = round.input();
        let unknown = named.iter().flat_map(|(number, lines)| {
            lines.iter().map(|line| unknown_invoice(number, *line, input))
        });
        problems.extend(unknown);
        input::sort(&mut problems);
        return Err(RunError::of_input(problems));
    }
    let mut sizes = SizeCounts::default();
    for shard in round.shards() {
        add_sizes(&round.folder.result(&draft_name(shard)), &mut sizes)?;
    }
    let lists = drafts.iter().filter_map(|it| it.files.iter().find(|file| file.path == DOCUMENTS));
    let facts = NumberedRound {
        documents,
        numbers: counters.into_ranges(),
        medians: sizes.medians(),
        inputs: drafts.first().map(|draft| draft.inputs.clone()).unwrap_or_default(),
        drafts: lists.map(|list| list.sha256.clone()).collect(),
        files: Vec::new(),
    };
    Ok((numbers, facts))
}

/// The documents of all shards, in the order of their numbers.
struct MergedDrafts {
    readers: Vec<DraftReader>,
    /// The kind of number that the next document of each shard gets.
    kinds: Vec<Option<NumberKind>>,
    /// The instant and account of these documents, the first on top. The documents of one account
    /// come from one shard, so the shard never decides.
    order: BinaryHeap<Reverse<(Instant, String, usize)>>,
}

impl MergedDrafts {
    fn begin(round: &Round, drafts: &[ShardDraft]) -> Result<Self, RunError> {
        let reader = |draft: &ShardDraft| {
            let folder = round.folder.result(&draft_name(draft.shard));
            DraftReader::new(&folder, draft.documents)
        };
        let mut merged = Self {
            readers: drafts.iter().map(reader).collect(),
            kinds: vec![None; drafts.len()],
            order: BinaryHeap::new(),
        };
        for shard in 0..drafts.len() {
            merged.advance(shard)?;
        }
        Ok(merged)
    }

    /// The shard and the kind of the next document.
    fn next(&mut self) -> Result<Option<(usize, NumberKind)>, RunError> {
        let Some(Reverse((_, _, shard))) = self.order.pop() else { return Ok(None) };
        let kind = self.kinds[shard].expect("every shard in the order has a next document");
        self.advance(shard)?;
        Ok(Some((shard, kind)))
    }

    fn advance(&mut self, shard: usize) -> Result<(), RunError> {
        let next = self.readers[shard].next()?;
        self.kinds[shard] = next.as_ref().map(|draft| draft.kind);
        self.order.extend(next.map(|it| Reverse((it.instant, it.account_id, shard))));
        Ok(())
    }
}
