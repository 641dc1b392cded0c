//! Collects the figures of a run for the report page.

use super::context::CloseContext;
use super::print::MOST_IN_A_FOLDER;
use crate::config::Packing;
use crate::publish::Proof;
use crate::register::Counts;
use crate::render::csv::ExceptionGroup;
use crate::render::report::{Report, report_html};
use crate::review::ReviewSummary;

/// The bytes of `report.html`, which links the files written so far.
pub(crate) fn report(
    context: &CloseContext,
    documents: u64,
    review: &ReviewSummary,
    proof: &Proof,
    counts: Counts,
    exceptions: &[ExceptionGroup],
    files: &[String],
) -> Vec<u8> {
    report_html(&Report {
        seller: &context.settings.seller.name,
        close: &context.name,
        as_of: &context.through.to_string(),
        previous: context.register.newest().map(|close| &*close.manifest.close),
        counts,
        totals: &proof.totals,
        review,
        exceptions,
        files,
        has_pdfs: are_linked(context.settings.look.packing, documents),
    })
}

/// Whether a number alone gives the path of a PDF: without an archive and without subfolders.
fn are_linked(packing: Packing, documents: u64) -> bool {
    packing == Packing::Files && (1..=MOST_IN_A_FOLDER).contains(&documents)
}
