//! `state/last_billed.parquet`: what each account was billed last in each currency, and when, so that
//! a close can say whose total moved and who gets a document for the first time. It grows with
//! accounts and not with time.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::columns::{ColumnsError, Table};
use super::rows::Columns;
use crate::input::Places;
use crate::value::{Amount, Currency, Instant};

/// The file's name in a close.
pub const FILE: &str = "state/last_billed.parquet";

/// What an account was billed in a currency, in the last close that billed it any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastBilled {
    /// The account.
    pub account_id: Arc<str>,
    /// The currency.
    pub currency: Currency,
    /// The instant of that close.
    pub as_of: Instant,
    /// What its documents in that close came to.
    pub total: Amount,
}

impl LastBilled {
    fn key(&self) -> (&str, &str) {
        (&self.account_id, self.currency.code())
    }
}

/// What every account was billed last.
#[derive(Clone, Debug, Default)]
pub struct LastBills {
    /// Sorted by account and currency.
    rows: Vec<LastBilled>,
    /// Where each account begins, once one is asked for: what is only written needs none.
    places: OnceLock<Places>,
}

impl LastBills {
    /// Reads what a close left.
    pub fn read(close: &Path) -> Result<Self, ColumnsError> {
        let table = Table::read(&close.join(FILE))?;
        let (accounts, currencies) = (table.texts("account_id")?, table.texts("currency")?);
        let (instants, totals) = (table.numbers("as_of")?, table.numbers("total_minor")?);
        let row = |row: usize| {
            Some(LastBilled {
                account_id: accounts[row].into(),
                currency: Currency::from_code(currencies[row])?,
                as_of: Instant::from_unix_seconds(instants[row]),
                total: Amount::from_minor(totals[row]),
            })
        };
        let rows = (0..table.height())
            .map(|it| row(it).ok_or_else(|| table.damaged(format!("row {it} has no currency"))));
        rows.collect::<Result<_, _>>().map(Self::of_rows)
    }

    fn of_rows(rows: Vec<LastBilled>) -> Self {
        Self { rows, places: OnceLock::new() }
    }

    fn places(&self) -> &Places {
        self.places.get_or_init(|| {
            let mut places = Places::with_room(self.rows.len());
            let id_of = |place: usize| &*self.rows[place].account_id;
            for place in 0..self.rows.len() {
                let hash = places.hasher().hash(id_of(place));
                // The first of an account is its place.
                let _ = places.insert((id_of(place), hash), place, id_of);
            }
            places
        })
    }

    /// What an account was billed last, by currency.
    pub fn of(&self, account_id: &str) -> &[LastBilled] {
        let first = self.places().get(account_id, |place| &self.rows[place].account_id);
        let rows = first.map_or(&[][..], |first| &self.rows[first..]);
        let count = rows.iter().take_while(|it| &*it.account_id == account_id).count();
        &rows[..count]
    }

    /// The same after another close, which billed `now`.
    #[must_use]
    pub fn after(self, now: Vec<LastBilled>) -> Self {
        let mut rows = self.rows;
        rows.extend(now);
        // Stable: of one account and currency the new one is the last.
        rows.sort_by(|a, b| a.key().cmp(&b.key()));
        let replaced = |next: &LastBilled, kept: &mut LastBilled| {
            let is_same = next.key() == kept.key();
            if is_same {
                kept.clone_from(next);
            }
            is_same
        };
        rows.dedup_by(|next, kept| replaced(next, kept));
        Self::of_rows(rows)
    }

    /// Parquet bytes.
    pub fn to_parquet(&self) -> Result<Vec<u8>, ColumnsError> {
        Columns::of(&self.rows)
            .text("account_id", |row| Some(&row.account_id))
            .word("currency", |row| Some(row.currency.code()))
            .number("as_of", |row| row.as_of.unix_seconds())
            .number("total_minor", |row| row.total.minor())
            .to_parquet()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn billed(account_id: &str, code: &str, as_of: i64, minor: i64) -> LastBilled {
        LastBilled {
            account_id: account_id.into(),
            currency: Currency::from_code(code).expect("ISO 4217"),
            as_of: Instant::from_unix_seconds(as_of),
            total: Amount::from_minor(minor),
        }
    }

    #[test]
    fn the_newest_replaces_what_was_and_the_rest_stays() {
        let first = vec![billed("b", "USD", 1, 10), billed("a", "USD", 1, 20)];
        let later = vec![billed("a", "USD", 2, 30), billed("a", "EUR", 2, 40)];
        let bills = LastBills::default().after(first).after(later);
        let expected = [billed("a", "EUR", 2, 40), billed("a", "USD", 2, 30)];
        assert_eq!(bills.of("a"), expected);
        assert_eq!(bills.of("b"), [billed("b", "USD", 1, 10)]);
        assert!(bills.of("c").is_empty());
    }

    #[test]
    fn what_is_written_is_read_back() {
        let bills = LastBills::default().after(vec![billed("a", "USD", 7, -5)]);
        let close = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(close.path().join("state")).expect("a folder");
        let bytes = bills.to_parquet().expect("encodes");
        std::fs::write(close.path().join(FILE), bytes).expect("writes");
        assert_eq!(LastBills::read(close.path()).expect("reads").of("a"), bills.of("a"));
    }
}
