//! The lines of an invoice as a table, grouped by service period.
//!
//! Lines stay in their order; neighbours with the same first and last day share a heading. Columns
//! of numbers are as wide as their widest number, and the description takes the rest and wraps. On
//! every further page the column titles return, and so does the heading of a group that goes on.

use super::sheet::{Flow, Ink, Paper, Style};
use super::text::{TypeCase, Weight};
use crate::invoice::Invoice;
use crate::model::{Line, LineKind};
use crate::render::format::{money, period, quantity, unit_price};
use crate::value::{Currency, Zone};

const BODY: Style = Style::new(Weight::Regular, 9.0, Ink::Text);
const TITLE: Style = Style::new(Weight::Regular, 8.0, Ink::Muted);
const HEADING: Style = Style::new(Weight::SemiBold, 9.0, Ink::Text);
const LEADING: f32 = 13.0;
/// Below the last line of a row.
const ROW_GAP: f32 = 4.0;
const HEADING_HEIGHT: f32 = 20.0;
const TITLES_HEIGHT: f32 = 22.0;
/// Above and below the rule between two groups.
const GROUP_GAP: f32 = 7.0;
/// Between two columns.
const GUTTER: f32 = 24.0;
const NARROWEST_DESCRIPTION: f32 = 110.0;
const TITLES: [&str; 3] = ["Qty", "Unit price", "Amount"];

/// Writes the table. Its last row is followed by at least `after` points of room on the same page.
pub(super) fn write(flow: &mut Flow, invoice: &Invoice, zone: Zone, after: f32) {
    let rows: Vec<Row> =
        invoice.lines.iter().map(|line| Row::new(line, invoice.currency)).collect();
    let columns = Columns::new(flow, &rows);
    let mut table = Table { flow, columns, heading: String::new() };
    for (index, (line, row)) in invoice.lines.iter().zip(&rows).enumerate() {
        let after = if index + 1 == rows.len() { after } else { 0.0 };
        let days = [line.service_start, line.service_end].map(|instant| zone.date(instant));
        table.row(row, period(days[0], days[1]), after);
    }
}

/// What a line says in each column.
struct Row<'i> {
    description: &'i str,
    /// Quantity, unit price, amount.
    numbers: [String; 3],
}

impl<'i> Row<'i> {
    fn new(line: &'i Line, currency: Currency) -> Self {
        // Where only a part of the period is billed, quantity × unit price is not the amount, and
        // a unit price would only invite the multiplication.
        let whole = line.kind == LineKind::Recurring && line.share.is_whole();
        let price = line.unit_amount.filter(|_| whole);
        let numbers = [
            quantity(line.quantity),
            price.map_or_else(String::new, |price| unit_price(price, currency)),
            money(line.amount, currency),
        ];
        Self { description: &line.description, numbers }
    }
}

/// Where the columns are.
struct Columns {
    description_width: f32,
    /// The right edges of quantity, unit price and amount.
    rights: [f32; 3],
    /// The widest text after the point in the column of unit prices.
    unit_part_width: f32,
    /// Numbers are set smaller where they would leave no room for words.
    numbers: Style,
}

impl Columns {
    fn new(flow: &Flow, rows: &[Row]) -> Self {
        let room = flow.paper.measure() - NARROWEST_DESCRIPTION - 3.0 * GUTTER;
        let needed: f32 = Widths::new(flow.case, rows, BODY).columns.iter().sum();
        let numbers = Style { size: BODY.size * (room / needed).min(1.0), ..BODY };
        let Widths { columns: [count, unit, amount], unit_part } =
            Widths::new(flow.case, rows, numbers);
        let right = flow.paper.right();
        let rights = [right - amount - unit - 2.0 * GUTTER, right - amount - GUTTER, right];
        let description_width = rights[0] - count - GUTTER - Paper::SIDE;
        Self { description_width, rights, unit_part_width: unit_part, numbers }
    }
}

/// How wide the columns of numbers are in a style.
struct Widths {
    columns: [f32; 3],
    unit_part: f32,
}

impl Widths {
    fn new(case: &TypeCase, rows: &[Row], style: Style) -> Self {
        let widest = |column: usize, measured: &dyn Fn(&str) -> f32| {
            rows.iter().map(|row| measured(&row.numbers[column])).fold(0.0, f32::max)
        };
        let width = |text: &str| case.width(style.weight, style.size, text);
        let unit_part = widest(1, &|text| part_width(case, style, text));
        let unit = unit_part + widest(1, &|text| width(whole_of(text)));
        let mut columns = [widest(0, &width), unit, widest(2, &width)];
        for (column, title) in columns.iter_mut().zip(TITLES) {
            *column = column.max(case.width(TITLE.weight, TITLE.size, title));
        }
        Self { columns, unit_part }
    }
}

/// A table being written.
struct Table<'t, 'p> {
    flow: &'t mut Flow<'p>,
    columns: Columns,
    /// The heading of the group being written.
    heading: String,
}

impl Table<'_, '_> {
    /// The row and, where a group begins, its heading, on one page if that is possible at all.
    fn row(&mut self, row: &Row, heading: String, after: f32) {
        let width = self.columns.description_width;
        let lines = self.flow.case.wrap(BODY.weight, BODY.size, row.description, width);
        let (is_first, begins) = (self.heading.is_empty(), heading != self.heading);
        let above = match (is_first, begins) {
            (true, _) => TITLES_HEIGHT + GROUP_GAP + HEADING_HEIGHT,
            (false, true) => 2.0 * GROUP_GAP + HEADING_HEIGHT,
            (false, false) => 0.0,
        };
        self.heading = heading;
        if self.is_page_better(above, row_height(lines.len()), after) {
            self.turn(begins);
        } else if is_first {
            self.titles();
            self.group("");
        } else if begins {
            self.flow.skip(GROUP_GAP);
            self.group("");
        }
        self.cells(row);
        self.description(&lines);
    }

    /// Whether a row that has no room here has it on a fresh page. One that has it nowhere begins
    /// here, if one line of it can, and goes on there.
    fn is_page_better(&self, above: f32, height: f32, after: f32) -> bool {
        let fresh = TITLES_HEIGHT + GROUP_GAP + HEADING_HEIGHT + height + after;
        !self.flow.has_room(above + height + after)
            && (self.flow.fits_a_sheet(fresh) || !self.flow.has_room(above + LEADING))
    }

    fn description(&mut self, lines: &[String]) {
        for line in lines {
            if !self.flow.has_room(LEADING) {
                self.turn(false);
            }
            self.flow.text(Paper::SIDE, LEADING, BODY, line);
            self.flow.skip(LEADING);
        }
        // An empty description still has a row of numbers.
        self.flow.skip(if lines.is_empty() { LEADING + ROW_GAP } else { ROW_GAP });
    }

    fn cells(&mut self, row: &Row) {
        let [count_right, unit_right, amount_right] = self.columns.rights;
        let [count, unit, amount] = &row.numbers;
        let style = self.columns.numbers;
        self.flow.text_to(count_right, LEADING, style, count);
        if !unit.is_empty() {
            // Points stand below each other, whatever the number of decimals.
            let shift = self.columns.unit_part_width - part_width(self.flow.case, style, unit);
            self.flow.text_to(unit_right - shift, LEADING, style, unit);
        }
        self.flow.text_to(amount_right, LEADING, style, amount);
    }

    fn titles(&mut self) {
        self.flow.text(Paper::SIDE, TITLES_HEIGHT - 8.0, TITLE, "Description");
        for (title, right) in TITLES.into_iter().zip(self.columns.rights) {
            self.flow.text_to(right, TITLES_HEIGHT - 8.0, TITLE, title);
        }
        self.flow.skip(TITLES_HEIGHT);
    }

    /// The heading of a group, and what is to be said after it.
    fn group(&mut self, rest: &str) {
        self.flow.rule(Paper::SIDE, self.flow.paper.right(), 0.6, Ink::Hairline);
        self.flow.skip(GROUP_GAP);
        let heading = format!("{}{rest}", self.heading);
        self.flow.text(Paper::SIDE, HEADING_HEIGHT - 4.0, HEADING, &heading);
        self.flow.skip(HEADING_HEIGHT);
    }

    /// Goes on on a new page, where the group begins or goes on.
    fn turn(&mut self, begins: bool) {
        self.flow.turn();
        self.titles();
        let rest = if begins { "" } else { " (continued)" };
        self.group(rest);
    }
}

fn row_height(lines: usize) -> f32 {
    let lines = f32::from(u16::try_from(lines.max(1)).unwrap_or(u16::MAX));
    lines * LEADING + ROW_GAP
}

/// A number up to its point.
fn whole_of(number: &str) -> &str {
    number.split_once('.').map_or(number, |(whole, _)| whole)
}

/// The width of a number from its point on.
fn part_width(case: &TypeCase, style: Style, number: &str) -> f32 {
    case.width(style.weight, style.size, &number[whole_of(number).len()..])
}
