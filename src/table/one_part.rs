//! Finds the rows of one account, or of one subscription, in a table of all accounts.
//!
//! The bytes of a piece are searched for the ids first, so most pieces are never split into records.
//! Of the others only the records with a field that is one of the ids are parsed. A record with too
//! many or too few fields counts if an id is anywhere in it, because its fields cannot be told apart.

use std::collections::HashSet;

use aho_corasick::packed::Searcher;
use memchr::memmem::Finder;

use super::header::Header;
use super::record::Record;

/// The rows that a run reads of tables whose rows belong to accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Part {
    /// Those of all accounts.
    #[default]
    All,
    /// Those of the account with this id.
    Account(String),
    /// The one of the subscription with this id.
    Subscription(String),
}

/// Beyond this many ids, to split every record is faster than to search for each id.
const MOST_SEARCHED: usize = 32;

/// The ids that make a row one of the part.
pub(crate) struct WantedIds<'a> {
    ids: HashSet<&'a [u8]>,
    /// `None` if there are too many, or if one of them may be written in several ways.
    finder: Option<IdFinder<'a>>,
}

/// Searches for ids in one pass where the processor can.
enum IdFinder<'a> {
    One(Finder<'a>),
    /// Searches for the last bytes of all ids, because ids often begin with the same ones.
    Tails {
        searcher: Searcher,
        length: usize,
    },
    Each(Vec<Finder<'a>>),
}

/// Longer tails are no rarer.
const LONGEST_TAIL: usize = 8;

impl<'a> IdFinder<'a> {
    fn new(ids: &HashSet<&'a [u8]>) -> Self {
        let each = || ids.iter().map(|id| Finder::new(*id));
        let length = ids.iter().map(|id| id.len()).min().unwrap_or(0).min(LONGEST_TAIL);
        let tails = || Searcher::new(ids.iter().map(|id| &id[id.len() - length..]));
        match ids.len() {
            1 => each().next().map_or(Self::Each(Vec::new()), Self::One),
            _ => tails().map_or_else(
                || Self::Each(each().collect()),
                |searcher| Self::Tails { searcher, length },
            ),
        }
    }
}

impl<'a> WantedIds<'a> {
    pub(crate) fn new(ids: impl IntoIterator<Item = &'a str>) -> Self {
        let ids: HashSet<&[u8]> = ids.into_iter().map(str::as_bytes).collect();
        let are_plain = ids.iter().all(|id| !id.is_empty() && !id.contains(&b'"'));
        let finder = (are_plain && ids.len() <= MOST_SEARCHED).then(|| IdFinder::new(&ids));
        Self { ids, finder }
    }

    /// Whether a field of some records may be one of the ids.
    pub(crate) fn may_be_in(&self, bytes: &[u8], delimiter: u8) -> bool {
        let Some(finder) = &self.finder else { return !self.ids.is_empty() };
        let may_enclose =
            |byte: Option<&u8>| byte.is_none_or(|byte| *byte == delimiter || may_enclose(*byte));
        let is_field = |start: usize, end: usize| {
            let before = start.checked_sub(1).map(|place| &bytes[place]);
            may_enclose(before) && may_enclose(bytes.get(end))
        };
        let holds = |finder: &Finder<'_>| {
            let length = finder.needle().len();
            finder.find_iter(bytes).any(|start| is_field(start, start + length))
        };
        match finder {
            IdFinder::One(finder) => holds(finder),
            IdFinder::Each(finders) => finders.iter().any(holds),
            IdFinder::Tails { searcher, length } => {
                let is_one = |end: usize| {
                    self.ids
                        .iter()
                        .any(|id| bytes[..end].ends_with(id) && is_field(end - id.len(), end))
                };
                let mut ends = tail_ends(bytes, searcher, *length);
                ends.any(is_one)
            }
        }
    }

    /// Whether a record is one of the part.
    pub(crate) fn are_in(&self, record: &Record<'_>, header: &Header) -> bool {
        let is_sound = (header.least..=header.width).contains(&record.len());
        let mut fields = (0..record.len()).filter_map(|place| record.get(place));
        fields.any(|field| {
            self.ids.contains(trimmed(field))
                || (!is_sound
                    && self.ids.iter().any(|id| memchr::memmem::find(field, id).is_some()))
        })
    }
}

/// The ends of all tails in some bytes. Tails may overlap.
fn tail_ends(bytes: &[u8], searcher: &Searcher, length: usize) -> impl Iterator<Item = usize> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let found = searcher.find_in(bytes, (from..bytes.len()).into())?;
        from = found.start() + 1;
        Some(found.start() + length)
    })
}

/// Whether a byte may stand beside a field, apart from the delimiter. Characters beyond ASCII may be blanks.
fn may_enclose(byte: u8) -> bool {
    matches!(byte, b'"' | 128..) || byte.is_ascii_whitespace()
}

fn trimmed(field: &[u8]) -> &[u8] {
    match field {
        [first, .., last] if !first.is_ascii_graphic() || !last.is_ascii_graphic() => {
            str::from_utf8(field).map_or(field, |text| text.trim().as_bytes())
        }
        _ => field,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_found_where_a_field_may_be_it() {
        let wanted = WantedIds::new(["sub-1"]);
        for text in ["sub-1", "a,sub-1", "sub-1\n", "\n\"sub-1\",", " sub-1 ,", "\u{a0}sub-1\r\n"] {
            assert!(wanted.may_be_in(text.as_bytes(), b','), "{text:?}");
        }
        for text in ["", "sub-10,sub-11\n", "xsub-1,", "sub-"] {
            assert!(!wanted.may_be_in(text.as_bytes(), b','), "{text:?}");
        }
        assert!(wanted.may_be_in(b"a;sub-1;", b';') && !wanted.may_be_in(b"a;sub-1;", b','));
        assert!(WantedIds::new(["a\"b"]).may_be_in(b"", b','), "it is written as a\"\"b");
        assert!(!WantedIds::new([]).may_be_in(b"a", b','));
        // Several ids, of which one begins and one ends as another does.
        let several = WantedIds::new(["sub-1", "sub-10", "b-1", "x-sub-1"]);
        for text in ["a,sub-10", "b-1\n", "\"x-sub-1\"", "sub-11,sub-1", "xb-1,b-1"] {
            assert!(several.may_be_in(text.as_bytes(), b','), "{text:?}");
        }
        for text in ["", "sub-100", "xsub-1,sub-12", "b-10\nxb-1", "sub-1x"] {
            assert!(!several.may_be_in(text.as_bytes(), b','), "{text:?}");
        }
        let many: Vec<String> = (0..33).map(|number| number.to_string()).collect();
        assert!(WantedIds::new(many.iter().map(String::as_str)).may_be_in(b"x", b','));
    }
}
