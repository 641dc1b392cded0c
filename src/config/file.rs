//! The keys of `billing.toml`, and their conversion into [`Settings`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::Weekday;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::review::{ReviewTable, least};
use super::seller_table::SellerTable;
use super::{
    CreditNotes, ExportSettings, InputSettings, LedgerSettings, Look, MissingCharacters,
    NumberFormat, Numbering, OutputSettings, Packing, PageSize, Periods, ProrationLines,
    RefundCredit, Settings, TaxPoint, TaxRounding, TaxSettings,
};
use crate::config::invalid::Invalid;
use crate::locale::Locale;
use crate::model::{
    ChangeDay, DayCount, EInvoiceChoice, EndDay, Granularity, PaymentTerms, PaymentTermsError,
    Proration, RoundPer,
};
use crate::problem::{locale_hint, zone_hint};
use crate::value::{Amount, Currency, Rounding, Zone};

/// The file as it is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BillingFile {
    /// The IANA time zone of accounts that name none, and of a bare date given to --as-of.
    #[serde(default = "utc")]
    timezone: String,
    /// The language and number formats of PDFs for accounts that name none, as a tag such as en, de-AT
    /// or pt-BR.
    locale: Option<String>,
    /// Who sends the invoices.
    seller: SellerTable,
    /// How documents are numbered, when they are due, and which are made.
    #[serde(default)]
    invoice: InvoiceTable,
    /// Where billing periods begin, for prices that do not say so.
    #[serde(default)]
    periods: PeriodsTable,
    /// How prices are prorated that do not say so themselves.
    #[serde(default)]
    proration: ProrationTable,
    /// How taxes are chosen and rounded; the rates are in `tax_rates.csv`.
    #[serde(default)]
    tax: TaxSection,
    /// What becomes of credit.
    #[serde(default)]
    payments: PaymentsTable,
    /// Which account of the books everything is posted to.
    #[serde(default)]
    ledger: LedgerSettings,
    /// What the PDFs look like.
    #[serde(default)]
    pdf: PdfTable,
    /// What accounting programs call what is billed; a name here is one there.
    #[serde(default)]
    export: ExportSettings,
    /// What of a close is listed for a second look.
    #[serde(default)]
    review: ReviewTable,
    /// How the input files are written, and what of them is right although it looks wrong.
    #[serde(default)]
    input: InputSettings,
    /// Who may read what is published, and where it is witnessed.
    #[serde(default)]
    output: OutputSettings,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct InvoiceTable {
    /// The pattern of invoice numbers. {year} and {currency} open a series of numbers each; {seq:05}
    /// counts in it, with five digits at least.
    number_format: String,
    /// Where each series begins: 1, or where the last system stopped.
    #[schemars(range(min = 1))]
    first_number: u64,
    /// Days from issue to due date.
    #[schemars(range(max = 36_500))]
    payment_terms_days: u32,
    /// The terms of payment of accounts without their own, instead of `payment_terms_days`: days ("30"),
    /// days after the end of the month ("eom+30"), or a day of the next month ("day 15").
    payment_terms: Option<String>,
    /// Whether documents on which every line is nothing are published.
    publish_zero_amount: bool,
    /// The least total of an invoice, by currency, such as 10.00 in EUR. A smaller one is not published; its
    /// lines are on the next document of the account.
    minimum: BTreeMap<String, String>,
    /// The most lines of a document. More are a problem, because they usually come from repeated rows.
    #[schemars(range(min = 1, max = 1_000_000))]
    max_lines: u32,
    /// How the two lines of a change are shown. The amounts are the same.
    proration_lines: ProrationLines,
    /// Where credits for published invoices go.
    credit_notes: CreditNotes,
    /// The pattern of the numbers of credit notes; a series of their own.
    credit_note_format: String,
    /// The e-invoice of accounts that name none.
    einvoice: EInvoiceChoice,
}

/// The days from issue to due date, if nothing is said.
const DEFAULT_TERMS: u32 = 14;

impl Default for InvoiceTable {
    fn default() -> Self {
        Self {
            number_format: "INV-{year}-{seq:05}".to_owned(),
            first_number: 1,
            payment_terms_days: DEFAULT_TERMS,
            payment_terms: None,
            publish_zero_amount: false,
            minimum: BTreeMap::new(),
            max_lines: 10_000,
            proration_lines: ProrationLines::Pairs,
            credit_notes: CreditNotes::Inline,
            credit_note_format: "CN-{year}-{seq:05}".to_owned(),
            einvoice: EInvoiceChoice::None,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct PaymentsTable {
    /// When each close lists credit to be paid back, in refunds.csv.
    refund_credit: RefundCredit,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct PeriodsTable {
    /// What periods are counted from.
    anchor: Anchor,
    /// With anchor = "calendar": the day of the month. Shorter months end on their last.
    #[schemars(range(min = 1, max = 31))]
    anchor_day: u32,
    /// The month from which years and quarters of the calendar are counted: 1 for January to 12 for
    /// December. It counts for every price with an `anchor_day`.
    #[schemars(range(min = 1, max = 12))]
    first_month: u32,
    /// With anchor = "calendar": the day on which weeks begin.
    first_weekday: FirstWeekday,
}

/// A day on which weeks begin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum FirstWeekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl FirstWeekday {
    const fn word(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Tuesday => "tuesday",
            Self::Wednesday => "wednesday",
            Self::Thursday => "thursday",
            Self::Friday => "friday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }

    fn weekday(self) -> Weekday {
        match self {
            Self::Monday => Weekday::Mon,
            Self::Tuesday => Weekday::Tue,
            Self::Wednesday => Weekday::Wed,
            Self::Thursday => Weekday::Thu,
            Self::Friday => Weekday::Fri,
            Self::Saturday => Weekday::Sat,
            Self::Sunday => Weekday::Sun,
        }
    }
}

/// Where periods begin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Anchor {
    /// The day on which a subscription began. The default.
    Anniversary,
    /// The same for everybody: months, quarters and years begin on `anchor_day`, weeks on
    /// `first_weekday`. Intervals of days begin with the subscription all the same.
    Calendar,
}

impl Default for PeriodsTable {
    fn default() -> Self {
        Self {
            anchor: Anchor::Anniversary,
            anchor_day: 1,
            first_month: 1,
            first_weekday: FirstWeekday::Monday,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct ProrationTable {
    /// What time is counted in.
    granularity: Granularity,
    /// With granularity = "day": how many days months have.
    day_count: DayCount,
    /// With granularity = "day": which terms are billed for the day of a change.
    change_day: ChangeDay,
    /// With granularity = "day": whether the day of an immediate cancellation is billed.
    end_day: EndDay,
    /// How the amount of a line is rounded, once.
    rounding: Rounding,
    /// What is rounded.
    round_per: RoundPer,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct TaxSection {
    /// The tax code of lines for which neither the account nor the price names one.
    default_code: Option<String>,
    /// The date that decides which rate is valid.
    point: TaxPoint,
    /// What is rounded when tax is computed.
    round_per: TaxRounding,
    /// How tax is rounded.
    rounding: Rounding,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct PdfTable {
    /// The one colour beside black: six hexadecimal digits.
    #[schemars(regex(pattern = "^#[0-9A-Fa-f]{6}$"))]
    accent: String,
    /// The sheet.
    #[schemars(extend("enum" = ["A4", "Letter"]))]
    page_size: String,
    /// What becomes of the PDFs.
    packing: Packing,
    /// Whether invoices that payments have paid get a receipt.
    receipts: bool,
    /// Font files for scripts whose fonts are not bundled, such as Chinese, Japanese and Korean; paths
    /// are from this folder on. They are asked before the bundled fonts of scripts other than Latin,
    /// Greek and Cyrillic.
    fonts: Vec<PathBuf>,
    /// What becomes of characters that no font has.
    missing_characters: MissingCharacters,
    /// A PNG or JPEG file for the head of the page; its path is from this folder on.
    logo: Option<PathBuf>,
    /// Whether PDFs show lines of zero beside others. A document of zero lines alone shows them.
    zero_lines: bool,
}

impl Default for PdfTable {
    fn default() -> Self {
        Self {
            accent: "#3454d1".to_owned(),
            page_size: "A4".to_owned(),
            packing: Packing::Files,
            receipts: true,
            fonts: Vec::new(),
            missing_characters: MissingCharacters::Stop,
            logo: None,
            zero_lines: false,
        }
    }
}

impl BillingFile {
    /// The default settings for a seller.
    pub(crate) fn with_defaults(seller: &str) -> Self {
        let name = toml::Value::String(seller.to_owned());
        toml::from_str(&format!("[seller]\nname = {name}\n")).expect("nothing else is needed")
    }

    /// The file with all defaults written out.
    pub(crate) fn to_toml(&self) -> String {
        toml::to_string(self).expect("its keys are texts")
    }
}

impl BillingFile {
    /// Checks the settings. Paths are relative to the input folder.
    pub(crate) fn validate(self, input: &Path) -> Result<Settings, Invalid> {
        let locale = locale(self.locale.as_deref())?;
        Ok(Settings {
            zone: zone(&self.timezone)?,
            locale,
            seller: self.seller.validate(locale)?,
            payment_terms: payment_terms(&self.invoice)?,
            publish_zero_amount: self.invoice.publish_zero_amount,
            minimum: minimum(&self.invoice.minimum)?,
            max_lines: max_lines(self.invoice.max_lines)?,
            numbering: numbering(&self.invoice)?,
            einvoice: self.invoice.einvoice,
            credit_notes: self.invoice.credit_notes,
            credit_note_numbering: credit_note_numbering(&self.invoice)?,
            tax: self.tax.validate(),
            refund_credit: self.payments.refund_credit,
            ledger: self.ledger.validate()?,
            proration: self.proration.validate()?,
            periods: self.periods.validate()?,
            proration_lines: self.invoice.proration_lines,
            look: self.pdf.validate(input)?,
            export: self.export.validate()?,
            review: self.review.validate()?,
            input: self.input.validate()?,
            output: self.output.validate(input)?,
        })
    }
}

impl PeriodsTable {
    /// The start of periods, if the calendar decides it.
    fn validate(&self) -> Result<Periods, Invalid> {
        let anchor_day = self.anchor_day()?;
        if !(1..=12).contains(&self.first_month) {
            return Err(Invalid {
                key: "periods.first_month",
                value: self.first_month.to_string(),
                rule: "is no month".to_owned(),
                hint: "write 1 for January to 12 for December".to_owned(),
            });
        }
        let is_calendar = self.anchor == Anchor::Calendar;
        let weekday = self.first_weekday.weekday();
        if !is_calendar && weekday != Weekday::Mon {
            return Err(Invalid {
                key: "periods.first_weekday",
                value: self.first_weekday.word().to_owned(),
                rule: "is a day of the calendar".to_owned(),
                hint: "set periods.anchor to \"calendar\" as well".to_owned(),
            });
        }
        let first_weekday = is_calendar.then_some(weekday);
        Ok(Periods { anchor_day, first_month: self.first_month, first_weekday })
    }

    /// The day of the month on which periods begin.
    fn anchor_day(&self) -> Result<Option<u32>, Invalid> {
        match self.anchor {
            Anchor::Calendar if (1..=31).contains(&self.anchor_day) => Ok(Some(self.anchor_day)),
            Anchor::Anniversary if self.anchor_day == 1 => Ok(None),
            Anchor::Anniversary => Err(Invalid {
                key: "periods.anchor_day",
                value: self.anchor_day.to_string(),
                rule: "is a day of the calendar".to_owned(),
                hint: "set periods.anchor to \"calendar\" as well".to_owned(),
            }),
            Anchor::Calendar => Err(Invalid {
                key: "periods.anchor_day",
                value: self.anchor_day.to_string(),
                rule: "is no day of a month".to_owned(),
                hint: "write 1 to 31; months that are shorter end on their last day".to_owned(),
            }),
        }
    }
}

impl ProrationTable {
    fn validate(&self) -> Result<Proration, Invalid> {
        let proration = Proration {
            granularity: self.granularity,
            day_count: self.day_count,
            change_day: self.change_day,
            end_day: self.end_day,
            rounding: self.rounding,
            round_per: self.round_per,
        };
        match proration.day_setting() {
            Some((key, value)) => Err(Invalid {
                key,
                value: value.to_owned(),
                rule: "counts days".to_owned(),
                hint: "set proration.granularity to \"day\" as well".to_owned(),
            }),
            None => Ok(proration),
        }
    }
}

impl TaxSection {
    fn validate(self) -> TaxSettings {
        TaxSettings {
            default_code: self.default_code.filter(|code| !code.is_empty()).map(Into::into),
            point: self.point,
            round_per: self.round_per,
            rounding: self.rounding,
        }
    }
}

impl PdfTable {
    fn validate(self, input: &Path) -> Result<Look, Invalid> {
        let page_size = match self.page_size.as_str() {
            "A4" => PageSize::A4,
            "Letter" => PageSize::Letter,
            _ => {
                return Err(Invalid {
                    key: "pdf.page_size",
                    value: self.page_size,
                    rule: "is not a sheet".to_owned(),
                    hint: "write \"A4\" or \"Letter\"".to_owned(),
                });
            }
        };
        Ok(Look {
            accent: accent(&self.accent)?,
            page_size,
            packing: self.packing,
            receipts: self.receipts,
            fonts: self.fonts.into_iter().map(|font| input.join(font)).collect(),
            missing_characters: self.missing_characters,
            logo: self.logo.map(|logo| input.join(logo)),
            zero_lines: self.zero_lines,
        })
    }
}

fn utc() -> String {
    "UTC".to_owned()
}

fn zone(name: &str) -> Result<Zone, Invalid> {
    name.parse().map_err(|_| Invalid {
        key: "timezone",
        value: name.to_owned(),
        rule: "is not a time zone".to_owned(),
        hint: zone_hint(name),
    })
}

fn locale(tag: Option<&str>) -> Result<Locale, Invalid> {
    let Some(tag) = tag else { return Ok(Locale::default()) };
    Locale::parse(tag).map_err(|error| Invalid {
        key: "locale",
        value: tag.to_owned(),
        rule: error.to_string(),
        hint: locale_hint(tag),
    })
}

/// The terms of payment, in either of two keys.
fn payment_terms(table: &InvoiceTable) -> Result<PaymentTerms, Invalid> {
    let days = table.payment_terms_days;
    if days > PaymentTerms::LONGEST {
        return Err(Invalid {
            key: "invoice.payment_terms_days",
            value: days.to_string(),
            rule: "is more than a century".to_owned(),
            hint: "write the days from issue to due date, such as 14".to_owned(),
        });
    }
    let Some(text) = &table.payment_terms else { return Ok(PaymentTerms::Days(days)) };
    let invalid = |rule: &str, hint: &str| Invalid {
        key: "invoice.payment_terms",
        value: text.clone(),
        rule: rule.to_owned(),
        hint: hint.to_owned(),
    };
    if days != DEFAULT_TERMS {
        return Err(invalid("stands beside payment_terms_days", "keep one of the two keys"));
    }
    PaymentTerms::parse(text).map_err(|error| match error {
        PaymentTermsError::Form => invalid("are no terms of payment", PaymentTerms::HINT),
        PaymentTermsError::TooLong => invalid("is more than a century", PaymentTerms::HINT),
    })
}

fn minimum(table: &BTreeMap<String, String>) -> Result<BTreeMap<Currency, Amount>, Invalid> {
    table.iter().map(|(code, text)| least("invoice.minimum", code, text)).collect()
}

/// A document of more lines than this cannot be printed in the memory of a usual machine.
fn max_lines(count: u32) -> Result<usize, Invalid> {
    const MOST: u32 = 1_000_000;
    let is_possible = (1..=MOST).contains(&count);
    usize::try_from(count).ok().filter(|_| is_possible).ok_or_else(|| Invalid {
        key: "invoice.max_lines",
        value: count.to_string(),
        rule: format!("is not between 1 and {MOST}"),
        hint: "write the most lines that a document may have, such as 10000".to_owned(),
    })
}

fn numbering(table: &InvoiceTable) -> Result<Numbering, Invalid> {
    let format = NumberFormat::parse(&table.number_format).map_err(|error| Invalid {
        key: "invoice.number_format",
        value: table.number_format.clone(),
        rule: error.to_string(),
        hint: "write a pattern such as \"INV-{year}-{seq:05}\"".to_owned(),
    })?;
    if table.first_number == 0 {
        return Err(Invalid {
            key: "invoice.first_number",
            value: "0".to_owned(),
            rule: "is not a number to begin with".to_owned(),
            hint: "count from 1, or from where the last system stopped".to_owned(),
        });
    }
    Ok(Numbering { format, first: table.first_number })
}

/// Credit notes count from 1. Their series must differ from those of invoices.
fn credit_note_numbering(table: &InvoiceTable) -> Result<Numbering, Invalid> {
    let invalid = |rule: String, hint: &str| Invalid {
        key: "invoice.credit_note_format",
        value: table.credit_note_format.clone(),
        rule,
        hint: hint.to_owned(),
    };
    let format = NumberFormat::parse(&table.credit_note_format).map_err(|error| {
        invalid(error.to_string(), "write a pattern such as \"CN-{year}-{seq:05}\"")
    })?;
    if table.credit_note_format == table.number_format {
        return Err(invalid(
            "is the pattern of invoices as well".to_owned(),
            "give credit notes a series of their own, such as \"CN-{year}-{seq:05}\"",
        ));
    }
    Ok(Numbering { format, first: 1 })
}

fn accent(text: &str) -> Result<[u8; 3], Invalid> {
    let parsed = text
        .strip_prefix('#')
        .filter(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let Some(rgb) = parsed else {
        return Err(Invalid {
            key: "pdf.accent",
            value: text.to_owned(),
            rule: "is not a colour".to_owned(),
            hint: "write six hexadecimal digits, such as \"#3454d1\"".to_owned(),
        });
    };
    let [_, red, green, blue] = rgb.to_be_bytes();
    Ok([red, green, blue])
}
