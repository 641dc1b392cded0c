//! Digests and their hexadecimal form.

use std::fmt;
use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

/// SHA-256 in lower-case hexadecimal.
pub(crate) fn sha256_hex(content: &[u8]) -> String {
    hexadecimal(&Sha256::digest(content))
}

/// SHA-256 of what is left to read, in lower-case hexadecimal. It is never in memory as a whole.
pub(crate) fn sha256_hex_of(mut content: impl Read) -> io::Result<String> {
    let mut digest = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match content.read(&mut piece) {
            Ok(0) => return Ok(hexadecimal(&digest.finalize())),
            Ok(length) => digest.update(&piece[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().flat_map(|byte| hexadecimal_byte(*byte).map(char::from)).collect()
}

/// The bytes that hexadecimal digits stand for; `None` if there are more or fewer, or others.
pub(crate) fn bytes_of<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    let mut wrong = 0;
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let (high, low) = (DIGITS[usize::from(*high)], DIGITS[usize::from(*low)]);
        wrong |= (high | low) & NO_DIGIT;
        *byte = (high << 4) | (low & 15);
    }
    (wrong == 0).then_some(bytes)
}

/// The two digits of a byte.
pub(crate) const fn hexadecimal_byte(byte: u8) -> [u8; 2] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    [DIGITS[(byte >> 4) as usize], DIGITS[(byte & 15) as usize]]
}

/// The first half of a SHA-256, because there are millions of subscriptions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Digest([u8; 16]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(str::from_utf8(&self.hexadecimal()).map_err(|_| fmt::Error)?)
    }
}

/// The value of each character as a hexadecimal digit.
const DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        digits[b"0123456789abcdef"[value as usize] as usize] = value;
        digits[b"0123456789ABCDEF"[value as usize] as usize] = value;
        value += 1;
    }
    digits
};

const NO_DIGIT: u8 = 16;

impl Digest {
    /// The first half of the SHA-256 of a content.
    pub(crate) fn of(content: &[u8]) -> Self {
        Self::first_half(&Sha256::digest(content))
    }

    /// The first half of a SHA-256.
    pub(crate) fn first_half(whole: &[u8]) -> Self {
        Self(*whole.first_chunk().expect("SHA-256 has 32 bytes"))
    }

    pub(crate) fn hexadecimal(&self) -> [u8; 32] {
        let mut digits = [0; 32];
        for (pair, byte) in digits.as_chunks_mut::<2>().0.iter_mut().zip(self.0) {
            *pair = hexadecimal_byte(byte);
        }
        digits
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        bytes_of(text).map(Self)
    }
}
