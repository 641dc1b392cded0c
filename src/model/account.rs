//! A customer with its address and calendar, over time.

use std::sync::Arc;

use super::{BuyerDetails, PaymentTerms, TaxFacts};
use crate::locale::Locale;
use crate::value::{Instant, Zone};

/// An account gets one invoice for each currency and boundary.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// `account_id`.
    pub(crate) id: Arc<str>,
    /// The name on the invoice.
    pub(crate) name: Box<str>,
    /// Empty if the account has none.
    pub(crate) email: Box<str>,
    /// The recipient of invoices, if it differs from `email`.
    pub(crate) billing_email: Option<Box<str>>,
    /// The postal address; parts may be missing.
    pub(crate) address: Address,
    /// VAT or other tax number.
    pub(crate) tax_id: Option<Box<str>>,
    /// The zone of boundaries and dates.
    pub(crate) zone: Zone,
    /// The language and the formats of its invoices.
    pub(crate) locale: Locale,
    /// The tax code of the account, instead of the codes of prices.
    pub(crate) tax_code: Option<Arc<str>>,
    /// What it fills in for e-invoices; `None` if nothing.
    pub(crate) einvoice: Option<Box<BuyerDetails>>,
    /// When its invoices are due.
    pub(crate) payment_terms: PaymentTerms,
    /// What else its documents say; `None` if nothing.
    pub(crate) documents: Option<Box<DocumentDetails>>,
    /// The line in the file, for messages.
    pub(crate) line: u64,
    /// Its states, if rows of `account_changes.csv` change it. This is the one at the close.
    pub(crate) changes: Option<Box<AccountChanges>>,
}

/// What the documents of an account say beside its name and address. Any text may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DocumentDetails {
    /// The reference of the seller, such as the number of a contract.
    pub(crate) reference: Box<str>,
    /// A text on every invoice and credit note.
    pub(crate) memo: Box<str>,
    /// Further e-mail addresses that get each document, separated by `;`.
    pub(crate) copies: Box<str>,
}

impl Account {
    /// The account as it is at an instant.
    pub(crate) fn at(&self, instant: Instant) -> &Self {
        self.changes.as_ref().and_then(|changes| changes.at(instant)).unwrap_or(self)
    }

    /// All states of it, in order of time.
    pub(crate) fn states(&self) -> impl Iterator<Item = &Self> {
        let states = || self.changes.iter().flat_map(|changes| changes.states());
        let only = if states().next().is_none() { Some(self) } else { None };
        only.into_iter().chain(states())
    }

    /// The file, line and column where a value of a state is written.
    pub(crate) fn place_of(
        &self,
        column: &'static str,
        value: &str,
    ) -> (&'static str, u64, &'static str) {
        let mut rows = self.changes.iter().flat_map(|changes| changes.rows());
        match rows.find(|row| row.column == column && *row.value == *value) {
            Some(row) => ("account_changes.csv", row.line, "value"),
            None => ("accounts.csv", self.line, column),
        }
    }

    /// Makes this the state at an instant.
    pub(crate) fn become_as_of(&mut self, instant: Instant) {
        if let Some(changes) = self.changes.take() {
            *self = changes.at(instant).unwrap_or(self).clone();
            self.changes = Some(changes);
        }
    }

    /// The facts that decide its taxes.
    pub(crate) fn tax_facts(&self) -> TaxFacts {
        TaxFacts {
            code: self.tax_code.clone(),
            country: self.address.country().into(),
            region: self.address.region().into(),
        }
    }

    /// Whether its tax facts equal these, without a copy.
    pub(crate) fn has_tax_facts(&self, facts: &TaxFacts) -> bool {
        let TaxFacts { code, country, region } = facts;
        self.tax_code == *code
            && self.address.country() == &**country
            && self.address.region() == &**region
    }

    /// The language of its invoices and messages, as a BCP 47 tag.
    pub(crate) fn language(&self) -> &'static str {
        self.locale.tag()
    }

    /// The number of its order; empty if it has none.
    pub(crate) fn purchase_order(&self) -> &str {
        self.einvoice.as_deref().map_or("", |details| &details.purchase_order)
    }

    /// Its own reference; empty if it has none.
    pub(crate) fn buyer_reference(&self) -> &str {
        self.einvoice.as_deref().map_or("", |details| &details.buyer_reference)
    }

    /// The reference of the seller; empty if it has none.
    pub(crate) fn reference(&self) -> &str {
        self.documents.as_deref().map_or("", |details| &details.reference)
    }

    /// The text on its documents; empty if it has none.
    pub(crate) fn memo(&self) -> &str {
        self.documents.as_deref().map_or("", |details| &details.memo)
    }

    /// The addresses that get copies, separated by `;`.
    pub(crate) fn copies(&self) -> &str {
        self.documents.as_deref().map_or("", |details| &details.copies)
    }

    /// The e-mail address for invoices; empty if there is none.
    pub(crate) fn recipient_email(&self) -> &str {
        self.billing_email.as_deref().unwrap_or(&self.email)
    }
}

/// The states of an account, by the rows of `account_changes.csv`. Each state has the same rows, and no
/// states of its own.
#[derive(Clone, Debug)]
pub(crate) struct AccountChanges {
    /// In order of time.
    rows: Arc<[AccountChange]>,
    /// The account from each instant on, in order of time. The first one has none.
    states: Vec<(Option<Instant>, Account)>,
}

/// From an instant on, a column of an account has another value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccountChange {
    pub(crate) at: Instant,
    /// A column of `accounts.csv`.
    pub(crate) column: &'static str,
    pub(crate) value: Box<str>,
    /// The line in the file.
    pub(crate) line: u64,
}

impl AccountChanges {
    /// From rows and states in order of time.
    pub(crate) fn new(
        rows: Vec<AccountChange>,
        mut states: Vec<(Option<Instant>, Account)>,
    ) -> Self {
        let rows: Arc<[AccountChange]> = rows.into();
        for (_, state) in &mut states {
            let (rows, states) = (Arc::clone(&rows), Vec::new());
            state.changes = Some(Box::new(Self { rows, states }));
        }
        Self { rows, states }
    }

    pub(crate) fn rows(&self) -> &[AccountChange] {
        &self.rows
    }

    /// All states, in order of time.
    pub(crate) fn states(&self) -> impl Iterator<Item = &Account> {
        self.states.iter().map(|(_, state)| state)
    }

    /// The account at an instant; `None` of a state.
    pub(crate) fn at(&self, instant: Instant) -> Option<&Account> {
        let begun = |(from, _): &(Option<Instant>, Account)| from.is_none_or(|it| it <= instant);
        let later = self.states.partition_point(begun);
        Some(&self.states[later.checked_sub(1)?].1)
    }
}

/// A postal address; any part may be empty. All parts share one text, because there are as many
/// addresses as accounts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Address {
    text: Box<str>,
    /// The end of each part but the last.
    ends: [u32; PARTS - 1],
}

const PARTS: usize = 6;

impl Address {
    /// From street and number; floor, suite or care of; town; state, province or county; postal
    /// code; country.
    pub(crate) fn new(parts: [&str; PARTS]) -> Self {
        let mut end = 0;
        let ends = std::array::from_fn(|part| {
            end += parts[part].len();
            u32::try_from(end).expect("a record of a file is shorter")
        });
        Self { text: parts.concat().into(), ends }
    }

    pub(crate) fn parts(&self) -> [&str; PARTS] {
        std::array::from_fn(|part| self.part(part))
    }

    /// All parts without separators.
    pub(crate) fn whole(&self) -> &str {
        &self.text
    }

    fn part(&self, part: usize) -> &str {
        let start = part.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        let end = self.ends.get(part).map_or(self.text.len(), |end| *end as usize);
        &self.text[start..end]
    }

    /// Street and number.
    pub(crate) fn line1(&self) -> &str {
        self.part(0)
    }

    /// Floor, suite, care of.
    pub(crate) fn line2(&self) -> &str {
        self.part(1)
    }

    /// Town.
    pub(crate) fn city(&self) -> &str {
        self.part(2)
    }

    /// State, province or county.
    pub(crate) fn region(&self) -> &str {
        self.part(3)
    }

    /// Postal code.
    pub(crate) fn postal_code(&self) -> &str {
        self.part(4)
    }

    /// The country as printed.
    pub(crate) fn country(&self) -> &str {
        self.part(5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_an_address_are_what_it_was_made_of() {
        for parts in [
            ["Lange Gasse 1", "2nd floor", "Wien", "Wien", "1080", "Österreich"],
            ["", "", "Łódź", "", "", ""],
            ["1 Main St", "", "", "CA", "", "United States"],
        ] {
            assert_eq!(Address::new(parts).parts(), parts);
        }
        assert_eq!(Address::default().parts(), [""; PARTS]);
    }
}
