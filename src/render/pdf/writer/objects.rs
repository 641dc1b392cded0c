//! Writes PDF objects as bytes. They are numbered in sequence, and their positions form the
//! cross-reference table at the end.

use lopdf::{Object, StringFormat};

use crate::hash::hexadecimal_byte;
use crate::value::DecimalText;

/// The start of a file: objects and their positions.
#[derive(Clone, Debug)]
pub(crate) struct Objects {
    bytes: Vec<u8>,
    /// The position of object `index + 1`; 0 if it is only reserved.
    places: Vec<usize>,
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
        let mut places = Vec::with_capacity(self.places.len() + 32);
        places.extend_from_slice(&self.places);
        Self { bytes: copy, places }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Reserves the number of an object that must be written later.
    pub(crate) fn promise(&mut self) -> usize {
        self.places.push(0);
        self.places.len()
    }

    /// Writes an object and returns its number.
    pub(crate) fn add(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> usize {
        let number = self.promise();
        self.keep(number, write);
        number
    }

    /// Writes a reserved object.
    pub(crate) fn keep(&mut self, number: usize, write: impl FnOnce(&mut Vec<u8>)) {
        self.places[number - 1] = self.bytes.len();
        write_number(&mut self.bytes, number);
        self.bytes.extend_from_slice(b" 0 obj\n");
        write(&mut self.bytes);
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    /// Writes a stream; `entries` are its dictionary entries except the length.
    pub(crate) fn add_stream(&mut self, entries: &str, content: &[u8]) -> usize {
        self.add(|out| {
            out.extend_from_slice(b"<<");
            out.extend_from_slice(entries.as_bytes());
            out.extend_from_slice(b"/Length ");
            write_number(out, content.len());
            out.extend_from_slice(b">>stream\n");
            out.extend_from_slice(content);
            out.extend_from_slice(b"\nendstream");
        })
    }

    /// Writes the cross-reference table and the trailer.
    pub(crate) fn finish(mut self, catalog: usize, information: usize, id: &str) -> Vec<u8> {
        use std::io::Write as _;
        let table = self.bytes.len();
        let out = &mut self.bytes;
        out.extend_from_slice(b"xref\n0 ");
        write_number(out, self.places.len() + 1);
        out.extend_from_slice(b"\n0000000000 65535 f \n");
        for place in &self.places {
            let mut entry = *b"0000000000 00000 n \n";
            let mut rest = *place;
            for digit in entry[..10].iter_mut().rev() {
                *digit = b'0' + u8::try_from(rest % 10).expect("a digit");
                rest /= 10;
            }
            out.extend_from_slice(&entry);
        }
        let size = self.places.len() + 1;
        write!(
            out,
            "trailer\n<</Size {size}/Root {catalog} 0 R/Info {information} 0 R/ID[<{id}><{id}>]>>\n\
             startxref\n{table}\n%%EOF\n"
        )
        .expect("memory takes it");
        self.bytes
    }
}

/// A number in decimal digits.
pub(crate) fn write_number(out: &mut Vec<u8>, number: usize) {
    out.extend_from_slice(DecimalText::whole(number as u64).as_bytes());
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
            write_number(out, before + *number as usize);
            out.extend_from_slice(b" 0 R");
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

/// A text that is not drawn: plain if all readers agree on it, otherwise UTF-16.
pub(crate) fn write_text(out: &mut Vec<u8>, text: &str) {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        write_literal(out, text.as_bytes());
    } else {
        let utf16 = std::iter::once(0xfeff).chain(text.encode_utf16());
        let bytes: Vec<u8> = utf16.flat_map(u16::to_be_bytes).collect();
        write_hexadecimal(out, &bytes);
    }
}
