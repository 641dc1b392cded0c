//! Reads the files of the input folder in the order in which they refer to each other, and
//! groups what they say.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::field::{Reported, Row};
use super::source::{Source, SourceError, read, read_optional};
use super::table::{Column, Findings, read_table};
use super::{accounts, changes, display_name, prices, subscriptions};
use crate::config::Settings;
use crate::model::{Account, Book, Change, Price, Subscription};
use crate::problem::{Problem, nearest};

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
/// A file that must be there and cannot be read. What is wrong *in* the files is in
/// [`Loaded::problems`].
pub fn load(input: &Path, settings: &Settings) -> Result<Loaded, SourceError> {
    let mut reader = Reader { input, findings: Findings::default(), sources: Vec::new() };
    let accounts_csv = read(input, "accounts.csv")?;
    let prices_csv = read(input, "prices.csv")?;
    let tiers_csv = read_optional(input, "price_tiers.csv")?;
    let subscriptions_csv = read(input, "subscriptions.csv")?;
    let changes_csv = read(input, "changes.csv")?;

    let (accounts, broken) = reader.accounts(&accounts_csv, settings);
    let account_index = Index::new("accounts.csv", accounts.iter().map(|item| &item.id), broken);
    let (prices, broken) = reader.prices(&prices_csv, tiers_csv.as_deref());
    let price_index = Index::new("prices.csv", prices.iter().map(|item| &item.id), broken);
    let (subscriptions, broken) =
        reader.subscriptions(&subscriptions_csv, &accounts, &account_index, &price_index);
    let ids = subscriptions.iter().map(|item| &item.id);
    let subscription_index = Index::new("subscriptions.csv", ids, broken);
    let (changes, gaps) =
        reader.changes(&changes_csv, &accounts, &subscriptions, &subscription_index, &price_index);

    reader.findings.problems.sort_by_key(place);
    Ok(Loaded {
        book: group(accounts, prices, subscriptions, changes),
        sources: reader.sources,
        gaps,
        problems: reader.findings.problems,
        warnings: reader.findings.warnings,
    })
}

/// Problems are listed by file, in the order of reading, and by line.
fn place(problem: &Problem) -> (usize, u64) {
    let file = super::FILES.iter().position(|name| problem.file.ends_with(name));
    (file.unwrap_or_default(), problem.line.unwrap_or_default())
}

struct Reader<'a> {
    input: &'a Path,
    findings: Findings,
    sources: Vec<Source>,
}

impl Reader<'_> {
    fn accounts(&mut self, content: &[u8], settings: &Settings) -> (Vec<Account>, Broken) {
        self.rows("accounts.csv", content, &accounts::COLUMNS, "account_id", |row| {
            let account = accounts::parse(row, settings.zone)?;
            Ok((Arc::clone(&account.id), account))
        })
    }

    fn prices(&mut self, content: &[u8], tiers: Option<&[u8]>) -> (Vec<Price>, Broken) {
        let mut by_price = prices::Tiers::new();
        let mut rows: HashMap<Arc<str>, u64> = HashMap::new();
        if let Some(tiers) = tiers {
            self.each_row("price_tiers.csv", tiers, &prices::TIER_COLUMNS, |row| {
                if let Ok((price, tier)) = prices::parse_tier(row) {
                    rows.entry(Arc::clone(&price)).or_insert(row.line);
                    by_price.entry(price).or_default().push(tier);
                }
            });
        }
        let columns: Vec<Column> = prices::COLUMNS.into_iter().chain([prices::ON_SWITCH]).collect();
        let mut known = Vec::new();
        let prices = self.rows("prices.csv", content, &columns, "price_id", |row| {
            known.push(row.text("price_id")?.to_owned());
            let price = prices::parse(row, &mut by_price)?;
            Ok((Arc::clone(&price.id), price))
        });
        let file = display_name(self.input, "price_tiers.csv");
        let orphans = by_price.into_keys().filter(|id| !known.iter().any(|name| **name == **id));
        self.findings.problems.extend(orphans.map(|id| Problem {
            file: file.clone(),
            line: rows.get(&id).copied(),
            column: Some("price_id"),
            value: Some(id.to_string()),
            rule: "is not in prices.csv".to_owned(),
            hint: unknown_hint(&id, "prices.csv", known.iter().map(String::as_str)),
        }));
        prices
    }

    fn subscriptions(
        &mut self,
        content: &[u8],
        accounts: &[Account],
        account_index: &Index,
        price_index: &Index,
    ) -> (Vec<Subscription>, Broken) {
        let columns = &subscriptions::COLUMNS;
        self.rows("subscriptions.csv", content, columns, "subscription_id", |row| {
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
        let mut gaps = HashSet::new();
        let columns = &changes::COLUMNS;
        let (changes, _) = self.rows("changes.csv", content, columns, "change_id", |row| {
            let change =
                changes::parse(row, accounts, subscriptions, subscription_index, price_index);
            if change.is_err() {
                gaps.extend(row.text("subscription_id").map(str::to_owned));
            }
            change.map(|change| (Arc::clone(&change.1.id), change))
        });
        (changes, gaps)
    }

    /// The rows of a file whose ids must be unique, and the ids of those that are no use.
    fn rows<T>(
        &mut self,
        name: &'static str,
        content: &[u8],
        columns: &[Column],
        id_column: &'static str,
        mut parse: impl FnMut(&mut Row<'_>) -> Result<(Arc<str>, T), Reported>,
    ) -> (Vec<T>, Broken) {
        let mut items = Vec::new();
        let mut broken = Broken::new();
        let mut first_line: HashMap<Arc<str>, u64> = HashMap::new();
        self.each_row(name, content, columns, |row| {
            let Ok((id, item)) = parse(row) else {
                broken.extend(row.text(id_column).map(str::to_owned));
                return;
            };
            match first_line.entry(id) {
                std::collections::hash_map::Entry::Vacant(entry) => {
                    entry.insert(row.line);
                    items.push(item);
                }
                std::collections::hash_map::Entry::Occupied(entry) => {
                    let rule = format!("is already the id of line {}", entry.get());
                    let id = entry.key().to_string();
                    row.report(id_column, &id, &rule, "give every row an id of its own");
                }
            }
        });
        (items, broken)
    }

    fn each_row(
        &mut self,
        name: &'static str,
        content: &[u8],
        columns: &[Column],
        mut visit: impl FnMut(&mut Row<'_>),
    ) {
        let file = display_name(self.input, name);
        let findings = &mut self.findings;
        let rows =
            read_table(&file, content, columns, findings, |header, record, line, findings| {
                visit(&mut Row::new(header, record, line, findings));
            });
        self.sources.push(Source::describe(name, content, rows));
    }
}

/// Ids of rows that were reported: what refers to them is not reported again.
type Broken = HashSet<String>;

/// The rows of another file, by id.
pub struct Index {
    file: &'static str,
    places: HashMap<Arc<str>, usize>,
    broken: Broken,
}

impl Index {
    fn new<'a>(
        file: &'static str,
        ids: impl Iterator<Item = &'a Arc<str>>,
        broken: Broken,
    ) -> Self {
        let places = ids.enumerate().map(|(place, id)| (Arc::clone(id), place)).collect();
        Self { file, places, broken }
    }

    /// The place of the row that a field refers to.
    pub fn find(&self, row: &mut Row<'_>, column: &'static str) -> Result<usize, Reported> {
        let id = row.required(column)?;
        if self.broken.contains(id) {
            return Err(Reported);
        }
        self.places.get(id).copied().ok_or_else(|| {
            let hint = unknown_hint(id, self.file, self.places.keys().map(|known| &**known));
            row.report(column, id, &format!("is not in {}", self.file), &hint)
        })
    }
}

fn unknown_hint<'a>(id: &str, file: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest(id, known).map_or_else(
        || format!("add it to {file}, or correct the id"),
        |similar| format!("add it to {file}, or write \"{similar}\" if that is meant"),
    )
}

/// Puts subscriptions beside their accounts and changes beside their subscriptions.
fn group(
    accounts: Vec<Account>,
    prices: Vec<Price>,
    subscriptions: Vec<Subscription>,
    mut changes: Vec<(usize, Change)>,
) -> Book {
    let mut order: Vec<usize> = (0..subscriptions.len()).collect();
    order.sort_by_key(|&place| subscriptions[place].account);
    let mut new_place = vec![0; subscriptions.len()];
    for (new, &old) in order.iter().enumerate() {
        new_place[old] = new;
    }
    for (place, _) in &mut changes {
        *place = new_place[*place];
    }
    // Stable sorts: what is equal stays in the order of the file.
    changes.sort_by_key(|(place, change)| (*place, change.at));
    let mut sorted: Vec<Subscription> = subscriptions;
    sorted.sort_by_key(|subscription| subscription.account);
    Book {
        subscriptions_of: ranges(accounts.len(), sorted.iter().map(|item| item.account)),
        changes_of: ranges(sorted.len(), changes.iter().map(|(place, _)| *place)),
        accounts,
        prices,
        subscriptions: sorted,
        changes: changes.into_iter().map(|(_, change)| change).collect(),
    }
}

/// For each owner, the run of items that are its own; `owners` is sorted.
fn ranges(count: usize, owners: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
    let mut sizes = vec![0; count];
    for owner in owners {
        sizes[owner] += 1;
    }
    let mut start = 0;
    sizes
        .into_iter()
        .map(|size| {
            let range = start..start + size;
            start += size;
            range
        })
        .collect()
}
