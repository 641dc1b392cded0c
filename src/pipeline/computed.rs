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
pub struct ComputedClose {
    pub invoices: Vec<Invoice>,
    /// Lines that count as billed without being on any of them.
    pub lines_elsewhere: Vec<Line>,
    pub numbers: BTreeMap<String, NumberRange>,
    pub exceptions: Vec<Exception>,
    pub opening_credit: BTreeMap<Currency, Amount>,
    pub state: State,
    pub applied: Vec<AppliedChange>,
    pub settled: SettledClose,
    pub journal: Journal,
    /// What accounts were billed last by what billed them before, if this opens a register.
    pub last_elsewhere: Option<Vec<(Arc<str>, LastBilled)>>,
    /// What the last close knew of every subscription.
    pub histories: Vec<History>,
}
