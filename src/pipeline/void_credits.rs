//! Void invoices: every charge of one becomes a credit that names it, like a row of
//! `adjustments.csv` with `credits_invoice`. So all that holds for these holds for voids: the limits
//! of credits, the digests of billed rows, and the corrections after late changes.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::error::RunError;
use crate::input::Loaded;
use crate::model::{
    Adjustment, AdjustmentTiming, Issued, Line, LineKey, Published, TaxTerms, Void, VoidedCharge,
};
use crate::register::Register;
use crate::tax::is_charging;
use crate::value::{Amount, Zone};

/// Adds the credits of void invoices to the adjustments of their accounts. Rows whose invoice is not
/// published yet have none. Billing reports them once they are due.
///
/// # Errors
/// The register cannot be read.
pub(crate) fn resolve(loaded: &mut Loaded, register: &Register) -> Result<(), RunError> {
    let book = &mut loaded.book;
    if book.voids.is_empty() {
        return Ok(());
    }
    let numbers: BTreeSet<&str> = book.voids.iter().map(|void| &*void.invoice_number).collect();
    let (issued, lines) = (register.issued(&numbers, None)?, register.lines_on(&numbers)?);
    let accounts: HashMap<&str, usize> =
        book.accounts.iter().map(|account| &*account.id).zip(0..).collect();
    let (mut own, mut gone, mut elsewhere) = (Vec::new(), Vec::new(), Vec::new());
    let shard = loaded.answers.shard;
    for void in &book.voids {
        let Some(invoice) = issued.get(&void.invoice_number) else { continue };
        let account = accounts.get(&*invoice.account_id).copied();
        let zone = account.map_or(Zone::UTC, |account| book.accounts[account].zone);
        let lines = lines.get(&*void.invoice_number).map_or(&[][..], Vec::as_slice);
        let credits = credits((void, zone), invoice, lines);
        match account {
            Some(account) => {
                own.extend(credits.into_iter().map(|credit| Adjustment { account, ..credit }));
            }
            None if shard.has(&invoice.account_id) => {
                gone.extend(credits.into_iter().map(|credit| credit.id));
            }
            None => elsewhere.extend(credits.into_iter().map(|credit| credit.id)),
        }
    }
    // The credits of accounts that are left out, or that have no row any more, have not vanished.
    loaded.withheld.adjustments.extend(gone.iter().map(ToString::to_string));
    let own_ids = own.iter().map(|credit| Arc::clone(&credit.id)).chain(gone);
    loaded.answers.adjustments.divide(own_ids, elsewhere.into_iter());
    book.adjustments.append(&mut own);
    book.adjustments.sort_by_key(|adjustment| (adjustment.account, adjustment.at));
    book.index_adjustments();
    Ok(())
}

/// A charge with its discounts.
struct Unit<'l> {
    key: LineKey,
    line_number: u32,
    line: &'l Line,
    amount: Amount,
}

/// The credits of all charges on an invoice, without their account. What is credited already is left
/// to the limits of credits.
fn credits((void, zone): (&Void, Zone), invoice: &Issued, lines: &[Published]) -> Vec<Adjustment> {
    let mut charged = charged(invoice);
    let mut units = units(lines);
    for unit in &mut units {
        // A line of two halves charges one of them.
        let left = charged.iter_mut().find(|(terms, _)| *terms == unit.line.tax);
        let Some((_, left)) = left else {
            unit.amount = Amount::ZERO;
            continue;
        };
        unit.amount = unit.amount.min(*left).max(Amount::ZERO);
        *left = left.checked_sub(unit.amount).unwrap_or_default();
    }
    // What no charge explains is on some line of the rate.
    for (terms, left) in charged.into_iter().filter(|(_, left)| *left > Amount::ZERO) {
        if let Some(unit) = units.iter_mut().rfind(|unit| unit.line.tax == terms) {
            unit.amount = unit.amount.checked_add(left).unwrap_or(unit.amount);
        }
    }
    let units = units.iter().filter(|unit| !unit.amount.is_zero());
    units.map(|unit| credit((void, zone), invoice, unit)).collect()
}

/// The charges of an invoice by rate.
fn charged(invoice: &Issued) -> Vec<(Option<Arc<TaxTerms>>, Amount)> {
    let mut charged: Vec<(Option<Arc<TaxTerms>>, Amount)> = Vec::new();
    for part in &invoice.parts {
        match charged.iter_mut().find(|(terms, _)| *terms == part.terms) {
            // It was one sum when it was published.
            Some((_, sum)) => *sum = sum.checked_add(part.base).unwrap_or(*sum),
            None => charged.push((part.terms.clone(), part.base)),
        }
    }
    charged
}

fn units(lines: &[Published]) -> Vec<Unit<'_>> {
    let mut lines: Vec<&Published> = lines.iter().filter(|it| is_charging(&it.line)).collect();
    lines.sort_by_key(|entry| entry.line_number);
    let mut units: Vec<Unit<'_>> = Vec::new();
    for Published { line, line_number, .. } in lines {
        let key = LineKey { discount: None, ..line.key.clone() };
        let amount = line.quote.halves.as_ref().map_or(line.amount, |halves| halves.charge);
        match units.iter_mut().find(|unit| unit.key == key && unit.line.tax == line.tax) {
            Some(unit) => unit.amount = unit.amount.checked_add(amount).unwrap_or(unit.amount),
            None => units.push(Unit { key, line_number: *line_number, line, amount }),
        }
    }
    units
}

fn credit((void, zone): (&Void, Zone), invoice: &Issued, unit: &Unit<'_>) -> Adjustment {
    let line = unit.line;
    let billed = line.wording.as_ref().map(|wording| wording.billed.clone());
    Adjustment {
        id: format!("void:{}/{}", void.invoice_number, unit.line_number).into(),
        account: 0,
        at: void.at.at(zone),
        currency: invoice.currency,
        amount: unit.amount.checked_neg().unwrap_or_default(),
        description: void.reason.clone(),
        product: Arc::clone(&line.quote.product),
        taxable: line.tax.is_some(),
        tax_code: line.tax.as_ref().map(|terms| Arc::clone(&terms.code)),
        timing: AdjustmentTiming::Immediate,
        credits_invoice: Some(Arc::clone(&void.invoice_number)),
        voids: Some(Box::new(VoidedCharge {
            terms: line.tax.clone(),
            service_start: line.service_start,
            service_end: line.service_end,
            billed: billed.unwrap_or_default(),
        })),
        line: void.line,
    }
}
