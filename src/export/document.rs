//! A published document, as accounting programs want it: who, when, and for each line the amount
//! without tax and the tax.

use std::borrow::Cow;
use std::fmt::Write as _;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::config::BilledRate;
use crate::model::{DocumentKind, TaxTreatment};
use crate::value::{Amount, Currency};
use crate::wording::period;

/// One invoice, credit or credit note. `net + tax = total`, of the document and of its lines.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// Its number.
    pub(crate) number: String,
    /// Whether it asks for money or grants credit.
    pub(crate) kind: DocumentKind,
    /// Whose it is.
    pub(crate) account_id: String,
    /// The account's name.
    pub(crate) account_name: String,
    /// Where it was sent.
    pub(crate) email: String,
    /// The account's tax number; may be empty.
    pub(crate) tax_id: String,
    /// The currency of every amount on it.
    pub(crate) currency: Currency,
    /// Its date.
    pub(crate) issue_date: NaiveDate,
    /// When it is to be paid; credits are not.
    pub(crate) due_date: Option<NaiveDate>,
    /// The number of the invoice that a credit note credits; may be empty.
    pub(crate) credits_invoice: String,
    /// Without tax.
    pub(crate) net: Amount,
    /// All tax.
    pub(crate) tax: Amount,
    /// With tax.
    pub(crate) total: Amount,
    /// What is to be paid after credit was used.
    pub(crate) amount_due: Amount,
    /// In the order in which they are printed.
    pub(crate) lines: Vec<DocumentLine>,
}

/// One line.
#[derive(Clone, Debug)]
pub(crate) struct DocumentLine {
    /// The sentence on the receipt.
    pub(crate) description: String,
    /// The product; may be empty.
    pub(crate) product: String,
    /// The first day of the service.
    pub(crate) service_start: NaiveDate,
    /// The day on which it ends.
    pub(crate) service_end: NaiveDate,
    /// Units.
    pub(crate) quantity: u64,
    /// What a unit costs, where quantity × unit price is what the line comes to.
    pub(crate) unit_amount: Option<Decimal>,
    /// Without tax.
    pub(crate) net: Amount,
    /// Its tax.
    pub(crate) tax: Amount,
    /// The code in `tax_rates.csv`; empty where no tax was chosen.
    pub(crate) tax_code: String,
    /// What it is taxed at; `None` where no tax was chosen.
    pub(crate) tax_rate: Option<BilledRate>,
    /// Whether it is taxed; `None` where no tax was chosen.
    pub(crate) tax_treatment: Option<TaxTreatment>,
}

impl Document {
    /// Whether it is a credit: importers want those apart from invoices, or turned round.
    pub(crate) fn is_credit(&self) -> bool {
        self.kind != DocumentKind::Invoice
    }

    /// The document as a credit memo has it: credits with their amounts turned round.
    pub(crate) fn as_memo(&self) -> Cow<'_, Self> {
        if !self.is_credit() {
            return Cow::Borrowed(self);
        }
        Cow::Owned(Self {
            net: turned(self.net),
            tax: turned(self.tax),
            total: turned(self.total),
            lines: self.lines.iter().map(DocumentLine::turned).collect(),
            ..self.clone()
        })
    }

    /// Programs want a due date even of what is not to be paid.
    pub(crate) fn due_date_or_issue(&self) -> NaiveDate {
        self.due_date.unwrap_or(self.issue_date)
    }
}

/// Quantity and unit price of a line, whose product is exactly its amount without tax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Priced {
    /// Units.
    pub(crate) quantity: u64,
    /// The price of one, a plain decimal.
    pub(crate) unit_price: String,
}

impl DocumentLine {
    /// The same line the other way.
    #[must_use]
    pub(crate) fn turned(&self) -> Self {
        Self { net: turned(self.net), tax: turned(self.tax), ..self.clone() }
    }

    /// Whether there is nothing to book.
    pub(crate) fn is_zero(&self) -> bool {
        self.net.is_zero() && self.tax.is_zero()
    }

    /// The sentence, the quantity if it says none, and the service period.
    pub(crate) fn text(&self, priced: &Priced) -> String {
        let mut text = self.description.clone();
        let says_quantity = text.contains(&format!("{} ×", self.quantity));
        if priced.quantity != self.quantity && !says_quantity {
            let _ = write!(text, " (quantity {})", self.quantity);
        }
        if self.service_start != self.service_end {
            let _ = write!(text, ", {}", period(self.service_start, self.service_end));
        }
        text
    }

    /// The real quantity and unit price where their product is the amount without tax: not for
    /// prorated lines, discounts, tiers and prices with tax. Those are one unit of what they come
    /// to. The unit price has at most `decimals` decimals.
    pub(crate) fn priced(&self, currency: Currency, decimals: u32) -> Priced {
        let product = |unit: Decimal| Decimal::from(self.quantity).checked_mul(unit);
        let net = Decimal::from(self.net.minor()).checked_div(minor_units(currency));
        match self.unit_amount {
            Some(unit) if unit.normalize().scale() <= decimals && product(unit) == net => {
                Priced { quantity: self.quantity, unit_price: unit.to_string() }
            }
            _ => Priced { quantity: 1, unit_price: self.net.to_decimal_string(currency) },
        }
    }
}

/// The same amount the other way.
fn turned(amount: Amount) -> Amount {
    amount.checked_neg().expect("amounts that cannot be turned round are not read")
}

/// How many minor units make a major one.
fn minor_units(currency: Currency) -> Decimal {
    Decimal::from(10_u64.pow(currency.digits()))
}

/// The product of a quantity and a unit price as an amount; `None` unless it is exactly one.
pub(crate) fn extended(quantity: &str, unit_price: &str, currency: Currency) -> Option<Amount> {
    let product = quantity.parse::<Decimal>().ok()?.checked_mul(unit_price.parse().ok()?)?;
    Amount::parse(&product.normalize().to_string(), currency).ok()
}
