//! `prorata open`: begins a register for a company that already has customers.
//!
//! Every line due up to the opening counts as billed elsewhere. A later change that lies before the
//! opening is therefore corrected like any other.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rayon::prelude::*;

use crate::input;
use crate::invoice::AccountBill;
use crate::model::{DocumentPlaces, LastBilled, Line, Shard};
use crate::pipeline::{
    BilledThrough, CarriedAccounts, CloseContext, CloseResult, ComputedClose, Folders, Purpose,
    RunError, SettledClose, StageTimings, TableFormat, Witnessing, keep, newly_applied, next_state,
    open_witness, opening_journal, refuse_too_much_credit,
};
use crate::pipeline::{Billing, ClosePlan, bill_accounts, compare};
use crate::publish::ProofError;
use crate::publish::Staging;
use crate::register::Options;
use crate::value::{AsOf, Instant};

/// The options of `prorata open`.
#[derive(Clone, Debug)]
pub struct OpenArgs {
    /// Where to read and write.
    pub places: Folders,
    /// Another system has billed up to this instant.
    pub as_of: AsOf,
    /// The current time.
    pub now: Instant,
    /// Allow an instant in the future.
    pub ahead: bool,
    /// How long to wait for another run.
    pub lock_wait: Duration,
    /// How to write the tables.
    pub format: TableFormat,
    /// Where the opening is witnessed.
    pub witness: Witnessing,
}

/// Opens a register.
///
/// # Errors
/// See [`RunError`]; nothing is published then, except with [`RunError::AfterPublishing`].
pub(crate) fn open(args: &OpenArgs) -> Result<CloseResult, RunError> {
    keep(read_and_publish(args), &args.places.output)
}

fn read_and_publish(args: &OpenArgs) -> Result<CloseResult, RunError> {
    let mut stages = StageTimings::begin();
    let input = &args.places.input;
    let plan = ClosePlan::exclusive(&args.places, args.as_of, args.now, args.lock_wait)?;
    if let Some(newest) = plan.register.newest() {
        return Err(RunError::AlreadyOpen { newest: newest.manifest.close.clone() });
    }
    let witness = open_witness(&args.witness, &plan, &args.places)?;
    if !args.ahead {
        plan.refuse_ahead(args.now)?;
    }
    plan.refuse_open_rounds(&args.places.output, None)?;
    let (context, lock) = plan.load(input, OPENING)?;
    let (context, billed) = compute_opening(context)?;
    let ahead = args.ahead && context.through > args.now;
    let options = Options { opening: true, ahead, ..Options::default() };
    let (lock, mode) = (lock.expect("the plan is exclusive"), context.settings.output.mode);
    let mut staging = Staging::begin(lock, &context.name, mode)?
        .marking_tables(context.settings.output.byte_order_mark);
    let prepared = billed.prepare(&context, options, args.format, &mut staging, &mut stages)?;
    prepared.publish(&context, staging, stages, witness)
}

/// The permissions of an opening.
pub(super) const OPENING: Billing = Billing {
    purpose: Purpose::Opening,
    accept_history_change: false,
    bill_from_start: true,
    shard: Shard::WHOLE,
};

/// Computes an opening. The returned context has the file of opening balances among its sources.
pub(super) fn compute_opening(
    mut context: CloseContext,
) -> Result<(CloseContext, ComputedClose), RunError> {
    let input = context.input.clone();
    let balances = input::load_balances(&input, &context.settings.input, &context.loaded.book)?;
    context.loaded.problems.append(balances.problems);
    context.sources.extend(balances.source);
    let compared = compare(&context)?;
    let bills = bill_accounts(&context, &compared)?;
    let watch = compared.watch;
    refuse_too_much_credit(&balances.credit, &context.loaded.book, &input)?;
    let elsewhere = last_bills(&bills, &context);
    let lines: Vec<Line> =
        bills.into_iter().flat_map(|bill| bill.drafts).flat_map(|draft| draft.lines).collect();
    let book = &context.loaded.book;
    let nothing = CarriedAccounts::new();
    let through = BilledThrough::of(&context, &nothing);
    let mut state = next_state(&context, lines.par_iter(), (&[], &through), &watch.histories);
    state.credit = balances.credit;
    let journal = opening_journal(&context, &state)?;
    let billed = ComputedClose {
        invoices: Vec::new(),
        places: DocumentPlaces::Whole { count: 0 },
        medians: None,
        sizes: Vec::new(),
        lines_elsewhere: lines,
        numbers: BTreeMap::new(),
        exceptions: Vec::new(),
        carried: CarriedAccounts::new(),
        // Opening credit is neither granted nor used here.
        opening_credit: state.credit_by_currency().map_err(ProofError::TooLarge)?,
        applied: newly_applied(book, &through, &watch, &context.last),
        state,
        // Payments up to the opening were applied elsewhere.
        settled: SettledClose::default(),
        journal,
        last_elsewhere: Some(elsewhere),
        histories: watch.histories,
    };
    Ok((context, billed))
}

/// The last bill that each account would have got, by currency, as the baseline for its first bill
/// here. Sorted by account and currency; the last bill comes last.
fn last_bills(bills: &[AccountBill], context: &CloseContext) -> Vec<(Arc<str>, LastBilled)> {
    let accounts = &context.loaded.book.accounts;
    let drafts = bills.iter().flat_map(|bill| &bill.drafts);
    let last = drafts.map(|draft| {
        let (currency, as_of, total) = (draft.currency, draft.instant, draft.totals.total);
        (Arc::clone(&accounts[draft.account].id), LastBilled { currency, as_of, total })
    });
    let mut last: Vec<(Arc<str>, LastBilled)> = last.collect();
    last.sort_by(|(a, one), (b, other)| (a, one.currency).cmp(&(b, other.currency)));
    last
}
