//! The page: head, introduction and sections.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Report, bridge, distribution, files, findings, products, totals};
use crate::wording::grouped;

/// Inline, because the page must work alone.
const STYLE: &str = include_str!("style.css");

/// Forbids loading anything, even if a name in the data contains markup.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// The bytes of the page.
pub(crate) fn report_html(report: &Report<'_>) -> Vec<u8> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "Close " (report.close) " · " (report.seller) }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                (opening(report))
                main {
                    (totals::section(report))
                    (findings::section(report))
                    (bridge::section(report))
                    (products::section(report))
                    (distribution::section(report))
                    (findings::exceptions(report))
                    (files::section(report))
                }
                footer {
                    p {
                        "Currencies are never added together. Amounts were proved from the tables \
                         of this close before it was published; what the figures mean is in "
                        code { "docs/report.md" } " of prorata."
                    }
                }
            }
        }
    };
    page.into_string().into_bytes()
}

fn opening(report: &Report<'_>) -> Markup {
    let counts = &report.counts;
    let sections = [
        ("totals", "Totals"),
        ("review", "Second look"),
        ("recurring", "Recurring revenue"),
        ("products", "Products"),
        ("sizes", "Sizes"),
        ("exceptions", "Exceptions"),
        ("files", "Files"),
    ];
    html! {
        header {
            p.eyebrow { (report.seller) }
            h1 { "Close " (report.close) }
            p.lede {
                "Everything due up to " span.nowrap { (report.as_of) } " is billed: "
                (counted(counts.invoices, "document")) " with " (counted(counts.lines, "line"))
                @if counts.corrections > 0 {
                    ", " (grouped(&counts.corrections.to_string())) " of them corrections"
                }
                "."
            }
            p.muted {
                "Read: " (counted(counts.accounts, "account")) ", "
                (counted(counts.subscriptions, "subscription")) ", "
                (counted(counts.changes, "change")) ". "
                @match report.previous {
                    Some(previous) => { "Compared with the close before, " (previous) "." }
                    None => { "This is the first close: there is none to compare it with." }
                }
            }
            nav aria-label="Sections" {
                @for (id, title) in sections { a href={ "#" (id) } { (title) } }
            }
        }
    }
}

/// "1 line", "28 lines".
fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(&number.to_string()))
}
