//! Finds the accounts that problems concern, from the rows in question.
//!
//! A row names an account directly, through its subscription, or through its invoice. A problem
//! about the id of a row concerns every row with that id. Other problems may concern any account: a
//! price, a header, or a row with too many or too few values.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use super::{
    account_changes, accounts, adjustments, changes, discounts, payments, subscriptions, voids,
};
use crate::config::InputSettings;
use crate::problem::Problem;
use crate::table::{Column, Files, Opened, Row, SourceErrors, TableReader, is_of};

/// Problems and the accounts that they concern.
#[derive(Debug, Default)]
pub(crate) struct AffectedAccounts<'p> {
    /// The problems of each account, in order.
    pub(crate) accounts: BTreeMap<String, Vec<&'p Problem>>,
    /// Problems that may concern any account.
    pub(crate) anybody: Vec<&'p Problem>,
}

/// The rows that problems are about.
pub(crate) struct AffectedRows<'p> {
    problems: &'p [Problem],
    names: Vec<RowNames>,
    /// The accounts of the named subscriptions.
    owners: HashMap<String, BTreeSet<String>>,
}

impl<'p> AffectedRows<'p> {
    /// Reads the rows.
    ///
    /// # Errors
    /// Files that cannot be read.
    pub(crate) fn read(
        input: &Path,
        settings: &InputSettings,
        problems: &'p [Problem],
    ) -> Result<Self, SourceErrors> {
        let mut names: Vec<RowNames> = vec![RowNames::default(); problems.len()];
        let mut reader = TableReader { settings: settings.clone(), ..TableReader::new(input) };
        for (table, content) in tables(Files::open(input)?) {
            let wanted = WantedRows::new(problems, &table);
            if wanted.is_empty() {
                continue;
            }
            reader.each_row(table.file, content, table.columns, |row| {
                for place in wanted.by(row) {
                    names[place].add(row, &table);
                }
            });
        }
        let owners = owners(&mut reader, Files::open(input)?.subscriptions, &names);
        reader.finish()?;
        Ok(Self { problems, names, owners })
    }

    /// The invoice numbers by which payments name their accounts.
    pub(crate) fn invoices(&self) -> BTreeSet<&str> {
        let rows = self.names.iter().flat_map(|names| &names.rows);
        rows.filter_map(
            |row| if let RowName::Invoice(number) = row { Some(&**number) } else { None },
        )
        .collect()
    }

    /// The accounts that the problems concern. `payers` gives the accounts of those invoices.
    pub(crate) fn concerned(&self, payers: &BTreeMap<String, String>) -> AffectedAccounts<'p> {
        let mut concerned = AffectedAccounts::default();
        for (problem, names) in self.problems.iter().zip(&self.names) {
            match names.accounts(&self.owners, payers) {
                Some(accounts) => accounts.into_iter().for_each(|account| {
                    concerned.accounts.entry(account).or_default().push(problem);
                }),
                None => concerned.anybody.push(problem),
            }
        }
        concerned
    }
}

/// The accounts of the named subscriptions.
fn owners(
    reader: &mut TableReader<'_>,
    content: Opened,
    names: &[RowNames],
) -> HashMap<String, BTreeSet<String>> {
    let mut owners: HashMap<String, BTreeSet<String>> = HashMap::new();
    let subscriptions = names.iter().flat_map(|it| &it.rows).filter_map(|row| match row {
        RowName::Subscription(id) => Some(id),
        _ => None,
    });
    owners.extend(subscriptions.map(|id| (id.clone(), BTreeSet::new())));
    if owners.is_empty() {
        return owners;
    }
    reader.each_row("subscriptions.csv", content, &subscriptions::COLUMNS, |row| {
        if let Some(accounts) = owners.get_mut(row.glimpse("subscription_id").trim()) {
            accounts.insert(row.glimpse("account_id").trim().to_owned());
        }
    });
    owners
}

/// The account, subscription or invoice that one row names.
#[derive(Clone, Debug)]
enum RowName {
    Account(String),
    Subscription(String),
    Invoice(String),
    Nothing,
}

/// The rows that one problem is about.
#[derive(Clone, Debug, Default)]
struct RowNames {
    rows: Vec<RowName>,
}

impl RowNames {
    fn add(&mut self, row: &Row<'_>, table: &OwnedTable) {
        let named = table.names.iter().find_map(|(column, name)| {
            let id = legible(&row.glimpse(column))?;
            Some(name(id))
        });
        self.rows.push(named.unwrap_or(RowName::Nothing));
    }

    /// The accounts; `None` if a row's account is unknown, or if there is no row.
    fn accounts(
        &self,
        owners: &HashMap<String, BTreeSet<String>>,
        payers: &BTreeMap<String, String>,
    ) -> Option<BTreeSet<String>> {
        let mut accounts = BTreeSet::new();
        for name in &self.rows {
            match name {
                RowName::Account(id) => accounts.extend([id.clone()]),
                RowName::Subscription(id) => accounts.extend(owners.get(id)?.iter().cloned()),
                RowName::Invoice(number) => accounts.extend([payers.get(number)?.clone()]),
                RowName::Nothing => return None,
            }
            // A subscription that has no row, or whose row names no account.
            if accounts.is_empty() || accounts.contains("") {
                return None;
            }
        }
        Some(accounts).filter(|accounts| !accounts.is_empty())
    }
}

/// An id as written, if it is readable.
fn legible(id: &str) -> Option<String> {
    let id = id.trim();
    let is_legible = !id.is_empty() && !id.contains(['\0', char::REPLACEMENT_CHARACTER]);
    is_legible.then(|| id.to_owned())
}

/// A file whose rows belong to accounts.
struct OwnedTable {
    file: &'static str,
    columns: &'static [Column],
    /// The column of the row ids.
    id: &'static str,
    /// The columns that name the account, the surest first.
    names: NamingColumns,
}

fn tables(files: Files) -> impl Iterator<Item = (OwnedTable, Opened)> {
    let tables = [
        (Some(files.accounts), "accounts.csv", &accounts::COLUMNS[..], "account_id", ACCOUNT),
        (
            files.account_changes,
            account_changes::FILE,
            &account_changes::COLUMNS,
            "account_id",
            ACCOUNT,
        ),
        (
            Some(files.subscriptions),
            "subscriptions.csv",
            &subscriptions::COLUMNS,
            "subscription_id",
            ACCOUNT,
        ),
        (Some(files.changes), "changes.csv", &changes::COLUMNS, "change_id", SUBSCRIPTION),
        (files.discounts, "discounts.csv", &discounts::COLUMNS, "discount_id", EITHER),
        (files.adjustments, "adjustments.csv", &adjustments::COLUMNS, "adjustment_id", ACCOUNT),
        (files.voids, "voids.csv", &voids::COLUMNS, "invoice_number", INVOICE),
        (files.payments, "payments.csv", &payments::COLUMNS, "payment_id", PAYER),
    ];
    tables.into_iter().filter_map(|(content, file, columns, id, names)| {
        content.map(|content| (OwnedTable { file, columns, id, names }, content))
    })
}

type NamingColumns = &'static [(&'static str, fn(String) -> RowName)];
const ACCOUNT: NamingColumns = &[("account_id", RowName::Account)];
const SUBSCRIPTION: NamingColumns = &[("subscription_id", RowName::Subscription)];
const EITHER: NamingColumns =
    &[("account_id", RowName::Account), ("subscription_id", RowName::Subscription)];
const INVOICE: NamingColumns = &[("invoice_number", RowName::Invoice)];
const PAYER: NamingColumns =
    &[("account_id", RowName::Account), ("invoice_number", RowName::Invoice)];

/// The rows of a file that problems are about.
struct WantedRows<'p> {
    /// Indexes of problems by line.
    lines: HashMap<u64, Vec<usize>>,
    /// Indexes of problems by the value of a column.
    cells: HashMap<(&'static str, &'p str), Vec<usize>>,
    /// The columns in `cells`.
    columns: BTreeSet<&'static str>,
}

impl<'p> WantedRows<'p> {
    fn new(problems: &'p [Problem], table: &OwnedTable) -> Self {
        let mut wanted =
            Self { lines: HashMap::new(), cells: HashMap::new(), columns: BTreeSet::new() };
        for (place, problem) in
            problems.iter().enumerate().filter(|(_, it)| is_of(&it.file, table.file))
        {
            // A problem without a column may concern the account of the row.
            let Some(column) = problem.column else { continue };
            if let Some(line) = problem.line {
                wanted.lines.entry(line).or_default().push(place);
            }
            if let Some(value) = &problem.value
                && (column == table.id || problem.line.is_none())
            {
                wanted.columns.insert(column);
                wanted.cells.entry((column, value.trim())).or_default().push(place);
            }
        }
        wanted
    }

    fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.cells.is_empty()
    }

    /// The problems about a row.
    fn by(&self, row: &Row<'_>) -> BTreeSet<usize> {
        let mut places: BTreeSet<usize> = BTreeSet::new();
        places.extend(self.lines.get(&row.line).into_iter().flatten());
        for column in &self.columns {
            let cell = row.glimpse(column);
            places.extend(self.cells.get(&(*column, cell.trim())).into_iter().flatten());
        }
        places
    }
}
