//! What a subscription's log says is in force, after each change.

use super::TimelineErrorKind;
use crate::model::{CancelPolicy, Change, ChangeKind, Price};
use crate::value::WallTime;

/// A price and a quantity of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Index of the price in [`Book::prices`](crate::model::Book::prices).
    pub price: usize,
    /// Units held.
    pub quantity: u64,
    /// Whether billing is paused: nothing is held for as long.
    pub paused: bool,
}

impl Terms {
    /// These terms with what one kind of change brings, taken from what the log says after it.
    #[must_use]
    pub fn with(self, kind: ChangeKind, log: Self) -> Self {
        match kind {
            ChangeKind::Quantity(_) | ChangeKind::Delta(_) => {
                Self { quantity: log.quantity, ..self }
            }
            ChangeKind::Price { quantity: None, .. } => Self { price: log.price, ..self },
            ChangeKind::Price { .. } => Self { price: log.price, quantity: log.quantity, ..self },
            ChangeKind::Pause | ChangeKind::Resume => Self { paused: log.paused, ..self },
            ChangeKind::Cancel(_) | ChangeKind::Uncancel | ChangeKind::Anchor(_) => self,
        }
    }

    /// The units that cost something now.
    pub fn billed_quantity(self) -> u64 {
        if self.paused { 0 } else { self.quantity }
    }
}

/// What the log says so far.
#[derive(Clone, Copy, Debug)]
pub struct TermsState {
    /// Price and quantity as the log has them, billed or not yet.
    pub terms: Terms,
    /// How a cancellation that has not taken effect yet will end it.
    pub cancelled: Option<CancelPolicy>,
    /// The anchor a change asked for, until a cycle takes it up.
    pub new_anchor: Option<WallTime>,
}

/// The largest quantity that is taken for meant, as in the input.
const MOST: u64 = 1_000_000_000;

impl TermsState {
    /// Applies one change.
    pub fn apply(&mut self, change: &Change, prices: &[Price]) -> Result<(), TimelineErrorKind> {
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
        }
        Ok(())
    }
}

fn moved(held: u64, delta: i64) -> Result<u64, TimelineErrorKind> {
    let moved =
        held.checked_add_signed(delta).ok_or(TimelineErrorKind::NegativeQuantity { held })?;
    if moved > MOST { Err(TimelineErrorKind::TooMany) } else { Ok(moved) }
}
