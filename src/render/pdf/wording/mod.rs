//! Every sentence that a document prints: nothing outside this folder says anything.
//!
//! The words are in `assets/languages`, the numbers and dates are those of the account's
//! [`Locale`]; here is which of them are said when. Sentences are functions with what they are about
//! as arguments, by theme: the [`headline`], [`changes`] and corrections, [`taxes`], sums and
//! [`terms`] of payment, and the [`calculation`]. The wording of lines is in
//! [`translated`](crate::wording::translated). The layout asks how wide a text is and never
//! counts on one.

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

/// The amount without its sign.
pub(super) fn magnitude(amount: Amount, invoice: &Invoice, locale: Locale) -> String {
    let positive = if amount.is_negative() { amount.checked_neg() } else { None };
    with_code(positive.unwrap_or(amount), invoice, locale)
}

/// The titles of the columns of numbers.
pub(super) fn column_titles(locale: Locale) -> [&'static str; 4] {
    let texts = locale.texts();
    [texts.quantity(), texts.unit_price(), texts.tax(), texts.amount()]
}

/// Parts of one line.
pub(super) fn listed(parts: &[String]) -> String {
    parts.join(" · ")
}
