//! A document in the terms of EN 16931. Every amount has the sign that the standard wants: a credit
//! states what it credits as positive amounts.

use std::borrow::Cow;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::model::{Address, EInvoiceFormat, SchemedId, TaxCategory};
use crate::value::{Amount, Currency};

/// An e-invoice. Empty texts are left out.
#[derive(Clone, Debug)]
pub(crate) struct EInvoice<'a> {
    /// The format, which decides the specification (BT-24).
    pub(crate) format: EInvoiceFormat,
    /// Whether it is a credit note (BT-3: 381), and no invoice (380).
    pub(crate) is_credit: bool,
    /// BT-1.
    pub(crate) number: &'a str,
    /// BT-2.
    pub(crate) issue_date: NaiveDate,
    /// BT-9.
    pub(crate) due_date: Option<NaiveDate>,
    /// BT-5: the currency of every amount.
    pub(crate) currency: Currency,
    /// BT-10.
    pub(crate) buyer_reference: &'a str,
    /// BT-13.
    pub(crate) purchase_order: &'a str,
    /// BT-22.
    pub(crate) note: String,
    /// BT-25: the invoices that a credit note concerns.
    pub(crate) preceding: Vec<&'a str>,
    /// BT-73 and BT-74: the first and the last day of all lines.
    pub(crate) period: (NaiveDate, NaiveDate),
    /// BG-4.
    pub(crate) seller: Party<'a>,
    /// BG-6; `None` if nothing of it is known.
    pub(crate) contact: Option<Contact<'a>>,
    /// BG-7.
    pub(crate) buyer: Party<'a>,
    /// BG-16.
    pub(crate) payment: Option<PaymentInstruction<'a>>,
    /// BT-20.
    pub(crate) payment_terms: Cow<'a, str>,
    /// BG-23: the sums of each category and rate.
    pub(crate) taxes: Vec<TaxPart<'a>>,
    /// BT-106 and BT-109: the lines without tax. There are no allowances of the whole document.
    pub(crate) net: Amount,
    /// BT-110.
    pub(crate) tax: Amount,
    /// BT-112.
    pub(crate) total: Amount,
    /// BT-113: the part that credit of the account paid.
    pub(crate) prepaid: Amount,
    /// BT-115.
    pub(crate) payable: Amount,
    /// BG-25.
    pub(crate) lines: Vec<EInvoiceLine<'a>>,
}

/// The seller or the buyer.
#[derive(Clone, Debug)]
pub(crate) struct Party<'a> {
    /// BT-27 or BT-44.
    pub(crate) name: &'a str,
    pub(crate) address: &'a Address,
    /// BT-40 or BT-55.
    pub(crate) country_code: &'a str,
    /// BT-34 or BT-49.
    pub(crate) endpoint: &'a SchemedId,
    /// BT-30 or BT-47.
    pub(crate) legal: &'a SchemedId,
    /// BT-31 or BT-48, without separators.
    pub(crate) vat_id: Cow<'a, str>,
    /// BT-32: another tax number of the seller.
    pub(crate) tax_registration: &'a str,
}

/// Whom to ask.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Contact<'a> {
    /// BT-41.
    pub(crate) name: &'a str,
    /// BT-42.
    pub(crate) phone: &'a str,
    /// BT-43.
    pub(crate) email: &'a str,
}

/// How the document is paid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PaymentInstruction<'a> {
    /// BT-81.
    pub(crate) means: &'a str,
    /// BT-84; empty if the means is no credit transfer.
    pub(crate) iban: &'a str,
    /// BT-85.
    pub(crate) account_name: &'a str,
    /// BT-86.
    pub(crate) bic: &'a str,
    /// BG-19.
    pub(crate) mandate: Option<Mandate<'a>>,
}

/// The mandate of a direct debit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mandate<'a> {
    /// BT-89.
    pub(crate) id: &'a str,
    /// BT-90.
    pub(crate) creditor_id: &'a str,
    /// BT-91.
    pub(crate) iban: &'a str,
}

/// The sums of a VAT category and rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TaxPart<'a> {
    /// BT-118.
    pub(crate) category: TaxCategory,
    /// BT-119; `None` if nothing is subject to tax.
    pub(crate) percent: Option<Decimal>,
    /// BT-116.
    pub(crate) net: Amount,
    /// BT-117.
    pub(crate) tax: Amount,
    /// BT-120.
    pub(crate) reason: &'a str,
    /// BT-121.
    pub(crate) reason_code: &'a str,
}

/// A line.
#[derive(Clone, Debug)]
pub(crate) struct EInvoiceLine<'a> {
    /// BT-132: the order of the line, if it is not that of the document.
    pub(crate) purchase_order: &'a str,
    /// BT-127: the calculation; may be empty.
    pub(crate) note: String,
    /// BT-129; it has the sign of the line.
    pub(crate) quantity: i64,
    /// BT-130.
    pub(crate) unit: &'a str,
    /// BT-131.
    pub(crate) net: Amount,
    /// BT-146; never negative.
    pub(crate) price: Decimal,
    /// BT-153.
    pub(crate) name: &'a str,
    /// BT-154.
    pub(crate) description: Cow<'a, str>,
    /// BT-134 and BT-135.
    pub(crate) period: (NaiveDate, NaiveDate),
    /// BT-151.
    pub(crate) category: TaxCategory,
    /// BT-152.
    pub(crate) percent: Option<Decimal>,
}
