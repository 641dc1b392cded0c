//! The parts of a document as a tree, for screen readers (ISO 32000-1, 14.7 and 14.8).
//!
//! The layout adds each part when it comes to it, so the order of the tree is the order of reading.
//! Marks on pages name their part. Marks without one are decoration, or belong to the page and not
//! to the document.

/// A part of a document, by its place among all parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PartId(u32);

impl PartId {
    /// The document itself.
    pub(super) const DOCUMENT: Self = Self(0);

    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a part is, by the standard types of PDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Document,
    /// The title of the document.
    Title,
    /// The title of a section.
    Heading,
    Paragraph,
    Table,
    Row,
    /// A heading of this many columns.
    ColumnHeader(u8),
    /// A heading of the cells after it.
    RowHeader,
    /// A cell as wide as this many columns.
    Cell(u8),
    /// A picture, by its place among all pictures.
    Figure(u8),
}

/// The meaning of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// Decoration: rules, bars, grounds.
    Artifact,
    /// What a page repeats at its top, or brings forward.
    Header,
    /// What a page repeats at its end, or carries forward.
    Footer,
    /// Content of a part.
    Content(PartId),
}

/// One part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) role: Role,
    pub(super) parent: PartId,
    first: Option<PartId>,
    last: Option<PartId>,
    next: Option<PartId>,
}

/// What a picture shows.
#[derive(Clone, Debug)]
pub(super) struct Figure {
    /// Its content in words.
    pub(super) words: String,
    /// Left, top, right, bottom on its page, in points from the top left corner.
    pub(super) bounds: [f32; 4],
}

/// All parts of a document.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    parts: Vec<Part>,
    figures: Vec<Figure>,
}

impl Tree {
    /// The usual number of parts.
    const USUAL: usize = 128;

    pub(super) fn new() -> Self {
        let mut parts = Vec::with_capacity(Self::USUAL);
        parts.push(Part::new(Role::Document, PartId::DOCUMENT));
        Self { parts, figures: Vec::new() }
    }

    /// Adds a part as the last one of its parent.
    pub(super) fn add(&mut self, parent: PartId, role: Role) -> PartId {
        let id = PartId(u32::try_from(self.parts.len()).expect("fewer parts than bytes"));
        self.parts.push(Part::new(role, parent));
        let last = self.parts[parent.index()].last.replace(id);
        match last {
            Some(last) => self.parts[last.index()].next = Some(id),
            None => self.parts[parent.index()].first = Some(id),
        }
        id
    }

    /// Adds a picture.
    pub(super) fn add_figure(&mut self, parent: PartId, figure: Figure) -> PartId {
        let place = u8::try_from(self.figures.len()).expect("a logo and a few lanes");
        self.figures.push(figure);
        self.add(parent, Role::Figure(place))
    }

    pub(super) fn role(&self, id: PartId) -> Role {
        self.parts[id.index()].role
    }

    pub(super) fn has_figures(&self) -> bool {
        !self.figures.is_empty()
    }

    pub(super) fn figure(&self, place: u8) -> &Figure {
        &self.figures[usize::from(place)]
    }

    /// All parts; each comes after its parent.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The parts directly below a part, in order.
    pub(super) fn children(&self, part: &Part) -> impl Iterator<Item = PartId> {
        std::iter::successors(part.first, |id| self.parts[id.index()].next)
    }
}

impl Part {
    const fn new(role: Role, parent: PartId) -> Self {
        Self { role, parent, first: None, last: None, next: None }
    }
}

impl Role {
    /// The name of the standard type.
    pub(super) const fn name(self) -> &'static [u8] {
        match self {
            Self::Document => b"Document",
            Self::Title => b"H1",
            Self::Heading => b"H2",
            Self::Paragraph => b"P",
            Self::Table => b"Table",
            Self::Row => b"TR",
            Self::ColumnHeader(_) | Self::RowHeader => b"TH",
            Self::Cell(_) => b"TD",
            Self::Figure(_) => b"Figure",
        }
    }

    /// Whether bars are content of it.
    pub(super) const fn is_drawn(self) -> bool {
        matches!(self, Self::Figure(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_are_in_the_order_in_which_they_were_added() {
        let mut tree = Tree::new();
        let [first, second] =
            [Role::Table, Role::Paragraph].map(|it| tree.add(PartId::DOCUMENT, it));
        let row = tree.add(first, Role::Row);
        let third = tree.add(PartId::DOCUMENT, Role::Heading);
        let children = |id: PartId| tree.children(&tree.parts()[id.index()]).collect::<Vec<_>>();
        assert_eq!(children(PartId::DOCUMENT), [first, second, third]);
        assert_eq!(children(first), [row]);
        assert_eq!(children(row), []);
    }
}
