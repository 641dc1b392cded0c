//! Tax by rate.

use maud::{Markup, html};

use super::parts::{CHARTED, SHOWN, cell, ordered, section as part, table};
use super::{Report, parts};
use crate::model::TaxTreatment;
use crate::review::TaxRateTotal;
use crate::value::Currency;
use crate::wording::money;

const HEADINGS: [parts::Heading; 3] = [("Rate", false), ("Without tax", true), ("Tax", true)];

pub(super) fn section(report: &Report<'_>) -> Option<Markup> {
    let taxes = ordered(report.totals, &report.review.finances.taxes);
    if taxes.is_empty() {
        return None;
    }
    let is_whole = taxes.len() <= CHARTED && taxes.iter().all(|(_, rates)| rates.len() <= SHOWN);
    let content = html! {
        p.muted {
            "Credits are deducted. Lines without a tax code are not in it. "
            @if is_whole { "Every document" } @else { "Further rates, and every document," }
            @if is_whole { " is in " } @else { " are in " }
            code { "invoice_taxes.csv" } "."
        }
        div.charts {
            @for (currency, rates) in taxes.iter().take(CHARTED) { (chart(*currency, rates)) }
        }
    };
    Some(part("taxes", "Tax by rate", &content))
}

fn chart(currency: Currency, rates: &[TaxRateTotal]) -> Markup {
    let row = |rate: &TaxRateTotal| {
        let name = html! {
            (rate.name) " " (rate.percent) "% "
            span.id { (rate.code) ", " (words(rate)) }
        };
        vec![name, cell(money(rate.net, currency)), cell(money(rate.tax, currency))]
    };
    let rows: Vec<_> = rates.iter().take(SHOWN).map(row).collect();
    html! {
        article.chart { (table(&format!("Tax in {}", currency.code()), &HEADINGS, &rows)) }
    }
}

fn words(rate: &TaxRateTotal) -> &'static str {
    match (rate.treatment(), rate.is_included()) {
        (Some(TaxTreatment::Exempt), _) => "exempt",
        (Some(TaxTreatment::ReverseCharge), _) => "reverse charge",
        (_, true) => "in the price",
        (_, false) => "added",
    }
}
