//! `state/receivables.parquet`: the receivables after a close, sorted by number.
//!
//! A close keeps open receivables, its own invoices, and receivables that its payments touched. So
//! the newest close has everything open, whatever the age of the register. An invoice paid long ago
//! is in an older close; it is searched only if a payment names it.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::NaiveDate;
use hashbrown::HashMap;

use super::memo::key;
use super::{Register, RegisterError};
use crate::ids::order;
use crate::model::{Receivable, Shard};
use crate::table::parquet::{ColumnsError, StateColumns, StateTable, runs};
use crate::value::{Amount, Currency, Instant};

/// The file's name in a close.
pub(crate) const FILE: &str = "state/receivables.parquet";

/// Sorts receivables by number, and writes them as Parquet.
pub(crate) fn receivables_to_parquet(receivables: &[Receivable]) -> Result<Vec<u8>, ColumnsError> {
    let rows = order::by_id(receivables, |row| &row.invoice_number);
    columns(&rows).to_parquet()
}

pub(super) fn columns<'a>(rows: &'a [&'a Receivable]) -> StateColumns<'a, &'a Receivable> {
    StateColumns::of(rows)
        .text("invoice_number", |row| Some(&row.invoice_number))
        .text("account_id", |row| Some(&row.account_id))
        .word("currency", |row| Some(row.currency.code()))
        .instant("instant", |row| row.instant)
        .word_for("issue_date", |row| Some(row.issue_date), |date| date.to_string())
        .word_for("due_date", |row| Some(row.due_date), |date| date.to_string())
        .number("total_minor", |row| row.total.minor())
        .number("amount_due_minor", |row| row.amount_due.minor())
        .number("paid_minor", |row| row.paid.minor())
        .number("overpaid_minor", |row| row.overpaid.minor())
}

/// All receivables that a close keeps.
pub(crate) fn read_receivables(close: &Path) -> Result<Vec<Receivable>, ColumnsError> {
    receivables_in(&StateTable::read(&close.join(FILE))?, |_, _| true)
}

/// The receivables in a close, a row group at a time.
pub(crate) fn receivable_pieces(
    close: &Path,
) -> impl Iterator<Item = Result<Vec<Receivable>, ColumnsError>> {
    let tables = StateTable::pieces(&close.join(FILE), false);
    tables.map(|table| receivables_in(&table?, |_, _| true))
}

/// Those whose number and account are wanted.
fn receivables_in(
    table: &StateTable,
    is_wanted: impl Fn(&str, &str) -> bool,
) -> Result<Vec<Receivable>, ColumnsError> {
    let text = |name: &str| table.texts(name);
    let (numbers, accounts) = (text("invoice_number")?, text("account_id")?);
    let currencies = text("currency")?;
    let (issued, due) = (dates(&text("issue_date")?), dates(&text("due_date")?));
    let amounts = ["total_minor", "amount_due_minor", "paid_minor", "overpaid_minor"];
    let amounts: Vec<Vec<i64>> =
        amounts.into_iter().map(|name| table.numbers(name)).collect::<Result<_, _>>()?;
    let instants = table.numbers("instant")?;
    let row = |row: usize| {
        let amount = |column: usize| Amount::from_minor(amounts[column][row]);
        let receivable = Receivable {
            invoice_number: numbers[row].into(),
            account_id: accounts[row].into(),
            currency: Currency::from_code(currencies[row])?,
            instant: Instant::from_unix_seconds(instants[row]),
            issue_date: issued[row]?,
            due_date: due[row]?,
            total: amount(0),
            amount_due: amount(1),
            paid: amount(2),
            overpaid: amount(3),
            // Only the log of payments tells it.
            otherwise: None,
        };
        let is_sound = Amount::ZERO <= receivable.paid && receivable.paid <= receivable.amount_due;
        is_sound.then_some(receivable)
    };
    let damaged = |place: usize| table.damaged(format!("row {place} makes no sense"));
    let wanted = (0..table.height()).filter(|place| is_wanted(numbers[*place], accounts[*place]));
    wanted.map(|place| row(place).ok_or_else(|| damaged(place))).collect()
}

/// Parses dates; repeated texts are parsed once, because few differ. `None` for invalid dates.
fn dates(texts: &[&str]) -> Vec<Option<NaiveDate>> {
    let mut known: HashMap<&str, Option<NaiveDate>> = HashMap::new();
    texts.iter().map(|text| *known.entry(text).or_insert_with(|| text.parse().ok())).collect()
}

impl Register {
    /// The open receivables of a shard's accounts after the newest close, and the named invoices of
    /// all accounts, open or not, as far as they exist.
    pub(crate) fn receivables(
        &self,
        named: &BTreeSet<&str>,
        shard: Shard,
    ) -> Result<Vec<Receivable>, RegisterError> {
        let Some(newest) = self.newest() else { return Ok(Vec::new()) };
        let mut receivables = Vec::new();
        for table in StateTable::pieces(&newest.path.join(FILE), shard.is_whole()) {
            let is_wanted =
                |number: &str, account: &str| shard.has(account) || named.contains(number);
            let mut found = receivables_in(&table?, is_wanted)?;
            found.retain(|it| !it.open().is_zero() || named.contains(&*it.invoice_number));
            receivables.append(&mut found);
        }
        self.add_older(named, &mut receivables)?;
        Ok(receivables)
    }

    /// The open receivables of one account, and the named invoices of all accounts, as above.
    pub(crate) fn receivables_of(
        &self,
        account: &str,
        named: &BTreeSet<&str>,
    ) -> Result<Vec<Receivable>, RegisterError> {
        let read = || self.read_receivables_of(account, named);
        let ids = || key([&account].into_iter().chain(named));
        self.ask(|memo| &memo.receivables, ids, read)
    }

    fn read_receivables_of(
        &self,
        account: &str,
        named: &BTreeSet<&str>,
    ) -> Result<Vec<Receivable>, RegisterError> {
        let Some(newest) = self.newest() else { return Ok(Vec::new()) };
        newest.check_files(FILE)?;
        let path = newest.path.join(FILE);
        let ids = StateTable::read_columns(&path, &["account_id"])?;
        let ids = ids.texts("account_id")?;
        let mut rows: Vec<(usize, usize)> = runs(&path, "invoice_number", named)?;
        rows.extend((0..ids.len()).filter(|row| ids[*row] == account).map(|row| (row, 1)));
        rows.sort_unstable();
        rows.dedup();
        let mut receivables = Vec::new();
        for row in rows {
            let table = StateTable::read_rows(&path, row.0, row.1)?;
            receivables.append(&mut receivables_in(&table, |_, _| true)?);
        }
        receivables.retain(|it| !it.open().is_zero() || named.contains(&*it.invoice_number));
        self.add_older(named, &mut receivables)?;
        Ok(receivables)
    }

    /// Adds named invoices that the newest close does not keep.
    fn add_older(
        &self,
        named: &BTreeSet<&str>,
        receivables: &mut Vec<Receivable>,
    ) -> Result<(), RegisterError> {
        let mut missing = named.clone();
        for receivable in &*receivables {
            missing.remove(&*receivable.invoice_number);
        }
        for close in self.closes.iter().rev().skip(1) {
            if runs(&close.path.join(FILE), "invoice_number", &missing)?.is_empty() {
                continue;
            }
            let mut found = read_receivables(&close.path)?;
            found.retain(|receivable| missing.remove(&*receivable.invoice_number));
            receivables.append(&mut found);
        }
        Ok(())
    }
}
