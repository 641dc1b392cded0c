//! Cohorts of accounts over all closes, from the receivables that each close keeps: its own
//! invoices, and older ones that were open. polars stacks the files and groups their rows.

use hashbrown::HashMap;

use super::receivables::FILE;
use super::{Close, RegisterError};
use crate::model::{Invoice, Shard};
use crate::review::Cohorts;
use crate::table::parquet::{ColumnsError, StateFrame, StateTable};
use crate::value::{Amount, Currency, Month};

/// The columns that the question needs.
const COLUMNS: [&str; 5] = [NUMBER, ACCOUNT, CURRENCY, DATE, TOTAL];

const NUMBER: &str = "invoice_number";
const ACCOUNT: &str = "account_id";
const CURRENCY: &str = "currency";
const DATE: &str = "issue_date";
const TOTAL: &str = "total_minor";

/// An invoice of a close that is not published yet.
#[derive(Clone, Debug)]
pub(crate) struct OwnInvoice<'a> {
    number: &'a str,
    account_id: &'a str,
    currency: Currency,
    date: String,
    total: Amount,
}

impl<'a> OwnInvoice<'a> {
    pub(crate) fn of(invoice: &'a Invoice, account_id: &'a str) -> Self {
        let Invoice { number, currency, issue_date, totals, .. } = invoice;
        let (currency, date) = (*currency, issue_date.to_string());
        Self { number, account_id, currency, date, total: totals.total }
    }
}

/// The cohorts of a shard's accounts in closes, and in one that is not published yet.
///
/// # Errors
/// A state file is damaged, or a sum does not fit 64 bits.
pub(crate) fn cohorts(
    closes: &[Close],
    own: &[OwnInvoice<'_>],
    shard: Shard,
) -> Result<Cohorts, RegisterError> {
    let mut invoices = StateFrame::default();
    for close in closes {
        // Closes of the first formats do not have the file.
        if close.manifest.outputs.iter().any(|file| file.path == FILE) {
            close.check_files(FILE)?;
            invoices.add_table(StateTable::read_columns(&close.path.join(FILE), &COLUMNS)?)?;
        }
    }
    invoices.add(own_frame(own)?)?;
    if !shard.is_whole() {
        invoices = invoices.filter(ACCOUNT, |id| shard.has(id))?;
    }
    Ok(grouped(&invoices)?)
}

fn own_frame(own: &[OwnInvoice<'_>]) -> Result<StateFrame, ColumnsError> {
    StateFrame::of(own)
        .text(NUMBER, |it| it.number)
        .text(ACCOUNT, |it| it.account_id)
        .text(CURRENCY, |it| it.currency.code())
        .text(DATE, |it| &it.date)
        .number(TOTAL, |it| it.total.minor())
        .frame()
}

fn grouped(invoices: &StateFrame) -> Result<Cohorts, ColumnsError> {
    // An open invoice is in every close until it is paid.
    let invoices = invoices.first_of_each(NUMBER)?;
    let (currencies, dates) = (invoices.texts(CURRENCY)?, invoices.texts(DATE)?);
    let (totals, mut known) = (invoices.numbers(TOTAL)?, KnownMonths::default());
    let mut cohorts = Cohorts::new();
    for rows in invoices.groups(&[CURRENCY, ACCOUNT])? {
        let first = rows.iter().map(|row| dates[*row]).min().unwrap_or_default();
        let of_currency = cohorts.entry(currency(currencies[rows[0]])?).or_default();
        let cohort = of_currency.entry(known.month(first)?).or_default();
        cohort.accounts += 1;
        for row in rows {
            let sum = cohort.billed.entry(known.month(dates[row])?).or_default();
            let added = sum.checked_add(Amount::from_minor(totals[row]));
            *sum = added.ok_or_else(|| senseless("sums that do not fit 64 bits"))?;
        }
    }
    Ok(cohorts)
}

fn currency(code: &str) -> Result<Currency, ColumnsError> {
    Currency::from_code(code).ok_or_else(|| senseless("a currency that is none"))
}

/// The months of dates. Few dates differ, so each is parsed once.
#[derive(Default)]
struct KnownMonths<'t>(HashMap<&'t str, Month>);

impl<'t> KnownMonths<'t> {
    fn month(&mut self, text: &'t str) -> Result<Month, ColumnsError> {
        if let Some(month) = self.0.get(text) {
            return Ok(*month);
        }
        let month = text.get(..7).and_then(Month::parse);
        let month = month.ok_or_else(|| senseless("a date that is none"))?;
        self.0.insert(text, month);
        Ok(month)
    }
}

fn senseless(what: &str) -> ColumnsError {
    ColumnsError::Damaged { path: FILE.into(), reason: format!("has {what}") }
}
