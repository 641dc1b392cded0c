//! Tax by rate.

use maud::{Markup, html};

use super::parts::{cell, ordered, section as part, table};
use super::{Report, parts};
use crate::model::TaxTreatment;
use crate::review::TaxRateTotal;
use crate::wording::{grouped, money};

/// How many rates are shown.
const ROWS: usize = 60;

const HEADINGS: [parts::Heading; 7] = [
    ("Tax", false),
    ("Code", false),
    ("Treatment", false),
    ("Currency", false),
    ("Documents", true),
    ("Without tax", true),
    ("Tax amount", true),
];

pub(super) fn section(report: &Report<'_>) -> Option<Markup> {
    let taxes = ordered(report.totals, &report.review.finances.taxes);
    let rows: Vec<Vec<Markup>> = taxes
        .iter()
        .flat_map(|(currency, rates)| {
            rates.iter().map(|rate| {
                vec![
                    cell(format!("{} {}%", rate.name, rate.percent)),
                    cell(&rate.code),
                    cell(words(rate)),
                    cell(currency.code()),
                    cell(grouped(&rate.invoices.to_string())),
                    cell(money(rate.net, *currency)),
                    cell(money(rate.tax, *currency)),
                ]
            })
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let more = rows.len().saturating_sub(ROWS);
    let content = html! {
        p.muted {
            "Credits are deducted. What no code applies to is not listed. Every document is in "
            code { "invoice_taxes.csv" } "."
        }
        (table("Tax by rate", &HEADINGS, &rows[..rows.len() - more]))
        @if more > 0 { p.muted { "… and " (grouped(&more.to_string())) " more rates." } }
    };
    Some(part("taxes", "Tax by rate", &content))
}

fn words(rate: &TaxRateTotal) -> &'static str {
    match (rate.treatment(), rate.is_included()) {
        (Some(TaxTreatment::Exempt), _) => "exempt",
        (Some(TaxTreatment::ReverseCharge), _) => "reverse charge",
        (_, true) => "in the price",
        (_, false) => "added",
    }
}
