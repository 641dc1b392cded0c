//! `manifest.json`: written last, it makes a close a close, and proves what is in it.

use crate::model::{CreditRules, NumberRange};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::config::{
    CreditNotes, Look, NumberFormat, Numbering, Packing, ProrationLines, Settings, TaxPoint,
    TaxRounding, TaxSettings,
};
use crate::model::Rules;
use crate::value::Rounding;

/// The version of the files of a close that this program writes.
pub(crate) const FORMAT: u32 = 5;

/// The versions that it reads. Format 3 does not say by which rules a close was billed. Formats 3 and
/// 4 have the sentences of lines in place of their wording.
pub(crate) const FORMATS: RangeInclusive<u32> = 3..=FORMAT;

impl Manifest {
    /// The rules that its credits followed.
    pub(crate) fn credit_rules(&self) -> CreditRules {
        if self.rules == Rules::FIRST { CreditRules::Apart } else { CreditRules::OfTheirCharges }
    }
}

/// What a close consists of and what it came from. Every manifest names the digest of the one
/// before, so that history cannot be changed unnoticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this format.
    pub format: u32,
    /// What wrote it.
    pub tool: Tool,
    /// The version of the rules that it was billed by: see [`Rules`].
    #[serde(default = "first_rules")]
    pub rules: u32,
    /// The version of the time zones that it was billed by, as IANA names it.
    #[serde(default)]
    pub time_zones: Option<String>,
    /// The name of the close, which is its folder's.
    pub close: String,
    /// Everything due up to this instant has become invoices.
    pub as_of: String,
    /// The close before, unless this is the first.
    pub previous: Option<CloseRef>,
    /// What was asked for beyond the ordinary.
    pub options: Options,
    /// The settings that decide about documents, as they were.
    pub settings: DocumentSettings,
    /// The files it was made from.
    pub inputs: Vec<InputFile>,
    /// The files it consists of, this one left out.
    pub outputs: Vec<OutputFile>,
    /// How much of everything.
    pub counts: Counts,
    /// The accounts that were left out because something was wrong with their rows, by id, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<String>,
    /// Sums by currency, in major units.
    pub totals: BTreeMap<String, TotalsByCurrency>,
    /// The numbers given, by series.
    pub numbers: BTreeMap<String, NumberRange>,
}

fn first_rules() -> u32 {
    Rules::FIRST
}

/// Name and version of the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `prorata`.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Tool {
    /// This program.
    pub(crate) fn this() -> Self {
        Self {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// A link of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloseRef {
    /// The close.
    pub close: String,
    /// SHA-256 of its manifest.
    pub manifest_sha256: String,
}

/// What was asked for beyond the ordinary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Options {
    /// A changed past was turned into corrections.
    pub accept_history_change: bool,
    /// A first close was told to bill everything since the start.
    pub bill_from_start: bool,
    /// It lay after now, by the clock of whoever ran it.
    #[serde(default)]
    pub ahead: bool,
    /// Nothing was billed: what was due up to here counts as billed elsewhere.
    pub opening: bool,
}

/// Settings of billing.toml that decide about documents and not about money: they may change, and
/// a close is checked against its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentSettings {
    /// The pattern of numbers.
    pub(crate) number_format: String,
    /// Where a series begins.
    pub(crate) first_number: u64,
    /// Days from issue to due date.
    pub(crate) payment_terms_days: u32,
    /// Whether documents on which every line is nothing are published.
    pub(crate) publish_zero_amount: bool,
    /// How the two lines of a change are shown.
    pub(crate) proration_lines: ProrationLines,
    /// Where credits for published invoices go.
    pub(crate) credit_notes: CreditNotes,
    /// The pattern of credit notes' numbers.
    pub(crate) credit_note_format: String,
    /// The tax code of lines that get none otherwise.
    pub(crate) default_tax_code: Option<String>,
    /// The tax point.
    pub(crate) tax_point: TaxPoint,
    /// What is rounded when tax is computed.
    pub(crate) tax_round_per: TaxRounding,
    /// How.
    pub(crate) tax_rounding: Rounding,
    /// What becomes of the PDFs.
    pub(crate) packing: Packing,
    /// Whether paid invoices get receipts.
    pub(crate) receipts: bool,
}

impl DocumentSettings {
    /// Those in force.
    pub(crate) fn of(settings: &Settings) -> Self {
        Self {
            number_format: settings.numbering.format.to_string(),
            first_number: settings.numbering.first,
            payment_terms_days: settings.payment_terms_days,
            publish_zero_amount: settings.publish_zero_amount,
            proration_lines: settings.proration_lines,
            credit_notes: settings.credit_notes,
            credit_note_format: settings.credit_note_numbering.format.to_string(),
            default_tax_code: settings.tax.default_code.as_deref().map(str::to_owned),
            tax_point: settings.tax.point,
            tax_round_per: settings.tax.round_per,
            tax_rounding: settings.tax.rounding,
            packing: settings.look.packing,
            receipts: settings.look.receipts,
        }
    }

    /// Brings them into force again; `None` if the pattern is none.
    pub(crate) fn apply(&self, settings: &Settings) -> Option<Settings> {
        let format = NumberFormat::parse(&self.number_format).ok()?;
        let credit_note_format = NumberFormat::parse(&self.credit_note_format).ok()?;
        Some(Settings {
            numbering: Numbering { format, first: self.first_number },
            payment_terms_days: self.payment_terms_days,
            publish_zero_amount: self.publish_zero_amount,
            proration_lines: self.proration_lines,
            credit_notes: self.credit_notes,
            credit_note_numbering: Numbering { format: credit_note_format, first: 1 },
            tax: TaxSettings {
                default_code: self.default_tax_code.as_deref().map(Into::into),
                point: self.tax_point,
                round_per: self.tax_round_per,
                rounding: self.tax_rounding,
            },
            look: Look { packing: self.packing, receipts: self.receipts, ..settings.look.clone() },
            ..settings.clone()
        })
    }
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputFile {
    /// Its name in the input folder.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// Data rows in it.
    pub rows: u64,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputFile {
    /// Its path in the close, with `/`.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
}

/// How much of everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Accounts read.
    pub accounts: u64,
    /// Subscriptions read.
    pub subscriptions: u64,
    /// Changes read.
    pub changes: u64,
    /// Changes that lie after the close and wait for theirs.
    pub changes_not_yet_due: u64,
    /// Documents published.
    pub invoices: u64,
    /// Lines on them.
    pub lines: u64,
    /// Lines that correct earlier ones.
    pub corrections: u64,
    /// Rows of `exceptions.csv`.
    pub exceptions: u64,
}

/// Sums over the documents in one currency, in major units with the currency's digits.
///
/// `opening_credit + credit_granted + overpaid − credit_applied − refunded − credited =
/// closing_credit`, and
/// `total = subtotal − discount + tax − tax_included = amount_due + credit_applied − credit_granted`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotalsByCurrency {
    /// Documents.
    pub invoices: u64,
    /// Lines by kind.
    pub lines: BTreeMap<String, String>,
    /// Lines before tax.
    pub subtotal: String,
    /// Discounts.
    pub discount: String,
    /// Tax.
    pub tax: String,
    /// Tax by code.
    pub taxes: BTreeMap<String, String>,
    /// The part of the tax that the lines hold already.
    pub tax_included: String,
    /// What the documents come to.
    pub total: String,
    /// Credit that paid some of it.
    pub credit_applied: String,
    /// Credit that negative totals became.
    pub credit_granted: String,
    /// What customers have to pay.
    pub amount_due: String,
    /// Credit on all accounts before.
    pub opening_credit: String,
    /// Credit on all accounts afterwards.
    pub closing_credit: String,
    /// What payments did.
    pub payments: PaymentTotals,
    /// What is not credited, because invoices have no more left; `exceptions.csv` has the rows. Empty
    /// if there are none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub over_credit: String,
}

/// Sums over the payments in one currency.
///
/// `received = paid + overpaid`, `returned = taken_back + refunded`, and
/// `opening_receivable + amount_due − paid + taken_back − credited = closing_receivable`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentTotals {
    /// Money that came in.
    pub received: String,
    /// Money that was paid back.
    pub returned: String,
    /// What of the money that came in paid invoices.
    pub paid: String,
    /// What of it became credit.
    pub overpaid: String,
    /// What of the money paid back was taken from invoices.
    pub taken_back: String,
    /// What of it came out of the credit.
    pub refunded: String,
    /// What credit notes paid of the invoices that they credit.
    pub credited: String,
    /// What was open before the close.
    pub opening_receivable: String,
    /// What is open after it.
    pub closing_receivable: String,
}
