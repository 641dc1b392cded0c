//! Spoils rows on purpose, each in a typical way.
//!
//! Each account has at most one fault, so that none hides another. Each fault is visible from the
//! files alone, for any options: a run must report exactly these lines.

use std::collections::BTreeMap;
use std::ops::Range;

use super::company::Company;
use super::tables::{Rows, TABLES, Table};

/// A faulty row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spoilt {
    /// Its file.
    pub(crate) file: &'static str,
    /// The line where it begins.
    pub(crate) line: u64,
    /// The faulty column; empty if the whole row is faulty.
    pub(crate) column: &'static str,
    /// The fault.
    pub(crate) what: &'static str,
}

/// A kind of fault.
#[derive(Debug)]
pub(crate) struct Fault {
    /// The file.
    table: &'static str,
    /// The column; for a fault of the whole row, the first column of its report.
    pub(crate) column: &'static str,
    /// The resulting fault.
    pub(crate) what: &'static str,
    how: How,
}

#[derive(Clone, Copy, Debug)]
enum How {
    /// Replaces the text of the column.
    Text(fn(&str) -> String),
    /// Writes the column as Latin-1.
    Latin1,
    /// Repeats the row.
    Twice,
    /// Removes the last fields.
    Shorter,
    /// Adds a field.
    Longer,
}

const FAULTS: [Fault; 20] = [
    text("accounts.csv", "email", "no e-mail address", |it| it.replace('@', " at ")),
    text("accounts.csv", "timezone", "no time zone", |_| "Mars/Olympus".to_owned()),
    text("changes.csv", "at", "a date as a spreadsheet counts them", |_| "45292.5".to_owned()),
    text("subscriptions.csv", "started_at", "a date with slashes", |_| "01/13/2024".to_owned()),
    text("adjustments.csv", "amount", "a decimal comma", |it| format!("{it},5")),
    whole("subscriptions.csv", "", "a field too many", How::Longer),
    text("subscriptions.csv", "price_id", "a price that is not there", |it| format!("{it}-old")),
    text("changes.csv", "kind", "no kind of change", |_| "upgrade".to_owned()),
    whole("changes.csv", "change_id", "a row twice", How::Twice),
    whole("accounts.csv", "name", "Latin-1", How::Latin1),
    text("subscriptions.csv", "account_id", "an account that is not there", |it| {
        it.replace("acc-", "lost-")
    }),
    text("payments.csv", "amount", "an amount in brackets", |it| format!("({it})")),
    text("changes.csv", "subscription_id", "a subscription that is not there", |it| {
        it.replace("sub-", "gone-")
    }),
    text("subscriptions.csv", "quantity", "thousands apart", |_| "1,000".to_owned()),
    text("changes.csv", "at", "an instant without a zone", |_| "2024-01-13T10:00:00".to_owned()),
    whole("changes.csv", "", "fields missing", How::Shorter),
    whole("accounts.csv", "account_id", "a row twice", How::Twice),
    text("discounts.csv", "percent", "a percent sign", |it| format!("{it} %")),
    whole("subscriptions.csv", "subscription_id", "a row twice", How::Twice),
    text("accounts.csv", "tax_code", "a tax code that is not there", |_| "zero-rated".to_owned()),
];

const fn text(
    table: &'static str,
    column: &'static str,
    what: &'static str,
    spoil: fn(&str) -> String,
) -> Fault {
    Fault { table, column, what, how: How::Text(spoil) }
}

const fn whole(table: &'static str, column: &'static str, what: &'static str, how: How) -> Fault {
    Fault { table, column, what, how }
}

/// The faults of a company, by file and account.
#[derive(Debug, Default)]
pub(crate) struct FaultPlan(BTreeMap<(&'static str, u64), &'static Fault>);

impl FaultPlan {
    /// Distributes `count` faults of all kinds over the existing accounts, each in a separate
    /// range. Fewer accounts get fewer faults.
    pub(crate) fn new(company: &Company, count: u64) -> Self {
        let known = company.known_accounts();
        let count = count.min(known);
        let start = |place: u64| {
            // Use u128, because no product of two counts overflows it.
            let account = u128::from(place) * u128::from(known) / u128::from(count);
            u64::try_from(account).expect("it is the number of an account")
        };
        let faults =
            (0..count).map(|place| fault_for(company, place, start(place)..start(place + 1)));
        Self(faults.collect())
    }

    /// The fault for the first row of an account in a file.
    pub(crate) fn of(&self, table: &'static str, account: u64) -> Option<&'static Fault> {
        self.0.get(&(table, account)).copied()
    }
}

type Placed = ((&'static str, u64), &'static Fault);

/// The next kind for which one of the accounts has a row, and that account.
fn fault_for(company: &Company, place: u64, accounts: Range<u64>) -> Placed {
    let turn = usize::try_from(place % FAULTS.len() as u64).expect("it is below a length");
    let mut in_turn = FAULTS[turn..].iter().chain(&FAULTS[..turn]);
    let placed = in_turn.find_map(|fault| {
        let account = accounts.clone().find(|account| fault.finds_row(company, *account))?;
        Some(((fault.table, account), fault))
    });
    placed.expect("an account that is there has a row in accounts.csv")
}

impl Fault {
    fn finds_row(&self, company: &Company, account: u64) -> bool {
        let Some(Table { columns, rows: Rows::OfAccounts { of, .. }, .. }) =
            TABLES.iter().find(|table| table.name == self.table)
        else {
            return false;
        };
        let rows = of(company, account);
        let mut known = rows.iter().filter(|(at, _)| company.knows(*at));
        known.any(|(_, cells)| self.fits(columns, cells))
    }

    /// Whether it changes the row, so that the row becomes faulty.
    pub(crate) fn fits(&self, columns: &[&str], cells: &[String]) -> bool {
        match (self.how, place_of(self.column, columns)) {
            (How::Text(_), Some(place)) => !cells[place].is_empty(),
            _ => true,
        }
    }

    /// The rows that replace a row; the last one is faulty.
    pub(crate) fn spoil(&self, columns: &[&str], cells: &[String]) -> Vec<Vec<Vec<u8>>> {
        let mut fields: Vec<Vec<u8>> = cells.iter().map(|cell| cell.clone().into_bytes()).collect();
        let place = place_of(self.column, columns).unwrap_or_default();
        match self.how {
            How::Text(spoil) => fields[place] = spoil(&cells[place]).into_bytes(),
            How::Latin1 => fields[place].push(0xe9),
            How::Twice => return vec![fields.clone(), fields],
            How::Shorter => fields.truncate(columns.len() - 3),
            How::Longer => fields.push(b"left over".to_vec()),
        }
        vec![fields]
    }
}

fn place_of(column: &str, columns: &[&str]) -> Option<usize> {
    columns.iter().position(|name| *name == column)
}
