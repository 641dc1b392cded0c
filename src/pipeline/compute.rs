//! Computes a close: numbered invoices, payments, the journal and the next state.

use rayon::prelude::*;

use super::bill::{LongPast, bill_accounts, long_past};
use super::carried::{BilledThrough, CarriedAccounts, carried};
use super::compare::compare;
use super::computed::ComputedClose;
use super::context::CloseContext;
use super::error::RunError;
use super::exceptions::{exceptions, over_credited};
use super::limits::{Before, refuse_too_much};
use super::next_state::{newly_applied, next_state};
use super::number::number;
use super::post::{close_journal, deferred_before, deferred_with};
use super::refunds::refundable;
use super::settle::{receivables_before, settle};
use super::timings::StageTimings;
use crate::invoice::{DraftInvoice, Numbered, OverCredit, relate};
use crate::model::{DocumentPlaces, Invoice};
use crate::payments::AccountIds;
use crate::publish::ProofError;
use crate::register::{AppliedChange, HistoryComparison, State};
use crate::render::csv::Exception;

/// Computes a close. Apart from reading the register, the function is pure.
///
/// # Errors
/// All problems of the input, the history, the accounts and the payments.
pub(crate) fn compute(
    context: &CloseContext,
    stages: &mut StageTimings,
) -> Result<ComputedClose, RunError> {
    let mut billed = bill(context)?;
    if let Some(past) = billed.long_past.take() {
        return Err(past.error());
    }
    stages.end("bill");
    let drafts = std::mem::take(&mut billed.drafts);
    let computed = finish(context, billed, || number(context, drafts))?;
    stages.end("settle");
    Ok(computed)
}

/// The documents of a close without their numbers, and what else billing found.
pub(crate) struct BilledAccounts {
    /// The documents, in the order of the input.
    pub(crate) drafts: Vec<DraftInvoice>,
    /// A past that is too long for a first close.
    pub(crate) long_past: Option<LongPast>,
    pub(super) exceptions: Vec<Exception>,
    over_credits: Vec<OverCredit>,
    carried: CarriedAccounts,
    watch: HistoryComparison,
}

/// Compares the log with the register, and bills all accounts.
///
/// # Errors
/// All problems of the input, the history and the accounts.
pub(crate) fn bill(context: &CloseContext) -> Result<BilledAccounts, RunError> {
    let compared = compare(context)?;
    let bills = bill_accounts(context, &compared)?;
    let exceptions = exceptions(&bills, &context.loaded.book);
    let over_credits = bills.iter().flat_map(|bill| bill.over_credits.iter().cloned()).collect();
    let carried = carried(&bills, &context.loaded.book);
    let drafts: Vec<DraftInvoice> = bills.into_iter().flat_map(|bill| bill.drafts).collect();
    let long_past = long_past(context, &drafts);
    let watch = compared.watch;
    Ok(BilledAccounts { drafts, long_past, exceptions, over_credits, carried, watch })
}

/// Settles and posts what was billed, and derives the next state. `number` makes the invoices of
/// the drafts.
///
/// # Errors
/// A series with too few numbers, sums that do not fit, and payments that cannot be applied.
pub(crate) fn finish(
    context: &CloseContext,
    billed: BilledAccounts,
    number: impl FnOnce() -> Result<Numbered, RunError> + Send,
) -> Result<ComputedClose, RunError> {
    let book = &context.loaded.book;
    let BilledAccounts { mut exceptions, over_credits, carried, watch, .. } = billed;
    let (numbered, (receivables, holders)) = rayon::join(number, || {
        rayon::join(|| receivables_before(context), || AccountIds::of(&book.accounts))
    });
    let ((mut invoices, numbers), receivables) = (numbered?, receivables?);
    exceptions.extend(over_credited(&over_credits, &invoices, book));
    let deferred = deferred_before(context)?;
    let credit = &context.state.credit;
    let known = Before { receivables: &receivables, credit, deferred: &deferred };
    let sizes = refuse_too_much(context, &invoices, &known)?;
    // One thread settles money, in time order. Meanwhile the other threads compute everything that
    // does not depend on it.
    let (settled, (deferred, (state, applied))) = rayon::join(
        || settle(context, &invoices, (receivables, holders)),
        || {
            rayon::join(
                || deferred_with(context, deferred, &invoices),
                || state_after(context, &invoices, &watch, (&over_credits, &carried)),
            )
        },
    );
    let (mut settled, mut state) = (settled?, state);
    settled.settlement.note_in(&mut invoices);
    relate(&mut invoices);
    let journal = close_journal(context, &invoices, &settled, deferred?)?;
    state.credit = std::mem::take(&mut settled.settlement.balances.credit);
    settled.refunds = refundable(context, &invoices, &settled, &state.credit)?;
    Ok(ComputedClose {
        places: DocumentPlaces::Whole { count: invoices.len() },
        medians: None,
        sizes,
        invoices,
        lines_elsewhere: Vec::new(),
        numbers,
        exceptions,
        carried,
        opening_credit: context.state.credit_by_currency().map_err(ProofError::TooLarge)?,
        state,
        applied,
        settled,
        journal,
        last_elsewhere: None,
        histories: watch.histories,
    })
}

/// The state after the close, except the credit, and the changes that this close bills first.
fn state_after(
    context: &CloseContext,
    invoices: &[Invoice],
    watch: &HistoryComparison,
    (over_credits, carried): (&[OverCredit], &CarriedAccounts),
) -> (State, Vec<AppliedChange>) {
    let book = &context.loaded.book;
    let billed = BilledThrough::of(context, carried);
    let lines = invoices.par_iter().flat_map_iter(|invoice| &invoice.lines);
    let (mut state, applied) = rayon::join(
        || next_state(context, lines, (over_credits, &billed), &watch.histories),
        || newly_applied(book, &billed, watch, &context.last),
    );
    state.keep(&context.state, &context.loaded.withheld);
    (state, applied)
}
