//! The terms of a subscription after each change, by its log.

use super::TimelineErrorKind;
use crate::model::{CancelPolicy, Change, ChangeKind, Price};
use crate::value::WallTime;

/// A price and a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    pub(crate) price: usize,
    pub(crate) quantity: u64,
    /// Whether billing is paused. A pause counts as quantity zero.
    pub(crate) paused: bool,
}

impl Terms {
    /// These terms with one kind of change, taken from the `log` after that change.
    #[must_use]
    pub(crate) fn with(self, kind: ChangeKind, log: Self) -> Self {
        match kind {
            ChangeKind::Quantity(_) | ChangeKind::Delta(_) => {
                Self { quantity: log.quantity, ..self }
            }
            ChangeKind::Price { quantity: None, .. } | ChangeKind::PriceList { .. } => {
                Self { price: log.price, ..self }
            }
            ChangeKind::Price { .. } => Self { price: log.price, quantity: log.quantity, ..self },
            ChangeKind::Pause | ChangeKind::Resume => Self { paused: log.paused, ..self },
            ChangeKind::Cancel(_)
            | ChangeKind::Uncancel
            | ChangeKind::Anchor(_)
            | ChangeKind::Restart { .. } => self,
        }
    }

    /// The units to bill now.
    pub(crate) fn billed_quantity(self) -> u64 {
        if self.paused { 0 } else { self.quantity }
    }
}

/// The log up to a change.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TermsState {
    /// Price and quantity by the log, whether billed yet or not.
    pub(crate) terms: Terms,
    /// The policy of a cancellation that has not taken effect yet.
    pub(crate) cancelled: Option<CancelPolicy>,
    /// The anchor from a change, until a cycle uses it.
    pub(crate) new_anchor: Option<WallTime>,
}

/// The largest plausible quantity, as in the input.
const MOST: u64 = 1_000_000_000;

impl TermsState {
    pub(crate) fn apply(
        &mut self,
        change: &Change,
        prices: &[Price],
    ) -> Result<(), TimelineErrorKind> {
        let held = self.terms.quantity;
        if change.previous_quantity.is_some_and(|previous| previous != held) {
            return Err(TimelineErrorKind::PreviousQuantity { held });
        }
        match change.kind {
            ChangeKind::Quantity(total) => self.terms.quantity = total,
            ChangeKind::Delta(delta) => self.terms.quantity = moved(held, delta)?,
            ChangeKind::Price { price, quantity } => {
                self.terms.price = price;
                self.terms.quantity = quantity.unwrap_or(held);
            }
            ChangeKind::Pause => self.terms.paused = true,
            ChangeKind::Resume => self.terms.paused = false,
            ChangeKind::Uncancel => self.cancelled = None,
            ChangeKind::Cancel(policy) => {
                let policy = policy.unwrap_or(prices[self.terms.price].on_cancel);
                self.cancelled = Some(policy);
            }
            ChangeKind::Anchor(anchor) => self.new_anchor = Some(anchor),
            ChangeKind::PriceList { old, new } if self.terms.price == old as usize => {
                self.terms.price = new as usize;
            }
            ChangeKind::PriceList { .. } => {}
            ChangeKind::Restart { price: _, quantity } => {
                self.terms.price = change.kind.price().unwrap_or(self.terms.price);
                self.terms.quantity = quantity.unwrap_or(held);
            }
        }
        Ok(())
    }
}

fn moved(held: u64, delta: i64) -> Result<u64, TimelineErrorKind> {
    let moved =
        held.checked_add_signed(delta).ok_or(TimelineErrorKind::NegativeQuantity { held })?;
    if moved > MOST { Err(TimelineErrorKind::TooMany) } else { Ok(moved) }
}
