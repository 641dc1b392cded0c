//! Reads the structure of finished files without the code that wrote it, and names every fault:
//! PDF/UA-1 (ISO 14289-1), and the rules of ISO 32000-1, 14.6 to 14.8, that it stands on.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};

use super::page_reader::{PageReader, Shown};

/// Where a piece of content is: the index of its page, and its number there.
type PieceId = (usize, i64);

/// A part of the tree.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) role: String,
    pub(super) depth: usize,
    id: ObjectId,
    pub(super) pieces: Vec<PieceId>,
    children: Vec<usize>,
    attributes: Dictionary,
    words: Option<String>,
}

/// A file that was read.
pub(super) struct Reading<'d> {
    document: &'d Document,
    pub(super) elements: Vec<Element>,
    pub(super) pages: Vec<ObjectId>,
    pub(super) shown: BTreeMap<PieceId, Shown>,
    /// The texts that belong to the pages and not to the document, by page.
    pub(super) repeated: Vec<String>,
    pub(super) faults: Vec<String>,
}

/// The faults of a file.
pub(super) fn faults(pdf: &[u8]) -> Vec<String> {
    Reading::new(&Document::load_mem(pdf).expect("a PDF")).faults
}

impl<'d> Reading<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        let pages = document.get_pages().into_values().collect();
        let mut reading = Self {
            document,
            elements: Vec::new(),
            pages,
            shown: BTreeMap::new(),
            repeated: Vec::new(),
            faults: Vec::new(),
        };
        reading.read_catalog();
        reading.read_pages();
        reading.read_tree();
        reading.check_pieces();
        reading.check_parent_tree();
        reading.check_headings();
        reading.check_tables();
        reading.check_figures();
        reading
    }

    fn must(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.faults.push(fault());
        }
    }

    fn catalog(&self) -> &'d Dictionary {
        self.document.catalog().expect("a catalog")
    }

    fn entry(&self, dictionary: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
        dictionary.get_deref(key, self.document).ok()
    }

    fn read_catalog(&mut self) {
        let catalog = self.catalog();
        let has = |path: [&[u8]; 2]| {
            let inner = self.entry(catalog, path[0]).and_then(|it| it.as_dict().ok());
            inner
                .and_then(|it| self.entry(it, path[1]))
                .is_some_and(|it| it.as_bool().is_ok_and(|it| it))
        };
        let is_marked = has([b"MarkInfo", b"Marked"]);
        let shows_title = has([b"ViewerPreferences", b"DisplayDocTitle"]);
        let language = self.entry(catalog, b"Lang").and_then(|it| it.as_str().ok());
        let has_language = language.is_some_and(|it| !it.is_empty());
        let metadata = self.entry(catalog, b"Metadata").and_then(|it| it.as_stream().ok());
        let metadata = metadata.and_then(|it| it.get_plain_content().ok()).unwrap_or_default();
        let metadata = String::from_utf8_lossy(&metadata);
        let title = metadata.split("<dc:title>").nth(1).unwrap_or_default();
        let has_title = title.starts_with("<rdf:Alt><rdf:li xml:lang=\"x-default\">")
            && !title.starts_with("<rdf:Alt><rdf:li xml:lang=\"x-default\"><");
        self.must(is_marked, || "it is not marked as tagged".into());
        self.must(shows_title, || "viewers show the file name instead of the title".into());
        self.must(has_language, || "it has no language".into());
        self.must(has_title, || "it has no title".into());
    }

    fn read_pages(&mut self) {
        for (index, page) in self.pages.clone().into_iter().enumerate() {
            let content = self.document.get_page_content(page);
            let content = Content::decode(&content).expect("operators");
            let fonts = self.document.get_page_fonts(page).expect("fonts");
            let encodings = fonts.iter().map(|(name, font)| {
                (name.clone(), font.get_font_encoding(self.document).expect("an encoding"))
            });
            let mut reader = PageReader::new(index);
            let encodings = encodings.collect();
            for operation in &content.operations {
                reader.read(operation, &encodings);
            }
            reader.end();
            self.shown.extend(reader.shown.into_iter().map(|(at, it)| ((index, at), it)));
            self.repeated.push(reader.repeated);
            self.faults.append(&mut reader.faults);
            let dictionary = self.document.get_dictionary(page).expect("a page");
            let is_in_order = !dictionary.has(b"Annots")
                || dictionary.get(b"Tabs").and_then(Object::as_name).is_ok_and(|it| it == b"S");
            self.must(is_in_order, || format!("page {index}: tabs do not follow the tree"));
        }
    }

    fn read_tree(&mut self) {
        let root = self.catalog().get(b"StructTreeRoot").and_then(Object::as_reference);
        let Ok(root) = root else { return self.faults.push("there is no tree".into()) };
        let dictionary = self.document.get_dictionary(root).expect("a root");
        let top = dictionary.get(b"K").and_then(Object::as_reference);
        let Ok(top) = top else { return self.faults.push("the tree has no top".into()) };
        self.read_element(top, root, 0, &mut HashSet::new());
        let is_document = self.elements[0].role == "Document";
        self.must(is_document, || "the top is no document".into());
    }

    fn read_element(
        &mut self,
        id: ObjectId,
        parent: ObjectId,
        depth: usize,
        known: &mut HashSet<ObjectId>,
    ) -> usize {
        let document = self.document;
        let dictionary = document.get_dictionary(id).expect("an element");
        self.must(known.insert(id), || format!("{id:?} is in the tree twice"));
        let role = dictionary.get(b"S").and_then(Object::as_name).unwrap_or_default();
        let role = String::from_utf8_lossy(role).into_owned();
        let has_parent = dictionary.get(b"P").and_then(Object::as_reference).ok() == Some(parent);
        self.must(has_parent, || format!("{id:?} ({role}) names another parent"));
        self.must(STANDARD.contains(&&*role), || format!("{role} is no standard role"));
        let attributes = self.entry(dictionary, b"A").and_then(|it| it.as_dict().ok());
        let words = self.entry(dictionary, b"Alt");
        let words = words.and_then(|it| lopdf::decode_text_string(it).ok());
        let place = self.elements.len();
        self.elements.push(Element {
            role,
            depth,
            id,
            pieces: Vec::new(),
            children: Vec::new(),
            attributes: attributes.cloned().unwrap_or_default(),
            words,
        });
        let page = dictionary.get(b"Pg").and_then(Object::as_reference).ok();
        let kids = match dictionary.get(b"K") {
            Ok(Object::Array(kids)) => kids.clone(),
            Ok(kid) => vec![kid.clone()],
            Err(_) => Vec::new(),
        };
        for kid in kids {
            match kid {
                Object::Reference(child) => {
                    let child = self.read_element(child, id, depth + 1, known);
                    self.elements[place].children.push(child);
                }
                Object::Integer(number) => self.add_piece(place, page, number),
                Object::Dictionary(kid) => {
                    let page = kid.get(b"Pg").and_then(Object::as_reference).ok().or(page);
                    let number = kid.get(b"MCID").and_then(Object::as_i64).unwrap_or(-1);
                    self.add_piece(place, page, number);
                }
                other => self.faults.push(format!("{id:?} has a child {other:?}")),
            }
        }
        place
    }

    fn add_piece(&mut self, element: usize, page: Option<ObjectId>, number: i64) {
        let page = page.and_then(|page| self.pages.iter().position(|it| *it == page));
        match page {
            Some(page) => self.elements[element].pieces.push((page, number)),
            None => self.faults.push(format!("piece {number} is on no page")),
        }
    }

    /// Every piece is in the tree once, under its role, and in the order of the page.
    fn check_pieces(&mut self) {
        let mut last: BTreeMap<usize, i64> = BTreeMap::new();
        let mut known = BTreeSet::new();
        let mut faults = Vec::new();
        for Element { role, pieces, children, .. } in &self.elements {
            if pieces.is_empty() == children.is_empty() && role != "TD" {
                faults.push(format!("{role} has {} pieces and parts", pieces.len()));
            }
            for piece @ (page, number) in pieces.iter().copied() {
                match self.shown.get(&piece) {
                    None => faults.push(format!("{role}: piece {piece:?} is not on its page")),
                    Some(shown) if shown.role != *role => {
                        faults.push(format!("piece {piece:?} is {} and {role}", shown.role));
                    }
                    Some(_) => {}
                }
                if !known.insert(piece) {
                    faults.push(format!("piece {piece:?} is in the tree twice"));
                }
                if last.insert(page, number).is_some_and(|last| last >= number) {
                    faults.push(format!("piece {piece:?} is read out of order"));
                }
            }
        }
        let untold = self.shown.keys().filter(|piece| !known.contains(piece));
        faults.extend(untold.map(|piece| format!("piece {piece:?} is not in the tree")));
        self.faults.append(&mut faults);
    }

    /// Pages lead back to the elements of their pieces.
    fn check_parent_tree(&mut self) {
        let root = self.entry(self.catalog(), b"StructTreeRoot").and_then(|it| it.as_dict().ok());
        let tree =
            root.and_then(|it| self.entry(it, b"ParentTree")).and_then(|it| it.as_dict().ok());
        let numbers = tree.and_then(|it| it.get(b"Nums").and_then(Object::as_array).ok());
        let Some(numbers) = numbers else { return self.faults.push("no parent tree".into()) };
        let parents: BTreeMap<i64, &Vec<Object>> = numbers
            .chunks_exact(2)
            .filter_map(|pair| Some((pair[0].as_i64().ok()?, pair[1].as_array().ok()?)))
            .collect();
        let owners: BTreeMap<PieceId, ObjectId> = self
            .elements
            .iter()
            .flat_map(|element| element.pieces.iter().map(|piece| (*piece, element.id)))
            .collect();
        for (index, page) in self.pages.clone().into_iter().enumerate() {
            let dictionary = self.document.get_dictionary(page).expect("a page");
            let key = dictionary.get(b"StructParents").and_then(Object::as_i64).unwrap_or(-1);
            let listed = parents.get(&key).map_or(&[][..], |it| it);
            let listed: Vec<_> = listed.iter().map(|it| it.as_reference().ok()).collect();
            let own = owners.range((index, 0)..(index + 1, 0));
            let own: Vec<_> = own.map(|(_, id)| Some(*id)).collect();
            self.must(listed == own, || format!("page {index} leads back to other elements"));
        }
    }

    /// The first heading is the title, and there is one.
    fn check_headings(&mut self) {
        let headings = self.elements.iter().map(|it| it.role.clone());
        let headings: Vec<String> = headings.filter(|it| it.starts_with('H')).collect();
        let is_right = headings.first().is_some_and(|it| it == "H1")
            && headings.iter().filter(|it| *it == "H1").count() == 1;
        self.must(is_right, || format!("the headings are {headings:?}"));
    }

    /// Tables have rows, rows have cells, all rows are equally wide, and headings say what they head.
    fn check_tables(&mut self) {
        let mut faults = Vec::new();
        let role = |place: &usize| &*self.elements[*place].role;
        for element in &self.elements {
            let allowed: &[&str] = match &*element.role {
                "Document" => &["H1", "H2", "P", "Table", "Figure"],
                "Table" => &["TR"],
                "TR" => &["TH", "TD"],
                _ => &[],
            };
            for child in &element.children {
                if !allowed.contains(&role(child)) {
                    faults.push(format!("{} is in {}", role(child), element.role));
                }
            }
            let attribute = |place: &usize, key: &[u8]| {
                let attributes = &self.elements[*place].attributes;
                let is_own =
                    attributes.get(b"O").and_then(Object::as_name).is_ok_and(|it| it == b"Table");
                attributes.get(key).ok().cloned().filter(|_| is_own)
            };
            if element.role == "Table" {
                let width = |row: &usize| -> i64 {
                    let cells = self.elements[*row].children.iter();
                    let span = |cell| attribute(cell, b"ColSpan").and_then(|it| it.as_i64().ok());
                    cells.map(|cell| span(cell).unwrap_or(1)).sum()
                };
                let widths: BTreeSet<i64> = element.children.iter().map(width).collect();
                if widths.len() != 1 {
                    faults.push(format!("the rows of a table are {widths:?} wide"));
                }
            }
            for cell in element.children.iter().filter(|it| role(it) == "TH") {
                let scope = attribute(cell, b"Scope");
                let scope = scope.as_ref().and_then(|it| it.as_name().ok());
                if !matches!(scope, Some(b"Row" | b"Column")) {
                    faults.push("a heading of a table says not what it heads".into());
                }
            }
        }
        self.faults.append(&mut faults);
    }

    /// Pictures are said in words, and lie in their boxes.
    fn check_figures(&mut self) {
        let mut faults = Vec::new();
        for Element { role, pieces, attributes, words, .. } in &self.elements {
            if role != "Figure" {
                continue;
            }
            if words.as_ref().is_none_or(|it| it.trim().is_empty()) {
                faults.push("a picture is not said in words".into());
            }
            let bounds = attributes.get(b"BBox").and_then(Object::as_array);
            let bounds: Vec<f32> = bounds.map_or_else(
                |_| Vec::new(),
                |it| it.iter().filter_map(|it| it.as_float().ok()).collect(),
            );
            let [left, bottom, right, top] = *bounds else {
                faults.push("a picture has no box".into());
                continue;
            };
            let corners = pieces.iter().filter_map(|it| self.shown.get(it));
            for [x, y] in corners.flat_map(|it| &it.corners) {
                let is_inside = (left - 0.02..=right + 0.02).contains(x)
                    && (bottom - 0.02..=top + 0.02).contains(y);
                if !is_inside {
                    faults.push(format!("{x} {y} is outside of the box {bounds:?}"));
                }
            }
        }
        self.faults.append(&mut faults);
    }

    /// The tree, a line for each part.
    pub(super) fn outline(&self) -> String {
        let line = |element: &Element| {
            let texts = element.pieces.iter().filter_map(|it| self.shown.get(it));
            let text: Vec<&str> = texts.map(|it| &*it.text).collect();
            let text = element.words.clone().unwrap_or_else(|| text.join(" "));
            let colon = if text.is_empty() { "" } else { ": " };
            format!("{}{}{colon}{text}\n", "  ".repeat(element.depth), element.role)
        };
        self.elements.iter().map(line).collect()
    }
}

/// The roles of this program among the standard ones.
const STANDARD: [&str; 9] = ["Document", "H1", "H2", "P", "Table", "TR", "TH", "TD", "Figure"];
