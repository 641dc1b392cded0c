//! A small tree of XML elements, for the catalog.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// An element.
#[derive(Clone, Debug, Default)]
pub(super) struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    /// The root of a document.
    ///
    /// # Errors
    /// It is no XML; the words say why.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader::from_str(text);
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().map_err(|error| error.to_string())? {
                Event::Start(start) => open.push(Self::of(&start)?),
                Event::Empty(start) => {
                    let element = Self::of(&start)?;
                    open.last_mut().ok_or("has an end too many")?.children.push(element);
                }
                Event::End(_) => {
                    let element = open.pop().ok_or("has an end too many")?;
                    open.last_mut().ok_or("has an end too many")?.children.push(element);
                }
                Event::Text(text) => {
                    let text = text.decode().map_err(|error| error.to_string())?;
                    open.last_mut().ok_or("has an end too many")?.text.push_str(&text);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        let mut document = open.pop().ok_or("is empty")?;
        if !open.is_empty() {
            return Err("ends inside an element".to_owned());
        }
        document.children.pop().ok_or_else(|| "is empty".to_owned())
    }

    fn of(start: &BytesStart<'_>) -> Result<Self, String> {
        let word = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut element = Self { name: word(start.name().as_ref()), ..Self::default() };
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            element.attributes.push((word(attribute.key.as_ref()), word(&attribute.value)));
        }
        Ok(element)
    }

    /// The children of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The only child of a name, or the first.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of a child, without blanks around it; empty if there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.trim())
    }

    /// An attribute; empty if there is none.
    pub(super) fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_have_attributes_text_and_children() {
        let text =
            "<?xml version=\"1.0\"?><!-- c --><a><b name=\"x\"> 1 </b><b/><c><d>2</d></c></a>";
        let root = Element::parse(text).expect("XML");
        assert_eq!(root.all("b").count(), 2);
        assert_eq!(
            (root.text("b"), root.child("b").map(|it| it.attribute("name"))),
            ("1", Some("x"))
        );
        assert_eq!(root.child("c").map(|it| it.text("d")), Some("2"));
    }

    #[test]
    fn what_is_no_xml_is_an_error() {
        for text in ["", "a", "<a>", "<a></b>", "<a"] {
            assert!(Element::parse(text).is_err(), "{text}");
        }
    }
}
