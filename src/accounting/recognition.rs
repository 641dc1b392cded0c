//! Revenue recognition: every line is deferred by its schedule. When a month has ended, one entry
//! for each currency moves its revenue from deferred to earned.
//!
//! A late change or a period in arrears can add to a month that an earlier close has booked. This
//! close then books it on the last day of that month, with the close in the entry id.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;
use rayon::prelude::*;

use super::chart::Chart;
use super::closing::Closing;
use super::{JournalEntry, JournalError, line_schedule};
use crate::model::{Account, Deferred, DeferredKey, INVOICES_IN_A_PIECE, Invoice};
use crate::payments::with_lines_at_hand;
use crate::value::{Amount, Currency, Month};

/// Defers the revenue of invoices.
///
/// # Errors
/// Sums that do not fit.
pub(crate) fn defer(
    deferred: &mut Deferred,
    invoices: &[Invoice],
    accounts: &[Account],
) -> Result<(), JournalError> {
    // The chunks do not depend on threads, so an overflow is always found in the same place.
    let pieces = invoices.par_chunks(INVOICES_IN_A_PIECE).map(|piece| {
        let mut sums = DeferralSums::new();
        with_lines_at_hand(piece)
            .try_for_each(|invoice| defer_one(&mut sums, invoice, accounts))?;
        Ok(sums)
    });
    for piece in pieces.collect::<Result<Vec<DeferralSums<'_>>, JournalError>>()? {
        // Sorted, so that an error always names the same sum.
        let sums: BTreeMap<_, _> = piece.into_iter().collect();
        for ((currency, month, product), amount) in sums {
            let key = DeferredKey { currency, month, product: Arc::clone(product) };
            let added = deferred.add(key, amount);
            added.ok_or_else(|| too_large(currency, month, product))?;
        }
    }
    Ok(())
}

/// The deferred sums of some invoices, by currency, month and product.
type DeferralSums<'a> = HashMap<(Currency, Month, &'a Arc<str>), Amount>;

fn defer_one<'a>(
    deferred: &mut DeferralSums<'a>,
    invoice: &'a Invoice,
    accounts: &[Account],
) -> Result<(), JournalError> {
    let (zone, currency) = (accounts[invoice.account].zone, invoice.currency);
    for line in &invoice.lines {
        for earned in line_schedule(line, zone) {
            let sum = deferred.entry((currency, earned.month, &line.quote.product)).or_default();
            let added = sum.checked_add(earned.amount);
            *sum = added.ok_or_else(|| too_large(currency, earned.month, &line.quote.product))?;
        }
    }
    Ok(())
}

fn too_large(currency: Currency, month: Month, product: &str) -> JournalError {
    JournalError::SumTooLarge { what: format!("revenue of {month} for {product}"), currency }
}

/// The revenue that a close books, by month.
pub(crate) type EarnedByMonth = BTreeMap<Currency, BTreeMap<Month, Amount>>;

/// Books the revenue of ended months, and removes it from `deferred`.
pub(crate) fn recognise(
    deferred: &mut Deferred,
    chart: &Chart<'_>,
    closing: Closing<'_>,
) -> Result<(Vec<JournalEntry<'static>>, EarnedByMonth), JournalError> {
    let mut entries: BTreeMap<(Currency, Month), JournalEntry<'static>> = BTreeMap::new();
    let mut earned = EarnedByMonth::new();
    for (DeferredKey { currency, month, product }, amount) in deferred.take_ended(closing.date) {
        let sum = earned.entry(currency).or_default().entry(month).or_default();
        let added = sum.checked_add(amount);
        *sum = added.ok_or_else(|| too_large(currency, month, &product))?;
        let entry = entries
            .entry((currency, month))
            .or_insert_with(|| month_entry(currency, month, closing));
        if let Some(posting) = entry.debit(Cow::Owned(chart.deferred_revenue.clone()), amount)? {
            posting.product = Some(product.to_string().into());
        }
        if let Some(posting) = entry.credit(Cow::Owned(chart.revenue(&product)), amount)? {
            posting.product = Some(product.to_string().into());
        }
    }
    Ok((entries.into_values().collect(), earned))
}

/// The entry of a month, without postings. A month that the previous close booked gets another id.
fn month_entry(currency: Currency, month: Month, closing: Closing<'_>) -> JournalEntry<'static> {
    let date = month.last_day();
    let is_again = closing.previous.is_some_and(|previous| date < previous);
    let (id, memo) = if is_again {
        let id = format!("REV-{month}-{currency}-{}", closing.name);
        (id, format!("Revenue earned in {month}, billed since"))
    } else {
        (format!("REV-{month}-{currency}"), format!("Revenue earned in {month}"))
    };
    JournalEntry { id: id.into(), date, account_id: None, currency, memo, postings: Vec::new() }
}
