//! From marks on sheets to a printpdf document: fonts, colours and coordinates as PDF has them.
//!
//! PDF measures from the bottom left corner. A font is named by a tag derived from the text it
//! draws, as PDF wants different subsets to have different tags; so the same sheets give the same
//! document.

use std::collections::BTreeMap;

use printpdf::{
    Color, FontId, Op, PaintMode, PdfDocument, PdfFont, PdfFontHandle, PdfPage, Pt, Rect, Rgb,
    TextItem, TextMatrix,
};
use sha2::{Digest as _, Sha256};

use super::sheet::{Ink, Mark, Paper, Sheet, Style};
use super::text::TypeCase;

/// What it takes to draw marks.
pub(super) struct Printer<'p> {
    pub(super) case: &'p TypeCase,
    pub(super) paper: Paper,
    pub(super) accent: [u8; 3],
}

impl Printer<'_> {
    /// The document with every sheet as a page and only the fonts that are used.
    pub(super) fn document(&self, sheets: &[Sheet]) -> PdfDocument {
        let tags = self.tags(sheets);
        let mut document = PdfDocument::new("");
        for (&face, tag) in &tags {
            let font = PdfFont::new(self.case.face(face).font().clone());
            document.resources.fonts.map.insert(tag.clone(), font);
        }
        document.pages = sheets.iter().map(|sheet| self.page(sheet, &tags)).collect();
        document
    }

    /// The name of every font in use.
    fn tags(&self, sheets: &[Sheet]) -> BTreeMap<usize, FontId> {
        let mut texts: BTreeMap<usize, Sha256> = BTreeMap::new();
        for mark in sheets.iter().flat_map(|sheet| &sheet.marks) {
            if let Mark::Text { style, text, .. } = mark {
                for run in self.case.runs(style.weight, text) {
                    texts.entry(run.face).or_default().update(&run.text);
                }
            }
        }
        texts.into_iter().map(|(face, text)| (face, tag(face, &text.finalize()))).collect()
    }

    fn page(&self, sheet: &Sheet, tags: &BTreeMap<usize, FontId>) -> PdfPage {
        let mut ops = Vec::with_capacity(sheet.marks.len() * 5);
        for mark in &sheet.marks {
            match mark {
                Mark::Bar { left, top, width, height, ink } => {
                    ops.push(Op::SetFillColor { col: self.colour(*ink) });
                    let bottom = self.paper.height - top - height;
                    ops.push(Op::DrawRectangle { rectangle: bar(*left, bottom, *width, *height) });
                }
                Mark::Text { left, baseline, style, text } => {
                    ops.push(Op::SetFillColor { col: self.colour(style.ink) });
                    ops.push(Op::StartTextSection);
                    self.runs(&mut ops, (*left, self.paper.height - baseline), *style, text, tags);
                    ops.push(Op::EndTextSection);
                }
            }
        }
        // Not PdfPage::new, which takes millimetres and loses the last digit.
        let area = Rect::from_wh(Pt(self.paper.width), Pt(self.paper.height));
        PdfPage { media_box: area.clone(), trim_box: area.clone(), crop_box: area, ops }
    }

    fn runs(
        &self,
        ops: &mut Vec<Op>,
        (mut x, y): (f32, f32),
        style: Style,
        text: &str,
        tags: &BTreeMap<usize, FontId>,
    ) {
        for run in self.case.runs(style.weight, text) {
            let face = self.case.face(run.face);
            let width: f32 = run.text.chars().map(|c| face.advance_ems(c) * style.size).sum();
            let font = PdfFontHandle::External(tags[&run.face].clone());
            ops.push(Op::SetFont { font, size: Pt(style.size) });
            ops.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(round(x), round(y)) });
            ops.push(Op::ShowText { items: vec![TextItem::Text(run.text)] });
            x += width;
        }
    }

    fn colour(&self, ink: Ink) -> Color {
        let [r, g, b] = match ink {
            Ink::Text => [0x1b, 0x1f, 0x27],
            Ink::Muted => [0x6a, 0x72, 0x7f],
            Ink::Hairline => [0xdd, 0xe0, 0xe5],
            Ink::Accent => self.accent,
            Ink::Pale => self.accent.map(|part| thinned(part, 64)),
            Ink::Past(strength) => [0xb4, 0xbb, 0xc6].map(|part| thinned(part, strength)),
            Ink::White => [0xff; 3],
        }
        .map(|part| f32::from(part) / 255.0);
        Color::Rgb(Rgb { r, g, b, icc_profile: None })
    }
}

/// A part of a colour at so much of its strength on white; 255 is all.
fn thinned(part: u8, strength: u8) -> u8 {
    let less = u16::from(0xff - part) * u16::from(strength) / 255;
    0xff - u8::try_from(less).unwrap_or(0xff)
}

/// Six capital letters; the first says which font, so that no two are the same.
fn tag(face: usize, digest: &[u8]) -> FontId {
    let letter = |number: u8| char::from(b'A' + number % 26);
    let first = letter(u8::try_from(face % 26).expect("below 26"));
    FontId(std::iter::once(first).chain(digest.iter().take(5).map(|&byte| letter(byte))).collect())
}

fn bar(left: f32, bottom: f32, width: f32, height: f32) -> Rect {
    Rect {
        x: round(left),
        y: round(bottom),
        width: round(width),
        height: round(height),
        mode: Some(PaintMode::Fill),
        winding_order: None,
    }
}

/// A hundredth of a point is finer than any printer, and shorter to write.
fn round(points: f32) -> Pt {
    Pt((points * 100.0).round() / 100.0)
}
