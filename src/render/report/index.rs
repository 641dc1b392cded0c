//! The index of all closes: one page that links their reports and tables.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::cohorts::Figures;
use super::page::{Section, navigation, page};
use super::parts::{self, cell, grid, section as part, table};
use super::words::{counted, local_time, wall_time};
use super::{cohorts, files, trend};
use crate::register::{Counts, TotalsByCurrency, of_close};
use crate::review::{Cohorts, Trend};
use crate::value::{Currency, Instant, Zone};
use crate::wording::{grouped, money};

/// What an index says of the program that wrote it. Only such a page is replaced.
pub(crate) const GENERATOR: &str = "prorata index";

/// The data of the index.
pub(crate) struct Index<'a> {
    /// The seller.
    pub(crate) seller: &'a str,
    /// The zone of the company.
    pub(crate) zone: Zone,
    /// The closes, oldest first.
    pub(crate) closes: Vec<IndexedClose<'a>>,
    /// All months.
    pub(crate) trend: Trend,
    /// All cohorts.
    pub(crate) cohorts: Cohorts,
}

/// A close in the index.
pub(crate) struct IndexedClose<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Its folder as a link from the page, without `/` at the end.
    pub(crate) folder: String,
    pub(crate) as_of: Instant,
    /// The instant of the close before.
    pub(crate) since: Option<Instant>,
    /// Whether it began the register, and billed nothing.
    pub(crate) is_opening: bool,
    pub(crate) counts: Counts,
    /// The number of accounts that were left out.
    pub(crate) withheld: usize,
    /// Its sums, by currency code.
    pub(crate) totals: &'a BTreeMap<String, TotalsByCurrency>,
    /// Its files, as paths in it.
    pub(crate) files: Vec<&'a str>,
}

/// The bytes of the page.
pub(crate) fn index_html(index: &Index<'_>) -> Vec<u8> {
    let newest = index.closes.last().map(|close| index.zone.date(close.as_of));
    let sections: Vec<Section> = [
        Some(("closes", "Closes", closes(index))),
        Some(("amounts", "Amounts", amounts(index))),
        trend::section(&index.trend).map(|it| ("trend", "Trend", it)),
        newest
            .and_then(|date| cohorts::section(&index.cohorts, date, Figures::Below))
            .map(|it| ("cohorts", "Cohorts", it)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let content = html! {
        header {
            p.eyebrow { (index.seller) }
            h1 { "All closes" }
            p.lede {
                (counted(index.closes.len() as u64, "close"))
                @if let Some(newest) = index.closes.last() {
                    ". Everything due up to " (local_time(newest.as_of, index.zone)) " is billed."
                }
            }
            (navigation(&sections))
        }
        main { @for (_, _, content) in &sections { (content) } }
        footer {
            p {
                "Currencies are never added together. What the figures mean is in "
                code { "docs/report.md" } " of prorata."
            }
        }
    };
    page(&format!("All closes · {}", index.seller), Some(GENERATOR), &content)
}

const HEADINGS: [parts::Heading; 6] = [
    ("Close", false),
    ("From", false),
    ("Up to", false),
    ("Documents", true),
    ("Look at", false),
    ("Files", false),
];

fn closes(index: &Index<'_>) -> Markup {
    let row = |close: &IndexedClose<'_>| {
        let since = close.since.map(|since| wall_time(since, index.zone));
        vec![
            link(close),
            since.unwrap_or_else(|| cell("the start")),
            wall_time(close.as_of, index.zone),
            cell(grouped(&close.counts.invoices.to_string())),
            warnings(close),
            links(close),
        ]
    };
    let rows: Vec<_> = index.closes.iter().rev().map(row).collect();
    let content = html! {
        p.muted {
            "The newest first. A close bills what is due after the close before, up to its own \
             instant. Times are those of " (index.zone) "."
        }
        (table("All closes", &HEADINGS, &rows))
    };
    part("closes", "Closes", &content)
}

/// The close, by its report.
fn link(close: &IndexedClose<'_>) -> Markup {
    html! { a.nowrap href={ (close.folder) "/report.html" } { (close.name) } }
}

/// What a reader should know of a close before trusting its sums.
fn warnings(close: &IndexedClose<'_>) -> Markup {
    let link = |file: &str, words: String| {
        let is_there = close.files.iter().find(|path| path.starts_with(file));
        html! {
            @match is_there {
                Some(path) => li { a href={ (close.folder) "/" (path) } { (words) } },
                None => li { (words) },
            }
        }
    };
    let counts = &close.counts;
    let over: Vec<String> = close
        .totals
        .iter()
        .filter(|(_, totals)| !totals.over_credit.is_empty())
        .map(|(code, totals)| format!("{code} {}", grouped(&totals.over_credit)))
        .collect();
    html! {
        ul.notes {
            @if close.is_opening { li { "began the register; billed nothing" } }
            @if close.withheld > 0 {
                (link("exceptions.", format!("{} withheld", counted(close.withheld as u64, "account"))))
            }
            @if counts.exceptions > 0 {
                (link("exceptions.", counted(counts.exceptions, "exception")))
            }
            @if counts.corrections > 0 { li { (counted(counts.corrections, "correction")) } }
            @for amount in over { (link("exceptions.", format!("{amount} not credited"))) }
        }
    }
}

/// Links to its tables.
fn links(close: &IndexedClose<'_>) -> Markup {
    let is_known = |path: &&&str| {
        let has_folder = path.contains('/');
        !has_folder && files::PURPOSES.iter().any(|(start, _)| path.starts_with(start))
    };
    html! {
        @if close.files.is_empty() { "" } @else {
            details.behind {
                summary { "Files" span.hidden { " of close " (close.name) } }
                ul.notes {
                    @for path in close.files.iter().filter(is_known) {
                        li { a href={ (close.folder) "/" (path) } { (path) } }
                    }
                }
            }
        }
    }
}

const AMOUNTS: [parts::Heading; 7] = [
    ("Close", false),
    ("Documents", true),
    ("Billed", true),
    ("Tax in it", true),
    ("Due", true),
    ("Received", true),
    ("Open after it", true),
];

/// A table for each currency.
fn amounts(index: &Index<'_>) -> Markup {
    let mut documents: BTreeMap<&str, u64> = BTreeMap::new();
    for (code, totals) in index.closes.iter().flat_map(|close| close.totals) {
        *documents.entry(code).or_default() += totals.invoices;
    }
    let mut codes: Vec<&str> = documents.keys().copied().collect();
    codes.sort_by_key(|code| std::cmp::Reverse(documents[code]));
    let content = html! {
        @if codes.is_empty() { p.nothing { "Nothing was billed." } }
        @for code in codes {
            article.amounts {
                h3 { (code) }
                (grid(&format!("Closes in {code}"), &AMOUNTS, &rows(index, code)))
            }
        }
    };
    part("amounts", "Amounts by currency", &content)
}

fn rows(index: &Index<'_>, code: &str) -> Vec<Vec<Markup>> {
    let row = |close: &IndexedClose<'_>| {
        let currency = Currency::from_code(code)?;
        let sums = of_close(close.totals.get(code)?, currency)?;
        let mut cells = vec![link(close), cell(grouped(&sums.invoices.to_string()))];
        let amounts = [sums.billed, sums.tax, sums.due, sums.received, sums.open];
        cells.extend(amounts.map(|amount| cell(money(amount, currency))));
        Some(cells)
    };
    index.closes.iter().rev().filter_map(row).collect()
}
