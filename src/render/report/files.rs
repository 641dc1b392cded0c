//! Links to the files of the close.

use maud::{Markup, html};

use super::Report;
use super::parts::section as part;

/// The purposes of files, by the start of their names.
pub(super) const PURPOSES: [(&str, &str); 13] = [
    ("invoices.", "one row a document"),
    ("invoice_lines.", "one row a line, with its whole arithmetic"),
    ("invoice_taxes.", "one row a document and tax rate"),
    ("delivery.", "who gets which PDF, under which subject"),
    ("payments_applied.", "what became of payments"),
    ("receivables.", "who owes what, and for how long"),
    ("journal.", "double entry"),
    ("revenue_schedule.", "what is earned in which month"),
    ("review.", "what is worth a second look"),
    ("exceptions.", "what was read and led to nothing"),
    ("summary.", "the sums, for programs"),
    ("pdf.sha256", "the checksums of the PDFs"),
    ("pdf", "the PDFs"),
];

pub(super) fn section(report: &Report<'_>) -> Markup {
    let purpose = |file: &str| PURPOSES.iter().find(|(start, _)| file.starts_with(start));
    let mut files: Vec<(usize, &String, &str)> = report
        .files
        .iter()
        .filter_map(|file| {
            let (start, words) = purpose(file)?;
            let place = PURPOSES.iter().position(|(other, _)| other == start)?;
            Some((place, file, *words))
        })
        .collect();
    files.sort();
    let content = html! {
        ul.files {
            @for (_, file, words) in files {
                li { a href=(file) { (file) } span.muted { (words) } }
            }
            @if report.has_pdfs {
                li { a href="pdf/" { "pdf/" } span.muted { "the documents themselves" } }
            }
        }
    };
    part("files", "Files", &content)
}
