//! The parts of a document as objects of its structure tree (ISO 32000-1, 14.7). Pages number their
//! pieces of content, and the tree and the pages refer to each other by these numbers.

use super::numbers::{hundredths, write_fixed, write_number};
use super::objects::{Unpacked, write_reference, write_text};
use crate::render::pdf::page::Paper;
use crate::render::pdf::tree::{Figure, Part, PartId, Role, Tree};

/// The tree of a document, and where its objects are.
pub(crate) struct Structure<'d> {
    pub(crate) tree: &'d Tree,
    pub(crate) pieces: &'d Pieces,
    /// The number of the root.
    pub(crate) root: usize,
    /// The number of the first part.
    pub(crate) first: usize,
    /// The number of the first page.
    pub(crate) page: usize,
}

/// The pieces of content of a document.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    /// The part of each piece, page by page, in the order of their numbers.
    pub(crate) parts: Vec<PartId>,
    /// The end of each page among them.
    pub(crate) ends: Vec<usize>,
}

/// A piece of content: its part, the index of its page, and its number on that page.
#[derive(Clone, Copy)]
struct Piece {
    part: PartId,
    page: usize,
    number: usize,
}

impl Pieces {
    /// Ends a page.
    pub(crate) fn end_page(&mut self) {
        self.ends.push(self.parts.len());
    }

    /// The pieces of each page.
    fn by_page(&self) -> impl Iterator<Item = &[PartId]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.parts[start..*end])
    }

    /// All pieces in the order of their parts, which is mostly that of the pages.
    fn by_part(&self) -> Vec<Piece> {
        let on_page = |(page, parts): (usize, &[PartId])| {
            let pieces =
                parts.iter().zip(0..).map(move |(&part, number)| Piece { part, page, number });
            pieces.collect::<Vec<_>>()
        };
        let mut pieces: Vec<Piece> = self.by_page().enumerate().flat_map(on_page).collect();
        pieces.sort_by_key(|piece| piece.part);
        pieces
    }
}

impl Structure<'_> {
    /// Writes the root and all parts but pictures.
    pub(crate) fn write(&self, unpacked: &mut Unpacked) {
        unpacked.keep(self.root, |out| self.write_root(out));
        self.each(|part, number, pieces| {
            if !matches!(part.role, Role::Figure(_)) {
                unpacked.keep(number, |out| self.write_part(out, part, pieces, |_| {}));
            }
        });
    }

    /// Writes the pictures, whose words are those of one document.
    pub(crate) fn write_figures(
        &self,
        paper: Paper,
        mut keep: impl FnMut(usize, &dyn Fn(&mut Vec<u8>)),
    ) {
        if !self.tree.has_figures() {
            return;
        }
        self.each(|part, number, pieces| {
            if let Role::Figure(place) = part.role {
                let words = |out: &mut Vec<u8>| write_words(out, self.tree.figure(place), paper);
                keep(number, &|out| self.write_part(out, part, pieces, words));
            }
        });
    }

    /// Calls `write` with each part, its object number and its pieces.
    fn each<'s>(&'s self, mut write: impl FnMut(&'s Part, usize, &[Piece])) {
        let pieces = self.pieces.by_part();
        let mut rest = &pieces[..];
        for (index, part) in self.tree.parts().iter().enumerate() {
            let count = rest.iter().take_while(|piece| piece.part.index() == index).count();
            let (own, others) = rest.split_at(count);
            rest = others;
            write(part, self.first + index, own);
        }
    }

    fn number(&self, part: PartId) -> usize {
        self.first + part.index()
    }

    fn write_root(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"<</Type/StructTreeRoot/K ");
        write_reference(out, self.first);
        out.extend_from_slice(b"/ParentTree<</Nums[");
        for (index, parts) in self.pieces.by_page().enumerate() {
            write_number(out, index);
            self.write_references(out, parts.iter().copied());
        }
        out.extend_from_slice(b"]>>/ParentTreeNextKey ");
        write_number(out, self.pieces.ends.len());
        out.extend_from_slice(b">>");
    }

    fn write_part(
        &self,
        out: &mut Vec<u8>,
        part: &Part,
        pieces: &[Piece],
        write_words: impl Fn(&mut Vec<u8>),
    ) {
        out.extend_from_slice(b"<</S/");
        out.extend_from_slice(part.role.name());
        out.extend_from_slice(b"/P ");
        let is_top = part.role == Role::Document;
        write_reference(out, if is_top { self.root } else { self.number(part.parent) });
        write_attributes(out, part.role);
        write_words(out);
        if let [first, further @ ..] = pieces {
            self.write_pieces(out, *first, further);
        } else {
            let mut children = self.tree.children(part).peekable();
            if children.peek().is_some() {
                out.extend_from_slice(b"/K");
                self.write_references(out, children);
            }
        }
        out.extend_from_slice(b">>");
    }

    fn write_references(&self, out: &mut Vec<u8>, parts: impl Iterator<Item = PartId>) {
        out.push(b'[');
        for part in parts {
            write_reference(out, self.number(part));
            out.push(b' ');
        }
        out.push(b']');
    }

    /// Writes the pieces of a part; those on the page of the first one are plain numbers.
    fn write_pieces(&self, out: &mut Vec<u8>, first: Piece, further: &[Piece]) {
        out.extend_from_slice(b"/Pg ");
        write_reference(out, self.page + first.page);
        out.extend_from_slice(if further.is_empty() { b"/K " } else { b"/K[" });
        write_number(out, first.number);
        for piece in further {
            out.push(b' ');
            if piece.page == first.page {
                write_number(out, piece.number);
            } else {
                out.extend_from_slice(b"<</Type/MCR/Pg ");
                write_reference(out, self.page + piece.page);
                out.extend_from_slice(b"/MCID ");
                write_number(out, piece.number);
                out.extend_from_slice(b">>");
            }
        }
        if !further.is_empty() {
            out.push(b']');
        }
    }
}

/// Writes what a cell is a heading of, and how wide it is.
fn write_attributes(out: &mut Vec<u8>, role: Role) {
    let (scope, columns): (&[u8], u8) = match role {
        Role::ColumnHeader(columns) => (b"/Scope/Column", columns),
        Role::RowHeader => (b"/Scope/Row", 1),
        Role::Cell(columns) if columns > 1 => (b"", columns),
        _ => return,
    };
    out.extend_from_slice(b"/A<</O/Table");
    out.extend_from_slice(scope);
    if columns > 1 {
        out.extend_from_slice(b"/ColSpan ");
        write_number(out, columns.into());
    }
    out.extend_from_slice(b">>");
}

/// Writes what a picture shows, and its box.
fn write_words(out: &mut Vec<u8>, figure: &Figure, paper: Paper) {
    out.extend_from_slice(b"/Alt");
    write_text(out, &figure.words);
    out.extend_from_slice(b"/A<</O/Layout/BBox[");
    let [left, top, right, bottom] = figure.bounds;
    for point in [left, paper.height - bottom, right, paper.height - top] {
        write_fixed(out, hundredths(point), 2);
        out.push(b' ');
    }
    out.extend_from_slice(b"]>>");
}
