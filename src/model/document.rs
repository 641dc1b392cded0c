//! An invoice before it is published: the content of the CSV rows and the PDF.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::DocumentKind;
use crate::model::{Line, OrderNumbers, Related, TaxParts, TaxTerms};
use crate::value::{Amount, Currency, Instant};

/// The number of invoices that one thread adds up at a time.
pub(crate) const INVOICES_IN_A_PIECE: usize = 4096;

/// One invoice for one account, currency and boundary. Its amounts add up: see [`Totals`].
#[derive(Clone, Debug)]
#[expect(clippy::struct_field_names, reason = "an invoice may credit another invoice")]
pub(crate) struct Invoice {
    /// The invoice number.
    pub(crate) number: Arc<str>,
    /// Whether it charges or credits.
    pub(crate) kind: DocumentKind,
    /// Index of the account in
    /// [`BillingInput::accounts`](crate::model::BillingInput::accounts).
    pub(crate) account: usize,
    /// The currency of every amount on it.
    pub(crate) currency: Currency,
    /// Its date: the instant of the boundary or change.
    pub(crate) instant: Instant,
    /// The date of `instant` in the account's calendar.
    pub(crate) issue_date: NaiveDate,
    /// The last day to pay.
    pub(crate) due_date: NaiveDate,
    /// In print order.
    pub(crate) lines: Vec<Line>,
    /// The tax at each rate, in the order in which the rates first occur on the lines.
    pub(crate) taxes: Vec<TaxTotal>,
    /// The sums.
    pub(crate) totals: Totals,
    /// The published invoice that a credit note credits.
    pub(crate) credits_invoice: Option<Arc<str>>,
    /// Its charges and credits, if they do not follow from its lines.
    pub(crate) credits: Option<Box<Credits>>,
    /// Documents of the same moment, if they share a change with it. Once it is settled, a credit note
    /// has here what is left to pay of its invoice.
    pub(crate) related: Option<Box<Related>>,
    /// Its orders, if subscriptions on it have their own.
    pub(crate) orders: Option<Box<OrderNumbers>>,
}

/// The charges of an invoice, separate from its credits. It may credit charges on other invoices or
/// on itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Credits {
    pub(crate) charged: Vec<ChargedPart>,
    /// The credits.
    pub(crate) claims: Vec<Claim>,
}

/// A part of an invoice at one tax rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChargedPart {
    /// The line, if tax is rounded per line; 0 for all lines at the rate.
    pub(crate) line_number: u32,
    /// The rate; `None` for lines without tax.
    pub(crate) terms: Option<Arc<TaxTerms>>,
    /// The sum of the line amounts, including tax if they include it.
    pub(crate) base: Amount,
    /// The tax on the base, or in it.
    pub(crate) tax: Amount,
    /// The parts of the tax, if the rate consists of several taxes.
    pub(crate) tax_parts: TaxParts,
}

/// A credit of one part of an invoice; negative if it gives a credit back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    /// The invoice.
    pub(crate) invoice_number: Arc<str>,
    /// The credited part and amounts.
    pub(crate) part: ChargedPart,
}

/// The sums of an invoice at one tax rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TaxTotal {
    pub(crate) terms: Arc<TaxTerms>,
    /// The lines at this rate, without tax. Of several taxes on the same lines, the first has it, and
    /// the others have zero.
    pub(crate) net: Amount,
    /// What the tax is on: the lines without tax, or with other taxes for a compound tax.
    pub(crate) base: Amount,
    /// The tax on them.
    pub(crate) tax: Amount,
}

/// The sums of an invoice.
///
/// `subtotal − discount` is the sum of the lines, `total = subtotal − discount + tax −
/// tax_included`, and `amount_due = total − credit_applied`. The amount due is never negative: a
/// negative total grows the credit balance instead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Totals {
    /// The sum of all lines except discounts.
    pub(crate) subtotal: Amount,
    /// The sum of the discount lines, positive.
    pub(crate) discount: Amount,
    /// All tax.
    pub(crate) tax: Amount,
    /// The part of the tax that the line amounts already include.
    pub(crate) tax_included: Amount,
    pub(crate) total: Amount,
    /// The part that credit of the account paid.
    pub(crate) credit_applied: Amount,
    /// The amount still to pay.
    pub(crate) amount_due: Amount,
    /// The credit of the account in this currency after the invoice.
    pub(crate) credit_balance: Amount,
}
