//! Receipts as PDF: an invoice comes in, the bytes of a file go out.
//!
//! A pure function: no files, no clock, no environment. The same invoice gives the same bytes, in
//! any process and on any thread. `receipt` lays marks on sheets, `ops` gives them to printpdf,
//! which embeds of each font what is used, and `finish` removes what printpdf leaves to chance.

mod finish;
mod font;
mod letterhead;
mod ops;
mod receipt;
mod sheet;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod totals;
mod wording;

use std::collections::BTreeSet;

use printpdf::{PdfParseErrorSeverity, PdfSaveOptions};
use thiserror::Error;

use self::finish::About;
use self::font::Typeface;
use self::ops::Printer;
use self::receipt::House;
use self::sheet::{Mark, Paper, Sheet};
use self::text::TypeCase;
use crate::config::{Look, Seller};
use crate::invoice::Invoice;
use crate::model::Account;

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/NotoSans-Regular.ttf");
const SEMI_BOLD: &[u8] = include_bytes!("../../../assets/fonts/NotoSans-SemiBold.ttf");

/// Everything the receipts of a run share: parsed fonts, letterhead, look.
pub struct Press {
    case: TypeCase,
    seller: Seller,
    paper: Paper,
    accent: [u8; 3],
}

/// A finished receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The PDF file.
    pub bytes: Vec<u8>,
    /// The characters that no font has, sorted, each once. They are drawn as U+FFFD.
    pub missing_characters: Vec<char>,
}

/// Why receipts cannot be printed.
#[derive(Debug, Error)]
pub enum PressError {
    /// A font of the configuration, by its place among them, is not one.
    #[error("font {} of look.fonts is not a TrueType or OpenType font", index + 1)]
    Font {
        /// Its index in `extra_fonts`.
        index: usize,
    },
    /// printpdf could not do what it was told, for instance embed a font.
    #[error("receipt {number} cannot be drawn: {reason}")]
    Draw {
        /// The invoice.
        number: String,
        /// printpdf's own words.
        reason: String,
    },
    /// The finished document could not be written as bytes.
    #[error("receipt {number} cannot be written: {reason}")]
    Write {
        /// The invoice.
        number: String,
        /// lopdf's own words.
        reason: String,
    },
}

impl Press {
    /// Parses the fonts: the bundled ones, then `extra_fonts`, which are the bytes of the files
    /// named in `billing.toml` and are asked in order for characters that the bundled ones lack.
    pub fn new(seller: &Seller, look: &Look, extra_fonts: &[Vec<u8>]) -> Result<Self, PressError> {
        let bundled =
            |bytes| Typeface::parse(bytes).expect("bundled fonts parse: a test reads them");
        let extra = extra_fonts
            .iter()
            .enumerate()
            .map(|(index, bytes)| Typeface::parse(bytes).ok_or(PressError::Font { index }))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            case: TypeCase::new(bundled(REGULAR), bundled(SEMI_BOLD), extra),
            seller: seller.clone(),
            paper: Paper::new(look.page_size),
            accent: look.accent,
        })
    }

    /// The receipt of an invoice. Pure: the same invoice gives the same bytes.
    pub fn print(&self, invoice: &Invoice, account: &Account) -> Result<Receipt, PressError> {
        let house = House { case: &self.case, paper: self.paper, seller: &self.seller };
        let sheets = house.lay_out(invoice, account);
        let document = self.draw(&sheets, invoice)?;
        let about = About {
            title: format!("{} {}", wording::title(invoice.kind), invoice.number),
            author: &self.seller.name,
            date: invoice.issue_date,
        };
        let bytes = finish::finish(document, &about).map_err(|error| PressError::Write {
            number: invoice.number.clone(),
            reason: error.to_string(),
        })?;
        Ok(Receipt { bytes, missing_characters: self.missing(&sheets) })
    }

    fn draw(&self, sheets: &[Sheet], invoice: &Invoice) -> Result<lopdf::Document, PressError> {
        let printer = Printer { case: &self.case, paper: self.paper, accent: self.accent };
        let mut warnings = Vec::new();
        let document =
            printer.document(sheets).to_lopdf_document(&PdfSaveOptions::default(), &mut warnings);
        let error =
            warnings.into_iter().find(|warning| warning.severity == PdfParseErrorSeverity::Error);
        error.map_or(Ok(document), |error| {
            Err(PressError::Draw { number: invoice.number.clone(), reason: error.msg })
        })
    }

    fn missing(&self, sheets: &[Sheet]) -> Vec<char> {
        let marks = sheets.iter().flat_map(|sheet| &sheet.marks);
        let missing: BTreeSet<char> = marks
            .filter_map(|mark| match mark {
                Mark::Text { text, .. } => Some(text),
                Mark::Bar { .. } => None,
            })
            .flat_map(|text| self.case.missing(text))
            .collect();
        missing.into_iter().collect()
    }
}
