//! What the table says: a row for each line, and the heading under which it stands.
//!
//! Lines stay in their order. Neighbours with the same first and last day share a heading; what
//! has no service period is a one-off charge or credit. A discount stands under the line that it
//! reduces and has nothing to count.

use super::taxes::Rates;
use super::wording;
use crate::invoice::Invoice;
use crate::model::{Line, LineKind};
use crate::render::format::{money, period, quantity, unit_price};
use crate::value::{Currency, Zone};

/// What a line says.
pub(super) struct Row<'i> {
    /// The group it belongs to.
    pub(super) heading: String,
    pub(super) description: &'i str,
    /// Whether it belongs to the row above.
    pub(super) is_discount: bool,
    /// Quantity, unit price, tax, amount; any of them may be empty.
    pub(super) cells: [String; 4],
}

/// The rows of a document.
pub(super) fn rows(invoice: &Invoice, zone: Zone) -> Vec<Row<'_>> {
    let rates = Rates::new(invoice);
    let headings = Headings::new(invoice, zone);
    let mut rows: Vec<Row> = Vec::with_capacity(invoice.lines.len());
    let mut above: Option<&Line> = None;
    for line in &invoice.lines {
        let mut tax = rates.word(line);
        let mut heading = None;
        if let Some(above) = above.filter(|_| line.kind == LineKind::Discount) {
            heading = rows.last().map(|row| row.heading.clone());
            // A discount has the rate of what it reduces; it need not be said again.
            tax = if rates.word(above) == tax { "" } else { tax };
        }
        rows.push(Row {
            heading: heading.unwrap_or_else(|| headings.of(line)),
            description: &line.description,
            is_discount: line.kind == LineKind::Discount,
            cells: cells(line, tax, invoice.currency),
        });
        above = Some(line);
    }
    rows
}

fn cells(line: &Line, tax: &str, currency: Currency) -> [String; 4] {
    let is_discount = line.kind == LineKind::Discount;
    // Where only a part of the period is billed, quantity × unit price is not the amount, and
    // a unit price would only invite the multiplication.
    let whole = line.kind == LineKind::Recurring && line.share.is_whole();
    let price = line.unit_amount.filter(|_| whole);
    [
        if is_discount { String::new() } else { quantity(line.quantity) },
        price.map_or_else(String::new, |price| unit_price(price, currency)),
        tax.to_owned(),
        money(line.amount, currency),
    ]
}

/// How groups are called on a document.
struct Headings {
    zone: Zone,
    one_off: &'static str,
}

impl Headings {
    fn new(invoice: &Invoice, zone: Zone) -> Self {
        let one_off = invoice.lines.iter();
        let one_off = one_off.filter(|line| is_one_off(line) && line.kind != LineKind::Discount);
        let one_off = wording::one_off(one_off.map(|line| line.amount));
        Self { zone, one_off }
    }

    fn of(&self, line: &Line) -> String {
        if is_one_off(line) {
            return self.one_off.to_owned();
        }
        let [first, last] =
            [line.service_start, line.service_end].map(|instant| self.zone.date(instant));
        period(first, last)
    }
}

/// Whether it bills no time.
fn is_one_off(line: &Line) -> bool {
    line.service_start == line.service_end
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
