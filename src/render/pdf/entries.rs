//! The lines of a table, measured: what stands on each, how high it is, what must follow it on the
//! same page.

use super::columns::Columns;
use super::page::{Flow, Ink, Style};
use super::rows::{Contents, ReceiptRow, RowBlock};
use super::weight::Weight;
use crate::locale::Texts;

pub(super) const LEADING: f32 = 13.0;
/// What lines say.
pub(super) const BODY: Style = Style::new(Weight::Regular, 9.0, Ink::Text);
/// What stands back.
pub(super) const ASIDE: Style = Style::new(Weight::Regular, 9.0, Ink::Muted);
/// What happened, and what it comes to.
pub(super) const STRONG: Style = Style::new(Weight::SemiBold, 9.0, Ink::Text);
/// From the edge to a block with a story, whose bar stands there; also, from the line above, to
/// what a discount takes off it.
pub(super) const INDENT: f32 = 12.0;
/// Below the last line of a row.
const ROW_GAP: f32 = 4.0;
/// The same above a discount of it, and below a story.
const CLOSE_GAP: f32 = 2.0;
/// Below a block with a story.
pub(super) const BLOCK_GAP: f32 = 9.0;
/// Between what happened and what belongs to it.
pub(super) const TAIL_GAP: f32 = 8.0;
/// Longer blocks may be divided between pages.
const UNDIVIDED: usize = 10;

/// One line or paragraph of the table, ready to be written.
pub(super) struct TableLine<'r> {
    /// The index of its heading.
    pub(super) heading: usize,
    pub(super) kind: EntryKind<'r>,
    /// Its wrapped words.
    pub(super) lines: Vec<String>,
    /// From the edge to the words.
    pub(super) indent: f32,
    /// Whether the bar of a story stands beside it.
    pub(super) has_bar: bool,
    /// Whether the next one must be on the same page.
    keeps_next: bool,
    /// Below it.
    pub(super) gap: f32,
    /// The room that is needed below it on the same page.
    pub(super) after: f32,
}

/// What an entry is.
#[derive(Clone, Copy)]
pub(super) enum EntryKind<'r> {
    /// What happened and, where it fits on the line, what belongs to it.
    Story(Option<&'r str>),
    /// What belongs to what happened, on a line of its own.
    Aside,
    /// A line of the document.
    Row(&'r ReceiptRow<'r>),
    /// What the rows above come to.
    Net(&'r str),
}

impl EntryKind<'_> {
    const fn style(self) -> Style {
        match self {
            Self::Story(_) => STRONG,
            Self::Row(row) if !row.is_discount => BODY,
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

/// All entries. Each has room for `carried` points below it, where a page may end; the last one
/// for `after`.
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
        let is_discount = matches!(kind, EntryKind::Row(row) if row.is_discount);
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

/// Decides what of a block stays together, and how near: all of it or, where that is long, the
/// story with its first row, the last row with the net effect, and discounts with their line.
fn join(block: &mut [TableLine]) {
    let is_undivided = block.len() <= UNDIVIDED;
    for place in 1..block.len() {
        let is_discount = matches!(block[place].kind, EntryKind::Row(row) if row.is_discount);
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
