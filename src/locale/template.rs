//! Sentences with places in them: `due {date}`.
//!
//! A sentence names every one of its places, in whatever order its language wants them, and no
//! others: so a translation cannot lose an amount, nor ask for one that is not there.

/// A sentence, ready to be filled in.
#[derive(Debug)]
pub struct Template {
    pieces: Vec<Piece>,
    /// How many bytes it has without what is filled in.
    length: usize,
}

#[derive(Debug)]
enum Piece {
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
            pieces.push(Piece::Text(before.into()));
            pieces
                .push(Piece::Place(place.ok_or_else(|| format!("{{{name}}} is no place of it"))?));
            rest = after;
        }
        pieces.push(Piece::Text(rest.into()));
        pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
        for (index, name) in places.iter().enumerate() {
            let is_there = pieces.iter().any(|it| matches!(it, Piece::Place(at) if *at == index));
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
                Piece::Text(literal) => literal,
                Piece::Place(index) => values[*index],
            });
        }
        text
    }
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
    fn no_place_is_lost_or_invented() {
        let error = |text| Template::parse(text, &["a", "b"], &["b"]).expect_err("an error");
        assert_eq!(error("{b}"), "{a} is missing");
        assert_eq!(error("{a} {c}"), "{c} is no place of it");
        assert_eq!(error("{a} {b"), "a brace is not closed");
        assert!(Template::parse("{a}", &["a", "b"], &["b"]).is_ok());
    }
}
