//! `state/taxpayers.parquet` and `state/price_taxes.parquet`: the versions of the tax facts of
//! accounts and prices. A credit is taxed as its charge was, whatever has changed since.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use hashbrown::HashMap;

use crate::ids::order;
use crate::model::{Shard, TaxFacts, TaxHistory};
use crate::table::parquet::{ColumnsError, StateColumns, StateTable};
use crate::tax::Taxpayers;
use crate::value::Instant;

/// Stands for "since ever"; no readable instant is earlier.
const EVER: i64 = i64::MIN;

impl Taxpayers {
    /// Writes one row per version as Parquet.
    pub(crate) fn to_parquet(&self) -> Result<Vec<u8>, ColumnsError> {
        let histories: Vec<(&str, &TaxHistory)> = self.iter().collect();
        let histories = order::by_id(&histories, |(id, _)| id).into_iter();
        versions_to_parquet(histories.copied())
    }

    /// Reads the accounts of a shard from what [`Taxpayers::to_parquet`] wrote.
    pub(crate) fn read(path: &Path, shard: Shard) -> Result<Self, ColumnsError> {
        let mut tables = StateTable::pieces(path, shard.is_whole());
        if !shard.is_whole() {
            return Self::of_tables(tables, |id| shard.has(id));
        }
        let Some(table) = tables.next().transpose()? else { return Ok(Self::default()) };
        let mut taxpayers = Self::with_room(table.height());
        Versions::of(&table)?.add_to(&mut taxpayers, |_| true, "");
        Ok(taxpayers)
    }

    /// The wanted accounts in some tables, which follow each other.
    pub(super) fn of_tables(
        tables: impl Iterator<Item = Result<StateTable, ColumnsError>>,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<Self, ColumnsError> {
        let mut taxpayers = Self::default();
        let mut last = String::new();
        for table in tables {
            let table = table?;
            let rows = Versions::of(&table)?;
            rows.add_to(&mut taxpayers, &is_wanted, &last);
            rows.ids.last().copied().unwrap_or_default().clone_into(&mut last);
        }
        Ok(taxpayers)
    }
}

/// Writes histories as Parquet, one row per version.
pub(crate) fn histories_to_parquet(
    histories: &BTreeMap<String, TaxHistory>,
) -> Result<Vec<u8>, ColumnsError> {
    versions_to_parquet(histories.iter().map(|(id, history)| (id.as_str(), history)))
}

fn versions_to_parquet<'h>(
    histories: impl Iterator<Item = (&'h str, &'h TaxHistory)>,
) -> Result<Vec<u8>, ColumnsError> {
    let rows: Vec<Version<'_>> = histories
        .flat_map(|(id, history)| {
            history
                .versions()
                .iter()
                .map(move |(after, facts)| (id, after.map_or(EVER, Instant::unix_seconds), facts))
        })
        .collect();
    columns(&rows).to_parquet()
}

/// A version: its id, the instant after which it applies, and its facts.
type Version<'h> = (&'h str, i64, &'h TaxFacts);

pub(super) fn columns<'a>(rows: &'a [Version<'a>]) -> StateColumns<'a, Version<'a>> {
    StateColumns::of(rows)
        .text("id", |(id, _, _)| Some(id))
        .number("after", |(_, after, _)| *after)
        .word("tax_code", |(_, _, facts)| Some(facts.code.as_deref().unwrap_or_default()))
        .word("country", |(_, _, facts)| Some(&facts.country))
        .word("region", |(_, _, facts)| Some(&facts.region))
}

/// The rows of a file of histories.
struct Versions<'t> {
    ids: Vec<&'t str>,
    after: Vec<i64>,
    codes: Vec<&'t str>,
    countries: Vec<&'t str>,
    regions: Vec<&'t str>,
}

impl<'t> Versions<'t> {
    fn of(table: &'t StateTable) -> Result<Self, ColumnsError> {
        Ok(Self {
            ids: table.texts("id")?,
            after: table.numbers("after")?,
            codes: table.texts("tax_code")?,
            countries: table.texts("country")?,
            regions: table.texts("region")?,
        })
    }

    /// Adds the versions of wanted accounts. The rows before these end with the account `last`.
    fn add_to(&self, taxpayers: &mut Taxpayers, is_wanted: impl Fn(&str) -> bool, last: &str) {
        let mut known: HashMap<[&str; 3], Arc<TaxHistory>> = HashMap::new();
        for (row, id) in self.ids.iter().enumerate().filter(|(_, id)| is_wanted(id)) {
            let after = self.after(row);
            // The versions of an account are adjacent.
            if row.checked_sub(1).map_or(last, |before| self.ids[before]) == *id
                && let Some(history) = taxpayers.get_mut(id)
            {
                history.add(after, self.facts(row));
                continue;
            }
            let history = if after.is_none() {
                let history = known.entry(self.words(row));
                Arc::clone(history.or_insert_with(|| taxpayers.always(&self.facts(row))))
            } else {
                let mut history = TaxHistory::default();
                history.add(after, self.facts(row));
                Arc::new(history)
            };
            taxpayers.add(id, history);
        }
    }

    /// The instant after which a version applies.
    fn after(&self, row: usize) -> Option<Instant> {
        let after = Some(self.after[row]).filter(|after| *after != EVER);
        after.map(Instant::from_unix_seconds)
    }

    fn words(&self, row: usize) -> [&'t str; 3] {
        [self.codes[row], self.countries[row], self.regions[row]]
    }

    fn facts(&self, row: usize) -> TaxFacts {
        let [code, country, region] = self.words(row);
        TaxFacts {
            code: Some(code).filter(|code| !code.is_empty()).map(Into::into),
            country: country.into(),
            region: region.into(),
        }
    }
}

/// Reads what [`histories_to_parquet`] wrote.
pub(crate) fn read_histories(path: &Path) -> Result<BTreeMap<String, TaxHistory>, ColumnsError> {
    let table = StateTable::read(path)?;
    let rows = Versions::of(&table)?;
    let mut histories: BTreeMap<String, TaxHistory> = BTreeMap::new();
    for (row, id) in rows.ids.iter().enumerate() {
        let history = histories.entry((*id).to_owned()).or_default();
        history.add(rows.after(row), rows.facts(row));
    }
    Ok(histories)
}
