//! The trend over months: billed and received, and what is open at the end.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use maud::{Markup, html};

use super::parts::{self, CHARTED, behind, cell, percent, section as part};
use super::words::month_words;
use crate::review::{Trend, TrendMonth};
use crate::value::{Amount, Currency, Month};
use crate::wording::{grouped, money};

/// How many months are drawn. Tables have all of them.
const DRAWN: usize = 12;

/// The height in pixels of the columns, and of the labels below them.
const COLUMNS: i128 = 140;
const LABELS: i128 = 24;

const HEADINGS: [parts::Heading; 7] = [
    ("Month", false),
    ("Documents", true),
    ("Billed", true),
    ("Tax in it", true),
    ("Due", true),
    ("Received", true),
    ("Open at the end", true),
];

/// The months of each currency. One month is no trend.
pub(super) fn section(trend: &Trend) -> Option<Markup> {
    let mut trend: Vec<(Currency, &BTreeMap<Month, TrendMonth>)> =
        trend.iter().map(|(currency, months)| (*currency, months)).collect();
    trend.retain(|(_, months)| months.len() > 1);
    let documents = |months: &BTreeMap<Month, TrendMonth>| {
        months.values().map(|month| month.invoices).sum::<u64>()
    };
    trend.sort_by_key(|(_, months)| Reverse(documents(months)));
    if trend.is_empty() {
        return None;
    }
    let content = html! {
        p.muted {
            "The closes of each month, added up. A close belongs to the month of its date; the open \
             amount is that of the last one."
        }
        div.charts {
            @for (currency, months) in trend.iter().take(CHARTED) { (chart(*currency, months)) }
        }
        @if trend.len() > CHARTED {
            p.muted { "Other currencies are in each " code { "summary.json" } "." }
        }
    };
    Some(part("trend", "Trend", &content))
}

fn chart(currency: Currency, months: &BTreeMap<Month, TrendMonth>) -> Markup {
    let code = currency.code();
    let title = format!("Billed and received in {code} by month");
    let drawn: Vec<(Month, TrendMonth)> = months
        .iter()
        .skip(months.len().saturating_sub(DRAWN))
        .map(|(month, it)| (*month, *it))
        .collect();
    let row = |(month, it): (&Month, &TrendMonth)| {
        let mut cells = vec![cell(month_words(*month)), cell(grouped(&it.invoices.to_string()))];
        let amounts = [it.billed, it.tax, it.due, it.received, it.open];
        cells.extend(amounts.map(|amount| cell(money(amount, currency))));
        cells
    };
    html! {
        article.chart {
            h3 { (code) }
            p.legend aria-hidden="true" {
                span.key.level {} "Billed " span.key.up {} "Received"
            }
            (columns(code, &title, &drawn))
            (behind(&title, &HEADINGS, &months.iter().map(row).collect::<Vec<_>>()))
        }
    }
}

fn columns(code: &str, title: &str, months: &[(Month, TrendMonth)]) -> Markup {
    let amounts = months.iter().flat_map(|(_, it)| [it.billed, it.received]);
    let most = amounts.map(|it| i128::from(it.minor())).max().unwrap_or(1).max(1);
    let count = months.len() as i128;
    let (title_id, description_id) = (format!("trend-{code}-title"), format!("trend-{code}-desc"));
    html! {
        svg.columns role="img" width="100%" height=(COLUMNS + LABELS)
            aria-labelledby={ (title_id) " " (description_id) }
        {
            title id=(title_id) { (title) }
            desc id=(description_id) {
                "Two columns for each month; the figures are in the table that follows."
            }
            @for (place, (month, it)) in (0_i128..).zip(months) {
                (column(20 * place + 2, count, it.billed, most, "level"))
                (column(20 * place + 11, count, it.received, most, "up"))
                text.tick x=(percent(2 * place + 1, 2 * count)) y=(COLUMNS + 17)
                    text-anchor="middle"
                {
                    (month.first_day().format("%b").to_string())
                }
            }
            line.axis x1="0" x2="100%" y1=(COLUMNS) y2=(COLUMNS) {}
        }
    }
}

/// A column from `left` on, in twentieths of a month. Amounts below zero have none.
fn column(left: i128, count: i128, amount: Amount, most: i128, tone: &str) -> Markup {
    let minor = i128::from(amount.minor());
    let height = if minor <= 0 { 0 } else { (minor * (COLUMNS - 8) / most).max(2) };
    html! {
        rect class=(tone) x=(percent(left, 20 * count)) width=(percent(7, 20 * count))
            y=(COLUMNS - height) height=(height) rx="2" {}
    }
}
