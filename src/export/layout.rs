//! Documents as the rows of files: which rows go to which file, and that what is in the finished
//! files is what the close says.
//!
//! A document is never split over files. A file is read back as the importer will read it, and
//! every document in it must come to its total and its tax.

use std::collections::BTreeMap;

use super::document::Document;
use super::error::all;
use super::proof::{ProofClaim, prove};
use super::{ExportError, ExportProblem, File};

/// The cells of a row.
pub type Cells = Vec<String>;

/// What an importer takes in one file.
#[derive(Clone, Copy)]
pub struct Limits {
    /// Documents.
    pub documents: usize,
    /// Rows below the header.
    pub rows: usize,
}

impl Limits {
    /// As much as there is.
    pub const NONE: Self = Self { documents: usize::MAX, rows: usize::MAX };
}

/// What goes into one file.
pub struct ExportFile<'a> {
    /// The documents.
    pub documents: Vec<&'a Document>,
    /// Their rows.
    pub rows: Vec<Cells>,
}

/// How one program wants documents.
pub trait Layout {
    /// The program.
    const PROGRAM: &'static str;
    /// What it takes in one file.
    const LIMITS: Limits;
    /// What file names begin with.
    const PREFIX: &'static str = "";

    /// What is wrong with the documents and settings together.
    fn check(&self, _documents: &[&Document]) -> Vec<ExportProblem> {
        Vec::new()
    }

    /// What files are told apart by: documents of one part share files, and the part is in their
    /// names. Empty if all documents go together.
    fn part(&self, document: &Document) -> String;

    /// The rows of a document.
    ///
    /// # Errors
    /// Everything on it that the program has no name for, or does not take.
    fn rows(&self, document: &Document) -> Result<Vec<Cells>, Vec<ExportProblem>>;

    /// The bytes of a file.
    fn encode(&self, sheet: &ExportFile<'_>) -> Vec<u8>;

    /// Reads a file back. `None` if it cannot be read.
    fn claims(&self, sheet: &ExportFile<'_>, bytes: &[u8]) -> Option<Vec<ProofClaim>>;
}

/// The files of a format, proved.
///
/// # Errors
/// Everything that the program has no name for, or does not take; or a file that would say
/// something else than the close.
pub fn files<L: Layout>(
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

/// Fills one file after the other, as full as may be.
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
