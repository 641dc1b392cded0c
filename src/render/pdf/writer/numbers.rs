//! Formats numbers for PDF.

use crate::value::DecimalText;

/// Writes a whole number of tenths, hundredths or thousandths, without trailing zeros.
pub(crate) fn write_fixed(out: &mut Vec<u8>, value: i32, decimals: usize) {
    let mut text = [0; 16];
    let mut start = text.len();
    let mut put = |byte: u8| {
        start -= 1;
        text[start] = byte;
    };
    let mut rest = value.unsigned_abs() as usize;
    let mut has_part = false;
    for _ in 0..decimals {
        has_part |= !rest.is_multiple_of(10);
        if has_part {
            put(DIGITS[rest % 10]);
        }
        rest /= 10;
    }
    if has_part {
        put(b'.');
    }
    while rest > 0 {
        put(DIGITS[rest % 10]);
        rest /= 10;
    }
    if value == 0 {
        put(b'0');
    } else if value < 0 {
        put(b'-');
    }
    out.extend_from_slice(&text[start..]);
}

/// A whole number in decimal digits.
pub(crate) fn write_number(out: &mut Vec<u8>, number: usize) {
    out.extend_from_slice(DecimalText::whole(number as u64).as_bytes());
}

const DIGITS: &[u8; 10] = b"0123456789";

/// A hundredth of a point is finer than any printer, and short to write.
pub(crate) fn hundredths(points: f32) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "pages are some hundred points wide")]
    let hundredths = (points * 100.0 + 0.5_f32.copysign(points)) as i32;
    hundredths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        let text = |value, decimals| {
            let mut out = Vec::new();
            write_fixed(&mut out, value, decimals);
            String::from_utf8(out).expect("digits")
        };
        assert_eq!(text(0, 2), "0");
        assert_eq!(text(5400, 2), "54");
        assert_eq!(text(-12_305, 2), "-123.05");
        assert_eq!(text(60, 2), ".6");
        assert_eq!(text(-7, 3), "-.007");
        assert_eq!(text(1000, 3), "1");
        assert_eq!(text(-250, 0), "-250");
    }

    #[test]
    fn whole_numbers_have_all_their_digits() {
        for number in [0, 7, 10, 99, 1_234_567, usize::MAX] {
            let mut out = Vec::new();
            write_number(&mut out, number);
            assert_eq!(String::from_utf8(out).expect("digits"), number.to_string());
        }
    }
}
