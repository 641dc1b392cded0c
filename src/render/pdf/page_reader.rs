//! Reads the marked content of a page, for tests: what it shows under which number, what it repeats,
//! and what is neither.

use std::collections::BTreeMap;

use lopdf::content::Operation;
use lopdf::{Document, Encoding, Object};

/// What a page shows under one number.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) role: String,
    pub(super) text: String,
    /// The corners of what is drawn, in points.
    pub(super) corners: Vec<[f32; 2]>,
}

/// Reads the operators of a page.
#[derive(Default)]
pub(super) struct PageReader {
    page: usize,
    /// The open marked content: its tag, its number, and whether it began in a text object.
    open: Vec<(String, Option<i64>, bool)>,
    in_text: bool,
    place: [f32; 2],
    matrix: [f32; 6],
    font: Vec<u8>,
    repeats: bool,
    pub(super) shown: BTreeMap<i64, Shown>,
    /// The texts that the page repeats.
    pub(super) repeated: String,
    pub(super) faults: Vec<String>,
}

impl PageReader {
    pub(super) fn new(page: usize) -> Self {
        Self { page, ..Self::default() }
    }

    pub(super) fn read(&mut self, operation: &Operation, encodings: &BTreeMap<Vec<u8>, Encoding>) {
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

    pub(super) fn end(&mut self) {
        if !self.open.is_empty() || self.in_text {
            self.fault("something is still open at the end");
        }
    }

    fn fault(&mut self, fault: &str) {
        self.faults.push(format!("page {}: {fault}", self.page));
    }
}
