//! What a shard says of its part of the close. The summaries of all shards add up to the close.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::round::{Round, read_sealed_json};
use crate::merge::ShardFolder;
use crate::model::{Deferred, Shard};
use crate::pipeline::{RunError, SizeSums, refuse_sums};
use crate::publish::{CloseSums, CreditBalances, ProofError, RoundError};
use crate::register::{Counts, OutputFile};
use crate::render::csv::ExceptionGroup;
use crate::review::{ListedFinding, ReviewSummary};
use crate::value::{Amount, Currency};

/// The file with the summary.
pub(super) const SUMMARY: &str = "shard.json";

/// The name of a shard's folder.
pub(super) fn shard_name(shard: Shard) -> String {
    format!("shard-{}", shard.index)
}

/// The figures and files of a shard.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ShardSummary {
    pub(super) shard: Shard,
    pub(super) figures: Figures,
    /// The absolute sums that must fit 64 bits.
    pub(super) sizes: Vec<SizeSums>,
    /// Its other files.
    pub(super) files: Vec<OutputFile>,
}

/// The figures of a shard, or of the shards together.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Figures {
    pub(super) sums: CloseSums,
    pub(super) credit: CreditBalances,
    /// Amounts that were not credited because their invoices have nothing left.
    pub(super) over_credits: Vec<(Currency, Amount)>,
    pub(super) counts: Counts,
    /// The number of receipts.
    pub(super) receipts: u64,
    pub(super) review: ReviewSummary,
    /// Prices that no subscription is on.
    pub(super) unused_prices: Vec<ListedFinding>,
    pub(super) exceptions: Vec<ExceptionGroup>,
    /// Accounts with documents below the minimum.
    pub(super) carried: BTreeMap<String, Option<i64>>,
    pub(super) warnings: Vec<String>,
}

/// The summaries of all shards.
pub(super) struct WholeSummary {
    /// The folder and the files of each shard.
    shards: Vec<(PathBuf, Vec<OutputFile>)>,
    pub(super) figures: Figures,
}

impl WholeSummary {
    /// Adds up the summaries of a round.
    ///
    /// # Errors
    /// A missing shard, or sums that do not fit 64 bits.
    pub(super) fn read(round: &Round, deferred_before: &Deferred) -> Result<Self, RunError> {
        round.require("the closed shards", shard_name)?;
        let (mut shards, mut sizes) = (Vec::new(), Vec::new());
        let mut whole: Option<Figures> = None;
        for shard in round.shards() {
            let folder = round.folder.result(&shard_name(shard));
            let summary: ShardSummary = read_sealed_json(&folder.join(SUMMARY))?;
            if summary.shard != shard {
                let reason = "is the summary of another shard".to_owned();
                return Err(RoundError::Damaged { path: folder.join(SUMMARY), reason }.into());
            }
            match &mut whole {
                Some(whole) => whole.add(summary.figures)?,
                None => whole = Some(summary.figures),
            }
            sizes.push(summary.sizes);
            shards.push((folder, summary.files));
        }
        refuse_sums(&sizes, deferred_before)?;
        Ok(Self { shards, figures: whole.expect("a round has a shard") })
    }

    /// The folders of the shards.
    pub(super) fn folders(&self) -> Vec<ShardFolder<'_>> {
        let folders = self.shards.iter();
        folders.map(|(path, files)| ShardFolder { path, files }).collect()
    }
}

impl Figures {
    /// Adds the figures of another shard.
    fn add(&mut self, shard: Self) -> Result<(), ProofError> {
        self.sums.add(&shard.sums)?;
        add_credit(&mut self.credit.opening, &shard.credit.opening)?;
        add_credit(&mut self.credit.closing, &shard.credit.closing)?;
        self.over_credits.extend(shard.over_credits);
        self.carried.extend(shard.carried);
        self.counts.add(&shard.counts);
        self.receipts += shard.receipts;
        self.review.add(shard.review).map_err(ProofError::TooLarge)?;
        let unused: BTreeSet<&str> =
            shard.unused_prices.iter().map(|price| &*price.reference).collect();
        self.unused_prices.retain(|price| unused.contains(&*price.reference));
        ExceptionGroup::add(&mut self.exceptions, shard.exceptions);
        for warning in shard.warnings {
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
        Ok(())
    }
}

fn add_credit(
    sums: &mut BTreeMap<Currency, Amount>,
    shard: &BTreeMap<Currency, Amount>,
) -> Result<(), ProofError> {
    for (currency, amount) in shard {
        let sum = sums.entry(*currency).or_default();
        *sum = sum.checked_add(*amount).ok_or(ProofError::TooLarge(*currency))?;
    }
    Ok(())
}
