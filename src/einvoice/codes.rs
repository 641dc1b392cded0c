//! The code lists of e-invoices.

use std::collections::HashSet;
use std::sync::LazyLock;

const LISTS: &str = include_str!("../../assets/einvoice/codes.txt");

/// A code list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    Countries,
    Registers,
    Endpoints,
    PeppolEndpoints,
    PaymentMeans,
    Exemptions,
    Units,
}

impl List {
    const fn name(self) -> &'static str {
        match self {
            Self::Countries => "countries",
            Self::Registers => "registers",
            Self::Endpoints => "endpoints",
            Self::PeppolEndpoints => "peppol_endpoints",
            Self::PaymentMeans => "means",
            Self::Exemptions => "exemptions",
            Self::Units => "units",
        }
    }

    fn has(self, code: &str) -> bool {
        CODES.contains(&(self.name(), code))
    }
}

/// All codes, each with the name of its list.
static CODES: LazyLock<HashSet<(&str, &str)>> = LazyLock::new(|| {
    let mut list = "";
    let mut codes = HashSet::new();
    for line in LISTS.lines().filter(|line| !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|line| line.split_once(']')) {
            Some((name, _)) => list = name,
            None => codes.extend(line.split(' ').filter(|it| !it.is_empty()).map(|it| (list, it))),
        }
    }
    codes
});

/// Whether a code is a country of ISO 3166.
pub(crate) fn is_country(code: &str) -> bool {
    List::Countries.has(code)
}

/// Whether a code is a register of ISO 6523.
pub(crate) fn is_register(code: &str) -> bool {
    List::Registers.has(code)
}

/// Whether a code is a scheme of electronic addresses.
pub(crate) fn is_endpoint_scheme(code: &str) -> bool {
    List::Endpoints.has(code)
}

/// Whether Peppol accepts a scheme of electronic addresses.
pub(crate) fn is_peppol_endpoint_scheme(code: &str) -> bool {
    List::PeppolEndpoints.has(code)
}

/// Whether a code is a means of payment.
pub(crate) fn is_payment_means(code: &str) -> bool {
    List::PaymentMeans.has(code)
}

/// Whether a code is a reason for an exemption from VAT.
pub(crate) fn is_exemption(code: &str) -> bool {
    List::Exemptions.has(code)
}

/// Whether a code is a unit.
pub(crate) fn is_unit(code: &str) -> bool {
    List::Units.has(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_its_codes() {
        for (is_known, code, wrong) in [
            (is_country as fn(&str) -> bool, "XI", "EL"),
            (is_register, "0106", "9930"),
            (is_endpoint_scheme, "EM", "1234"),
            (is_peppol_endpoint_scheme, "9930", "EM"),
            (is_payment_means, "58", "99"),
            (is_exemption, "VATEX-EU-AE", "VATEX"),
            (is_unit, "C62", "seat"),
        ] {
            assert!(is_known(code) && !is_known(wrong) && !is_known(""), "{code}, {wrong}");
        }
        assert!(CODES.len() > 2900, "{}", CODES.len());
    }
}
