//! Reads the rows of one account alone, however many the tables have.

use std::path::Path;
use std::sync::Arc;

use super::proposed::ProposedChanges;
use super::reader::Loaded;
use super::subscriptions;
use crate::config::Settings;
use crate::problem::Problems;
use crate::table::{Files, OwnerColumns, Part, Reported, Row, SourceErrors, TableKey, TableReader};

/// The row of a subscription, as far as it names its account.
struct Owned {
    id: Arc<str>,
    account: Arc<str>,
    line: u64,
}

/// The account that pays for a subscription, or why there is none.
pub(crate) enum Payer {
    Account(String),
    /// subscriptions.csv has no such id.
    Unknown,
    /// The row has problems, or there are two.
    Unclear(Problems),
}

/// Finds the account that pays for a subscription.
///
/// # Errors
/// Files that cannot be read.
pub(crate) fn payer_of(
    input: &Path,
    settings: &Settings,
    subscription: &str,
) -> Result<Payer, SourceErrors> {
    let name = "subscriptions.csv";
    let mut reader = TableReader {
        part: Part::Subscription(subscription.to_owned()),
        settings: settings.input.clone(),
        ..TableReader::new(input)
    };
    let key = TableKey {
        shard_by: OwnerColumns::ACCOUNT,
        ..TableKey::own("subscription_id", |item: &Owned| (&item.id, item.line))
    };
    let content = Files::open(input)?.subscriptions;
    let rows = reader.rows(name, content, &subscriptions::COLUMNS, &key, owned);
    let (_, findings) = reader.finish()?;
    if !findings.problems.is_empty() {
        return Ok(Payer::Unclear(findings.problems));
    }
    let account = rows.items.first().map(|owned| owned.account.to_string());
    Ok(account.map_or(Payer::Unknown, Payer::Account))
}

fn owned(row: &mut Row<'_>) -> Result<Owned, Reported> {
    let id = row.id("subscription_id");
    let account = row.id("account_id");
    Ok(Owned { id: id?, account: account?, line: row.line })
}

/// Reads the rows of one account and everything that belongs to no account, and adds proposed
/// changes to the log.
///
/// # Errors
/// Files that cannot be read. Problems *in* the rows are in [`Loaded::problems`].
pub(crate) fn load_account(
    input: &Path,
    settings: &Settings,
    account: &str,
    proposed: &ProposedChanges<'_>,
) -> Result<Loaded, SourceErrors> {
    let part = Part::Account(account.to_owned());
    TableReader { part, ..TableReader::new(input) }.load_with(settings, Some(proposed))
}
