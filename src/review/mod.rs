//! The review of a close: the moves of recurring revenue, and a list of points to check before
//! publishing.
//!
//! It turns invoices, the input and the register into figures and [`Finding`]s. No billed amount
//! depends on it. Currencies are never added together. Pure: no files, no clock.

mod account_totals;
mod findings;
mod histogram;
mod idle;
mod lines;
mod moved;
mod products;
mod run_rate;
mod summary;

pub(crate) use account_totals::{AccountTotal, account_totals};
pub(crate) use findings::{Finding, FindingKind, FindingRank, ReviewFindings};
pub(crate) use histogram::{Bin, Histogram, histograms};
pub(crate) use idle::Idle;
pub(crate) use lines::{LineReview, LineSizes, Medians, SizeCounts, look_at_lines};
pub(crate) use moved::{first_documents, moved_totals, negative_and_zero, unused_prices};
pub(crate) use products::{ProductTotal, by_net};
pub(crate) use run_rate::{Bridge, Bridges, MoveKind, RateQuestion, RateTooLarge, run_rates};
pub(crate) use summary::{
    BridgeSummary, FindingGroup, ListedAccount, ListedFinding, ListedMove, MOST_LISTED,
    ReviewSummary,
};
