//! What a PDF says, to compare documents of two versions of this program, and the files in it.

use std::collections::{BTreeMap, HashMap};

use lopdf::content::{Content, Operation};
use lopdf::{Document, Encoding, Object, ObjectId};

/// The texts of each page as the eye finds them: from top to bottom, then from left to right. So a
/// version may write them in another order, but not at another place. `None` if the file is no PDF
/// of this program.
pub(crate) fn text_of(pdf: &[u8]) -> Option<Vec<String>> {
    let document = Document::load_mem(pdf).ok()?;
    document.get_pages().into_values().map(|page| text_on(&document, page)).collect()
}

/// The electronic invoice in a PDF.
#[cfg(test)]
pub(crate) fn einvoice_of(pdf: &[u8]) -> Option<Vec<u8>> {
    let document = Document::load_mem(pdf).ok()?;
    let files = document.catalog().ok()?.get_deref(b"AF", &document).and_then(Object::as_array);
    let [file] = files.ok()?.as_slice() else { return None };
    let file = document.get_dictionary(file.as_reference().ok()?).ok()?;
    let streams = file.get_deref(b"EF", &document).and_then(Object::as_dict).ok()?;
    let stream = streams.get_deref(b"F", &document).and_then(Object::as_stream).ok()?;
    stream.get_plain_content().ok()
}

fn text_on(document: &Document, page: ObjectId) -> Option<String> {
    let fonts = document.get_page_fonts(page).ok()?;
    let encodings = fonts.iter().map(|(name, font)| {
        font.get_font_encoding(document).ok().map(|encoding| (name.as_slice(), encoding))
    });
    let encodings: HashMap<&[u8], Encoding> = encodings.collect::<Option<_>>()?;
    let content = Content::decode(&document.get_page_content(page)).ok()?;
    let mut reader = TextReader::default();
    for operation in &content.operations {
        reader.read(operation, &encodings)?;
    }
    // A space at the end of a line is for screen readers.
    let texts: Vec<&str> = reader.texts.values().map(|text| text.trim_end_matches(' ')).collect();
    Some(texts.join("\n"))
}

/// Collects texts by their places.
#[derive(Default)]
struct TextReader<'c> {
    /// The place of the current text in hundredths of a point: down and to the right.
    place: [i64; 2],
    font: &'c [u8],
    texts: BTreeMap<[i64; 2], String>,
}

impl<'c> TextReader<'c> {
    fn read(
        &mut self,
        Operation { operator, operands }: &'c Operation,
        encodings: &HashMap<&[u8], Encoding>,
    ) -> Option<()> {
        match (&**operator, &**operands) {
            ("BT", _) => self.place = [0; 2],
            ("Td", [x, y]) => {
                self.place[0] -= hundredths(y)?;
                self.place[1] += hundredths(x)?;
            }
            ("Tf", [font, _]) => self.font = font.as_name().ok()?,
            ("Tj" | "TJ", [shown]) => {
                let encoding = encodings.get(self.font)?;
                let text = self.texts.entry(self.place).or_default();
                for string in strings(shown) {
                    text.push_str(&Document::decode_text(encoding, string).ok()?);
                }
            }
            _ => {}
        }
        Some(())
    }
}

/// The strings of `Tj` and `TJ`.
fn strings(shown: &Object) -> impl Iterator<Item = &[u8]> {
    let items = shown.as_array().map_or(std::slice::from_ref(shown), Vec::as_slice);
    items.iter().filter_map(|item| item.as_str().ok())
}

fn hundredths(points: &Object) -> Option<i64> {
    let points = points.as_float().ok()?;
    Some(super::writer::hundredths(points).into())
}

#[cfg(test)]
mod tests {
    use lopdf::{Dictionary, dictionary};

    use super::*;

    /// A page with these operators. `F0` is a font of the standard encoding.
    fn page(content: &str) -> Vec<u8> {
        let mut document = Document::with_version("1.7");
        let font = dictionary! {
            "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
            "Encoding" => "WinAnsiEncoding",
        };
        let content = lopdf::Stream::new(Dictionary::new(), content.as_bytes().to_vec());
        let content = document.add_object(content);
        let pages = document.new_object_id();
        let page = document.add_object(dictionary! {
            "Type" => "Page", "Parent" => pages, "Contents" => content,
            "Resources" => dictionary! { "Font" => dictionary! { "F0" => font } },
            "MediaBox" => vec![0.into(), 0.into(), 100.into(), 100.into()],
        });
        let tree = dictionary! { "Type" => "Pages", "Count" => 1, "Kids" => vec![page.into()] };
        document.objects.insert(pages, tree.into());
        let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
        document.trailer.set("Root", catalog);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).expect("written");
        bytes
    }

    fn text(content: &str) -> String {
        text_of(&page(content)).expect("a PDF").join("\n\n")
    }

    #[test]
    fn texts_are_read_where_they_stand_and_not_when_they_were_written() {
        let by_row = "BT /F0 9 Tf 10 90 Td (a)Tj 40 0 Td (b)Tj -40 -10 Td (c)Tj 40 0 Td (d)Tj ET";
        let by_column = "BT /F0 9 Tf 10 90 Td (a)Tj 0 -10 Td (c)Tj ET 1 0 0 rg \
            BT 50 90 Td (b)Tj 0 -10 Td [(d)]TJ ET";
        assert_eq!(text(by_row), "a\nb\nc\nd");
        assert_eq!(text(by_column), text(by_row));
        let elsewhere = by_row.replace("40 0 Td (d)", "40 -1 Td (d)");
        assert_eq!(text(&elsewhere), "a\nb\nc\nd");
        let changed_places = by_row.replace("(a)", "(c)").replacen("-10 Td (c)", "-10 Td (a)", 1);
        assert_eq!(text(&changed_places), "c\nb\na\nd");
    }

    #[test]
    fn runs_at_one_place_are_one_text() {
        assert_eq!(text("BT /F0 9 Tf 10 90 Td (a)Tj [(b)-20(c)]TJ ET"), "abc");
        assert_eq!(text_of(b"%PDF-1.7"), None);
    }
}
