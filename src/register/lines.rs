//! `state/lines.parquet`: the lines of a close, sorted by subscription, for corrections in later
//! closes. Only the rows of the requested subscriptions are read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::Serialize;

use super::tax_columns::TaxColumns;
use crate::ids::order;
use crate::model::{
    Cause, Correction, CorrectionRole, Interval, Line, LineKey, LineKind, PriceBreakdown,
    Published, Quote, Reason, RoundPer,
};
use crate::table::parquet::{ColumnsError, StateColumns, StateTable};
use crate::value::{Amount, Currency, Fraction, Instant, TimeUnit};
use crate::wording::published;

/// The file's name in a close.
pub(crate) const FILE: &str = "state/lines.parquet";

/// A line to be published.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PublishedRef<'a> {
    /// Its invoice.
    pub(crate) invoice_number: &'a str,
    /// Its number on the invoice, from 1.
    pub(crate) line_number: u32,
    pub(crate) line: &'a Line,
}

pub(crate) fn lines_to_parquet(lines: Vec<PublishedRef<'_>>) -> Result<Vec<u8>, ColumnsError> {
    let rows = by_subscription(&lines);
    // Free the memory for the columns.
    drop(lines);
    columns(&rows).to_parquet()
}

pub(super) fn columns<'a>(rows: &'a [PublishedRef<'a>]) -> StateColumns<'a, PublishedRef<'a>> {
    let columns = billed(key(StateColumns::of(rows)));
    corrected(columns.tax(|row| row.line.tax.as_deref()))
        .tax_parts(rows, |row| (row.line.tax.as_deref(), row.line.parts_of_tax()))
}

/// Sorts the lines, so that scattered data is loaded only once. Within a subscription the order of
/// publication stays.
fn by_subscription<'a>(lines: &[PublishedRef<'a>]) -> Vec<PublishedRef<'a>> {
    let rows = order::by_id(lines, |row| &row.line.key.subscription_id);
    rows.into_iter().copied().collect()
}

type LineColumns<'a> = StateColumns<'a, PublishedRef<'a>>;

/// The key columns of a line, and its invoice.
fn key(columns: LineColumns<'_>) -> LineColumns<'_> {
    columns
        .text("subscription_id", |row| Some(&row.line.key.subscription_id))
        .instant("period_start", |row| row.line.key.period_start)
        .word("cause", |row| Some(row.line.key.cause.as_str()))
        .text("cause_id", |row| row.line.key.cause.id().map(|id| &**id))
        .word("discount_id", |row| row.line.key.discount.as_deref())
        .text("invoice_number", |row| Some(row.invoice_number))
        .number("line_number", |row| i64::from(row.line_number))
        .word("kind", |row| Some(row.line.kind.as_str()))
        .word_for("wording", |row| row.line.wording.as_deref(), json)
}

/// The billed quantity and price, and the steps to the amount.
fn billed(columns: LineColumns<'_>) -> LineColumns<'_> {
    columns
        .instant("service_start", |row| row.line.service_start)
        .instant("service_end", |row| row.line.service_end)
        .number("quantity", |row| i64::try_from(row.line.quote.quantity).unwrap_or(i64::MAX))
        .decimal("unit_amount", |row| row.line.quote.unit_amount)
        .decimal("price_amount", |row| Some(row.line.quote.amount))
        .word_for("price_breakdown", |row| Some(&row.line.quote.breakdown), json)
        .word("round_per", |row| Some(row.line.quote.round_per.as_str()))
        .number("numerator", |row| row.line.share.numerator)
        .number("denominator", |row| row.line.share.denominator)
        .word("unit", |row| Some(row.line.share.unit.as_str()))
        .word_for("interval", |row| row.line.quote.interval, |interval| interval.to_string())
        .number("amount_minor", |row| row.line.amount.minor())
        .word("currency", |row| Some(row.line.currency.code()))
}

/// The tax, and the corrected line.
fn corrected(columns: LineColumns<'_>) -> LineColumns<'_> {
    let columns = columns.number("tax_minor", |row| row.line.tax_amount.minor());
    let columns = columns
        .text("credits_invoice", |row| row.line.credits_invoice.as_deref())
        .word("price_id", |row| Some(&row.line.quote.price_id))
        .word("product", |row| Some(&row.line.quote.product))
        .word("correction", |row| Some(row.line.correction.as_ref()?.role.as_str()))
        .text("corrects_invoice", |row| Some(&row.line.correction.as_ref()?.invoice_number));
    let number = |correction: &Correction| i64::from(correction.line_number);
    columns
        .number("corrects_line", move |row| row.line.correction.as_deref().map_or(0, number))
        .word_for("correction_reason", |row| Some(&row.line.correction.as_ref()?.reason), json)
}

/// JSON for values without columns of their own.
fn json(value: impl Serialize) -> String {
    serde_json::to_string(&value).expect("it is texts, numbers and maps with text keys")
}

/// The lines of some subscriptions in one close, by subscription, in the order of publication.
pub(crate) fn read_lines(
    close: &Path,
    subscriptions: &BTreeSet<&str>,
) -> Result<BTreeMap<String, Vec<Published>>, ColumnsError> {
    let path = close.join(FILE);
    let mut found: BTreeMap<String, Vec<Published>> = BTreeMap::new();
    let mut runs = crate::table::parquet::runs(&path, "subscription_id", subscriptions)?;
    runs.sort_unstable();
    for published in read_runs(&path, &runs)? {
        let id = published.line.key.subscription_id.to_string();
        found.entry(id).or_default().push(published);
    }
    Ok(found)
}

/// The lines of some invoices of one close, by number.
pub(crate) fn read_invoice_lines(
    close: &Path,
    numbers: &BTreeSet<&str>,
) -> Result<BTreeMap<String, Vec<Published>>, ColumnsError> {
    let path = close.join(FILE);
    let column = StateTable::read_columns(&path, &["invoice_number"])?;
    let is_wanted: Vec<bool> =
        column.texts("invoice_number")?.iter().map(|number| numbers.contains(number)).collect();
    let mut found: BTreeMap<String, Vec<Published>> = BTreeMap::new();
    let mut first = 0;
    let mut runs = Vec::new();
    for run in is_wanted.chunk_by(|a, b| a == b) {
        if run[0] {
            runs.push((first, run.len()));
        }
        first += run.len();
    }
    for entry in read_runs(&path, &runs)? {
        found.entry(entry.invoice_number.to_string()).or_default().push(entry);
    }
    Ok(found)
}

/// How many rows are read at once. A few rows take as long as all, because every read loads the
/// shared data of a row group.
pub(super) const AT_A_TIME: usize = 65_536;

/// The lines of runs of rows, each given by its first row and count.
fn read_runs(path: &Path, runs: &[(usize, usize)]) -> Result<Vec<Published>, ColumnsError> {
    let mut lines = Vec::new();
    for near in runs.chunk_by(|a, b| a.0 / AT_A_TIME == b.0 / AT_A_TIME) {
        let (first, last) = (near[0].0, near[near.len() - 1]);
        let table = StateTable::read_rows(path, first, last.0 + last.1 - first)?;
        let rows = near.iter().flat_map(|run| run.0 - first..run.0 + run.1 - first);
        lines.append(&mut published(&table, rows)?);
    }
    Ok(lines)
}

/// The lines of some rows.
fn published(
    table: &StateTable,
    wanted: impl Iterator<Item = usize>,
) -> Result<Vec<Published>, ColumnsError> {
    let rows = LineRows {
        subscription_id: table.texts("subscription_id")?,
        period_start: table.numbers("period_start")?,
        cause: table.texts("cause")?,
        cause_id: table.optional_texts("cause_id")?,
        discount_id: table.optional_texts("discount_id")?,
        invoice_number: table.texts("invoice_number")?,
        line_number: table.numbers("line_number")?,
        kind: table.texts("kind")?,
        wording: WordingColumns::read(table)?,
        service: (table.numbers("service_start")?, table.numbers("service_end")?),
        quantity: table.numbers("quantity")?,
        unit_amount: table.optional_texts("unit_amount")?,
        price_amount: table.texts("price_amount")?,
        round_per: table.texts("round_per")?,
        share: (table.numbers("numerator")?, table.numbers("denominator")?),
        unit: table.texts("unit")?,
        interval: table.optional_texts("interval")?,
        amount_minor: table.numbers("amount_minor")?,
        currency: table.texts("currency")?,
        tax: TaxColumns::read(table)?,
        tax_minor: table.numbers("tax_minor")?,
        credits_invoice: table.optional_texts("credits_invoice")?,
        price_id: table.texts("price_id")?,
        product: table.texts("product")?,
        correction: table.optional_texts("correction")?,
        corrects_invoice: table.optional_texts("corrects_invoice")?,
        corrects_line: table.numbers("corrects_line")?,
    };
    wanted
        .map(|row| {
            rows.published(row)
                .ok_or_else(|| table.damaged(format!("row {row} does not make a line")))
        })
        .collect()
}

struct LineRows<'a> {
    subscription_id: Vec<&'a str>,
    period_start: Vec<i64>,
    cause: Vec<&'a str>,
    cause_id: Vec<Option<&'a str>>,
    discount_id: Vec<Option<&'a str>>,
    invoice_number: Vec<&'a str>,
    line_number: Vec<i64>,
    kind: Vec<&'a str>,
    wording: WordingColumns<'a>,
    service: (Vec<i64>, Vec<i64>),
    quantity: Vec<i64>,
    unit_amount: Vec<Option<&'a str>>,
    price_amount: Vec<&'a str>,
    round_per: Vec<&'a str>,
    share: (Vec<i64>, Vec<i64>),
    unit: Vec<&'a str>,
    interval: Vec<Option<&'a str>>,
    amount_minor: Vec<i64>,
    currency: Vec<&'a str>,
    tax: TaxColumns<'a>,
    tax_minor: Vec<i64>,
    credits_invoice: Vec<Option<&'a str>>,
    price_id: Vec<&'a str>,
    product: Vec<&'a str>,
    correction: Vec<Option<&'a str>>,
    corrects_invoice: Vec<Option<&'a str>>,
    corrects_line: Vec<i64>,
}

/// The wording columns of lines.
enum WordingColumns<'a> {
    /// Structured data.
    Data { wording: Vec<Option<&'a str>>, reason: Vec<Option<&'a str>>, breakdown: Vec<&'a str> },
    /// The sentences of formats 3 and 4.
    Sentences {
        description: Vec<&'a str>,
        reason: Vec<Option<&'a str>>,
        price_detail: Vec<&'a str>,
    },
}

impl<'a> WordingColumns<'a> {
    fn read(table: &'a StateTable) -> Result<Self, ColumnsError> {
        Ok(if table.has("description") {
            Self::Sentences {
                description: table.texts("description")?,
                reason: table.optional_texts("reason")?,
                price_detail: table.texts("price_detail")?,
            }
        } else {
            Self::Data {
                wording: table.optional_texts("wording")?,
                reason: table.optional_texts("correction_reason")?,
                breakdown: table.texts("price_breakdown")?,
            }
        })
    }

    /// The reason of a correction; `None` if it is invalid.
    fn reason(&self, row: usize) -> Option<Reason> {
        match self {
            Self::Data { reason, .. } => serde_json::from_str(reason[row]?).ok(),
            Self::Sentences { reason, .. } => Some(published::reason(reason[row]?)),
        }
    }

    /// The calculation of a price; `None` if it is invalid.
    fn breakdown(&self, row: usize, currency: Currency) -> Option<PriceBreakdown> {
        match self {
            Self::Data { breakdown, .. } => serde_json::from_str(breakdown[row]).ok(),
            Self::Sentences { price_detail, .. } => {
                Some(published::breakdown(price_detail[row], currency))
            }
        }
    }

    /// Adds the wording to a line. `None` if it is invalid.
    fn complete(&self, row: usize, line: &mut Line) -> Option<()> {
        line.wording = match self {
            Self::Data { wording, .. } => {
                wording[row].map(serde_json::from_str).transpose().ok()?
            }
            Self::Sentences { description, .. } => published::wording(description[row], line),
        };
        Some(())
    }
}

impl LineRows<'_> {
    fn published(&self, row: usize) -> Option<Published> {
        let correction = match self.correction[row] {
            Some(role) => Some(Box::new(self.correction(row, role)?)),
            None => None,
        };
        let currency = Currency::from_code(self.currency[row])?;
        let instant = |seconds: &[i64]| Instant::from_unix_seconds(seconds[row]);
        let mut line = Line {
            key: LineKey {
                subscription_id: self.subscription_id[row].into(),
                period_start: instant(&self.period_start),
                cause: Cause::parse(self.cause[row], self.cause_id[row])?,
                discount: self.discount_id[row].map(Into::into),
            },
            kind: LineKind::parse(self.kind[row])?,
            wording: None,
            service_start: instant(&self.service.0),
            service_end: instant(&self.service.1),
            quote: self.quote(row, currency)?.into(),
            share: Fraction::new(
                self.share.0[row],
                self.share.1[row],
                TimeUnit::parse(self.unit[row])?,
            ),
            amount: Amount::from_minor(self.amount_minor[row]),
            currency,
            tax: self.tax.terms(row).ok()?,
            tax_amount: Amount::from_minor(self.tax_minor[row]),
            tax_parts: self.tax.line_parts(row).ok()?,
            credits_invoice: self.credits_invoice[row].map(Into::into),
            correction,
        };
        self.wording.complete(row, &mut line)?;
        Some(Published {
            invoice_number: self.invoice_number[row].into(),
            line_number: u32::try_from(self.line_number[row]).ok()?,
            line,
        })
    }

    fn quote(&self, row: usize, currency: Currency) -> Option<Quote> {
        Some(Quote {
            price_id: self.price_id[row].into(),
            product: self.product[row].into(),
            interval: match self.interval[row] {
                Some(text) => Some(Interval::parse(text)?),
                None => None,
            },
            round_per: RoundPer::parse(self.round_per[row])?,
            quantity: u64::try_from(self.quantity[row]).ok()?,
            unit_amount: self.unit_amount[row].map(Decimal::from_str).transpose().ok()?,
            amount: Decimal::from_str(self.price_amount[row]).ok()?,
            breakdown: self.wording.breakdown(row, currency)?,
            halves: None,
        })
    }

    fn correction(&self, row: usize, role: &str) -> Option<Correction> {
        Some(Correction {
            role: CorrectionRole::parse(role)?,
            invoice_number: self.corrects_invoice[row]?.into(),
            line_number: u32::try_from(self.corrects_line[row]).ok()?,
            reason: self.wording.reason(row)?,
        })
    }
}
