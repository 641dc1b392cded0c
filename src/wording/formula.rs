//! The arithmetic of a line, exactly as it was computed.

use rust_decimal::Decimal;

use crate::locale::Locale;
use crate::model::{Cause, Line, LineKind, RoundPer};
use crate::value::{Amount, Fraction};
use crate::wording::calculation;
use crate::wording::translated::price_terms;

/// How many digits are shown beyond those of the currency.
const MORE_DIGITS: u32 = 2;

/// "2 × 20.00 × 666,540 s ÷ 2,678,400 s = 9.9547…, rounded 9.95"; `None` if the table already shows
/// everything.
pub(crate) fn formula(line: &Line, locale: Locale) -> Option<String> {
    if matches!(line.kind, LineKind::Discount | LineKind::Adjustment)
        || line.quote.interval.is_none()
    {
        return None;
    }
    let share = calculation::share(line.share, locale).filter(|_| !line.share.is_whole());
    if share.is_none() && is_plain(line) {
        return None;
    }
    let prorated = |price: String| match &share {
        Some(share) => calculation::prorated(&price, share),
        None => price,
    };
    let (texts, amount) = (locale.texts(), locale.money(line.amount, line.currency));
    // "−20.00 = −20.00" is no arithmetic.
    let says_more = |price: &str| share.is_some() || price != amount;
    if matches!(line.key.cause, Cause::Net(_)) {
        let difference = signed_price(line.quote.amount, line, locale);
        if !says_more(&difference) {
            return None;
        }
        let exact = exact(line, line.quote.amount, locale);
        return Some(calculation::rounded_apart(
            &prorated(difference),
            exact.as_deref(),
            &amount,
            texts,
        ));
    }
    if let Some(unit) = line.quote.unit_amount.filter(|_| rounds_units(line)) {
        return rounded_each(line, &prorated(signed_price(unit, line, locale)), unit, locale);
    }
    let exact = exact(line, line.quote.amount, locale);
    let price = price(line, share.is_some(), locale);
    if !says_more(&price) {
        return None;
    }
    Some(calculation::rounded(&prorated(price), exact.as_deref(), &amount, texts))
}

/// Whether quantity × unit price, as the table shows them, is the amount.
fn is_plain(line: &Line) -> bool {
    let shown = line.kind == LineKind::Recurring;
    let minor = Decimal::from(line.amount.minor());
    let scale = Decimal::from(10_u64.pow(line.currency.digits()));
    let Some(unit) = line.quote.unit_amount else {
        // A price without a calculation.
        return line.quote.breakdown.is_bare();
    };
    let price =
        unit.checked_mul(line.quote.quantity.into()).and_then(|price| price.checked_mul(scale));
    // A flat price is the amount for any quantity.
    let flat = unit.checked_mul(scale);
    shown && (price == Some(minor) || flat == Some(minor))
}

fn rounds_units(line: &Line) -> bool {
    line.quote.round_per == RoundPer::Unit && !line.share.is_whole()
}

/// The signed price of the quantity: "−3 × 20.00", or the sum that leads to it, in brackets if it
/// is multiplied.
fn price(line: &Line, is_factor: bool, locale: Locale) -> String {
    let sign = if line.quote.amount.is_sign_negative() { "\u{2212}" } else { "" };
    let whole = line.quote.amount.abs();
    match line.quote.unit_amount {
        Some(unit)
            if unit.checked_mul(line.quote.quantity.into()) == Some(whole)
                && line.quote.quantity != 1 =>
        {
            let units = locale.quantity(line.quote.quantity);
            format!("{sign}{}", calculation::times(&units, &locale.unit_price(unit, line.currency)))
        }
        Some(_) => signed_price(line.quote.amount, line, locale),
        None => match price_terms(&line.quote.breakdown, locale, line.currency) {
            Some(sum) if is_factor || !sign.is_empty() => format!("{sign}({sum})"),
            Some(sum) => sum,
            None => signed_price(line.quote.amount, line, locale),
        },
    }
}

fn signed_price(price: Decimal, line: &Line, locale: Locale) -> String {
    locale.unit_price(price, line.currency)
}

/// Each unit is rounded, then multiplied.
fn rounded_each(line: &Line, terms: &str, unit: Decimal, locale: Locale) -> Option<String> {
    let units = i64::try_from(line.quote.quantity).ok().filter(|units| *units > 0)?;
    let magnitude = line.amount.minor().checked_abs()?;
    let rounded = Amount::from_minor(magnitude / units);
    let shown = locale.money(rounded, line.currency);
    let terms =
        calculation::rounded(terms, exact(line, unit, locale).as_deref(), &shown, locale.texts());
    let units = if line.amount.is_negative() {
        format!("\u{2212}{}", locale.quantity(line.quote.quantity))
    } else {
        locale.quantity(line.quote.quantity)
    };
    Some(calculation::rounded_each(
        &terms,
        &units,
        &shown,
        &locale.money(line.amount, line.currency),
    ))
}

/// A price times the share of the line. If that is exact, it is money; otherwise it has more digits
/// and an ellipsis. `None` if it overflows 128 bits.
fn exact(line: &Line, price: Decimal, locale: Locale) -> Option<String> {
    let Fraction { numerator, denominator, .. } = line.share;
    let price = price.normalize();
    let digits = line.currency.digits() + MORE_DIGITS;
    let divisor = 10_i128.checked_pow(price.scale())?.checked_mul(denominator.into())?;
    let scaled = price.mantissa().checked_mul(numerator.into())?;
    let scaled = scaled.checked_mul(10_i128.checked_pow(digits)?)?;
    let (quotient, rest) = (scaled.checked_div(divisor)?, scaled.checked_rem(divisor)?);
    let shown = Decimal::try_from_i128_with_scale(quotient, digits).ok()?;
    if rest == 0 {
        return Some(locale.unit_price(shown, line.currency));
    }
    // The digits are cut, not rounded. A sign that would be lost with them is kept.
    let sign = if scaled < 0 && shown.is_zero() { "-" } else { "" };
    Some(format!("{}…", locale.number(&format!("{sign}{shown}"))))
}
