//! Chance, and what it does to bytes: `SplitMix64`, so that a run can be repeated anywhere.

/// Texts that parsers stumble over.
const TOKENS: [&[u8]; 46] = [
    b"\"",
    b"\"\"",
    b",",
    b"\n",
    b"\r\n",
    b"\r",
    b"\0",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xff",
    b"PK\x03\x04",
    b";",
    b"\t",
    b" ",
    b"-",
    b"+",
    b"0",
    b"-0",
    b"1",
    b"1e5",
    b"1,5",
    b"1.5",
    b".5",
    b"NaN",
    b"999999999999",
    b"1000000000",
    b"18446744073709551616",
    b"-9223372036854775808",
    b"99999999999999999999999999999",
    b"0.0000000000000000000000000001",
    b"2024-02-30",
    b"1970-01-01",
    b"2999-12-31",
    b"0000-00-00",
    b"2024-03-31T02:30:00+02:00",
    b"2024-06-30T23:59:60Z",
    b"2999-12-31T23:59:59.999999999-23:59",
    b"TRUE",
    b"=1+1",
    "é".as_bytes(),
    "e\u{301}".as_bytes(),
    "\u{202e}".as_bytes(),
    "\u{2028}".as_bytes(),
    b"{seq}",
    b"[",
    b"=",
];

/// The longest input that is tried.
const LONGEST: usize = 1 << 16;

/// A stream of chance.
pub(crate) struct Random(pub u64);

impl Random {
    /// A number below `limit`; 0 if that is 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let number = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let number = number ^ (number >> 31);
        let limit = u64::try_from(limit).expect("a length").max(1);
        usize::try_from(number % limit).expect("it is below a length")
    }

    /// A part of something of some length.
    fn part(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        // Mostly short ones.
        let most = if self.below(4) == 0 { length } else { 16 };
        start..(start + self.below(most + 1)).min(length)
    }
}

/// One of the seeds, changed in a few places.
pub(crate) fn mutated(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(4) {
        mutate(&mut bytes, seeds, random);
        bytes.truncate(LONGEST);
    }
    bytes
}

fn mutate(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    let token = TOKENS[random.below(TOKENS.len())];
    let part = random.part(bytes.len());
    match random.below(9) {
        0 if !bytes.is_empty() => {
            let place = random.below(bytes.len());
            bytes[place] ^= 1 << random.below(8);
        }
        1 => drop(bytes.drain(part)),
        2 => {
            let again = bytes[part.clone()].to_vec();
            bytes.splice(part.end..part.end, again);
        }
        3 => drop(bytes.splice(part, token.iter().copied())),
        4 => {
            let other = &seeds[random.below(seeds.len())];
            let piece = other[random.part(other.len())].to_vec();
            bytes.splice(part, piece);
        }
        5 => bytes.truncate(random.below(bytes.len() + 1)),
        6 => {
            let field = field(bytes, random);
            let other = bytes[self::field(bytes, random)].to_vec();
            bytes.splice(field, other);
        }
        7 => {
            let line = line(bytes, random);
            let again = bytes[line.clone()].to_vec();
            bytes.splice(line.end..line.end, again);
        }
        _ => {
            let field = field(bytes, random);
            bytes.splice(field, token.iter().copied());
        }
    }
}

/// What stands between two commas, line ends or equals signs.
fn field(bytes: &[u8], random: &mut Random) -> std::ops::Range<usize> {
    around(bytes, random.below(bytes.len()), b",\n=")
}

/// A line without its end.
fn line(bytes: &[u8], random: &mut Random) -> std::ops::Range<usize> {
    around(bytes, random.below(bytes.len()), b"\n")
}

fn around(bytes: &[u8], place: usize, ends: &[u8]) -> std::ops::Range<usize> {
    let is_end = |byte: &u8| ends.contains(byte);
    let start = bytes[..place].iter().rposition(is_end).map_or(0, |end| end + 1);
    let end = bytes[place..].iter().position(is_end).map_or(bytes.len(), |end| place + end);
    start..end.max(start)
}

/// The smallest input found, by leaving out ever smaller pieces, that still fails.
pub(crate) fn shrunk(mut bytes: Vec<u8>, fails: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut size = bytes.len().div_ceil(2);
    while size > 0 {
        let mut start = 0;
        while start < bytes.len() {
            let end = (start + size).min(bytes.len());
            let rest = [&bytes[..start], &bytes[end..]].concat();
            if fails(&rest) {
                bytes = rest;
            } else {
                start = end;
            }
        }
        size = if size == 1 { 0 } else { size.div_ceil(2) };
    }
    bytes
}
