//! The objects of a document that have none of its words: catalog, pages and structure tree, but for
//! pictures.
//!
//! Most documents of a company have the shape of others: as many lines, changes and payments. So
//! these objects are compressed once for each shape, and copied.

use std::fmt::Write as _;

use super::attachment;
use super::deflate::Effort;
use super::numbers::write_number;
use super::objects::{ObjectStream, Objects, Unpacked, write_reference};
use super::structure::{Pieces, Structure};
use crate::render::pdf::page::Paper;
use crate::render::pdf::tree::{Role, Tree};

/// The object numbers of a document. All but the first follow from it and the shape.
pub(crate) struct Numbers {
    pub(crate) catalog: usize,
    pub(crate) metadata: usize,
    pub(crate) information: usize,
    /// The first content of a page; those of further pages follow.
    pub(crate) content: usize,
    /// The embedded file.
    pub(crate) einvoice: Option<usize>,
    /// Resources with fonts of this document only.
    pub(crate) own_resources: Option<usize>,
    specification: Option<usize>,
    page_tree: usize,
    page: usize,
    root: usize,
    part: usize,
}

/// Everything that the skeleton of a document depends on.
pub(crate) struct Skeleton<'d> {
    pub(crate) numbers: &'d Numbers,
    pub(crate) paper: Paper,
    pub(crate) language: &'d str,
    /// The numbers of shared objects.
    pub(crate) intent: usize,
    pub(crate) resources: usize,
    pub(crate) tree: &'d Tree,
    pub(crate) pieces: &'d Pieces,
}

impl Numbers {
    /// Reserves the numbers.
    pub(crate) fn new(
        file: &mut Objects,
        (pages, parts): (usize, usize),
        [has_einvoice, has_own_resources]: [bool; 2],
    ) -> Self {
        Self {
            catalog: file.promise(),
            page_tree: file.promise(),
            page: file.promise_many(pages),
            content: file.promise_many(pages),
            root: file.promise(),
            part: file.promise_many(parts),
            metadata: file.promise(),
            information: file.promise(),
            einvoice: has_einvoice.then(|| file.promise()),
            specification: has_einvoice.then(|| file.promise()),
            own_resources: has_own_resources.then(|| file.promise()),
        }
    }
}

impl Skeleton<'_> {
    /// The same for all documents with the same skeleton, and different for others.
    pub(crate) fn key(&self) -> Vec<u32> {
        let number = |number: usize| u32::try_from(number).expect("fewer objects than bytes");
        let (parts, pieces) = (self.tree.parts(), self.pieces);
        let length = 16 + 2 * parts.len() + pieces.parts.len() + pieces.ends.len();
        let mut key = Vec::with_capacity(length);
        key.extend([self.numbers.catalog, self.intent, self.resources].map(number));
        key.push(self.numbers.einvoice.is_some().into());
        key.push(number(self.language.len()));
        key.extend(self.language.bytes().map(u32::from));
        key.extend([pieces.ends.len(), parts.len()].map(number));
        key.extend(pieces.ends.iter().map(|end| number(*end)));
        key.extend(parts.iter().flat_map(|part| [code(part.role), number(part.parent.index())]));
        key.extend(pieces.parts.iter().map(|part| number(part.index())));
        key
    }

    /// Writes and compresses the objects.
    pub(crate) fn pack(&self) -> ObjectStream {
        let mut unpacked = Unpacked::default();
        unpacked.keep(self.numbers.catalog, |out| self.write_catalog(out));
        unpacked.keep(self.numbers.page_tree, |out| self.write_page_tree(out));
        for index in 0..self.page_count() {
            unpacked.keep(self.numbers.page + index, |out| self.write_page(out, index));
        }
        if let Some((number, content)) = self.numbers.specification.zip(self.numbers.einvoice) {
            attachment::specify(&mut unpacked, number, content);
        }
        self.structure().write(&mut unpacked);
        unpacked.pack(Effort::Shape)
    }

    /// The structure tree.
    pub(crate) fn structure(&self) -> Structure<'_> {
        let (root, first, page) = (self.numbers.root, self.numbers.part, self.numbers.page);
        Structure { tree: self.tree, pieces: self.pieces, root, first, page }
    }

    fn page_count(&self) -> usize {
        self.pieces.ends.len()
    }

    fn write_catalog(&self, out: &mut Vec<u8>) {
        let Numbers { page_tree, metadata, root, .. } = self.numbers;
        let mut entries = format!(
            "<</Type/Catalog/Pages {page_tree} 0 R/Metadata {metadata} 0 R/Lang({})\
             /MarkInfo<</Marked true>>/StructTreeRoot {root} 0 R/OutputIntents[{} 0 R]\
             /ViewerPreferences<</DisplayDocTitle true>>",
            self.language, self.intent,
        );
        if let Some(file) = self.numbers.specification {
            let _ = write!(
                entries,
                "/AF[{file} 0 R]/Names<</EmbeddedFiles<</Names[({}){file} 0 R]>>>>",
                attachment::NAME
            );
        }
        out.extend_from_slice(entries.as_bytes());
        out.extend_from_slice(b">>");
    }

    fn write_page_tree(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"<</Type/Pages/Count ");
        write_number(out, self.page_count());
        out.extend_from_slice(b"/Kids[");
        for index in 0..self.page_count() {
            write_reference(out, self.numbers.page + index);
            out.push(b' ');
        }
        out.extend_from_slice(b"]>>");
    }

    fn write_page(&self, out: &mut Vec<u8>, index: usize) {
        let Paper { width, height } = self.paper;
        let Numbers { page_tree, content, .. } = self.numbers;
        let page = format!(
            "<</Type/Page/Parent {page_tree} 0 R/MediaBox[0 0 {width} {height}]\
             /Resources {} 0 R/Contents {} 0 R/StructParents {index}>>",
            self.resources,
            content + index,
        );
        out.extend_from_slice(page.as_bytes());
    }
}

/// Another number for each role, and each width of a cell.
fn code(role: Role) -> u32 {
    let [kind, width] = match role {
        Role::Document => [0, 0],
        Role::Title => [1, 0],
        Role::Heading => [2, 0],
        Role::Paragraph => [3, 0],
        Role::Table => [4, 0],
        Role::Row => [5, 0],
        Role::ColumnHeader(columns) => [6, columns],
        Role::RowHeader => [7, 0],
        Role::Cell(columns) => [8, columns],
        // What they show is no part of the skeleton.
        Role::Figure(_) => [9, 0],
    };
    u32::from_be_bytes([0, 0, kind, width])
}
