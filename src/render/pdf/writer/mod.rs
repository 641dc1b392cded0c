//! Writes PDF files from shared objects: thousands per second, each with bytes that depend only on
//! itself.
//!
//! printpdf embeds the fonts once for each combination of character groups that documents need
//! ([`groups`]). These fonts and the logo are the shared objects: the bytes with which all such
//! documents begin. A document adds its pages, its metadata and the cross-reference table. Glyphs
//! of further fonts are embedded only as far as a document shows them, once for all documents that
//! show the same.

mod deflate;
mod fonts;
pub(crate) mod groups;
mod image;
mod inks;
mod letters;
mod numbers;
mod objects;
mod pen;
mod shell;
mod subset;
mod to_unicode;
mod truetype;

use std::cell::RefCell;
use std::fmt::Write as _;
use std::sync::Arc;

use sha2::Digest as _;

use super::about::{About, CREATOR, PRODUCER};
use super::cache::Cache;
use super::logo::Logo;
use super::page::{DrawOp, Page, Paper};
use super::printed::Receipt;
use super::text::FontSet;
use crate::hash::hexadecimal;
use crate::render::pdf::writer::deflate::{Effort, deflate};
use crate::render::pdf::writer::fonts::{Fonts, Needs};
use crate::render::pdf::writer::groups::Groups;
use crate::render::pdf::writer::image::Image;
use crate::render::pdf::writer::inks::Inks;
use crate::render::pdf::writer::letters::Glyphs;
use crate::render::pdf::writer::objects::{Objects, write_literal, write_number, write_text};
use crate::render::pdf::writer::pen::{FontName, Pen};
use crate::render::pdf::writer::shell::{FontPart, SharedContent, SharedObjects};
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
}

/// The cache sizes. 512 shared objects, of twenty kilobytes each, exceed the number of languages.
const MOST_SHELLS: usize = 512;
const MOST_PARTS: usize = 512;
const MOST_SUBSETS: usize = 1024;

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
        Self { paper, inks, logo, shells, parts, subsets: Cache::new(MOST_SUBSETS) }
    }

    /// Writes the pages as a file.
    ///
    /// # Errors
    /// The message of printpdf if it cannot embed a font.
    pub(crate) fn print(
        &self,
        case: &FontSet,
        sheets: &[Page],
        about: &About,
    ) -> Result<Receipt, String> {
        let needs = Needs::of(case, sheets);
        let shell = self.shell(case, &needs)?;
        let fonts = Fonts::new(case, &shell, &needs, &self.subsets)?;
        let mut file = shell.copy(ROOM);
        let more = fonts.add_to(&mut file);
        let resources = resources(&shell, &more);
        let pages = file.promise();
        let mut runs = needs.runs.iter();
        let mut kids = Vec::with_capacity(sheets.len());
        for sheet in sheets {
            let content = PAGE.with_borrow_mut(|page| {
                page.clear();
                let mut pen = Pen::new((case, self.paper, &self.inks), &fonts, page);
                for mark in sheet.marks() {
                    let is_text = matches!(mark, DrawOp::Text { .. });
                    let runs = if is_text { runs.next().and_then(Option::as_deref) } else { None };
                    pen.draw(mark, runs);
                }
                pen.finish();
                deflate(page, Effort::Fast)
            });
            let content = file.add_stream("/Filter/FlateDecode", &content);
            kids.push(file.add(|out| self.page(out, pages, content, &resources)));
        }
        file.keep(pages, |out| page_tree(out, &kids));
        let (bytes, digest) = finish(file, &shell, pages, about);
        Ok(Receipt { bytes, digest, missing_characters: needs.missing.into_iter().collect() })
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

    fn page(&self, out: &mut Vec<u8>, pages: usize, content: usize, resources: &str) {
        let Paper { width, height } = self.paper;
        let page = format!(
            "<</Type/Page/Parent {pages} 0 R/MediaBox[0 0 {width} {height}]{resources}\
             /Contents {content} 0 R>>"
        );
        out.extend_from_slice(page.as_bytes());
    }
}

/// The usual bytes that a document of one page adds to the shared objects.
const ROOM: usize = 8192;

fn resources(shell: &SharedObjects, more: &[(usize, usize)]) -> String {
    let mut names = Vec::new();
    let own = shell.fonts().map(|(face, number)| (FontName::Characters(face), number));
    let more = more.iter().map(|(face, number)| (FontName::Glyphs(*face), *number));
    for (name, number) in own.chain(more) {
        name.write(&mut names);
        names.push(b' ');
        write_number(&mut names, number);
        names.extend_from_slice(b" 0 R");
    }
    let names = String::from_utf8(names).expect("letters and digits");
    let mut resources = format!("/Resources<</Font<<{names}>>");
    if let Some(logo) = shell.logo() {
        let _ = write!(resources, "/XObject<</Logo {logo} 0 R>>");
    }
    resources + ">>"
}

fn page_tree(out: &mut Vec<u8>, kids: &[usize]) {
    out.extend_from_slice(b"<</Type/Pages/Count ");
    write_number(out, kids.len());
    out.extend_from_slice(b"/Kids[");
    for kid in kids {
        write_number(out, *kid);
        out.extend_from_slice(b" 0 R ");
    }
    out.extend_from_slice(b"]>>");
}

/// Writes the metadata and the end of the file. The file id is a digest of everything before.
/// Returns the file and its digest.
fn finish(
    mut file: Objects,
    shell: &SharedObjects,
    pages: usize,
    about: &About,
) -> (Vec<u8>, [u8; 32]) {
    let metadata = file.add_stream("/Type/Metadata/Subtype/XML", about.xmp().as_bytes());
    let catalog = file.add(|out| {
        let entries = format!(
            "<</Type/Catalog/Pages {pages} 0 R/Metadata {metadata} 0 R/Lang({})\
             /ViewerPreferences<</DisplayDocTitle true>>>>",
            about.language
        );
        out.extend_from_slice(entries.as_bytes());
    });
    let information = file.add(|out| write_information(out, about));
    // Most of the file is the shared objects, whose digest is known.
    let mut digest = shell.digest().clone();
    digest.update(&file.bytes()[shell.len()..]);
    let end = file.bytes().len();
    let id = hexadecimal(&digest.clone().finalize()[..16]);
    let bytes = file.finish(catalog, information, &id);
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
