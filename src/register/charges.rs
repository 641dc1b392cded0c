//! Finds the invoices of charges that credits may concern. Only the needed columns are read,
//! because there may be as many charges as changed subscriptions.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::LINES_FILE;
use super::lines::AT_A_TIME;
use crate::model::{CorrectionRole, PublishedCharge};
use crate::table::parquet::{ColumnsError, StateTable, runs};
use crate::value::Instant;

const COLUMNS: [&str; 14] = [
    "subscription_id",
    "period_start",
    "cause",
    "discount_id",
    "invoice_number",
    "line_number",
    "service_start",
    "service_end",
    "quantity",
    "price_id",
    "amount_minor",
    "correction",
    "corrects_invoice",
    "corrects_line",
];

/// The published charges of some subscriptions, and which of them were taken back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Charges {
    by_subscription: HashMap<Arc<str>, Vec<PublishedCharge>>,
    reversed: HashSet<(Arc<str>, u32)>,
}

impl Charges {
    /// Adds the lines of one close.
    pub(crate) fn add(&mut self, close: &Path, ids: &BTreeSet<&str>) -> Result<(), ColumnsError> {
        let path = close.join(LINES_FILE);
        let mut found = runs(&path, "subscription_id", ids)?;
        found.sort_unstable();
        for near in found.chunk_by(|a, b| a.0 / AT_A_TIME == b.0 / AT_A_TIME) {
            let (first, last) = (near[0].0, near[near.len() - 1]);
            let count = last.0 + last.1 - first;
            let table = StateTable::read_rows_of(&path, &COLUMNS, (first, count))?;
            let rows = near.iter().flat_map(|run| run.0 - first..run.0 + run.1 - first);
            self.add_rows(&table, rows)?;
        }
        Ok(())
    }

    fn add_rows(
        &mut self,
        table: &StateTable,
        rows: impl Iterator<Item = usize>,
    ) -> Result<(), ColumnsError> {
        let columns = ChargeRows::of(table)?;
        let mut prices: BTreeMap<&str, Arc<str>> = BTreeMap::new();
        for row in rows {
            if columns.correction[row] == Some(CorrectionRole::Reversal.as_str()) {
                let invoice = columns.corrects_invoice[row].unwrap_or_default();
                self.reversed.insert((invoice.into(), line(columns.corrects_line[row])));
            } else if columns.is_charge(row) {
                let price = columns.price_id[row];
                let price = prices.entry(price).or_insert_with(|| price.into());
                let charge = columns.charge(row, Arc::clone(price));
                let charge = charge
                    .ok_or_else(|| table.damaged(format!("row {row} does not make a charge")))?;
                let id = columns.subscription_id[row];
                if let Some(charges) = self.by_subscription.get_mut(id) {
                    charges.push(charge);
                } else {
                    self.by_subscription.insert(id.into(), vec![charge]);
                }
            }
        }
        Ok(())
    }

    /// The charges of a subscription that are in force.
    pub(crate) fn take(&mut self, subscription: &str) -> Vec<PublishedCharge> {
        let mut charges = self.by_subscription.remove(subscription).unwrap_or_default();
        if !self.reversed.is_empty() {
            let place = |it: &PublishedCharge| (Arc::clone(&it.invoice_number), it.line_number);
            charges.retain(|charge| !self.reversed.contains(&place(charge)));
        }
        charges
    }
}

struct ChargeRows<'t> {
    subscription_id: Vec<&'t str>,
    period_start: Vec<i64>,
    cause: Vec<&'t str>,
    discount_id: Vec<Option<&'t str>>,
    invoice_number: Vec<&'t str>,
    line_number: Vec<i64>,
    service: (Vec<i64>, Vec<i64>),
    quantity: Vec<i64>,
    price_id: Vec<&'t str>,
    amount: Vec<i64>,
    correction: Vec<Option<&'t str>>,
    corrects_invoice: Vec<Option<&'t str>>,
    corrects_line: Vec<i64>,
}

impl<'t> ChargeRows<'t> {
    fn of(table: &'t StateTable) -> Result<Self, ColumnsError> {
        Ok(Self {
            subscription_id: table.texts("subscription_id")?,
            period_start: table.numbers("period_start")?,
            cause: table.texts("cause")?,
            discount_id: table.optional_texts("discount_id")?,
            invoice_number: table.texts("invoice_number")?,
            line_number: table.numbers("line_number")?,
            service: (table.numbers("service_start")?, table.numbers("service_end")?),
            quantity: table.numbers("quantity")?,
            price_id: table.texts("price_id")?,
            amount: table.numbers("amount_minor")?,
            correction: table.optional_texts("correction")?,
            corrects_invoice: table.optional_texts("corrects_invoice")?,
            corrects_line: table.numbers("corrects_line")?,
        })
    }

    /// A net line charges the new terms, even if its amount is a credit.
    fn is_charge(&self, row: usize) -> bool {
        self.discount_id[row].is_none()
            && match self.cause[row] {
                "period" | "remaining" => self.amount[row] >= 0,
                cause => cause == "net",
            }
    }

    fn charge(&self, row: usize, price_id: Arc<str>) -> Option<PublishedCharge> {
        let instant = |seconds: &[i64]| Instant::from_unix_seconds(seconds[row]);
        Some(PublishedCharge {
            period_start: instant(&self.period_start),
            service: (instant(&self.service.0), instant(&self.service.1)),
            price_id,
            quantity: u64::try_from(self.quantity[row]).ok()?,
            invoice_number: self.invoice_number[row].into(),
            line_number: line(self.line_number[row]),
        })
    }
}

/// The number of a line; 0 if it is out of range.
fn line(number: i64) -> u32 {
    u32::try_from(number).unwrap_or_default()
}
