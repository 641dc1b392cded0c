//! What a close comes to, before it is published.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::settle::SettledClose;
use crate::accounting::Journal;
use crate::model::{History, Invoice, LastBilled, Line, NumberRange};
use crate::register::{AppliedChange, State};
use crate::render::csv::Exception;
use crate::value::{Amount, Currency};

/// What a close comes to, before it is published.
pub(crate) struct ComputedClose {
    pub(crate) invoices: Vec<Invoice>,
    /// Lines that count as billed without being on any of them.
    pub(crate) lines_elsewhere: Vec<Line>,
    pub(crate) numbers: BTreeMap<String, NumberRange>,
    pub(crate) exceptions: Vec<Exception>,
    pub(crate) opening_credit: BTreeMap<Currency, Amount>,
    pub(crate) state: State,
    pub(crate) applied: Vec<AppliedChange>,
    pub(crate) settled: SettledClose,
    pub(crate) journal: Journal,
    /// What accounts were billed last by what billed them before, if this opens a register.
    pub(crate) last_elsewhere: Option<Vec<(Arc<str>, LastBilled)>>,
    /// What the last close knew of every subscription.
    pub(crate) histories: Vec<History>,
}
