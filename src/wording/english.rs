//! The English wording of lines: descriptions, reasons and prices of `invoice_lines.csv`.

use chrono::{Datelike as _, NaiveDate};

use crate::model::{
    Billed, Correction, CorrectionRole, DaysLeft, DiscountWording, Line, LineWording, NetChange,
    Off, PriceBreakdown, PriceTerms, ProductQuantity, Reason, TierTerms, UnitTerms,
};
use crate::value::{Currency, DecimalText, Plain};

/// Adds the description of a line.
///
/// "Remaining time on 2 × Private projects after 19 Jun 2020", "Half (50% off): Seats",
/// "Reverses “Seats” of invoice INV-7: the history of the subscription was changed".
pub(crate) fn describe(text: &mut String, line: &Line) {
    let Some(correction) = &line.correction else { return add_line(text, line) };
    match correction.role {
        CorrectionRole::Reversal => {
            text.push_str("Reverses “");
            add_line(text, line);
            text.push_str("” of ");
        }
        CorrectionRole::Replacement => {
            add_line(text, line);
            text.push_str(", corrects ");
        }
    }
    add_corrected(text, correction);
}

/// Adds the corrected invoice and the reason: "invoice INV-7: the history of the subscription was changed".
pub(super) fn add_corrected(text: &mut String, correction: &Correction) {
    let Correction { invoice_number, reason, .. } = correction;
    if invoice_number.is_empty() {
        text.push_str("what was billed before this register was opened");
    } else {
        text.extend(["invoice ", invoice_number]);
    }
    text.push_str(": ");
    add_reason(text, reason);
}

/// Adds the reason of a correction or of a late line.
pub(crate) fn add_reason(text: &mut String, reason: &Reason) {
    match reason {
        Reason::HistoryChanged => text.push_str("the history of the subscription was changed"),
        Reason::ChangeArrived { change, on } => {
            text.extend(["the change ", change, " of "]);
            add_date(text, *on);
            text.push_str(" arrived later");
        }
        Reason::AccountChangeArrived { column, on } => {
            text.extend(["the change of ", column, " on "]);
            add_date(text, *on);
            text.push_str(" arrived later");
        }
        Reason::DiscountUnknown(id) => text.extend(["the discount ", id, " was not known before"]),
        Reason::SubscriptionUnknown => text.push_str("the subscription was not known before"),
        Reason::Written(words) => text.push_str(words),
    }
}

/// The line without the correction.
fn add_line(text: &mut String, line: &Line) {
    match &line.wording {
        Some(wording) => add_wording(text, wording, (&line.quote.product, line.currency)),
        None => text.push_str(&line.quote.product),
    }
}

/// Adds a wording for a line of a product and a currency.
pub(super) fn add_wording(
    text: &mut String,
    wording: &LineWording,
    (product, currency): (&str, Currency),
) {
    if let Some(discount) = &wording.discount {
        add_discount(text, discount, currency);
    }
    add_billed(text, &wording.billed, product);
    if let Some(reason) = &wording.late {
        text.push_str("; ");
        add_reason(text, reason);
    }
}

fn add_discount(text: &mut String, discount: &DiscountWording, currency: Currency) {
    let DiscountWording { name, off } = discount;
    text.extend([name, " ("]);
    match off {
        Off::Percent(percent) => text.extend([&*percent.to_string(), "%"]),
        Off::Amount(amount) => text.push_str(amount.decimal_text(currency).as_str()),
    }
    text.push_str(" off): ");
}

fn add_billed(text: &mut String, billed: &Billed, product: &str) {
    match billed {
        Billed::Product => text.push_str(product),
        Billed::Segment { from } => {
            text.extend([product, " from "]);
            add_date(text, *from);
        }
        Billed::Remaining { quantity, after } => {
            add_time(text, "Remaining time on ", (*quantity, product), *after);
        }
        Billed::Unused { quantity, after } => {
            add_time(text, "Unused time on ", (*quantity, product), *after);
        }
        Billed::Net(net) => add_net(text, net),
        Billed::Void(void) => {
            add_billed(text, &void.billed, product);
            text.extend([": invoice ", &void.invoice_number, " is void"]);
            if !void.reason.is_empty() {
                text.extend([" (", &void.reason, ")"]);
            }
        }
        Billed::Written(words) => text.push_str(words),
    }
}

/// "Unused time on 3 × Seats after 19 Jun 2020"; a single unit goes without "1 ×".
fn add_time(text: &mut String, time: &str, (quantity, product): (u64, &str), after: NaiveDate) {
    text.push_str(time);
    if quantity == 1 {
        text.push_str(product);
    } else {
        add_held(text, quantity, product);
    }
    text.push_str(" after ");
    add_date(text, after);
}

/// "2 instead of 3 × Private projects after 19 Jun 2020, 8 of 31 days".
fn add_net(text: &mut String, NetChange { new, old, after, days }: &NetChange) {
    let ProductQuantity { quantity, product } = new;
    if *product == old.product {
        text.push_str(DecimalText::whole(*quantity).as_str());
    } else {
        add_held(text, *quantity, product);
    }
    text.push_str(" instead of ");
    add_held(text, old.quantity, &old.product);
    text.push_str(" after ");
    add_date(text, *after);
    if let Some(DaysLeft { left, all }) = days {
        let [left, all] = [*left, *all].map(DecimalText::whole);
        text.extend([", ", left.as_str(), " of ", all.as_str(), " days"]);
    }
}

/// Adds the calculation of a price: `3 × 20.00 = 60.00`, `(25 − 10 free) × 2.00 = 30.00`; the bare
/// price where there is nothing to add up.
pub(crate) fn add_breakdown(text: &mut String, breakdown: &PriceBreakdown, currency: Currency) {
    match breakdown {
        PriceBreakdown::None => {}
        PriceBreakdown::Sum { terms, total } => {
            if !breakdown.is_bare() {
                add_terms(text, terms);
                text.push_str(" = ");
            }
            add_number(text, *total);
        }
        PriceBreakdown::Difference(two) => {
            let [new, old] = &**two;
            add_breakdown(text, new, currency);
            text.push_str(" less ");
            add_breakdown(text, old, currency);
        }
        PriceBreakdown::PercentOf { percent, of } => {
            add_number(text, Plain(*percent));
            text.extend(["% of ", of.decimal_text(currency).as_str()]);
        }
        PriceBreakdown::ShareOf(amount) => {
            text.extend(["share of ", amount.decimal_text(currency).as_str()]);
        }
        PriceBreakdown::Written { terms, total } => {
            text.push_str(terms);
            if let Some(total) = total {
                text.extend([" = ", total]);
            }
        }
    }
}

fn add_terms(text: &mut String, terms: &PriceTerms) {
    let count = |text: &mut String, count: u64| text.push_str(DecimalText::whole(count).as_str());
    match terms {
        PriceTerms::Flat(amount) => add_number(text, *amount),
        PriceTerms::Units(units) => add_units(text, *units),
        PriceTerms::WithFree { quantity, free, unit_amount } => {
            text.push('(');
            count(text, *quantity);
            text.push_str(" − ");
            count(text, *free);
            text.push_str(" free) × ");
            add_number(text, *unit_amount);
        }
        PriceTerms::Packages { count: packages, size, amount } => {
            count(text, *packages);
            text.push_str(" packages of ");
            count(text, *size);
            text.push_str(" × ");
            add_number(text, *amount);
        }
        PriceTerms::Tiers(tiers) => {
            for (place, tier) in tiers.iter().enumerate() {
                if place > 0 {
                    text.push_str(" + ");
                }
                add_tier(text, *tier);
            }
        }
        PriceTerms::Cut { amount, less } => {
            add_number(text, *amount);
            text.push_str(" − ");
            add_number(text, *less);
        }
    }
}

fn add_tier(text: &mut String, TierTerms { units, flat_amount }: TierTerms) {
    if let Some(units) = units {
        add_units(text, units);
    }
    if let Some(amount) = flat_amount {
        text.push_str(if units.is_some() { " + " } else { "" });
        add_number(text, amount);
    }
}

fn add_units(text: &mut String, UnitTerms { quantity, unit_amount }: UnitTerms) {
    if quantity != 1 {
        text.extend([DecimalText::whole(quantity).as_str(), " × "]);
    }
    add_number(text, unit_amount);
}

fn add_number(text: &mut String, number: Plain) {
    match number.text() {
        Some(short) => text.push_str(short.as_str()),
        None => text.push_str(&number.to_string()),
    }
}

fn add_held(text: &mut String, quantity: u64, product: &str) {
    text.extend([DecimalText::whole(quantity).as_str(), " × ", product]);
}

/// "9 Jun 2020".
fn add_date(text: &mut String, date: NaiveDate) {
    let day = DecimalText::whole(date.day().into());
    let year = DecimalText::whole(date.year_ce().1.into());
    text.extend([day.as_str(), " ", MONTHS[date.month0() as usize], " ", year.as_str()]);
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
#[path = "english_tests.rs"]
mod tests;
