//! The problems of `voids.csv` that only the register can tell.

use std::collections::{BTreeMap, BTreeSet};

use super::context::CloseContext;
use super::error::RunError;
use crate::model::{Issued, PaymentKind, Void};
use crate::problem::Problem;
use crate::table::display_name;
use crate::value::{Amount, Instant};

/// The problems of void invoices that no close has credited: an unknown number, an account that is
/// gone, and an invoice that is written off. Billing finds that nothing is left of one.
///
/// # Errors
/// The register cannot be read.
pub(crate) fn problems(context: &CloseContext) -> Result<Vec<Problem>, RunError> {
    let book = &context.loaded.book;
    if book.voids.is_empty() {
        return Ok(Vec::new());
    }
    let numbers: BTreeSet<&str> = book.voids.iter().map(|void| &*void.invoice_number).collect();
    let issued = context.register.issued(&numbers, None)?;
    let credits = book.adjustments.iter().filter(|credit| credit.voids.is_some());
    let credits: BTreeMap<&str, Instant> = credits
        .filter_map(|credit| Some((credit.credits_invoice.as_deref()?, credit.at)))
        .collect();
    let is_due = |void: &&Void| {
        let at = credits.get(&*void.invoice_number).copied();
        at.unwrap_or_else(|| void.at.at(context.settings.zone)) <= context.through
    };
    let due = book.voids.iter().filter(is_due);
    let problem = |void: &Void| {
        let (rule, hint) = fault(context, void, issued.get(&*void.invoice_number))?;
        Some(Problem {
            file: display_name(&context.input, "voids.csv"),
            line: Some(void.line),
            column: Some("invoice_number"),
            value: Some(void.invoice_number.to_string()),
            rule,
            hint: hint.to_owned(),
        })
    };
    Ok(due.filter_map(problem).collect())
}

/// The broken rule of a row, and its remedy.
fn fault(
    context: &CloseContext,
    void: &Void,
    invoice: Option<&Issued>,
) -> Option<(String, &'static str)> {
    let shard = context.billing.shard;
    let Some(invoice) = invoice else {
        // Every shard reads all rows.
        let hint = "take it from invoices.csv of an earlier close";
        return (shard.index == 0).then(|| ("is not an invoice of the register".to_owned(), hint));
    };
    let withheld = &context.loaded.withheld.accounts;
    if !shard.has(&invoice.account_id) || withheld.contains(&*invoice.account_id) {
        return None;
    }
    let start = format!("void:{}/", void.invoice_number);
    let mut billed = context.state.adjustments.range(start.clone()..);
    if billed.next().is_some_and(|(id, _)| id.starts_with(&start)) {
        return None;
    }
    if !context.loaded.book.accounts.iter().any(|it| it.id == invoice.account_id) {
        let rule = format!("is of account {}, which is not in accounts.csv", invoice.account_id);
        return Some((rule, "restore the account, so that its credit note can be addressed"));
    }
    let rows = context.loaded.book.payments.iter().filter(|payment| {
        payment.kind == PaymentKind::WriteOff
            && payment.invoice_number.as_ref() == Some(&void.invoice_number)
            && payment.at <= context.through
    });
    let written_off = Amount::checked_sum(rows.map(|payment| payment.amount)).unwrap_or_default();
    (!written_off.is_zero()).then(|| {
        let amount = written_off.to_decimal_string(invoice.currency);
        let rule = format!("has {amount} {} written off", invoice.currency);
        (rule, "take that back first, by a row of payments.csv with kind write_off and a minus")
    })
}
