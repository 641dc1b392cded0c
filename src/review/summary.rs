//! What the report shows of a review: counts, sums, and the first rows of every list. The summaries
//! of shards add up to that of the close.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Bridge, Bridges, Cohorts, Finances, Finding, FindingKind, FindingRank, Histogram,
    ListedAccount, MOST_LISTED, MoveKind, ProductTotal, ReviewFindings, add_cohorts, by_net,
};
use crate::model::Account;
use crate::value::{Amount, Currency};

/// The figures of a review.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReviewSummary {
    /// The findings by kind.
    pub(crate) groups: BTreeMap<FindingKind, FindingGroup>,
    /// The movement of the recurring run rate.
    pub(crate) bridges: BTreeMap<Currency, BridgeSummary>,
    /// The billed amounts by product, the largest first.
    pub(crate) products: BTreeMap<Currency, Vec<ProductTotal>>,
    /// The sizes of documents.
    pub(crate) histograms: BTreeMap<Currency, Histogram>,
    /// The number of corrections.
    pub(crate) corrections: u64,
    /// What is open, received, taxed, held and given away.
    pub(crate) finances: Finances,
    /// What accounts were billed, by the month of their first invoice; empty in a long register.
    pub(crate) cohorts: Cohorts,
}

/// The findings of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FindingGroup {
    /// How many there are.
    pub(crate) count: usize,
    /// The most important ones, in order.
    pub(crate) first: Vec<ListedFinding>,
}

/// A finding, with its account by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ListedFinding {
    /// Its place in its group.
    pub(crate) rank: FindingRank,
    /// Prices have none.
    pub(crate) account: Option<ListedAccount>,
    /// The invoice, subscription or price.
    pub(crate) reference: String,
    pub(crate) currency: Option<Currency>,
    pub(crate) amount: Option<Amount>,
    pub(crate) before: Option<Amount>,
    pub(crate) message: String,
}

/// The movement of the run rate in one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BridgeSummary {
    pub(crate) before: Amount,
    pub(crate) after: Amount,
    /// Accounts that pay now.
    pub(crate) accounts: u64,
    /// The accounts that moved and the sum, by kind of move.
    pub(crate) moves: BTreeMap<MoveKind, (usize, Amount)>,
    /// The largest moves.
    pub(crate) movers: Vec<ListedMove>,
}

/// A move, with its account by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ListedMove {
    pub(crate) account: ListedAccount,
    /// The account's line in `accounts.csv`. It decides between moves of one size.
    pub(crate) line: u64,
    pub(crate) kind: MoveKind,
    pub(crate) before: Amount,
    pub(crate) after: Amount,
}

impl ReviewSummary {
    /// Groups findings and moves. `accounts` are those that they name.
    pub(crate) fn of(findings: &ReviewFindings, bridges: &Bridges, accounts: &[Account]) -> Self {
        let groups = findings.groups().map(|(kind, group)| {
            let first = group.iter().take(MOST_LISTED);
            let first = first.map(|finding| ListedFinding::of(finding, accounts)).collect();
            (kind, FindingGroup { count: group.len(), first })
        });
        let bridge = |bridge| BridgeSummary::of(bridge, accounts);
        Self {
            groups: groups.collect(),
            bridges: bridges.iter().map(|(currency, it)| (*currency, bridge(it))).collect(),
            ..Self::default()
        }
    }

    /// Adds the summary of another shard.
    ///
    /// # Errors
    /// The currency whose sums do not fit 64 bits.
    pub(crate) fn add(&mut self, shard: Self) -> Result<(), Currency> {
        for (kind, group) in shard.groups {
            self.groups.entry(kind).or_default().add(group);
        }
        for (currency, bridge) in shard.bridges {
            self.bridges.entry(currency).or_default().add(bridge).ok_or(currency)?;
        }
        for (currency, totals) in shard.products {
            add_products(self.products.entry(currency).or_default(), totals);
        }
        for (currency, histogram) in shard.histograms {
            self.histograms.entry(currency).or_default().add(&histogram);
        }
        self.corrections += shard.corrections;
        self.finances.add(shard.finances)?;
        add_cohorts(&mut self.cohorts, shard.cohorts)?;
        Ok(())
    }
}

impl FindingGroup {
    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.first.extend(other.first);
        self.first.sort_by_key(|finding| finding.rank);
        self.first.truncate(MOST_LISTED);
    }
}

impl ListedFinding {
    /// A finding with the name of its account.
    pub(crate) fn of(finding: &Finding, accounts: &[Account]) -> Self {
        Self {
            rank: finding.rank,
            account: finding.account.map(|account| ListedAccount::of(&accounts[account])),
            reference: finding.reference.to_string(),
            currency: finding.currency,
            amount: finding.amount,
            before: finding.before,
            message: finding.message.clone(),
        }
    }
}

impl BridgeSummary {
    fn of(bridge: &Bridge, accounts: &[Account]) -> Self {
        let movers = bridge.moves.iter().take(MOST_LISTED).map(|it| ListedMove {
            account: ListedAccount::of(&accounts[it.account]),
            line: accounts[it.account].line,
            kind: it.kind,
            before: it.before,
            after: it.after,
        });
        Self {
            before: bridge.before,
            after: bridge.after,
            accounts: bridge.accounts,
            moves: MoveKind::ALL.into_iter().map(|kind| (kind, bridge.sum(kind))).collect(),
            movers: movers.collect(),
        }
    }

    /// The number of accounts that moved.
    pub(crate) fn moved(&self) -> usize {
        self.moves.values().map(|(count, _)| count).sum()
    }

    fn add(&mut self, other: Self) -> Option<()> {
        self.before = self.before.checked_add(other.before)?;
        self.after = self.after.checked_add(other.after)?;
        self.accounts += other.accounts;
        for (kind, (count, amount)) in other.moves {
            let sum = self.moves.entry(kind).or_default();
            *sum = (sum.0 + count, sum.1.checked_add(amount)?);
        }
        self.movers.extend(other.movers);
        self.movers.sort_by_key(|it| (std::cmp::Reverse(it.size()), it.line));
        self.movers.truncate(MOST_LISTED);
        Some(())
    }
}

impl ListedMove {
    fn size(&self) -> u64 {
        self.after.minor().abs_diff(self.before.minor())
    }
}

fn add_products(sums: &mut Vec<ProductTotal>, totals: Vec<ProductTotal>) {
    let mut by_name: BTreeMap<Box<str>, ProductTotal> =
        std::mem::take(sums).into_iter().map(|it| (it.product.clone(), it)).collect();
    for total in totals {
        match by_name.get_mut(&total.product) {
            Some(sum) => sum.add(total.lines, total.net),
            None => drop(by_name.insert(total.product.clone(), total)),
        }
    }
    *sums = by_net(by_name.into_values().collect());
}
