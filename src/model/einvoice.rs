//! What accounts and sellers fill in for e-invoices, in the terms of EN 16931.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A format of e-invoices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum EInvoiceFormat {
    /// Peppol BIS Billing 3, in UBL.
    Peppol,
    /// XRechnung 3, in UBL.
    XRechnung,
    /// Factur-X or ZUGFeRD in the profile EN 16931: CII inside the PDF.
    FacturX,
}

impl EInvoiceFormat {
    /// The word in tables and settings.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Peppol => "peppol",
            Self::XRechnung => "xrechnung",
            Self::FacturX => "facturx",
        }
    }

    /// The name in messages.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Peppol => "Peppol BIS Billing 3",
            Self::XRechnung => "XRechnung",
            Self::FacturX => "Factur-X",
        }
    }

    /// Whether the e-invoice is a file of its own.
    pub(crate) fn is_a_file(self) -> bool {
        self != Self::FacturX
    }
}

/// The e-invoice of an account, or of accounts that name none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EInvoiceChoice {
    /// No e-invoice. The default.
    #[default]
    None,
    /// A Peppol BIS Billing 3 document as a file in `einvoice/`.
    Peppol,
    /// An XRechnung 3 as a file in `einvoice/`.
    XRechnung,
    /// A Factur-X, also called ZUGFeRD: XML inside the PDF.
    FacturX,
}

impl EInvoiceChoice {
    /// The words for the choices.
    pub(crate) const WORDS: [(&'static str, Self); 4] = [
        ("none", Self::None),
        ("peppol", Self::Peppol),
        ("xrechnung", Self::XRechnung),
        ("facturx", Self::FacturX),
    ];

    /// The format; `None` for no e-invoice.
    pub(crate) const fn format(self) -> Option<EInvoiceFormat> {
        match self {
            Self::None => None,
            Self::Peppol => Some(EInvoiceFormat::Peppol),
            Self::XRechnung => Some(EInvoiceFormat::XRechnung),
            Self::FacturX => Some(EInvoiceFormat::FacturX),
        }
    }
}

/// An identifier and the code of its scheme; either may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SchemedId {
    pub(crate) id: Box<str>,
    /// The code of the scheme.
    pub(crate) scheme: Box<str>,
}

/// What an account fills in for e-invoices. Any text may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BuyerDetails {
    /// The e-invoice that it asks for; `None` for that of the settings.
    pub(crate) choice: Option<EInvoiceChoice>,
    /// The ISO 3166 code of the country (BT-55).
    pub(crate) country_code: Box<str>,
    /// The electronic address (BT-49).
    pub(crate) endpoint: SchemedId,
    /// The buyer's reference (BT-10); the Leitweg-ID of German authorities.
    pub(crate) buyer_reference: Box<str>,
    /// The number of the order (BT-13).
    pub(crate) purchase_order: Box<str>,
    /// The number in a register of companies (BT-47).
    pub(crate) legal: SchemedId,
    /// The reference of the SEPA mandate (BT-89).
    pub(crate) mandate_id: Box<str>,
    /// The debited account (BT-91).
    pub(crate) mandate_iban: Box<str>,
}

/// What a seller fills in for e-invoices. Any text may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SellerDetails {
    /// The ISO 3166 code of the country (BT-40).
    pub(crate) country_code: Box<str>,
    /// The electronic address (BT-34).
    pub(crate) endpoint: SchemedId,
    /// The number in a register of companies (BT-30).
    pub(crate) legal: SchemedId,
    /// The person or department to ask (BT-41).
    pub(crate) contact_name: Box<str>,
    /// Its telephone number (BT-42).
    pub(crate) contact_phone: Box<str>,
    /// Its e-mail address (BT-43).
    pub(crate) contact_email: Box<str>,
    /// The account to pay to (BT-84).
    pub(crate) iban: Box<str>,
    /// Its bank (BT-86).
    pub(crate) bic: Box<str>,
    /// Its owner (BT-85).
    pub(crate) account_name: Box<str>,
    /// The creditor identifier for direct debits (BT-90).
    pub(crate) creditor_id: Box<str>,
    /// The code of UNTDID 4461 for the means of payment (BT-81).
    pub(crate) payment_means: Box<str>,
}

/// The VAT category of a rate (BT-118), as UNTDID 5305 codes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum TaxCategory {
    /// A rate above zero.
    S,
    /// A rate of zero.
    Z,
    /// Exempt from tax.
    E,
    /// The buyer owes the tax.
    AE,
    /// An export: outside of the EU.
    G,
    /// The tax of the Canary Islands.
    L,
    /// The tax of Ceuta and Melilla.
    M,
    /// Not subject to tax.
    O,
}

impl TaxCategory {
    const ALL: [Self; 8] =
        [Self::S, Self::Z, Self::E, Self::AE, Self::G, Self::L, Self::M, Self::O];

    /// The code.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::Z => "Z",
            Self::E => "E",
            Self::AE => "AE",
            Self::G => "G",
            Self::L => "L",
            Self::M => "M",
            Self::O => "O",
        }
    }

    /// Reads a code.
    pub(crate) fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.code() == code)
    }

    /// The codes, for messages.
    pub(crate) fn codes() -> String {
        Self::ALL.map(Self::code).join(", ")
    }

    /// Whether the breakdown states why no tax is charged.
    pub(crate) const fn needs_reason(self) -> bool {
        matches!(self, Self::E | Self::AE | Self::G | Self::O)
    }
}
