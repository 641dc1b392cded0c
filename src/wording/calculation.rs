//! The arithmetic of a line in words and signs.

use crate::locale::{Locale, Texts};
use crate::value::{Fraction, TimeUnit};

/// "666,540 s ÷ 2,678,400 s" or "8 ÷ 31 days"; `None` if no time is counted.
pub(crate) fn share(share: Fraction, locale: Locale) -> Option<String> {
    let Fraction { numerator, denominator, unit } = share;
    let [part, whole] = [numerator, denominator].map(|units| locale.number(&units.to_string()));
    match unit {
        TimeUnit::Second => Some(locale.texts().share_of_seconds(&part, &whole)),
        TimeUnit::Day => Some(locale.texts().share_of_days(denominator.unsigned_abs(), &part)),
        TimeUnit::Period => None,
    }
}

/// "2 × 20.00".
pub(crate) fn times(units: &str, price: &str) -> String {
    format!("{units} × {price}")
}

/// "price × share".
pub(crate) fn prorated(price: &str, share: &str) -> String {
    format!("{price} × {share}")
}

/// "terms = 9.9547…, rounded 9.95"; without rounding, "terms = 10.00".
pub(crate) fn rounded(terms: &str, exact: Option<&str>, amount: &str, texts: Texts) -> String {
    match exact {
        Some(exact) if exact == amount => format!("{terms} = {amount}"),
        Some(exact) => texts.rounded(terms, exact, amount),
        None => texts.rounded_unseen(terms, amount),
    }
}

/// The form for a unit that is rounded and then multiplied: "terms = 4.9772…, rounded 4.98; 2 ×
/// 4.98 = 9.96".
pub(crate) fn rounded_each(unit: &str, units: &str, rounded: &str, amount: &str) -> String {
    format!("{unit}; {units} × {rounded} = {amount}")
}

/// The form for two parts that are rounded separately and then added.
pub(crate) fn rounded_apart(
    terms: &str,
    exact: Option<&str>,
    amount: &str,
    texts: Texts,
) -> String {
    let exact = exact.map_or_else(String::new, |exact| format!(" = {exact}"));
    texts.rounded_apart(&format!("{terms}{exact}"), amount)
}
