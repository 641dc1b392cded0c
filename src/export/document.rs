//! A published invoice for accounting programs: the parties, the dates, and the net amount and tax
//! of each line.

use std::borrow::Cow;
use std::fmt::Write as _;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::config::BilledRate;
use crate::model::{DocumentKind, TaxTreatment};
use crate::value::{Amount, Currency};
use crate::wording::period;

/// One invoice, credit or credit note. `net + tax = total` holds for the document and for its
/// lines.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// Its number.
    pub(crate) number: String,
    /// Whether it charges or credits.
    pub(crate) kind: DocumentKind,
    /// The account.
    pub(crate) account_id: String,
    /// The account's name.
    pub(crate) account_name: String,
    /// The recipient's e-mail address.
    pub(crate) email: String,
    /// The account's tax number; may be empty.
    pub(crate) tax_id: String,
    /// The currency of every amount on it.
    pub(crate) currency: Currency,
    /// Its date.
    pub(crate) issue_date: NaiveDate,
    /// The due date; credits have none.
    pub(crate) due_date: Option<NaiveDate>,
    /// The number of the invoice that a credit note credits; may be empty.
    pub(crate) credits_invoice: String,
    /// Without tax.
    pub(crate) net: Amount,
    /// All tax.
    pub(crate) tax: Amount,
    /// With tax.
    pub(crate) total: Amount,
    /// The amount due after credit.
    pub(crate) amount_due: Amount,
    /// In the printed order.
    pub(crate) lines: Vec<DocumentLine>,
}

/// One line.
#[derive(Clone, Debug)]
pub(crate) struct DocumentLine {
    /// The sentence on the invoice.
    pub(crate) description: String,
    /// The product; may be empty.
    pub(crate) product: String,
    /// The first day of the service.
    pub(crate) service_start: NaiveDate,
    /// The day on which the service ends.
    pub(crate) service_end: NaiveDate,
    pub(crate) quantity: u64,
    /// The unit price, if quantity × unit price is the amount of the line.
    pub(crate) unit_amount: Option<Decimal>,
    /// Without tax.
    pub(crate) net: Amount,
    /// Its tax.
    pub(crate) tax: Amount,
    /// The code in `tax_rates.csv`; empty without a tax.
    pub(crate) tax_code: String,
    /// The billed rate; `None` without a tax.
    pub(crate) tax_rate: Option<BilledRate>,
    /// The treatment; `None` without a tax.
    pub(crate) tax_treatment: Option<TaxTreatment>,
}

impl Document {
    /// Whether it is a credit. Importers want credits separate from invoices or negated.
    pub(crate) fn is_credit(&self) -> bool {
        self.kind != DocumentKind::Invoice
    }

    /// The document as a credit memo: the amounts of credits are negated.
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

    /// Programs require a due date even if nothing is due.
    pub(crate) fn due_date_or_issue(&self) -> NaiveDate {
        self.due_date.unwrap_or(self.issue_date)
    }
}

/// The quantity and unit price of a line. Their product is exactly its net amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Priced {
    pub(crate) quantity: u64,
    /// The unit price, a plain decimal.
    pub(crate) unit_price: String,
}

impl DocumentLine {
    /// The line with negated amounts.
    #[must_use]
    pub(crate) fn turned(&self) -> Self {
        Self { net: turned(self.net), tax: turned(self.tax), ..self.clone() }
    }

    /// Whether the amount is zero.
    pub(crate) fn is_zero(&self) -> bool {
        self.net.is_zero() && self.tax.is_zero()
    }

    /// The sentence, the quantity unless `priced` has it, and the service period.
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

    /// The real quantity and unit price, if their product is the net amount. Prorated lines,
    /// discounts, tiers and prices with tax become one unit with the net amount. The unit price has
    /// at most `decimals` decimals.
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

/// The negated amount.
fn turned(amount: Amount) -> Amount {
    amount.checked_neg().expect("amounts that cannot be turned round are not read")
}

/// The minor units of a major unit.
fn minor_units(currency: Currency) -> Decimal {
    Decimal::from(10_u64.pow(currency.digits()))
}

/// The exact product of a quantity and a unit price as an amount; `None` if it is not one.
pub(crate) fn extended(quantity: &str, unit_price: &str, currency: Currency) -> Option<Amount> {
    let product = quantity.parse::<Decimal>().ok()?.checked_mul(unit_price.parse().ok()?)?;
    Amount::parse(&product.normalize().to_string(), currency).ok()
}
