//! The rows of an invoice as a table, in groups.
//!
//! Columns of numbers are as wide as their widest number, and the description takes the rest and
//! wraps; a column in which nothing stands is left out. A line and its discounts stay on one page.
//! On every further page the column titles return, and so does the heading of a group that goes on.

use super::columns::{Columns, TAX, TITLE, TITLES, UNIT_PRICE, part_width};
use super::manuscript::Manuscript;
use super::rows::{Row, rows};
use super::sheet::{Flow, Ink, Paper, Style};
use super::text::Weight;

const BODY: Style = Style::new(Weight::Regular, 9.0, Ink::Text);
const ASIDE: Style = Style::new(Weight::Regular, 9.0, Ink::Muted);
const HEADING: Style = Style::new(Weight::SemiBold, 9.0, Ink::Text);
const LEADING: f32 = 13.0;
/// Below the last line of a row.
const ROW_GAP: f32 = 4.0;
/// The same above a discount of it.
const DISCOUNT_GAP: f32 = 1.0;
/// From the edge to the description of a discount.
const DISCOUNT_INDENT: f32 = 12.0;
const HEADING_HEIGHT: f32 = 20.0;
const TITLES_HEIGHT: f32 = 22.0;
/// Above and below the rule between two groups.
const GROUP_GAP: f32 = 7.0;

/// Writes the table. Its last row is followed by at least `after` points of room on the same page.
pub(super) fn write(flow: &mut Flow, manuscript: &Manuscript, after: f32) {
    let rows = rows(manuscript.invoice, manuscript.account.zone);
    let columns = Columns::new(flow, &rows);
    let entries = entries(flow, &columns, &rows, after);
    let mut table = Table { flow, columns, heading: "" };
    for entry in &entries {
        table.entry(entry);
    }
}

/// A row ready to be written.
struct Entry<'r> {
    row: &'r Row<'r>,
    /// Its wrapped description.
    lines: Vec<String>,
    /// From the edge to the description.
    indent: f32,
    /// Below it.
    gap: f32,
    /// The room that is needed below it on the same page.
    after: f32,
}

impl Entry<'_> {
    fn height(&self) -> f32 {
        let lines = f32::from(u16::try_from(self.lines.len().max(1)).unwrap_or(u16::MAX));
        lines * LEADING + self.gap
    }
}

/// The entries of all rows, made from the last to the first, as each needs to know what follows.
fn entries<'r>(
    flow: &Flow,
    columns: &Columns,
    rows: &'r [Row<'r>],
    mut after: f32,
) -> Vec<Entry<'r>> {
    let mut entries = Vec::with_capacity(rows.len());
    let mut gap = ROW_GAP;
    for row in rows.iter().rev() {
        let indent = if row.is_discount { DISCOUNT_INDENT } else { 0.0 };
        let width = columns.description_width - indent;
        let lines = flow.case.wrap(BODY.weight, BODY.size, row.description, width);
        let entry = Entry { row, lines, indent, gap, after };
        (gap, after) =
            if row.is_discount { (DISCOUNT_GAP, after + entry.height()) } else { (ROW_GAP, 0.0) };
        entries.push(entry);
    }
    entries.reverse();
    entries
}

/// A table being written.
struct Table<'t, 'p, 'r> {
    flow: &'t mut Flow<'p>,
    columns: Columns,
    /// The heading of the group being written.
    heading: &'r str,
}

impl<'r> Table<'_, '_, 'r> {
    /// The row and, where a group begins, its heading, on one page if that is possible at all.
    fn entry(&mut self, entry: &Entry<'r>) {
        let heading = &*entry.row.heading;
        let (is_first, begins) = (self.heading.is_empty(), heading != self.heading);
        let above = match (is_first, begins) {
            (true, _) => TITLES_HEIGHT + GROUP_GAP + HEADING_HEIGHT,
            (false, true) => 2.0 * GROUP_GAP + HEADING_HEIGHT,
            (false, false) => 0.0,
        };
        self.heading = heading;
        if self.is_page_better(above, entry.height(), entry.after) {
            self.turn(begins);
        } else if is_first {
            self.titles();
            self.group("");
        } else if begins {
            self.flow.skip(GROUP_GAP);
            self.group("");
        }
        self.cells(entry.row);
        self.description(entry);
    }

    /// Whether a row that has no room here has it on a fresh page. One that has it nowhere begins
    /// here, if one line of it can, and goes on there.
    fn is_page_better(&self, above: f32, height: f32, after: f32) -> bool {
        let fresh = TITLES_HEIGHT + GROUP_GAP + HEADING_HEIGHT + height + after;
        !self.flow.has_room(above + height + after)
            && (self.flow.fits_a_sheet(fresh) || !self.flow.has_room(above + LEADING))
    }

    fn description(&mut self, entry: &Entry) {
        let style = if entry.row.is_discount { ASIDE } else { BODY };
        for line in &entry.lines {
            if !self.flow.has_room(LEADING) {
                self.turn(false);
            }
            self.flow.text(Paper::SIDE + entry.indent, LEADING, style, line);
            self.flow.skip(LEADING);
        }
        // An empty description still has a row of numbers.
        self.flow.skip(if entry.lines.is_empty() { LEADING + entry.gap } else { entry.gap });
    }

    fn cells(&mut self, row: &Row) {
        for (column, right) in self.columns.rights() {
            let text = &row.cells[column];
            if text.is_empty() {
                continue;
            }
            let is_aside = row.is_discount || column == TAX;
            let ink = if is_aside { Ink::Muted } else { Ink::Text };
            let style = Style { ink, ..self.columns.numbers };
            // Points stand below each other, whatever the number of decimals.
            let shift = if column == UNIT_PRICE {
                self.columns.unit_part_width - part_width(self.flow.case, style, text)
            } else {
                0.0
            };
            self.flow.text_to(right - shift, LEADING, style, text);
        }
    }

    fn titles(&mut self) {
        self.flow.text(Paper::SIDE, TITLES_HEIGHT - 8.0, TITLE, "Description");
        for (column, right) in self.columns.rights() {
            self.flow.text_to(right, TITLES_HEIGHT - 8.0, TITLE, TITLES[column]);
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
