//! The findings, group by group, and the exceptions.

use maud::{Markup, html};

use super::parts::{SHOWN, account, cell, section as part, table};
use super::{Report, parts};
use crate::render::csv::ListedException;
use crate::review::{FindingGroup, FindingKind, ListedFinding};
use crate::wording::{grouped, money};

/// Groups of at most this many rows are open at first.
const OPEN: usize = 6;

const HEADINGS: [parts::Heading; 5] =
    [("Account", false), ("About", false), ("Amount", true), ("Before", true), ("Why", false)];

/// A price belongs to no account.
const PRICE_HEADINGS: [parts::Heading; 5] =
    [("Price", false), ("", false), ("", true), ("", true), ("What it is", false)];

pub(super) fn section(report: &Report<'_>) -> Markup {
    let groups = &report.review.groups;
    let content = html! {
        @if groups.is_empty() {
            p.nothing { "Nothing is out of the ordinary." }
        } @else {
            p.muted {
                "What a careful clerk looks at before this goes out. All of it is in "
                a href="review.csv" { "review.csv" } "."
            }
        }
        @for (kind, group) in groups { (group_of(report, *kind, group)) }
    };
    part("review", "Worth a second look", &content)
}

fn group_of(report: &Report<'_>, kind: FindingKind, group: &FindingGroup) -> Markup {
    let rows: Vec<_> = group.first.iter().map(|finding| row(report, kind, finding)).collect();
    let headings = match kind {
        FindingKind::UnusedPrice => &PRICE_HEADINGS,
        _ => &HEADINGS,
    };
    folded(kind.title(), group.count, "review.csv", &table(kind.title(), headings, &rows))
}

/// A collapsible group: its heading with a count, its first rows, and the file with the rest.
fn folded(title: &str, count: usize, file: &str, content: &Markup) -> Markup {
    html! {
        details.group open[count <= OPEN] {
            summary {
                h3 { (title) }
                span.badge { (grouped(&count.to_string())) }
            }
            (content)
            @if count > SHOWN {
                p.muted {
                    "… and " (grouped(&(count - SHOWN).to_string())) " more in "
                    a href=(file) { (file) } "."
                }
            }
        }
    }
}

fn row(report: &Report<'_>, kind: FindingKind, finding: &ListedFinding) -> Vec<Markup> {
    let amount = finding.amount.zip(finding.currency);
    let before = finding.before.zip(finding.currency);
    vec![
        match &finding.account {
            Some(it) => account(it),
            None => cell(&finding.reference),
        },
        if finding.account.is_some() { reference(report, kind, finding) } else { cell("") },
        html! {
            @if let Some((amount, currency)) = amount {
                (money(amount, currency)) " " span.code { (currency) }
            }
        },
        cell(before.map_or_else(String::new, |(amount, currency)| money(amount, currency))),
        cell(&finding.message),
    ]
}

/// An invoice links to its PDF.
fn reference(report: &Report<'_>, kind: FindingKind, finding: &ListedFinding) -> Markup {
    let number = &finding.reference;
    let is_document = kind != FindingKind::NoInvoice;
    html! {
        @if is_document && report.has_pdfs {
            a.nowrap href={ "pdf/" (number) ".pdf" } { (number) }
        } @else {
            span.nowrap { (number) }
        }
    }
}

const EXCEPTION_HEADINGS: [parts::Heading; 3] =
    [("Account", false), ("About", false), ("What happened", false)];

pub(super) fn exceptions(report: &Report<'_>) -> Markup {
    let content = html! {
        @if report.exceptions.is_empty() {
            p.nothing { "None: everything that was read was billed, or is not due yet." }
        }
        @for group in report.exceptions {
            @let title = words(&group.kind);
            @let rows = group.first.iter().map(exception_row).collect::<Vec<_>>();
            (folded(title, group.count, "exceptions.csv", &table(title, &EXCEPTION_HEADINGS, &rows)))
        }
    };
    part("exceptions", "Exceptions", &content)
}

/// The words for a kind of exception.
fn words(kind: &str) -> &str {
    match kind {
        "no_effect" => "Changes without effect",
        "zero_amount" => "Documents of nothing",
        "waiting" => "Adjustments that wait",
        "missing_glyph" => "Characters no font has",
        "no_recipient" => "No e-mail address",
        other => other,
    }
}

fn exception_row(exception: &ListedException) -> Vec<Markup> {
    let about = [&*exception.subscription_id, &*exception.reference];
    let about: Vec<&str> = about.into_iter().filter(|it| !it.is_empty()).collect();
    vec![cell(&exception.account_id), cell(about.join(", ")), cell(&exception.message)]
}
