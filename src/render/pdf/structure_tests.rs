//! Reads the structure of finished files without the code that wrote it, and names every fault:
//! PDF/UA-1 (ISO 14289-1), and the rules of ISO 32000-1, 14.6 to 14.8, that it stands on.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Encoding, Object, ObjectId};

use super::gallery::gallery;

/// Where a piece of content is: the index of its page, and its number there.
type PieceId = (usize, i64);

/// A part of the tree.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) role: String,
    pub(super) depth: usize,
    id: ObjectId,
    pieces: Vec<PieceId>,
    children: Vec<usize>,
    attributes: Dictionary,
    words: Option<String>,
}

/// What a page shows under one number.
#[derive(Debug, Default)]
pub(super) struct Shown {
    role: String,
    pub(super) text: String,
    /// The corners of what is drawn, in points.
    corners: Vec<[f32; 2]>,
}

/// A file that was read.
pub(super) struct Reading<'d> {
    document: &'d Document,
    pub(super) elements: Vec<Element>,
    pages: Vec<ObjectId>,
    pub(super) shown: BTreeMap<PieceId, Shown>,
    /// The texts that belong to the pages and not to the document, by page.
    repeated: Vec<String>,
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
        let metadata = metadata.map(|it| String::from_utf8_lossy(&it.content)).unwrap_or_default();
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
            let mut reader = PageReader { page: index, ..PageReader::default() };
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
    fn outline(&self) -> String {
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

/// Reads the operators of a page.
#[derive(Default)]
struct PageReader {
    page: usize,
    /// The open marked content: its tag, its number, and whether it began in a text object.
    open: Vec<(String, Option<i64>, bool)>,
    in_text: bool,
    place: [f32; 2],
    matrix: [f32; 6],
    font: Vec<u8>,
    repeats: bool,
    shown: BTreeMap<i64, Shown>,
    repeated: String,
    faults: Vec<String>,
}

impl PageReader {
    fn read(&mut self, operation: &Operation, encodings: &BTreeMap<Vec<u8>, Encoding>) {
        let Operation { operator, operands } = operation;
        let numbers: Vec<f32> = operands.iter().filter_map(|it| it.as_float().ok()).collect();
        match (&**operator, &*numbers) {
            ("BDC" | "BMC", _) => self.begin(operands),
            ("EMC", _) => match self.open.pop() {
                Some((_, _, in_text)) if in_text == self.in_text => {}
                _ => self.fault("marked content and text objects are not nested"),
            },
            ("BT" | "ET", _) => {
                if (operator == "BT") == self.in_text {
                    self.fault("text objects are not nested");
                }
                if operator == "ET" && self.open.last().is_some_and(|(_, _, in_text)| *in_text) {
                    self.fault("a text object ends inside marked content that began in it");
                }
                self.in_text = operator == "BT";
                self.place = [0.0; 2];
            }
            ("Td", [x, y]) => self.place = [self.place[0] + x, self.place[1] + y],
            ("Tf", _) => self.font = operands[0].as_name().expect("a name").to_vec(),
            ("Tj" | "TJ", _) => {
                let strings = match &operands[0] {
                    Object::Array(items) => items.clone(),
                    string => vec![string.clone()],
                };
                let bytes = strings.iter().filter_map(|it| it.as_str().ok());
                let encoding = &encodings[&self.font];
                let text: String = bytes
                    .map(|bytes| Document::decode_text(encoding, bytes).expect("a text"))
                    .collect();
                self.show(&text);
            }
            ("re", [x, y, width, height]) => {
                self.paint(&[[*x, *y], [x + width, y + height]]);
            }
            ("cm", [width, _, _, height, x, y]) => {
                self.matrix = [*width, 0.0, 0.0, *height, *x, *y];
            }
            ("Do", _) => {
                let [width, _, _, height, x, y] = self.matrix;
                self.paint(&[[x, y], [x + width, y + height]]);
            }
            _ => {}
        }
    }

    fn begin(&mut self, operands: &[Object]) {
        let tag = operands[0].as_name().map(String::from_utf8_lossy).expect("a tag").into_owned();
        let properties = operands.get(1).and_then(|it| it.as_dict().ok());
        let number = properties.and_then(|it| it.get(b"MCID").and_then(Object::as_i64).ok());
        if tag == "Artifact" {
            let kind = properties.and_then(|it| it.get(b"Type").and_then(Object::as_name).ok());
            let part = properties.and_then(|it| it.get(b"Subtype").and_then(Object::as_name).ok());
            self.repeats =
                kind == Some(b"Pagination") && matches!(part, Some(b"Header" | b"Footer"));
        }
        let is_inner = tag == "Span" && number.is_none();
        if !self.open.is_empty() && !is_inner {
            self.fault("marked content is inside other marked content");
        }
        if let Some(number) = number {
            let shown = Shown { role: tag.clone(), ..Shown::default() };
            if self.shown.insert(number, shown).is_some() {
                self.fault("a number is used twice");
            }
        }
        self.open.push((tag, number, self.in_text));
    }

    fn current(&mut self) -> Option<&mut Shown> {
        let number = self.open.first()?.1?;
        self.shown.get_mut(&number)
    }

    fn show(&mut self, text: &str) {
        let place = self.place;
        if let Some(shown) = self.current() {
            shown.text.push_str(text);
            shown.corners.push(place);
        } else if self.open.first().is_some_and(|(tag, _, _)| tag == "Artifact") && self.repeats {
            self.repeated.push_str(text);
        } else {
            self.fault(&format!("{text} is neither in the tree nor repeated"));
        }
    }

    fn paint(&mut self, corners: &[[f32; 2]]) {
        let is_artifact = self.open.first().is_some_and(|(tag, _, _)| tag == "Artifact");
        match self.current() {
            Some(shown) if shown.role == "Figure" => shown.corners.extend(corners),
            Some(_) => self.fault("a bar is part of a text"),
            None if is_artifact => {}
            None => self.fault("a bar is neither in the tree nor decoration"),
        }
    }

    fn end(&mut self) {
        if !self.open.is_empty() || self.in_text {
            self.fault("something is still open at the end");
        }
    }

    fn fault(&mut self, fault: &str) {
        self.faults.push(format!("page {}: {fault}", self.page));
    }
}

#[test]
fn every_specimen_can_be_read_aloud() {
    for specimen in gallery() {
        assert_eq!(faults(&specimen.pdf()), [""; 0], "{}", specimen.name);
    }
}

#[test]
fn only_further_pages_repeat_anything() {
    for specimen in gallery() {
        let pdf = specimen.pdf();
        let document = Document::load_mem(&pdf).expect("a PDF");
        let reading = Reading::new(&document);
        let has_several = reading.pages.len() > 1;
        for (index, repeated) in reading.repeated.iter().enumerate() {
            assert_eq!(!repeated.is_empty(), has_several, "{}: {repeated}", specimen.name);
            assert_eq!(repeated.contains("Kumu Inc."), index > 0, "{}", specimen.name);
        }
        let contact = reading.elements.last().expect("parts");
        let text = &reading.shown[&contact.pieces[0]].text;
        assert!(text.starts_with("Questions?"), "{}: {text}", specimen.name);
        assert_eq!(contact.pieces[0].0, reading.pages.len() - 1, "on the last page");
    }
}

#[test]
fn the_receipt_of_the_help_page_reads_like_this() {
    let pdf = gallery().swap_remove(1).pdf();
    let document = Document::load_mem(&pdf).expect("a PDF");
    assert_eq!(Reading::new(&document).outline(), include_str!("structure_kumu.txt"));
}

#[test]
fn words_of_two_lines_are_not_joined() {
    let pdf = gallery().swap_remove(1).pdf();
    let document = Document::load_mem(&pdf).expect("a PDF");
    let outline = Reading::new(&document).outline();
    assert!(outline.contains("P: Kumu Inc. 548 Market St Suite 12345 San"), "{outline}");
    assert!(outline.contains("Private projects 7 d 17 h of 31 d left\n"), "{outline}");
}

/// A document, damaged.
fn damaged(damage: impl FnOnce(&mut Document)) -> Vec<String> {
    let specimen = gallery().swap_remove(1);
    let mut document = Document::load_mem(&specimen.pdf()).expect("a PDF");
    assert_eq!(Reading::new(&document).faults, [""; 0]);
    damage(&mut document);
    Reading::new(&document).faults
}

/// The first element of a role, to be changed.
fn first<'d>(document: &'d mut Document, role: &str) -> &'d mut Dictionary {
    let ids: Vec<ObjectId> = document.objects.keys().copied().collect();
    let is_role = |id: &ObjectId| {
        let dictionary = document.get_dictionary(*id).ok();
        let found = dictionary.and_then(|it| it.get(b"S").and_then(Object::as_name).ok());
        found == Some(role.as_bytes())
    };
    let id = ids.into_iter().find(is_role).expect("there is one");
    document.get_dictionary_mut(id).expect("a dictionary")
}

fn replace_in_page(document: &mut Document, from: &str, to: &str) {
    let page = document.page_iter().next().expect("a page");
    let content = document.get_page_content(page);
    let at = content.windows(from.len()).position(|it| it == from.as_bytes()).expect("it is there");
    let content = [&content[..at], to.as_bytes(), &content[at + from.len()..]].concat();
    document.change_page_content(page, content).expect("a page");
}

#[test]
fn every_damage_to_the_tree_is_found() {
    let kids = |role: &'static str| {
        move |document: &mut Document| {
            let kids = first(document, role).get_mut(b"K").and_then(Object::as_array_mut);
            kids.expect("several").remove(1);
        }
    };
    let without = |role: &'static str, key: &'static str| {
        move |document: &mut Document| _ = first(document, role).remove(key.as_bytes()).expect(key)
    };
    let set = |role: &'static str, key: &'static str, value: Object| {
        move |document: &mut Document| first(document, role).set(key, value)
    };
    let name = |text: &str| Object::Name(text.into());
    let found = [
        damaged(kids("Document")),
        damaged(kids("Table")),
        damaged(kids("TR")),
        damaged(without("TH", "A")),
        damaged(without("Figure", "Alt")),
        damaged(without("Figure", "A")),
        damaged(without("P", "P")),
        damaged(without("P", "Pg")),
        damaged(without("P", "K")),
        damaged(set("P", "K", 1.into())),
        damaged(set("P", "K", 400.into())),
        damaged(set("H1", "S", name("H2"))),
        damaged(set("H2", "S", name("Address"))),
        damaged(set("Document", "S", name("P"))),
    ];
    for (place, faults) in found.iter().enumerate() {
        assert_ne!(faults.len(), 0, "damage {place}");
    }
}

#[test]
fn every_damage_to_catalog_and_pages_is_found() {
    for key in ["Lang", "MarkInfo", "ViewerPreferences", "Metadata", "StructTreeRoot"] {
        let faults = damaged(|document| {
            _ = document.catalog_mut().expect("a catalog").remove(key.as_bytes()).expect(key);
        });
        assert_ne!(faults.len(), 0, "{key}");
    }
    let faults = damaged(|document| {
        let page = document.page_iter().next().expect("a page");
        document.get_dictionary_mut(page).expect("a page").set("StructParents", 5);
    });
    assert_eq!(faults, ["page 0 leads back to other elements"]);
    for (from, to) in [
        ("/P<</MCID 0>>BDC", "/Artifact BMC"),
        ("/P<</MCID 0>>BDC", "/P<</MCID 1>>BDC"),
        ("/P<</MCID 0>>BDC", "/H1<</MCID 0>>BDC"),
        ("/Artifact BMC\n", "/P<</MCID 90>>BDC\n"),
        ("EMC\n", ""),
        ("BT\n/P<</MCID 0>>BDC", "/P<</MCID 0>>BDC\nBT"),
    ] {
        assert_ne!(damaged(|document| replace_in_page(document, from, to)).len(), 0, "{to}");
    }
}
