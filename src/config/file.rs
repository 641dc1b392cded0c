//! The shape of `billing.toml`, key by key, and its way into [`Settings`].

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::review::ReviewTable;
use super::{
    CreditNotes, ExportSettings, Ledger, Look, NumberFormat, Numbering, Packing, PageSize,
    ProrationLines, Seller, Settings, TaxPoint, TaxRounding, TaxSettings,
};
use crate::model::{Address, ChangeDay, DayCount, EndDay, Granularity, Proration, RoundPer};
use crate::problem::zone_hint;
use crate::value::{Rounding, Zone};

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillingFile {
    #[serde(default = "utc")]
    timezone: String,
    seller: SellerTable,
    #[serde(default)]
    invoice: InvoiceTable,
    #[serde(default)]
    periods: PeriodsTable,
    #[serde(default)]
    proration: ProrationTable,
    #[serde(default)]
    tax: TaxTable,
    #[serde(default)]
    ledger: Ledger,
    #[serde(default)]
    pdf: PdfTable,
    #[serde(default)]
    export: ExportSettings,
    #[serde(default)]
    review: ReviewTable,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SellerTable {
    name: String,
    #[serde(default)]
    address_line1: String,
    #[serde(default)]
    address_line2: String,
    #[serde(default)]
    city: String,
    #[serde(default)]
    region: String,
    #[serde(default)]
    postal_code: String,
    #[serde(default)]
    country: String,
    tax_id: Option<String>,
    email: Option<String>,
    web: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct InvoiceTable {
    number_format: String,
    first_number: u64,
    payment_terms_days: u32,
    publish_zero_amount: bool,
    proration_lines: ProrationLines,
    credit_notes: CreditNotes,
    credit_note_format: String,
}

impl Default for InvoiceTable {
    fn default() -> Self {
        Self {
            number_format: "INV-{year}-{seq:05}".to_owned(),
            first_number: 1,
            payment_terms_days: 14,
            publish_zero_amount: false,
            proration_lines: ProrationLines::Pairs,
            credit_notes: CreditNotes::Inline,
            credit_note_format: "CN-{year}-{seq:05}".to_owned(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PeriodsTable {
    anchor: Anchor,
    anchor_day: u32,
}

/// Where periods begin.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Anchor {
    Anniversary,
    Calendar,
}

impl Default for PeriodsTable {
    fn default() -> Self {
        Self { anchor: Anchor::Anniversary, anchor_day: 1 }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ProrationTable {
    granularity: Granularity,
    day_count: DayCount,
    change_day: ChangeDay,
    end_day: EndDay,
    rounding: Rounding,
    round_per: RoundPer,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct TaxTable {
    default_code: Option<String>,
    point: TaxPoint,
    round_per: TaxRounding,
    rounding: Rounding,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PdfTable {
    accent: String,
    page_size: String,
    packing: Packing,
    receipts: bool,
    fonts: Vec<PathBuf>,
}

impl Default for PdfTable {
    fn default() -> Self {
        Self {
            accent: "#3454d1".to_owned(),
            page_size: "A4".to_owned(),
            packing: Packing::Files,
            receipts: true,
            fonts: Vec::new(),
        }
    }
}

/// A value that is of the right type and still wrong.
pub struct Invalid {
    pub key: &'static str,
    pub value: String,
    pub rule: String,
    pub hint: String,
}

impl BillingFile {
    /// The settings, with every path taken from the input folder.
    pub fn validate(self, input: &Path) -> Result<Settings, Invalid> {
        Ok(Settings {
            zone: zone(&self.timezone)?,
            seller: self.seller.validate()?,
            payment_terms_days: payment_terms(self.invoice.payment_terms_days)?,
            publish_zero_amount: self.invoice.publish_zero_amount,
            numbering: numbering(&self.invoice)?,
            credit_notes: self.invoice.credit_notes,
            credit_note_numbering: credit_note_numbering(&self.invoice)?,
            tax: self.tax.validate(),
            ledger: self.ledger.validate()?,
            proration: self.proration.validate()?,
            anchor_day: self.periods.validate()?,
            proration_lines: self.invoice.proration_lines,
            look: self.pdf.validate(input)?,
            export: self.export.validate()?,
            review: self.review.validate()?,
        })
    }
}

impl SellerTable {
    fn validate(self) -> Result<Seller, Invalid> {
        if self.name.trim().is_empty() {
            return Err(Invalid {
                key: "seller.name",
                value: self.name,
                rule: "is empty".to_owned(),
                hint: "an invoice names who sends it".to_owned(),
            });
        }
        Ok(Seller {
            name: self.name,
            address: Address {
                line1: self.address_line1.into(),
                line2: self.address_line2.into(),
                city: self.city.into(),
                region: self.region.into(),
                postal_code: self.postal_code.into(),
                country: self.country.into(),
            },
            tax_id: self.tax_id,
            email: self.email,
            web: self.web,
        })
    }
}

impl PeriodsTable {
    /// The day that periods begin on, if the calendar says so and not the start.
    fn validate(&self) -> Result<Option<u32>, Invalid> {
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

impl TaxTable {
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

/// More than a century of credit is a slip of the finger, and would leave the calendar.
fn payment_terms(days: u32) -> Result<u32, Invalid> {
    const LONGEST: u32 = 36_500;
    if days <= LONGEST {
        return Ok(days);
    }
    Err(Invalid {
        key: "invoice.payment_terms_days",
        value: days.to_string(),
        rule: "is more than a century".to_owned(),
        hint: "write the days from issue to due date, such as 14".to_owned(),
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

/// Credit notes count from 1, in a series that is not that of invoices.
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
