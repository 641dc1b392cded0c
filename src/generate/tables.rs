//! The files of a company: the columns of each, and the rows of an account.

use super::account::{self, DrawnAccount};
use super::around::{
    ACCOUNT_CHANGE_COLUMNS, ADJUSTMENT_COLUMNS, Arrival, DISCOUNT_COLUMNS, PAYMENT_COLUMNS,
};
use super::company::Company;
use super::places::{TAX_COLUMNS, tax_rows};
use super::plans::{PRICE_COLUMNS, TIER_COLUMNS, price_rows, tier_rows};
use super::{story, subscription};

/// One CSV file.
#[derive(Debug)]
pub(crate) struct Table {
    /// Its name in the folder.
    pub(crate) name: &'static str,
    /// Its header.
    pub(crate) columns: &'static [&'static str],
    /// The source of its rows.
    pub(crate) rows: Rows,
}

/// The source of a table's rows.
#[derive(Debug)]
pub(crate) enum Rows {
    /// The same rows in every company.
    Fixed(fn() -> Vec<Vec<String>>),
    /// Rows drawn for each account.
    OfAccounts {
        /// The rows of one account.
        of: fn(&Company, u64) -> Vec<Arrival>,
        /// Whether they are in the order of accounts. Otherwise they are mixed, as in an export
        /// from several systems.
        in_order: bool,
    },
}

pub(crate) const TABLES: [Table; 10] = [
    Table { name: "tax_rates.csv", columns: &TAX_COLUMNS, rows: Rows::Fixed(tax_rows) },
    Table { name: "prices.csv", columns: &PRICE_COLUMNS, rows: Rows::Fixed(price_rows) },
    Table { name: "price_tiers.csv", columns: &TIER_COLUMNS, rows: Rows::Fixed(tier_rows) },
    table("accounts.csv", &account::COLUMNS, accounts, true),
    table("account_changes.csv", &ACCOUNT_CHANGE_COLUMNS, account_changes, false),
    table("subscriptions.csv", &subscription::COLUMNS, subscriptions, false),
    table("changes.csv", &story::COLUMNS, changes, false),
    table("discounts.csv", &DISCOUNT_COLUMNS, discounts, true),
    table("adjustments.csv", &ADJUSTMENT_COLUMNS, adjustments, false),
    table("payments.csv", &PAYMENT_COLUMNS, payments, false),
];

const fn table(
    name: &'static str,
    columns: &'static [&'static str],
    of: fn(&Company, u64) -> Vec<Arrival>,
    in_order: bool,
) -> Table {
    Table { name, columns, rows: Rows::OfAccounts { of, in_order } }
}

fn accounts(company: &Company, number: u64) -> Vec<Arrival> {
    let account = DrawnAccount::draw(company, number);
    vec![(account.since, account.row())]
}

fn account_changes(company: &Company, number: u64) -> Vec<Arrival> {
    DrawnAccount::draw(company, number).change_rows(company)
}

fn subscriptions(company: &Company, number: u64) -> Vec<Arrival> {
    let account = DrawnAccount::draw(company, number);
    let drawn = account.draw_subscriptions(company);
    drawn.map(|it| (it.started_at, it.row(&account))).collect()
}

fn changes(company: &Company, number: u64) -> Vec<Arrival> {
    let account = DrawnAccount::draw(company, number);
    let mut rows = Vec::new();
    for subscription in account.draw_subscriptions(company) {
        let changes = subscription.draw_changes(company).into_iter();
        rows.extend(changes.map(|change| (change.arrives_at, change.row(&subscription))));
    }
    rows
}

fn discounts(company: &Company, number: u64) -> Vec<Arrival> {
    DrawnAccount::draw(company, number).discount_rows(company)
}

fn adjustments(company: &Company, number: u64) -> Vec<Arrival> {
    DrawnAccount::draw(company, number).adjustment_rows(company)
}

fn payments(company: &Company, number: u64) -> Vec<Arrival> {
    DrawnAccount::draw(company, number).payment_rows(company)
}
