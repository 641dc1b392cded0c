//! Finds the differences between two sides, and why each is there.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::difference::{Cause, Difference, Service, Side, SideLine};
use crate::value::{Amount, Currency, DAY_SECONDS, Instant};

/// The sides by account and the code of the currency.
pub(super) type Sides = BTreeMap<(String, &'static str), Side>;

/// All differences, sorted by account, currency and subscription. A side without amounts counts as none:
/// prorata publishes no documents of zero.
pub(super) fn differences(mut here: Sides, mut there: Sides) -> Vec<Difference> {
    here.retain(|_, side| !is_nothing(side));
    there.retain(|_, side| !is_nothing(side));
    let keys: BTreeSet<_> = here.keys().chain(there.keys()).cloned().collect();
    let mut found = Vec::new();
    let mut explained = BTreeSet::new();
    for key in &keys {
        match (here.get(key), there.get(key)) {
            (Some(ours), Some(theirs)) => compare(key, ours, theirs, &mut found),
            (Some(ours), None) => match other_currency(key, &here, &there, &explained) {
                Some(other) => {
                    let theirs = &there[&other];
                    let cause = Cause::OtherCurrency(currency(&other));
                    found.push(whole(key, cause, Some(ours), Some(theirs)));
                    explained.insert(other);
                }
                None => found.push(whole(key, Cause::MissingThere, Some(ours), None)),
            },
            (None, _) => {}
        }
    }
    for key in keys.iter().filter(|key| !here.contains_key(*key) && !explained.contains(*key)) {
        found.push(whole(key, Cause::MissingHere, None, there.get(key)));
    }
    found.sort_by(|a, b| {
        let key = |it: &Difference| {
            (it.account.clone(), it.currency.code(), it.subscription.clone(), it.cause.name())
        };
        key(a).cmp(&key(b))
    });
    found
}

fn is_nothing(side: &Side) -> bool {
    side.total.is_zero() && side.lines.iter().all(|line| line.amount.is_zero())
}

fn currency(key: &(String, &'static str)) -> Currency {
    Currency::from_code(key.1).expect("keys are made of currencies")
}

/// Another currency in which only the old system billed the account.
fn other_currency(
    key: &(String, &'static str),
    here: &Sides,
    there: &Sides,
    explained: &BTreeSet<(String, &'static str)>,
) -> Option<(String, &'static str)> {
    let of_account = there.range((key.0.clone(), "")..);
    let of_account = of_account.map(|(other, _)| other).take_while(|other| other.0 == key.0);
    let mut only_there =
        of_account.filter(|other| !here.contains_key(*other) && !explained.contains(*other));
    only_there.next().cloned()
}

fn whole(
    key: &(String, &'static str),
    cause: Cause,
    here: Option<&Side>,
    there: Option<&Side>,
) -> Difference {
    Difference {
        account: key.0.clone(),
        currency: currency(key),
        subscription: String::new(),
        cause,
        here: here.map(|side| side.total),
        there: there.map(|side| side.total),
        invoices: there.map(|side| side.documents.clone()).unwrap_or_default(),
    }
}

/// Compares two sides of one account and currency: by subscription where lines are known, then whole.
fn compare(key: &(String, &'static str), here: &Side, there: &Side, found: &mut Vec<Difference>) {
    let before = found.len();
    if !there.lines.is_empty() {
        compare_lines(key, here, there, found);
    }
    let taxes = Some(here.tax.unwrap_or_default()).zip(there.tax);
    let other_tax = taxes.filter(|(ours, theirs)| ours != theirs);
    if found.len() > before {
        return;
    }
    let cause = match other_tax {
        Some((ours, theirs)) if net(here.total, ours) == net(there.total, theirs) => {
            Cause::OtherTax { here: ours, there: theirs }
        }
        Some((ours, theirs)) if here.total == there.total => {
            Cause::OtherTax { here: ours, there: theirs }
        }
        _ if here.total == there.total => return,
        _ if is_rounding(here.total, there.total, here.lines.len().max(there.lines.len())) => {
            Cause::Rounding
        }
        _ => Cause::OtherAmount,
    };
    found.push(whole(key, cause, Some(here), Some(there)));
}

fn net(total: Amount, tax: Amount) -> Option<Amount> {
    total.checked_sub(tax)
}

/// Whether amounts differ by at most one minor unit a line.
fn is_rounding(here: Amount, there: Amount, lines: usize) -> bool {
    let distance = here.minor().abs_diff(there.minor());
    usize::try_from(distance).is_ok_and(|distance| distance <= lines.max(1))
}

fn compare_lines(
    key: &(String, &'static str),
    here: &Side,
    there: &Side,
    found: &mut Vec<Difference>,
) {
    let (ours, theirs) = (by_subscription(&here.lines), by_subscription(&there.lines));
    let subscriptions: BTreeSet<&str> = ours.keys().chain(theirs.keys()).copied().collect();
    for subscription in subscriptions {
        let of = |lines: &BTreeMap<&str, Vec<SideLine>>| lines.get(subscription).cloned();
        let (ours, theirs) = (of(&ours).unwrap_or_default(), of(&theirs).unwrap_or_default());
        if let Some(cause) = cause(&ours, &theirs) {
            found.push(Difference {
                subscription: subscription.to_owned(),
                cause,
                here: sum(&ours),
                there: sum(&theirs),
                ..whole(key, Cause::OtherAmount, Some(here), Some(there))
            });
        }
    }
}

fn by_subscription(lines: &[SideLine]) -> BTreeMap<&str, Vec<SideLine>> {
    let mut by: BTreeMap<&str, Vec<SideLine>> = BTreeMap::new();
    for line in lines {
        by.entry(&line.subscription).or_default().push(line.clone());
    }
    by
}

fn sum(lines: &[SideLine]) -> Option<Amount> {
    if lines.is_empty() { None } else { Amount::checked_sum(lines.iter().map(|line| line.amount)) }
}

/// Why the lines of a subscription differ; `None` if they do not.
fn cause(here: &[SideLine], there: &[SideLine]) -> Option<Cause> {
    let (ours, theirs) = match (sum(here), sum(there)) {
        (None, Some(theirs)) => return (!theirs.is_zero()).then_some(Cause::MissingHere),
        (Some(ours), None) => return (!ours.is_zero()).then_some(Cause::MissingThere),
        (ours, theirs) => (ours?, theirs?),
    };
    let (our_periods, their_periods) = (whole_periods(here), whole_periods(there));
    if our_periods.len() == their_periods.len() {
        let quantities = (quantities(&our_periods), quantities(&their_periods));
        if let (Some(here), Some(there)) = quantities
            && here != there
        {
            return Some(Cause::OtherQuantity { here, there });
        }
        if let (Some(here), Some(there)) = (periods(&our_periods), periods(&their_periods))
            && !are_same(&here, &there)
        {
            return Some(Cause::OtherPeriod { here, there });
        }
    }
    if ours == theirs {
        return None;
    }
    if is_rounding(ours, theirs, here.len().max(there.len())) {
        return Some(Cause::Rounding);
    }
    let has_parts = |lines: &[SideLine]| lines.iter().any(|line| line.is_proration == Some(true));
    if has_parts(here) || has_parts(there) {
        return Some(Cause::OtherProration);
    }
    Some(Cause::OtherAmount)
}

/// The lines of whole periods. If a file does not say which these are, a single line is one.
fn whole_periods(lines: &[SideLine]) -> Vec<&SideLine> {
    if lines.iter().all(|line| line.is_proration.is_some()) {
        lines.iter().filter(|line| line.is_proration == Some(false)).collect()
    } else if let [line] = lines {
        vec![line]
    } else {
        Vec::new()
    }
}

fn quantities(lines: &[&SideLine]) -> Option<Vec<Decimal>> {
    let mut found: Vec<Decimal> = lines.iter().map(|line| line.quantity).collect::<Option<_>>()?;
    found.sort();
    Some(found)
}

fn periods(lines: &[&SideLine]) -> Option<Vec<Service>> {
    let mut found: Vec<Service> = lines.iter().map(|line| line.period).collect::<Option<_>>()?;
    found.sort();
    Some(found)
}

fn are_same(here: &[Service], there: &[Service]) -> bool {
    here.iter().zip(there).all(|(ours, theirs)| {
        is_same_instant(ours.0, theirs.0) && is_same_instant(ours.1, theirs.1)
    })
}

/// Whether an old instant is the one here. Many files have dates alone: midnight stands for the day.
fn is_same_instant(here: Instant, there: Instant) -> bool {
    let day = |it: Instant| it.unix_seconds().div_euclid(DAY_SECONDS);
    here == there || (there.unix_seconds() % DAY_SECONDS == 0 && day(here) == day(there))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(subscription: &str, minor: i64, quantity: i64, is_proration: bool) -> SideLine {
        let at = |day: i64| Instant::from_unix_seconds(day * DAY_SECONDS);
        SideLine {
            subscription: subscription.to_owned(),
            amount: Amount::from_minor(minor),
            quantity: Some(Decimal::from(quantity)),
            period: Some((at(100), at(130))),
            is_proration: Some(is_proration),
        }
    }

    fn side(tax: i64, lines: &[SideLine]) -> Side {
        let net: i64 = lines.iter().map(|line| line.amount.minor()).sum();
        Side {
            documents: vec!["1".to_owned()],
            total: Amount::from_minor(net + tax),
            tax: Some(Amount::from_minor(tax)),
            lines: lines.to_vec(),
        }
    }

    fn sides(currency: &'static str, side: Side) -> Sides {
        Sides::from([(("a".to_owned(), currency), side)])
    }

    fn names(here: Sides, there: Sides) -> Vec<&'static str> {
        differences(here, there).iter().map(|it| it.cause.name()).collect()
    }

    fn of_lines(here: &[SideLine], there: &[SideLine]) -> Vec<&'static str> {
        names(sides("USD", side(0, here)), sides("USD", side(0, there)))
    }

    #[test]
    fn equal_sides_have_no_difference_however_the_old_system_splits_its_lines() {
        let whole = [line("s", 3000, 3, false)];
        assert_eq!(of_lines(&whole, &whole), [""; 0]);
        let split = [line("s", 3000, 3, false), line("s", 70, 1, true), line("s", -70, 1, true)];
        assert_eq!(of_lines(&whole, &split), [""; 0]);
        let zero = side(0, &[line("s", 0, 0, false)]);
        assert_eq!(names(sides("USD", zero), Sides::new()), [""; 0]);
    }

    #[test]
    fn every_cause_is_told_from_the_others() {
        let whole = [line("s", 3000, 3, false)];
        assert_eq!(of_lines(&whole, &[line("s", 3001, 3, false)]), ["rounding"]);
        assert_eq!(of_lines(&whole, &[line("s", 3002, 3, false)]), ["other_amount"]);
        assert_eq!(of_lines(&whole, &[line("s", 4000, 4, false)]), ["other_quantity"]);
        let part = [line("s", 3000, 3, false), line("s", 500, 1, true)];
        assert_eq!(of_lines(&part, &whole), ["other_proration"]);
        let mut later = line("s", 3000, 3, false);
        later.period = later.period.map(|(start, end)| (end, start));
        assert_eq!(of_lines(&whole, &[later]), ["other_period"]);
        assert_eq!(
            of_lines(&whole, &[line("t", 3000, 3, false)]),
            ["missing_there", "missing_here"]
        );
        let one = || sides("USD", side(0, &whole));
        assert_eq!(names(one(), Sides::new()), ["missing_there"]);
        assert_eq!(names(Sides::new(), one()), ["missing_here"]);
        assert_eq!(names(one(), sides("EUR", side(0, &whole))), ["other_currency"]);
        assert_eq!(names(one(), sides("USD", side(570, &whole))), ["other_tax"]);
    }

    #[test]
    fn differences_that_cancel_each_other_out_are_found() {
        let here = [line("s", 3000, 3, false), line("t", 2000, 2, false)];
        let there = [line("s", 2000, 2, false), line("t", 3000, 3, false)];
        assert_eq!(of_lines(&here, &there), ["other_quantity", "other_quantity"]);
    }

    #[test]
    fn without_lines_totals_are_compared() {
        let bare =
            |minor: i64| Side { lines: Vec::new(), ..side(0, &[line("s", minor, 1, false)]) };
        let here = || sides("USD", side(0, &[line("s", 3000, 3, false)]));
        assert_eq!(names(here(), sides("USD", bare(3000))), [""; 0]);
        assert_eq!(names(here(), sides("USD", bare(2999))), ["rounding"]);
        assert_eq!(names(here(), sides("USD", bare(2900))), ["other_amount"]);
    }
}
