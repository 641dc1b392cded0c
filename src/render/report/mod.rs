//! `report.html`: a close at a glance, for approval and for review.
//!
//! The page has no scripts and no external resources, so that it can be read offline, mailed and
//! printed. [`review`](crate::review) computes the figures; every chart has a table behind it. The
//! page stays short for any number of accounts: it shows the first rows of every list, and names
//! the file with all of them. Nothing depends on a clock, so a preview shows the same page as the
//! close.

mod bars;
mod bridge;
mod cash;
mod cohorts;
mod credit;
mod discounts;
mod distribution;
mod files;
mod findings;
mod index;
mod page;
mod parts;
mod products;
mod receivables;
mod revenue;
mod taxes;
mod totals;
mod trend;
mod words;

use std::collections::BTreeMap;

pub(crate) use index::{GENERATOR, Index, IndexedClose, index_html};
pub(crate) use page::report_html;

use crate::accounting::EarnedByMonth;
use crate::model::Deferred;
use crate::register::{Counts, TotalsByCurrency};
use crate::render::csv::ExceptionGroup;
use crate::review::{ReviewSummary, Trend};
use crate::value::{Instant, Zone};

/// The data of the page.
pub(crate) struct Report<'a> {
    /// The seller.
    pub(crate) seller: &'a str,
    /// The name of the close.
    pub(crate) close: &'a str,
    /// Its instant.
    pub(crate) as_of: Instant,
    /// The zone of the company.
    pub(crate) zone: Zone,
    /// The name of the close before.
    pub(crate) previous: Option<&'a str>,
    /// Row counts.
    pub(crate) counts: Counts,
    /// The proved sums, by currency code.
    pub(crate) totals: &'a BTreeMap<String, TotalsByCurrency>,
    /// Recurring revenue, products, sizes, money, and findings that need a second look.
    pub(crate) review: &'a ReviewSummary,
    /// The revenue that it books.
    pub(crate) earned: &'a EarnedByMonth,
    /// The revenue that is not earned yet.
    pub(crate) deferred: &'a Deferred,
    /// The last twelve months.
    pub(crate) trend: Trend,
    /// Input that produced no line, by kind.
    pub(crate) exceptions: &'a [ExceptionGroup],
    /// The files of the close, as paths in it.
    pub(crate) files: &'a [String],
    /// Whether every invoice has its own PDF in `pdf/`.
    pub(crate) has_pdfs: bool,
}
