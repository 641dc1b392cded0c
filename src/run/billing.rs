//! Bills all accounts in parallel and gathers what they say.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use rayon::prelude::*;

use crate::config::Settings;
use crate::input::display_name;
use crate::invoice::{AccountBill, BillError, DueError, bill_account};
use crate::model::Book;
use crate::problem::Problem;
use crate::register::{State, Watch};
use crate::render::csv::Exception;
use crate::timeline::TimelineError;
use crate::value::Instant;

/// The bills of all accounts, in the order of the book.
pub fn bill_all(
    book: &Book,
    settings: &Settings,
    watch: &Watch,
    state: &State,
    span: (Option<Instant>, Instant),
) -> Vec<AccountBill> {
    (0..book.accounts.len())
        .into_par_iter()
        .map(|account| {
            let credit = state.credit.get(&*book.accounts[account].id).cloned().unwrap_or_default();
            let history = |subscription: usize| &watch.histories[subscription];
            bill_account(account, book, settings, history, credit, span)
        })
        .collect()
}

/// What is wrong, as problems of the input. Of subscriptions in `gaps`, some rows are missing
/// because they were reported already: nothing more is said of them.
pub fn bill_problems(
    bills: &[AccountBill],
    book: &Book,
    gaps: &HashSet<String>,
    input: &Path,
) -> Vec<Problem> {
    let errors = bills.iter().flat_map(|bill| &bill.errors);
    errors
        .filter(|error| match error {
            BillError::Subscription { index, .. } => {
                !gaps.contains(&*book.subscriptions[*index].id)
            }
            BillError::Total { .. } | BillError::Balance { .. } => true,
        })
        .map(|error| bill_problem(error, book, input))
        .collect()
}

fn bill_problem(error: &BillError, book: &Book, input: &Path) -> Problem {
    match error {
        BillError::Subscription { index, error: DueError::Timeline(error) } => {
            timeline_problem(*index, error, book, input)
        }
        BillError::Subscription { index, error: DueError::Rating(error) } => {
            let subscription = &book.subscriptions[*index];
            Problem {
                file: display_name(input, "subscriptions.csv"),
                line: Some(subscription.line),
                column: Some("subscription_id"),
                value: Some(subscription.id.to_string()),
                rule: error.to_string(),
                hint: "check its price and its quantity".to_owned(),
            }
        }
        BillError::Balance { account } => Problem {
            file: display_name(input, "accounts.csv"),
            line: Some(book.accounts[*account].line),
            column: Some("account_id"),
            value: Some(book.accounts[*account].id.to_string()),
            rule: "has credit that does not fit 64 bits".to_owned(),
            hint: "check its prices, quantities and adjustments".to_owned(),
        },
        BillError::Total { account, currency } => Problem {
            file: display_name(input, "accounts.csv"),
            line: Some(book.accounts[*account].line),
            column: Some("account_id"),
            value: Some(book.accounts[*account].id.to_string()),
            rule: format!("has an invoice in {currency} that does not fit 64 bits"),
            hint: "check its prices and quantities".to_owned(),
        },
    }
}

fn timeline_problem(index: usize, error: &TimelineError, book: &Book, input: &Path) -> Problem {
    let change = &book.changes[book.changes_of[index].clone()][error.change];
    Problem {
        file: display_name(input, "changes.csv"),
        line: Some(change.line),
        column: Some(error.kind.column()),
        value: change_value(change, &error.kind),
        rule: error.kind.to_string(),
        hint: error.kind.hint().to_owned(),
    }
}

fn change_value(
    change: &crate::model::Change,
    kind: &crate::timeline::TimelineErrorKind,
) -> Option<String> {
    use crate::model::ChangeKind;
    use crate::timeline::TimelineErrorKind::{NegativeQuantity, PreviousQuantity, TooMany};
    match (kind, change.kind) {
        (PreviousQuantity { .. }, _) => change.previous_quantity.map(|held| held.to_string()),
        (NegativeQuantity { .. } | TooMany, ChangeKind::Delta(delta)) => Some(delta.to_string()),
        _ => None,
    }
}

/// What led to nothing, for `exceptions.csv`.
pub fn exceptions(bills: &[AccountBill], book: &Book) -> Vec<Exception> {
    let mut exceptions = Vec::new();
    for bill in bills {
        for (subscription, change) in &bill.ineffective {
            let ledger = book.ledger(*subscription);
            exceptions.push(Exception {
                kind: "no_effect",
                account_id: ledger.account.id.to_string(),
                subscription_id: ledger.subscription.id.to_string(),
                reference: ledger.changes[*change].id.to_string(),
                message: "the subscription had ended before this change".to_owned(),
            });
        }
        for document in &bill.suppressed {
            let account = &book.accounts[document.account];
            exceptions.push(Exception {
                kind: "zero_amount",
                account_id: account.id.to_string(),
                subscription_id: String::new(),
                reference: account.zone.rfc3339(document.instant),
                message: format!(
                    "an invoice of 0 {} was not published; invoice.publish_zero_amount would",
                    document.currency
                ),
            });
        }
    }
    exceptions
}

/// The sums of credit after a close, and the credit of every account. Accounts that are no longer
/// in the book keep theirs.
pub fn closing_credit(
    bills: Vec<AccountBill>,
    book: &Book,
    state: &State,
) -> BTreeMap<String, BTreeMap<crate::value::Currency, crate::value::Amount>> {
    let mut credit = state.credit.clone();
    for (bill, account) in bills.into_iter().zip(&book.accounts) {
        credit.insert(account.id.to_string(), bill.credit);
    }
    for balances in credit.values_mut() {
        balances.retain(|_, balance| !balance.is_zero());
    }
    credit.retain(|_, balances| !balances.is_empty());
    credit
}
