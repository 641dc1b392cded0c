//! Sentences with places in them: `due {date}`.
//!
//! A sentence names every one of its places, in whatever order its language wants them, and no
//! others: so a translation cannot lose an amount, nor ask for one that is not there.

/// A sentence, ready to be filled in.
#[derive(Debug)]
pub struct Template {
    pieces: Vec<TemplatePiece>,
    /// How many bytes it has without what is filled in.
    length: usize,
}

#[derive(Debug)]
enum TemplatePiece {
    Text(Box<str>),
    /// The index of what is put here.
    Place(usize),
}

impl Template {
    /// Reads a sentence with these places. Of `optional` places it may leave out any.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str, places: &[&str], optional: &[&str]) -> Result<Self, String> {
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

    /// The sentence with its places filled in, in the order in which they were named.
    pub fn fill(&self, values: &[&str]) -> String {
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

    /// The same, added to a text, of values that are not texts yet.
    pub fn write(&self, text: &mut String, values: &[&dyn Fill]) {
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

/// What can be added to a text. `Display` would have it pass through a formatter.
pub trait Fill {
    /// Adds it.
    fn fill(&self, text: &mut String);
}

impl<T: AsRef<str>> Fill for T {
    fn fill(&self, text: &mut String) {
        text.push_str(self.as_ref());
    }
}

/// Adds what is filled in. What reads from right to left is kept from turning its neighbours.
fn isolate(text: &mut String, value: &str) {
    let start = text.len();
    text.push_str(value);
    isolate_from(text, start);
}

/// The same for what stands at the end of a text already.
fn isolate_from(text: &mut String, start: usize) {
    const FIRST_STRONG_ISOLATE: char = '\u{2068}';
    const POP_DIRECTIONAL_ISOLATE: char = '\u{2069}';
    let value = &text[start..];
    if !value.is_ascii() && value.chars().any(reads_right_to_left) {
        text.insert(start, FIRST_STRONG_ISOLATE);
        text.push(POP_DIRECTIONAL_ISOLATE);
    }
}

/// Hebrew, Arabic, Syriac, Thaana, N’Ko and what was written so in antiquity.
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
