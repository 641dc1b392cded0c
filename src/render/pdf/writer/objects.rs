//! Writes PDF objects as bytes. They are numbered in sequence, and their places form the
//! cross-reference stream at the end (ISO 32000-1, 7.5.8).
//!
//! Objects that many documents share are compressed together as object streams (7.5.7). Those of a
//! single document stand in the file itself, because compressing them takes longer than it saves.

use lopdf::{Object, StringFormat};

use super::deflate::{Effort, deflate};
use super::numbers::write_number;
use super::rows::deflate_rows;
use crate::hash::hexadecimal_byte;

/// The start of a file: objects and their places.
#[derive(Clone, Debug)]
pub(crate) struct Objects {
    bytes: Vec<u8>,
    /// The place of object `index + 1`.
    places: Vec<Place>,
}

/// Where an object is.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// It is only reserved.
    Nowhere,
    /// From this byte on.
    At(usize),
    /// In this object stream, at this place among its objects.
    Packed { stream: usize, index: usize },
}

/// Objects for an object stream.
#[derive(Debug, Default)]
pub(crate) struct Unpacked {
    /// The number of each object, and where it begins.
    starts: Vec<(usize, usize)>,
    bytes: Vec<u8>,
}

/// An object stream, ready to be copied into files that give its objects these numbers.
#[derive(Debug)]
pub(crate) struct ObjectStream {
    numbers: Vec<usize>,
    entries: String,
    content: Vec<u8>,
}

impl Unpacked {
    /// Writes an object that is no stream.
    pub(crate) fn keep(&mut self, number: usize, write: impl FnOnce(&mut Vec<u8>)) {
        self.starts.push((number, self.bytes.len()));
        write(&mut self.bytes);
        self.bytes.push(b'\n');
    }

    /// Compresses the objects.
    pub(crate) fn pack(self, effort: Effort) -> ObjectStream {
        let mut content = Vec::with_capacity(self.starts.len() * 9 + self.bytes.len());
        for (number, start) in &self.starts {
            write_number(&mut content, *number);
            content.push(b' ');
            write_number(&mut content, *start);
            content.push(b' ');
        }
        let (count, first) = (self.starts.len(), content.len());
        content.extend_from_slice(&self.bytes);
        ObjectStream {
            numbers: self.starts.into_iter().map(|(number, _)| number).collect(),
            entries: format!("/Type/ObjStm/N {count}/First {first}/Filter/FlateDecode"),
            content: deflate(&content, effort),
        }
    }
}

impl Objects {
    pub(crate) fn new() -> Self {
        // The comment marks the file as binary for transfer programs.
        Self { bytes: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), places: Vec::new() }
    }

    /// A copy with room for more.
    pub(crate) fn with_room(&self, bytes: usize) -> Self {
        let mut copy = Vec::with_capacity(self.bytes.len() + bytes);
        copy.extend_from_slice(&self.bytes);
        let mut places = Vec::with_capacity(self.places.len() + 160);
        places.extend_from_slice(&self.places);
        Self { bytes: copy, places }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Reserves the number of an object that must be written later.
    pub(crate) fn promise(&mut self) -> usize {
        self.promise_many(1)
    }

    /// Reserves consecutive numbers, and returns the first.
    pub(crate) fn promise_many(&mut self, count: usize) -> usize {
        let first = self.places.len() + 1;
        self.places.resize(self.places.len() + count, Place::Nowhere);
        first
    }

    /// Writes a reserved object.
    pub(crate) fn keep(&mut self, number: usize, write: impl FnOnce(&mut Vec<u8>)) {
        self.places[number - 1] = Place::At(self.bytes.len());
        write_number(&mut self.bytes, number);
        self.bytes.extend_from_slice(b" 0 obj\n");
        write(&mut self.bytes);
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    /// Writes a stream; `entries` are its dictionary entries except the length.
    pub(crate) fn add_stream(&mut self, entries: &str, content: &[u8]) -> usize {
        let number = self.promise();
        self.keep_stream(number, entries, content);
        number
    }

    /// Writes a reserved stream.
    pub(crate) fn keep_stream(&mut self, number: usize, entries: &str, content: &[u8]) {
        self.keep(number, |out| {
            out.extend_from_slice(b"<<");
            out.extend_from_slice(entries.as_bytes());
            out.extend_from_slice(b"/Length ");
            write_number(out, content.len());
            out.extend_from_slice(b">>stream\n");
            out.extend_from_slice(content);
            out.extend_from_slice(b"\nendstream");
        });
    }

    /// Writes an object stream with reserved objects.
    pub(crate) fn add_packed(&mut self, packed: &ObjectStream) {
        let stream = self.add_stream(&packed.entries, &packed.content);
        for (index, number) in packed.numbers.iter().enumerate() {
            self.places[number - 1] = Place::Packed { stream, index };
        }
    }

    /// Writes the cross-reference stream, which is the trailer too.
    pub(crate) fn finish(mut self, catalog: usize, information: usize, id: &str) -> Vec<u8> {
        use std::io::Write as _;
        let start = self.bytes.len();
        self.places.push(Place::At(start));
        let size = self.places.len() + 1;
        let widths = Widths::of(&self.places);
        let columns = widths.columns();
        let table = deflate_rows(&widths.table(&self.places), columns + 1);
        let [_, place, index] = widths.0;
        let out = &mut self.bytes;
        write!(
            out,
            "{} 0 obj\n<</Type/XRef/Size {size}/Root {catalog} 0 R/Info {information} 0 R\
             /ID[<{id}><{id}>]/W[1 {place} {index}]/Filter/FlateDecode\
             /DecodeParms<</Predictor 12/Columns {columns}>>/Length {}>>stream\n",
            size - 1,
            table.len()
        )
        .expect("memory takes it");
        out.extend_from_slice(&table);
        write!(out, "\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").expect("memory takes it");
        self.bytes
    }
}

/// The widths of the three columns of a cross-reference stream, in bytes.
#[derive(Clone, Copy)]
struct Widths([usize; 3]);

impl Widths {
    /// The smallest widths for these places.
    fn of(places: &[Place]) -> Self {
        let bytes = |most: usize| (usize::BITS - most.leading_zeros()).div_ceil(8).max(1) as usize;
        let most = places.iter().fold([0, 0], |[place, index], it| match *it {
            Place::Nowhere => [place, index],
            Place::At(start) => [place.max(start), index],
            Place::Packed { stream, index: own } => [place.max(stream), index.max(own)],
        });
        let [place, index] = most.map(bytes);
        Self([1, place, index])
    }

    fn columns(self) -> usize {
        self.0.iter().sum()
    }

    /// The rows. Each is the difference to the row above, byte by byte, because that is the same in
    /// nearly all rows of an object stream. The first row is that of object 0, which is free.
    fn table(self, places: &[Place]) -> Vec<u8> {
        let mut table = Vec::with_capacity((self.columns() + 1) * (places.len() + 1));
        let mut above = [0; 1 + 2 * size_of::<usize>()];
        for place in std::iter::once(&Place::Nowhere).chain(places) {
            let row = match *place {
                Place::Nowhere => [0, 0, 0],
                Place::At(start) => [1, start, 0],
                Place::Packed { stream, index } => [2, stream, index],
            };
            table.push(UP);
            let mut column = 0;
            for (field, width) in row.into_iter().zip(self.0) {
                for byte in &field.to_be_bytes()[size_of::<usize>() - width..] {
                    table.push(byte.wrapping_sub(above[column]));
                    above[column] = *byte;
                    column += 1;
                }
            }
        }
        table
    }
}

/// The mark of a row that is stored as the difference to the row above.
const UP: u8 = 2;

/// A reference to an object.
pub(crate) fn write_reference(out: &mut Vec<u8>, number: usize) {
    write_number(out, number);
    out.extend_from_slice(b" 0 R");
}

/// Writes an object of lopdf. References to other objects are counted from `before`.
pub(crate) fn write_object(out: &mut Vec<u8>, object: &Object, before: usize) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Integer(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Real(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Name(name) => write_name(out, name),
        Object::String(text, StringFormat::Literal) => write_literal(out, text),
        Object::String(text, StringFormat::Hexadecimal) => write_hexadecimal(out, text),
        Object::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                write_object(out, item, before);
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => write_dictionary(out, dictionary, before),
        Object::Stream(stream) => {
            write_dictionary(out, &stream.dict, before);
            out.extend_from_slice(b"stream\n");
            out.extend_from_slice(&stream.content);
            out.extend_from_slice(b"\nendstream");
        }
        Object::Reference((number, _)) => {
            write_reference(out, before + *number as usize);
        }
    }
}

fn write_dictionary(out: &mut Vec<u8>, dictionary: &lopdf::Dictionary, before: usize) {
    out.extend_from_slice(b"<<");
    for (key, value) in dictionary {
        write_name(out, key);
        out.push(b' ');
        write_object(out, value, before);
    }
    out.extend_from_slice(b">>");
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for &byte in name {
        if byte.is_ascii_alphanumeric() || b"+-_.".contains(&byte) {
            out.push(byte);
        } else {
            out.push(b'#');
            out.extend_from_slice(&hexadecimal_byte(byte));
        }
    }
}

/// A string in parentheses. A carriage return would be read as a line feed, so it is escaped too.
pub(crate) fn write_literal(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'(');
    write_escaped(out, text);
    out.push(b')');
}

/// The bytes of a string without its parentheses.
pub(crate) fn write_escaped(out: &mut Vec<u8>, text: &[u8]) {
    for &byte in text {
        match byte {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\r' => out.extend_from_slice(b"\\r"),
            _ => out.push(byte),
        }
    }
}

/// A string in hexadecimal digits.
pub(crate) fn write_hexadecimal(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'<');
    for &byte in text {
        out.extend_from_slice(&hexadecimal_byte(byte));
    }
    out.push(b'>');
}

/// A text that is not drawn: a byte for each character if all are in Latin-1 (ISO 32000-1, annex D),
/// otherwise UTF-16.
pub(crate) fn write_text(out: &mut Vec<u8>, text: &str) {
    let byte =
        |it: char| u8::try_from(it).ok().filter(|it| matches!(it, b' '..=b'~' | 0xa1..=0xff));
    let is_latin = text.chars().all(|it| it != SOFT_HYPHEN && byte(it).is_some());
    let bytes: Vec<u8> = if is_latin {
        text.chars().filter_map(byte).collect()
    } else {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect()
    };
    write_literal(out, &bytes);
}

/// Latin-1 has it, and PDF has not.
const SOFT_HYPHEN: char = '\u{ad}';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_as_they_were_written() {
        for text in ["Invoice (1) \\", "Größe\u{a1}\u{ff}", "a\u{ad}b", "Łódź\r\n", "株式会社 ⠍⠨⠩⡜"]
        {
            let mut objects = Objects::new();
            let catalog = objects.promise();
            objects.keep(catalog, |file| {
                file.extend_from_slice(b"<</T");
                write_text(file, text);
                file.extend_from_slice(b">>");
            });
            let file = objects.finish(catalog, catalog, "00");
            let document = lopdf::Document::load_mem(&file).expect("a PDF");
            let read = document.catalog().and_then(|catalog| catalog.get(b"T")).expect("a text");
            assert_eq!(lopdf::decode_text_string(read).expect("a text"), text);
        }
    }
}
