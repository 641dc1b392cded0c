//! Formats numbers for PDF.

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

const DIGITS: &[u8; 10] = b"0123456789";
