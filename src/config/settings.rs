//! The settings in force, after defaults: what the stages see of `billing.toml`.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::Weekday;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ExportSettings, InputSettings, LedgerSettings, NumberFormat, ReviewSettings, Seller};
use crate::locale::Locale;
use crate::model::Proration;
use crate::value::{Rounding, Zone};

/// Everything `billing.toml` decides.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who sends the invoices.
    pub seller: Seller,
    /// The zone of accounts that name none, and of bare dates on the command line.
    pub zone: Zone,
    /// The language and the formats of documents, for accounts that name none.
    pub locale: Locale,
    /// Days from issue to due date.
    pub payment_terms_days: u32,
    /// Whether invoices that come to nothing and ask for nothing are published.
    pub publish_zero_amount: bool,
    /// How invoices are numbered.
    pub numbering: Numbering,
    /// How prices are prorated that do not say so themselves.
    pub proration: Proration,
    /// Where periods begin, for prices that do not say it.
    pub periods: Periods,
    /// How the two lines of a change are shown.
    pub proration_lines: ProrationLines,
    /// How taxes are chosen and rounded.
    pub tax: TaxSettings,
    /// Where credits for published invoices go.
    pub credit_notes: CreditNotes,
    /// How credit notes are numbered.
    pub credit_note_numbering: Numbering,
    /// Which account of the general ledger everything is booked to.
    pub ledger: LedgerSettings,
    /// What the PDF looks like.
    pub look: Look,
    /// What accounting programs call what is billed.
    pub export: ExportSettings,
    /// What of a close is worth a second look.
    pub review: ReviewSettings,
    /// What of the input files is right although it looks wrong.
    pub input: InputSettings,
}

impl Settings {
    /// How credit notes, or all other documents, are numbered.
    pub fn numbering_of(&self, is_credit_note: bool) -> &Numbering {
        if is_credit_note { &self.credit_note_numbering } else { &self.numbering }
    }
}

/// Where the calendar has periods begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Periods {
    /// The day of the month that periods begin on, for prices that name none; without it they
    /// begin on the day of the start.
    pub anchor_day: Option<u32>,
    /// The month that quarters and years of the calendar are counted from; 1 is January.
    pub first_month: u32,
    /// The day that weeks begin on, if they do not begin on the day of the start.
    pub first_weekday: Option<Weekday>,
}

impl Default for Periods {
    fn default() -> Self {
        Self { anchor_day: None, first_month: 1, first_weekday: None }
    }
}

/// How taxes are chosen and rounded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaxSettings {
    /// The tax code of lines for which neither the account nor the price names one.
    pub default_code: Option<Arc<str>>,
    /// The date that decides which rate is valid.
    pub point: TaxPoint,
    /// What is rounded.
    pub round_per: TaxRounding,
    /// How.
    pub rounding: Rounding,
}

/// The tax point: the date that decides which rate is valid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaxPoint {
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
pub enum TaxRounding {
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
pub enum CreditNotes {
    /// On the next invoice, beside its charges. The default.
    #[default]
    Inline,
    /// On documents of their own, which name the invoice they credit.
    Separate,
}

/// How the two lines of a change are shown. The amounts are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProrationLines {
    /// What remains on the new terms, and what was not used of the old. The default, and Kumu's.
    #[default]
    Pairs,
    /// One line: "2 instead of 3".
    Net,
}

/// How invoice numbers are made.
#[derive(Clone, Debug)]
pub struct Numbering {
    /// The pattern; it also names the series.
    pub format: NumberFormat,
    /// The first number of a series.
    pub first: u64,
}

/// The appearance of the PDF.
#[derive(Clone, Debug)]
pub struct Look {
    /// The one colour beside black, as red, green, blue.
    pub accent: [u8; 3],
    /// The sheet.
    pub page_size: PageSize,
    /// Whether PDFs are made.
    pub packing: Packing,
    /// Whether invoices that payments have paid get a receipt.
    pub receipts: bool,
    /// Font files for scripts that the bundled font lacks, asked in this order.
    pub fonts: Vec<PathBuf>,
    /// What becomes of characters that no font has.
    pub missing_characters: MissingCharacters,
    /// The PNG or JPEG file of the logo.
    pub logo: Option<PathBuf>,
}

/// What becomes of the PDFs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Packing {
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
pub enum MissingCharacters {
    /// Nothing is published, or not for the account, as with any other problem. The default.
    #[default]
    Stop,
    /// � is printed for each, and exceptions.csv lists them.
    Mark,
}

/// The sheet of paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PageSize {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 8.5 × 11 in.
    Letter,
}
