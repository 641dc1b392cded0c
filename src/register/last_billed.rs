//! `state/last_billed.parquet`: each account's last total in each currency, and its date. A close
//! uses it to find moved totals and first invoices. It grows with accounts, not with time.

use std::path::Path;

use crate::model::{LastBilled, Shard};
use crate::table::parquet::{ColumnsError, StateColumns, StateTable};
use crate::value::{Amount, Currency, Instant};

/// The file's name in a close.
pub(crate) const FILE: &str = "state/last_billed.parquet";

/// The last bill of an account, with its `account_id`.
pub(crate) type LastBill<'a> = (&'a str, LastBilled);

/// The last bill of every account, sorted by account and currency. The ids are stored in one text.
#[derive(Debug, Default)]
pub(crate) struct LastBills {
    ids: String,
    /// The end of each row's id.
    ends: Vec<usize>,
    bills: Vec<LastBilled>,
}

impl LastBills {
    /// Reads the bills of a shard's accounts from the state of a close.
    pub(crate) fn read(close: &Path, shard: Shard) -> Result<Self, ColumnsError> {
        let mut read = Self::default();
        for table in StateTable::pieces(&close.join(FILE), shard.is_whole()) {
            read.add(&table?, shard)?;
        }
        Ok(read)
    }

    fn add(&mut self, table: &StateTable, shard: Shard) -> Result<(), ColumnsError> {
        let (accounts, currencies) = (table.texts("account_id")?, table.texts("currency")?);
        let (instants, totals) = (table.numbers("as_of")?, table.numbers("total_minor")?);
        for row in (0..table.height()).filter(|row| shard.has(accounts[*row])) {
            let currency = Currency::from_code(currencies[row])
                .ok_or_else(|| table.damaged(format!("row {row} has no currency")))?;
            self.ids.push_str(accounts[row]);
            self.ends.push(self.ids.len());
            self.bills.push(LastBilled {
                currency,
                as_of: Instant::from_unix_seconds(instants[row]),
                total: Amount::from_minor(totals[row]),
            });
        }
        Ok(())
    }

    /// The rows from index `first` on.
    fn rows(&self, first: usize) -> impl Iterator<Item = LastBill<'_>> {
        let begin = first.checked_sub(1).map_or(0, |before| self.ends[before]);
        let ids = self.ends[first..].iter().scan(begin, |begin, end| {
            let id = &self.ids[*begin..*end];
            *begin = *end;
            Some(id)
        });
        ids.zip(self.bills[first..].iter().copied())
    }

    /// The last bills of some accounts, by currency. The ids must be sorted like the rows, because
    /// both are walked in parallel.
    pub(crate) fn of_each<'i>(
        &self,
        ids: impl Iterator<Item = &'i str>,
    ) -> impl Iterator<Item = &[LastBilled]> {
        let mut place = 0;
        ids.map(move |id| {
            place += self.rows(place).take_while(|(other, _)| *other < id).count();
            let count = self.rows(place).take_while(|(other, _)| *other == id).count();
            &self.bills[place..place + count]
        })
    }

    /// The rows after a close that billed `now`, which must be sorted too. For each account and
    /// currency, the last row applies.
    pub(crate) fn after<'r>(
        &'r self,
        now: impl Iterator<Item = LastBill<'r>>,
    ) -> Vec<LastBill<'r>> {
        let key = |(id, bill): &LastBill<'r>| (*id, bill.currency);
        let mut rows: Vec<LastBill<'r>> = Vec::with_capacity(self.bills.len());
        let mut before = self.rows(0).peekable();
        for next in now {
            while let Some(row) = before.next_if(|row| key(row) <= key(&next)) {
                rows.push(row);
            }
            match rows.last_mut() {
                Some(last) if key(last) == key(&next) => *last = next,
                _ => rows.push(next),
            }
        }
        rows.extend(before);
        rows
    }
}

pub(crate) fn last_bills_to_parquet(rows: &[LastBill<'_>]) -> Result<Vec<u8>, ColumnsError> {
    columns(rows).to_parquet()
}

pub(super) fn columns<'a>(rows: &'a [LastBill<'a>]) -> StateColumns<'a, LastBill<'a>> {
    StateColumns::of(rows)
        .text("account_id", |(id, _)| Some(id))
        .word("currency", |(_, bill)| Some(bill.currency.code()))
        .number("as_of", |(_, bill)| bill.as_of.unix_seconds())
        .number("total_minor", |(_, bill)| bill.total.minor())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn billed(code: &str, as_of: i64, minor: i64) -> LastBilled {
        LastBilled {
            currency: Currency::from_code(code).expect("ISO 4217"),
            as_of: Instant::from_unix_seconds(as_of),
            total: Amount::from_minor(minor),
        }
    }

    fn read_back(rows: &[LastBill<'_>]) -> LastBills {
        let close = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(close.path().join("state")).expect("a folder");
        let bytes = last_bills_to_parquet(rows).expect("encodes");
        std::fs::write(close.path().join(FILE), bytes).expect("writes");
        LastBills::read(close.path(), Shard::WHOLE).expect("reads")
    }

    #[test]
    fn the_newest_replaces_what_was_and_the_rest_stays() {
        let first = [("a", billed("USD", 1, 20)), ("b", billed("USD", 1, 10))];
        let bills = read_back(&LastBills::default().after(first.into_iter()));
        let later = [billed("EUR", 2, 40), billed("USD", 2, 25), billed("USD", 2, 30)];
        let rows = bills.after(later.into_iter().map(|bill| ("a", bill)));
        let expected =
            [("a", billed("EUR", 2, 40)), ("a", billed("USD", 2, 30)), ("b", billed("USD", 1, 10))];
        assert_eq!(rows, expected);
    }

    #[test]
    fn accounts_find_what_is_theirs() {
        let (eur, usd) = (billed("EUR", 7, -5), billed("USD", 7, 5));
        let bills = read_back(&[("b", eur), ("b", usd), ("é", usd)]);
        let found: Vec<&[LastBilled]> =
            bills.of_each(["a", "b", "c", "é", "ü"].into_iter()).collect();
        assert_eq!(found, [&[][..], &[eur, usd], &[], &[usd], &[]]);
    }
}
