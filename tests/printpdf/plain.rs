//! The same documents by printpdf alone, without [`PdfWriter`](super::writer::PdfWriter): tests compare
//! the two, and `cargo bench --features internals --bench receipts` says how much slower this is.

use std::collections::BTreeSet;

use printpdf::{PdfParseErrorSeverity, PdfSaveOptions};
use sha2::{Digest as _, Sha256};

use super::content::PdfContent;
use super::finish;
use super::ops::Printer;
use super::page::{DrawOp, Page};
use super::printed::Receipt;
use super::renderer::{PdfError, PdfRenderer};
use crate::model::{Account, Invoice};

impl PdfRenderer {
    /// The same as [`PdfRenderer::print`] by printpdf alone, without the stamp: how much slower that is,
    /// `cargo bench --bench receipts` says. What the stamp makes is compared with it.
    pub(crate) fn print_plainly(
        &self,
        invoice: &Invoice,
        account: &Account,
    ) -> Result<Receipt, PdfError> {
        self.print_slowly(&PdfContent::issued(invoice, account))
    }

    pub(super) fn print_slowly(&self, manuscript: &PdfContent) -> Result<Receipt, PdfError> {
        let number = manuscript.document.number;
        let sheets = self.lay_out(manuscript).sheets;
        let document = self.draw(&sheets, number)?;
        let bytes = finish::finish(document, &self.about(manuscript)).map_err(|error| {
            PdfError::Draw { number: number.to_owned(), reason: error.to_string() }
        })?;
        let digest = Sha256::digest(&bytes).into();
        Ok(Receipt { bytes, digest, missing_characters: self.missing_on(&sheets) })
    }

    fn draw(&self, sheets: &[Page], number: &str) -> Result<lopdf::Document, PdfError> {
        let printer = Printer {
            case: &self.case,
            paper: self.paper,
            accent: self.accent,
            logo: self.logo.as_ref(),
        };
        let mut warnings = Vec::new();
        let document =
            printer.document(sheets).to_lopdf_document(&PdfSaveOptions::default(), &mut warnings);
        let error =
            warnings.into_iter().find(|warning| warning.severity == PdfParseErrorSeverity::Error);
        error.map_or(Ok(document), |error| {
            Err(PdfError::Draw { number: number.to_owned(), reason: error.msg })
        })
    }

    fn missing_on(&self, sheets: &[Page]) -> Vec<char> {
        let marks = sheets.iter().flat_map(Page::marks);
        let missing: BTreeSet<char> = marks
            .filter_map(|mark| match mark {
                DrawOp::Text { text, .. } => Some(text),
                DrawOp::Bar { .. } | DrawOp::Logo { .. } => None,
            })
            .flat_map(|text| self.case.missing(text))
            .collect();
        missing.into_iter().collect()
    }
}
