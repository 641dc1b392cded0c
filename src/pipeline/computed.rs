//! The result of a computation, before it is published.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::carried::CarriedAccounts;
use super::limits::SizeSums;
use super::settle::SettledClose;
use crate::accounting::Journal;
use crate::model::{DocumentPlaces, History, Invoice, LastBilled, Line, NumberRange};
use crate::register::{AppliedChange, State};
use crate::render::csv::Exception;
use crate::review::Medians;
use crate::value::{Amount, Currency};

/// A computed close, before it is published.
#[derive(Default)]
pub(crate) struct ComputedClose {
    pub(crate) invoices: Vec<Invoice>,
    /// Their places in the order of all numbers.
    pub(crate) places: DocumentPlaces,
    /// The median lines of the whole close, if this is a shard.
    pub(crate) medians: Option<Medians>,
    /// Absolute sums that fit 64 bits, and must also fit with those of other shards.
    pub(crate) sizes: Vec<SizeSums>,
    /// Lines that another system billed; no invoice here contains them.
    pub(crate) lines_elsewhere: Vec<Line>,
    pub(crate) numbers: BTreeMap<String, NumberRange>,
    pub(crate) exceptions: Vec<Exception>,
    /// Accounts with documents below the minimum: up to which instant each is billed.
    pub(crate) carried: CarriedAccounts,
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
