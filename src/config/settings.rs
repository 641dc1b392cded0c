//! The settings in force, with defaults: `billing.toml` as the stages use it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::Weekday;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    ExportSettings, InputSettings, LedgerSettings, NumberFormat, OutputSettings, ReviewSettings,
    Seller,
};
use crate::locale::Locale;
use crate::model::{EInvoiceChoice, PaymentTerms, Proration};
use crate::value::{Amount, Currency, Rounding, Zone};

/// The settings of `billing.toml`.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) seller: Seller,
    /// The zone of accounts without one, and of bare dates on the command line.
    pub(crate) zone: Zone,
    /// The locale of accounts without one.
    pub(crate) locale: Locale,
    /// The terms of payment of accounts without their own.
    pub(crate) payment_terms: PaymentTerms,
    /// Whether to publish invoices with a zero total and nothing due.
    pub(crate) publish_zero_amount: bool,
    /// The least total of an invoice, by currency. Smaller ones wait for the next one.
    pub(crate) minimum: BTreeMap<Currency, Amount>,
    /// The most lines of an invoice.
    pub(crate) max_lines: usize,
    pub(crate) numbering: Numbering,
    /// The proration of prices without settings of their own.
    pub(crate) proration: Proration,
    /// The period start of prices without one of their own.
    pub(crate) periods: Periods,
    pub(crate) proration_lines: ProrationLines,
    pub(crate) tax: TaxSettings,
    /// The e-invoice of accounts that name none.
    pub(crate) einvoice: EInvoiceChoice,
    /// The place of credits for published invoices.
    pub(crate) credit_notes: CreditNotes,
    pub(crate) credit_note_numbering: Numbering,
    /// When credit is listed to be paid back.
    pub(crate) refund_credit: RefundCredit,
    /// The accounts of the general ledger.
    pub(crate) ledger: LedgerSettings,
    pub(crate) look: Look,
    /// The names that accounting programs use.
    pub(crate) export: ExportSettings,
    /// The limits for a second look.
    pub(crate) review: ReviewSettings,
    /// Exceptions from the checks of the input files.
    pub(crate) input: InputSettings,
    /// Who may read what is published, and where it is witnessed.
    pub(crate) output: OutputSettings,
}

impl Settings {
    /// The numbering of credit notes, or of all other invoices.
    pub(crate) fn numbering_of(&self, is_credit_note: bool) -> &Numbering {
        if is_credit_note { &self.credit_note_numbering } else { &self.numbering }
    }
}

/// The calendar days on which periods begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Periods {
    /// The day of the month on which periods begin, for prices without one. `None` means the day of
    /// the start.
    pub(crate) anchor_day: Option<u32>,
    /// The month from which quarters and years count; 1 is January.
    pub(crate) first_month: u32,
    /// The first day of weeks. `None` means the day of the start.
    pub(crate) first_weekday: Option<Weekday>,
}

impl Default for Periods {
    fn default() -> Self {
        Self { anchor_day: None, first_month: 1, first_weekday: None }
    }
}

/// The choice and rounding of taxes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TaxSettings {
    /// The tax code of lines without one from the account or the price.
    pub(crate) default_code: Option<Arc<str>>,
    /// The date that decides the rate.
    pub(crate) point: TaxPoint,
    pub(crate) round_per: TaxRounding,
    pub(crate) rounding: Rounding,
}

/// The tax point: the date that decides which rate is valid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TaxPoint {
    /// The date on which a line falls due, which is that of its invoice. The default.
    #[default]
    InvoiceDate,
    /// The first day of the service.
    ServiceStart,
    /// The last day of the service.
    ServiceEnd,
}

/// What is rounded when tax is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TaxRounding {
    /// The tax at each rate, once a document. The default.
    #[default]
    Rate,
    /// All tax of a document at once.
    Document,
    /// The tax of each line.
    Line,
}

/// Where credits for published invoices go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CreditNotes {
    /// On the next invoice, beside its charges. The default.
    #[default]
    Inline,
    /// On documents of their own, which name the invoice they credit.
    Separate,
}

/// When credit is listed in refunds.csv, to be paid back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RefundCredit {
    /// Never: there is no refunds.csv. The default.
    #[default]
    Never,
    /// When all subscriptions of the account have ended, and it owes nothing.
    WhenEnded,
}

/// How the two lines of a change are shown. The amounts are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ProrationLines {
    /// What remains on the new terms, and what was not used of the old. The default, and Kumu's.
    #[default]
    Pairs,
    /// One line: "2 instead of 3".
    Net,
}

/// The numbering of invoices.
#[derive(Clone, Debug)]
pub(crate) struct Numbering {
    /// The pattern, which also determines the series.
    pub(crate) format: NumberFormat,
    /// The first number of a series.
    pub(crate) first: u64,
}

/// The appearance of the PDF.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    /// The accent colour as red, green, blue.
    pub(crate) accent: [u8; 3],
    pub(crate) page_size: PageSize,
    pub(crate) packing: Packing,
    /// Whether an invoice gets a receipt once payments have paid it.
    pub(crate) receipts: bool,
    /// Font files for scripts that the bundled font lacks, in order of search.
    pub(crate) fonts: Vec<PathBuf>,
    /// The treatment of characters without a font.
    pub(crate) missing_characters: MissingCharacters,
    /// The PNG or JPEG file of the logo.
    pub(crate) logo: Option<PathBuf>,
    /// Whether PDFs show lines of zero beside others.
    pub(crate) zero_lines: bool,
}

/// What becomes of the PDFs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Packing {
    /// A file each, in `pdf/`.
    #[default]
    Files,
    /// One archive with the same files.
    Zip,
    /// None are made: the close is for finance alone.
    None,
}

/// What becomes of characters that no font has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MissingCharacters {
    /// Nothing is published, or not for the account, as with any other problem. The default.
    #[default]
    Stop,
    /// � is printed for each, and exceptions.csv lists them.
    Mark,
}

/// The sheet of paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum PageSize {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 8.5 × 11 in.
    Letter,
}
