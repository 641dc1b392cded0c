//! The discounts given, by name.

use maud::{Markup, html};

use super::parts::{SHOWN, cell, ordered, section as part, table};
use super::{Report, parts};
use crate::review::DiscountTotal;
use crate::value::Currency;
use crate::wording::{grouped, money};

const HEADINGS: [parts::Heading; 4] =
    [("Discount", false), ("Currency", false), ("Lines", true), ("Taken off", true)];

pub(super) fn section(report: &Report<'_>) -> Option<Markup> {
    let discounts = ordered(report.totals, &report.review.finances.discounts);
    let all: Vec<(Currency, &DiscountTotal)> = discounts
        .iter()
        .flat_map(|(currency, totals)| totals.iter().map(|total| (*currency, total)))
        .collect();
    if all.is_empty() {
        return None;
    }
    let rows: Vec<_> = all.iter().take(SHOWN).map(|(currency, it)| row(*currency, it)).collect();
    let more = all.len() - rows.len();
    let content = html! {
        p.muted { "What discounts took off the lines of these documents." }
        (table("Discounts by name", &HEADINGS, &rows))
        @if more > 0 {
            p.muted { "… and " (grouped(&more.to_string())) " more in "
                code { "invoice_lines.csv" } "." }
        }
    };
    Some(part("discounts", "Discounts given", &content))
}

fn row(currency: Currency, total: &DiscountTotal) -> Vec<Markup> {
    let name = if total.name.is_empty() { "Without a name" } else { &total.name };
    vec![
        cell(name),
        cell(currency.code()),
        cell(grouped(&total.lines.to_string())),
        cell(money(total.amount, currency)),
    ]
}
