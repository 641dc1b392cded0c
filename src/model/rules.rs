//! Versions of the billing rules. Amounts billed by an older version stay as they are.

use crate::value::Instant;

/// Which version of the proration rules applies when.
///
/// Version 2 differs from version 1 in four points: the start of periods; changes inside a period
/// that counts whole; several changes at one instant; and no invoice is credited more than it
/// charged, net or tax. See docs/operations.md. A register of version 1 continues with version 2
/// after the last close of version 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rules {
    old_until: Option<Instant>,
}

impl Rules {
    /// The version of this program.
    pub(crate) const VERSION: u32 = 2;
    /// The version of closes without a recorded version.
    pub(crate) const FIRST: u32 = 1;

    /// Version 1 up to and including its last close, if there is one.
    pub(crate) fn old_until(last: Option<Instant>) -> Self {
        Self { old_until: last }
    }

    /// Version 1 for ever, to rederive a close of version 1.
    pub(crate) fn always_old() -> Self {
        Self { old_until: Some(Instant::from_unix_seconds(i64::MAX)) }
    }

    /// Whether version 1 applies to events and period starts at an instant.
    pub(crate) fn are_old_at(self, instant: Instant) -> bool {
        self.old_until.is_some_and(|last| instant <= last)
    }

    /// The last instant of version 1.
    pub(crate) fn last_old(self) -> Option<Instant> {
        self.old_until
    }
}

/// How credits relate to their charges. A rederived close uses its original rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CreditRules {
    /// The [first rules](Rules::FIRST). A credit is taxed together with the charges of its invoice.
    /// Prorations ignore credits by adjustments.
    Apart,
    /// A credit takes back the tax of its charge. No invoice is credited more than it charged.
    OfTheirCharges,
}
