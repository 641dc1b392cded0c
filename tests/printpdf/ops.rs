//! From marks on sheets to a printpdf document: fonts, colours and coordinates as PDF has them.
//!
//! PDF measures from the bottom left corner. A font is named by a tag derived from the text it
//! draws, as PDF wants different subsets to have different tags; so the same sheets give the same
//! document.

use std::collections::BTreeMap;

use printpdf::{
    Codepoint, Color, DictItem, ExternalStream, ExternalXObject, FontId, Op, PaintMode,
    PdfDocument, PdfFont, PdfFontHandle, PdfPage, Pt, Rect, Rgb, TextItem, TextMatrix, XObject,
    XObjectId, XObjectTransform,
};
use sha2::{Digest as _, Sha256};

use super::glyphs::GlyphRun;
use super::logo::{Logo, Samples};
use super::page::{DrawOp, Ink, Page, Paper, Style};
use super::run::Run;
use super::text::FontSet;

/// What it takes to draw marks.
pub(super) struct Printer<'p> {
    pub(super) case: &'p FontSet,
    pub(super) paper: Paper,
    pub(super) accent: [u8; 3],
    pub(super) logo: Option<&'p Logo>,
}

impl Printer<'_> {
    /// The document with every sheet as a page and only the fonts that are used.
    pub(super) fn document(&self, sheets: &[Page]) -> PdfDocument {
        let tags = self.tags(sheets);
        let mut document = PdfDocument::new("");
        for (&face, tag) in &tags {
            let font = PdfFont::new(self.case.face(face).font().clone());
            document.resources.fonts.map.insert(tag.clone(), font);
        }
        if let Some(logo) = self.logo {
            document.resources.xobjects.map.insert(XObjectId(LOGO.to_owned()), image(logo));
        }
        document.pages = sheets.iter().map(|sheet| self.page(sheet, &tags)).collect();
        document
    }

    /// The name of every font in use.
    fn tags(&self, sheets: &[Page]) -> BTreeMap<usize, FontId> {
        let mut texts: BTreeMap<usize, Sha256> = BTreeMap::new();
        for mark in sheets.iter().flat_map(Page::marks) {
            if let DrawOp::Text { style, text, .. } = mark {
                for run in self.case.runs(style.weight, text) {
                    let (face, text) = match run {
                        Run::Characters { face, text } => (face, text),
                        Run::Glyphs(run) => (run.face, run.text),
                    };
                    texts.entry(face).or_default().update(&text);
                }
            }
        }
        texts.into_iter().map(|(face, text)| (face, tag(face, &text.finalize()))).collect()
    }

    fn page(&self, sheet: &Page, tags: &BTreeMap<usize, FontId>) -> PdfPage {
        let mut ops = Vec::new();
        for mark in sheet.marks() {
            match mark {
                DrawOp::Bar { left, top, width, height, ink } => {
                    ops.push(Op::SetFillColor { col: self.colour(ink) });
                    let bottom = self.paper.height - top - height;
                    ops.push(Op::DrawRectangle { rectangle: bar(left, bottom, width, height) });
                }
                DrawOp::Logo { left, top, width, height } => {
                    let bottom = self.paper.height - top - height;
                    ops.push(draw_logo([left, bottom, width, height]));
                }
                DrawOp::Text { left, baseline, style, text } => {
                    ops.push(Op::SetFillColor { col: self.colour(style.ink) });
                    ops.push(Op::StartTextSection);
                    self.runs(&mut ops, (left, self.paper.height - baseline), style, text, tags);
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
            let index = match &run {
                Run::Characters { face, .. } => *face,
                Run::Glyphs(run) => run.face,
            };
            let font = PdfFontHandle::External(tags[&index].clone());
            ops.push(Op::SetFont { font, size: Pt(style.size) });
            match run {
                Run::Characters { face, text } => {
                    let face = self.case.face(face);
                    let width = text.chars().map(|it| i32::from(face.advance(it))).sum();
                    ops.extend([move_to(x, y), show(TextItem::Text(text))]);
                    x += in_points(width, style.size);
                }
                Run::Glyphs(run) => {
                    draw_glyphs(ops, &run, (x, y), style.size);
                    x += in_points(run.advance(), style.size);
                }
            }
        }
    }

    fn colour(&self, ink: Ink) -> Color {
        let [r, g, b] = ink.rgb(self.accent).map(|part| f32::from(part) / 255.0);
        Color::Rgb(Rgb { r, g, b, icc_profile: None })
    }
}

/// The name of the logo among the resources of a page.
const LOGO: &str = "Logo";

/// Every glyph at its place; a cluster of several, which no font can say the text of, says it itself.
fn draw_glyphs(ops: &mut Vec<Op>, run: &GlyphRun, (mut x, y): (f32, f32), size: f32) {
    for (glyphs, text) in run.clusters() {
        let is_alone = glyphs.len() == 1;
        if !is_alone {
            ops.push(Op::BeginMarkedContentWithProperties {
                tag: "Span".to_owned(),
                properties: actual_text(text),
            });
        }
        for glyph in glyphs {
            let [right, up] = glyph.offset.map(|offset| in_points(offset, size));
            let meaning = if is_alone { text } else { ZERO_WIDTH_SPACE };
            let shape = Codepoint::with_cid(glyph.id, 0.0, meaning.to_owned());
            ops.extend([move_to(x + right, y + up), show(TextItem::GlyphIds(vec![shape]))]);
            x += in_points(glyph.advance, size);
        }
        if !is_alone {
            ops.push(Op::EndMarkedContent);
        }
    }
}

/// What a glyph stands for whose cluster says so itself.
const ZERO_WIDTH_SPACE: &str = "\u{200b}";

fn actual_text(text: &str) -> DictItem {
    let utf16 = std::iter::once(0xfeff).chain(text.encode_utf16());
    let data = utf16.flat_map(u16::to_be_bytes).collect();
    let text = DictItem::String { data, literal: false };
    DictItem::Dict { map: BTreeMap::from([("ActualText".to_owned(), text)]) }
}

fn move_to(x: f32, y: f32) -> Op {
    Op::SetTextMatrix { matrix: TextMatrix::Translate(round(x), round(y)) }
}

fn show(item: TextItem) -> Op {
    Op::ShowText { items: vec![item] }
}

fn in_points(thousandths: i32, size: f32) -> f32 {
    // Exact up to sixteen thousand ems.
    #[expect(clippy::cast_precision_loss, reason = "no text is that long")]
    let thousandths = thousandths as f32;
    thousandths / 1000.0 * size
}

fn draw_logo([left, bottom, width, height]: [f32; 4]) -> Op {
    let transform = XObjectTransform {
        translate_x: Some(round(left)),
        translate_y: Some(round(bottom)),
        scale_x: Some(round(width).0),
        scale_y: Some(round(height).0),
        no_auto_scale: true,
        ..XObjectTransform::default()
    };
    Op::UseXobject { id: XObjectId(LOGO.to_owned()), transform }
}

/// The logo as an object that pages may draw.
fn image(logo: &Logo) -> XObject {
    let stream = match &logo.samples {
        Samples::Jpeg { file, components, inverted } => {
            let mut dict = image_entries(logo, *components);
            dict.insert("Filter".to_owned(), name("DCTDecode"));
            if *inverted {
                let range = [1, 0].map(DictItem::Int).into_iter().cycle().take(8);
                dict.insert("Decode".to_owned(), DictItem::Array(range.collect()));
            }
            ExternalStream { dict, content: file.clone(), compress: false }
        }
        Samples::Raw { components, samples, alpha } => {
            let mut dict = image_entries(logo, *components);
            if let Some(alpha) = alpha {
                let (dict_of_mask, content) = (image_entries(logo, 1), alpha.clone());
                let stream = ExternalStream { dict: dict_of_mask, content, compress: true };
                dict.insert("SMask".to_owned(), DictItem::Stream { stream });
            }
            ExternalStream { dict, content: samples.clone(), compress: true }
        }
    };
    XObject::External(ExternalXObject { stream, width: None, height: None, dpi: None })
}

fn image_entries(logo: &Logo, components: u8) -> BTreeMap<String, DictItem> {
    let colours = match components {
        1 => "DeviceGray",
        3 => "DeviceRGB",
        _ => "DeviceCMYK",
    };
    let entries = [
        ("Type", name("XObject")),
        ("Subtype", name("Image")),
        ("Width", DictItem::Int(logo.width.into())),
        ("Height", DictItem::Int(logo.height.into())),
        ("ColorSpace", name(colours)),
        ("BitsPerComponent", DictItem::Int(8)),
    ];
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn name(text: &str) -> DictItem {
    DictItem::Name(text.into())
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
