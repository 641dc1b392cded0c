//! A part of the accounts. A close may be computed shard by shard, on one machine or on many, and
//! comes out the same.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The accounts whose ids have one remainder: CRC-32 of the id's bytes, divided by the number of
/// shards. Spark, Python and databases compute the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shard {
    /// Its place, from 0.
    pub(crate) index: u32,
    /// The number of shards.
    pub(crate) count: u32,
}

impl Shard {
    /// All accounts.
    pub(crate) const WHOLE: Self = Self { index: 0, count: 1 };

    /// No close has more shards.
    pub(crate) const MOST: u32 = 1024;

    /// The shards of a close, in order.
    pub(crate) fn all(count: u32) -> impl Iterator<Item = Self> {
        (0..count).map(move |index| Self { index, count })
    }

    /// Whether an id belongs to the shard.
    pub(crate) fn has(self, id: &str) -> bool {
        self.is_whole() || libdeflater::crc32(id.as_bytes()) % self.count == self.index
    }

    pub(crate) const fn is_whole(self) -> bool {
        self.count == 1
    }
}

impl Default for Shard {
    fn default() -> Self {
        Self::WHOLE
    }
}

impl Display for Shard {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('/').and_then(|(index, count)| {
            Some(Self { index: index.parse().ok()?, count: count.parse().ok()? })
        });
        match parts {
            Some(shard) if shard.index < shard.count && shard.count <= Self::MOST => Ok(shard),
            Some(_) => Err("K is from 0 to N - 1, and N is at most 1024"),
            None => Err("write K/N, such as 0/8"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_has_one_shard_and_the_hash_is_that_of_other_programs() {
        for id in ["", "acme", "größe", "a-1"] {
            let owners = Shard::all(7).filter(|shard| shard.has(id)).count();
            assert_eq!(owners, 1, "{id}");
            assert!(Shard::WHOLE.has(id));
        }
        // zlib.crc32(b"123456789") in Python.
        let place = 0xcbf4_3926 % 8;
        assert!(Shard { index: place, count: 8 }.has("123456789"));
    }

    #[test]
    fn a_shard_is_read_as_it_is_shown() {
        let shard: Shard = "3/8".parse().expect("a shard");
        assert_eq!(shard, Shard { index: 3, count: 8 });
        assert_eq!(shard.to_string(), "3/8");
        for wrong in ["8/8", "3", "-1/8", "0/0", "0/1025", "3/8/1", "a/b"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
