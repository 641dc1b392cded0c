//! The billed amounts by product in each currency.

use maud::{Markup, html};

use super::bars::{Bar, bars};
use super::parts::{CHARTED, behind, cell, section as part};
use super::{Report, parts};
use crate::review::ProductTotal;
use crate::value::Currency;
use crate::wording::{grouped, money};

/// How many products get a bar.
const BARS: usize = 8;

/// How many products are in the table behind the bars.
const ROWS: usize = 50;

const HEADINGS: [parts::Heading; 3] = [("Product", false), ("Lines", true), ("Without tax", true)];

pub(super) fn section(report: &Report<'_>) -> Markup {
    let mut products: Vec<(&Currency, &Vec<ProductTotal>)> =
        report.review.products.iter().collect();
    let documents = |code: &str| report.totals.get(code).map_or(0, |totals| totals.invoices);
    products.sort_by_key(|(currency, _)| std::cmp::Reverse(documents(currency.code())));
    let content = html! {
        @if products.is_empty() { p.nothing { "Nothing was billed." } }
        div.charts {
            @for (currency, totals) in products.iter().take(CHARTED) { (chart(**currency, totals)) }
        }
        @if products.len() > CHARTED {
            p.muted { "Other currencies are in " code { "invoice_lines.csv" } "." }
        }
    };
    part("products", "Billed by product", &content)
}

fn chart(currency: Currency, totals: &[ProductTotal]) -> Markup {
    let code = currency.code();
    let title = format!("Billed in {code} by product, without tax");
    let rows: Vec<_> = totals.iter().take(ROWS).map(|total| row(total, currency)).collect();
    let more = totals.len() - totals.len().min(BARS);
    html! {
        article.chart {
            h3 { (code) }
            (bars(&format!("products-{code}"), (&title, "The largest first; the figures are in the \
                table that follows."), &shown(totals, currency), false))
            @if more > 0 { p.muted { "… and " (more) " more in the figures." } }
            (behind(&title, &HEADINGS, &rows))
            @if totals.len() > ROWS {
                p.muted { "The first " (ROWS) "; all are in " code { "invoice_lines.csv" } "." }
            }
        }
    }
}

fn shown(totals: &[ProductTotal], currency: Currency) -> Vec<Bar> {
    let bar = |total: &ProductTotal| Bar {
        label: total.product.to_string(),
        value: money(total.net, currency),
        from: 0,
        to: i128::from(total.net.minor().unsigned_abs()),
        tone: if total.net.is_negative() { "down" } else { "level" },
    };
    totals.iter().take(BARS).map(bar).collect()
}

fn row(total: &ProductTotal, currency: Currency) -> Vec<Markup> {
    let lines = grouped(&total.lines.to_string());
    vec![cell(&total.product), cell(lines), cell(money(total.net, currency))]
}
