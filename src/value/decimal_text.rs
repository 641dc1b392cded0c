//! Numbers as text on the stack. `core::fmt` takes three times as long, and every row has several.
//! Digits are written in pairs, from the end.

/// A decimal as text: at most 64 bits of digits, up to 28 of them after the point.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DecimalText {
    bytes: [u8; Self::MOST_BYTES],
    /// The start of the text.
    first: usize,
}

impl DecimalText {
    /// A sign, a zero, a point and 28 decimals, or fewer decimals and more digits before the point.
    const MOST_BYTES: usize = 32;

    /// A number from its digits without sign; the last `decimals` digits are after the point.
    pub(crate) fn of(magnitude: u64, decimals: usize, is_negative: bool) -> Self {
        let mut bytes = [b'0'; Self::MOST_BYTES];
        // The part that is not written yet.
        let mut left = &mut bytes[..];
        let mut rest = magnitude;
        if decimals > 0 {
            for _ in 0..decimals / 2 {
                left = put(left, PAIRS[place(rest % 100)]);
                rest /= 100;
            }
            if !decimals.is_multiple_of(2) {
                left = put(left, digit(rest % 10));
                rest /= 10;
            }
            left = put(left, [b'.']);
        }
        while rest >= 100 {
            left = put(left, PAIRS[place(rest % 100)]);
            rest /= 100;
        }
        if rest >= 10 {
            left = put(left, PAIRS[place(rest)]);
        } else {
            left = put(left, digit(rest));
        }
        if is_negative {
            left = put(left, [b'-']);
        }
        let first = left.len();
        Self { bytes, first }
    }

    pub(crate) fn whole(number: u64) -> Self {
        Self::of(number, 0, false)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[self.first..]
    }

    pub(crate) fn as_str(&self) -> &str {
        str::from_utf8(self.as_bytes()).expect("digits, a sign and a point are ASCII")
    }
}

/// Writes to the end of a slice, and returns the rest.
fn put<const N: usize>(place: &mut [u8], bytes: [u8; N]) -> &mut [u8] {
    let (left, last) = place.split_last_chunk_mut().expect("there is room for the longest");
    *last = bytes;
    left
}

/// The two digits of a number below a hundred.
pub(crate) const fn pair(number: u32) -> [u8; 2] {
    PAIRS[number as usize]
}

fn digit(number: u64) -> [u8; 1] {
    [PAIRS[place(number)][1]]
}

fn place(number: u64) -> usize {
    usize::try_from(number).expect("it is below a hundred")
}

/// The digits of all numbers below a hundred.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut number = 0_u8;
    while number < 100 {
        pairs[number as usize] = [b'0' + number / 10, b'0' + number % 10];
        number += 1;
    }
    pairs
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;

    proptest! {
        #[test]
        fn is_what_others_show(
            magnitude in prop_oneof![0..100_000_u64, any::<u64>()],
            decimals in 0..=28_u32,
            is_negative: bool,
        ) {
            let mut value = Decimal::from_i128_with_scale(magnitude.into(), decimals);
            value.set_sign_negative(is_negative);
            let text = DecimalText::of(magnitude, decimals as usize, is_negative);
            prop_assert_eq!(text.as_str(), value.to_string());
            let whole = DecimalText::whole(magnitude);
            prop_assert_eq!(whole.as_str(), magnitude.to_string());
        }
    }

    #[test]
    fn the_longest_has_room() {
        let text = DecimalText::of(u64::MAX, 28, true);
        assert_eq!(text.as_str(), "-0.0000000018446744073709551615");
    }
}
