//! From stretches of time to amounts of money: the price of the whole quantity, times the share
//! of the period, rounded once.

mod details;
mod line;
mod proration;

pub use details::Details;
pub use line::{RatingError, rate};
pub use proration::prorate;
