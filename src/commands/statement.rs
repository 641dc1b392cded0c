//! `prorata statement`: lists an account's bills and payments in the order of settlement, with the
//! debt and credit after each. Debt minus credit is always the sum of the amounts so far.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::list::{ListFormat, align, csv_text, json_text};
use crate::pipeline::{Movement, RunError, damaged, movements};
use crate::register::{Close, Register, State};
use crate::value::{Amount, Currency};

/// One row of the statement.
#[derive(Clone, Debug, Serialize)]
struct StatementRow {
    date: String,
    kind: String,
    reference: String,
    details: String,
    currency: String,
    amount: String,
    owed: String,
    credit: String,
}

/// The fields of [`StatementRow`], in order.
const COLUMNS: [&str; 8] =
    ["date", "kind", "reference", "details", "currency", "amount", "owed", "credit"];

/// Lists the changes of an account's balances in all closes.
///
/// # Errors
/// The register cannot be read, or has nothing for the account.
pub(crate) fn statement(
    output: &Path,
    account_id: &str,
    format: ListFormat,
) -> Result<String, RunError> {
    let mut entries = Vec::new();
    let mut balances: BTreeMap<Currency, Balance> = BTreeMap::new();
    for close in &Register::open(output)?.closes {
        for movement in
            brought_along(close, account_id)?.into_iter().chain(movements(&close.path, account_id)?)
        {
            let balance = balances.entry(movement.currency).or_default();
            let entry = balance.after(movement);
            entries.push(entry.ok_or_else(|| damaged(&close.path, "does not add up"))?);
        }
    }
    if entries.is_empty() {
        return Err(RunError::NotFound {
            what: format!("account {account_id}"),
            hint: "accounts appear here with their first invoice or payment",
        });
    }
    Ok(match format {
        ListFormat::Table => table(&entries),
        ListFormat::Csv => csv_text(&COLUMNS, &entries),
        ListFormat::Json => json_text(&entries),
    })
}

/// The credit of an account when the register was opened.
fn brought_along(close: &Close, account_id: &str) -> Result<Vec<Movement>, RunError> {
    if !close.manifest.options.opening {
        return Ok(Vec::new());
    }
    let credit = State::read_credit(&close.path)?.remove(account_id).unwrap_or_default();
    let movement = |(currency, credit)| Movement {
        date: close.manifest.close.chars().take(10).collect(),
        kind: "opening".to_owned(),
        reference: String::new(),
        details: "credit brought along".to_owned(),
        currency,
        owed: Amount::ZERO,
        credit,
    };
    Ok(credit.into_iter().map(movement).collect())
}

/// The debt and credit of an account in one currency.
#[derive(Clone, Copy, Debug, Default)]
struct Balance {
    owed: Amount,
    credit: Amount,
}

impl Balance {
    /// Moves the balance; `None` if it overflows.
    fn after(&mut self, movement: Movement) -> Option<StatementRow> {
        self.owed = self.owed.checked_add(movement.owed)?;
        self.credit = self.credit.checked_add(movement.credit)?;
        let text = |amount: Amount| amount.to_decimal_string(movement.currency);
        Some(StatementRow {
            currency: movement.currency.code().to_owned(),
            amount: text(movement.owed.checked_sub(movement.credit)?),
            owed: text(self.owed),
            credit: text(self.credit),
            date: movement.date,
            kind: movement.kind,
            reference: movement.reference,
            details: movement.details,
        })
    }
}

fn table(entries: &[StatementRow]) -> String {
    let mut rows = vec![COLUMNS.map(str::to_owned)];
    rows.extend(entries.iter().cloned().map(|entry| {
        let StatementRow { date, kind, reference, details, currency, amount, owed, credit } = entry;
        [date, kind, reference, details, currency, amount, owed, credit]
    }));
    align(&rows, 5..8)
}
