//! The key of an item in a table: bytes that sort as the items of the whole close do.

/// The key of an item. Sections sort first, and then the parts in the order in which they were
/// added. Keys that are compared have parts of the same kinds.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MergeKey(Vec<u8>);

impl MergeKey {
    /// A key without parts.
    pub(crate) fn of(section: u8) -> Self {
        Self(vec![section])
    }

    /// The key of a document by its global place.
    pub(crate) fn document(section: u8, place: u64) -> Self {
        Self::of(section).number(place)
    }

    /// Adds a text. Texts sort by their bytes, and a text before those that it begins.
    #[must_use]
    pub(crate) fn text(mut self, text: &str) -> Self {
        for byte in text.bytes() {
            self.0.push(byte);
            if byte == 0 {
                self.0.push(u8::MAX);
            }
        }
        self.0.extend([0, 0]);
        self
    }

    /// Adds a small rank.
    #[must_use]
    pub(crate) fn rank(mut self, rank: u8) -> Self {
        self.0.push(rank);
        self
    }

    #[must_use]
    pub(crate) fn number(mut self, number: u64) -> Self {
        self.0.extend(number.to_be_bytes());
        self
    }

    /// Adds a number that may be negative.
    #[must_use]
    pub(crate) fn signed(mut self, number: impl Into<i128>) -> Self {
        // With the sign bit turned over, negative numbers sort before the others.
        let number = number.into().cast_unsigned() ^ (1 << (i128::BITS - 1));
        self.0.extend(number.to_be_bytes());
        self
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Replaces another key, whose memory is used again.
    pub(super) fn copy_to(&self, other: &mut Self) {
        other.0.clone_from(&self.0);
    }

    /// The bytes, to be read anew.
    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }

    /// The section; 0 if the key is empty.
    pub(crate) fn section(&self) -> u8 {
        self.0.first().copied().unwrap_or_default()
    }

    /// The global place of a [`document`](Self::document).
    pub(crate) fn place(&self) -> Option<u64> {
        let (_, place) = self.0.split_first()?;
        Some(u64::from_be_bytes(place.try_into().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_sort_as_their_parts(
            parts in prop::collection::vec(
                (0..3_u8, "[a\0\u{1}ü]{0,3}", any::<u64>(), any::<i128>(), "[a\0\u{1}ü]{0,3}"),
                2,
            ),
        ) {
            let keys: Vec<MergeKey> = parts
                .iter()
                .map(|(section, one, number, signed, other)| {
                    MergeKey::of(*section).text(one).number(*number).signed(*signed).text(other)
                })
                .collect();
            prop_assert_eq!(keys[0].cmp(&keys[1]), parts[0].cmp(&parts[1]));
        }
    }

    #[test]
    fn a_document_has_its_place() {
        let key = MergeKey::document(7, 1 << 40);
        assert_eq!((key.section(), key.place()), (7, Some(1 << 40)));
        assert_eq!(MergeKey::of(7).rank(1).place(), None);
        assert!(MergeKey::of(0).signed(-1) < MergeKey::of(0).signed(0));
    }
}
