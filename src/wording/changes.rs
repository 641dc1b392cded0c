//! The texts of events: changes of quantity or price, corrections, one-off charges.

use chrono::NaiveDateTime;

use super::format::time;
use crate::locale::{Locale, Texts};
use crate::value::{Amount, Currency, Fraction, TimeUnit};

/// A sentence with one argument.
type Sentence = fn(Texts, &str) -> String;

/// A quantity of a product.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held<'h> {
    pub(crate) quantity: u64,
    pub(crate) product: &'h str,
}

/// The time of a change: the day, and the time if the day is ambiguous.
pub(crate) fn moment(local: NaiveDateTime, with_time: bool, locale: Locale) -> String {
    let date = locale.date(local.date());
    if with_time { locale.texts().at_time(&date, &time(local.time())) } else { date }
}

/// "19 Jun 2020: from 3 to 2 Private projects", as far as both are known.
pub(crate) fn change(
    moment: &str,
    before: Option<Held<'_>>,
    after: Option<Held<'_>>,
    locale: Locale,
) -> String {
    let texts = locale.texts();
    let held = |held| held_text(held, locale);
    match (before, after) {
        (Some(before), Some(after)) if before.product == after.product => {
            let [old, new] = [before, after].map(|held| locale.quantity(held.quantity));
            texts.changed_quantity(moment, &old, &new, after.product)
        }
        (Some(before), Some(after)) => texts.changed(moment, &held(before), &held(after)),
        (Some(before), None) => texts.until(moment, &held(before)),
        (None, Some(after)) => texts.since(moment, &held(after)),
        (None, None) => moment.to_owned(),
    }
}

/// "3 × Private projects".
fn held_text(Held { quantity, product }: Held<'_>, locale: Locale) -> String {
    locale.texts().held(&locale.quantity(quantity), product)
}

/// "7 d 17 h of 31 d left" or "12 of 31 days left"; `None` if no time is counted.
pub(crate) fn time_left(share: Fraction, locale: Locale) -> Option<String> {
    let Fraction { numerator, denominator, unit } = share;
    let texts = locale.texts();
    match unit {
        TimeUnit::Second => {
            Some(texts.time_left(&span(numerator, locale), &span(denominator, locale)))
        }
        TimeUnit::Day => {
            let left = locale.number(&numerator.to_string());
            Some(texts.days_left(denominator.unsigned_abs(), &left))
        }
        TimeUnit::Period => None,
    }
}

/// The two largest units of a span of seconds: "7 d 17 h", "31 d", "17 h 9 min".
fn span(seconds: i64, locale: Locale) -> String {
    let parts: [(i64, Sentence); 4] = [
        (seconds / 86_400, Texts::in_days),
        (seconds / 3_600 % 24, Texts::in_hours),
        (seconds / 60 % 60, Texts::in_minutes),
        (seconds % 60, Texts::in_seconds),
    ];
    let first = parts.iter().position(|(count, _)| *count != 0).unwrap_or(parts.len() - 1);
    let shown = parts[first..].iter().take(2).enumerate();
    let shown = shown.filter(|(place, (count, _))| *place == 0 || *count != 0);
    let texts: Vec<String> = shown
        .map(|(_, (count, unit))| unit(locale.texts(), &locale.quantity(count.unsigned_abs())))
        .collect();
    texts.join(" ")
}

/// "Correction of invoice INV-2020-00003"; lines from before the register have no number.
pub(crate) fn correction(invoice_number: &str, texts: Texts) -> String {
    match invoice_number {
        "" => texts.correction_before().to_owned(),
        number => texts.correction(number),
    }
}

/// The heading of lines without a service period.
pub(crate) fn one_off(amounts: impl Iterator<Item = Amount>, texts: Texts) -> &'static str {
    let (mut charges, mut credits) = (false, false);
    for amount in amounts {
        charges |= !amount.is_negative();
        credits |= amount.is_negative();
    }
    match (charges, credits) {
        (true, false) => texts.one_off_charges(),
        (false, true) => texts.one_off_credits(),
        _ => texts.one_off_both(),
    }
}

/// The parts of an invoice with changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Makeup {
    /// Whole periods, one-off charges and the rest.
    pub(crate) charges: Amount,
    /// The pairs of changes.
    pub(crate) changes: Amount,
    /// Corrections of earlier invoices.
    pub(crate) corrections: Amount,
    /// Tax that is added.
    pub(crate) tax: Amount,
}

/// "30.00 new charges · −9.95 for changes · 3.81 tax", without zero parts.
pub(crate) fn makeup(parts: &Makeup, currency: Currency, locale: Locale) -> Vec<String> {
    let Makeup { charges, changes, corrections, tax } = *parts;
    let named: [(Amount, Sentence); 4] = [
        (charges, if charges.is_negative() { Texts::new_credits } else { Texts::new_charges }),
        (changes, Texts::for_changes),
        (corrections, Texts::for_corrections),
        (tax, Texts::of_tax),
    ];
    let named = named.into_iter().filter(|(amount, _)| !amount.is_zero());
    let said =
        |(amount, name): (Amount, Sentence)| name(locale.texts(), &locale.money(amount, currency));
    named.map(said).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_is_told_in_its_two_largest_units() {
        let left = |numerator, denominator, unit| {
            time_left(Fraction::new(numerator, denominator, unit), Locale::default())
        };
        let second = |numerator| left(numerator, 2_678_400, TimeUnit::Second).expect("a time");
        assert_eq!(second(666_540), "7 d 17 h of 31 d left");
        assert_eq!(second(2_678_399), "30 d 23 h of 31 d left");
        assert_eq!(second(86_459), "1 d of 31 d left");
        assert_eq!(second(61_740), "17 h 9 min of 31 d left");
        assert_eq!(second(59), "59 s of 31 d left");
        assert_eq!(second(0), "0 s of 31 d left");
        assert_eq!(left(12, 31, TimeUnit::Day).expect("a time"), "12 of 31 days left");
        assert_eq!(left(1, 1, TimeUnit::Period), None);
    }

    #[test]
    fn a_change_says_what_is_known_of_it() {
        let [three, two] = [3, 2].map(|quantity| Held { quantity, product: "Seats" });
        let other = Held { quantity: 1, product: "Org membership" };
        let said = |before, after| change("19 Jun 2020", before, after, Locale::default());
        assert_eq!(said(Some(three), Some(two)), "19 Jun 2020: from 3 to 2 Seats");
        assert_eq!(
            said(Some(three), Some(other)),
            "19 Jun 2020: from 3 × Seats to 1 × Org membership"
        );
        assert_eq!(said(Some(three), None), "Until 19 Jun 2020: 3 × Seats");
        assert_eq!(said(None, Some(two)), "From 19 Jun 2020: 2 × Seats");
    }
}
