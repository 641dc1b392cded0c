//! The data of a comparison, and the verdict on each subscription.

use std::path::Path;

use super::contested::Contested;
use super::last_closes::LastCloses;
use super::state::State;
use crate::config::Settings;
use crate::model::{BillingInput, Change, ExcludedAccounts};
use crate::value::Instant;

pub(super) enum Verdict {
    New,
    Unchanged,
    Changed {
        /// Whether the opening terms have changed.
        opening: bool,
    },
}

pub(super) struct Watcher<'a> {
    pub(super) book: &'a BillingInput,
    pub(super) state: &'a State,
    pub(super) input: &'a Path,
    pub(super) settings: &'a Settings,
    pub(super) withheld: &'a ExcludedAccounts,
    /// The newest close.
    pub(super) newest: Instant,
    /// When each account was billed last.
    pub(super) last: &'a LastCloses,
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
