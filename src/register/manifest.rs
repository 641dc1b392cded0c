//! `manifest.json`: written last, it completes a close and proves its content.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::config::{
    CreditNotes, Look, NumberFormat, Numbering, Packing, ProrationLines, Settings, TaxPoint,
    TaxRounding, TaxSettings,
};
use crate::model::Rules;
use crate::model::{CreditRules, NumberRange, PaymentTerms};
use crate::table::Source;
use crate::value::Rounding;

/// The file format that this program writes.
pub(crate) const FORMAT: u32 = 6;

/// The file formats that it reads. Format 3 does not record the rules of a close. Formats 3 and 4
/// have sentences instead of the wording data of lines. Formats before 6 keep no inputs.
pub(crate) const FORMATS: RangeInclusive<u32> = 3..=FORMAT;

impl Manifest {
    /// The rules for its credits.
    pub(crate) fn credit_rules(&self) -> CreditRules {
        if self.rules == Rules::FIRST { CreditRules::Apart } else { CreditRules::OfTheirCharges }
    }
}

/// The content and the sources of a close. Every manifest has the digest of the one before, so that
/// history cannot change unnoticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the file format.
    pub format: u32,
    /// The program that wrote it.
    pub tool: Tool,
    /// The version of the billing rules: 1 for the first rules.
    #[serde(default = "first_rules")]
    pub rules: u32,
    /// The version of the bytes of PDFs, state and report: equal inputs give equal bytes. 0 before
    /// format 6.
    #[serde(default)]
    pub rendering: u32,
    /// The version of the IANA time zones used.
    #[serde(default)]
    pub time_zones: Option<String>,
    /// The name of the close and of its folder.
    pub close: String,
    /// Everything due up to this instant is billed.
    pub as_of: String,
    /// The close before, unless this is the first.
    pub previous: Option<CloseRef>,
    /// The special options of the run.
    pub options: Options,
    /// The settings for invoices at that time.
    pub settings: DocumentSettings,
    /// The input files.
    pub inputs: Vec<InputFile>,
    /// The files of the close, except this one.
    pub outputs: Vec<OutputFile>,
    /// Row counts.
    pub counts: Counts,
    /// The ids of accounts withheld because of problems, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<String>,
    /// Accounts with documents below the minimum, which their next document will have, and the second
    /// since 1970 up to which each is billed; null if it was never billed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub carried: BTreeMap<String, Option<i64>>,
    /// Sums by currency, in major units.
    pub totals: BTreeMap<String, TotalsByCurrency>,
    /// The numbers used, by series.
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

/// The special options of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Options {
    /// Turn a changed history into corrections.
    pub accept_history_change: bool,
    /// Let a first close bill everything since the start.
    pub bill_from_start: bool,
    /// The close lay in the future by the clock of the run.
    #[serde(default)]
    pub ahead: bool,
    /// Nothing was billed: everything due counts as billed elsewhere.
    pub opening: bool,
}

/// Settings of billing.toml that decide about invoices but not about money. They may change, so
/// each close is checked against its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentSettings {
    /// The pattern of numbers.
    pub(crate) number_format: String,
    /// The first number of a series.
    pub(crate) first_number: u64,
    /// Days from issue to due date.
    pub(crate) payment_terms_days: u32,
    /// The terms of payment, if they are no days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) payment_terms: Option<String>,
    /// Whether invoices with only zero lines are published.
    pub(crate) publish_zero_amount: bool,
    /// How the two lines of a change are shown.
    pub(crate) proration_lines: ProrationLines,
    /// Where credits for published invoices appear.
    pub(crate) credit_notes: CreditNotes,
    /// The pattern of credit note numbers.
    pub(crate) credit_note_format: String,
    /// The tax code of lines without another one.
    pub(crate) default_tax_code: Option<String>,
    /// The tax point.
    pub(crate) tax_point: TaxPoint,
    /// The unit of tax rounding.
    pub(crate) tax_round_per: TaxRounding,
    /// The direction of tax rounding.
    pub(crate) tax_rounding: Rounding,
    /// The packing of the PDFs.
    pub(crate) packing: Packing,
    /// Whether paid invoices get receipts.
    pub(crate) receipts: bool,
}

impl DocumentSettings {
    /// The current settings.
    pub(crate) fn of(settings: &Settings) -> Self {
        let (payment_terms_days, payment_terms) = match settings.payment_terms {
            PaymentTerms::Days(days) => (days, None),
            terms => (0, Some(terms.to_string())),
        };
        Self {
            number_format: settings.numbering.format.to_string(),
            first_number: settings.numbering.first,
            payment_terms_days,
            payment_terms,
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

    /// Restores these settings; `None` if the number pattern is invalid.
    pub(crate) fn apply(&self, settings: &Settings) -> Option<Settings> {
        let format = NumberFormat::parse(&self.number_format).ok()?;
        let credit_note_format = NumberFormat::parse(&self.credit_note_format).ok()?;
        Some(Settings {
            numbering: Numbering { format, first: self.first_number },
            payment_terms: match &self.payment_terms {
                Some(terms) => PaymentTerms::parse(terms).ok()?,
                None => PaymentTerms::Days(self.payment_terms_days),
            },
            publish_zero_amount: self.publish_zero_amount,
            // The close kept to the limit of its own time.
            max_lines: usize::MAX,
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

impl InputFile {
    pub(crate) fn of(source: &Source) -> Self {
        let Source { name, sha256, bytes, rows } = source.clone();
        Self { name, sha256, bytes, rows }
    }

    /// The file as a source.
    pub(crate) fn source(&self) -> Source {
        let Self { name, sha256, bytes, rows } = self.clone();
        Source { name, sha256, bytes, rows }
    }
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

/// Row counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Accounts read.
    pub accounts: u64,
    /// Subscriptions read.
    pub subscriptions: u64,
    /// Changes read.
    pub changes: u64,
    /// Changes after the close, which wait for a later one.
    pub changes_not_yet_due: u64,
    /// Invoices published.
    pub invoices: u64,
    /// Lines on them.
    pub lines: u64,
    /// Lines that correct earlier ones.
    pub corrections: u64,
    /// Rows of `exceptions.csv`.
    pub exceptions: u64,
}

impl Counts {
    /// Adds the rows of another shard.
    pub(crate) fn add(&mut self, shard: &Self) {
        self.accounts += shard.accounts;
        self.subscriptions += shard.subscriptions;
        self.changes += shard.changes;
        self.changes_not_yet_due += shard.changes_not_yet_due;
        self.invoices += shard.invoices;
        self.lines += shard.lines;
        self.corrections += shard.corrections;
        self.exceptions += shard.exceptions;
    }
}

/// Sums of the invoices in one currency, in major units with the currency's digits.
///
/// `opening_credit + credit_granted + overpaid − credit_applied − refunded − credited +
/// otherwise_to_credit = closing_credit`, and `total = subtotal − discount + tax − tax_included = amount_due +
/// credit_applied − credit_granted`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotalsByCurrency {
    /// Invoices.
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
    /// The tax that the lines already include.
    pub tax_included: String,
    /// The total of the invoices.
    pub total: String,
    /// Credit used to pay them.
    pub credit_applied: String,
    /// Credit granted for negative totals.
    pub credit_granted: String,
    /// The amount that customers must pay.
    pub amount_due: String,
    /// Credit of all accounts before the close.
    pub opening_credit: String,
    /// Credit of all accounts after the close.
    pub closing_credit: String,
    /// The payments.
    pub payments: PaymentTotals,
    /// Amounts not credited because their invoices have nothing left; `exceptions.csv` has the
    /// rows. Empty if there are none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub over_credit: String,
}

/// Sums of the payments in one currency.
///
/// `received = paid + overpaid`, `returned = taken_back + refunded`, and `opening_receivable +
/// amount_due − paid + taken_back − credited − written_off − bank_fees − exchange_difference +
/// otherwise_to_credit = closing_receivable`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentTotals {
    /// Money received.
    pub received: String,
    /// Money paid back.
    pub returned: String,
    /// The part of the received money that paid invoices.
    pub paid: String,
    /// The part of the received money that became credit.
    pub overpaid: String,
    /// The part of the money paid back that was taken from invoices.
    pub taken_back: String,
    /// The part of the money paid back that came from credit.
    pub refunded: String,
    /// The amount of credit notes applied to their invoices.
    pub credited: String,
    /// The net amount written off. Empty if there is none, like the next three.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub written_off: String,
    /// The net amount that banks and payment providers kept.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub bank_fees: String,
    /// The net amount of exchange differences.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub exchange_difference: String,
    /// The part of bank fees and exchange differences that became credit, less the part that came
    /// from credit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub otherwise_to_credit: String,
    /// Credit that `refunds.csv` lists to be paid back. Empty if there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub refundable: String,
    /// Receivables before the close.
    pub opening_receivable: String,
    /// Receivables after the close.
    pub closing_receivable: String,
}
