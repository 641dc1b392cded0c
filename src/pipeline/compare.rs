//! Compares the log with the register: billed lines, and changes of the history.

use std::collections::{BTreeMap, BTreeSet};

use super::context::CloseContext;
use super::error::RunError;
use crate::console::Stage;
use crate::invoice::BillingHistory;
use crate::model::{BillingInput, History, Published};
use crate::register::{HistoryComparison, KnownNow, RegisterError, compare_history};
use crate::tax::IssuedByNumber;
use crate::value::Instant;

/// The lines of earlier closes, compared with the current log.
pub(crate) struct ComparedRegister {
    /// The comparison of each subscription, and the problems of the history.
    pub(crate) watch: HistoryComparison,
    /// Published invoices that credits may concern.
    issued: IssuedByNumber,
    /// The lines of the invoices that adjustments name.
    named: BTreeMap<String, Vec<Published>>,
}

/// Compares the log with the register.
pub(crate) fn compare(context: &CloseContext) -> Result<ComparedRegister, RunError> {
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
    /// The part of the register that billing needs.
    pub(crate) fn billing_history<'a>(&'a self, context: &'a CloseContext) -> BillingHistory<'a> {
        let known = (&self.issued, &self.named);
        let history = self.watch.billing_history(&context.state, known, context.credits);
        BillingHistory { newest: context.last.newest, ..history }
    }
}

/// The numbers of the invoices that due adjustments name.
fn named_invoices(book: &BillingInput, through: Instant) -> BTreeSet<&str> {
    let due = book.adjustments.iter().filter(|adjustment| adjustment.at <= through);
    due.filter_map(|adjustment| adjustment.credits_invoice.as_deref()).collect()
}

/// The published invoices that this run may credit: invoices that adjustments name, and invoices of
/// charges that may be taken back.
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
    let one_offs = watch.adjusted.values().map(|entry| &*entry.invoice_number);
    let anywhere: BTreeSet<&str> = documents.chain(named.iter().copied()).chain(one_offs).collect();
    let since = watch.charged_since.filter(|_| anywhere.is_empty());
    numbers.extend(anywhere);
    context.register.issued(&numbers, since)
}
