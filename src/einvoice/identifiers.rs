//! Numbers with a form or check digits of their own.

use std::borrow::Cow;

use super::codes::CodeList;

/// A tax number as a VAT number (BT-31 and BT-48): without separators. Empty if it does not begin with
/// the code of a country (BR-CO-09).
pub(super) fn vat_id(number: &str) -> Cow<'_, str> {
    let is_bare = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
    let bare: Cow<'_, str> = if number.chars().all(is_bare) {
        Cow::Borrowed(number)
    } else {
        let kept = number.chars().filter(|c| !c.is_whitespace() && !".-/".contains(*c));
        Cow::Owned(kept.flat_map(char::to_uppercase).collect())
    };
    let has_digits = bare.contains(|c: char| c.is_ascii_digit());
    // The tax numbers of Greece have a prefix of their own.
    let is_prefixed =
        bare.get(..2).is_some_and(|prefix| prefix == "EL" || CodeList::Countries.has(prefix));
    if has_digits && is_prefixed { bare } else { Cow::Borrowed("") }
}

/// Whether a text is an IBAN with the right check digits (ISO 13616), with or without blanks.
pub(super) fn is_iban(text: &str) -> bool {
    let bare: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
    let is_plausible = (15..=34).contains(&bare.len())
        && bare.iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        && bare[..2].iter().all(u8::is_ascii_uppercase)
        && bare[2..4].iter().all(u8::is_ascii_digit);
    let moved = || bare[4..].iter().chain(&bare[..4]);
    is_plausible && moved().fold(0, |rest, byte| append_modulo(rest, *byte, 97)) == 1
}

/// Appends a digit, or a letter as the two digits of 10 to 35, to a number modulo another.
fn append_modulo(rest: u32, byte: u8, modulus: u32) -> u32 {
    match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % modulus,
        _ => (rest * 100 + u32::from(byte - b'A') + 10) % modulus,
    }
}

/// The fault of an identifier by the scheme of its register, and the rule of Peppol that asks for it.
pub(super) fn scheme_fault(scheme: &str, id: &str) -> Option<(&'static str, &'static str)> {
    let digits = id.bytes().all(|byte| byte.is_ascii_digit());
    let (rule, is_right, form) = match scheme {
        "0088" => {
            ("PEPPOL-COMMON-R040", digits && is_gln(id), "a GLN of 13 digits, the last to check")
        }
        "0192" => (
            "PEPPOL-COMMON-R041",
            digits
                && id.len() == 9
                && weighted(id, &[3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11),
            "a Norwegian organization number of 9 digits, the last to check",
        ),
        "0184" => (
            "PEPPOL-COMMON-R042",
            id.len() == 10
                && id.starts_with("DK")
                && id.bytes().skip(2).all(|byte| byte.is_ascii_digit()),
            "DK and the 8 digits of a CVR number",
        ),
        "0208" => (
            "PEPPOL-COMMON-R043",
            digits && is_belgian(id),
            "a Belgian enterprise number of 10 digits, the last two to check",
        ),
        "0007" => (
            "PEPPOL-COMMON-R049",
            digits && id.len() == 10,
            "a Swedish organization number of 10 digits",
        ),
        "0151" => (
            "PEPPOL-COMMON-R050",
            digits && is_abn(id),
            "an Australian Business Number of 11 digits, the first two to check",
        ),
        _ => return None,
    };
    (!is_right).then_some((rule, form))
}

/// The sum of digits with their weights.
fn weighted(digits: &str, weights: &[u32]) -> u32 {
    digits.bytes().zip(weights).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum()
}

/// The check digit of GS1, for numbers of any length that it has.
fn is_gln(digits: &str) -> bool {
    let weights = digits.bytes().rev().zip([1, 3].into_iter().cycle());
    let sum: u32 = weights.map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    digits.len() == 13 && sum.is_multiple_of(10)
}

fn is_belgian(digits: &str) -> bool {
    let Some((number, check)) = digits.split_at_checked(8) else { return false };
    let (number, check) = (number.parse::<u32>(), check.parse::<u32>());
    digits.len() == 10 && number.is_ok_and(|number| check == Ok(97 - number % 97))
}

fn is_abn(digits: &str) -> bool {
    let sum = weighted(digits, &[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
    // The first digit counts one less.
    digits.len() == 11 && sum.checked_sub(10).is_some_and(|sum| sum.is_multiple_of(89))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vat_numbers_begin_with_a_country_and_have_no_separators() {
        for (number, vat) in [
            ("DE123456789", "DE123456789"),
            ("BE 0123.456.789", "BE0123456789"),
            ("che-123.456.789 MWST", "CHE123456789MWST"),
            ("EL123456789", "EL123456789"),
            ("XI123456789", "XI123456789"),
            ("29ABCDE1234F1Z5", ""),
            ("51 824 753 556", ""),
            ("DE", ""),
            ("", ""),
            ("Ä1", ""),
        ] {
            assert_eq!(vat_id(number), vat, "{number}");
        }
    }

    #[test]
    fn ibans_have_check_digits() {
        for iban in ["DE02120300000000202051", "GB82 WEST 1234 5698 7654 32", "NO9386011117947"] {
            assert!(is_iban(iban), "{iban}");
        }
        for iban in ["DE02120300000000202052", "DE02", "", "de02120300000000202051", "1E02"] {
            assert!(!is_iban(iban), "{iban}");
        }
    }

    #[test]
    fn identifiers_have_the_form_of_their_scheme() {
        for (scheme, right, wrong) in [
            ("0088", "4012345000009", "4012345000008"),
            ("0192", "923609016", "923609017"),
            ("0184", "DK12345678", "12345678"),
            ("0208", "0202239951", "0202239952"),
            ("0007", "5567321707", "556732-1707"),
            ("0151", "51824753556", "51824753557"),
        ] {
            assert_eq!(scheme_fault(scheme, right), None, "{right}");
            for wrong in [wrong, "", "1", "ABC", "99999999999999999999"] {
                assert!(scheme_fault(scheme, wrong).is_some(), "{scheme}: {wrong}");
            }
        }
        assert_eq!(scheme_fault("9930", "anything"), None);
    }
}
