//! Collects the figures of a run for the report page.

use super::computed::ComputedClose;
use super::context::CloseContext;
use super::print::MOST_IN_A_FOLDER;
use super::review::Review;
use crate::config::Packing;
use crate::publish::Proof;
use crate::register::Counts;
use crate::render::csv::Exception;
use crate::render::report::{Report, report_html};

/// The bytes of `report.html`, which links the files written so far.
pub(crate) fn report(
    context: &CloseContext,
    billed: &ComputedClose,
    review: &Review,
    proof: &Proof,
    counts: Counts,
    exceptions: &[Exception],
    files: &[String],
) -> Vec<u8> {
    report_html(&Report {
        seller: &context.settings.seller.name,
        close: &context.name,
        as_of: &context.through.to_string(),
        previous: context.register.newest().map(|close| &*close.manifest.close),
        counts,
        totals: &proof.totals,
        bridges: &review.bridges,
        products: &review.products,
        histograms: &review.histograms,
        findings: &review.findings,
        exceptions,
        accounts: &context.loaded.book.accounts,
        files,
        has_pdfs: are_linked(context.settings.look.packing, billed.invoices.len()),
    })
}

/// Whether a number alone gives the path of a PDF: without an archive and without subfolders.
fn are_linked(packing: Packing, documents: usize) -> bool {
    packing == Packing::Files && (1..=MOST_IN_A_FOLDER).contains(&documents)
}
