//! Finds the rows of one account, or of one subscription, in a table of all accounts.
//!
//! The bytes of a piece are searched for the ids first, so most pieces are never split into records.
//! Of the others only the records with a field that is one of the ids are parsed. A record with too
//! many or too few fields counts if an id is anywhere in it, because its fields cannot be told apart.

use std::collections::HashSet;

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
    finders: Option<Vec<Finder<'a>>>,
}

impl<'a> WantedIds<'a> {
    pub(crate) fn new(ids: impl IntoIterator<Item = &'a str>) -> Self {
        let ids: HashSet<&[u8]> = ids.into_iter().map(str::as_bytes).collect();
        let are_plain = ids.iter().all(|id| !id.is_empty() && !id.contains(&b'"'));
        let finders = (are_plain && ids.len() <= MOST_SEARCHED)
            .then(|| ids.iter().map(|id| Finder::new(*id)).collect());
        Self { ids, finders }
    }

    /// Whether a field of some records may be one of the ids.
    pub(crate) fn may_be_in(&self, bytes: &[u8], delimiter: u8) -> bool {
        let Some(finders) = &self.finders else { return !self.ids.is_empty() };
        let may_enclose = |byte: u8| byte == delimiter || may_enclose(byte);
        finders.iter().any(|finder| {
            let length = finder.needle().len();
            finder.find_iter(bytes).any(|start| {
                let before = start.checked_sub(1).map(|place| bytes[place]);
                before.is_none_or(may_enclose)
                    && bytes.get(start + length).copied().is_none_or(may_enclose)
            })
        })
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
        let many: Vec<String> = (0..33).map(|number| number.to_string()).collect();
        assert!(WantedIds::new(many.iter().map(String::as_str)).may_be_in(b"x", b','));
    }
}
