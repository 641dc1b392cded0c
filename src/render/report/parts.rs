//! What the sections share: headings, tables that scroll where they are too wide, amounts.

use maud::{Markup, html};

use crate::model::Account;
use crate::value::{Amount, Currency};
use crate::wording::money;

/// Rows of a list that are shown.
pub(super) const SHOWN: usize = 20;

/// Currencies that get charts of their own; beyond them a reader wants the tables.
pub(super) const CHARTED: usize = 6;

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

/// A column of a table: its heading, and whether it holds figures.
pub(super) type Heading = (&'static str, bool);

/// A table with a caption. The first cell of a row names it; columns that are empty in every row are
/// left out.
pub(super) fn table(caption: &str, headings: &[Heading], rows: &[Vec<Markup>]) -> Markup {
    let is_used = |column: usize| rows.iter().any(|row| !row[column].0.is_empty());
    let used: Vec<usize> = (0..headings.len()).filter(|it| *it == 0 || is_used(*it)).collect();
    let figure = |column: usize| headings[column].1.then_some("figure");
    html! {
        div.scroll role="region" tabindex="0" aria-label=(caption) {
            table {
                caption { (caption) }
                thead {
                    tr {
                        @for column in &used {
                            th scope="col" class=[figure(*column)] { (headings[*column].0) }
                        }
                    }
                }
                tbody { @for row in rows { (row_of(row, &used, figure)) } }
            }
        }
    }
}

fn row_of(
    cells: &[Markup],
    used: &[usize],
    figure: impl Fn(usize) -> Option<&'static str>,
) -> Markup {
    html! {
        tr {
            @for column in used {
                @if *column == 0 {
                    th scope="row" { (cells[0]) }
                } @else {
                    td class=[figure(*column)] { (cells[*column]) }
                }
            }
        }
    }
}

/// The figures behind a chart.
pub(super) fn behind(caption: &str, headings: &[Heading], rows: &[Vec<Markup>]) -> Markup {
    html! {
        details.behind {
            summary { "Figures" span.hidden { ": " (caption) } }
            (table(caption, headings, rows))
        }
    }
}

/// A text as a cell.
pub(super) fn cell(text: impl AsRef<str>) -> Markup {
    html! { (text.as_ref()) }
}

/// An account by name, whichever way that is written, with its id.
pub(super) fn account(account: &Account) -> Markup {
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

/// A share of a whole in hundredths of a percent, as attributes take it: "12.34%".
pub(super) fn percent(part: i128, whole: i128) -> String {
    let share = if whole == 0 { 0 } else { part.saturating_mul(10_000) / whole };
    format!("{}.{:02}%", share / 100, share % 100)
}
