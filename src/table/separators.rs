//! Where fields may begin or end, looked for in 64 bytes at once: a comma or a line end stands every
//! few bytes, and looking at them one by one is what reading a file would mostly do.

/// How many bytes are looked at together: one bit each.
const BLOCK: usize = 64;

/// Every byte below this, which is one above a comma, is looked at more closely: commas, line ends
/// and quotes are, and of what tables are full of only blanks.
const BOUND: u64 = 0x2d;

/// The small bytes among some, from the first to the last.
#[derive(Clone, Copy)]
pub struct SeparatorScan<'a> {
    bytes: &'a [u8],
    /// Where the block begins that `small` is about.
    start: usize,
    /// The bytes of the block that are small and not yet passed.
    small: u64,
}

impl<'a> SeparatorScan<'a> {
    /// Those of some bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, start: 0, small: small_bytes(bytes, 0) }
    }

    /// Leaves out those before a place.
    pub fn pass(&mut self, place: usize) {
        match place.checked_sub(self.start) {
            None => {}
            Some(passed @ 0..BLOCK) => self.small &= u64::MAX << passed,
            Some(_) => {
                self.start = place;
                self.small = small_bytes(self.bytes, place);
            }
        }
    }

    /// The place of the next, or the end of the bytes.
    pub fn next(&mut self) -> usize {
        while self.small == 0 {
            self.start += BLOCK;
            if self.start >= self.bytes.len() {
                return self.bytes.len();
            }
            self.small = small_bytes(self.bytes, self.start);
        }
        let place = self.start + self.small.trailing_zeros() as usize;
        self.small &= self.small - 1;
        place
    }
}

/// One bit for each byte of a block that is small; there are none behind the last.
fn small_bytes(bytes: &[u8], start: usize) -> u64 {
    let rest = &bytes[start.min(bytes.len())..];
    if let Some(block) = rest.first_chunk() {
        return small_in(block);
    }
    let mut block = [u8::MAX; BLOCK];
    block[..rest.len()].copy_from_slice(rest);
    small_in(&block)
}

fn small_in(block: &[u8; BLOCK]) -> u64 {
    let words = block.as_chunks::<8>().0;
    words
        .iter()
        .zip((0..).step_by(8))
        .fold(0, |small, (word, first)| small | small_in_word(u64::from_le_bytes(*word)) << first)
}

/// The same for eight bytes in a word, the first of them being the lowest.
fn small_in_word(word: u64) -> u64 {
    const EACH: u64 = u64::MAX / 0xff;
    const TOP: u64 = EACH << 7;
    // The top bit of a byte stays where the rest of it is BOUND or more: nothing is borrowed from
    // the next byte, as each is at least 128 before.
    let below = !((word | TOP) - EACH * BOUND) & !word & TOP;
    // One bit a byte, all eight of them side by side.
    (below >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn finds_what_a_look_at_every_byte_finds(
            bytes in prop::collection::vec(prop_oneof![
                prop::sample::select(b"a, \"\n\r-+".to_vec()), any::<u8>(),
            ], 0..200),
            steps in prop::collection::vec(1_usize..100, 1..60),
        ) {
            let mut marks = SeparatorScan::new(&bytes);
            let mut place = 0;
            for step in steps {
                let rest = bytes.get(place..).unwrap_or_default();
                let length = rest.iter().position(|byte| u64::from(*byte) < BOUND);
                place = length.map_or(bytes.len(), |length| place + length);
                prop_assert_eq!(marks.next(), place);
                place += step;
                marks.pass(place);
            }
        }
    }
}
