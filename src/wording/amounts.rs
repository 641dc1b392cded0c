//! Amounts, titles and lists as documents say them.

use crate::locale::Locale;
use crate::value::{Amount, Currency};

/// The amount with its currency: "USD 20.05".
pub(crate) fn with_code(amount: Amount, currency: Currency, locale: Locale) -> String {
    locale.amount(amount, currency)
}

/// The amount without its sign.
pub(crate) fn magnitude(amount: Amount, currency: Currency, locale: Locale) -> String {
    let positive = if amount.is_negative() { amount.checked_neg() } else { None };
    with_code(positive.unwrap_or(amount), currency, locale)
}

/// The titles of the columns of numbers.
pub(crate) fn column_titles(locale: Locale) -> [&'static str; 4] {
    let texts = locale.texts();
    [texts.quantity(), texts.unit_price(), texts.tax(), texts.amount()]
}

/// Parts of one line.
pub(crate) fn listed(parts: &[String]) -> String {
    parts.join(" · ")
}
