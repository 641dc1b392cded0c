//! Finds bytes in short texts, such as the cells of a table: eight at a time, since what looks at more
//! at once is called for longer than it then takes.

const AT_ONCE: usize = size_of::<u64>();

/// Where the first byte is that is one of some.
pub fn position_of_any<const N: usize>(bytes: &[u8], wanted: [u8; N]) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<AT_ONCE>();
    for (place, word) in words.iter().enumerate() {
        if let Some(within) = position_in_word(*word, wanted) {
            return Some(place * AT_ONCE + within);
        }
    }
    rest.iter().position(|byte| wanted.contains(byte)).map(|within| words.len() * AT_ONCE + within)
}

fn position_in_word<const N: usize>(word: [u8; AT_ONCE], wanted: [u8; N]) -> Option<usize> {
    let word = u64::from_le_bytes(word);
    let found = wanted.iter().fold(0, |found, byte| found | marks(word, *byte));
    (found != 0).then(|| found.trailing_zeros() as usize / 8)
}

/// Marks, by its highest bit, the first byte of a word that is `byte`, and maybe bytes behind it.
const fn marks(word: u64, byte: u8) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; AT_ONCE]);
    let differs = word ^ (ONES * byte as u64);
    differs.wrapping_sub(ONES) & !differs & (ONES << 7)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn finds_what_looking_at_every_byte_finds(bytes in prop::collection::vec(
            prop_oneof![0_u8..=255, Just(b','), Just(b'-'), Just(b'\n'), Just(b'\x0b')], 0..40,
        )) {
            let wanted = [b',', b'\n', b'\r'];
            let expected = bytes.iter().position(|byte| wanted.contains(byte));
            prop_assert_eq!(position_of_any(&bytes, wanted), expected);
        }
    }
}
