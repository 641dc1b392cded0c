//! Bills all accounts in parallel.

use std::collections::BTreeMap;

use chrono::Days;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::bill_problems::bill_problems;
use super::characters::{self, lines_of_bills};
use super::compare::ComparedRegister;
use super::context::{CloseContext, Purpose};
use super::einvoices::einvoice_problems;
use super::error::RunError;
use super::seller;
use super::voids;
use crate::console::Stage;
use crate::input;
use crate::invoice::{AccountBill, DraftInvoice, bill_account};
use crate::model::Quotes;
use crate::problem::{Problem, Problems};
use crate::table::name_as_files_do;
use crate::timeline::Window;
use crate::value::{Amount, Currency, Instant};

/// Bills all accounts, in the order of the input.
///
/// # Errors
/// All problems of the input, the history, the accounts and the output together.
pub(crate) fn bill_accounts(
    context: &CloseContext,
    compared: &ComparedRegister,
) -> Result<Vec<AccountBill>, RunError> {
    let (book, known) = (&context.loaded.book, compared.billing_history(context));
    let stage = Stage::of("billing", "accounts", book.accounts.len());
    let bills: Vec<AccountBill> = (0..book.accounts.len())
        .into_par_iter()
        .map_init(
            || Quotes::new(&book.prices),
            |quotes, account| {
                book.look_ahead_of_account(account);
                let after = context.last.of_account(&book.accounts[account].id);
                let window = Window { after, through: context.through };
                let bill = bill_account(account, book, quotes, &context.settings, known, window);
                stage.step();
                bill
            },
        )
        .collect();
    stage.end(bills.len(), "account", "billed");
    let mut problems = problems(context, compared, &bills)?;
    name_as_files_do(&mut problems, &context.settings.input);
    if problems.is_empty() { Ok(bills) } else { Err(RunError::of_input(problems)) }
}

/// All problems, sorted.
fn problems(
    context: &CloseContext,
    compared: &ComparedRegister,
    bills: &[AccountBill],
) -> Result<Problems, RunError> {
    let (loaded, input) = (&context.loaded, &context.input);
    let mut problems = loaded.problems.clone();
    // Skip the history check if the input has errors, because rows may be missing.
    if problems.is_empty() {
        problems.extend(compared.watch.problems.iter().cloned());
        problems.extend(context.payments.problems(&loaded.book, input, &loaded.withheld));
    }
    problems.extend(voids::problems(context)?);
    problems.extend(bill_problems(bills, &loaded.book, loaded, input));
    problems.extend(publication_problems(context, bills)?);
    input::sort(&mut problems);
    Ok(problems)
}

/// Problems that prevent the publication of the invoices.
fn publication_problems(
    context: &CloseContext,
    bills: &[AccountBill],
) -> Result<Vec<Problem>, RunError> {
    let (settings, lines, input) = (&context.settings, context.seller_lines, &context.input);
    let mut problems = Vec::new();
    if context.billing.purpose == Purpose::Nothing {
        return Ok(problems);
    }
    problems.extend(seller::nameless(settings, lines, input));
    problems.extend(characters::hidden(settings, &context.loaded.book, input));
    if context.billing.purpose == Purpose::Opening {
        return Ok(problems);
    }
    problems.extend(seller::unlawful(settings, lines, input, bills));
    problems.extend(einvoice_problems(context, bills));
    if characters::are_printed(settings) && characters::must_be_printable(settings) {
        problems.extend(characters::unprintable(context, &lines_of_bills(bills))?);
    }
    Ok(problems)
}

/// What a first close would bill of a past of more than a year, unless that is allowed. Another
/// system probably billed the earlier years, and `prorata open` was meant.
pub(crate) fn long_past(context: &CloseContext, drafts: &[DraftInvoice]) -> Option<LongPast> {
    let oldest = beginning_of_a_long_past(context)?;
    (!context.billing.bill_from_start).then(|| LongPast::of(oldest, drafts))
}

/// The start of the oldest subscription, if a first close would go back more than a year.
pub(crate) fn beginning_of_a_long_past(context: &CloseContext) -> Option<Instant> {
    let zone = context.settings.zone;
    // Allow one year plus one day, so yearly closes work.
    let year_ago = zone.local(context.through).checked_sub_days(Days::new(366))?;
    let oldest = context.loaded.book.subscriptions.iter().map(|item| item.started_at).min()?;
    (context.last.newest.is_none() && oldest < zone.instant(year_ago)).then_some(oldest)
}

/// A past of more than a year that a first close would bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LongPast {
    /// The start of the oldest subscription, in seconds since 1970.
    oldest: i64,
    documents: usize,
    /// `None` if a sum does not fit 64 bits.
    totals: BTreeMap<Currency, Option<Amount>>,
}

impl LongPast {
    fn of(oldest: Instant, drafts: &[DraftInvoice]) -> Self {
        let mut past = Self {
            oldest: oldest.unix_seconds(),
            documents: drafts.len(),
            totals: BTreeMap::new(),
        };
        for draft in drafts {
            past.add_total(draft.currency, Some(draft.totals.total));
        }
        past
    }

    fn add_total(&mut self, currency: Currency, total: Option<Amount>) {
        let sum = self.totals.entry(currency).or_insert(Some(Amount::ZERO));
        *sum = sum.zip(total).and_then(|(sum, total)| sum.checked_add(total));
    }

    /// Adds that of another shard.
    pub(crate) fn add(&mut self, shard: Self) {
        self.oldest = self.oldest.min(shard.oldest);
        self.documents += shard.documents;
        for (currency, total) in shard.totals {
            self.add_total(currency, total);
        }
    }

    /// The refusal.
    pub(crate) fn error(&self) -> RunError {
        let totals = self.totals.iter().map(|(currency, sum)| {
            let text = sum.map_or("more than 64 bits hold".to_owned(), |sum| {
                sum.to_decimal_string(*currency)
            });
            format!("{text} {currency}")
        });
        RunError::LongPast {
            oldest: Instant::from_unix_seconds(self.oldest).to_string(),
            invoices: self.documents,
            totals: totals.collect::<Vec<_>>().join(", "),
        }
    }
}
