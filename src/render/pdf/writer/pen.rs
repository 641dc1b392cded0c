//! Turns the marks of a page into operators.
//!
//! Only changes are written: colour and font stay until they are set again, and a text is placed
//! relative to the last one. Positions are whole hundredths of a point, so nothing drifts.
//!
//! Every mark is inside marked content: a numbered piece of a part of the document, or an artifact.
//! Pieces of text begin and end inside a text object, and pieces with bars outside, so both nest.

use super::font_name::FontName;
use super::fonts::Fonts;
use super::inks::Inks;
use super::numbers::{hundredths, write_fixed, write_number};
use super::objects::write_hexadecimal;
use super::structure::Pieces;
use crate::render::pdf::glyphs::{Glyph, GlyphRun};
use crate::render::pdf::page::{DrawOp, Ink, Mark, Paper, Style};
use crate::render::pdf::run::Run;
use crate::render::pdf::text::FontSet;
use crate::render::pdf::tree::{Role, Tag, Tree};

/// Writes one page.
pub(crate) struct Pen<'p> {
    pub(crate) case: &'p FontSet,
    pub(crate) paper: Paper,
    pub(crate) inks: &'p Inks,
    pub(crate) fonts: &'p Fonts<'p>,
    tree: &'p Tree,
    pub(crate) out: &'p mut Vec<u8>,
    pieces: &'p mut Pieces,
    /// The number of the next piece.
    number: usize,
    state: PenState,
}

/// The current settings.
#[derive(Default)]
struct PenState {
    ink: Option<Ink>,
    /// The face and the size, in hundredths of a point.
    font: Option<(FontName, i32)>,
    /// The start of the last text, while texts may follow.
    text: Option<[i32; 2]>,
    /// The meaning of the open marked content.
    tag: Option<Tag>,
}

impl<'p> Pen<'p> {
    pub(crate) fn new(
        (case, paper, inks): (&'p FontSet, Paper, &'p Inks),
        fonts: &'p Fonts<'p>,
        (tree, out, pieces): (&'p Tree, &'p mut Vec<u8>, &'p mut Pieces),
    ) -> Self {
        let (number, state) = (0, PenState::default());
        Self { case, paper, inks, fonts, tree, out, pieces, number, state }
    }

    /// Draws a mark with its meaning. `runs` are those of a text that is not plain.
    pub(crate) fn draw(&mut self, mark: Mark<&str>, runs: Option<&[Run]>) {
        let Mark { tag, op, is_spaced } = mark;
        if self.state.tag != Some(tag) {
            self.close();
            self.open(tag);
        }
        match op {
            DrawOp::Bar { left, top, width, height, ink } => {
                self.end_text();
                self.dip(ink);
                let bottom = self.paper.height - top - height;
                self.numbers([left, bottom, width, height]);
                self.out.extend_from_slice(b"re f\n");
            }
            DrawOp::Logo { left, top, width, height } => {
                self.end_text();
                let bottom = self.paper.height - top - height;
                self.out.extend_from_slice(b"q ");
                self.numbers([width, 0.0, 0.0, height, left, bottom]);
                self.out.extend_from_slice(b"cm/Logo Do Q\n");
            }
            DrawOp::Text { left, baseline, style, text } => {
                self.dip(style.ink);
                self.move_to(left, self.paper.height - baseline);
                let (face, space) = (style.weight.face(), if is_spaced { " " } else { "" });
                match runs {
                    None => self.characters(face, style, [text, space]),
                    Some(runs) => {
                        self.runs(runs, style);
                        if is_spaced {
                            self.characters(face, style, [space, ""]);
                        }
                    }
                }
            }
        }
    }

    /// Ends what is open.
    pub(crate) fn finish(mut self) {
        self.close();
        self.end_text();
        self.pieces.end_page();
    }

    fn open(&mut self, tag: Tag) {
        self.state.tag = Some(tag);
        if self.is_text(tag) {
            self.begin_text();
        } else {
            self.end_text();
        }
        match tag {
            Tag::Artifact => self.out.extend_from_slice(b"/Artifact BMC\n"),
            Tag::Header => self.out.extend_from_slice(HEADER),
            Tag::Footer => self.out.extend_from_slice(FOOTER),
            Tag::Content(part) => {
                self.out.push(b'/');
                self.out.extend_from_slice(self.tree.role(part).name());
                self.out.extend_from_slice(b"<</MCID ");
                write_number(self.out, self.number);
                self.out.extend_from_slice(b">>BDC\n");
                self.number += 1;
                self.pieces.parts.push(part);
            }
        }
    }

    fn close(&mut self) {
        if let Some(tag) = self.state.tag.take() {
            if !self.is_text(tag) {
                self.end_text();
            }
            self.out.extend_from_slice(b"EMC\n");
        }
    }

    /// Whether content of this meaning is text only.
    fn is_text(&self, tag: Tag) -> bool {
        match tag {
            Tag::Artifact => false,
            Tag::Header | Tag::Footer => true,
            Tag::Content(part) => !matches!(self.tree.role(part), Role::Figure(_)),
        }
    }

    fn runs(&mut self, runs: &[Run], style: Style) {
        for run in runs {
            match run {
                Run::Characters { face, text } => self.characters(*face, style, [text, ""]),
                Run::Glyphs(run) => {
                    self.take(FontName::Glyphs(run.face), style.size);
                    if self.case.is_too_thin(run.face, style.weight) {
                        self.inks.outline(self.out, style.ink);
                        write_fixed(self.out, hundredths(style.size * THICKENED), 2);
                        self.out.extend_from_slice(b" w 2 Tr\n");
                        self.glyphs(run, style.size);
                        self.out.extend_from_slice(b"0 Tr\n");
                    } else {
                        self.glyphs(run, style.size);
                    }
                }
            }
        }
    }

    fn characters(&mut self, face: usize, style: Style, [text, space]: [&str; 2]) {
        self.take(FontName::Characters(face), style.size);
        let letters = self.fonts.letters(face);
        self.out.push(b'(');
        letters.write(self.out, text);
        letters.write(self.out, space);
        self.out.extend_from_slice(b")Tj\n");
    }

    /// Writes glyphs. If the font cannot give the text of a cluster, it is written here.
    fn glyphs(&mut self, run: &GlyphRun, size: f32) {
        // The distance from the pen to the next glyph, in thousandths of an em.
        let mut gap = 0;
        for (glyphs, text) in run.clusters() {
            let says_itself = match glyphs {
                [glyph] => self.fonts.text(run.face, glyph.id) == text,
                _ => false,
            };
            if !says_itself {
                self.out.extend_from_slice(b"/Span<</ActualText");
                let utf16 = std::iter::once(0xfeff).chain(text.encode_utf16());
                let bytes: Vec<u8> = utf16.flat_map(u16::to_be_bytes).collect();
                write_hexadecimal(self.out, &bytes);
                self.out.extend_from_slice(b">>BDC\n");
            }
            for glyph in glyphs {
                self.glyph(run.face, glyph, size, &mut gap);
            }
            if !says_itself {
                self.out.extend_from_slice(b"EMC\n");
            }
        }
        if gap != 0 {
            self.out.push(b'[');
            write_fixed(self.out, -gap, 0);
            self.out.extend_from_slice(b"]TJ\n");
        }
    }

    fn glyph(&mut self, face: usize, glyph: &Glyph, size: f32, gap: &mut i32) {
        let [right, up] = glyph.offset;
        let declared = self.case.face(face).glyph_advance(glyph.id);
        if up != 0 {
            write_fixed(self.out, hundredths(thousandths_of(up, size)), 2);
            self.out.extend_from_slice(b" Ts\n");
        }
        self.out.push(b'[');
        if *gap + right != 0 {
            write_fixed(self.out, -(*gap + right), 0);
        }
        write_hexadecimal(self.out, &self.fonts.code(face, glyph.id).to_be_bytes());
        self.out.extend_from_slice(b"]TJ\n");
        if up != 0 {
            self.out.extend_from_slice(b"0 Ts\n");
        }
        *gap = glyph.advance - declared - right;
    }

    fn dip(&mut self, ink: Ink) {
        if self.state.ink.replace(ink) == Some(ink) {
            return;
        }
        self.inks.dip(self.out, ink);
    }

    fn take(&mut self, name: FontName, size: f32) {
        let font = (name, hundredths(size));
        if self.state.font.replace(font) == Some(font) {
            return;
        }
        name.write(self.out);
        self.out.push(b' ');
        write_fixed(self.out, font.1, 2);
        self.out.extend_from_slice(b" Tf\n");
    }

    fn move_to(&mut self, x: f32, y: f32) {
        let [x, y] = [x, y].map(hundredths);
        let [from_x, from_y] = self.begin_text();
        self.state.text = Some([x, y]);
        write_fixed(self.out, x - from_x, 2);
        self.out.push(b' ');
        write_fixed(self.out, y - from_y, 2);
        self.out.extend_from_slice(b" Td\n");
    }

    /// Begins a text object if none is open, and returns the start of its last text.
    fn begin_text(&mut self) -> [i32; 2] {
        if self.state.text.is_none() {
            self.out.extend_from_slice(b"BT\n");
        }
        *self.state.text.get_or_insert_default()
    }

    fn end_text(&mut self) {
        if self.state.text.take().is_some() {
            self.out.extend_from_slice(b"ET\n");
        }
    }

    fn numbers<const COUNT: usize>(&mut self, points: [f32; COUNT]) {
        for point in points {
            write_fixed(self.out, hundredths(point), 2);
            self.out.push(b' ');
        }
    }
}

/// The outline that makes regular letters semi-bold, in ems: the difference between the stems of both
/// bundled weights.
const THICKENED: f32 = 0.03;

/// The beginnings of what a page repeats.
const HEADER: &[u8] = b"/Artifact<</Type/Pagination/Subtype/Header>>BDC\n";
const FOOTER: &[u8] = b"/Artifact<</Type/Pagination/Subtype/Footer>>BDC\n";

fn thousandths_of(thousandths: i32, size: f32) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "no glyph is sixteen thousand ems away")]
    let ems = thousandths as f32 / 1000.0;
    ems * size
}
