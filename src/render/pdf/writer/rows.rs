//! Compresses rows that mostly repeat the row above: the cross-reference stream.
//!
//! The compressor for everything else clears its tables first, which takes longer than all of this.
//! Here repeated rows are the only matches, with the fixed codes of DEFLATE (RFC 1951, 3.2.6).

/// The rows, each of `width` bytes, as a zlib stream (RFC 1950).
pub(crate) fn deflate_rows(rows: &[u8], width: usize) -> Vec<u8> {
    let mut bits = Bits { out: Vec::with_capacity(64 + rows.len() / 4), held: 0, count: 0 };
    bits.out.extend_from_slice(&[0x78, 0x01]);
    // The last block, with fixed codes.
    bits.put(0b011, 3);
    let mut at = 0;
    while at < rows.len() {
        let repeated = repeated(rows, width, at).min(MOST);
        if repeated >= LEAST {
            bits.put_match(repeated, width);
            at += repeated;
        } else {
            bits.put_literal(rows[at]);
            at += 1;
        }
    }
    // The end of the block.
    bits.put(0, 7);
    let mut out = bits.finish();
    out.extend_from_slice(&adler(rows).to_be_bytes());
    out
}

/// The lengths of matches.
const LEAST: usize = 3;
const MOST: usize = 258;

/// How many bytes from here on equal those one row above.
fn repeated(rows: &[u8], width: usize, at: usize) -> usize {
    let Some(above) = at.checked_sub(width) else { return 0 };
    rows[above..].iter().zip(&rows[at..]).take_while(|(above, here)| above == here).count()
}

/// Bits, the lowest first.
struct Bits {
    out: Vec<u8>,
    held: u64,
    count: u32,
}

impl Bits {
    fn put(&mut self, bits: u32, count: u32) {
        self.held |= u64::from(bits) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.out.extend_from_slice(&self.held.to_le_bytes()[..1]);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// A code of Huffman, whose highest bit comes first.
    fn put_code(&mut self, code: u32, count: u32) {
        self.put(code.reverse_bits() >> (u32::BITS - count), count);
    }

    fn put_literal(&mut self, byte: u8) {
        match byte {
            0..=143 => self.put_code(0x30 + u32::from(byte), 8),
            144.. => self.put_code(0x190 + u32::from(byte) - 144, 9),
        }
    }

    /// Repeats `length` bytes from `distance` bytes before.
    fn put_match(&mut self, length: usize, distance: usize) {
        let (code, more, bits) = class(length - LEAST, 4, MOST - LEAST);
        match 257 + code {
            code @ ..=279 => self.put_code(code - 256, 7),
            code => self.put_code(0xc0 + code - 280, 8),
        }
        self.put(more, bits);
        let (code, more, bits) = class(distance - 1, 2, usize::MAX);
        self.put_code(code, 5);
        self.put(more, bits);
    }

    fn finish(mut self) -> Vec<u8> {
        self.put(0, (8 - self.count) % 8);
        self.out
    }
}

/// The code of a length or distance, and the bits after it. Each power of two is split into `parts`
/// classes; the last length has a class of its own.
fn class(value: usize, parts: usize, last: usize) -> (u32, u32, u32) {
    let number = |value: usize| u32::try_from(value).expect("a row is short");
    if value == last {
        return (28, 0, 0);
    }
    if value < 2 * parts {
        return (number(value), 0, 0);
    }
    let bits = value.ilog2() - parts.ilog2();
    let part = (value >> bits) - parts;
    (number(parts * (bits as usize + 1) + part), number(value & ((1 << bits) - 1)), bits)
}

/// The checksum of zlib.
fn adler(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    let (mut low, mut high) = (1, 0);
    // So many sums fit 32 bits.
    for part in bytes.chunks(5552) {
        for byte in part {
            low += u32::from(*byte);
            high += low;
        }
        low %= MODULUS;
        high %= MODULUS;
    }
    high << 16 | low
}

#[cfg(test)]
mod tests {
    use libdeflater::Decompressor;

    use super::*;

    fn inflated(content: &[u8], length: usize) -> Vec<u8> {
        let mut out = vec![0; length];
        let written = Decompressor::new().zlib_decompress(content, &mut out).expect("a stream");
        out.truncate(written);
        out
    }

    #[test]
    fn rows_come_out_as_they_went_in() {
        for width in [1, 2, 3, 4, 5, 6, 7, 9, 12, 13, 24, 25] {
            for repeats in (0..300).chain([1000, 5551, 5553, 20_000]) {
                let first = (0..=255).rev().map(|byte: u8| byte.wrapping_mul(31));
                let mut rows: Vec<u8> = first.take(width * 3).collect();
                let row = rows[width..2 * width].to_vec();
                rows.extend(row.iter().cycle().take(repeats));
                rows.extend([255, 143, 144, 0]);
                let packed = deflate_rows(&rows, width);
                assert_eq!(inflated(&packed, rows.len()), rows, "{width} {repeats}");
            }
        }
    }

    #[test]
    fn repeated_rows_take_next_to_nothing() {
        let rows = [2, 0, 0, 0, 1].repeat(1000);
        assert!(deflate_rows(&rows, 5).len() < 50);
    }
}
