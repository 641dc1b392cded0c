//! What a close comes to: documents with numbers, what pays them, the journal, and the state after them.

use rayon::prelude::*;

use super::bill::{bill_accounts, refuse_a_long_past};
use super::compare::compare;
use super::computed::Billed;
use super::context::Ground;
use super::error::RunError;
use super::exceptions::{exceptions, over_credited};
use super::limits::{Before, refuse_too_much};
use super::next_state::{newly_applied, next_state};
use super::number::number;
use super::post::{close_journal, deferred_before, deferred_with};
use super::settle::{receivables_before, settle};
use super::timings::Stages;
use crate::invoice::OverCredit;
use crate::model::Invoice;
use crate::payments::Holders;
use crate::publish::ProofError;
use crate::register::{AppliedChange, State, Watch};

/// Computes a close. Pure, apart from reading the register.
///
/// # Errors
/// Every problem of the input, of the past, of the accounts and of their payments.
pub fn compute(ground: &Ground, stages: &mut Stages) -> Result<Billed, RunError> {
    let book = &ground.loaded.book;
    let compared = compare(ground)?;
    let bills = bill_accounts(ground, &compared)?;
    refuse_a_long_past(ground, &bills)?;
    stages.end("bill");
    let mut exceptions = exceptions(&bills, book);
    let over_credits: Vec<OverCredit> =
        bills.iter().flat_map(|bill| bill.over_credits.iter().cloned()).collect();
    let (numbered, (receivables, holders)) = rayon::join(
        || number(ground, bills),
        || rayon::join(|| receivables_before(ground), || Holders::of(&book.accounts)),
    );
    let ((mut invoices, numbers), receivables) = (numbered?, receivables?);
    exceptions.extend(over_credited(&over_credits, &invoices, book));
    let deferred = deferred_before(ground)?;
    let credit = &ground.state.credit;
    let known = Before { receivables: &receivables, credit, deferred: &deferred };
    refuse_too_much(ground, &invoices, &known)?;
    // Money is settled in the order of time, by one thread; the others do what needs none of it.
    let watch = compared.watch;
    let (settled, (deferred, (state, applied))) = rayon::join(
        || settle(ground, &invoices, (receivables, holders)),
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
    stages.end("settle");
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
