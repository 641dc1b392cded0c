//! Whole numbers as digits, where the machinery of `core::fmt` would take longer than all around it.

/// The digits of a whole number: what its `Display` writes, in a third of the time.
#[derive(Clone, Copy, Debug)]
pub struct Digits {
    text: [u8; MOST],
    first: usize,
}

/// As many as 64 bits can have.
const MOST: usize = 20;

impl Digits {
    /// Those of a number.
    pub fn of(number: u64) -> Self {
        let (mut text, mut first, mut rest) = ([b'0'; MOST], MOST, number);
        loop {
            first -= 1;
            text[first] += u8::try_from(rest % 10).unwrap_or_default();
            rest /= 10;
            if rest == 0 {
                return Self { text, first };
            }
        }
    }

    /// As a text.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.text[self.first..]).expect("digits are ASCII")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn digits_are_what_numbers_show_of_themselves(number: u64, shift in 0..64_u32) {
            for number in [number >> shift, 0, u64::MAX] {
                let digits = Digits::of(number);
                prop_assert_eq!(digits.as_str(), number.to_string());
            }
        }
    }
}
