//! Records the tax facts, close by close.

use std::collections::btree_map::Entry;
use std::sync::Arc;

use super::{LastCloses, State};
use crate::config::Settings;
use crate::model::{BillingInput, TaxFacts, TaxHistory};
use crate::value::Instant;

impl State {
    /// Records the current tax facts. They apply to lines due after the last close, for each
    /// account the last that included it. Lines due before taxes were recorded were not taxed.
    pub(crate) fn note_taxes(
        &mut self,
        book: &BillingInput,
        settings: &Settings,
        last: &LastCloses,
        through: Instant,
    ) {
        if book.taxes.rates().is_empty() {
            return;
        }
        let begins = self.price_taxes.is_empty() && last.newest.is_some();
        let before = if begins { Some(TaxFacts::default()) } else { None };
        let last_of = |id: &str| last.of_account(id);
        Arc::make_mut(&mut self.taxpayers).note_all(
            &book.accounts,
            last_of,
            before.as_ref(),
            through,
        );
        let default = ("", settings.tax.default_code.clone());
        let prices = book.prices.iter().map(|price| (&*price.id, price.tax_code.clone()));
        for (id, code) in prices.chain([default]) {
            let facts = TaxFacts { code, ..TaxFacts::default() };
            note(self.price_taxes.entry(id.to_owned()), facts, last.newest, before.as_ref());
        }
    }
}

/// Records one fact. `before` is the fact before taxes began.
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
