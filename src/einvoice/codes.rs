//! The code lists of e-invoices.

use std::collections::HashSet;
use std::sync::LazyLock;

const LISTS: &str = include_str!("../../assets/einvoice/codes.txt");

/// A code list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeList {
    /// Countries, by ISO 3166.
    Countries,
    /// Registers of companies, by ISO 6523.
    Registers,
    /// Schemes of electronic addresses.
    Endpoints,
    /// The schemes among them that Peppol accepts.
    PeppolEndpoints,
    /// Means of payment.
    PaymentMeans,
    /// Reasons for an exemption from VAT.
    Exemptions,
    /// Units.
    Units,
}

impl CodeList {
    /// Its name in the file.
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

    /// Whether it has a code.
    pub(crate) fn has(self, code: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_its_codes() {
        for (list, code, wrong) in [
            (CodeList::Countries, "XI", "EL"),
            (CodeList::Registers, "0106", "9930"),
            (CodeList::Endpoints, "EM", "1234"),
            (CodeList::PeppolEndpoints, "9930", "EM"),
            (CodeList::PaymentMeans, "58", "99"),
            (CodeList::Exemptions, "VATEX-EU-AE", "VATEX"),
            (CodeList::Units, "C62", "seat"),
        ] {
            assert!(list.has(code) && !list.has(wrong) && !list.has(""), "{code}, {wrong}");
        }
        assert!(CODES.len() > 2900, "{}", CODES.len());
    }
}
