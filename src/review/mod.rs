//! What a close means, for those who look at it: how recurring revenue moved, and what a careful
//! clerk looks at before it is published.
//!
//! Documents, the book and what the register knows come in; figures and [`Finding`]s come out. It
//! decides about nothing: no amount that is billed depends on it. Currencies are never added
//! together. Pure: no files, no clock.

mod account_totals;
mod findings;
mod histogram;
mod idle;
mod lines;
mod moved;
mod products;
mod run_rate;

pub(crate) use account_totals::{AccountTotal, account_totals};
pub(crate) use findings::{Finding, FindingKind, ReviewFindings};
pub(crate) use histogram::{Bin, Histogram, histograms};
pub(crate) use idle::Idle;
pub(crate) use lines::{LineReview, look_at_lines};
pub(crate) use moved::{first_documents, moved_totals, negative_and_zero, unused_prices};
pub(crate) use products::ProductTotal;
pub(crate) use run_rate::{Bridge, Bridges, Move, MoveKind, RateQuestion, RateTooLarge, run_rates};
