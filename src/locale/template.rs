//! Sentences with places in them: `due {date}`.
//!
//! A sentence has all of its places, in any order, and no others. So a translation cannot omit an
//! amount or use an unknown one.

/// A parsed sentence.
#[derive(Debug)]
pub(crate) struct Template {
    pieces: Vec<TemplatePiece>,
    /// The number of bytes without the values.
    length: usize,
}

#[derive(Debug)]
enum TemplatePiece {
    Text(Box<str>),
    /// The index of the value.
    Place(usize),
}

impl Template {
    /// Reads a sentence with these places. The `optional` places may be missing.
    ///
    /// The problem with the sentence.
    pub(crate) fn parse(text: &str, places: &[&str], optional: &[&str]) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or("a brace is not closed")?;
            let place = places.iter().position(|place| *place == name);
            pieces.push(TemplatePiece::Text(before.into()));
            pieces.push(TemplatePiece::Place(
                place.ok_or_else(|| format!("{{{name}}} is no place of it"))?,
            ));
            rest = after;
        }
        pieces.push(TemplatePiece::Text(rest.into()));
        pieces.retain(|piece| !matches!(piece, TemplatePiece::Text(text) if text.is_empty()));
        for (index, name) in places.iter().enumerate() {
            let is_there =
                pieces.iter().any(|it| matches!(it, TemplatePiece::Place(at) if *at == index));
            if !is_there && !optional.contains(name) {
                return Err(format!("{{{name}}} is missing"));
            }
        }
        Ok(Self { pieces, length: text.len() })
    }

    /// Fills in the values, in the order of the places in `parse`.
    pub(crate) fn fill(&self, values: &[&str]) -> String {
        let room = values.iter().fold(self.length, |room, value| room + value.len());
        let mut text = String::with_capacity(room);
        for piece in &self.pieces {
            text.push_str(match piece {
                TemplatePiece::Text(literal) => literal,
                TemplatePiece::Place(index) => {
                    isolate(&mut text, values[*index]);
                    continue;
                }
            });
        }
        text
    }

    /// Adds the filled sentence to a text, from values that are not texts yet.
    pub(crate) fn write(&self, text: &mut String, values: &[&dyn Fill]) {
        for piece in &self.pieces {
            match piece {
                TemplatePiece::Text(literal) => text.push_str(literal),
                TemplatePiece::Place(index) => {
                    let start = text.len();
                    values[*index].fill(text);
                    isolate_from(text, start);
                }
            }
        }
    }
}

/// A value that can be added to a text. `Display` would be slower, because it goes through a
/// formatter.
pub(crate) trait Fill {
    fn fill(&self, text: &mut String);
}

impl<T: AsRef<str>> Fill for T {
    fn fill(&self, text: &mut String) {
        text.push_str(self.as_ref());
    }
}

/// Adds a value. Isolates right-to-left text, so that it does not turn its neighbours.
fn isolate(text: &mut String, value: &str) {
    let start = text.len();
    text.push_str(value);
    isolate_from(text, start);
}

/// The same for a value already at the end of a text.
fn isolate_from(text: &mut String, start: usize) {
    const FIRST_STRONG_ISOLATE: char = '\u{2068}';
    const POP_DIRECTIONAL_ISOLATE: char = '\u{2069}';
    let value = &text[start..];
    if !value.is_ascii() && value.chars().any(reads_right_to_left) {
        text.insert(start, FIRST_STRONG_ISOLATE);
        text.push(POP_DIRECTIONAL_ISOLATE);
    }
}

/// Hebrew, Arabic, Syriac, Thaana, N’Ko and ancient scripts.
const fn reads_right_to_left(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_may_stand_in_any_order_and_more_than_once() {
        let template = Template::parse("{b} then {a}, {b}!", &["a", "b"], &[]).expect("a template");
        assert_eq!(template.fill(&["1", "2"]), "2 then 1, 2!");
        assert_eq!(Template::parse("", &[], &[]).expect("a template").fill(&[]), "");
    }

    #[test]
    fn names_that_read_from_right_to_left_are_isolated() {
        let template = Template::parse("{what} after {date}", &["what", "date"], &[]);
        let template = template.expect("a template");
        let mut text = template.fill(&["מנוי", "9 Jun"]);
        assert_eq!(text, "\u{2068}מנוי\u{2069} after 9 Jun");
        template.write(&mut text, &[&"מנוי", &"9"]);
        assert_eq!(text, "\u{2068}מנוי\u{2069} after 9 Jun\u{2068}מנוי\u{2069} after 9");
    }

    #[test]
    fn no_place_is_lost_or_invented() {
        let error = |text| Template::parse(text, &["a", "b"], &["b"]).expect_err("an error");
        assert_eq!(error("{b}"), "{a} is missing");
        assert_eq!(error("{a} {c}"), "{c} is no place of it");
        assert_eq!(error("{a} {b"), "a brace is not closed");
        assert!(Template::parse("{a}", &["a", "b"], &["b"]).is_ok());
    }
}
