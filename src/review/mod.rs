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

pub use account_totals::{AccountTotal, account_totals};
pub use findings::{Finding, FindingKind, ReviewFindings};
pub use histogram::{Bin, Histogram, histograms};
pub use idle::Idle;
pub use lines::{LineReview, look_at_lines};
pub use moved::{first_documents, moved_totals, negative_and_zero, unused_prices};
pub use products::ProductTotal;
pub use run_rate::{
    Bridge, Bridges, Move, MoveKind, RateQuestion, RateTooLarge, RunRates, run_rates,
};
