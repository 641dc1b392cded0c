//! Sheets of paper with marks on them, in points, measured from the top left corner.
//!
//! The layout writes marks; [`super::ops`] turns them into PDF operations. In between they can be
//! looked at, which is how the tests know that nothing overlaps or leaves the page. [`Flow`] is the
//! cursor: it goes down a sheet and turns to the next when the room is used up.

use super::logo::Logo;
use super::text::FontSet;
use super::weight::Weight;
use crate::config::PageSize;

/// The palette: black and greys, and the one colour of the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Text,
    Muted,
    Hairline,
    Accent,
    /// The colour of the house, thinned.
    Pale,
    /// The grey of what is over, at so much of its strength; 255 is all.
    Past(u8),
    /// On a dark ground, and to cut shapes out of one.
    White,
}

impl Ink {
    /// Red, green and blue; `accent` is the colour of the house.
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

/// A part of a colour at so much of its strength on white; 255 is all.
fn thinned(part: u8, strength: u8) -> u8 {
    let less = u16::from(0xff - part) * u16::from(strength) / 255;
    0xff - u8::try_from(less).unwrap_or(0xff)
}

/// How a text looks.
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
    /// A line of text; `baseline` is where its letters stand.
    Text { left: f32, baseline: f32, style: Style, text: T },
    /// A filled rectangle: rules and bars.
    Bar { left: f32, top: f32, width: f32, height: f32, ink: Ink },
    /// The logo of the house, stretched to this box; [`super::logo::Logo::aspect`] keeps its shape.
    Logo { left: f32, top: f32, width: f32, height: f32 },
}

/// One page. Its texts are one, and each mark knows where its own ends: there are a hundred, and
/// places in memory of their own would take a tenth of the time of printing.
#[derive(Clone, Debug)]
pub(super) struct Page {
    marks: Vec<DrawOp<usize>>,
    texts: String,
}

impl Page {
    /// As many marks and as much text as most pages have.
    const USUAL_MARKS: usize = 128;
    const USUAL_TEXT: usize = 2048;

    /// An empty page.
    fn new() -> Self {
        let marks = Vec::with_capacity(Self::USUAL_MARKS);
        Self { marks, texts: String::with_capacity(Self::USUAL_TEXT) }
    }

    /// What is on it, in the order in which it was put there.
    pub(super) fn marks(&self) -> impl Iterator<Item = DrawOp<&str>> {
        let mut start = 0;
        self.marks.iter().map(move |mark| match *mark {
            DrawOp::Text { left, baseline, style, text: end } => {
                let text = &self.texts[start..end];
                start = end;
                DrawOp::Text { left, baseline, style, text }
            }
            DrawOp::Bar { left, top, width, height, ink } => {
                DrawOp::Bar { left, top, width, height, ink }
            }
            DrawOp::Logo { left, top, width, height } => DrawOp::Logo { left, top, width, height },
        })
    }

    /// Puts a line of text on it.
    pub(super) fn write(&mut self, (left, baseline): (f32, f32), style: Style, text: &str) {
        self.texts.push_str(text);
        self.marks.push(DrawOp::Text { left, baseline, style, text: self.texts.len() });
    }
}

/// The measures of a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paper {
    pub(super) width: f32,
    pub(super) height: f32,
}

impl Paper {
    /// White space left and right of everything but the bar at the top.
    pub(super) const SIDE: f32 = 54.0;
    /// Where the first line of the first page begins.
    const HEAD: f32 = 48.0;
    /// The same on further pages, below what they repeat.
    const FURTHER_HEAD: f32 = 70.0;
    /// Kept free for the foot.
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

/// Writes down the page and on to the next.
pub(super) struct Flow<'p> {
    pub(super) case: &'p FontSet,
    pub(super) paper: Paper,
    sheets: Vec<Page>,
    sheet: Page,
    top: f32,
}

impl<'p> Flow<'p> {
    /// A first, empty sheet.
    pub(super) fn new(case: &'p FontSet, paper: Paper) -> Self {
        let mut flow =
            Self { case, paper, sheets: Vec::new(), sheet: Page::new(), top: Paper::HEAD };
        flow.open();
        flow
    }

    /// Every sheet written.
    pub(super) fn into_sheets(mut self) -> Vec<Page> {
        self.sheets.push(self.sheet);
        self.sheets
    }

    /// Whether a block of this height still goes on this sheet.
    pub(super) fn has_room(&self, height: f32) -> bool {
        self.top + height <= self.paper.bottom()
    }

    /// Whether a block of this height goes on any further sheet.
    pub(super) fn fits_a_sheet(&self, height: f32) -> bool {
        Paper::FURTHER_HEAD + height <= self.paper.bottom()
    }

    /// Goes on at the top of a new sheet.
    pub(super) fn turn(&mut self) {
        self.sheets.push(std::mem::replace(&mut self.sheet, Page::new()));
        self.open();
        self.top = Paper::FURTHER_HEAD;
    }

    /// Where the cursor is.
    pub(super) fn top(&self) -> f32 {
        self.top
    }

    /// Goes on at another height of the same sheet.
    pub(super) fn go_to(&mut self, top: f32) {
        self.top = top;
    }

    /// Leaves room.
    pub(super) fn skip(&mut self, height: f32) {
        self.top += height;
    }

    /// A line of text in the middle of the next `leading` points, which are not yet used up.
    pub(super) fn text(&mut self, left: f32, leading: f32, style: Style, text: &str) {
        // Capitals are about 0.71 em high: half of that below the middle puts them in it.
        let baseline = self.top + leading / 2.0 + style.size * 0.357;
        self.sheet.write((left, baseline), style, text);
    }

    /// The same in the points that begin `below` the cursor.
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

    /// The logo at the cursor, as large as its box allows.
    pub(super) fn logo(&mut self, left: f32, [widest, highest]: [f32; 2], logo: &Logo) {
        let width = widest.min(highest * logo.aspect());
        let mark = DrawOp::Logo { left, top: self.top, width, height: width / logo.aspect() };
        self.sheet.marks.push(mark);
    }

    /// A rule at the cursor.
    pub(super) fn rule(&mut self, left: f32, right: f32, height: f32, ink: Ink) {
        let bar = DrawOp::Bar { left, top: self.top, width: right - left, height, ink };
        self.sheet.marks.push(bar);
    }

    /// A bar from `top` down to `gap` above the cursor.
    pub(super) fn bar_from(&mut self, top: f32, left: f32, width: f32, gap: f32, ink: Ink) {
        let height = self.top - gap - top;
        self.sheet.marks.push(DrawOp::Bar { left, top, width, height, ink });
    }

    /// A filled rectangle; its top is measured from the cursor.
    pub(super) fn fill(&mut self, [left, below, width, height]: [f32; 4], ink: Ink) {
        let top = self.top + below;
        self.sheet.marks.push(DrawOp::Bar { left, top, width, height, ink });
    }

    fn open(&mut self) {
        self.top = Paper::HEAD;
        let bar = DrawOp::Bar {
            left: 0.0,
            top: 0.0,
            width: self.paper.width,
            height: 6.0,
            ink: Ink::Accent,
        };
        self.sheet.marks.push(bar);
    }
}
