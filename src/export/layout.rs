//! Distributes invoices over files as rows, and checks that the finished files agree with the
//! close.
//!
//! An invoice is never split across files. Each file is read back as the importer will read it, and
//! every invoice in it must match its total and its tax.

use std::collections::BTreeMap;

use super::document::Document;
use super::error::all;
use super::proof::{ProofClaim, prove};
use super::{ExportError, ExportProblem, File};

/// The cells of a row.
pub(crate) type Cells = Vec<String>;

/// The importer's limits for one file.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// The number of invoices.
    pub(crate) documents: usize,
    /// The number of rows below the header.
    pub(crate) rows: usize,
}

impl Limits {
    /// No limit.
    pub(crate) const NONE: Self = Self { documents: usize::MAX, rows: usize::MAX };
}

/// The content of one file.
pub(crate) struct ExportFile<'a> {
    /// The invoices.
    pub(crate) documents: Vec<&'a Document>,
    /// Their rows.
    pub(crate) rows: Vec<Cells>,
}

/// The format of one program.
pub(crate) trait Layout {
    /// The program.
    const PROGRAM: &'static str;
    /// The limits of a file.
    const LIMITS: Limits;
    /// The start of file names.
    const PREFIX: &'static str = "";

    /// The problems of the invoices and settings together.
    fn check(&self, _documents: &[&Document]) -> Vec<ExportProblem> {
        Vec::new()
    }

    /// The part of a document. Only documents of the same part share a file, and its name contains
    /// the part. Empty if all documents go together.
    fn part(&self, document: &Document) -> String;

    /// The rows of a document.
    ///
    /// # Errors
    /// All items without a name in the program, or that it does not accept.
    fn rows(&self, document: &Document) -> Result<Vec<Cells>, Vec<ExportProblem>>;

    /// The bytes of a file.
    fn encode(&self, sheet: &ExportFile<'_>) -> Vec<u8>;

    /// Reads a file back. `None` if it is invalid.
    fn claims(&self, sheet: &ExportFile<'_>, bytes: &[u8]) -> Option<Vec<ProofClaim>>;
}

/// The proved files of a format.
///
/// # Errors
/// All items without a name in the program, or that it does not accept; or a file that disagrees
/// with the close.
pub(crate) fn files<L: Layout>(
    layout: &L,
    (close, format): (&str, &str),
    documents: &[Document],
) -> Result<Vec<File>, ExportError> {
    let references: Vec<&Document> = documents.iter().collect();
    let check = std::iter::once(match layout.check(&references) {
        faults if faults.is_empty() => Ok(Vec::new()),
        faults => Err(faults),
    });
    let rows = documents.iter().map(|document| limited::<L>(layout, document));
    let mut rows = all(check.chain(rows)).map_err(ExportError::Faults)?.into_iter().skip(1);
    let mut parts: BTreeMap<String, Vec<(&Document, Vec<Cells>)>> = BTreeMap::new();
    for document in documents {
        let rows = rows.next().expect("each document has its rows");
        parts.entry(layout.part(document)).or_default().push((document, rows));
    }
    let (mut files, mut claims) = (Vec::new(), Vec::new());
    for (part, documents) in &parts {
        let sheets = sheets(documents, L::LIMITS);
        let is_split = sheets.len() > 1;
        for (sheet, number) in sheets.iter().zip(1..) {
            let bytes = layout.encode(sheet);
            claims.push(layout.claims(sheet, &bytes));
            let count = if is_split { number.to_string() } else { String::new() };
            let name = [close, format, part, &count].into_iter().filter(|it| !it.is_empty());
            let stem = name.collect::<Vec<_>>().join("-");
            let name = format!("{}{stem}.csv", L::PREFIX);
            files.push(File { name, rows: sheet.rows.len(), bytes });
        }
    }
    prove(L::PROGRAM, documents, claims)?;
    Ok(files)
}

/// The rows of a document, if they fit one file.
fn limited<L: Layout>(layout: &L, document: &Document) -> Result<Vec<Cells>, Vec<ExportProblem>> {
    let rows = layout.rows(document)?;
    let (most, program) = (L::LIMITS.rows, L::PROGRAM);
    if rows.len() <= most {
        return Ok(rows);
    }
    Err(vec![ExportProblem::document(
        format!("{} has {} rows, and {program} takes {most} a file", document.number, rows.len()),
        "enter it there by hand, and export the others by currency with --currency",
    )])
}

/// Fills the files one after the other.
fn sheets<'a>(documents: &[(&'a Document, Vec<Cells>)], limits: Limits) -> Vec<ExportFile<'a>> {
    let mut sheets: Vec<ExportFile<'a>> = Vec::new();
    for (document, rows) in documents {
        let fits = |sheet: &ExportFile<'_>| {
            sheet.documents.len() < limits.documents && sheet.rows.len() + rows.len() <= limits.rows
        };
        if !sheets.last().is_some_and(fits) {
            sheets.push(ExportFile { documents: Vec::new(), rows: Vec::new() });
        }
        let sheet = sheets.last_mut().expect("one was begun");
        sheet.documents.push(document);
        sheet.rows.extend(rows.iter().cloned());
    }
    sheets
}
