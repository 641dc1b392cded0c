//! `prorata owed`: lists the debts after the newest close, and how long they have been overdue.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::list::{ListFormat, align, csv_text, json_text};
use crate::model::Age;
use crate::pipeline::{RunError, damaged, each_row};
use crate::register::{Register, State};
use crate::value::{Amount, Currency};

const TABLE: &str = "receivables.csv";

/// The JSON form of the list.
#[derive(Debug, Serialize)]
struct List<'a> {
    /// The name of the close.
    close: &'a str,
    accounts: Vec<OwedRow>,
    totals: Vec<OwedRow>,
}

/// The debt of one account, or of all accounts, in one currency.
#[derive(Clone, Debug, Default, Serialize)]
struct OwedRow {
    account_id: String,
    account_name: String,
    currency: String,
    not_due: String,
    days_1_30: String,
    days_31_60: String,
    days_61_90: String,
    over_90: String,
    total: String,
    credit: String,
}

/// The fields of [`OwedRow`], in order.
const COLUMNS: [&str; 10] = [
    "account_id",
    "account_name",
    "currency",
    "not_due",
    "days_1_30",
    "days_31_60",
    "days_61_90",
    "over_90",
    "total",
    "credit",
];

const TITLES: [&str; 10] = [
    "account", "name", "currency", "not due", "1-30", "31-60", "61-90", "over 90", "total",
    "credit",
];

/// Lists the open amounts after the newest close by account, currency and age.
///
/// # Errors
/// The register cannot be read, or has no close.
pub(crate) fn owed(output: &Path, format: ListFormat) -> Result<String, RunError> {
    let register = Register::open(output)?;
    let Some(newest) = register.newest() else {
        return Err(RunError::NotFound {
            what: format!("closes in {}", output.display()),
            hint: "--output names the folder that holds the closes",
        });
    };
    let debts = debts(&newest.path)?;
    let too_large = || damaged(&newest.path.join(TABLE), "does not add up within 64 bits");
    let totals = totals(debts.values()).ok_or_else(too_large)?;
    let accounts: Option<Vec<OwedRow>> =
        debts.iter().map(|((account_id, _), debt)| debt.entry(account_id)).collect();
    let accounts = accounts.ok_or_else(too_large)?;
    let totals: Option<Vec<OwedRow>> = totals.values().map(|debt| debt.entry("")).collect();
    let totals = totals.ok_or_else(too_large)?;
    let close = newest.manifest.close.as_str();
    Ok(match format {
        ListFormat::Table => table(close, &accounts, &totals),
        ListFormat::Csv => csv_text(&COLUMNS, &accounts),
        ListFormat::Json => json_text(&List { close, accounts, totals }),
    })
}

/// The debt in one currency.
struct Debt {
    name: String,
    currency: Currency,
    by_age: [Amount; Age::ALL.len()],
    /// Credit that reduces the debt.
    credit: Amount,
}

impl Debt {
    fn new(name: &str, currency: Currency, credit: Amount) -> Self {
        Self { name: name.to_owned(), currency, by_age: Default::default(), credit }
    }

    /// `None` if the sum overflows.
    fn entry(&self, account_id: &str) -> Option<OwedRow> {
        let text = |amount: Amount| amount.to_decimal_string(self.currency);
        let [not_due, days_1_30, days_31_60, days_61_90, over_90] = self.by_age.map(text);
        Some(OwedRow {
            account_id: account_id.to_owned(),
            account_name: self.name.clone(),
            currency: self.currency.code().to_owned(),
            not_due,
            days_1_30,
            days_31_60,
            days_61_90,
            over_90,
            total: text(Amount::checked_sum(self.by_age)?),
            credit: text(self.credit),
        })
    }
}

/// The open amounts after a close, by account and currency.
fn debts(close: &Path) -> Result<BTreeMap<(String, Currency), Debt>, RunError> {
    let mut credit = State::read_credit(close)?;
    let mut debts: BTreeMap<(String, Currency), Debt> = BTreeMap::new();
    let mut is_sound = true;
    each_row(close, TABLE, |row| {
        let bucket = row.get("bucket");
        // The table also has the invoices that the close settled.
        if bucket.is_empty() {
            return;
        }
        let account_id = row.text("account_id").to_owned();
        let age = Age::ALL.iter().position(|age| age.as_str() == bucket);
        let added = row.currency().zip(age).and_then(|(currency, age)| {
            let debt = debts.entry((account_id.clone(), currency)).or_insert_with(|| {
                let held = credit.get_mut(&account_id).and_then(|held| held.remove(&currency));
                Debt::new(row.text("account_name"), currency, held.unwrap_or_default())
            });
            debt.by_age[age] = debt.by_age[age].checked_add(row.money("open")?)?;
            Some(())
        });
        is_sound &= added.is_some();
    })?;
    if is_sound { Ok(debts) } else { Err(damaged(&close.join(TABLE), "has a row without sense")) }
}

/// The sums in each currency; `None` if they overflow.
fn totals<'a>(debts: impl Iterator<Item = &'a Debt>) -> Option<BTreeMap<Currency, Debt>> {
    let mut totals: BTreeMap<Currency, Debt> = BTreeMap::new();
    for debt in debts {
        let total = totals
            .entry(debt.currency)
            .or_insert_with(|| Debt::new("total", debt.currency, Amount::ZERO));
        for (sum, amount) in total.by_age.iter_mut().zip(debt.by_age) {
            *sum = sum.checked_add(amount)?;
        }
        total.credit = total.credit.checked_add(debt.credit)?;
    }
    Some(totals)
}

fn table(close: &str, accounts: &[OwedRow], totals: &[OwedRow]) -> String {
    if accounts.is_empty() {
        return format!("Nothing is owed after close {close}.\n");
    }
    let mut rows = vec![TITLES.map(str::to_owned)];
    rows.extend(accounts.iter().chain(totals).map(|entry| {
        let OwedRow { account_id, account_name, currency, total, credit, .. } = entry.clone();
        let OwedRow { not_due, days_1_30, days_31_60, days_61_90, over_90, .. } = entry.clone();
        [
            account_id,
            account_name,
            currency,
            not_due,
            days_1_30,
            days_31_60,
            days_61_90,
            over_90,
            total,
            credit,
        ]
    }));
    format!("Owed after close {close}, by days overdue\n\n{}", align(&rows, 3..10))
}
