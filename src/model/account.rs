//! A customer: who gets the invoice, where, and in which calendar.

use std::sync::Arc;

use super::TaxFacts;
use crate::locale::Locale;
use crate::value::Zone;

/// One invoice goes to one account (per currency and boundary).
#[derive(Clone, Debug)]
pub struct Account {
    /// `account_id`.
    pub id: Arc<str>,
    /// The name on the invoice.
    pub name: Box<str>,
    /// The account's own e-mail address; empty if it has none.
    pub email: Box<str>,
    /// Where invoices go instead, if somebody else pays or reads them.
    pub billing_email: Option<Box<str>>,
    /// The postal address, as far as it is known.
    pub address: Address,
    /// VAT or other tax number.
    pub tax_id: Option<Box<str>>,
    /// The calendar in which boundaries and dates are counted.
    pub zone: Zone,
    /// The language of its documents, and how numbers and dates are written in them.
    pub locale: Locale,
    /// The tax code it names, instead of those of prices.
    pub tax_code: Option<Arc<str>>,
    /// The line of the file it stands in, for messages.
    pub line: u64,
}

impl Account {
    /// What decides about its taxes.
    pub fn tax_facts(&self) -> TaxFacts {
        TaxFacts {
            code: self.tax_code.clone(),
            country: self.address.country.clone(),
            region: self.address.region.clone(),
        }
    }

    /// Whether they are these.
    pub fn has_tax_facts(&self, facts: &TaxFacts) -> bool {
        let TaxFacts { code, country, region } = facts;
        self.tax_code == *code && self.address.country == *country && self.address.region == *region
    }

    /// The language that its documents and messages are in, as BCP 47 has it.
    pub fn language(&self) -> &'static str {
        self.locale.tag()
    }

    /// Where the invoice is sent: the billing address if there is one; empty if there is none at
    /// all.
    pub fn recipient_email(&self) -> &str {
        self.billing_email.as_deref().unwrap_or(&self.email)
    }
}

/// A postal address; any part may be empty.
#[derive(Clone, Debug, Default)]
pub struct Address {
    /// Street and number.
    pub line1: Box<str>,
    /// Floor, suite, care of.
    pub line2: Box<str>,
    /// Town.
    pub city: Box<str>,
    /// State, province or county.
    pub region: Box<str>,
    /// Postal code.
    pub postal_code: Box<str>,
    /// Country, as it is to be printed.
    pub country: Box<str>,
}

impl Address {
    /// The lines to print, without empty ones: street, town, country. Where there is a state or
    /// county it stands between town and postal code, as it does where such are written.
    pub fn lines(&self) -> Vec<String> {
        [&*self.line1, &*self.line2, &*self.town(), &*self.country]
            .into_iter()
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    }

    fn town(&self) -> String {
        let (city, region, code) = (&*self.city, &*self.region, &*self.postal_code);
        let parts = if region.is_empty() {
            format!("{code} {city}")
        } else {
            format!("{city}, {region} {code}")
        };
        parts.trim_matches([' ', ',']).to_owned()
    }
}
