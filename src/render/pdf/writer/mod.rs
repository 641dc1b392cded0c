//! Writes PDF files from shared objects: thousands per second, each with bytes that depend only on
//! itself.
//!
//! printpdf embeds the fonts once for each combination of character groups that documents need
//! ([`groups`]). These fonts, the logo and the meaning of colours are the shared objects: the bytes
//! with which all such documents begin. A document adds the content of its pages, its metadata and
//! the cross-reference stream. What only depends on its shape, such as its structure tree, is made
//! once for each shape ([`skeleton`]). Glyphs of further fonts are embedded only as far as a document
//! shows them, once for all documents that show the same.
//!
//! Files keep to PDF/A-3b and PDF/UA-1, and say so unless a document cannot.

mod attachment;
mod deflate;
mod font_name;
mod fonts;
pub(crate) mod groups;
mod image;
mod inks;
mod intent;
mod letters;
mod numbers;
mod objects;
mod pen;
mod rows;
mod shell;
mod skeleton;
mod structure;
mod subset;
mod to_unicode;
mod truetype;

use std::cell::RefCell;
use std::convert::Infallible;
use std::sync::Arc;

use sha2::Digest as _;

pub(super) use self::numbers::hundredths;
use super::about::{About, CREATOR, Claims, PRODUCER};
use super::cache::Cache;
use super::logo::Logo;
use super::page::{DrawOp, LaidOut, Paper};
use super::printed::Receipt;
use super::text::FontSet;
use crate::hash::hexadecimal;
use crate::render::pdf::writer::deflate::{Effort, deflate};
use crate::render::pdf::writer::fonts::{Fonts, Needs};
use crate::render::pdf::writer::groups::Groups;
use crate::render::pdf::writer::image::Image;
use crate::render::pdf::writer::inks::Inks;
use crate::render::pdf::writer::letters::Glyphs;
use crate::render::pdf::writer::objects::{ObjectStream, Objects, write_literal, write_text};
use crate::render::pdf::writer::pen::Pen;
use crate::render::pdf::writer::shell::{FontPart, SharedContent, SharedObjects};
use crate::render::pdf::writer::skeleton::{Numbers, Skeleton};
use crate::render::pdf::writer::structure::Pieces;
use crate::render::pdf::writer::subset::Subset;

/// Writes pages as files. Threads may share it.
pub(crate) struct PdfWriter {
    paper: Paper,
    inks: Inks,
    logo: Option<Image>,
    shells: Cache<SharedContent, SharedObjects>,
    /// Font parts by bundled font.
    parts: [Cache<Groups, FontPart>; 2],
    /// Subsets by font and glyphs.
    subsets: Cache<(usize, Glyphs), Subset>,
    /// Skeletons by shape.
    skeletons: Cache<Vec<u32>, ObjectStream>,
}

/// The cache sizes. 512 shared objects, of twenty kilobytes each, exceed the number of languages.
const MOST_SHELLS: usize = 512;
const MOST_PARTS: usize = 512;
const MOST_SUBSETS: usize = 1024;
/// Five kilobytes each, and at most twenty.
const MOST_SHAPES: usize = 2048;
/// The longest key of a shape that is kept.
const LONGEST_SHAPE: usize = 2048;

thread_local! {
    /// The operators of a page before compression.
    static PAGE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl PdfWriter {
    /// Shared objects are created on first use.
    pub(crate) fn new(paper: Paper, accent: [u8; 3], logo: Option<&Logo>) -> Self {
        let logo = logo.map(Image::new);
        let inks = Inks::new(accent);
        let shells = Cache::new(MOST_SHELLS);
        let parts = std::array::from_fn(|_| Cache::new(MOST_PARTS));
        let (subsets, skeletons) = (Cache::new(MOST_SUBSETS), Cache::new(MOST_SHAPES));
        Self { paper, inks, logo, shells, parts, subsets, skeletons }
    }

    /// Writes the pages as a file, with an electronic invoice in it if there is one.
    ///
    /// # Errors
    /// The message of printpdf if it cannot embed a font.
    pub(crate) fn print(
        &self,
        case: &FontSet,
        LaidOut { sheets, tree }: &LaidOut,
        about: &About,
        einvoice: Option<&[u8]>,
    ) -> Result<Receipt, String> {
        let needs = Needs::of(case, sheets);
        let shell = self.shell(case, &needs)?;
        let fonts = Fonts::new(case, &shell, &needs, &self.subsets)?;
        let mut file = shell.copy(ROOM);
        let counts = (sheets.len(), tree.parts().len());
        let numbers =
            Numbers::new(&mut file, counts, [einvoice.is_some(), !needs.glyphs.is_empty()]);
        if let Some(resources) = numbers.own_resources {
            let more = fonts.add_to(&mut file);
            file.keep(resources, |out| shell.write_resources(out, &more));
        }
        let mut runs = needs.runs.iter();
        let mut pieces = Pieces::default();
        for (sheet, number) in sheets.iter().zip(numbers.content..) {
            let content = PAGE.with_borrow_mut(|page| {
                page.clear();
                let surface = (tree, &mut *page, &mut pieces);
                let mut pen = Pen::new((case, self.paper, &self.inks), &fonts, surface);
                for mark in sheet.tagged() {
                    let is_text = matches!(mark.op, DrawOp::Text { .. });
                    let runs = if is_text { runs.next().and_then(Option::as_deref) } else { None };
                    pen.draw(mark, runs);
                }
                pen.finish();
                deflate(page, Effort::Fast)
            });
            file.keep_stream(number, "/Filter/FlateDecode", &content);
        }
        let skeleton = Skeleton {
            numbers: &numbers,
            paper: self.paper,
            language: about.language,
            intent: shell.intent(),
            resources: numbers.own_resources.unwrap_or(shell.resources()),
            tree,
            pieces: &pieces,
        };
        skeleton.structure().write_figures(self.paper, |number, write| file.keep(number, write));
        if let Some((number, xml)) = numbers.einvoice.zip(einvoice) {
            attachment::keep(&mut file, number, xml, &about.pdf_date());
        }
        self.add_skeleton(&mut file, &skeleton);
        let claims = self.claims(&needs, einvoice.is_some());
        let xmp = about.xmp(claims);
        if claims.has_einvoice {
            // It is three times as long then. PDF/A-3 allows it to be compressed; PDF/A-1 did not.
            let entries = "/Type/Metadata/Subtype/XML/Filter/FlateDecode";
            let xmp = deflate(xmp.as_bytes(), Effort::Shape);
            file.keep_stream(numbers.metadata, entries, &xmp);
        } else {
            file.keep_stream(numbers.metadata, "/Type/Metadata/Subtype/XML", xmp.as_bytes());
        }
        file.keep(numbers.information, |out| write_information(out, about));
        let (bytes, digest) = finish(file, &shell, &numbers);
        Ok(Receipt { bytes, digest, missing_characters: needs.missing.into_iter().collect() })
    }

    /// Adds the skeleton, which is packed on first use. Those of very long documents are not kept,
    /// because hardly any are alike.
    fn add_skeleton(&self, file: &mut Objects, skeleton: &Skeleton) {
        let key = skeleton.key();
        if key.len() > LONGEST_SHAPE {
            return file.add_packed(&skeleton.pack());
        }
        let packed = self.skeletons.get(&*key, || Ok::<_, Infallible>(skeleton.pack()));
        match packed {
            Ok(packed) => file.add_packed(&packed),
            Err(never) => match never {},
        }
    }

    /// What the file may say that it keeps to. A character that no font has breaks both standards,
    /// and colours for printing presses break that of archives.
    fn claims(&self, needs: &Needs, has_einvoice: bool) -> Claims {
        let is_whole = needs.missing.is_empty();
        let in_cmyk = needs.logo && self.logo.as_ref().is_some_and(Image::is_in_cmyk);
        Claims { is_archival: is_whole && !in_cmyk, is_accessible: is_whole, has_einvoice }
    }

    /// The shared objects for a document, created on first use.
    fn shell(&self, case: &FontSet, needs: &Needs) -> Result<Arc<SharedObjects>, String> {
        let content = SharedContent { groups: needs.groups, logo: needs.logo };
        self.shells.get(&content, || {
            let part = |face: usize| {
                let groups = content.groups[face];
                let new = || FontPart::new(case, face, groups);
                (!groups.is_empty()).then(|| self.parts[face].get(&groups, new)).transpose()
            };
            let logo = self.logo.as_ref().filter(|_| content.logo);
            Ok(SharedObjects::new([part(0)?, part(1)?], logo))
        })
    }
}

/// The usual bytes that a document of one page adds to the shared objects.
const ROOM: usize = 16 * 1024;

/// Writes the end of the file. The file id is a digest of everything before. Returns the file and
/// its digest.
fn finish(file: Objects, shell: &SharedObjects, numbers: &Numbers) -> (Vec<u8>, [u8; 32]) {
    // Most of the file is the shared objects, whose digest is known.
    let mut digest = shell.digest().clone();
    digest.update(&file.bytes()[shell.len()..]);
    let end = file.bytes().len();
    let id = hexadecimal(&digest.clone().finalize()[..16]);
    let bytes = file.finish(numbers.catalog, numbers.information, &id);
    digest.update(&bytes[end..]);
    (bytes, digest.finalize().into())
}

fn write_information(out: &mut Vec<u8>, about: &About) {
    let date = about.pdf_date();
    out.extend_from_slice(b"<</Title");
    write_text(out, &about.title);
    out.extend_from_slice(b"/Author");
    write_text(out, about.author);
    for (key, text) in [
        ("/Creator", CREATOR),
        ("/Producer", PRODUCER),
        ("/CreationDate", &date),
        ("/ModDate", &date),
    ] {
        out.extend_from_slice(key.as_bytes());
        write_literal(out, text.as_bytes());
    }
    out.extend_from_slice(b">>");
}

#[cfg(test)]
mod tests;
