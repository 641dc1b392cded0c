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

/// The month of the invoice, and that of the first one of its account in its currency.
const MONTH: &str = "month";
const FIRST: &str = "first";

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
    let mut invoices = invoices.first_of_each(NUMBER)?;
    let dates: Vec<String> = invoices.texts(DATE)?.into_iter().map(str::to_owned).collect();
    let months: Vec<&str> = dates.iter().map(|date| date.get(..7).unwrap_or_default()).collect();
    invoices.add_texts(MONTH, &months)?;
    let mut known = KnownMonths::default();
    let mut firsts = months.clone();
    let mut cohorts = Cohorts::new();
    let currencies = invoices.texts(CURRENCY)?;
    for rows in invoices.groups(&[CURRENCY, ACCOUNT])? {
        let first = rows.iter().map(|row| months[*row]).min().unwrap_or_default();
        for row in &rows {
            firsts[*row] = first;
        }
        let (currency, first) = (currency(currencies[rows[0]])?, known.month(first)?);
        cohorts.entry(currency).or_default().entry(first).or_default().accounts += 1;
    }
    invoices.add_texts(FIRST, &firsts)?;
    let (currencies, totals) = (invoices.texts(CURRENCY)?, invoices.numbers(TOTAL)?);
    for rows in invoices.groups(&[CURRENCY, FIRST, MONTH])? {
        let billed = Amount::checked_sum(rows.iter().map(|row| Amount::from_minor(totals[*row])));
        let billed = billed.ok_or_else(|| senseless("sums that do not fit 64 bits"))?;
        let (currency, first) = (currency(currencies[rows[0]])?, known.month(firsts[rows[0]])?);
        let cohort = cohorts.entry(currency).or_default().entry(first).or_default();
        cohort.billed.insert(known.month(months[rows[0]])?, billed);
    }
    Ok(cohorts)
}

fn currency(code: &str) -> Result<Currency, ColumnsError> {
    Currency::from_code(code).ok_or_else(|| senseless("a currency that is none"))
}

/// The months of texts. Few differ, so each is parsed once.
#[derive(Default)]
struct KnownMonths<'t>(HashMap<&'t str, Month>);

impl<'t> KnownMonths<'t> {
    fn month(&mut self, text: &'t str) -> Result<Month, ColumnsError> {
        if let Some(month) = self.0.get(text) {
            return Ok(*month);
        }
        let month = Month::parse(text).ok_or_else(|| senseless("a date that is none"))?;
        self.0.insert(text, month);
        Ok(month)
    }
}

fn senseless(what: &str) -> ColumnsError {
    ColumnsError::Damaged { path: FILE.into(), reason: format!("has {what}") }
}
