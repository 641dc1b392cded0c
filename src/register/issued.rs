//! The charges of published invoices by tax rate, and their credits: `state/documents.parquet` and
//! `state/credits.parquet` of every close. Credits cannot exceed the charges, and they take back
//! the invoice's tax exactly.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::lines::AT_A_TIME;
use super::tax_columns::TaxColumns;
use crate::model::TaxTerms;
use crate::model::{Issued, IssuedPart, TaxParts};
use crate::table::parquet::{ColumnsError, StateColumns, StateTable};
use crate::value::{Amount, Currency};

/// The file of charges.
pub(crate) const DOCUMENTS_FILE: &str = "state/documents.parquet";
/// The file of credits for earlier invoices.
pub(crate) const CREDITS_FILE: &str = "state/credits.parquet";

/// The part of an invoice at one rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RatePart<'a> {
    /// The invoice concerned: itself or the credited one.
    pub(crate) invoice_number: &'a str,
    /// The line concerned if tax is rounded per line; 0 for all lines at the rate.
    pub(crate) line_number: u32,
    /// The account.
    pub(crate) account_id: &'a str,
    pub(crate) currency: Currency,
    /// The rate; `None` for lines without tax.
    pub(crate) terms: Option<Arc<TaxTerms>>,
    /// The sum of the line amounts; for a credit, the amount taken back.
    pub(crate) base: Amount,
    /// The tax on this base, or included in it.
    pub(crate) tax: Amount,
    /// The parts of the tax, if the rate consists of several taxes.
    pub(crate) tax_parts: TaxParts,
}

pub(crate) fn parts_to_parquet(parts: &[RatePart<'_>]) -> Result<Vec<u8>, ColumnsError> {
    columns(parts).to_parquet()
}

pub(super) fn columns<'a>(parts: &'a [RatePart<'a>]) -> StateColumns<'a, RatePart<'a>> {
    StateColumns::of(parts)
        .text("invoice_number", |part| Some(part.invoice_number))
        .number("line_number", |part| part.line_number.into())
        .text("account_id", |part| Some(part.account_id))
        .word("currency", |part| Some(part.currency.code()))
        .tax(|part| part.terms.as_deref())
        .number("base_minor", |part| part.base.minor())
        .number("tax_minor", |part| part.tax.minor())
        .tax_parts(parts, |part| (part.terms.as_deref(), part.tax_parts.amounts()))
}

/// The parts of some invoices in one file.
fn parts<'t>(
    table: &'t StateTable,
    wanted: &BTreeSet<&str>,
) -> Result<Vec<RatePart<'t>>, ColumnsError> {
    let numbers = table.texts("invoice_number")?;
    let lines = table.numbers_or_zeros("line_number")?;
    let (accounts, currencies) = (table.texts("account_id")?, table.texts("currency")?);
    let tax = TaxColumns::read(table)?;
    let (bases, taxes) = (table.numbers("base_minor")?, table.numbers("tax_minor")?);
    let rows = (0..table.height()).filter(|row| wanted.contains(numbers[*row]));
    rows.map(|row| {
        let part = || {
            Some(RatePart {
                invoice_number: numbers[row],
                line_number: u32::try_from(lines[row]).ok()?,
                account_id: accounts[row],
                currency: Currency::from_code(currencies[row])?,
                terms: tax.terms(row).ok()?,
                base: Amount::from_minor(bases[row]),
                tax: Amount::from_minor(taxes[row]),
                tax_parts: tax.amounts(row).ok()?,
            })
        };
        part().ok_or_else(|| table.damaged(format!("row {row} makes no sense")))
    })
    .collect()
}

/// The parts of some invoices in several tables.
fn parts_of<'t>(
    tables: &'t [StateTable],
    wanted: &BTreeSet<&str>,
) -> Result<Vec<RatePart<'t>>, ColumnsError> {
    let parts: Result<Vec<_>, _> = tables.iter().map(|table| parts(table, wanted)).collect();
    Ok(parts?.into_iter().flatten().collect())
}

/// The rows of a file about the wanted invoices, and rows between them.
fn wanted_rows(path: &Path, wanted: &BTreeSet<&str>) -> Result<Vec<StateTable>, ColumnsError> {
    let column = StateTable::read_columns(path, &["invoice_number"])?;
    let numbers = column.texts("invoice_number")?;
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for row in (0..numbers.len()).filter(|row| wanted.contains(numbers[*row])) {
        match runs.last_mut() {
            Some((first, count)) if *first + *count == row => *count += 1,
            _ => runs.push((row, 1)),
        }
    }
    // To read a few rows takes as long as to read all near ones.
    let near = runs.chunk_by(|one, other| one.0 / AT_A_TIME == other.0 / AT_A_TIME);
    let spans = near.map(|near| {
        let ((first, _), (last, count)) = (near[0], near[near.len() - 1]);
        (first, last + count - first)
    });
    spans.map(|(first, count)| StateTable::read_rows(path, first, count)).collect()
}

/// Adds the charges and credits of some invoices in one close.
pub(crate) fn add_issued(
    close: &Path,
    wanted: &BTreeSet<&str>,
    issued: &mut BTreeMap<Arc<str>, Issued>,
) -> Result<(), ColumnsError> {
    let charged = wanted_rows(&close.join(DOCUMENTS_FILE), wanted)?;
    for part in parts_of(&charged, wanted)? {
        let invoice = issued.entry(part.invoice_number.into()).or_insert_with(|| Issued {
            account_id: part.account_id.into(),
            currency: part.currency,
            parts: Vec::new(),
        });
        let sums = (part.base, part.tax, part.tax_parts);
        invoice.parts.push(IssuedPart::charged(part.terms, part.line_number, sums));
    }
    let path = close.join(CREDITS_FILE);
    for credit in parts_of(&wanted_rows(&path, wanted)?, wanted)? {
        let invoice = issued.get_mut(credit.invoice_number);
        let is_it = |part: &&mut IssuedPart| {
            part.line_number == credit.line_number && part.terms == credit.terms
        };
        let part = invoice.and_then(|it| it.parts.iter_mut().find(is_it));
        let sums = part.and_then(|part| {
            part.credited_base = part.credited_base.checked_add(credit.base)?;
            part.credited_tax = part.credited_tax.checked_add(credit.tax)?;
            part.credited_parts = part.credited_parts.plus(credit.tax_parts.amounts())?;
            Some(())
        });
        if sums.is_none() {
            let reason = format!("credits {}, which is not there", credit.invoice_number);
            return Err(ColumnsError::Damaged { path, reason });
        }
    }
    Ok(())
}
