//! Cohorts: the share of its first month that a cohort is billed in each later month.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use maud::{Markup, html};

use super::parts::{self, CHARTED, behind, cell, grid, section as part};
use super::words::month_words;
use crate::review::{Cohort, Cohorts};
use crate::value::{Amount, Currency, Month};
use crate::wording::{grouped, money};

/// How many cohorts are shown, the newest ones.
const ROWS: usize = 24;

const HEADINGS: [parts::Heading; 15] = [
    ("First invoice", false),
    ("Accounts", true),
    ("First month", true),
    ("+1", true),
    ("+2", true),
    ("+3", true),
    ("+4", true),
    ("+5", true),
    ("+6", true),
    ("+7", true),
    ("+8", true),
    ("+9", true),
    ("+10", true),
    ("+11", true),
    ("+12", true),
];

/// The months after the first one.
const LATER: usize = HEADINGS.len() - 3;

const FIGURES: [parts::Heading; 3] = [("First invoice", false), ("Month", false), ("Billed", true)];

/// Whether the amounts of all months stand below the shares. A close leaves them to the index, so
/// that its page stays short.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Figures {
    Below,
    LeftOut,
}

/// The cohorts of each currency. The month of the newest close is not over, so it has no shares. In
/// one month nothing is retained yet.
pub(super) fn section(
    cohorts: &Cohorts,
    newest_close: NaiveDate,
    figures: Figures,
) -> Option<Markup> {
    let newest = Month::of(newest_close).minus(1);
    let mut cohorts: Vec<(Currency, &BTreeMap<Month, Cohort>)> =
        cohorts.iter().map(|(currency, of)| (*currency, of)).collect();
    cohorts.retain(|(_, of)| of.keys().next().is_some_and(|first| *first < newest));
    cohorts.sort_by_key(|(_, of)| Reverse(of.values().map(|it| it.accounts).sum::<u64>()));
    if cohorts.is_empty() {
        return None;
    }
    let content = html! {
        p.muted {
            "Accounts by the month of their first invoice, and what they were billed in later \
             months that are over, as a share of that month: totals with tax, credit notes deducted, by the dates \
             of the documents. A yearly price is billed once a year."
        }
        @for (currency, cohorts) in cohorts.iter().take(CHARTED) {
            (currency_of(*currency, cohorts, newest, figures))
        }
    };
    Some(part("cohorts", "Cohorts", &content))
}

fn currency_of(
    currency: Currency,
    cohorts: &BTreeMap<Month, Cohort>,
    newest: Month,
    figures: Figures,
) -> Markup {
    let code = currency.code();
    let shown: Vec<(&Month, &Cohort)> =
        cohorts.iter().skip(cohorts.len().saturating_sub(ROWS)).collect();
    let rows: Vec<_> =
        shown.iter().map(|(first, cohort)| row(**first, cohort, currency, newest)).collect();
    let shown = if figures == Figures::Below { shown } else { Vec::new() };
    let amounts: Vec<_> = shown
        .iter()
        .flat_map(|(first, cohort)| {
            let months = cohort.billed.iter();
            months.map(|(month, billed)| {
                vec![
                    cell(month_words(**first)),
                    cell(month_words(*month)),
                    cell(money(*billed, currency)),
                ]
            })
        })
        .collect();
    html! {
        article.cohort {
            h3 { (code) }
            (grid(&format!("Share of the first month in {code}"), &HEADINGS, &rows))
            @if !amounts.is_empty() {
                (behind(&format!("Billed in {code} by cohort and month"), &FIGURES, &amounts))
            }
        }
    }
}

fn row(first: Month, cohort: &Cohort, currency: Currency, newest: Month) -> Vec<Markup> {
    let billed = |month: Month| cohort.billed.get(&month).copied().unwrap_or_default();
    let whole = billed(first);
    let accounts = grouped(&cohort.accounts.to_string());
    let mut cells = vec![cell(month_words(first)), cell(accounts), cell(money(whole, currency))];
    let mut month = first;
    for _ in 0..LATER {
        month = month.next();
        let share = if month <= newest { share(billed(month), whole) } else { String::new() };
        cells.push(cell(share));
    }
    cells
}

/// A share in whole percents, rounded half up. Of nothing there is none.
fn share(part: Amount, whole: Amount) -> String {
    let (part, whole) = (i128::from(part.minor()), i128::from(whole.minor()));
    if whole <= 0 {
        return "–".to_owned();
    }
    let percent = (200 * part + whole).div_euclid(2 * whole);
    format!("{}%", grouped(&percent.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_half_up_and_exact() {
        let of = |part, whole| share(Amount::from_minor(part), Amount::from_minor(whole));
        assert_eq!([of(1, 200), of(1, 201), of(995, 1000), of(1, 3)], ["1%", "0%", "100%", "33%"]);
        assert_eq!([of(-5, 10), of(5, 0)], ["\u{2212}50%", "–"]);
        assert_eq!(of(i64::MAX, 1), "922,337,203,685,477,580,700%");
    }
}
