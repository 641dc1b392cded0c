//! `prorata verify --deep` for closes of formats before 6, which keep no inputs.
//!
//! The inputs of today have grown since. So each close gets only the subscriptions and changes that
//! the register recorded for it, and the settings of its manifest. Columns that can change without
//! changing money are not compared: names, addresses, and the order of the price list.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::compared_cells::compared_cells;
use super::verified::Verified;
use crate::config::{self, SellerLines};
use crate::input::Loaded;
use crate::model::{Answers, BillingInput, ExcludedAccounts, Rules, Shard};
use crate::pipeline::{Billing, StageTimings, compute};
use crate::pipeline::{CloseContext, Folders, Purpose, RunError};
use crate::problem::Problems;
use crate::register::{
    Close, LastCloses, MANIFEST, Manifest, PaymentLog, Register, RegisterError, State, read_log,
};

/// Derives the closes of a register that keep no inputs, and returns the differences.
pub(super) fn derive_older(
    places: &Folders,
    register: Register,
    verified: &mut Verified,
) -> Result<Vec<String>, RunError> {
    let input = &places.input;
    let Some(newest) = register.newest() else { return Ok(Vec::new()) };
    let (settings, settings_bytes) = config::load(input)?;
    let (through, name) = (newest.as_of, newest.manifest.close.clone());
    let context = CloseContext::read(
        input,
        settings,
        &settings_bytes,
        register,
        through,
        name,
        billing_again(false),
    )?;
    if !context.loaded.problems.is_empty() {
        return Err(RunError::of_input(context.loaded.problems));
    }
    let closes = &context.register.closes;
    // Before an accepted change of history, the log was different.
    let first = closes
        .iter()
        .rposition(|close| close.manifest.options.accept_history_change)
        .unwrap_or_default();
    let mut known: HashSet<String> = HashSet::new();
    let mut findings = Vec::new();
    for (index, close) in closes.iter().enumerate() {
        known.extend(read_log(&close.path)?.into_iter().map(|change| change.change_id.to_string()));
        if index < first {
            verified.notes.push(format!(
                "{} cannot be derived again: {} accepted a changed history",
                close.manifest.close, closes[first].manifest.close
            ));
        } else if !close.manifest.options.opening && !close.keeps_inputs() {
            verified.notes.push(format!(
                "{} was published before closes kept their inputs: its amounts were derived from the \
                 inputs of today, and its PDFs, state and texts were not",
                close.manifest.close
            ));
            verified.notes.extend(other_time_zones(close));
            findings.extend(compare(&context, index, &known)?);
            verified.derived += 1;
        }
    }
    Ok(findings)
}

/// Derives the close at `index` and compares its tables with the published ones.
fn compare(
    context: &CloseContext,
    index: usize,
    known: &HashSet<String>,
) -> Result<Vec<String>, RunError> {
    let close = &context.register.closes[index];
    let then = as_it_was(context, index, known)?;
    let derived = compute(&then, &mut StageTimings::begin())?;
    let receipts = derived.receipts(&then)?;
    let tables = derived.tables(&then, &receipts);
    let mut findings = Vec::new();
    // The journal follows from the other tables, and its account names may change.
    let compared = tables.iter().filter(|(table, _)| !BOOKS.contains(table));
    for (table, sheet) in compared {
        let path = close.path.join(table);
        let published =
            std::fs::read(&path).map_err(|source| RegisterError::unread(path.clone(), source))?;
        if let Some(number) = first_difference(&published, &sheet.bytes()) {
            findings.push(format!("{}: {number} is not what the inputs give now", path.display()));
        }
    }
    Ok(findings)
}

/// The permissions for deriving a close again without publishing.
fn billing_again(accept_history_change: bool) -> Billing {
    Billing {
        purpose: Purpose::Nothing,
        accept_history_change,
        bill_from_start: true,
        shard: Shard::WHOLE,
    }
}

/// The context of a close, as it was then.
fn as_it_was(
    context: &CloseContext,
    index: usize,
    known: &HashSet<String>,
) -> Result<CloseContext, RunError> {
    let close = &context.register.closes[index];
    let settings = close.manifest.settings.apply(&context.settings).ok_or_else(|| {
        let reason = "number_format is no pattern".to_owned();
        RegisterError::Damaged { path: close.path.join(MANIFEST), reason }
    })?;
    let register = Register::of(context.register.closes[..index].to_vec());
    let after = State::read(&close.path)?;
    let payments = PaymentLog::read(&register)?;
    let withheld = withheld_then(&context.loaded.book, close);
    let mut book = restricted(&context.loaded.book, close, &after, (known, &withheld));
    let mut applied = payments.clone();
    applied.add(&close.path)?;
    book.payments.retain(|payment| applied.contains(&payment.id));
    book.rules = rules_of(close, &register);
    Ok(CloseContext {
        input: context.input.clone(),
        settings,
        seller_lines: SellerLines::default(),
        loaded: Loaded {
            book,
            sources: Vec::new(),
            gaps: HashSet::new(),
            problems: Problems::default(),
            warnings: Vec::new(),
            withheld,
            answers: Answers::default(),
        },
        sources: Vec::new(),
        // Use the tax settings of that time.
        state: State {
            taxpayers: after.taxpayers,
            price_taxes: after.price_taxes,
            ..register.state()?
        },
        payments,
        last: LastCloses::of(&register),
        register,
        through: close.as_of,
        name: close.manifest.close.clone(),
        credits: close.manifest.credit_rules(),
        billing: billing_again(close.manifest.options.accept_history_change),
        elsewhere: BTreeMap::new(),
    })
}

/// A note if the close used another version of the time zones, which may move its periods.
pub(super) fn other_time_zones(close: &Close) -> Option<String> {
    let then = close.manifest.time_zones.as_deref()?;
    let now = chrono_tz::IANA_TZDB_VERSION;
    let Manifest { close, .. } = &close.manifest;
    (then != now).then(|| format!("{close} was billed by time zones {then}; these are {now}"))
}

/// The rules of a close, after the closes before it.
fn rules_of(close: &Close, before: &Register) -> Rules {
    if close.manifest.rules == Rules::FIRST { Rules::always_old() } else { before.rules() }
}

/// The accounts that a close left out.
fn withheld_then(book: &BillingInput, close: &Close) -> ExcludedAccounts {
    let accounts: BTreeSet<String> = close.manifest.withheld.iter().cloned().collect();
    let subscriptions = book.subscriptions.iter();
    let left_out = subscriptions.filter(|it| accounts.contains(&*book.accounts[it.account].id));
    let subscriptions = left_out.map(|it| it.id.to_string()).collect();
    ExcludedAccounts { accounts, subscriptions, ..ExcludedAccounts::default() }
}

/// The input without everything that a close did not know or left out.
fn restricted(
    book: &BillingInput,
    close: &Close,
    after: &State,
    (known, withheld): (&HashSet<String>, &ExcludedAccounts),
) -> BillingInput {
    let knew = |id: &str| after.subscriptions.contains(id) && !withheld.subscriptions.contains(id);
    let discounts = book.discounts.iter().filter(|it| after.discounts.contains_key(&*it.id));
    let adjustments = book.adjustments.iter().filter(|it| after.adjustments.contains_key(&*it.id));
    let mut then = BillingInput {
        accounts: book.accounts.clone(),
        prices: book.prices.clone(),
        taxes: book.taxes.clone(),
        discounts: discounts.cloned().collect(),
        adjustments: adjustments.cloned().collect(),
        payments: book.payments.clone(),
        ..BillingInput::default()
    };
    then.index_discounts();
    then.index_adjustments();
    for range in &book.subscriptions_of {
        let start = then.subscriptions.len();
        for index in range.clone().filter(|index| knew(&book.subscriptions[*index].id)) {
            let first = then.changes.len();
            let changes = &book.changes[book.changes_of[index].clone()];
            let seen = changes
                .iter()
                .filter(|change| change.at <= close.as_of && known.contains(&*change.id));
            then.changes.extend(seen.cloned());
            then.changes_of.push(first..then.changes.len());
            then.subscriptions.push(book.subscriptions[index].clone());
        }
        then.subscriptions_of.push(start..then.subscriptions.len());
    }
    then
}

const BOOKS: [&str; 2] = ["journal.csv", "revenue_schedule.csv"];

/// Columns that may differ without an error.
const FREE: [&str; 13] = [
    "account_name",
    "billing_email",
    "recipient",
    "language",
    "subject",
    "description",
    "product",
    "line_number",
    "price_detail",
    "tax_id",
    "tax_name",
    "note",
    "method",
];

/// The invoice of the first row that differs between two tables.
fn first_difference(published: &[u8], derived: &[u8]) -> Option<String> {
    let columns = csv::Reader::from_reader(published).headers().map_or(0, csv::StringRecord::len);
    let (published, derived) = (compared_rows(published, columns), compared_rows(derived, columns));
    let pairs = published.iter().zip(&derived);
    let differing = pairs.clone().find(|(published, derived)| published != derived);
    let longer = if published.len() > derived.len() { &published } else { &derived };
    let row = differing.map(|(published, _)| published).or_else(|| longer.get(pairs.len()));
    row.map(|row| row.first().cloned().unwrap_or_default())
}

/// The rows of a table without the columns of [`FREE`], sorted by invoice number first. Of a later
/// version, only the first `columns` are compared, because later versions append columns.
fn compared_rows(content: &[u8], columns: usize) -> Vec<Vec<String>> {
    let rows = compared_cells(content, columns, |column| !FREE.contains(&column));
    let mut rows: Vec<Vec<String>> = rows.into_iter().skip(1).collect();
    rows.sort();
    rows
}
