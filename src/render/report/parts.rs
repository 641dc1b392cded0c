//! Shared parts of the sections: headings, scrollable tables, amounts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::register::TotalsByCurrency;
use crate::review::{ListedAccount, MOST_LISTED};
use crate::value::{Amount, Currency};
use crate::wording::money;

/// How many rows of a list are shown.
pub(super) const SHOWN: usize = MOST_LISTED;

/// How many currencies get charts; for further ones, tables are better.
pub(super) const CHARTED: usize = 6;

/// The codes of currencies, those with the most documents first: amounts in different currencies
/// cannot be compared.
pub(super) fn code_order(totals: &BTreeMap<String, TotalsByCurrency>) -> Vec<&str> {
    let mut codes: Vec<&str> = totals.keys().map(String::as_str).collect();
    codes.sort_by_key(|code| Reverse(totals[*code].invoices));
    codes
}

/// Currencies with something to show, in the order of the totals.
pub(super) fn ordered<'v, V>(
    totals: &BTreeMap<String, TotalsByCurrency>,
    values: &'v BTreeMap<Currency, V>,
) -> Vec<(Currency, &'v V)> {
    let mut all: Vec<(Currency, &V)> = values.iter().map(|(code, it)| (*code, it)).collect();
    let documents = |code: Currency| totals.get(code.code()).map_or(0, |it| it.invoices);
    all.sort_by_key(|(code, _)| Reverse(documents(*code)));
    all
}

/// A section with its heading.
pub(super) fn section(id: &str, title: &str, content: &Markup) -> Markup {
    let heading = format!("{id}-heading");
    html! {
        section id=(id) aria-labelledby=(heading) {
            h2 id=(heading) { (title) }
            (content)
        }
    }
}

/// A table column: its heading, and whether it has numbers.
pub(super) type Heading = (&'static str, bool);

/// Tables with more columns are stacked on narrow screens: a cell below the other, with its heading.
const MOST_BESIDE: usize = 3;

/// A table with a caption. The first cell of a row is its header, and empty columns are left out.
pub(super) fn table(caption: &str, headings: &[Heading], rows: &[Vec<Markup>]) -> Markup {
    laid_out(caption, headings, rows, "stacked")
}

/// A table that is not stacked, because its columns are read together. It scrolls.
pub(super) fn grid(caption: &str, headings: &[Heading], rows: &[Vec<Markup>]) -> Markup {
    laid_out(caption, headings, rows, "grid")
}

fn laid_out(
    caption: &str,
    headings: &[Heading],
    rows: &[Vec<Markup>],
    layout: &'static str,
) -> Markup {
    let is_used = |column: usize| rows.iter().any(|row| !row[column].0.is_empty());
    let used: Vec<usize> = (0..headings.len()).filter(|it| *it == 0 || is_used(*it)).collect();
    let figure = |column: usize| headings[column].1.then_some("figure");
    html! {
        @let may_scroll = used.len() >= MOST_BESIDE;
        div.scroll role=[may_scroll.then_some("region")] tabindex=[may_scroll.then_some("0")]
            aria-label=[may_scroll.then_some(caption)]
        {
            table class=[(used.len() > MOST_BESIDE).then_some(layout)] {
                caption { (caption) }
                thead {
                    tr {
                        @for column in &used {
                            th scope="col" class=[figure(*column)] { (headings[*column].0) }
                        }
                    }
                }
                tbody { @for row in rows { (row_of(row, &used, headings)) } }
            }
        }
    }
}

fn row_of(cells: &[Markup], used: &[usize], headings: &[Heading]) -> Markup {
    let is_labelled = used.len() > MOST_BESIDE;
    html! {
        tr {
            @for column in used {
                @if *column == 0 {
                    th scope="row" { (cells[0]) }
                } @else {
                    @let (heading, is_figure) = headings[*column];
                    @let label = is_labelled && !cells[*column].0.is_empty();
                    td class=[is_figure.then_some("figure")] data-label=[label.then_some(heading)] {
                        (cells[*column])
                    }
                }
            }
        }
    }
}

/// The table behind a chart.
pub(super) fn behind(caption: &str, headings: &[Heading], rows: &[Vec<Markup>]) -> Markup {
    folded("Figures", caption, headings, rows)
}

/// A table that opens when somebody asks for it.
pub(super) fn folded(
    words: &str,
    caption: &str,
    headings: &[Heading],
    rows: &[Vec<Markup>],
) -> Markup {
    html! {
        details.behind {
            summary { (words) span.hidden { ": " (caption) } }
            (table(caption, headings, rows))
        }
    }
}

/// A text as a cell.
pub(super) fn cell(text: impl AsRef<str>) -> Markup {
    html! { (text.as_ref()) }
}

/// An account by its name, isolated for either text direction, and its id.
pub(super) fn account(account: &ListedAccount) -> Markup {
    html! { bdi { (account.name) } " " span.id { (account.id) } }
}

/// "USD 1,234.50".
pub(super) fn with_code(amount: Amount, currency: Currency) -> String {
    format!("{currency} {}", money(amount, currency))
}

/// "+1,234.50", "−3.00".
pub(super) fn signed(amount: Amount, currency: Currency) -> String {
    let sign = if amount > Amount::ZERO { "+" } else { "" };
    format!("{sign}{}", money(amount, currency))
}

/// A share in hundredths of a percent, for attributes: "12.34%".
pub(super) fn percent(part: i128, whole: i128) -> String {
    let share = if whole == 0 { 0 } else { part.saturating_mul(10_000) / whole };
    format!("{}.{:02}%", share / 100, share % 100)
}
