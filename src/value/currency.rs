//! ISO 4217 currencies: code, digits, symbol.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A currency with a known number of minor-unit digits (0 to 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Currency(iso_currency::Currency);

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let code = String::deserialize(from)?;
        Self::from_code(&code).ok_or_else(|| de::Error::custom("it is no currency"))
    }
}

impl Currency {
    /// The currency of an upper-case ISO 4217 code. `None` for precious metals and the test code,
    /// because they have no minor unit.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        let find = || {
            let currency = iso_currency::Currency::from_code(code)?;
            currency.exponent().map(|_| Self(currency))
        };
        // Every row of every table needs this, so each code is looked up once.
        *KNOWN[place(code)?].get_or_init(find)
    }

    /// The three-letter code.
    pub(crate) fn code(self) -> &'static str {
        self.0.code()
    }

    /// A number that sorts currencies by their codes.
    fn rank(self) -> u32 {
        let kept = &RANKS[self.0 as usize];
        match kept.load(Ordering::Relaxed) {
            0 => {
                let rank =
                    self.code().bytes().fold(0, |rank, letter| rank << 8 | u32::from(letter));
                kept.store(rank, Ordering::Relaxed);
                rank
            }
            rank => rank,
        }
    }

    /// Digits after the decimal point: 2 for USD, 0 for JPY, 3 for KWD, 4 for CLF.
    pub(crate) fn digits(self) -> u32 {
        u32::from(self.0.exponent().unwrap_or_default())
    }
}

const LETTERS: usize = 26;

/// The looked-up code, for every code of three capital letters.
static KNOWN: [OnceLock<Option<Currency>>; LETTERS * LETTERS * LETTERS] =
    [const { OnceLock::new() }; LETTERS * LETTERS * LETTERS];

/// The rank of every currency, once known. Sums are kept by currency, and comparing codes takes
/// longer than adding. There are fewer than 256 currencies.
static RANKS: [AtomicU32; 256] = [const { AtomicU32::new(0) }; 256];

/// The index of a code of three capital letters.
fn place(code: &str) -> Option<usize> {
    let letters: [u8; 3] = code.as_bytes().try_into().ok()?;
    letters.iter().try_fold(0, |place, letter| {
        letter.is_ascii_uppercase().then(|| place * LETTERS + usize::from(letter - b'A'))
    })
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Currency {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank().cmp(&other.rank())
    }
}

#[cfg(test)]
mod tests {
    use super::Currency;

    #[test]
    fn currencies_are_in_the_order_of_their_codes() {
        let letters = || 'A'..='Z';
        let codes = letters().flat_map(|a| letters().map(move |b| [a, b]));
        let codes = codes.flat_map(|[a, b]| letters().map(move |c| String::from_iter([a, b, c])));
        let currencies: Vec<Currency> =
            codes.filter_map(|code| Currency::from_code(&code)).collect();
        assert!(currencies.len() > 150 && currencies.is_sorted_by(|a, b| a < b));
        assert!(currencies.iter().all(|it| it.cmp(it).is_eq() && it.rank() > 0));
    }

    #[test]
    fn digits_follow_iso_4217() {
        let digits = |code| Currency::from_code(code).map(Currency::digits);
        assert_eq!(digits("USD"), Some(2));
        assert_eq!(digits("JPY"), Some(0));
        assert_eq!(digits("KWD"), Some(3));
        assert_eq!(digits("CLF"), Some(4));
        assert_eq!(digits("XAU"), None);
        assert_eq!(digits("usd"), None);
    }
}
