//! The money that a close applied, by month.

use maud::{Markup, html};

use super::parts::{cell, ordered, section as part, signed, table};
use super::words::month_words;
use super::{Report, parts};
use crate::review::Cash;
use crate::value::{Amount, Currency};
use crate::wording::money;

const HEADINGS: [parts::Heading; 5] =
    [("Month", false), ("Currency", false), ("Received", true), ("Paid back", true), ("Net", true)];

/// How many months of a currency are listed; older ones are added up.
const MONTHS: usize = 12;

pub(super) fn section(report: &Report<'_>) -> Option<Markup> {
    let cash = ordered(report.totals, &report.review.finances.cash);
    if cash.is_empty() {
        return None;
    }
    let mut rows = Vec::new();
    for (currency, months) in cash {
        let earlier = months.len().saturating_sub(MONTHS);
        let older = months.values().take(earlier);
        if let Some(sum) = sum(older).filter(|_| earlier > 0) {
            rows.extend(row("Earlier".to_owned(), sum, currency));
        }
        let listed = months.iter().skip(earlier);
        rows.extend(listed.filter_map(|(month, cash)| row(month_words(*month), *cash, currency)));
        if months.len() > 1 {
            let all = sum(months.values());
            rows.extend(all.and_then(|sum| row("All months".to_owned(), sum, currency)));
        }
    }
    let content = html! {
        p.muted {
            "The payments that this close applied, by the month in which the money moved. Each \
             is in " code { "payments_applied.csv" } "."
        }
        (table("Cash received, by month", &HEADINGS, &rows))
    };
    Some(part("cash", "Cash received", &content))
}

fn row(label: String, cash: Cash, currency: Currency) -> Option<Vec<Markup>> {
    let returned = cash.returned.checked_neg()?;
    Some(vec![
        cell(label),
        cell(currency.code()),
        cell(money(cash.received, currency)),
        if returned.is_zero() { cell("") } else { cell(signed(returned, currency)) },
        cell(money(cash.net()?, currency)),
    ])
}

fn sum<'c>(cash: impl Iterator<Item = &'c Cash> + Clone) -> Option<Cash> {
    Some(Cash {
        received: Amount::checked_sum(cash.clone().map(|it| it.received))?,
        returned: Amount::checked_sum(cash.map(|it| it.returned))?,
    })
}
