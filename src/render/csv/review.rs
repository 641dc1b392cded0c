//! `review.csv`: findings of a close that need a second look, with the reasons.

use crate::model::Account;
use crate::review::{Finding, FindingKind, ListedFinding};
use crate::table::{CsvTable, CsvWriter};
use crate::value::Amount;

pub(crate) const COLUMNS: [&str; 8] =
    ["kind", "account_id", "account_name", "reference", "currency", "amount", "before", "message"];

/// The table. The findings are sorted.
pub(crate) fn review_csv<'a>(findings: &'a [Finding], accounts: &'a [Account]) -> CsvTable<'a> {
    CsvTable::new(&COLUMNS, findings, |finding, rows| row(finding, accounts, rows))
}

/// The rows of prices, which have no account.
pub(crate) fn listed_prices(prices: &[ListedFinding]) -> Vec<u8> {
    let mut rows = CsvWriter::default();
    for price in prices {
        rows.word(FindingKind::UnusedPrice.as_str());
        rows.empty(2);
        rows.text(&price.reference);
        rows.word(price.currency.map_or("", |currency| currency.code()));
        rows.empty(2);
        rows.text(&price.message);
        rows.end();
    }
    rows.into_bytes()
}

fn row(finding: &Finding, accounts: &[Account], rows: &mut CsvWriter) {
    let account = finding.account.map(|account| &accounts[account]);
    rows.word(finding.kind.as_str());
    rows.optional(account.map(|account| &*account.id));
    rows.optional(account.map(|account| &*account.name));
    rows.text(&finding.reference);
    rows.word(finding.currency.map_or("", |currency| currency.code()));
    let mut money = |amount: Option<Amount>| match amount.zip(finding.currency) {
        Some((amount, currency)) => rows.money(amount, currency),
        None => rows.word(""),
    };
    money(finding.amount);
    money(finding.before);
    rows.text(&finding.message);
    rows.end();
}
