//! Pages with marks, in points from the top left corner.
//!
//! The layout creates marks, and [`super::writer`] turns them into PDF operators. In between, tests
//! check that nothing overlaps or leaves the page. [`Flow`] is the cursor: it moves down a page and
//! turns to the next when it is full.

use super::breaking::is_ideograph;
use super::logo::Logo;
use super::text::FontSet;
use super::tree::{Figure, PartId, Role, Tag, Tree};
use super::weight::Weight;
use crate::config::PageSize;

/// The palette: black, greys, and the house colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Text,
    Muted,
    Hairline,
    Accent,
    /// The house colour, lightened.
    Pale,
    /// The grey of past quantities at this strength; 255 is full.
    Past(u8),
    /// For text on dark ground, and for gaps in dark shapes.
    White,
}

impl Ink {
    /// Red, green and blue; `accent` is the house colour.
    pub(super) fn rgb(self, accent: [u8; 3]) -> [u8; 3] {
        match self {
            Self::Text => [0x1b, 0x1f, 0x27],
            Self::Muted => [0x6a, 0x72, 0x7f],
            Self::Hairline => [0xdd, 0xe0, 0xe5],
            Self::Accent => accent,
            Self::Pale => accent.map(|part| thinned(part, 64)),
            Self::Past(strength) => [0xb4, 0xbb, 0xc6].map(|part| thinned(part, strength)),
            Self::White => [0xff; 3],
        }
    }
}

/// A component of a colour on white at this strength; 255 is full.
fn thinned(part: u8, strength: u8) -> u8 {
    let less = u16::from(0xff - part) * u16::from(strength) / 255;
    0xff - u8::try_from(less).unwrap_or(0xff)
}

/// The style of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) weight: Weight,
    pub(super) size: f32,
    pub(super) ink: Ink,
}

impl Style {
    pub(super) const fn new(weight: Weight, size: f32, ink: Ink) -> Self {
        Self { weight, size, ink }
    }
}

/// Something visible, with its text.
#[derive(Clone, Copy, Debug)]
pub(super) enum DrawOp<T> {
    /// A line of text; `baseline` is the baseline of its letters.
    Text { left: f32, baseline: f32, style: Style, text: T },
    /// A filled rectangle: rules and bars.
    Bar { left: f32, top: f32, width: f32, height: f32, ink: Ink },
    /// The logo, scaled to this box; [`super::logo::Logo::aspect`] keeps its shape.
    Logo { left: f32, top: f32, width: f32, height: f32 },
}

/// One page. All its texts share one buffer, and each mark knows the end of its own. A hundred
/// separate allocations would take a tenth of the printing time.
#[derive(Clone, Debug)]
pub(super) struct Page {
    marks: Vec<Mark<usize>>,
    texts: String,
}

/// A mark with its meaning.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark<T> {
    pub(super) tag: Tag,
    pub(super) op: DrawOp<T>,
    /// Whether a space follows the text, because its part goes on elsewhere. Readers that ignore
    /// places would join the words otherwise.
    pub(super) is_spaced: bool,
}

impl<T> Mark<T> {
    pub(super) const fn new(tag: Tag, op: DrawOp<T>) -> Self {
        Self { tag, op, is_spaced: false }
    }
}

/// A document on pages.
pub(super) struct LaidOut {
    pub(super) sheets: Vec<Page>,
    /// The parts that the marks belong to.
    pub(super) tree: Tree,
}

impl Page {
    /// The usual number of marks and bytes of text.
    const USUAL_MARKS: usize = 128;
    const USUAL_TEXT: usize = 2048;

    fn new() -> Self {
        let marks = Vec::with_capacity(Self::USUAL_MARKS);
        Self { marks, texts: String::with_capacity(Self::USUAL_TEXT) }
    }

    /// The marks in drawing order.
    #[cfg(any(test, feature = "internals"))]
    pub(super) fn marks(&self) -> impl Iterator<Item = DrawOp<&str>> {
        self.tagged().map(|mark| mark.op)
    }

    /// The marks in drawing order, with their meaning.
    pub(super) fn tagged(&self) -> impl Iterator<Item = Mark<&str>> {
        let mut start = 0;
        self.marks.iter().map(move |&Mark { tag, op, is_spaced }| {
            let op = match op {
                DrawOp::Text { left, baseline, style, text: end } => {
                    let text = &self.texts[start..end];
                    start = end;
                    DrawOp::Text { left, baseline, style, text }
                }
                DrawOp::Bar { left, top, width, height, ink } => {
                    DrawOp::Bar { left, top, width, height, ink }
                }
                DrawOp::Logo { left, top, width, height } => {
                    DrawOp::Logo { left, top, width, height }
                }
            };
            Mark { tag, op, is_spaced }
        })
    }

    pub(super) fn write(
        &mut self,
        tag: Tag,
        (left, baseline): (f32, f32),
        style: Style,
        text: &str,
    ) {
        if text.is_empty() {
            return;
        }
        if let Some(last) = self.marks.last_mut()
            && let (Tag::Content(_), DrawOp::Text { .. }) = (last.tag, last.op)
        {
            last.is_spaced = last.tag == tag && is_space_missing(&self.texts, text);
        }
        self.texts.push_str(text);
        let text = self.texts.len();
        self.marks.push(Mark::new(tag, DrawOp::Text { left, baseline, style, text }));
    }
}

/// Whether words on both sides would become one.
fn is_space_missing(before: &str, after: &str) -> bool {
    let sides = [before.chars().next_back(), after.chars().next()];
    sides.into_iter().flatten().all(|it| !it.is_whitespace() && !is_ideograph(it))
}

/// The measures of a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paper {
    pub(super) width: f32,
    pub(super) height: f32,
}

impl Paper {
    /// The left and right margin of everything but the bar at the top.
    pub(super) const SIDE: f32 = 54.0;
    /// The top of the first page's text.
    const HEAD: f32 = 48.0;
    /// The top of the text on further pages, below the repeated heading.
    const FURTHER_HEAD: f32 = 70.0;
    /// The room for the foot.
    const FOOT: f32 = 60.0;

    pub(super) const fn new(size: PageSize) -> Self {
        match size {
            PageSize::A4 => Self { width: 595.28, height: 841.89 },
            PageSize::Letter => Self { width: 612.0, height: 792.0 },
        }
    }

    pub(super) fn right(self) -> f32 {
        self.width - Self::SIDE
    }

    /// The width of the text.
    pub(super) fn measure(self) -> f32 {
        self.right() - Self::SIDE
    }

    fn bottom(self) -> f32 {
        self.height - Self::FOOT
    }
}

/// Writes down the page, then continues on the next one.
pub(super) struct Flow<'p> {
    pub(super) case: &'p FontSet,
    pub(super) paper: Paper,
    sheets: Vec<Page>,
    sheet: Page,
    top: f32,
    tree: Tree,
    /// The meaning of the next texts.
    tag: Tag,
}

impl<'p> Flow<'p> {
    pub(super) fn new(case: &'p FontSet, paper: Paper) -> Self {
        let (sheets, sheet, top) = (Vec::new(), Page::new(), Paper::HEAD);
        let (tree, tag) = (Tree::new(), Tag::Artifact);
        let mut flow = Self { case, paper, sheets, sheet, top, tree, tag };
        flow.open();
        flow
    }

    /// All pages and parts.
    pub(super) fn finish(mut self) -> LaidOut {
        self.sheets.push(self.sheet);
        LaidOut { sheets: self.sheets, tree: self.tree }
    }

    /// Adds a part without content of its own.
    pub(super) fn part(&mut self, parent: PartId, role: Role) -> PartId {
        self.tree.add(parent, role)
    }

    /// Adds a part, whose content the closure writes.
    pub(super) fn within(&mut self, parent: PartId, role: Role, write: impl FnOnce(&mut Self)) {
        let part = self.part(parent, role);
        self.tagged(Tag::Content(part), write);
    }

    /// Adds a picture, which the closure draws.
    pub(super) fn figure(&mut self, figure: Figure, draw: impl FnOnce(&mut Self)) {
        let part = self.tree.add_figure(PartId::DOCUMENT, figure);
        self.tagged(Tag::Content(part), draw);
    }

    /// Gives the texts that the closure writes this meaning.
    pub(super) fn tagged(&mut self, tag: Tag, write: impl FnOnce(&mut Self)) {
        let around = std::mem::replace(&mut self.tag, tag);
        write(self);
        self.tag = around;
    }

    /// Whether a block of this height fits the rest of this page.
    pub(super) fn has_room(&self, height: f32) -> bool {
        self.top + height <= self.paper.bottom()
    }

    /// How many of the next lines this page has room for: at least one, then as long as `room`
    /// is left. `leading` gives the height of each line.
    pub(super) fn lines_here(
        &self,
        count: usize,
        leading: impl Fn(usize) -> f32,
        room: f32,
    ) -> usize {
        let mut top = self.top;
        let fits = (0..count).take_while(|line| {
            let fits = *line == 0 || top + room <= self.paper.bottom();
            top += leading(*line);
            fits
        });
        fits.count()
    }

    /// Whether a block of this height fits a further page.
    pub(super) fn fits_a_sheet(&self, height: f32) -> bool {
        Paper::FURTHER_HEAD + height <= self.paper.bottom()
    }

    /// Continues at the top of a new page.
    pub(super) fn turn(&mut self) {
        self.sheets.push(std::mem::replace(&mut self.sheet, Page::new()));
        self.open();
        self.top = Paper::FURTHER_HEAD;
    }

    /// The position of the cursor.
    pub(super) fn top(&self) -> f32 {
        self.top
    }

    /// Moves the cursor on this page.
    pub(super) fn go_to(&mut self, top: f32) {
        self.top = top;
    }

    pub(super) fn skip(&mut self, height: f32) {
        self.top += height;
    }

    /// A line of text in the middle of the next `leading` points; the cursor stays.
    pub(super) fn text(&mut self, left: f32, leading: f32, style: Style, text: &str) {
        // Capitals are about 0.71 em high; half of that below the middle centres them.
        let baseline = self.top + leading / 2.0 + style.size * 0.357;
        self.sheet.write(self.tag, (left, baseline), style, text);
    }

    /// A line of text in the middle of the `leading` points that begin `below` the cursor.
    pub(super) fn text_below(
        &mut self,
        left: f32,
        below: f32,
        leading: f32,
        style: Style,
        text: &str,
    ) {
        self.text(left, leading + 2.0 * below, style, text);
    }

    /// A text ending at `right`.
    pub(super) fn text_to(&mut self, right: f32, leading: f32, style: Style, text: &str) {
        let width = self.case.width(style.weight, style.size, text);
        self.text(right - width, leading, style, text);
    }

    /// The logo at the cursor, as large as its box allows; `words` are read instead of it.
    pub(super) fn logo(
        &mut self,
        left: f32,
        [widest, highest]: [f32; 2],
        (logo, words): (&Logo, &str),
    ) {
        let width = widest.min(highest * logo.aspect());
        let height = width / logo.aspect();
        let bounds = [left, self.top, left + width, self.top + height];
        let mark = DrawOp::Logo { left, top: self.top, width, height };
        let figure = Figure { words: words.to_owned(), bounds };
        self.figure(figure, |flow| flow.sheet.marks.push(Mark::new(flow.tag, mark)));
    }

    /// A rule at the cursor.
    pub(super) fn rule(&mut self, left: f32, right: f32, height: f32, ink: Ink) {
        self.bar(DrawOp::Bar { left, top: self.top, width: right - left, height, ink });
    }

    /// A bar from `top` down to `gap` above the cursor.
    pub(super) fn bar_from(&mut self, top: f32, left: f32, width: f32, gap: f32, ink: Ink) {
        let height = self.top - gap - top;
        self.bar(DrawOp::Bar { left, top, width, height, ink });
    }

    /// A filled rectangle; its top is measured from the cursor.
    pub(super) fn fill(&mut self, [left, below, width, height]: [f32; 4], ink: Ink) {
        let top = self.top + below;
        self.bar(DrawOp::Bar { left, top, width, height, ink });
    }

    /// A bar is content of a picture; elsewhere it is decoration.
    fn bar(&mut self, bar: DrawOp<usize>) {
        let tag = match self.tag {
            Tag::Content(part) if self.tree.role(part).is_drawn() => self.tag,
            _ => Tag::Artifact,
        };
        self.sheet.marks.push(Mark::new(tag, bar));
    }

    fn open(&mut self) {
        self.top = Paper::HEAD;
        self.bar(DrawOp::Bar {
            left: 0.0,
            top: 0.0,
            width: self.paper.width,
            height: 6.0,
            ink: Ink::Accent,
        });
    }
}
