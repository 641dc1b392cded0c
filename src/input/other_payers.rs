//! Discounts that name an account of one shard and a subscription of another. They are wrong, so
//! there are few, and the files are searched again for what neither shard knows.

use std::collections::HashSet;
use std::path::Path;

use super::{accounts, subscriptions};
use crate::config::InputSettings;
use crate::model::{Account, Subscription};
use crate::problem::Problem;
use crate::table::{Files, Reported, Row, TableReader, display_name};

const HINT: &str = "leave account_id empty, or correct one of the two";

/// A discount with an account that another shard has.
pub(crate) struct OtherPayer {
    line: u64,
    account: String,
    /// The index of the subscription.
    subscription: usize,
}

impl OtherPayer {
    /// The row names this subscription.
    pub(crate) fn of(row: &mut Row<'_>, subscription: usize) -> Result<Self, Reported> {
        let account = row.text("account_id")?;
        // Blanks around it are a problem that the other shard reports.
        let is_id = account.trim() == account;
        let account = is_id.then(|| account.to_owned()).ok_or(Reported)?;
        Ok(Self { line: row.line, account, subscription })
    }
}

/// Reports that an account does not pay for a subscription.
pub(crate) fn does_not_pay(
    row: &mut Row<'_>,
    accounts: &[Account],
    subscription: &Subscription,
) -> Reported {
    let account = row.glimpse("account_id");
    row.report("account_id", &account, &rule(accounts, subscription), HINT)
}

fn rule(accounts: &[Account], subscription: &Subscription) -> String {
    let owner = &accounts[subscription.account].id;
    format!("does not pay for subscription {}; {owner} does", subscription.id)
}

/// The problems of such discounts. The account must exist, and no second row of the subscription may
/// name it: other problems say so.
pub(crate) fn problems(
    (input, settings): (&Path, &InputSettings),
    (accounts, subscriptions): (&[Account], &[Subscription]),
    mut found: Vec<OtherPayer>,
) -> Vec<Problem> {
    if !found.is_empty() {
        let (named, paying) = named(input, settings, &found, subscriptions);
        found.retain(|it| {
            let pair = (it.account.clone(), subscriptions[it.subscription].id.to_string());
            named.contains(&it.account) && !paying.contains(&pair)
        });
    }
    let file = display_name(input, "discounts.csv");
    let problem = |it: OtherPayer| Problem {
        file: file.clone(),
        line: Some(it.line),
        column: Some("account_id"),
        value: Some(it.account),
        rule: rule(accounts, &subscriptions[it.subscription]),
        hint: HINT.to_owned(),
    };
    found.into_iter().map(problem).collect()
}

/// The named accounts that exist, and the pairs of account and subscription in subscriptions.csv.
fn named(
    input: &Path,
    settings: &InputSettings,
    found: &[OtherPayer],
    subscriptions: &[Subscription],
) -> (HashSet<String>, HashSet<(String, String)>) {
    let wanted: HashSet<&str> = found.iter().map(|it| &*it.account).collect();
    let of: HashSet<&str> = found.iter().map(|it| &*subscriptions[it.subscription].id).collect();
    let (mut named, mut paying) = (HashSet::new(), HashSet::new());
    // The files were read before, so all errors are known.
    let Ok(files) = Files::open(input) else { return (named, paying) };
    let mut reader = TableReader { settings: settings.clone(), ..TableReader::new(input) };
    reader.each_row("accounts.csv", files.accounts, &accounts::COLUMNS, |row| {
        named.extend(wanted.get(row.glimpse("account_id").trim()).map(ToString::to_string));
    });
    let columns = &subscriptions::COLUMNS;
    reader.each_row("subscriptions.csv", files.subscriptions, columns, |row| {
        let (account, id) = (row.glimpse("account_id"), row.glimpse("subscription_id"));
        let (account, id) = (account.trim(), id.trim());
        if wanted.contains(account) && of.contains(id) {
            paying.insert((account.to_owned(), id.to_owned()));
        }
    });
    (named, paying)
}
