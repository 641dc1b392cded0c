//! The page: head, introduction and sections.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::cohorts::Figures;
use super::words::{counted, local_time};
use super::{
    Report, bridge, cash, cohorts, credit, discounts, distribution, files, findings, products,
    receivables, revenue, taxes, totals, trend,
};
use crate::wording::grouped;

/// Inline, because the page must work alone.
const STYLE: &str = include_str!("style.css");

/// Forbids loading anything, even if a name in the data contains markup.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// A section: its id, its name in the navigation, and its content.
pub(super) type Section = (&'static str, &'static str, Markup);

/// The bytes of the page.
pub(crate) fn report_html(report: &Report<'_>) -> Vec<u8> {
    let sections = sections(report);
    let title = format!("Close {} · {}", report.close, report.seller);
    let content = html! {
        (opening(report, &sections))
        main { @for (_, _, content) in &sections { (content) } }
        footer {
            p {
                "Currencies are never added together. Amounts were proved from the tables of this \
                 close before it was published; what the figures mean is in "
                code { "docs/report.md" } " of prorata."
            }
        }
    };
    page(&title, None, &content)
}

/// A page with a title. It stands alone.
pub(super) fn page(title: &str, generator: Option<&str>, content: &Markup) -> Vec<u8> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                @if let Some(generator) = generator { meta name="generator" content=(generator); }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body { (content) }
        }
    };
    page.into_string().into_bytes()
}

/// The sections that have something to say, and those that say that there is nothing.
fn sections(report: &Report<'_>) -> Vec<Section> {
    let date = report.zone.date(report.as_of);
    let always = |id, name, content| Some((id, name, content));
    let sections = [
        always("totals", "Totals", totals::section(report)),
        always("review", "Second look", findings::section(report)),
        receivables::section(report).map(|it| ("receivables", "Receivables", it)),
        cash::section(report).map(|it| ("cash", "Cash", it)),
        revenue::section(report).map(|it| ("revenue", "Revenue", it)),
        taxes::section(report).map(|it| ("taxes", "Tax", it)),
        credit::section(report).map(|it| ("credit", "Credit", it)),
        discounts::section(report).map(|it| ("discounts", "Discounts", it)),
        trend::section(&report.trend).map(|it| ("trend", "Trend", it)),
        always("recurring", "Recurring revenue", bridge::section(report)),
        cohorts::section(&report.review.cohorts, date, Figures::LeftOut)
            .map(|it| ("cohorts", "Cohorts", it)),
        always("products", "Products", products::section(report)),
        always("sizes", "Sizes", distribution::section(report)),
        always("exceptions", "Exceptions", findings::exceptions(report)),
        always("files", "Files", files::section(report)),
    ];
    sections.into_iter().flatten().collect()
}

fn opening(report: &Report<'_>, sections: &[Section]) -> Markup {
    let counts = &report.counts;
    html! {
        header {
            p.eyebrow { (report.seller) }
            h1 { "Close " (report.close) }
            p.lede {
                "Everything due up to " (local_time(report.as_of, report.zone)) " is billed: "
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
            (navigation(sections))
        }
    }
}

/// Links to the sections.
pub(super) fn navigation(sections: &[Section]) -> Markup {
    html! {
        nav aria-label="Sections" {
            @for (id, name, _) in sections { a href={ "#" (id) } { (name) } }
        }
    }
}
