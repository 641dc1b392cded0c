//! Turns billing errors of accounts into problems of the input.

use std::collections::HashSet;
use std::path::Path;

use crate::input::Loaded;
use crate::invoice::{AccountBill, AdjustmentError, BillError, DueError};
use crate::model::{Account, BillingInput, TaxError};
use crate::problem::Problem;
use crate::table::display_name;
use crate::timeline::TimelineError;
use crate::value::largest;

/// Turns billing errors into problems of the input. Skips subscriptions with gaps, and tax errors
/// if rows of tax rates are missing, because those rows are already reported.
pub(crate) fn bill_problems(
    bills: &[AccountBill],
    book: &BillingInput,
    loaded: &Loaded,
    input: &Path,
) -> Vec<Problem> {
    let rates_are_whole = loaded.is_whole("tax_rates.csv");
    let errors = bills.iter().flat_map(|bill| &bill.errors);
    // Two subscriptions of an account may lack the same rate.
    let mut said: HashSet<Problem> = HashSet::new();
    errors
        .filter(|error| match error {
            BillError::Subscription { error: DueError::Tax(error), .. }
            | BillError::Adjustment { error: AdjustmentError::Tax(error), .. } => {
                rates_are_whole && book.taxes.has(error.code())
            }
            BillError::Subscription { index, .. } => {
                !loaded.gaps.contains(&*book.subscriptions[*index].id)
            }
            BillError::Total { .. } | BillError::Lines { .. } | BillError::Adjustment { .. } => {
                true
            }
        })
        .map(|error| bill_problem(error, book, input))
        .filter(|problem| said.insert(problem.clone()))
        .collect()
}

fn bill_problem(error: &BillError, book: &BillingInput, input: &Path) -> Problem {
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
        BillError::Subscription { index, error: DueError::Tax(error) } => {
            tax_problem(book.subscriptions[*index].account, error, book, input)
        }
        BillError::Adjustment { account, place, error } => {
            adjustment_problem(*account, *place, error, book, input)
        }
        BillError::Total { account, currency } => account_problem(
            (*account, book, input),
            format!(
                "has an invoice in {currency} with a sum beyond {}, which is what 64 bits hold",
                largest(currency.digits())
            ),
            "check its prices and quantities".to_owned(),
        ),
        BillError::Lines { account, currency, instant, count, most } => account_problem(
            (*account, book, input),
            format!(
                "has an invoice of {instant} in {currency} with {count} lines; the limit is {most}"
            ),
            "look for repeated rows in changes.csv; if they are right, raise invoice.max_lines in \
             billing.toml"
                .to_owned(),
        ),
    }
}

/// A problem at the row of an account.
fn account_problem(
    (account, book, input): (usize, &BillingInput, &Path),
    rule: String,
    hint: String,
) -> Problem {
    let account = &book.accounts[account];
    Problem {
        file: display_name(input, "accounts.csv"),
        line: Some(account.line),
        column: Some("account_id"),
        value: Some(account.id.to_string()),
        rule,
        hint,
    }
}

/// The problem of an account whose lines cannot be taxed.
fn tax_problem(account: usize, error: &TaxError, book: &BillingInput, input: &Path) -> Problem {
    let account = &book.accounts[account];
    let account = account.states().find(|state| is_without(state, error)).unwrap_or(account);
    let (column, value, hint) = match error {
        TaxError::Place { code, .. } => (
            "country",
            account.address.country().to_owned(),
            format!("add a row of code {code} for it to tax_rates.csv, or one without a country"),
        ),
        TaxError::Date { code, .. } => (
            "account_id",
            account.id.to_string(),
            format!("add a row of code {code} that is valid then to tax_rates.csv"),
        ),
        TaxError::BuyerUnknown { .. } => (
            "tax_id",
            String::new(),
            "the law asks for the buyer's number: fill it in, or choose another tax_code"
                .to_owned(),
        ),
    };
    let (file, line, column) = account.place_of(column, &value);
    Problem {
        file: display_name(input, file),
        line: Some(line),
        column: Some(column),
        value: Some(value).filter(|value| !value.is_empty()),
        rule: match error {
            TaxError::BuyerUnknown { code } => {
                format!("is empty, and tax code {code} is reverse charge")
            }
            TaxError::Place { code, .. } => format!("has no tax rate of code {code}"),
            TaxError::Date { code, date } => {
                format!("has no tax rate of code {code} that is valid on {date}")
            }
        },
        hint,
    }
}

/// Whether an error may be about a state of its account.
fn is_without(state: &Account, error: &TaxError) -> bool {
    match error {
        TaxError::Place { place, .. } => {
            !state.address.country().is_empty() && place.starts_with(state.address.country())
        }
        TaxError::Date { .. } => false,
        TaxError::BuyerUnknown { .. } => state.tax_id.is_none(),
    }
}

fn adjustment_problem(
    account: usize,
    place: usize,
    error: &AdjustmentError,
    book: &BillingInput,
    input: &Path,
) -> Problem {
    if let AdjustmentError::Tax(error) = error {
        return tax_problem(account, error, book, input);
    }
    let adjustment = &book.adjustments_for(account)[place];
    let invoice = adjustment.credits_invoice.as_deref().unwrap_or_default();
    let hint = match error {
        AdjustmentError::UnknownInvoice => "write the number of a published invoice",
        AdjustmentError::OtherAccount(_) => {
            "write an invoice of this account, or correct account_id"
        }
        AdjustmentError::OtherCurrency(_) => "write the amount in the currency of the invoice",
        AdjustmentError::SeveralRates(_) => "write the tax_code of the lines that are credited",
        AdjustmentError::NoSuchRate(_) => "write a tax_code of that invoice",
        AdjustmentError::NothingLeft => "remove the row: everything on it is credited already",
        AdjustmentError::Tax(_) => "",
    };
    let column = if adjustment.voids.is_some() { "invoice_number" } else { "credits_invoice" };
    Problem {
        file: display_name(input, adjustment.text_place().0),
        line: Some(adjustment.line),
        column: Some(column),
        value: Some(invoice.to_owned()),
        rule: error.to_string(),
        hint: hint.to_owned(),
    }
}

fn timeline_problem(
    index: usize,
    error: &TimelineError,
    book: &BillingInput,
    input: &Path,
) -> Problem {
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
