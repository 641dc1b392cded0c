//! The texts of tax rates in the table and in the sums.

use rust_decimal::Decimal;

use crate::locale::{Locale, Texts};
use crate::value::{Amount, Currency};

/// The text in the table for a line without tax.
pub(crate) const NONE: &str = "–";

/// "19% incl.": a rate that the price includes, if others do not.
pub(crate) fn included(rate: Decimal, locale: Locale) -> String {
    locale.texts().included_rate(&locale.percent(rate))
}

/// "VAT 19%".
pub(crate) fn at_rate(name: &str, rate: Decimal, locale: Locale) -> String {
    named(name, &locale.percent(rate))
}

/// "VAT exempt"; not "Exempt exempt".
pub(crate) fn exempt(name: &str, texts: Texts) -> String {
    treated(name, ("exempt", texts.exempt_alone()), texts.exempt(name))
}

/// "VAT reverse charge"; not "Reverse charge reverse charge". The law requires these words.
pub(crate) fn reverse_charge(name: &str, texts: Texts) -> String {
    treated(name, ("reverse charge", texts.reverse_alone()), texts.reverse_charge(name))
}

/// The name of a tax that already states its treatment, translated from English if needed;
/// otherwise `with_name`.
fn treated(name: &str, (english, translated): (&str, &str), with_name: String) -> String {
    let lower = name.to_lowercase();
    if lower.contains(&translated.to_lowercase()) {
        name.to_owned()
    } else if lower.trim() == english {
        translated.to_owned()
    } else {
        with_name
    }
}

/// "GST 5%".
pub(crate) fn named(name: &str, word: &str) -> String {
    format!("{name} {word}")
}

/// "5% (2)": the second rate with this text.
pub(crate) fn numbered(word: &str, number: usize) -> String {
    format!("{word} ({number})")
}

/// "VAT 19% on 100.00" or "including VAT 19% on 84.03".
pub(crate) fn on_amount(
    title: &str,
    net: Amount,
    is_included: bool,
    (currency, locale): (Currency, Locale),
) -> String {
    let (texts, net) = (locale.texts(), locale.money(net, currency));
    if is_included { texts.included_on_amount(title, &net) } else { texts.on_amount(title, &net) }
}
