//! Finds possible ends of fields, 64 bytes at once. A delimiter or a line end comes every few bytes,
//! so checking single bytes would take most of the reading time.

/// How many bytes are checked together, one bit each.
const BLOCK: usize = 64;

/// Bytes below this bound, one above the comma, are checked more closely. They are commas, line
/// ends, quotes and, of the frequent bytes, only blanks.
const BOUND: u64 = 0x2d;

/// Finds the small bytes and the delimiters of a slice in order.
#[derive(Clone, Copy)]
pub(crate) struct SeparatorScan<'a> {
    bytes: &'a [u8],
    /// A byte that is found as well, if it is not small.
    delimiter: u8,
    /// The start of the block that `small` describes.
    start: usize,
    /// The small bytes and delimiters of the block that have not been passed.
    small: u64,
}

impl<'a> SeparatorScan<'a> {
    pub(crate) fn new(bytes: &'a [u8], delimiter: u8) -> Self {
        Self { bytes, delimiter, start: 0, small: marks(bytes, 0, delimiter) }
    }

    /// Skips all positions before `place`.
    pub(crate) fn pass(&mut self, place: usize) {
        match place.checked_sub(self.start) {
            None => {}
            Some(passed @ 0..BLOCK) => self.small &= u64::MAX << passed,
            Some(_) => {
                self.start = place;
                self.small = marks(self.bytes, place, self.delimiter);
            }
        }
    }

    /// The position of the next small byte or delimiter, or the end of the bytes.
    pub(crate) fn next(&mut self) -> usize {
        while self.small == 0 {
            self.start += BLOCK;
            if self.start >= self.bytes.len() {
                return self.bytes.len();
            }
            self.small = marks(self.bytes, self.start, self.delimiter);
        }
        let place = self.start + self.small.trailing_zeros() as usize;
        self.small &= self.small - 1;
        place
    }
}

/// A bit for each small byte and each delimiter of a block; none beyond the last byte.
fn marks(bytes: &[u8], start: usize, delimiter: u8) -> u64 {
    let rest = &bytes[start.min(bytes.len())..];
    if let Some(block) = rest.first_chunk() {
        return marks_in(block, delimiter);
    }
    let mut block = [u8::MAX; BLOCK];
    block[..rest.len()].copy_from_slice(rest);
    marks_in(&block, delimiter)
}

fn marks_in(block: &[u8; BLOCK], delimiter: u8) -> u64 {
    let small = bits_of(block, small_in_word);
    // A comma and a tab are small themselves.
    if u64::from(delimiter) < BOUND {
        return small;
    }
    small | bits_of(block, |word| equal_in_word(word, delimiter))
}

fn bits_of(block: &[u8; BLOCK], bits_of_word: impl Fn(u64) -> u64) -> u64 {
    let words = block.as_chunks::<8>().0;
    words
        .iter()
        .zip((0..).step_by(8))
        .fold(0, |bits, (word, first)| bits | bits_of_word(u64::from_le_bytes(*word)) << first)
}

const EACH: u64 = u64::MAX / 0xff;
const TOP: u64 = EACH << 7;

/// A bit for each byte of an eight-byte word that equals this one, lowest byte first.
fn equal_in_word(word: u64, byte: u8) -> u64 {
    let difference = word ^ (EACH * u64::from(byte));
    // The top bit of a byte is set if any of its bits is; nothing is carried to the next byte.
    let unequal = ((difference & !TOP) + !TOP) | difference;
    gathered(!unequal & TOP)
}

/// A bit for each small byte of an eight-byte word, lowest byte first.
fn small_in_word(word: u64) -> u64 {
    // The top bit of a byte stays set if the rest is at least BOUND. Nothing is borrowed from the
    // next byte, because each byte is at least 128 before.
    gathered(!((word | TOP) - EACH * BOUND) & !word & TOP)
}

/// Moves the top bits of all eight bytes side by side.
fn gathered(tops: u64) -> u64 {
    (tops >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn finds_what_a_look_at_every_byte_finds(
            bytes in prop::collection::vec(prop_oneof![
                prop::sample::select(b"a,;|: \"\n\r-+".to_vec()), any::<u8>(),
            ], 0..200),
            steps in prop::collection::vec(1_usize..100, 1..60),
            delimiter in prop::sample::select(b",;|\t".to_vec()),
        ) {
            let mut marks = SeparatorScan::new(&bytes, delimiter);
            let mut place = 0;
            for step in steps {
                let rest = bytes.get(place..).unwrap_or_default();
                let is_mark = |byte: &u8| u64::from(*byte) < BOUND || *byte == delimiter;
                let length = rest.iter().position(is_mark);
                place = length.map_or(bytes.len(), |length| place + length);
                prop_assert_eq!(marks.next(), place);
                place += step;
                marks.pass(place);
            }
        }
    }
}
