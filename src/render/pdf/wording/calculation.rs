//! The arithmetic of a line in words and signs.

use crate::render::format::grouped;
use crate::value::{Fraction, TimeUnit};

/// What the formulas below it have in common, where time is counted.
pub(in super::super) const RULE: &str = "Quantity × unit price × time billed ÷ time of the whole period; s are seconds. Each line is \
     rounded once, at its end.";
/// The same where days are counted.
pub(in super::super) const RULE_OF_DAYS: &str = "Quantity × unit price × days billed ÷ days of the whole period. Each line is rounded once, \
     at its end.";

/// "666,540 s ÷ 2,678,400 s" or "8 ÷ 31 days"; nothing where no time is counted.
pub(in super::super) fn share(share: Fraction) -> Option<String> {
    let [part, whole] =
        [share.numerator, share.denominator].map(|units| grouped(&units.to_string()));
    match share.unit {
        TimeUnit::Second => Some(format!("{part} s ÷ {whole} s")),
        TimeUnit::Day => Some(format!("{part} ÷ {whole} days")),
        TimeUnit::Period => None,
    }
}

/// "2 × 20.00".
pub(in super::super) fn times(units: &str, price: &str) -> String {
    format!("{units} × {price}")
}

/// "price × share".
pub(in super::super) fn prorated(price: &str, share: &str) -> String {
    format!("{price} × {share}")
}

/// "terms = 9.9547…, rounded 9.95"; where nothing was rounded, "terms = 10.00".
pub(in super::super) fn rounded(terms: &str, exact: Option<&str>, amount: &str) -> String {
    match exact {
        Some(exact) if exact == amount => format!("{terms} = {amount}"),
        Some(exact) => format!("{terms} = {exact}, rounded {amount}"),
        None => format!("{terms}, rounded {amount}"),
    }
}

/// The same where a unit is rounded and then multiplied: "terms = 4.9772…, rounded 4.98;
/// 2 × 4.98 = 9.96".
pub(in super::super) fn rounded_each(
    unit: &str,
    units: &str,
    rounded: &str,
    amount: &str,
) -> String {
    format!("{unit}; {units} × {rounded} = {amount}")
}

/// The same where two parts were rounded, each by itself, and then added.
pub(in super::super) fn rounded_apart(terms: &str, exact: Option<&str>, amount: &str) -> String {
    let exact = exact.map_or_else(String::new, |exact| format!(" = {exact}"));
    format!("{terms}{exact}; new and old terms each rounded: {amount}")
}
