//! The result of a computation, before it is published.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::settle::SettledClose;
use crate::accounting::Journal;
use crate::model::{History, Invoice, LastBilled, Line, NumberRange};
use crate::register::{AppliedChange, State};
use crate::render::csv::Exception;
use crate::value::{Amount, Currency};

/// A computed close, before it is published.
pub(crate) struct ComputedClose {
    pub(crate) invoices: Vec<Invoice>,
    /// Lines that another system billed; no invoice here contains them.
    pub(crate) lines_elsewhere: Vec<Line>,
    pub(crate) numbers: BTreeMap<String, NumberRange>,
    pub(crate) exceptions: Vec<Exception>,
    pub(crate) opening_credit: BTreeMap<Currency, Amount>,
    pub(crate) state: State,
    pub(crate) applied: Vec<AppliedChange>,
    pub(crate) settled: SettledClose,
    pub(crate) journal: Journal,
    /// The last amounts that another system billed each account, if this close opens a register.
    pub(crate) last_elsewhere: Option<Vec<(Arc<str>, LastBilled)>>,
    /// The subscription histories of the last close.
    pub(crate) histories: Vec<History>,
}
