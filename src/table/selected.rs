//! Selects the rows that a run reads. It leaves out excluded accounts, and a shard leaves the rows
//! of other accounts to other shards. Rows that cannot be assigned are read by every shard, so that
//! their problems are reported. A run about one account reads its rows alone.

use super::index::Index;
use super::one_part::Part;
use super::row::{Reported, Row, is_bare};
use crate::model::{ExcludedAccounts, OtherRow, Shard};

/// The columns that decide a row's shard, the surest first.
#[derive(Clone, Copy, Default)]
pub(crate) struct OwnerColumns<'a> {
    has_account: bool,
    /// Whether rows may name neither. They then concern every account, or any.
    may_lack: bool,
    /// The subscriptions that were read, if rows name one.
    subscriptions: Option<&'a Index>,
}

impl<'a> OwnerColumns<'a> {
    /// Rows belong to the account that they name.
    pub(crate) const ACCOUNT: Self =
        Self { has_account: true, may_lack: false, subscriptions: None };

    /// Rows belong to the account that they name, if they name one.
    pub(crate) const PAYER: Self = Self { may_lack: true, ..Self::ACCOUNT };

    /// Rows belong to the account of their subscription.
    pub(crate) fn of_subscription(subscriptions: &'a Index) -> Self {
        Self { has_account: false, may_lack: false, subscriptions: Some(subscriptions) }
    }

    /// Rows belong to the account that they name, otherwise to that of their subscription, if they
    /// name one.
    pub(crate) fn of_either(subscriptions: &'a Index) -> Self {
        Self { has_account: true, may_lack: true, subscriptions: Some(subscriptions) }
    }

    /// Whether every shard reads all rows.
    pub(crate) fn are_none(self) -> bool {
        !self.has_account && self.subscriptions.is_none()
    }

    /// Some ids: every row of a part has one of them. `None` if ids alone do not tell the rows.
    pub(crate) fn wanted<'i>(self, part: &'i Part) -> Option<Vec<&'i str>>
    where
        'a: 'i,
    {
        match part {
            Part::Subscription(id) => Some(vec![id]),
            Part::Account(id) if !self.may_lack && !self.are_none() => {
                Some(self.subscriptions.map_or_else(|| vec![id.as_str()], |it| it.ids().collect()))
            }
            Part::All | Part::Account(_) => None,
        }
    }

    /// Whether a row is one of a part.
    fn are_of(self, row: &Row<'_>, part: &Part) -> bool {
        let column = |name| row.glimpse(name).trim().to_owned();
        match part {
            Part::All => true,
            Part::Account(_) if self.are_none() => true,
            Part::Subscription(id) => column("subscription_id") == *id,
            Part::Account(id) => {
                let account = if self.has_account { column("account_id") } else { String::new() };
                if !account.is_empty() {
                    return account == *id;
                }
                let Some(known) = self.subscriptions else { return self.may_lack };
                match &*column("subscription_id") {
                    "" => self.may_lack,
                    id => known.place(id).is_some() || known.is_broken(id),
                }
            }
        }
    }

    /// The hash of a row's owner, if another shard reads the row.
    fn elsewhere(self, row: &Row<'_>, shard: Shard) -> Option<u32> {
        if self.has_account {
            let account = row.glimpse("account_id");
            let account = account.trim();
            if !account.is_empty() {
                return (!shard.has(account)).then(|| hash(account));
            }
        }
        let subscriptions = self.subscriptions?;
        let subscription = row.glimpse("subscription_id");
        let subscription = subscription.trim();
        subscriptions.is_elsewhere(subscription).then(|| hash(subscription))
    }
}

fn hash(owner: &str) -> u32 {
    libdeflater::crc32(owner.as_bytes())
}

/// Looks at a row that another shard reads.
pub(crate) type OtherReader<'a> = dyn Fn(&mut Row<'_>) + Sync + 'a;

/// Which rows of a table are read.
#[derive(Clone, Copy)]
pub(crate) struct SelectedRows<'a> {
    pub(crate) shard: Shard,
    pub(crate) part: &'a Part,
    pub(crate) withheld: &'a ExcludedAccounts,
    /// The columns of the id and of the owner.
    pub(crate) columns: (&'static str, &'static str),
    pub(crate) owners: OwnerColumns<'a>,
    pub(crate) others: Option<&'a OtherReader<'a>>,
}

impl SelectedRows<'_> {
    /// Reads a row; `None` if another shard reads it.
    pub(crate) fn read<T>(
        &self,
        row: &mut Row<'_>,
        seen: &mut SeenRows,
        parse: &impl Fn(&mut Row<'_>) -> Result<T, Reported>,
    ) -> Result<Option<T>, Reported> {
        if !self.shard.is_whole()
            && let Some(owner) = self.owners.elsewhere(row, self.shard)
        {
            self.see(row, owner, seen);
            if let Some(look) = self.others.filter(|_| !self.leaves_out(row)) {
                look(row);
            }
            return Ok(None);
        }
        if !self.owners.are_of(row, self.part) {
            return Ok(None);
        }
        if self.leaves_out(row) {
            return Err(Reported);
        }
        row.read(parse).map(Some)
    }

    fn leaves_out(&self, row: &Row<'_>) -> bool {
        self.withheld.leaves_out(|column| row.glimpse(column))
    }

    /// Notes the ids of another shard's row.
    fn see(&self, row: &Row<'_>, owner: u32, seen: &mut SeenRows) {
        let (id, owner_column) = self.columns;
        // Its own shard reports such a row. It explains absent ids in all shards.
        if row.legible_id(owner_column).is_none() {
            seen.broken.push(row.glimpse(owner_column).into_owned());
        }
        let Some(text) = row.legible_id(id) else { return };
        if self.shard.has(text.trim()) {
            let is_valid = is_bare(text) && !row.holds_null() && !self.leaves_out(row);
            seen.ids.push_str(text.trim());
            seen.rows.push((seen.ids.len(), OtherRow { line: row.line, owner, is_valid }));
        }
    }
}

/// The rows in a piece of a file that other shards read.
#[derive(Default)]
pub(crate) struct SeenRows {
    /// The owners of rows that are certainly reported.
    pub(crate) broken: Vec<String>,
    /// The ids that this shard watches over, in one text.
    ids: String,
    /// The rows of these ids, with the end of each id.
    rows: Vec<(usize, OtherRow)>,
}

impl SeenRows {
    /// The rows whose ids this shard watches over, in file order.
    pub(crate) fn watched(&self) -> impl Iterator<Item = (&str, OtherRow)> {
        let starts = std::iter::once(0).chain(self.rows.iter().map(|(end, _)| *end));
        starts.zip(&self.rows).map(|(start, (end, row))| (&self.ids[start..*end], *row))
    }
}
