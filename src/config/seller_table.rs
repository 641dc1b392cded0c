//! The `[seller]` table.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Seller;
use super::email::is_email_address;
use super::invalid::Invalid;
use super::local_text::LocalTextTable;
use crate::locale::Locale;
use crate::model::{Address, SchemedId, SellerDetails};

/// Who sends the invoices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SellerTable {
    /// The name on the invoices. There is no default.
    name: String,
    /// The postal address, printed as written.
    #[serde(default)]
    address_line1: String,
    /// Its second line.
    #[serde(default)]
    address_line2: String,
    /// The town.
    #[serde(default)]
    city: String,
    /// The state or province.
    #[serde(default)]
    region: String,
    /// The postal code.
    #[serde(default)]
    postal_code: String,
    /// The country, in the words that are printed.
    #[serde(default)]
    country: String,
    /// The VAT or other tax number.
    tax_id: Option<String>,
    /// Where questions go.
    email: Option<String>,
    /// The website.
    web: Option<String>,
    /// How invoices are paid, printed beside the amount: a text, or one for each language, such as
    /// `{ en = "By card", de = "Mit Karte" }`.
    payment: Option<LocalTextTable>,
    /// For e-invoices: the ISO 3166 code of the country. Without it, the code of `country`.
    country_code: Option<String>,
    /// For e-invoices: the electronic address, such as a Peppol participant.
    endpoint_id: Option<String>,
    /// The scheme of the electronic address, such as 9930 for a German VAT number.
    endpoint_scheme: Option<String>,
    /// For e-invoices: the number in the register of companies.
    legal_id: Option<String>,
    /// The ISO 6523 code of that register, such as 0106 for the Dutch one.
    legal_id_scheme: Option<String>,
    /// For e-invoices: the person or department to ask.
    contact_name: Option<String>,
    /// Its telephone number.
    contact_phone: Option<String>,
    /// Its e-mail address. Without it, `email`.
    contact_email: Option<String>,
    /// For e-invoices: the bank account to pay to.
    iban: Option<String>,
    /// Its bank.
    bic: Option<String>,
    /// Its owner, if that is not the seller.
    account_name: Option<String>,
    /// For e-invoices: the SEPA creditor identifier, for direct debits.
    creditor_id: Option<String>,
    /// For e-invoices: the means of payment as UNTDID 4461 codes it. Without it: 59 (SEPA direct debit)
    /// for accounts with a mandate, and 58 (SEPA credit transfer) for others if there is an `iban`.
    payment_means: Option<String>,
}

impl SellerTable {
    /// Checks the table. `company` is the language of the company.
    pub(super) fn validate(self, company: Locale) -> Result<Seller, Invalid> {
        if self.name.trim().is_empty() {
            return Err(Invalid {
                key: "seller.name",
                value: self.name,
                rule: "is empty".to_owned(),
                hint: "an invoice names who sends it".to_owned(),
            });
        }
        let text = |text: Option<String>| Box::from(text.as_deref().unwrap_or_default().trim());
        let contact_email = text(self.contact_email.or_else(|| self.email.clone()));
        let einvoice = SellerDetails {
            country_code: text(self.country_code),
            endpoint: SchemedId { id: text(self.endpoint_id), scheme: text(self.endpoint_scheme) },
            legal: SchemedId { id: text(self.legal_id), scheme: text(self.legal_id_scheme) },
            contact_name: text(self.contact_name),
            contact_phone: text(self.contact_phone),
            contact_email,
            iban: text(self.iban),
            bic: text(self.bic),
            account_name: text(self.account_name),
            creditor_id: text(self.creditor_id),
            payment_means: text(self.payment_means),
        };
        let payment = self.payment.map(|text| text.validate("seller.payment", company));
        Ok(Seller {
            name: self.name,
            address: Address::new([
                &self.address_line1,
                &self.address_line2,
                &self.city,
                &self.region,
                &self.postal_code,
                &self.country,
            ]),
            tax_id: self.tax_id,
            email: self.email.map(email).transpose()?,
            web: self.web,
            payment: payment.transpose()?,
            einvoice,
        })
    }
}

/// Where questions go; it is printed on every document.
fn email(text: String) -> Result<String, Invalid> {
    if text.is_empty() || is_email_address(&text) {
        return Ok(text);
    }
    Err(Invalid {
        key: "seller.email",
        value: text,
        rule: "is not an e-mail address".to_owned(),
        hint: "write one address, such as billing@example.com".to_owned(),
    })
}
