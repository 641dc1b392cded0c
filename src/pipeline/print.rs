//! Prints the PDFs of a close in parallel. Each is written at once, so that memory stays small.

use std::path::Path;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::einvoices::NumberedEInvoices;
use super::error::RunError;
use super::missing_characters::{on_a_document, remedy};
use super::receipts::PaidReceipt;
use crate::config::{Packing, Settings};
use crate::console::Stage;
use crate::files;
use crate::hash::hexadecimal;
use crate::model::{BillingInput, DocumentPlaces, Invoice};
use crate::problem::Problem;
use crate::publish::{Made, Staging};
use crate::render::csv::Exception;
use crate::render::pdf::{PdfError, PdfRenderer, Receipt};
use crate::table::display_name;
use crate::wording::DocumentTexts;

/// The file of a close that lists its PDFs with their digests.
pub(crate) const PDF_DIGESTS: &str = "pdf.sha256";

/// The archive of a close that packs its PDFs into one file.
pub(crate) const PDF_ARCHIVE: &str = "pdf.zip";

/// A folder with more files is slow to list and copy.
pub(crate) const MOST_IN_A_FOLDER: u64 = 5000;
/// The number of files in each subfolder.
const IN_A_FOLDER: u64 = 1000;

/// The most mebibytes of a font; the largest for Chinese, Japanese and Korean have 20.
const MOST_MIB_OF_A_FONT: u64 = 64;
/// The most mebibytes of a logo.
const MOST_MIB_OF_A_LOGO: u64 = 16;

/// How many lines of [`PDF_DIGESTS`] are kept in memory.
const PDFS_LISTED_AT_ONCE: usize = 4096;

/// The path of an invoice's PDF within the close or its archive; empty if no PDF is made.
pub(crate) fn pdf_path(packing: Packing, count: u64, place: u64, number: &str) -> String {
    document_path(packing, ["pdf", "pdf"], count, place, number)
}

/// The path of an e-invoice that is a file of its own.
pub(crate) fn einvoice_path(packing: Packing, count: u64, place: u64, number: &str) -> String {
    document_path(packing, ["einvoice", "xml"], count, place, number)
}

/// The path of the receipt of a paid invoice.
pub(crate) fn receipt_path(packing: Packing, count: u64, place: u64, number: &str) -> String {
    document_path(packing, ["receipts", "pdf"], count, place, number)
}

/// How many receipts decide about their folders. A shard does not know the others, so it leaves
/// the folders to the whole close.
pub(crate) fn receipts_known(places: &DocumentPlaces, receipts: &[PaidReceipt]) -> u64 {
    match places {
        DocumentPlaces::Whole { .. } => receipts.len() as u64,
        DocumentPlaces::Shard { .. } => 0,
    }
}

/// Beyond 5,000 files, each thousand gets its own folder. An archive needs no folders.
fn document_path(
    packing: Packing,
    [folder, extension]: [&str; 2],
    count: u64,
    place: u64,
    number: &str,
) -> String {
    match packing {
        Packing::Files if count > MOST_IN_A_FOLDER => {
            format!("{folder}/{:04}/{number}.{extension}", place / IN_A_FOLDER)
        }
        Packing::Files | Packing::Zip => format!("{folder}/{number}.{extension}"),
        Packing::None => String::new(),
    }
}

/// The fonts, the letterhead and the style of all PDFs of a close.
pub(crate) fn press(settings: &Settings) -> Result<PdfRenderer, RunError> {
    let mut fonts = Vec::new();
    for path in &settings.look.fonts {
        let font = files::read(path, MOST_MIB_OF_A_FONT)
            .map_err(|source| RunError::Font { path: path.clone(), source })?;
        fonts.push(font);
    }
    let press =
        PdfRenderer::new(&settings.seller, &settings.look, &fonts).map_err(
            |error| match error {
                PdfError::Font { index } => {
                    RunError::NotAFont { path: settings.look.fonts[index].clone() }
                }
                other => other.into(),
            },
        )?;
    match &settings.look.logo {
        Some(path) => with_logo(press, path),
        None => Ok(press),
    }
}

fn with_logo(press: PdfRenderer, path: &Path) -> Result<PdfRenderer, RunError> {
    let path = path.to_owned();
    match files::read(&path, MOST_MIB_OF_A_LOGO) {
        Ok(bytes) => press.with_logo(&bytes).map_err(|error| match error {
            PdfError::Logo { reason } => RunError::NotALogo { path, reason },
            other => other.into(),
        }),
        Err(source) => Err(RunError::Logo { path, source }),
    }
}

/// A document to be printed.
enum Job<'b> {
    Invoice(&'b Invoice),
    Receipt(&'b PaidReceipt),
    EInvoice(&'b Invoice),
}

/// The files of documents in a close, by index: first the PDFs of its invoices, then those of its
/// receipts, then the e-invoices that are files of their own.
pub(crate) struct DocumentPaths<'a> {
    pub(crate) packing: Packing,
    pub(crate) invoices: &'a [Invoice],
    pub(crate) places: &'a DocumentPlaces,
    pub(crate) receipts: &'a [PaidReceipt],
    pub(crate) einvoices: NumberedEInvoices<'a>,
    /// The indices of the invoices whose e-invoice is a file of its own.
    pub(crate) with_file: Vec<usize>,
}

impl DocumentPaths<'_> {
    /// The path of a file in the close.
    pub(crate) fn of(&self, index: usize) -> String {
        let Self { packing, invoices, places, receipts, ref with_file, .. } = *self;
        let count = places.count();
        if let Some(invoice) = invoices.get(index) {
            return pdf_path(packing, count, places.of(index), &invoice.number);
        }
        let index = index - invoices.len();
        if let Some(receipt) = receipts.get(index) {
            let count = receipts_known(places, receipts);
            return receipt_path(packing, count, index as u64, &receipt.invoice.number);
        }
        let invoice = with_file[index - receipts.len()];
        einvoice_path(packing, count, places.of(invoice), &invoices[invoice].number)
    }

    fn jobs(&self) -> Vec<Job<'_>> {
        let einvoices = self.with_file.iter().map(|index| Job::EInvoice(&self.invoices[*index]));
        let (issued, paid) =
            (self.invoices.iter().map(Job::Invoice), self.receipts.iter().map(Job::Receipt));
        issued.chain(paid).chain(einvoices).collect()
    }
}

/// Printed PDFs.
#[derive(Default)]
pub(crate) struct PrintedPdfs {
    /// The SHA-256 of each.
    pub(crate) digests: Vec<[u8; 32]>,
    /// Those with characters that no font has.
    pub(crate) incomplete: Vec<Incomplete>,
}

/// Prints all PDFs.
///
/// # Errors
/// A PDF cannot be made, or the disk is full.
pub(crate) fn print_all(
    staging: &mut Staging,
    press: &PdfRenderer,
    paths: &DocumentPaths<'_>,
    book: &BillingInput,
) -> Result<PrintedPdfs, RunError> {
    let (packing, jobs, einvoices) = (paths.packing, paths.jobs(), &paths.einvoices);
    let texts = DocumentTexts::new(book);
    let stage = Stage::of("printing", "PDFs", jobs.len());
    let print = |place: usize, job: &Job<'_>| {
        stage.step();
        let account = job.invoice().account_of(&book.accounts);
        let invoice = texts.of(job.invoice(), account.locale);
        let receipt = match job {
            Job::Invoice(_) => match einvoices.attachment(&invoice) {
                Some(xml) => press.print_with_einvoice(&invoice, account, &xml),
                None => press.print(&invoice, account),
            },
            Job::Receipt(PaidReceipt { payments, .. }) => {
                press.print_paid(&invoice, account, payments)
            }
            Job::EInvoice(_) => {
                let (path, content) = (paths.of(place), einvoices.xml(&invoice));
                let digest = Sha256::digest(&content).into();
                return Ok(Made { path, content, digest, rest: Vec::new() });
            }
        }?;
        let Receipt { bytes: content, digest, missing_characters: rest } = receipt;
        Ok::<_, RunError>(Made { path: paths.of(place), content, digest, rest })
    };
    let printed = match packing {
        Packing::Zip => staging.write_archive(PDF_ARCHIVE, &jobs, print)?,
        Packing::Files | Packing::None => staging.write_many(&jobs, print)?,
    };
    stage.end(printed.len(), "PDF", "written");
    let with_gaps = jobs.iter().zip(&printed).filter(|(_, it)| !it.rest.is_empty());
    let incomplete = with_gaps.map(|(job, it)| Incomplete {
        account: job.invoice().account,
        number: Arc::clone(&job.invoice().number),
        has_attachment: matches!(job, Job::Invoice(it) if einvoices.has_attachment(it)),
        missing: it.rest.clone(),
    });
    let incomplete = incomplete.collect();
    Ok(PrintedPdfs { digests: printed.into_iter().map(|it| it.digest).collect(), incomplete })
}

/// A line of the list of PDFs, as `sha256sum` writes it.
pub(crate) fn pdf_line(digest: &[u8; 32], path: &str) -> String {
    format!("{}  {path}\n", hexadecimal(digest))
}

/// Lists the printed files.
pub(crate) fn list_pdfs(
    staging: &mut Staging,
    printed: &PrintedPdfs,
    paths: &DocumentPaths<'_>,
) -> Result<(), RunError> {
    let mut list = staging.begin_file(PDF_DIGESTS)?;
    for (first, some) in
        (0..).step_by(PDFS_LISTED_AT_ONCE).zip(printed.digests.chunks(PDFS_LISTED_AT_ONCE))
    {
        let lines = (first..).zip(some);
        let lines = lines.map(|(place, digest)| pdf_line(digest, &paths.of(place)));
        list.write(lines.collect::<String>().as_bytes())?;
    }
    staging.end_file(list);
    Ok(())
}

impl Job<'_> {
    const fn invoice(&self) -> &Invoice {
        match self {
            Self::Invoice(invoice) | Self::EInvoice(invoice) => invoice,
            Self::Receipt(paid) => &paid.invoice,
        }
    }
}

/// A PDF with missing characters.
pub(crate) struct Incomplete {
    account: usize,
    number: Arc<str>,
    /// Whether it carries an e-invoice. A PDF with missing characters is no PDF/A, which such a PDF
    /// must be.
    pub(crate) has_attachment: bool,
    missing: Vec<char>,
}

impl Incomplete {
    /// The exception to list if replacement marks are accepted.
    pub(crate) fn exception(&self, book: &BillingInput) -> Exception {
        let list: Vec<String> =
            self.missing.iter().map(|c| format!("{c} (U+{:04X})", u32::from(*c))).collect();
        Exception {
            kind: "missing_glyph",
            account_id: Arc::clone(&book.accounts[self.account].id),
            subscription_id: String::new(),
            reference: Arc::clone(&self.number),
            message: format!(
                "no font has {}; name one that does in pdf.fonts of billing.toml",
                list.join(", ")
            )
            .into(),
            not_credited: None,
        }
    }

    /// The problem to report if replacement marks are not accepted. Nearly all are found before
    /// printing; only receipts of earlier invoices remain.
    pub(crate) fn problem(&self, book: &BillingInput, input: &Path) -> Problem {
        let account = &book.accounts[self.account];
        Problem {
            file: display_name(input, "accounts.csv"),
            line: Some(account.line),
            column: Some("account_id"),
            value: Some(account.id.to_string()),
            rule: on_a_document(&self.missing),
            hint: format!("{}: {}", self.number, remedy(&self.missing)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_files_are_put_into_folders() {
        let path = |packing, count, place| pdf_path(packing, count, place, "INV-7");
        assert_eq!(path(Packing::Files, 5000, 4999), "pdf/INV-7.pdf");
        assert_eq!(path(Packing::Files, 5001, 0), "pdf/0000/INV-7.pdf");
        assert_eq!(path(Packing::Files, 1_000_000, 999_999), "pdf/0999/INV-7.pdf");
        assert_eq!(path(Packing::Zip, 1_000_000, 999_999), "pdf/INV-7.pdf");
        assert_eq!(path(Packing::None, 1, 0), "");
    }
}
