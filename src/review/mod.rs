//! The review of a close: the moves of recurring revenue, and a list of points to check before
//! publishing.
//!
//! It turns invoices, the input and the register into figures and [`Finding`]s. No billed amount
//! depends on it. Currencies are never added together. Pure: no files, no clock.

mod account_totals;
mod ageing;
mod cohorts;
mod credit;
mod discounts;
mod finances;
mod findings;
mod histogram;
mod idle;
mod lines;
mod listed;
mod moved;
mod products;
mod run_rate;
mod summary;
mod trend;

pub(crate) use account_totals::{AccountTotal, account_totals};
pub(crate) use ageing::{AgeSum, Ageing, Debtor, ageing};
pub(crate) use cohorts::{Cohort, Cohorts, add_cohorts};
pub(crate) use credit::CreditHeld;
pub(crate) use discounts::DiscountTotal;
pub(crate) use finances::{Cash, Finances, TaxRateTotal};
pub(crate) use findings::{Finding, FindingKind, FindingRank, ReviewFindings};
pub(crate) use histogram::{Bin, Histogram, histograms};
pub(crate) use idle::Idle;
pub(crate) use lines::{LineReview, LineSizes, Medians, SizeCounts, look_at_lines};
pub(crate) use listed::{ListedAccount, MOST_LISTED};
pub(crate) use moved::{first_documents, moved_totals, negative_and_zero, unused_prices};
pub(crate) use products::{ProductTotal, by_net};
pub(crate) use run_rate::{Bridge, Bridges, MoveKind, RateQuestion, RateTooLarge, run_rates};
pub(crate) use summary::{BridgeSummary, FindingGroup, ListedFinding, ListedMove, ReviewSummary};
pub(crate) use trend::{Trend, TrendMonth, last_months};
