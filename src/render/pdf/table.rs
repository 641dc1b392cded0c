//! The lines of an invoice as a table, grouped by service period.
//!
//! Number columns are as wide as their widest number, and empty columns are left out. The
//! description takes the rest and wraps. A change stays on one page, and so does a line with its
//! discounts. At a page end, the sum so far is carried forward. The next page repeats the column
//! titles and the heading of a continued group.
//!
//! For screen readers, each line and each heading of a group is a row. Sums carried forward, repeated
//! titles and continued headings are no rows: they belong to the pages.

use super::columns::{Columns, TAX, TITLE, UNIT_PRICE, part_width};
use super::content::PdfContent;
use super::entries::{ASIDE, BLOCK_GAP, EntryKind, LEADING, STRONG, TAIL_GAP, TableLine, entries};
use super::page::{Flow, Ink, Paper, Style};
use super::rows::{Contents, ReceiptRow, contents};
use super::tree::{PartId, Role, Tag};
use super::weight::Weight;
use crate::locale::Locale;
use crate::value::{Amount, Currency};
use crate::wording::column_titles;

const HEADING: Style = Style::new(Weight::SemiBold, 9.0, Ink::Text);
const HEADING_HEIGHT: f32 = 20.0;
const TITLES_HEIGHT: f32 = 22.0;
/// The space above and below the rule between two groups.
const GROUP_GAP: f32 = 7.0;
/// The height of the sum carried forward, with the rule above it.
const CARRIED_HEIGHT: f32 = 26.0;
/// The height of the sum brought forward on the next page.
const BROUGHT_HEIGHT: f32 = 22.0;
/// The width of the bar beside an event.
const BAR_WIDTH: f32 = 2.0;
/// The length of the rule above a net effect.
const SUM_RULE: f32 = 54.0;

/// Writes the table. At least `after` points stay free below its last row on the same page.
pub(super) fn write(flow: &mut Flow, manuscript: &PdfContent, after: f32) {
    let (invoice, locale) = (manuscript.document, manuscript.locale());
    let contents = contents(manuscript);
    let columns = Columns::new(flow, &contents.blocks, locale);
    let room_below = (CARRIED_HEIGHT, after.max(CARRIED_HEIGHT));
    let entries = entries((flow, &columns), &contents, room_below);
    if entries.is_empty() {
        return;
    }
    let part = flow.part(PartId::DOCUMENT, Role::Table);
    let width = u8::try_from(1 + columns.rights().count()).expect("five columns");
    let currency = invoice.currency;
    let sum = Some(Amount::ZERO);
    let mut table = LineTable {
        flow,
        columns,
        part,
        width,
        contents: &contents,
        heading: None,
        bar: None,
        sum,
        currency,
        locale,
    };
    for entry in &entries {
        table.entry(entry);
    }
    table.end_bar(BLOCK_GAP);
}

/// A table being written.
struct LineTable<'t, 'p, 'r> {
    flow: &'t mut Flow<'p>,
    columns: Columns,
    part: PartId,
    /// The number of columns.
    width: u8,
    contents: &'r Contents<'r>,
    /// The index of the current group's heading.
    heading: Option<usize>,
    /// The top of the current story's bar.
    bar: Option<f32>,
    /// The sum of the rows so far; `None` if it overflows.
    sum: Option<Amount>,
    currency: Currency,
    locale: Locale,
}

impl<'r> LineTable<'_, '_, 'r> {
    /// Writes the entry, and its heading at the start of a group, on one page if possible.
    fn entry(&mut self, entry: &TableLine<'r>) {
        let (is_first, begins) = (self.heading.is_none(), self.heading != Some(entry.heading));
        let above = match (is_first, begins) {
            (true, _) => TITLES_HEIGHT + GROUP_GAP + HEADING_HEIGHT,
            (false, true) => 2.0 * GROUP_GAP + HEADING_HEIGHT,
            (false, false) => 0.0,
        };
        if begins || !entry.has_bar || matches!(entry.kind, EntryKind::Story(_)) {
            self.end_bar(BLOCK_GAP);
        }
        self.heading = Some(entry.heading);
        if self.is_page_better(above, entry.height(), entry.after) {
            self.turn(begins, is_first);
        } else if is_first {
            self.titles(true);
            self.group(begins);
        } else if begins {
            self.flow.skip(GROUP_GAP);
            self.group(begins);
        }
        if entry.has_bar && self.bar.is_none() {
            self.bar = Some(self.flow.top());
        }
        self.words(entry);
    }

    /// Whether an entry without room here fits a fresh page. An entry that fits no page begins here
    /// if one line fits, and continues there.
    fn is_page_better(&self, above: f32, height: f32, after: f32) -> bool {
        let fresh = TITLES_HEIGHT + BROUGHT_HEIGHT + GROUP_GAP + HEADING_HEIGHT + height + after;
        !self.flow.has_room(above + height + after)
            && (self.flow.fits_a_sheet(fresh) || !self.has_room(above + LEADING))
    }

    /// Whether there is room for this, and for a sum carried forward below it.
    fn has_room(&self, height: f32) -> bool {
        self.flow.has_room(height + CARRIED_HEIGHT)
    }

    /// Writes words and numbers in reading order: the lines of words that this page has room for,
    /// the numbers beside the first one, then the lines on further pages.
    fn words(&mut self, entry: &TableLine) {
        let row = self.flow.part(self.part, Role::Row);
        let width = match entry.kind {
            EntryKind::Story(_) | EntryKind::Aside => self.width,
            EntryKind::Row(_) => 1,
            EntryKind::Net(_) => self.width - 1,
        };
        let words = Tag::Content(self.flow.part(row, Role::Cell(width)));
        let top = self.flow.top();
        let here = self.flow.lines_here(entry.lines.len(), |_| LEADING, LEADING + CARRIED_HEIGHT);
        let (here, rest) = entry.lines.split_at(here);
        for line in here {
            self.line(entry, words, line);
        }
        if here.is_empty() {
            self.flow.skip(LEADING);
        }
        let below = self.flow.top();
        self.flow.go_to(top);
        match entry.kind {
            EntryKind::Story(tail) => self.tail(entry, words, tail),
            EntryKind::Aside => {}
            EntryKind::Row(cells) => self.cells(row, cells),
            EntryKind::Net(amount) => self.net(row, amount),
        }
        self.flow.go_to(below);
        for line in rest {
            if !self.has_room(LEADING) {
                self.turn(false, false);
                self.bar = entry.has_bar.then(|| self.flow.top());
            }
            self.line(entry, words, line);
        }
        self.flow.skip(entry.gap);
    }

    fn line(&mut self, entry: &TableLine, words: Tag, line: &str) {
        let left = Paper::SIDE + entry.indent;
        self.flow.tagged(words, |flow| flow.text(left, LEADING, entry.style(), line));
        self.flow.skip(LEADING);
    }

    fn cells(&mut self, part: PartId, row: &ReceiptRow) {
        self.sum = self.sum.and_then(|sum| sum.checked_add(row.amount));
        for (column, right) in self.columns.rights() {
            let text = &row.cells[column];
            let cell = self.flow.part(part, Role::Cell(1));
            if text.is_empty() {
                continue;
            }
            let is_aside = row.rank.is_aside() || column == TAX;
            let ink = if is_aside { Ink::Muted } else { Ink::Text };
            let style = Style { ink, ..self.columns.numbers };
            // Decimal points are aligned, whatever the number of decimals.
            let shift = if column == UNIT_PRICE {
                self.columns.unit_part_width
                    - part_width(self.flow.case, style, text, self.locale.money_point())
            } else {
                0.0
            };
            self.flow.tagged(Tag::Content(cell), |flow| {
                flow.text_to(right - shift, LEADING, style, text);
            });
        }
    }

    /// Writes the details of an event after it.
    fn tail(&mut self, entry: &TableLine, words: Tag, tail: Option<&str>) {
        if let (Some(tail), [story]) = (tail, &*entry.lines) {
            let width = self.flow.case.width(STRONG.weight, STRONG.size, story);
            let left = Paper::SIDE + entry.indent + width + TAIL_GAP;
            self.flow.tagged(words, |flow| flow.text(left, LEADING, ASIDE, tail));
        }
    }

    /// Writes the net effect of a change below a rule.
    fn net(&mut self, row: PartId, amount: &str) {
        let right = self.flow.paper.right();
        let width = self.flow.case.width(STRONG.weight, STRONG.size, amount).max(SUM_RULE);
        self.flow.rule(right - width, right, 0.6, Ink::Hairline);
        self.flow.within(row, Role::Cell(1), |flow| flow.text_to(right, LEADING, STRONG, amount));
    }

    /// Writes the column titles; on further pages they are repeated.
    fn titles(&mut self, is_first: bool) {
        let row = is_first.then(|| self.flow.part(self.part, Role::Row));
        let mut title = |write: &dyn Fn(&mut Flow)| match row {
            Some(row) => self.flow.within(row, Role::ColumnHeader(1), write),
            None => self.flow.tagged(Tag::Header, write),
        };
        let leading = TITLES_HEIGHT - 8.0;
        let description = self.locale.texts().description();
        title(&|flow| flow.text(Paper::SIDE, leading, TITLE, description));
        let titles = column_titles(self.locale);
        for (column, right) in self.columns.rights() {
            title(&|flow| flow.text_to(right, leading, TITLE, titles[column]));
        }
        self.flow.skip(TITLES_HEIGHT);
    }

    /// Writes the heading of a new or continued group.
    fn group(&mut self, begins: bool) {
        self.rule(GROUP_GAP);
        if let Some(heading) = self.heading.and_then(|index| self.contents.headings.get(index)) {
            let leading = HEADING_HEIGHT - 4.0;
            let write =
                |flow: &mut Flow, text: &str| flow.text(Paper::SIDE, leading, HEADING, text);
            if begins {
                let row = self.flow.part(self.part, Role::Row);
                let role = Role::ColumnHeader(self.width);
                self.flow.within(row, role, |flow| write(flow, heading));
            } else {
                let continued = self.locale.texts().continued(heading);
                self.flow.tagged(Tag::Header, |flow| write(flow, &continued));
            }
        }
        self.flow.skip(HEADING_HEIGHT);
    }

    fn rule(&mut self, gap: f32) {
        self.flow.rule(Paper::SIDE, self.flow.paper.right(), 0.6, Ink::Hairline);
        self.flow.skip(gap);
    }

    /// Continues on a new page, with a new or continued group.
    fn turn(&mut self, begins: bool, is_first: bool) {
        self.end_bar(0.0);
        let carried =
            self.sum.filter(|_| !is_first).map(|sum| self.locale.money(sum, self.currency));
        if let Some(carried) = &carried {
            self.rule(0.0);
            let label = self.locale.texts().carried_forward();
            self.carried(Tag::Footer, (label, carried), CARRIED_HEIGHT);
        }
        self.flow.turn();
        self.titles(is_first);
        if let Some(carried) = &carried {
            self.rule(0.0);
            let label = self.locale.texts().brought_forward();
            self.carried(Tag::Header, (label, carried), BROUGHT_HEIGHT);
        }
        self.group(begins);
    }

    fn carried(&mut self, tag: Tag, (label, amount): (&str, &str), height: f32) {
        self.flow.tagged(tag, |flow| {
            flow.text(Paper::SIDE, height, ASIDE, label);
            flow.text_to(flow.paper.right(), height, STRONG, amount);
        });
        self.flow.skip(height);
    }

    /// Draws the bar beside a story down to `gap` above the cursor.
    fn end_bar(&mut self, gap: f32) {
        if let Some(top) = self.bar.take() {
            self.flow.bar_from(top, Paper::SIDE, BAR_WIDTH, gap, Ink::Pale);
        }
    }
}
