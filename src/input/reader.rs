//! Reads the files of the input folder in the order in which they refer to each other, and
//! groups what they say.

use std::collections::HashSet;
use std::collections::hash_map::{Entry, HashMap};
use std::path::Path;
use std::sync::Arc;

use super::field::{Reported, Row};
use super::group::group;
use super::index::{Broken, Index};
use super::source::{Files, Source, SourceErrors};
use super::table::{Column, Findings, read_table};
use super::tiers::{self, Tiers};
use super::{accounts, changes, display_name, prices, subscriptions};
use crate::config::Settings;
use crate::model::{Account, Book, Change, Price, Subscription};
use crate::problem::Problem;

/// Something odd that does not stop the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning(pub String);

/// The input of a run.
#[derive(Debug)]
pub struct Loaded {
    /// Every row that could be understood.
    pub book: Book,
    /// The files that were read.
    pub sources: Vec<Source>,
    /// Ids of subscriptions some of whose changes could not be understood: their timelines have
    /// gaps, and nothing further can be said of them.
    pub gaps: HashSet<String>,
    /// Every row that could not, and why. If there are any, the book is not complete.
    pub problems: Vec<Problem>,
    /// What is odd.
    pub warnings: Vec<Warning>,
}

/// Reads and checks all files of the input folder.
///
/// # Errors
/// Files that must be there and cannot be read, all of them. What is wrong *in* the files is in
/// [`Loaded::problems`].
pub fn load(input: &Path, settings: &Settings) -> Result<Loaded, SourceErrors> {
    let mut reader = Reader { input, findings: Findings::default(), sources: Vec::new() };
    let files = Files::read(input)?;

    let (accounts, broken) = reader.accounts(&files.accounts, settings);
    let account_index = Index::new("accounts.csv", accounts.iter().map(|item| &item.id), broken);
    let (prices, price_index) = reader.prices(&files.prices, files.tiers.as_deref(), settings);
    let (subscriptions, broken) =
        reader.subscriptions(&files.subscriptions, &accounts, &account_index, &price_index);
    let ids = subscriptions.iter().map(|item| &item.id);
    let subscription_index = Index::new("subscriptions.csv", ids, broken);
    let (changes, gaps) = reader.changes(
        &files.changes,
        &accounts,
        &subscriptions,
        &subscription_index,
        &price_index,
    );

    sort(&mut reader.findings.problems);
    Ok(Loaded {
        book: group(accounts, prices, subscriptions, changes),
        sources: reader.sources,
        gaps,
        problems: reader.findings.problems,
        warnings: reader.findings.warnings,
    })
}

/// Puts problems in the order of the files, as they are read, and of their lines.
pub fn sort(problems: &mut [Problem]) {
    problems.sort_by_key(|problem| {
        let file = super::FILES.iter().position(|name| problem.file.ends_with(name));
        (file.unwrap_or_default(), problem.line.unwrap_or_default())
    });
}

struct Reader<'a> {
    input: &'a Path,
    findings: Findings,
    sources: Vec<Source>,
}

impl Reader<'_> {
    fn accounts(&mut self, content: &[u8], settings: &Settings) -> (Vec<Account>, Broken) {
        let key = Key { id: "account_id", owner: "account_id" };
        self.rows("accounts.csv", content, &accounts::COLUMNS, key, |row| {
            let account = accounts::parse(row, settings.zone)?;
            Ok((Arc::clone(&account.id), account))
        })
    }

    fn prices(
        &mut self,
        content: &[u8],
        tiers_csv: Option<&[u8]>,
        settings: &Settings,
    ) -> (Vec<Price>, Index) {
        let tiers = tiers_csv.map(|content| self.tiers(content)).unwrap_or_default();
        let key = Key { id: "price_id", owner: "price_id" };
        let (prices, broken) = self.rows("prices.csv", content, &prices::COLUMNS, key, |row| {
            let price = prices::parse(row, &tiers, settings)?;
            Ok((Arc::clone(&price.id), price))
        });
        let index = Index::new("prices.csv", prices.iter().map(|item| &item.id), broken);
        let file = display_name(self.input, "price_tiers.csv");
        self.findings.problems.extend(tiers.orphans(&file, &index));
        (prices, index)
    }

    fn tiers(&mut self, content: &[u8]) -> Tiers {
        let name = "price_tiers.csv";
        let mut tiers = Tiers::default();
        if !self.each_row(name, content, &tiers::COLUMNS, |row| tiers.read(row)) {
            tiers.set_incomplete();
        }
        self.findings.problems.extend(tiers.check(&display_name(self.input, name)));
        tiers
    }

    fn subscriptions(
        &mut self,
        content: &[u8],
        accounts: &[Account],
        account_index: &Index,
        price_index: &Index,
    ) -> (Vec<Subscription>, Broken) {
        let columns = &subscriptions::COLUMNS;
        let key = Key { id: "subscription_id", owner: "subscription_id" };
        self.rows("subscriptions.csv", content, columns, key, |row| {
            let subscription = subscriptions::parse(row, accounts, account_index, price_index)?;
            Ok((Arc::clone(&subscription.id), subscription))
        })
    }

    fn changes(
        &mut self,
        content: &[u8],
        accounts: &[Account],
        subscriptions: &[Subscription],
        subscription_index: &Index,
        price_index: &Index,
    ) -> (Vec<(usize, Change)>, HashSet<String>) {
        let key = Key { id: "change_id", owner: "subscription_id" };
        let (changes, broken) = self.rows("changes.csv", content, &changes::COLUMNS, key, |row| {
            let change =
                changes::parse(row, accounts, subscriptions, subscription_index, price_index)?;
            Ok((Arc::clone(&change.1.id), change))
        });
        (changes, broken.into_ids(subscriptions.iter().map(|item| &item.id)))
    }

    /// The rows of a file whose ids must be unique, and the owners of those that are no use.
    fn rows<T>(
        &mut self,
        name: &'static str,
        content: &[u8],
        columns: &[Column],
        key: Key,
        mut parse: impl FnMut(&mut Row<'_>) -> Result<(Arc<str>, T), Reported>,
    ) -> (Vec<T>, Broken) {
        let mut items = Vec::new();
        let mut broken = Broken::default();
        let mut first_line: HashMap<Arc<str>, u64> = HashMap::new();
        let complete = self.each_row(name, content, columns, |row| {
            let parsed = row.sound().and_then(|()| parse(row));
            match parsed.and_then(|(id, item)| first(row, key.id, id, item, &mut first_line)) {
                Ok(item) => items.push(item),
                Err(Reported) => broken.insert(&row.glimpse(key.owner)),
            }
        });
        if !complete {
            broken.set_incomplete();
        }
        (items, broken)
    }

    /// Shows every row of a file. Returns whether that were all: `false` if the file could not be
    /// read to its end.
    fn each_row(
        &mut self,
        name: &'static str,
        content: &[u8],
        columns: &[Column],
        mut visit: impl FnMut(&mut Row<'_>),
    ) -> bool {
        let file = display_name(self.input, name);
        let findings = &mut self.findings;
        let extent =
            read_table(&file, content, columns, findings, |header, record, line, findings| {
                visit(&mut Row::new(header, record, line, findings));
            });
        self.sources.push(Source::describe(name, content, extent.rows));
        extent.complete
    }
}

/// The columns by which a file's rows are known.
#[derive(Clone, Copy)]
struct Key {
    /// Its own id, unique in the file.
    id: &'static str,
    /// The id under which a row would be missed: its own, or that of the row it belongs to.
    owner: &'static str,
}

/// Lets only the first row of an id pass.
fn first<T>(
    row: &mut Row<'_>,
    column: &'static str,
    id: Arc<str>,
    item: T,
    first_line: &mut HashMap<Arc<str>, u64>,
) -> Result<T, Reported> {
    match first_line.entry(id) {
        Entry::Vacant(entry) => {
            entry.insert(row.line);
            Ok(item)
        }
        Entry::Occupied(entry) => {
            let rule = format!("is already the id of line {}", entry.get());
            let id = entry.key().to_string();
            Err(row.report(column, &id, &rule, "give every row an id of its own"))
        }
    }
}
