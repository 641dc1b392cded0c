//! `state/taxpayers.parquet` and `state/price_taxes.parquet`: what decides about the taxes of accounts
//! and of prices, version by version, so that a credit is taxed as its charge was, whatever has
//! changed since.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

use super::columns::{ColumnsError, Table, rows_to_parquet};
use super::{LastCloses, State};
use crate::config::Settings;
use crate::model::{Book, TaxFacts, TaxHistory};
use crate::value::Instant;

/// What stands for "since ever": earlier than any instant that can be read.
const EVER: i64 = i64::MIN;

/// Parquet bytes of the histories, one row a version.
pub fn histories_to_parquet(
    histories: &BTreeMap<String, TaxHistory>,
) -> Result<Vec<u8>, ColumnsError> {
    let rows: Vec<(&str, i64, &TaxFacts)> = histories
        .iter()
        .flat_map(|(id, history)| {
            history.versions().iter().map(move |(after, facts)| {
                (id.as_str(), after.map_or(EVER, Instant::unix_seconds), facts)
            })
        })
        .collect();
    rows_to_parquet(&rows, |columns| {
        vec![
            columns.text("id", |(id, _, _)| Some(id)),
            columns.number("after", |(_, after, _)| *after),
            columns
                .text("tax_code", |(_, _, facts)| Some(facts.code.as_deref().unwrap_or_default())),
            columns.text("country", |(_, _, facts)| Some(&facts.country)),
            columns.text("region", |(_, _, facts)| Some(&facts.region)),
        ]
    })
}

/// Reads what [`histories_to_parquet`] wrote.
pub fn read_histories(path: &Path) -> Result<BTreeMap<String, TaxHistory>, ColumnsError> {
    let table = Table::read(path)?;
    let (ids, codes) = (table.texts("id")?, table.texts("tax_code")?);
    let (countries, regions) = (table.texts("country")?, table.texts("region")?);
    let after = table.numbers("after")?;
    let mut histories: BTreeMap<String, TaxHistory> = BTreeMap::new();
    for (row, id) in ids.into_iter().enumerate() {
        let facts = TaxFacts {
            code: Some(codes[row]).filter(|code| !code.is_empty()).map(Into::into),
            country: countries[row].into(),
            region: regions[row].into(),
        };
        let after = Some(after[row]).filter(|after| *after != EVER);
        let history = histories.entry(id.to_owned()).or_default();
        history.add(after.map(Instant::from_unix_seconds), facts);
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
        for account in &book.accounts {
            let history = self.taxpayers.entry(account.id.to_string());
            note(history, account.tax_facts(), last.of_account(&account.id), before.as_ref());
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
