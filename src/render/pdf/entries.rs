//! Measures the lines of a table: content, height, and the lines that must follow on the same page.

use super::columns::Columns;
use super::page::{Flow, Ink, Style};
use super::rows::{Contents, ReceiptRow, RowBlock, RowRank};
use super::weight::Weight;
use crate::locale::Texts;

pub(super) const LEADING: f32 = 13.0;
/// The style of lines.
pub(super) const BODY: Style = Style::new(Weight::Regular, 9.0, Ink::Text);
/// The style of muted text.
pub(super) const ASIDE: Style = Style::new(Weight::Regular, 9.0, Ink::Muted);
/// The style of events and their net effect.
pub(super) const STRONG: Style = Style::new(Weight::SemiBold, 9.0, Ink::Text);
/// The indent of a block with a story, for its bar; also of a discount under its line.
pub(super) const INDENT: f32 = 12.0;
/// The space below the last line of a row.
const ROW_GAP: f32 = 4.0;
/// The space above a discount, and below a story.
const CLOSE_GAP: f32 = 2.0;
/// The space below a block with a story.
pub(super) const BLOCK_GAP: f32 = 9.0;
/// The space between an event and its details.
pub(super) const TAIL_GAP: f32 = 8.0;
/// A longer block may be split across pages.
const UNDIVIDED: usize = 10;

/// One line or paragraph of the table, ready to be written.
pub(super) struct TableLine<'r> {
    /// The index of its heading.
    pub(super) heading: usize,
    pub(super) kind: EntryKind<'r>,
    /// The wrapped text.
    pub(super) lines: Vec<String>,
    /// The indent of the text.
    pub(super) indent: f32,
    /// Whether a bar is beside it.
    pub(super) has_bar: bool,
    /// Whether the next line must be on the same page.
    keeps_next: bool,
    /// The space below it.
    pub(super) gap: f32,
    /// The space needed below it on the same page.
    pub(super) after: f32,
}

/// The kind of an entry.
#[derive(Clone, Copy)]
pub(super) enum EntryKind<'r> {
    /// An event and, if it fits on the line, its details.
    Story(Option<&'r str>),
    /// The details of an event on a separate line.
    Aside,
    /// A line of the invoice.
    Row(&'r ReceiptRow<'r>),
    /// The net effect of the rows above.
    Net(&'r str),
}

impl EntryKind<'_> {
    const fn style(self) -> Style {
        match self {
            Self::Story(_) => STRONG,
            Self::Row(row) if !row.rank.is_aside() => BODY,
            Self::Aside | Self::Row(_) | Self::Net(_) => ASIDE,
        }
    }
}

impl TableLine<'_> {
    pub(super) fn style(&self) -> Style {
        self.kind.style()
    }

    pub(super) fn height(&self) -> f32 {
        // An empty description still has a row of numbers.
        let lines = f32::from(u16::try_from(self.lines.len().max(1)).unwrap_or(u16::MAX));
        lines * LEADING + self.gap
    }
}

/// All entries. Each leaves `carried` points below it for a page break; the last one leaves
/// `after`.
pub(super) fn entries<'r>(
    (flow, columns): (&Flow, &Columns),
    contents: &'r Contents<'r>,
    (carried, after): (f32, f32),
) -> Vec<TableLine<'r>> {
    let mut entries: Vec<TableLine> = Vec::with_capacity(contents.blocks.len() * 2);
    for block in &contents.blocks {
        add_block((flow, columns), block, contents.locale.texts(), &mut entries);
    }
    let mut below: Option<(f32, f32)> = None;
    for entry in entries.iter_mut().rev() {
        entry.after = match below {
            None => after,
            Some((height, after)) if entry.keeps_next => height + after,
            Some(_) => carried,
        };
        below = Some((entry.height(), entry.after));
    }
    entries
}

fn add_block<'r>(
    (flow, columns): (&Flow, &Columns),
    block: &'r RowBlock<'r>,
    texts: Texts,
    entries: &mut Vec<TableLine<'r>>,
) {
    let first = entries.len();
    let has_bar = block.story.is_some();
    let edge = if has_bar { INDENT } else { 0.0 };
    let mut add = |kind: EntryKind<'r>, text: &str| {
        let is_discount = matches!(kind, EntryKind::Row(row) if row.rank == RowRank::Discount);
        let indent = if is_discount { edge + INDENT } else { edge };
        let is_wide = matches!(kind, EntryKind::Story(_) | EntryKind::Aside);
        let width = if is_wide { flow.paper.measure() } else { columns.description_width };
        let style = kind.style();
        let lines = flow.case.wrap(style.weight, style.size, text, width - indent);
        let heading = block.heading;
        let (keeps_next, gap) = (false, ROW_GAP);
        entries.push(TableLine {
            heading,
            kind,
            lines,
            indent,
            has_bar,
            keeps_next,
            gap,
            after: 0.0,
        });
    };
    if let Some((story, aside)) = &block.story {
        let width = |style: Style, text: &str| flow.case.width(style.weight, style.size, text);
        let room = flow.paper.measure() - edge - width(STRONG, story) - TAIL_GAP;
        let tail = aside.as_deref().filter(|aside| width(ASIDE, aside) <= room);
        add(EntryKind::Story(tail), story);
        if let Some(aside) = aside.as_ref().filter(|_| tail.is_none()) {
            add(EntryKind::Aside, aside);
        }
    }
    for row in &block.rows {
        add(EntryKind::Row(row), &row.description);
    }
    if let Some(net) = &block.net {
        add(EntryKind::Net(net), texts.net_effect());
    }
    join(&mut entries[first..]);
}

/// Decides which lines of a block stay together, and how closely. A short block stays whole. In a
/// long one the story stays with its first row, the last row with the net effect, and discounts
/// with their line.
fn join(block: &mut [TableLine]) {
    let is_undivided = block.len() <= UNDIVIDED;
    for place in 1..block.len() {
        let is_discount =
            matches!(block[place].kind, EntryKind::Row(row) if row.rank == RowRank::Discount);
        let is_net = matches!(block[place].kind, EntryKind::Net(_));
        let above = &mut block[place - 1];
        let is_story = matches!(above.kind, EntryKind::Story(_) | EntryKind::Aside);
        above.keeps_next = is_undivided || is_discount || is_net || is_story;
        let is_aside = matches!(block[place].kind, EntryKind::Aside);
        let above = &mut block[place - 1];
        above.gap = match above.kind {
            EntryKind::Story(_) if is_aside => 0.0,
            EntryKind::Story(_) | EntryKind::Aside => CLOSE_GAP,
            _ if is_discount => CLOSE_GAP,
            _ => ROW_GAP,
        };
    }
    if let Some(last) = block.last_mut().filter(|last| last.has_bar) {
        last.gap = BLOCK_GAP;
    }
}
