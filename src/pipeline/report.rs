//! Collects the figures of a run for the report page.

use super::computed::ComputedClose;
use super::context::CloseContext;
use super::print::MOST_IN_A_FOLDER;
use crate::config::Packing;
use crate::publish::Proof;
use crate::register::{Close, Counts, trend};
use crate::render::csv::ExceptionGroup;
use crate::render::report::{Report, report_html};
use crate::review::{ReviewSummary, Trend, last_months};
use crate::value::Month;

/// How many months the trend of a report has.
const MONTHS: u8 = 12;

/// The bytes of `report.html`, which links the files written so far. `computed` has what belongs to
/// no shard: the journal.
pub(crate) fn report(
    context: &CloseContext,
    computed: &ComputedClose,
    review: &ReviewSummary,
    proof: &Proof,
    counts: Counts,
    exceptions: &[ExceptionGroup],
    files: &[String],
) -> Vec<u8> {
    report_html(&Report {
        seller: &context.settings.seller.name,
        close: &context.name,
        as_of: context.through,
        zone: context.settings.zone,
        previous: context.register.newest().map(|close| &*close.manifest.close),
        counts,
        totals: &proof.totals,
        review,
        earned: &computed.journal.earned,
        deferred: &computed.journal.deferred,
        trend: closes_of_months(context, proof),
        exceptions,
        files,
        has_pdfs: are_linked(context.settings.look.packing, computed.places.count()),
    })
}

/// The trend up to this close. It depends on the register before, and on nothing after it.
fn closes_of_months(context: &CloseContext, proof: &Proof) -> Trend {
    let earlier = &context.register.closes;
    let first = Month::of(context.date()).minus(MONTHS);
    let dated = |close: &'_ Close| close.date().filter(|date| Month::of(*date) > first);
    let earlier = earlier.iter().filter_map(|close| Some((dated(close)?, &close.manifest.totals)));
    let all = earlier.chain([(context.date(), &proof.totals)]);
    last_months(trend(all).unwrap_or_default(), MONTHS.into())
}

/// Whether a number alone gives the path of a PDF: without an archive and without subfolders.
fn are_linked(packing: Packing, documents: u64) -> bool {
    packing == Packing::Files && (1..=MOST_IN_A_FOLDER).contains(&documents)
}
