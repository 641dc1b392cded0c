//! An invoice as it will be published: what the CSV rows and the PDF say, and nothing about how.

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::model::{Line, TaxTerms};
use crate::value::{Amount, Currency, Instant};

/// How many documents one thread adds up before the sums are put together.
pub(crate) const INVOICES_IN_A_PIECE: usize = 4096;

/// One document for one account, currency and boundary. Its amounts add up: see [`Totals`].
#[derive(Clone, Debug)]
#[expect(clippy::struct_field_names, reason = "an invoice may credit another invoice")]
pub(crate) struct Invoice {
    /// The number in its series.
    pub(crate) number: Arc<str>,
    /// Whether it asks for money or grants credit.
    pub(crate) kind: DocumentKind,
    /// Index of the account in [`Book::accounts`](crate::model::Book::accounts).
    pub(crate) account: usize,
    /// The currency of every amount on it.
    pub(crate) currency: Currency,
    /// The boundary or change it is dated at.
    pub(crate) instant: Instant,
    /// That instant's date in the account's calendar.
    pub(crate) issue_date: NaiveDate,
    /// When the amount due is to be paid.
    pub(crate) due_date: NaiveDate,
    /// In the order in which they are printed.
    pub(crate) lines: Vec<Line>,
    /// The tax at each rate, in the order in which the rates first occur on the lines.
    pub(crate) taxes: Vec<TaxTotal>,
    /// The sums.
    pub(crate) totals: Totals,
    /// The published invoice that a credit note credits.
    pub(crate) credits_invoice: Option<Arc<str>>,
    /// What it charges and what it takes back, where its lines alone do not tell.
    pub(crate) credits: Option<Box<Credits>>,
}

/// What a document charges, apart from what it takes back of charges on other documents or on
/// itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Credits {
    /// What it charges.
    pub(crate) charged: Vec<ChargedPart>,
    /// What it takes back.
    pub(crate) claims: Vec<Claim>,
}

/// A part of a document at one tax rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChargedPart {
    /// The line, if tax is rounded per line; 0 for all lines at the rate.
    pub(crate) line_number: u32,
    /// The rate; `None` for lines without tax.
    pub(crate) terms: Option<Arc<TaxTerms>>,
    /// The sum of the amounts as they stand on the lines, with the tax if they hold it.
    pub(crate) base: Amount,
    /// The tax on them, or in them.
    pub(crate) tax: Amount,
}

/// What is taken back of one part of an invoice; negative if it is given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    /// The invoice.
    pub(crate) invoice_number: Arc<str>,
    /// How much of which part.
    pub(crate) part: ChargedPart,
}

/// What a document comes to at one tax rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TaxTotal {
    /// The rate.
    pub(crate) terms: Arc<TaxTerms>,
    /// The lines at this rate, without tax.
    pub(crate) net: Amount,
    /// The tax on them.
    pub(crate) tax: Amount,
}

/// What kind of document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DocumentKind {
    /// The total is zero or more.
    Invoice,
    /// The total is negative and becomes credit on the account.
    Credit,
    /// Credits a published invoice, and says which; its total becomes credit on the account.
    CreditNote,
}

impl DocumentKind {
    /// The word in `invoices.csv`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::Credit => "credit",
            Self::CreditNote => "credit_note",
        }
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The sums of an invoice.
///
/// `subtotal − discount` is the sum of the lines, `total = subtotal − discount + tax − tax_included`,
/// `amount_due = total − credit_applied`, and never negative: a negative total is due as nothing
/// and grows the credit balance instead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// The sum of the lines that are no discounts.
    pub(crate) subtotal: Amount,
    /// What the discount lines take off.
    pub(crate) discount: Amount,
    /// All tax.
    pub(crate) tax: Amount,
    /// The part of it that the lines hold already, because their prices include it.
    pub(crate) tax_included: Amount,
    /// What the invoice comes to.
    pub(crate) total: Amount,
    /// Credit on the account that paid some of it.
    pub(crate) credit_applied: Amount,
    /// What the customer still has to pay.
    pub(crate) amount_due: Amount,
    /// Credit on the account in this currency afterwards.
    pub(crate) credit_balance: Amount,
}
