//! Compares the log with the register: what was billed, and whether its past has changed since.

use std::collections::{BTreeMap, BTreeSet};

use super::context::CloseContext;
use super::error::RunError;
use crate::console::Stage;
use crate::invoice::BillingHistory;
use crate::model::{BillingInput, History, Published};
use crate::register::{HistoryComparison, KnownNow, RegisterError, compare_history};
use crate::tax::IssuedByNumber;
use crate::value::Instant;

/// What earlier closes billed, compared with what the log says now.
pub struct ComparedRegister {
    /// Of each subscription, and what is wrong with the past.
    pub watch: HistoryComparison,
    /// Published invoices that credits may concern.
    issued: IssuedByNumber,
    /// The lines of those that adjustments name.
    named: BTreeMap<String, Vec<Published>>,
}

/// Compares the log with the register.
pub fn compare(context: &CloseContext) -> Result<ComparedRegister, RunError> {
    let book = &context.loaded.book;
    let stage = Stage::begin("history");
    let watch = compare_history(&KnownNow {
        book,
        settings: &context.settings,
        register: &context.register,
        state: &context.state,
        last: &context.last,
        input: &context.input,
        withheld: &context.loaded.withheld,
        accept_history_change: context.billing.accept_history_change,
        through: context.through,
        credits: context.credits,
    })?;
    let named = named_invoices(book, context.through);
    let issued = issued(context, &watch, &named)?;
    let named = context.register.lines_on(&named)?;
    let is_late = |history: &&History| matches!(history, History::Late(_));
    let late = watch.histories.iter().filter(is_late).count();
    stage.end(late, "subscription", "with late changes");
    Ok(ComparedRegister { watch, issued, named })
}

impl ComparedRegister {
    /// What billing needs to know of earlier closes.
    pub fn billing_history<'a>(&'a self, context: &'a CloseContext) -> BillingHistory<'a> {
        self.watch.billing_history(&context.state, (&self.issued, &self.named), context.credits)
    }
}

/// The numbers of invoices that adjustments name whose time has come.
fn named_invoices(book: &BillingInput, through: Instant) -> BTreeSet<&str> {
    let due = book.adjustments.iter().filter(|adjustment| adjustment.at <= through);
    due.filter_map(|adjustment| adjustment.credits_invoice.as_deref()).collect()
}

/// The published invoices that credits of this run may concern: those that adjustments name, and
/// those of the charges that may be taken back.
fn issued(
    context: &CloseContext,
    watch: &HistoryComparison,
    named: &BTreeSet<&str>,
) -> Result<IssuedByNumber, RegisterError> {
    let charges = watch.charged.values().flatten();
    let mut numbers: BTreeSet<&str> = charges.map(|charge| &*charge.invoice_number).collect();
    let late = watch.histories.iter().filter_map(|history| match history {
        History::Late(past) => Some(&past.documents),
        History::New | History::Unchanged => None,
    });
    let documents = late.flatten().map(|number| &**number);
    let anywhere: BTreeSet<&str> = documents.chain(named.iter().copied()).collect();
    let since = watch.charged_since.filter(|_| anywhere.is_empty());
    numbers.extend(anywhere);
    context.register.issued(&numbers, since)
}
