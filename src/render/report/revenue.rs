//! Deferred and earned revenue: what the close booked, and what later months will earn.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::parts::{CHARTED, behind, cell, ordered, section as part, signed, table};
use super::words::month_words;
use super::{Report, parts};
use crate::register::TotalsByCurrency;
use crate::value::{Amount, Currency, Month};
use crate::wording::money;

/// How many months are listed; others are added up.
const MONTHS: usize = 12;

const HEADINGS: [parts::Heading; 2] = [("Deferred revenue", false), ("Amount", true)];

const MONTH_HEADINGS: [parts::Heading; 3] =
    [("Month", false), ("Earned in this close", true), ("Still to earn", true)];

/// The revenue in one currency.
#[derive(Default)]
struct Revenue {
    earned: BTreeMap<Month, Amount>,
    deferred: BTreeMap<Month, Amount>,
}

pub(super) fn section(report: &Report<'_>) -> Option<Markup> {
    let revenue = by_currency(report)?;
    let revenue = ordered(report.totals, &revenue);
    if revenue.is_empty() {
        return None;
    }
    let content = html! {
        p.muted {
            "An amount without tax is earned by the day over the time that it pays for. Months that \
             have ended are booked as revenue; the rest is deferred."
        }
        div.charts {
            @for (currency, revenue) in revenue.iter().take(CHARTED) {
                (chart(*currency, revenue, report.totals.get(currency.code())))
            }
        }
        @if revenue.len() > CHARTED {
            p.muted { "Other currencies are in " code { "journal.csv" } "." }
        }
    };
    Some(part("revenue", "Deferred and earned revenue", &content))
}

/// `None` if a sum does not fit.
fn by_currency(report: &Report<'_>) -> Option<BTreeMap<Currency, Revenue>> {
    let mut revenue: BTreeMap<Currency, Revenue> = BTreeMap::new();
    for (currency, earned) in report.earned {
        revenue.entry(*currency).or_default().earned.clone_from(earned);
    }
    for (key, amount) in report.deferred.amounts().iter().filter(|(_, it)| !it.is_zero()) {
        let months = &mut revenue.entry(key.currency).or_default().deferred;
        let sum = months.entry(key.month).or_default();
        *sum = sum.checked_add(*amount)?;
    }
    Some(revenue)
}

fn chart(currency: Currency, revenue: &Revenue, totals: Option<&TotalsByCurrency>) -> Markup {
    let code = currency.code();
    let months = months(currency, revenue);
    html! {
        article.chart {
            h3 { (code) }
            @if let Some(rows) = balance(currency, revenue, totals) {
                (table(&format!("Deferred revenue in {code}"), &HEADINGS, &rows))
            }
            (behind(&format!("Revenue in {code} by month"), &MONTH_HEADINGS, &months))
        }
    }
}

/// The deferred revenue before and after the close. The first row follows from the others; a law
/// holds it against the close before.
fn balance(
    currency: Currency,
    revenue: &Revenue,
    totals: Option<&TotalsByCurrency>,
) -> Option<Vec<Vec<Markup>>> {
    let amount = |text: &str| Amount::parse(text, currency).ok();
    let billed = match totals {
        Some(totals) => amount(&totals.total)?.checked_sub(amount(&totals.tax)?)?,
        None => Amount::ZERO,
    };
    let earned = Amount::checked_sum(revenue.earned.values().copied())?;
    let after = Amount::checked_sum(revenue.deferred.values().copied())?;
    let before = after.checked_add(earned)?.checked_sub(billed)?;
    Some(vec![
        vec![cell("Before this close"), cell(money(before, currency))],
        vec![cell("Billed, without tax"), cell(signed(billed, currency))],
        vec![cell("Earned in months that ended"), cell(signed(earned.checked_neg()?, currency))],
        vec![cell("Deferred now"), cell(money(after, currency))],
    ])
}

fn months(currency: Currency, revenue: &Revenue) -> Vec<Vec<Markup>> {
    let (earned, deferred) = (&revenue.earned, &revenue.deferred);
    let shown =
        |amount: Option<Amount>| cell(amount.map_or(String::new(), |it| money(it, currency)));
    let first = earned.len().saturating_sub(MONTHS);
    let listed: BTreeSet<&Month> =
        earned.keys().skip(first).chain(deferred.keys().take(MONTHS)).collect();
    let sum = |amounts: Vec<&Amount>| {
        Amount::checked_sum(amounts.iter().map(|it| **it)).filter(|_| !amounts.is_empty())
    };
    let mut rows = Vec::new();
    if let Some(earlier) = sum(earned.values().take(first).collect()) {
        rows.push(vec![cell("Earlier"), shown(Some(earlier)), cell("")]);
    }
    rows.extend(listed.into_iter().map(|month| {
        let (earned, deferred) = (earned.get(month).copied(), deferred.get(month).copied());
        vec![cell(month_words(*month)), shown(earned), shown(deferred)]
    }));
    if let Some(later) = sum(deferred.values().skip(MONTHS).collect()) {
        rows.push(vec![cell("Later"), cell(""), shown(Some(later))]);
    }
    rows
}
