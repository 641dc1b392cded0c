//! The sentences of old registers, read back.
//!
//! `state/lines.parquet` of the manifest formats 3 and 4 has English sentences and no data. Only this
//! file reads them. Names may hold any words, so it reads a sentence from its end, where the parts are
//! known. Then it makes the sentence again from the parts. If the two differ, the old sentence stays
//! as it was written.

use chrono::NaiveDate;

use super::english;
use crate::model::{
    Billed, Cause, Correction, CorrectionRole, DaysLeft, DiscountWording, Line, LineWording,
    NetChange, Off, PriceBreakdown, PriceTerms, ProductQuantity, Reason, TierTerms, UnitTerms,
};
use crate::value::{Amount, Currency, Plain, parse_decimal};

/// The wording of a line with the description `sentence`. The rest of the line is known.
pub(crate) fn wording(sentence: &str, line: &Line) -> Option<Box<LineWording>> {
    let correction = line.correction.as_deref();
    let plain = correction.and_then(|it| without_correction(sentence, it)).unwrap_or(sentence);
    if *plain == *line.quote.product {
        return None;
    }
    let is_the_same = |wording: &LineWording| {
        let mut text = String::with_capacity(plain.len());
        english::add_wording(&mut text, wording, (&line.quote.product, line.currency));
        text == plain
    };
    let read = match line.key.cause {
        Cause::Adjustment(_) => None,
        _ => on_time(plain, line).filter(is_the_same).or_else(|| late(plain, line)),
    };
    let written =
        || LineWording { billed: Billed::Written(plain.into()), ..LineWording::default() };
    Some(Box::new(read.filter(is_the_same).unwrap_or_else(written)))
}

/// The reason of a correction or of a late line.
pub(crate) fn reason(sentence: &str) -> Reason {
    let read = match sentence {
        "the history of the subscription was changed" => Some(Reason::HistoryChanged),
        "the subscription was not known before" => Some(Reason::SubscriptionUnknown),
        _ => change_arrived(sentence).or_else(|| discount_unknown(sentence)),
    };
    let is_the_same = |reason: &Reason| {
        let mut text = String::new();
        english::add_reason(&mut text, reason);
        text == sentence
    };
    read.filter(is_the_same).unwrap_or_else(|| Reason::Written(sentence.into()))
}

fn change_arrived(sentence: &str) -> Option<Reason> {
    let change = sentence.strip_prefix("the change ")?.strip_suffix(" arrived later")?;
    let (change, day) = change.rsplit_once(" of ")?;
    Some(Reason::ChangeArrived { change: change.into(), on: date(day)? })
}

fn discount_unknown(sentence: &str) -> Option<Reason> {
    let id = sentence.strip_prefix("the discount ")?.strip_suffix(" was not known before")?;
    Some(Reason::DiscountUnknown(id.into()))
}

/// "9 Jun 2020".
fn date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%d %b %Y").ok()
}

/// The description of the corrected line.
fn without_correction<'s>(sentence: &'s str, correction: &Correction) -> Option<&'s str> {
    let (before, link) = match correction.role {
        CorrectionRole::Reversal => ("Reverses “", "” of "),
        CorrectionRole::Replacement => ("", ", corrects "),
    };
    let mut corrected = String::from(link);
    english::add_corrected(&mut corrected, correction);
    sentence.strip_prefix(before)?.strip_suffix(&*corrected)
}

/// A line with the reason why it is late.
fn late(text: &str, line: &Line) -> Option<LineWording> {
    let starts = text.rmatch_indices("; the ").map(|(place, _)| place);
    let mut read = starts.map(|place| (&text[..place], reason(&text[place + 2..])));
    let (said, reason) = read.find(|(_, reason)| !matches!(reason, Reason::Written(_)))?;
    let said =
        if *said == *line.quote.product { LineWording::default() } else { on_time(said, line)? };
    Some(LineWording { late: Some(Box::new(reason)), ..said })
}

/// The wording of a line that is not late.
fn on_time(text: &str, line: &Line) -> Option<LineWording> {
    let (before, billed) = billed(text, line)?;
    let discount = match &line.key.discount {
        Some(_) => Some(Box::new(discount(before, line.currency)?)),
        None => None,
    };
    Some(LineWording { billed, discount, ..LineWording::default() })
}

/// "Half (12.5% off): ", "Five (5.00 off): ".
fn discount(text: &str, currency: Currency) -> Option<DiscountWording> {
    let (name, off) = text.strip_suffix(OFF)?.rsplit_once(" (")?;
    let off = match off.strip_suffix('%') {
        Some(percent) => Off::Percent(parse_decimal(percent).ok()?),
        None => Off::Amount(Amount::parse(off, currency).ok()?),
    };
    Some(DiscountWording { name: name.into(), off })
}

/// The words between a discount and the line it reduces.
const OFF: &str = " off): ";

/// The text before the billed part at the end, and that part.
fn billed<'t>(text: &'t str, line: &Line) -> Option<(&'t str, Billed)> {
    let product = &*line.quote.product;
    match &line.key.cause {
        Cause::Segment(_) => {
            let (before, from) = dated(text, " from ")?;
            Some((before.strip_suffix(product)?, Billed::Segment { from }))
        }
        Cause::Remaining(_) => {
            let (before, quantity, after) = time(text, "Remaining time on ", product)?;
            Some((before, Billed::Remaining { quantity, after }))
        }
        Cause::Unused(_) => {
            let (before, quantity, after) = time(text, "Unused time on ", product)?;
            Some((before, Billed::Unused { quantity, after }))
        }
        Cause::Net(_) => {
            let (before, net) = net(text, product)?;
            Some((before, Billed::Net(Box::new(net))))
        }
        Cause::Period | Cause::Adjustment(_) => {
            Some((text.strip_suffix(product)?, Billed::Product))
        }
    }
}

/// The text before a date at the end, and that date.
fn dated<'t>(text: &'t str, link: &str) -> Option<(&'t str, NaiveDate)> {
    let (before, day) = text.rsplit_once(link)?;
    Some((before, date(day)?))
}

/// "Unused time on 3 × Seats after 9 Jun 2020": the text before it, the
/// quantity and the date.
fn time<'t>(text: &'t str, word: &str, product: &str) -> Option<(&'t str, u64, NaiveDate)> {
    let (text, after) = dated(text, " after ")?;
    let text = text.strip_suffix(product)?;
    if let Some(before) = text.strip_suffix(word) {
        return Some((before, 1, after));
    }
    let (before, quantity) = number(text.strip_suffix(TIMES)?)?;
    Some((before.strip_suffix(word)?, quantity, after))
}

const TIMES: &str = " × ";

/// The text before a number at the end, and that number.
fn number(text: &str) -> Option<(&str, u64)> {
    let before = text.trim_end_matches(|c: char| c.is_ascii_digit());
    Some((before, text[before.len()..].parse().ok()?))
}

/// "2 instead of 3 × Seats after 9 Jun 2020, 8 of 31 days", and the text
/// before it.
fn net<'t>(text: &'t str, product: &str) -> Option<(&'t str, NetChange)> {
    const INSTEAD: &str = " instead of ";
    let counted = text.strip_suffix(" days").and_then(|text| {
        let (text, all) = number(text)?;
        let (text, left) = number(text.strip_suffix(" of ")?)?;
        Some((text.strip_suffix(", ")?, DaysLeft { left, all }))
    });
    let (text, days) = counted.map_or((text, None), |(text, days)| (text, Some(days)));
    let (text, after) = dated(text, " after ")?;
    let held = |quantity, product: &str| ProductQuantity { quantity, product: product.into() };
    let of_one = text.strip_suffix(product).and_then(|text| {
        let (text, old) = number(text.strip_suffix(TIMES)?)?;
        let (before, new) = number(text.strip_suffix(INSTEAD)?)?;
        Some((before, new, old))
    });
    if let Some((before, new, old)) = of_one {
        let (new, old) = (held(new, product), held(old, product));
        return Some((before, NetChange { new, old, after, days }));
    }
    let (new, old) = text.rsplit_once(INSTEAD)?;
    let ((_, old), old_product) = (number(old.split_once(TIMES)?.0)?, old.split_once(TIMES)?.1);
    let start = new.rfind(OFF).map_or(0, |place| place + OFF.len());
    let (before, new) = new.split_at(start);
    let (quantity, new_product) = new.split_once(TIMES)?;
    let (new, old) = (held(quantity.parse().ok()?, new_product), held(old, old_product));
    Some((before, NetChange { new, old, after, days }))
}

/// The calculation of a price with the published text `sum`.
pub(crate) fn breakdown(sum: &str, currency: Currency) -> PriceBreakdown {
    let is_the_same = |breakdown: &PriceBreakdown| {
        let mut text = String::with_capacity(sum.len());
        english::add_breakdown(&mut text, breakdown, currency);
        text == sum
    };
    let written = || match sum.rsplit_once(" = ") {
        Some((terms, total)) => {
            PriceBreakdown::Written { terms: terms.into(), total: Some(total.into()) }
        }
        None => PriceBreakdown::Written { terms: sum.into(), total: None },
    };
    parts(sum, currency).filter(is_the_same).unwrap_or_else(written)
}

fn parts(sum: &str, currency: Currency) -> Option<PriceBreakdown> {
    if sum.is_empty() {
        return Some(PriceBreakdown::None);
    }
    if let Some((new, old)) = sum.split_once(" less ") {
        let two = [new, old].map(|sum| breakdown(sum, currency));
        return Some(PriceBreakdown::Difference(Box::new(two)));
    }
    if let Some(amount) = sum.strip_prefix("share of ") {
        return Some(PriceBreakdown::ShareOf(Amount::parse(amount, currency).ok()?));
    }
    if let Some((percent, amount)) = sum.split_once("% of ") {
        let percent = parse_decimal(percent).ok()?;
        let of = Amount::parse(amount, currency).ok()?;
        return Some(PriceBreakdown::PercentOf { percent, of });
    }
    let (terms, total) = sum.rsplit_once(" = ").unwrap_or((sum, sum));
    Some(PriceBreakdown::Sum { terms: price_terms(terms)?, total: plain(total)? })
}

fn price_terms(text: &str) -> Option<PriceTerms> {
    if let Some((units, amount)) = text.split_once(" free) × ") {
        let (quantity, free) = units.strip_prefix('(')?.split_once(" − ")?;
        let (quantity, free) = (quantity.parse().ok()?, free.parse().ok()?);
        return Some(PriceTerms::WithFree { quantity, free, unit_amount: plain(amount)? });
    }
    if let Some((count, package)) = text.split_once(" packages of ") {
        let (size, amount) = package.split_once(TIMES)?;
        let (count, size) = (count.parse().ok()?, size.parse().ok()?);
        return Some(PriceTerms::Packages { count, size, amount: plain(amount)? });
    }
    if let Some((amount, less)) = text.split_once(" − ") {
        return Some(PriceTerms::Cut { amount: plain(amount)?, less: plain(less)? });
    }
    // A single amount may be a unit price or a flat price; both have the same text.
    let tiers = text.split(" + ").map(|part| match part.split_once(TIMES) {
        Some((quantity, amount)) => {
            let (quantity, unit_amount) = (quantity.parse().ok()?, plain(amount)?);
            let units = Some(UnitTerms { quantity, unit_amount });
            Some(TierTerms { units, flat_amount: None })
        }
        None => Some(TierTerms { units: None, flat_amount: Some(plain(part)?) }),
    });
    tiers.collect::<Option<_>>().map(PriceTerms::Tiers)
}

fn plain(text: &str) -> Option<Plain> {
    parse_decimal(text).ok().map(Plain)
}

#[cfg(test)]
#[path = "published_tests.rs"]
mod tests;
