//! Open receivables by age, and the accounts that owe the most.

use std::fmt::Write as _;

use maud::{Markup, html};

use super::bars::{Bar, bars};
use super::parts::{CHARTED, account, behind, cell, folded, ordered, section as part, with_code};
use super::words::counted;
use super::{Report, parts};
use crate::model::Age;
use crate::review::{AgeSum, Ageing, Debtor};
use crate::value::Currency;
use crate::wording::{grouped, money};

/// How many debtors are shown.
const SHOWN: usize = 10;

const HEADINGS: [parts::Heading; 3] = [("Age", false), ("Invoices", true), ("Open", true)];

const DEBTOR_HEADINGS: [parts::Heading; 3] =
    [("Account", false), ("Open", true), ("Past due", true)];

pub(super) fn section(report: &Report<'_>) -> Option<Markup> {
    let ageing = ordered(report.totals, &report.review.finances.ageing);
    if ageing.is_empty() {
        return None;
    }
    let content = html! {
        p.muted {
            "What customers owe after this close and its payments. Every invoice is in " code { "receivables.csv" } "."
        }
        div.charts {
            @for (currency, ageing) in ageing.iter().take(CHARTED) { (chart(*currency, ageing)) }
        }
        @if ageing.len() > CHARTED {
            p.muted { "Other currencies are in " code { "receivables.csv" } "." }
        }
    };
    Some(part("receivables", "Receivables by age", &content))
}

fn chart(currency: Currency, ageing: &Ageing) -> Markup {
    let code = currency.code();
    let open = ageing.open().map(|open| with_code(open, currency)).unwrap_or_default();
    let title = format!("Open in {code} by days past due");
    let mut ages: Vec<(Age, AgeSum)> = Age::ALL.into_iter().zip(ageing.by_age).collect();
    ages.retain(|(_, sum)| sum.invoices > 0);
    let drawn: Vec<Bar> = ages.iter().map(|(age, sum)| bar(*age, *sum, currency)).collect();
    let row = |(age, sum): &(Age, AgeSum)| {
        let invoices = grouped(&sum.invoices.to_string());
        vec![cell(words(*age)), cell(invoices), cell(money(sum.open, currency))]
    };
    let description = "The figures are in the table that follows.";
    html! {
        article.chart {
            h3 { (open) " open " span.muted { "of " (counted(ageing.debtors, "account")) } }
            (bars(&format!("ageing-{code}"), (&title, description), &drawn, false))
            (behind(&title, &HEADINGS, &ages.iter().map(row).collect::<Vec<_>>()))
            (debtors(currency, ageing))
        }
    }
}

fn bar(age: Age, sum: AgeSum, currency: Currency) -> Bar {
    Bar {
        label: words(age).to_owned(),
        value: money(sum.open, currency),
        from: 0,
        to: i128::from(sum.open.minor()),
        tone: if age == Age::NotDue { "level" } else { "down" },
    }
}

const fn words(age: Age) -> &'static str {
    match age {
        Age::NotDue => "Not due yet",
        Age::Days1To30 => "1–30 days past due",
        Age::Days31To60 => "31–60 days past due",
        Age::Days61To90 => "61–90 days past due",
        Age::Over90 => "More than 90 days past due",
    }
}

fn debtors(currency: Currency, ageing: &Ageing) -> Markup {
    let row = |debtor: &Debtor| {
        let overdue = html! {
            @if debtor.days > 0 {
                (money(debtor.overdue, currency)) br;
                span.id { (counted(debtor.days.unsigned_abs(), "day")) }
            }
        };
        vec![account(&debtor.account), cell(money(debtor.open, currency)), overdue]
    };
    let rows: Vec<_> = ageing.largest.iter().take(SHOWN).map(row).collect();
    let more = ageing.debtors.saturating_sub(rows.len() as u64);
    let mut title = format!("what accounts owe in {}", currency.code());
    if more > 0 {
        let _ = write!(title, ", without {}", counted(more, "smaller one"));
    }
    html! {
        (folded("Largest debtors", &title, &DEBTOR_HEADINGS, &rows))
    }
}
