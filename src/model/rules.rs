//! Rules that have changed, and when: what an older version of this program billed stays billed.

use crate::value::Instant;

/// Which version of the rules of proration counts when.
///
/// Version 2 differs from version 1 in where periods begin, in what a change inside a period does
/// that counts whole, in what happens at one instant, and in that no invoice is credited more, net or
/// tax, than it charged: docs/operations.md lists it. A register
/// that version 1 began goes on by version 2 from where version 1 stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    old_until: Option<Instant>,
}

impl Rules {
    /// The version that this program bills by.
    pub const VERSION: u32 = 2;
    /// The version of closes that do not say which one they were billed by.
    pub const FIRST: u32 = 1;

    /// Version 1 up to and with the last close that it billed, if it billed any.
    pub fn old_until(last: Option<Instant>) -> Self {
        Self { old_until: last }
    }

    /// Version 1 for ever: for a close that it billed, which is derived again.
    pub fn always_old() -> Self {
        Self { old_until: Some(Instant::from_unix_seconds(i64::MAX)) }
    }

    /// Whether version 1 counts for what happens at an instant, and for a period that begins there.
    pub fn are_old_at(self, instant: Instant) -> bool {
        self.old_until.is_some_and(|last| instant <= last)
    }

    /// The last instant that version 1 counts for.
    pub fn last_old(self) -> Option<Instant> {
        self.old_until
    }
}

/// How credits relate to what they credit. A close is derived again by the rules that it followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreditRules {
    /// Those of the [first rules](Rules::FIRST): a credit that stands on an invoice is taxed with what is
    /// charged there, and prorations do not ask what adjustments have credited.
    Apart,
    /// A credit takes back the tax of its charge, and no invoice is credited more than it charged.
    OfTheirCharges,
}
