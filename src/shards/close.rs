//! The second step for every shard: bills it again, gives its documents their numbers, settles it,
//! and writes its files.

use std::collections::{BTreeSet, HashSet};

use super::lists::{ShardNumbers, drafts_to_parquet};
use super::number::NumberedRound;
use super::output::write_shard;
use super::round::{Round, TaskArgs, TaskResult, write_result};
use super::summary::shard_name;
use crate::hash::sha256_hex;
use crate::invoice::{ArrangedDrafts, name_orders};
use crate::model::{DocumentPlaces, Shard};
use crate::pipeline::{CloseContext, RunError, bill, finish};
use crate::register::{InputFile, State};

/// Closes a shard.
///
/// # Errors
/// A missing earlier step, input that has changed since, payments that cannot be applied, and a full
/// disk.
pub(crate) fn close_shard(args: &TaskArgs) -> Result<TaskResult, RunError> {
    let Some(round) = Round::of(args)? else { return Ok(TaskResult::Published) };
    close(&round, args.shard.unwrap_or_default())
}

/// Does so in a known round.
pub(super) fn close(round: &Round, shard: Shard) -> Result<TaskResult, RunError> {
    let name = shard_name(shard);
    if round.folder.has(&name) {
        round.task()?;
        return Ok(TaskResult::DoneBefore);
    }
    let facts = NumberedRound::read(round)?;
    let numbers = facts.of_shard(round, shard)?;
    let mut context = round.context(shard)?;
    let inputs: Vec<InputFile> = context.sources.iter().map(InputFile::of).collect();
    if let Some((file, _)) = inputs.iter().zip(&facts.inputs).find(|(now, then)| now != then) {
        return Err(round.changed(&format!("{} of shard {shard}", file.name)).into());
    }
    let mut billed = bill(&context)?;
    let accounts = &context.loaded.book.accounts;
    let drafts = ArrangedDrafts::new(std::mem::take(&mut billed.drafts), accounts);
    let listed = sha256_hex(&drafts_to_parquet(&drafts, accounts)?);
    let is_same = facts.drafts.get(shard.index as usize).is_some_and(|then| *then == listed);
    if !is_same || numbers.counters.len() != drafts.drafts.len() {
        return Err(round.changed(&format!("the list of documents of shard {shard}")).into());
    }
    let ShardNumbers { places, counters } = numbers;
    let mut invoices = drafts.numbered(counters, accounts, &context.settings);
    name_orders(&context.loaded.book, &mut invoices);
    leave_payments_to_others(&mut context, invoices.iter().map(|invoice| &*invoice.number))?;
    let mut closed = finish(&context, billed, || Ok((invoices, facts.numbers.clone())))?;
    closed.places = DocumentPlaces::Shard { places, count: facts.documents };
    closed.medians = Some(facts.medians);
    // The new state includes the last one.
    context.state = State::default();
    write_result(&round.folder, &name, |files| write_shard(&context, &closed, files))
}

/// Leaves payments without an account to the shard of the invoice that they name. The numbering made
/// sure that each has one.
fn leave_payments_to_others<'n>(
    context: &mut CloseContext,
    own: impl Iterator<Item = &'n str>,
) -> Result<(), RunError> {
    let due = context.payments.due(&context.loaded.book, context.through);
    let nameless = due.into_iter().filter(|payment| payment.account.is_none());
    let nameless: Vec<(&str, &str)> = nameless
        .filter_map(|payment| Some((&*payment.id, payment.invoice_number.as_deref()?)))
        .collect();
    if nameless.is_empty() {
        return Ok(());
    }
    let named: BTreeSet<&str> = nameless.iter().map(|(_, number)| *number).collect();
    let mut here: HashSet<&str> = own.filter(|number| named.contains(number)).collect();
    let known = context.register.receivables(&named, context.billing.shard)?;
    let shard = context.billing.shard;
    let of_shard = known.iter().filter(|it| shard.has(&it.account_id));
    here.extend(of_shard.map(|it| &*it.invoice_number));
    let others = nameless.iter().filter(|(_, number)| !here.contains(number));
    let others: HashSet<String> = others.map(|(id, _)| (*id).to_owned()).collect();
    context.payments.leave_to_others(others);
    Ok(())
}
