//! Compares the log with the register: what was billed, and whether its past has changed since.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Ground;
use super::error::RunError;
use crate::console::Stage;
use crate::invoice::BillingHistory;
use crate::model::{Book, History, Published};
use crate::register::{RegisterError, Watch, watch};
use crate::tax::IssuedByNumber;
use crate::value::Instant;

/// What earlier closes billed, compared with what the log says now.
pub struct Compared {
    /// Of each subscription, and what is wrong with the past.
    pub watch: Watch,
    /// Published invoices that credits may concern.
    issued: IssuedByNumber,
    /// The lines of those that adjustments name.
    named: BTreeMap<String, Vec<Published>>,
}

/// Compares the log with the register.
pub fn compare(ground: &Ground) -> Result<Compared, RunError> {
    let book = &ground.loaded.book;
    let stage = Stage::begin("history");
    let watch = watch(
        book,
        &ground.settings,
        (&ground.register, &ground.state, &ground.last),
        (&ground.input, &ground.loaded.withheld, ground.billing.accept_history_change),
        (ground.through, ground.credits),
    )?;
    let named = named_invoices(book, ground.through);
    let issued = issued(ground, &watch, &named)?;
    let named = ground.register.lines_on(&named)?;
    let is_late = |history: &&History| matches!(history, History::Late(_));
    let late = watch.histories.iter().filter(is_late).count();
    stage.end(late, "subscription", "with late changes");
    Ok(Compared { watch, issued, named })
}

impl Compared {
    /// What billing needs to know of earlier closes.
    pub fn billing_history<'a>(&'a self, ground: &'a Ground) -> BillingHistory<'a> {
        self.watch.billing_history(&ground.state, (&self.issued, &self.named), ground.credits)
    }
}

/// The numbers of invoices that adjustments name whose time has come.
fn named_invoices(book: &Book, through: Instant) -> BTreeSet<&str> {
    let due = book.adjustments.iter().filter(|adjustment| adjustment.at <= through);
    due.filter_map(|adjustment| adjustment.credits_invoice.as_deref()).collect()
}

/// The published invoices that credits of this run may concern: those that adjustments name, and
/// those of the charges that may be taken back.
fn issued(
    ground: &Ground,
    watch: &Watch,
    named: &BTreeSet<&str>,
) -> Result<IssuedByNumber, RegisterError> {
    let charges = watch.charged.values().flatten();
    let mut numbers: BTreeSet<&str> = charges.map(|charge| &*charge.invoice_number).collect();
    let late = watch.histories.iter().filter_map(|history| match history {
        History::Late(past) => Some(&past.documents),
        History::New | History::OnTime => None,
    });
    let documents = late.flatten().map(|number| &**number);
    let anywhere: BTreeSet<&str> = documents.chain(named.iter().copied()).collect();
    let since = watch.charged_since.filter(|_| anywhere.is_empty());
    numbers.extend(anywhere);
    ground.register.issued(&numbers, since)
}
