//! Every sentence of a printed document comes from this folder.
//!
//! The words are in `assets/languages`, and the account's [`Locale`] formats numbers and dates.
//! This folder chooses the sentences. They are functions grouped by theme: the [`headline`],
//! [`changes`] and corrections, [`taxes`], sums and [`terms`] of payment, and the [`calculation`].
//! The wording of lines is in [`translated`](crate::wording::translated). The layout measures every
//! text and assumes no width.

pub(super) mod calculation;
pub(super) mod changes;
pub(super) mod headline;
pub(super) mod taxes;
pub(super) mod terms;

use crate::locale::Locale;
use crate::model::Invoice;
use crate::value::Amount;

/// The amount with its currency: "USD 20.05".
pub(super) fn with_code(amount: Amount, invoice: &Invoice, locale: Locale) -> String {
    locale.amount(amount, invoice.currency)
}

/// The absolute amount.
pub(super) fn magnitude(amount: Amount, invoice: &Invoice, locale: Locale) -> String {
    let positive = if amount.is_negative() { amount.checked_neg() } else { None };
    with_code(positive.unwrap_or(amount), invoice, locale)
}

/// The titles of the number columns.
pub(super) fn column_titles(locale: Locale) -> [&'static str; 4] {
    let texts = locale.texts();
    [texts.quantity(), texts.unit_price(), texts.tax(), texts.amount()]
}

/// Joins the parts of one line.
pub(super) fn listed(parts: &[String]) -> String {
    parts.join(" · ")
}
