//! `state/taxpayers.parquet` and `state/price_taxes.parquet`: what decides about the taxes of accounts
//! and of prices, version by version, so that a credit is taxed as its charge was, whatever has
//! changed since.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;
use std::sync::Arc;

use hashbrown::HashMap;

use super::columns::{ColumnsError, Table};
use super::rows::Columns;
use super::{LastCloses, State};
use crate::config::Settings;
use crate::ids::ById;
use crate::ids::order;
use crate::model::{Account, Book, TaxFacts, TaxHistory};
use crate::value::Instant;

/// What stands for "since ever": earlier than any instant that can be read.
const EVER: i64 = i64::MIN;

/// What decides about the taxes of accounts, by `account_id`. Most have always been what they are, and
/// there are few things to be: they share their history.
#[derive(Clone, Debug, Default)]
pub struct Taxpayers {
    histories: ById<Arc<TaxHistory>>,
    /// Where the history of each account is most likely, by the account's index.
    places: Vec<usize>,
    /// The histories of those that have always been the same.
    shared: HashMap<TaxFacts, Arc<TaxHistory>>,
}

impl Taxpayers {
    /// What decides about the taxes of an account, the one at `index`; `None` if nothing is known of
    /// it.
    pub fn get(&self, account_id: &str, index: usize) -> Option<&TaxHistory> {
        let mut place = self.places.get(index).copied().unwrap_or_default();
        self.histories.get_next(account_id, &mut place).map(|history| &**history)
    }

    /// Notes what is so now, for what falls due after `last`. Of an account that is new it has always
    /// been so, unless it is said what held `before`. It is looked for at `next` first, which is the
    /// place behind it afterwards.
    fn note(
        &mut self,
        account: &Account,
        next: &mut usize,
        last: Option<Instant>,
        before: Option<&TaxFacts>,
    ) {
        if let Some(history) = self.histories.get_next_mut(&account.id, next) {
            if !history.latest().is_some_and(|known| account.has_tax_facts(known)) {
                Arc::make_mut(history).add(last, account.tax_facts());
            }
            return;
        }
        let facts = account.tax_facts();
        let mut history = self.always(before.unwrap_or(&facts));
        if history.latest() != Some(&facts) {
            Arc::make_mut(&mut history).add(last, facts);
        }
        self.histories.add(&account.id, history);
        *next = self.histories.len();
    }

    /// The history of all that have always been the same.
    fn always(&mut self, facts: &TaxFacts) -> Arc<TaxHistory> {
        if let Some(history) = self.shared.get(facts) {
            return Arc::clone(history);
        }
        let history = Arc::new(TaxHistory::always(facts.clone()));
        self.shared.insert(facts.clone(), Arc::clone(&history));
        history
    }

    /// Parquet bytes, one row a version.
    pub fn to_parquet(&self) -> Result<Vec<u8>, ColumnsError> {
        let histories: Vec<(&str, &Arc<TaxHistory>)> = self.histories.iter().collect();
        let histories = order::by_id(&histories, |(id, _)| id).into_iter();
        versions_to_parquet(histories.map(|(id, history)| (*id, &***history)))
    }

    /// Reads what [`Taxpayers::to_parquet`] wrote.
    pub fn read(path: &Path) -> Result<Self, ColumnsError> {
        let table = Table::read(path)?;
        let rows = Versions::of(&table)?;
        let mut taxpayers = Self { histories: ById::with_room(table.height()), ..Self::default() };
        let mut shared: HashMap<[&str; 3], Arc<TaxHistory>> = HashMap::new();
        for (row, id) in rows.ids.iter().enumerate() {
            let after = rows.after(row);
            // The versions of one account follow each other.
            if row > 0
                && rows.ids[row - 1] == *id
                && let Some(history) = taxpayers.histories.get_mut(id)
            {
                Arc::make_mut(history).add(after, rows.facts(row));
                continue;
            }
            let history = if after.is_none() {
                let history = shared.entry(rows.words(row));
                Arc::clone(history.or_insert_with(|| taxpayers.always(&rows.facts(row))))
            } else {
                let mut history = TaxHistory::default();
                history.add(after, rows.facts(row));
                Arc::new(history)
            };
            taxpayers.histories.add(id, history);
        }
        Ok(taxpayers)
    }
}

/// Parquet bytes of histories, one row a version.
pub fn histories_to_parquet(
    histories: &BTreeMap<String, TaxHistory>,
) -> Result<Vec<u8>, ColumnsError> {
    versions_to_parquet(histories.iter().map(|(id, history)| (id.as_str(), history)))
}

fn versions_to_parquet<'h>(
    histories: impl Iterator<Item = (&'h str, &'h TaxHistory)>,
) -> Result<Vec<u8>, ColumnsError> {
    let rows: Vec<(&str, i64, &TaxFacts)> = histories
        .flat_map(|(id, history)| {
            history
                .versions()
                .iter()
                .map(move |(after, facts)| (id, after.map_or(EVER, Instant::unix_seconds), facts))
        })
        .collect();
    Columns::of(&rows)
        .text("id", |(id, _, _)| Some(id))
        .number("after", |(_, after, _)| *after)
        .word("tax_code", |(_, _, facts)| Some(facts.code.as_deref().unwrap_or_default()))
        .word("country", |(_, _, facts)| Some(&facts.country))
        .word("region", |(_, _, facts)| Some(&facts.region))
        .to_parquet()
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
    fn of(table: &'t Table) -> Result<Self, ColumnsError> {
        Ok(Self {
            ids: table.texts("id")?,
            after: table.numbers("after")?,
            codes: table.texts("tax_code")?,
            countries: table.texts("country")?,
            regions: table.texts("region")?,
        })
    }

    /// The instant after which a row held.
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
pub fn read_histories(path: &Path) -> Result<BTreeMap<String, TaxHistory>, ColumnsError> {
    let table = Table::read(path)?;
    let rows = Versions::of(&table)?;
    let mut histories: BTreeMap<String, TaxHistory> = BTreeMap::new();
    for (row, id) in rows.ids.iter().enumerate() {
        let history = histories.entry((*id).to_owned()).or_default();
        history.add(rows.after(row), rows.facts(row));
    }
    Ok(histories)
}

impl State {
    /// Notes what decides about taxes now. It holds for what falls due after the last close, of an
    /// account the last that took it in; what fell due before taxes were known of was not taxed.
    pub fn note_taxes(&mut self, book: &Book, settings: &Settings, last: &LastCloses) {
        if book.taxes.rates().is_empty() {
            return;
        }
        let begins = self.price_taxes.is_empty() && last.newest.is_some();
        let before = if begins { Some(TaxFacts::default()) } else { None };
        let taxpayers = Arc::make_mut(&mut self.taxpayers);
        let mut next = 0;
        taxpayers.places = Vec::with_capacity(book.accounts.len());
        for account in &book.accounts {
            let last = last.of_account(&account.id);
            taxpayers.note(account, &mut next, last, before.as_ref());
            taxpayers.places.push(next - 1);
        }
        let default = ("", settings.tax.default_code.clone());
        let prices = book.prices.iter().map(|price| (&*price.id, price.tax_code.clone()));
        for (id, code) in prices.chain([default]) {
            let facts = TaxFacts { code, ..TaxFacts::default() };
            note(self.price_taxes.entry(id.to_owned()), facts, last.newest, before.as_ref());
        }
    }
}

/// Notes one fact; `before` is what held of it before taxes began.
fn note(
    entry: Entry<'_, String, TaxHistory>,
    facts: TaxFacts,
    last: Option<Instant>,
    before: Option<&TaxFacts>,
) {
    match entry {
        Entry::Occupied(mut known) => known.get_mut().add(last, facts),
        Entry::Vacant(vacant) => {
            let first = before.unwrap_or(&facts).clone();
            vacant.insert(TaxHistory::always(first)).add(last, facts);
        }
    }
}
