//! `review.csv`: what of a close is worth a second look, and why.

use std::borrow::Cow;

use super::{table, text_cell};
use crate::model::Account;
use crate::review::Finding;
use crate::value::Amount;

/// Its columns.
pub const COLUMNS: [&str; 8] =
    ["kind", "account_id", "account_name", "reference", "currency", "amount", "before", "message"];

/// The bytes of the file.
pub fn review_csv(findings: &[Finding], accounts: &[Account]) -> Vec<u8> {
    table(COLUMNS, findings.iter().map(|finding| row(finding, accounts)))
}

fn row<'a>(finding: &'a Finding, accounts: &'a [Account]) -> [Cow<'a, str>; 8] {
    let account = finding.account.map(|account| &accounts[account]);
    let money = |amount: Option<Amount>| match amount.zip(finding.currency) {
        Some((amount, currency)) => Cow::Owned(amount.to_decimal_string(currency)),
        None => Cow::Borrowed(""),
    };
    [
        Cow::Borrowed(finding.kind.as_str()),
        account.map_or(Cow::Borrowed(""), |account| text_cell(&account.id)),
        account.map_or(Cow::Borrowed(""), |account| text_cell(&account.name)),
        text_cell(&finding.reference),
        Cow::Borrowed(finding.currency.map_or("", |currency| currency.code())),
        money(finding.amount),
        money(finding.before),
        text_cell(&finding.message),
    ]
}
