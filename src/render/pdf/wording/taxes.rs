//! How tax rates are called in the table and among the sums.

use crate::invoice::Invoice;
use crate::render::format::{money, percent};
use crate::value::Amount;
use rust_decimal::Decimal;

/// What the table has for a line without tax.
pub(in super::super) const NONE: &str = "–";
/// What the table has for an exempt line.
pub(in super::super) const EXEMPT: &str = "Exempt";
/// What the table has for a line whose tax the customer accounts for.
pub(in super::super) const REVERSE: &str = "Reverse";
/// After the name of a tax.
pub(in super::super) const EXEMPT_TITLE: &str = "exempt";
/// After the name of a tax; the law wants these words.
pub(in super::super) const REVERSE_CHARGE_TITLE: &str = "reverse charge";
/// Where the rate has no note of its own that says so; the law wants the first two words.
pub(in super::super) const REVERSE_CHARGE_NOTE: &str =
    "Reverse charge: the customer accounts for the tax.";

/// "19% incl.": a rate that the price holds, where others do not.
pub(in super::super) fn included(rate: Decimal) -> String {
    format!("{} incl.", percent(rate))
}

/// "VAT 19%".
pub(in super::super) fn at_rate(name: &str, rate: Decimal) -> String {
    format!("{name} {}", percent(rate))
}

/// "VAT exempt", "VAT reverse charge", "GST 5%".
pub(in super::super) fn named(name: &str, word: &str) -> String {
    format!("{name} {word}")
}

/// "5% (2)": the second of the rates that are called so.
pub(in super::super) fn numbered(word: &str, number: usize) -> String {
    format!("{word} ({number})")
}

/// "VAT 19% on 100.00" or "including VAT 19% on 84.03".
pub(in super::super) fn on_amount(
    title: &str,
    net: Amount,
    is_included: bool,
    invoice: &Invoice,
) -> String {
    let including = if is_included { "including " } else { "" };
    format!("{including}{title} on {}", money(net, invoice.currency))
}
