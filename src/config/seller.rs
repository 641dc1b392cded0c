//! The sender of the invoices, and missing data about it.

use toml::de::DeTable;

use super::invoice_law::{NumberLaw, number_law};
use super::local_text::LocalText;
use crate::locale::country_code_of;
use crate::model::{Address, SellerDetails};

/// The placeholder name that `prorata init` writes. A close with this name is not published.
pub(crate) const NOBODY: &str = "Your company";

/// The legal sender of the invoices.
#[derive(Clone, Debug)]
pub(crate) struct Seller {
    pub(crate) name: String,
    /// Its postal address.
    pub(crate) address: Address,
    /// VAT or other tax number.
    pub(crate) tax_id: Option<String>,
    /// The address for questions.
    pub(crate) email: Option<String>,
    pub(crate) web: Option<String>,
    /// The payment instructions on every invoice: one or several lines.
    pub(crate) payment: Option<LocalText>,
    /// What it fills in for e-invoices.
    pub(crate) einvoice: SellerDetails,
}

/// The lines of `billing.toml` with the seller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SellerLines {
    /// The start of the table.
    pub(crate) table: Option<u64>,
    /// The line of the name.
    pub(crate) name: Option<u64>,
}

/// Missing seller data on an invoice with tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SellerGap {
    /// The address.
    Address,
    /// The tax number, which this law requires.
    Number(&'static NumberLaw),
    /// The country, which decides whether a tax number is required.
    Country,
}

impl Seller {
    /// Whether the name is the placeholder.
    pub(crate) fn is_nobody(&self) -> bool {
        self.name.trim().eq_ignore_ascii_case(NOBODY)
    }

    /// The missing data for invoices that charge tax, or shift it to the buyer.
    pub(crate) fn gaps(&self) -> Vec<SellerGap> {
        let address = &self.address;
        let has_address =
            [address.line1(), address.line2(), address.city()].into_iter().any(is_said);
        let address = (!has_address).then_some(SellerGap::Address);
        address.into_iter().chain(self.number_gap()).collect()
    }

    fn number_gap(&self) -> Option<SellerGap> {
        let country = self.address.country();
        if self.tax_id.as_deref().is_some_and(is_said) {
            None
        } else if is_said(country) {
            country_code_of(country).and_then(number_law).map(SellerGap::Number)
        } else {
            Some(SellerGap::Country)
        }
    }

    /// An unknown country of a seller without a tax number. The applicable law cannot be found.
    pub(crate) fn unknown_country(&self) -> Option<&str> {
        let country = Some(self.address.country()).filter(|country| is_said(country));
        let is_open = self.number_gap().is_none() && !self.tax_id.as_deref().is_some_and(is_said);
        country.filter(|country| is_open && country_code_of(country).is_none())
    }
}

/// Whether a text is filled in. Dots are placeholders.
fn is_said(text: &str) -> bool {
    !matches!(text.trim(), "" | "…" | "...")
}

impl SellerLines {
    /// Finds the lines in the text of `billing.toml`.
    pub(crate) fn of(text: &str) -> Self {
        let line = |at: usize| {
            let before = text.as_bytes().iter().take(at);
            Some(1 + before.filter(|byte| **byte == b'\n').count() as u64)
        };
        let Ok(file) = DeTable::parse(text) else { return Self::default() };
        let Some((key, table)) = file.get_ref().get_key_value("seller") else {
            return Self::default();
        };
        let table = table.get_ref().as_table();
        let name = table.and_then(|table| table.get_key_value("name")).map(|(key, _)| key.span());
        Self { table: line(key.span().start), name: name.and_then(|name| line(name.start)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seller(city: &str, country: &str, tax_id: Option<&str>) -> Seller {
        Seller {
            name: "Fernwood".to_owned(),
            address: Address::new(["", "", city, "", "", country]),
            tax_id: tax_id.map(str::to_owned),
            email: None,
            web: None,
            payment: None,
            einvoice: SellerDetails::default(),
        }
    }

    #[test]
    fn the_law_of_the_country_decides_about_the_number() {
        let gaps = |country, tax_id| seller("Town", country, tax_id).gaps();
        let directive = SellerGap::Number(number_law("DE").expect("a law"));
        assert_eq!(gaps("Deutschland", None), [directive]);
        assert_eq!(gaps("DE", Some(" … ")), [directive]);
        assert_eq!(gaps("DE", Some("DE123456789")), []);
        assert_eq!(gaps("UK", None), [SellerGap::Number(number_law("GB").expect("a law"))]);
        assert_eq!(gaps("United States", None), []);
        assert_eq!(gaps("", None), [SellerGap::Country]);
        assert_eq!(gaps("", Some("DE123456789")), []);
    }

    #[test]
    fn a_country_alone_is_no_address() {
        assert_eq!(seller("", "Norge", Some("NO 1 MVA")).gaps(), [SellerGap::Address]);
    }

    #[test]
    fn a_country_that_is_none_is_told_where_it_would_decide() {
        assert_eq!(seller("", "Atlantis", None).unknown_country(), Some("Atlantis"));
        assert_eq!(seller("", "Atlantis", Some("A1")).unknown_country(), None);
        assert_eq!(seller("", "US", None).unknown_country(), None);
        assert_eq!(seller("", "", None).unknown_country(), None);
    }

    #[test]
    fn lines_are_found_however_the_table_is_written() {
        let lines = |text| {
            let SellerLines { table, name } = SellerLines::of(text);
            (table, name)
        };
        assert_eq!(lines("a = 1\n\n[seller]\ncity = \"B\"\nname = \"X\"\n"), (Some(3), Some(5)));
        assert_eq!(lines("\nseller.name = \"X\"\n"), (Some(2), Some(2)));
        assert_eq!(lines("a = 1\n"), (None, None));
    }
}
