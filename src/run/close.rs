//! `prorata close`: everything due up to an instant becomes a published close.

use std::collections::BTreeMap;
use std::mem::ManuallyDrop;
use std::path::Path;
use std::time::Duration;

use chrono::Days;
use rayon::prelude::*;

use super::RunError;
use super::billing::{exceptions, over_credited};
use super::books::{close_journal, deferred_before, deferred_with};
use super::ground::{Ground, Places, Purpose, Start};
use super::limits::{Before, refuse_too_much};
use super::problems::{keep, keep_withheld};
use super::publication::{Billed, Outcome, TableFormat, number};
use super::settled::{receivables_before, settle};
use super::sheets::parquet_name;
use super::stages::Stages;
use super::state::{newly_applied, next_state};
use super::verify::{RESTORE, check_close};
use super::withholding::bill_the_others;
use crate::invoice::{AccountBill, OverCredit};
use crate::model::Invoice;
use crate::payments::Holders;
use crate::problem::Problem;
use crate::publish::{Lock, ProofError, point_latest_at};
use crate::register::{AppliedChange, Close, Options, Register, State, Watch};
use crate::value::{Amount, AsOf, Currency, DAY_SECONDS, Instant};

/// What `prorata close` is asked to do.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct CloseArgs {
    /// Where to read and write.
    pub places: Places,
    /// The instant of the close.
    pub as_of: AsOf,
    /// What the clock says.
    pub now: Instant,
    /// How long to wait for another run to end.
    pub lock_wait: Duration,
    /// Turn a changed past into corrections.
    pub accept_history_change: bool,
    /// Let a first close bill more than a year back.
    pub bill_from_start: bool,
    /// Let a close lie far after the one before.
    pub catch_up: bool,
    /// Let a close lie after now.
    pub ahead: bool,
    /// Leave out accounts that something is wrong with, and bill the others.
    pub withhold: bool,
    /// How to write its tables.
    pub format: TableFormat,
}

/// Two months, whichever: closes may lie so far apart, however close they were before.
const LONGEST_GAP_SECONDS: i64 = 62 * DAY_SECONDS;

/// So many times the usual distance of closes may one of them take.
const LONGEST_GAP_TIMES: i64 = 3;

/// Runs a close.
///
/// # Errors
/// See [`RunError`]; nothing is published then.
pub fn close(args: &CloseArgs) -> Result<Outcome, RunError> {
    let output = &args.places.output;
    let outcome = bill_and_publish(args);
    if outcome.as_ref().is_ok_and(Outcome::is_to_be_mended) {
        return outcome;
    }
    let mut outcome = keep(outcome, output)?;
    // The close is there; what it left out is still to be mended.
    outcome.warnings.extend(keep_withheld(&outcome.problems, output));
    Ok(outcome)
}

fn bill_and_publish(args: &CloseArgs) -> Result<Outcome, RunError> {
    let mut stages = Stages::begin();
    let output = &args.places.output;
    let start = Start::at(&args.places, (args.as_of, args.now), args.lock_wait)?;
    if let Some(published) = published(&start)? {
        return already_published(published, &start.register, args, stages);
    }
    if !args.ahead {
        start.refuse_ahead(args.now)?;
    }
    refuse_a_long_gap(&start, args)?;
    let ready = bill(start, args, &mut stages)?;
    let Ready { ground, billed, options, problems, _lock } = ready;
    let outcome = billed.publish(&ground, output, (options, args.format), stages)?;
    Ok(Outcome { problems, ..outcome })
}

/// A close that has everything but its files. Whoever holds it holds the output folder, if that was
/// taken.
///
/// The process ends with the close: to free millions of small things first, one by one, would take
/// a tenth of its time.
pub struct Ready {
    pub ground: ManuallyDrop<Ground>,
    pub billed: ManuallyDrop<Billed>,
    pub options: Options,
    /// What is wrong with the accounts that were left out.
    pub problems: Vec<Problem>,
    _lock: Option<Lock>,
}

/// Reads everything and bills every account.
pub fn bill(start: Start, args: &CloseArgs, stages: &mut Stages) -> Result<Ready, RunError> {
    let input = &args.places.input;
    let (ground, lock) = start.read(input)?;
    stages.end("read");
    let mut bill = |ground: &Ground| {
        let (bills, watch) = ground.bill(input, args.accept_history_change, Purpose::Documents)?;
        if !args.bill_from_start {
            refuse_a_long_past(ground, &bills)?;
        }
        stages.end("bill");
        let billed = billed(ground, input, bills, watch)?;
        stages.end("settle");
        Ok(billed)
    };
    let (mut ground, billed, problems) = if args.withhold {
        bill_the_others(ground, input, bill)?
    } else {
        let billed = bill(&ground)?;
        (ground, billed, Vec::new())
    };
    // What the last close left is in what this one leaves.
    ground.state = State::default();
    let (ground, billed) = (ManuallyDrop::new(ground), ManuallyDrop::new(billed));
    let options = Options {
        accept_history_change: args.accept_history_change,
        bill_from_start: args.bill_from_start,
        ahead: args.ahead && ground.through > args.now,
        opening: false,
    };
    Ok(Ready { ground, billed, options, problems, _lock: lock })
}

/// The close that was asked for, if it is there; otherwise it must lie after the newest one.
pub fn published(start: &Start) -> Result<Option<&Close>, RunError> {
    let (register, through) = (&start.register, start.through);
    if let Some(published) = register.closes.iter().find(|close| close.as_of == through) {
        return Ok(Some(published));
    }
    let Some(newest) = register.newest() else { return Ok(None) };
    if through < newest.as_of {
        let newest = newest.as_of.to_string();
        return Err(RunError::BeforeNewest { as_of: through.to_string(), newest });
    }
    Ok(None)
}

/// A close does not lie further after the newest one than closes do: a mistyped month bills ahead, or
/// jumps over what was missed.
pub fn refuse_a_long_gap(start: &Start, args: &CloseArgs) -> Result<(), RunError> {
    let Some(newest) = start.register.newest() else { return Ok(()) };
    let usual = start.register.usual_distance().unwrap_or_default();
    let longest = LONGEST_GAP_SECONDS.max(LONGEST_GAP_TIMES * usual);
    let distance = start.through.seconds_since(newest.as_of);
    if args.catch_up || distance <= longest {
        return Ok(());
    }
    Err(RunError::LongGap {
        as_of: start.through.to_string(),
        newest: newest.as_of.to_string(),
        days: distance / DAY_SECONDS,
        longest: longest / DAY_SECONDS,
    })
}

/// What a close comes to: documents with numbers, and the state after them.
///
/// # Errors
/// Payments that cannot be applied to them.
pub fn billed(
    ground: &Ground,
    input: &Path,
    bills: Vec<AccountBill>,
    watch: Watch,
) -> Result<Billed, RunError> {
    let book = &ground.loaded.book;
    let mut exceptions = exceptions(&bills, book);
    let over_credits: Vec<OverCredit> =
        bills.iter().flat_map(|bill| bill.over_credits.iter().cloned()).collect();
    let (numbered, (receivables, holders)) = rayon::join(
        || number(ground, input, bills),
        || rayon::join(|| receivables_before(ground), || Holders::of(&book.accounts)),
    );
    let ((mut invoices, numbers), receivables) = (numbered?, receivables?);
    exceptions.extend(over_credited(&over_credits, &invoices, book));
    let deferred = deferred_before(ground)?;
    let credit = &ground.state.credit;
    let known = Before { receivables: &receivables, credit, deferred: &deferred };
    refuse_too_much(ground, input, &invoices, &known)?;
    let before = (receivables, holders);
    // Money is settled in the order of time, by one thread; the others do what needs none of it.
    let (settled, (deferred, (state, applied))) = rayon::join(
        || settle(ground, input, &invoices, before),
        || {
            rayon::join(
                || deferred_with(ground, deferred, &invoices),
                || state_after(ground, &invoices, &watch, &over_credits),
            )
        },
    );
    let (mut settled, mut state) = (settled?, state);
    settled.settlement.note_in(&mut invoices);
    let journal = close_journal(ground, &invoices, &settled, deferred?)?;
    state.credit = std::mem::take(&mut settled.settlement.standing.credit);
    Ok(Billed {
        invoices,
        lines_elsewhere: Vec::new(),
        numbers,
        exceptions,
        opening_credit: ground.state.credit_by_currency().map_err(ProofError::TooLarge)?,
        state,
        applied,
        settled,
        journal,
        last_elsewhere: None,
        histories: watch.histories,
    })
}

/// The state after the close, but for the credit, and the changes that it is the first to bill on.
fn state_after(
    ground: &Ground,
    invoices: &[Invoice],
    watch: &Watch,
    over_credits: &[OverCredit],
) -> (State, Vec<AppliedChange>) {
    let (book, through) = (&ground.loaded.book, ground.through);
    let lines = invoices.par_iter().flat_map_iter(|invoice| &invoice.lines);
    let known = (&ground.state, &watch.histories[..]);
    let (mut state, applied) = rayon::join(
        || next_state((book, &ground.settings), through, (lines, over_credits), known),
        || newly_applied(book, through, watch, &ground.last),
    );
    state.keep(&ground.state, &ground.loaded.withheld);
    (state, applied)
}

/// A close that is there already is verified, not repeated.
fn already_published(
    close: &Close,
    register: &Register,
    args: &CloseArgs,
    stages: Stages,
) -> Result<Outcome, RunError> {
    let (_, findings) = check_close(close);
    if !findings.is_empty() {
        return Err(RunError::Findings(findings, RESTORE));
    }
    // A run killed right after its rename has not moved the link.
    if let Some(newest) = register.newest() {
        point_latest_at(&args.places.output, &newest.manifest.close)?;
    }
    Ok(Outcome {
        place: close.path.clone(),
        manifest: close.manifest.clone(),
        already_published: true,
        warnings: format_missed(close, args.format).into_iter().collect(),
        problems: Vec::new(),
        stages,
    })
}

/// A published close gets no further files; whoever asks for some is told so.
fn format_missed(close: &Close, format: TableFormat) -> Option<String> {
    let invoices = parquet_name("invoices.csv");
    let is_there = close.manifest.outputs.iter().any(|file| file.path == invoices);
    (format == TableFormat::Parquet && !is_there).then(|| {
        format!(
            "{} was published without --format parquet, and a published close stays as it is",
            close.path.display()
        )
    })
}

/// A register that begins with old subscriptions was most likely meant to be opened: the years
/// before were billed by something else.
fn refuse_a_long_past(ground: &Ground, bills: &[AccountBill]) -> Result<(), RunError> {
    beginning_of_a_long_past(ground).map_or(Ok(()), |oldest| Err(long_past(oldest, bills)))
}

/// Where a first close begins to bill that goes back more than a year.
pub fn beginning_of_a_long_past(ground: &Ground) -> Option<Instant> {
    let zone = ground.settings.zone;
    let year_ago = zone.local(ground.through).checked_sub_days(Days::new(366))?;
    let oldest = ground.loaded.book.subscriptions.iter().map(|item| item.started_at).min()?;
    (ground.last.newest.is_none() && oldest < zone.instant(year_ago)).then_some(oldest)
}

fn long_past(oldest: Instant, bills: &[AccountBill]) -> RunError {
    let drafts = bills.iter().flat_map(|bill| &bill.drafts);
    let mut totals: BTreeMap<Currency, Option<Amount>> = BTreeMap::new();
    for draft in drafts.clone() {
        let sum = totals.entry(draft.currency).or_insert(Some(Amount::ZERO));
        *sum = sum.and_then(|sum| sum.checked_add(draft.totals.total));
    }
    let totals = totals.into_iter().map(|(currency, sum)| {
        let text =
            sum.map_or("more than 64 bits hold".to_owned(), |sum| sum.to_decimal_string(currency));
        format!("{text} {currency}")
    });
    RunError::LongPast {
        oldest: oldest.to_string(),
        invoices: drafts.count(),
        totals: totals.collect::<Vec<_>>().join(", "),
    }
}
