//! Turns service periods into amounts: the price of the whole quantity times the share of the
//! period, rounded once.

mod line;
mod proration;

pub(crate) use line::{RatingError, rate};
pub(crate) use proration::prorate;
