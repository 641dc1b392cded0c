//! `balances.csv`: the credit of accounts when a register is opened.

use std::collections::BTreeMap;
use std::path::Path;

use crate::config::InputSettings;
use crate::model::BillingInput;
use crate::problem::Problems;
use crate::table::{
    Column, Index, RejectedIds, Reported, Row, Source, SourceErrors, TableReader, open_optional,
    required,
};
use crate::value::{Amount, Currency};

pub(crate) const FILE: &str = "balances.csv";

pub(crate) const COLUMNS: [Column; 3] =
    [required("account_id"), required("currency"), required("amount")];

/// Opening credit.
#[derive(Debug, Default)]
pub(crate) struct OpeningBalances {
    /// By account and currency; zero is not listed.
    pub(crate) credit: BTreeMap<String, BTreeMap<Currency, Amount>>,
    /// The file, if there is one.
    pub(crate) source: Option<Source>,
    pub(crate) problems: Problems,
}

/// Reads the file, if it exists.
///
/// # Errors
/// It exists but cannot be read.
pub(crate) fn load_balances(
    input: &Path,
    settings: &InputSettings,
    book: &BillingInput,
) -> Result<OpeningBalances, SourceErrors> {
    let Some(content) = open_optional(input, FILE)? else { return Ok(OpeningBalances::default()) };
    let ids = book.accounts.iter().map(|account| &account.id);
    let accounts = Index::new("accounts.csv", ids, RejectedIds::default());
    let mut balances = OpeningBalances::default();
    let credit = &mut balances.credit;
    let mut reader = TableReader { settings: settings.clone(), ..TableReader::new(input) };
    // A failed row has been reported; continue with the others.
    reader.each_row(FILE, content, &COLUMNS, |row| {
        let _ = row.sound().and_then(|()| row.read(|row| parse(row, &accounts, book, credit)));
    });
    let (sources, findings) = reader.finish()?;
    balances.source = sources.into_iter().next();
    balances.problems = findings.problems;
    Ok(balances)
}

fn parse(
    row: &mut Row<'_>,
    accounts: &Index,
    book: &BillingInput,
    credit: &mut BTreeMap<String, BTreeMap<Currency, Amount>>,
) -> Result<(), Reported> {
    let account = accounts.find(row, "account_id");
    let currency = row.currency("currency")?;
    let amount = row.credit("amount", currency)?;
    let account = &book.accounts[account?].id;
    let known = credit.entry(account.to_string()).or_default();
    if known.insert(currency, amount).is_some() {
        return Err(row.report(
            "account_id",
            account,
            &format!("has two balances in {currency}"),
            "write one row with all that the account has; the same row twice counts once",
        ));
    }
    known.retain(|_, balance| !balance.is_zero());
    Ok(())
}
