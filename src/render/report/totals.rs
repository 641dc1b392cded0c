//! The totals of each currency.

use std::cmp::Reverse;

use maud::{Markup, html};

use super::parts::{behind, cell, section as part};
use super::{Report, parts};
use crate::register::TotalsByCurrency;
use crate::wording::grouped;

pub(super) fn section(report: &Report<'_>) -> Markup {
    let mut totals: Vec<(&String, &TotalsByCurrency)> = report.totals.iter().collect();
    // Sort by number of invoices, because amounts in different currencies are not comparable.
    totals.sort_by_key(|(_, totals)| Reverse(totals.invoices));
    let content = html! {
        @if totals.is_empty() {
            p.nothing { "Nothing was due: there are no documents." }
        } @else {
            ul.tiles {
                @for (code, totals) in totals.iter().take(parts::CHARTED) { (tile(code, totals)) }
            }
            (behind("Totals by currency", &HEADINGS, &totals.iter().map(row).collect::<Vec<_>>()))
        }
    };
    part("totals", "Totals", &content)
}

fn tile(code: &str, totals: &TotalsByCurrency) -> Markup {
    let plural = if totals.invoices == 1 { "" } else { "s" };
    html! {
        li.tile {
            p.of { (code) " · " (grouped(&totals.invoices.to_string())) " document" (plural) }
            p.big { (grouped(&totals.total)) }
            dl {
                @for (name, amount) in [
                    ("Tax", &totals.tax),
                    ("Paid by credit", &totals.credit_applied),
                    ("Due", &totals.amount_due),
                    ("Open after payments", &totals.payments.closing_receivable),
                ] {
                    div { dt { (name) } dd { (grouped(amount)) } }
                }
            }
        }
    }
}

const HEADINGS: [parts::Heading; 10] = [
    ("Currency", false),
    ("Documents", true),
    ("Subtotal", true),
    ("Discount", true),
    ("Tax", true),
    ("Total", true),
    ("Credit used", true),
    ("Credit granted", true),
    ("Due", true),
    ("Open", true),
];

fn row((code, totals): &(&String, &TotalsByCurrency)) -> Vec<Markup> {
    let amounts = [
        &totals.subtotal,
        &totals.discount,
        &totals.tax,
        &totals.total,
        &totals.credit_applied,
        &totals.credit_granted,
        &totals.amount_due,
        &totals.payments.closing_receivable,
    ];
    let mut cells = vec![cell(code), cell(grouped(&totals.invoices.to_string()))];
    cells.extend(amounts.into_iter().map(|amount| cell(grouped(amount))));
    cells
}
