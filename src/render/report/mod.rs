//! `report.html`: a close at a glance, for whoever approves it and for whoever answers for it.
//!
//! One page without scripts and without anything from elsewhere, so that it can be read offline,
//! mailed and printed. Figures come in, worked out by [`review`](crate::review); every chart has its
//! figures in a table behind it. Whatever the number of accounts, the page stays short: it shows the
//! first rows of every list and names the file that has all of them. Nothing in it depends on a
//! clock, so that a preview shows the page that the close then publishes.

mod bars;
mod bridge;
mod distribution;
mod files;
mod findings;
mod page;
mod parts;
mod products;
mod totals;

use std::collections::BTreeMap;

pub use page::report_html;

use crate::model::Account;
use crate::register::{Counts, TotalsByCurrency};
use crate::render::csv::Exception;
use crate::review::{Bridges, Histogram, ProductTotal, ReviewFindings};
use crate::value::Currency;

/// Everything that the page shows.
pub struct Report<'a> {
    /// Who sends the invoices.
    pub seller: &'a str,
    /// The name of the close.
    pub close: &'a str,
    /// Its instant.
    pub as_of: &'a str,
    /// The close before, by name.
    pub previous: Option<&'a str>,
    /// How much of everything.
    pub counts: Counts,
    /// The sums that were proved, by currency code.
    pub totals: &'a BTreeMap<String, TotalsByCurrency>,
    /// How the recurring run rate moved.
    pub bridges: &'a Bridges,
    /// What was billed by product.
    pub products: &'a BTreeMap<Currency, Vec<ProductTotal>>,
    /// How large the documents are.
    pub histograms: &'a BTreeMap<Currency, Histogram>,
    /// What is worth a second look.
    pub findings: &'a ReviewFindings,
    /// What was read and led to nothing.
    pub exceptions: &'a [Exception],
    /// The accounts that findings and moves name.
    pub accounts: &'a [Account],
    /// The files of the close, as paths in it.
    pub files: &'a [String],
    /// Whether every document has a PDF of its own in `pdf/`.
    pub has_pdfs: bool,
}
