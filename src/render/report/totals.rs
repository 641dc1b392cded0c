//! The totals of each currency.

use maud::{Markup, html};

use super::parts::{behind, cell, code_order, section as part};
use super::{Report, parts};
use crate::register::TotalsByCurrency;
use crate::value::{Amount, Currency};
use crate::wording::{grouped, money};

pub(super) fn section(report: &Report<'_>) -> Markup {
    let totals: Vec<(&str, &TotalsByCurrency)> =
        code_order(report.totals).into_iter().map(|code| (code, &report.totals[code])).collect();
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

/// What was billed, and how the open amount comes about: the lines from "Open before" on add up.
fn tile(code: &str, totals: &TotalsByCurrency) -> Markup {
    let plural = if totals.invoices == 1 { "" } else { "s" };
    let payments = &totals.payments;
    let rows = [
        ("Tax in it", &totals.tax, ""),
        ("Paid by credit", &totals.credit_applied, ""),
        ("Due", &totals.amount_due, "sum"),
        ("Open from earlier closes", &payments.opening_receivable, ""),
        ("Paid", &payments.paid, "less"),
        ("Paid back", &payments.taken_back, ""),
        ("Credit notes", &payments.credited, "less"),
        ("Written off", &payments.written_off, "less"),
        ("Bank fees", &payments.bank_fees, "less"),
        ("Exchange differences", &payments.exchange_difference, "less"),
        ("Of these credit", &payments.otherwise_to_credit, ""),
        ("Open now", &payments.closing_receivable, "sum"),
    ];
    html! {
        li.tile {
            p.of { (code) " · " (grouped(&totals.invoices.to_string())) " document" (plural) }
            p.label { "Billed, tax included" }
            p.big { (grouped(&totals.total)) }
            dl {
                @for (name, amount, kind) in rows {
                    @if kind == "sum" || !is_zero(amount) {
                        div class=[(kind == "sum").then_some("sum")] {
                            dt { (name) }
                            dd { (shown(amount, kind == "less")) }
                        }
                    }
                }
            }
            @if let Some(reason) = above_total(code, totals) { p.why { (reason) } }
        }
    }
}

/// An amount, with the opposite sign if it is taken off.
fn shown(plain: &str, is_less: bool) -> String {
    match plain.strip_prefix('-') {
        Some(amount) if is_less => grouped(amount),
        _ if is_less => format!("\u{2212}{}", grouped(plain)),
        _ => grouped(plain),
    }
}

fn is_zero(plain: &str) -> bool {
    !plain.contains(|it: char| ('1'..='9').contains(&it))
}

/// Why more is due than was billed, if so.
fn above_total(code: &str, totals: &TotalsByCurrency) -> Option<String> {
    let currency = Currency::from_code(code)?;
    let amount = |text: &str| Amount::parse(text, currency).ok();
    let (due, total) = (amount(&totals.amount_due)?, amount(&totals.total)?);
    let above = due.checked_sub(total).filter(|above| *above > Amount::ZERO)?;
    let (above, granted) = (money(above, currency), grouped(&totals.credit_granted));
    Some(format!(
        "Due is {above} above what was billed: documents below zero take {granted} off the total, \
         and became credit instead of lowering what others owe."
    ))
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

fn row((code, totals): &(&str, &TotalsByCurrency)) -> Vec<Markup> {
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
