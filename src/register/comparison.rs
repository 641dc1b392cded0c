//! The data of a comparison, and the verdict on each subscription.

use std::path::Path;

use super::contested::Contested;
use super::last_closes::LastCloses;
use super::open::Register;
use super::state::State;
use crate::config::Settings;
use crate::model::{BillingInput, Change, CreditRules, ExcludedAccounts};
use crate::value::Instant;

pub(super) enum Verdict {
    New,
    Unchanged,
    Changed {
        /// Whether the opening terms have changed.
        opening: bool,
    },
}

/// The data of a comparison.
#[derive(Clone, Copy)]
pub(crate) struct KnownNow<'a> {
    /// The current tables.
    pub(crate) book: &'a BillingInput,
    /// The settings of billing.toml.
    pub(crate) settings: &'a Settings,
    /// The earlier closes.
    pub(crate) register: &'a Register,
    /// The state after the last close.
    pub(crate) state: &'a State,
    /// When each account was billed last.
    pub(crate) last: &'a LastCloses,
    /// The input folder, as messages name it.
    pub(crate) input: &'a Path,
    pub(crate) withheld: &'a ExcludedAccounts,
    /// Whether a changed history becomes corrections.
    pub(crate) accept_history_change: bool,
    /// The instant of the close.
    pub(crate) through: Instant,
    /// The rules for credits.
    pub(crate) credits: CreditRules,
}

pub(super) struct Watcher<'a> {
    pub(super) known: KnownNow<'a>,
    /// The newest close.
    pub(super) newest: Instant,
    /// The accounts whose credits share the rest of invoices.
    pub(super) contested: Contested,
    /// Whether the newest close used the first rules.
    pub(super) is_of_first_rules: bool,
}

/// The changes of a subscription that are due at `instant`.
pub(crate) fn known_changes(book: &BillingInput, index: usize, instant: Instant) -> &[Change] {
    let changes = &book.changes[book.changes_of[index].clone()];
    &changes[..changes.partition_point(|change| change.at <= instant)]
}

pub(super) const ACCEPT: &str = "--accept-history-change turns it into corrections";
