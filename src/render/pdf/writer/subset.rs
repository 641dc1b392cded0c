//! A font subset as printpdf embeds it. It is extracted from a document that shows all its glyphs
//! on one page.
//!
//! The objects can be copied into any file at any position. The codes of glyphs are read from that
//! page, because they depend on the kind of font.

use std::collections::{BTreeMap, HashMap};

use lopdf::content::Content;
use lopdf::{Document, Object, ObjectId, Stream};
use printpdf::{
    Codepoint, FontId, Op, PdfDocument, PdfFont, PdfFontHandle, PdfPage, PdfParseErrorSeverity,
    PdfSaveOptions, Pt, Rect, TextItem,
};

use super::deflate::{Effort, deflate};
use super::objects::{Objects, Unpacked, write_object};
use super::to_unicode::to_unicode;
use super::truetype::without_names;
use crate::render::pdf::font::Typeface;

/// A part of a font, ready to be copied.
#[derive(Debug)]
pub(crate) struct Subset {
    /// The first object is the font. References are indexes among these objects, from 1.
    objects: Vec<Object>,
    codes: HashMap<u16, u16>,
}

impl Subset {
    /// Embeds the glyphs of a font with their texts. The name begins with six letters that are
    /// unique in the file.
    ///
    /// # Errors
    /// The message of printpdf if it cannot embed the font.
    pub(crate) fn new(
        face: &Typeface,
        name: &str,
        glyphs: &BTreeMap<u16, String>,
        effort: Effort,
    ) -> Result<Self, String> {
        let document = proof(face, name, glyphs)?;
        let page = document.page_iter().next().ok_or("it has no page")?;
        let codes = codes(&document, page).map_err(|error| error.to_string())?;
        if codes.len() != glyphs.len() {
            return Err("it lost glyphs".to_owned());
        }
        let fonts = document.get_page_fonts(page).map_err(|error| error.to_string())?;
        let font = fonts.get(name.as_bytes()).ok_or("it has no font")?;
        let mut objects =
            SubsetObjects { document: &document, places: BTreeMap::new(), objects: vec![] };
        objects.objects.push(Object::Null);
        let font = objects.moved(&Object::Dictionary((*font).clone()));
        objects.objects[0] = font;
        let mut objects = objects.objects;
        let texts: BTreeMap<u16, &str> =
            codes.iter().copied().zip(glyphs.values().map(String::as_str)).collect();
        for object in &mut objects {
            if let Object::Stream(stream) = object {
                shorten(stream, &texts);
                compress(stream, effort);
            }
        }
        Ok(Self { objects, codes: glyphs.keys().copied().zip(codes).collect() })
    }

    /// The code of a glyph.
    pub(crate) fn code(&self, glyph: u16) -> u16 {
        self.codes.get(&glyph).copied().unwrap_or(0)
    }

    /// Copies it into a file and returns the number of the font.
    pub(crate) fn add_to(&self, file: &mut Objects) -> usize {
        let first = file.promise_many(self.objects.len());
        for (number, object) in (first..).zip(&self.objects) {
            file.keep(number, |out| write_object(out, object, first - 1));
        }
        first
    }

    /// Copies it into a file, but for objects that can be packed, and returns the number of the
    /// font.
    pub(crate) fn share_in(&self, file: &mut Objects, unpacked: &mut Unpacked) -> usize {
        let first = file.promise_many(self.objects.len());
        for (number, object) in (first..).zip(&self.objects) {
            let write = |out: &mut Vec<u8>| write_object(out, object, first - 1);
            match object {
                Object::Stream(_) => file.keep(number, write),
                _ => unpacked.keep(number, write),
            }
        }
        first
    }
}

/// A page that shows every glyph.
fn proof(face: &Typeface, name: &str, glyphs: &BTreeMap<u16, String>) -> Result<Document, String> {
    let mut document = PdfDocument::new("");
    let id = FontId(name.to_owned());
    document.resources.fonts.map.insert(id.clone(), PdfFont::new(face.font().clone()));
    let shapes = glyphs.iter();
    let shapes = shapes.map(|(glyph, text)| Codepoint::with_cid(*glyph, 0.0, text.clone()));
    let ops = vec![
        Op::StartTextSection,
        Op::SetFont { font: PdfFontHandle::External(id), size: Pt(1.0) },
        Op::ShowText { items: vec![TextItem::GlyphIds(shapes.collect())] },
        Op::EndTextSection,
    ];
    let area = Rect::from_wh(Pt(1.0), Pt(1.0));
    document.pages =
        vec![PdfPage { media_box: area.clone(), trim_box: area.clone(), crop_box: area, ops }];
    let mut warnings = Vec::new();
    let document = document.to_lopdf_document(&PdfSaveOptions::default(), &mut warnings);
    let error = warnings.into_iter().find(|it| it.severity == PdfParseErrorSeverity::Error);
    error.map_or(Ok(document), |error| Err(error.msg))
}

/// The codes on the page, in order.
fn codes(document: &Document, page: ObjectId) -> Result<Vec<u16>, lopdf::Error> {
    let content = Content::decode(&document.get_page_content(page))?;
    let shown = content.operations.iter().filter(|operation| operation.operator == "TJ");
    let arrays = shown.flat_map(|operation| &operation.operands);
    let strings = arrays.filter_map(|it| it.as_array().ok()).flatten();
    let bytes = strings.filter_map(|it| it.as_str().ok()).flat_map(|it| it.chunks_exact(2));
    Ok(bytes.map(|code| u16::from_be_bytes([code[0], code[1]])).collect())
}

/// Objects that are extracted from a document.
struct SubsetObjects<'d> {
    document: &'d Document,
    places: BTreeMap<ObjectId, u32>,
    objects: Vec<Object>,
}

impl SubsetObjects<'_> {
    /// The object with references to the extracted objects.
    fn moved(&mut self, object: &Object) -> Object {
        match object {
            Object::Array(items) => {
                Object::Array(items.iter().map(|item| self.moved(item)).collect())
            }
            Object::Dictionary(dictionary) => Object::Dictionary(self.moved_entries(dictionary)),
            Object::Stream(stream) => {
                let mut stream = stream.clone();
                stream.dict = self.moved_entries(&stream.dict);
                Object::Stream(stream)
            }
            Object::Reference(id) => Object::Reference((self.place(*id), 0)),
            other => other.clone(),
        }
    }

    fn moved_entries(&mut self, entries: &lopdf::Dictionary) -> lopdf::Dictionary {
        entries.iter().map(|(key, value)| (key.clone(), self.moved(value))).collect()
    }

    fn place(&mut self, id: ObjectId) -> u32 {
        if let Some(place) = self.places.get(&id) {
            return *place;
        }
        self.objects.push(Object::Null);
        let place = u32::try_from(self.objects.len()).expect("a font has a handful of objects");
        self.places.insert(id, place);
        let object = self.document.get_object(id).cloned().unwrap_or(Object::Null);
        let moved = self.moved(&object);
        self.objects[place as usize - 1] = moved;
        place
    }
}

/// Removes unused data and shortens the rest, which saves two kilobytes per file.
fn shorten(stream: &mut Stream, texts: &BTreeMap<u16, &str>) {
    if stream.content.starts_with(b"/CIDInit") {
        stream.content = to_unicode(texts).into_bytes();
    } else if stream.dict.has(b"Length1")
        && let Some(program) = without_names(&stream.content)
    {
        let length = i64::try_from(program.len()).expect("it is in memory");
        stream.dict.set("Length1", length);
        stream.content = program;
    }
}

fn compress(stream: &mut Stream, effort: Effort) {
    if !stream.dict.has(b"Filter") {
        stream.content = deflate(&stream.content, effort);
        stream.dict.set("Filter", Object::Name(b"FlateDecode".to_vec()));
    }
    let length = i64::try_from(stream.content.len()).expect("it is in memory");
    stream.dict.set("Length", length);
}
