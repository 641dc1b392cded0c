//! What happened: changes of quantity or price, corrections, one-off charges.

use chrono::NaiveDateTime;

use super::labels::{ONE_OFF_BOTH, ONE_OFF_CHARGES, ONE_OFF_CREDITS};
use crate::invoice::Invoice;
use crate::render::format::{long_date, money, quantity, time};
use crate::value::{Amount, Fraction, TimeUnit};

/// So many of a product.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Held<'h> {
    /// How many.
    pub(in super::super) quantity: u64,
    /// Of what.
    pub(in super::super) product: &'h str,
}

/// When something changed: the day, and the time where the day alone does not tell.
pub(in super::super) fn moment(local: NaiveDateTime, with_time: bool) -> String {
    let date = long_date(local.date());
    if with_time { format!("{date}, {}", time(local.time())) } else { date }
}

/// "19 Jun 2020: from 3 to 2 Private projects", whatever of both is known.
pub(in super::super) fn change(
    moment: &str,
    before: Option<Held<'_>>,
    after: Option<Held<'_>>,
) -> String {
    match (before, after) {
        (Some(before), Some(after)) if before.product == after.product => format!(
            "{moment}: from {} to {} {}",
            quantity(before.quantity),
            quantity(after.quantity),
            after.product
        ),
        (Some(before), Some(after)) => {
            format!("{moment}: from {} to {}", held(before), held(after))
        }
        (Some(before), None) => format!("Until {moment}: {}", held(before)),
        (None, Some(after)) => format!("From {moment}: {}", held(after)),
        (None, None) => moment.to_owned(),
    }
}

/// "3 × Private projects".
fn held(Held { quantity: units, product }: Held<'_>) -> String {
    format!("{} × {product}", quantity(units))
}

/// "7 d 17 h of 31 d left" or "12 of 31 days left"; nothing where no time is counted.
pub(in super::super) fn time_left(share: Fraction) -> Option<String> {
    let Fraction { numerator, denominator, unit } = share;
    match unit {
        TimeUnit::Second => Some(format!("{} of {} left", span(numerator), span(denominator))),
        TimeUnit::Day => Some(format!("{numerator} of {denominator} days left")),
        TimeUnit::Period => None,
    }
}

/// The two largest units of a span of seconds: "7 d 17 h", "31 d", "17 h 9 min".
fn span(seconds: i64) -> String {
    let parts = [
        (seconds / 86_400, "d"),
        (seconds / 3_600 % 24, "h"),
        (seconds / 60 % 60, "min"),
        (seconds % 60, "s"),
    ];
    let first = parts.iter().position(|(count, _)| *count != 0).unwrap_or(parts.len() - 1);
    let shown = parts[first..].iter().take(2).enumerate();
    let shown = shown.filter(|(place, (count, _))| *place == 0 || *count != 0);
    let texts: Vec<String> = shown
        .map(|(_, (count, unit))| format!("{} {unit}", quantity(count.unsigned_abs())))
        .collect();
    texts.join(" ")
}

/// "Correction of invoice INV-2020-00003"; what was billed before the register has no number.
pub(in super::super) fn correction(invoice_number: &str) -> String {
    match invoice_number {
        "" => "Correction of what was billed before".to_owned(),
        number => format!("Correction of invoice {number}"),
    }
}

/// A one-off charge with its day, where that is not the day of issue.
pub(in super::super) fn supplied(description: &str, date: &str) -> String {
    format!("{description} ({date})")
}

/// A credit with the published invoice that it is for.
pub(in super::super) fn credits(description: &str, invoice_number: &str) -> String {
    format!("{description} (credits invoice {invoice_number})")
}

/// The heading of a group that goes on over the page.
pub(in super::super) fn continued(heading: &str) -> String {
    format!("{heading} (continued)")
}

/// What the lines without a service period are, as far as these lines go.
pub(in super::super) fn one_off(amounts: impl Iterator<Item = Amount>) -> &'static str {
    let (mut charges, mut credits) = (false, false);
    for amount in amounts {
        charges |= !amount.is_negative();
        credits |= amount.is_negative();
    }
    match (charges, credits) {
        (true, false) => ONE_OFF_CHARGES,
        (false, true) => ONE_OFF_CREDITS,
        _ => ONE_OFF_BOTH,
    }
}

/// What a document with changes is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Makeup {
    /// Whole periods, one-off charges and the rest.
    pub(in super::super) charges: Amount,
    /// The pairs of changes.
    pub(in super::super) changes: Amount,
    /// Corrections of earlier invoices.
    pub(in super::super) corrections: Amount,
    /// Tax that is added.
    pub(in super::super) tax: Amount,
}

/// "30.00 charges · −9.95 for changes · 3.81 tax", without what is nothing.
pub(in super::super) fn makeup(parts: &Makeup, invoice: &Invoice) -> Vec<String> {
    let Makeup { charges, changes, corrections, tax } = *parts;
    let named = [
        (charges, if charges.is_negative() { "credits" } else { "new charges" }),
        (changes, "for changes"),
        (corrections, "for corrections"),
        (tax, "tax"),
    ];
    let named = named.into_iter().filter(|(amount, _)| !amount.is_zero());
    named.map(|(amount, name)| format!("{} {name}", money(amount, invoice.currency))).collect()
}

/// Where more subscriptions changed than are drawn.
pub(in super::super) fn not_drawn(drawn: usize, all: usize) -> String {
    format!("The first {drawn} of {all} are drawn; the table has them all.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_is_told_in_its_two_largest_units() {
        let left =
            |numerator, denominator, unit| time_left(Fraction::new(numerator, denominator, unit));
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
        let said = |before, after| change("19 Jun 2020", before, after);
        assert_eq!(said(Some(three), Some(two)), "19 Jun 2020: from 3 to 2 Seats");
        assert_eq!(
            said(Some(three), Some(other)),
            "19 Jun 2020: from 3 × Seats to 1 × Org membership"
        );
        assert_eq!(said(Some(three), None), "Until 19 Jun 2020: 3 × Seats");
        assert_eq!(said(None, Some(two)), "From 19 Jun 2020: 2 × Seats");
    }
}
