//! Renders documents with shared fonts and settings.

use std::collections::BTreeSet;

use thiserror::Error;

use super::about::About;
use super::content::{PaymentShown, PdfContent, ZeroLines};
use super::font::Typeface;
use super::logo::Logo;
use super::page::{LaidOut, Paper};
use super::page_layout::PageLayout;
use super::printed::Receipt;
use super::text::FontSet;
use super::writer::PdfWriter;
use crate::config::{Look, Seller};
use crate::model::{Account, Invoice};

pub(super) const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/NotoSans-Regular.ttf");
pub(super) const SEMI_BOLD: &[u8] = include_bytes!("../../../assets/fonts/NotoSans-SemiBold.ttf");

/// The shared data of all receipts of a run: parsed fonts, letterhead, style.
pub(crate) struct PdfRenderer {
    pub(super) case: FontSet,
    seller: Seller,
    pub(super) paper: Paper,
    pub(super) accent: [u8; 3],
    zero_lines: ZeroLines,
    pub(super) logo: Option<Logo>,
    stamp: PdfWriter,
}

/// The distinct characters of a text that no bundled font has, sorted.
pub(crate) fn missing_without_settings(text: &str) -> Vec<char> {
    let missing: BTreeSet<char> = bundled_case(Vec::new()).missing(text).collect();
    missing.into_iter().collect()
}

/// The bundled fonts and further ones.
fn bundled_case(extra: Vec<Typeface>) -> FontSet {
    let bundled = |bytes| Typeface::parse(bytes).expect("bundled fonts parse: a test reads them");
    FontSet::new(bundled(REGULAR), bundled(SEMI_BOLD), extra)
}

/// Why receipts cannot be printed.
#[derive(Debug, Error)]
pub(crate) enum PdfError {
    /// A configured font is not a font.
    #[error("font {} of look.fonts is not a TrueType or OpenType font", index + 1)]
    Font {
        /// Its index in `extra_fonts`.
        index: usize,
    },
    /// The logo cannot be embedded.
    #[error("the logo {reason}")]
    Logo {
        /// The fault of the file.
        reason: &'static str,
    },
    /// The payments of an invoice, or the rest of it, overflow an amount.
    #[error("receipt {number}: the payments are too large to be summed up")]
    Payments {
        /// The invoice.
        number: String,
    },
    /// printpdf failed, for example to embed a font.
    #[error("receipt {number} cannot be drawn: {reason}")]
    Draw {
        /// The invoice.
        number: String,
        /// The message of printpdf.
        reason: String,
    },
}

impl PdfRenderer {
    /// Parses the fonts: the bundled ones, then `extra_fonts`, the bytes of the files named in
    /// `billing.toml`. Extra fonts are tried in order for characters that the bundled ones lack.
    pub(crate) fn new(
        seller: &Seller,
        look: &Look,
        extra_fonts: &[Vec<u8>],
    ) -> Result<Self, PdfError> {
        let extra = extra_fonts
            .iter()
            .enumerate()
            .map(|(index, bytes)| {
                // The fonts are needed until the process ends.
                let bytes = Vec::leak(bytes.clone());
                Typeface::parse(bytes).ok_or(PdfError::Font { index })
            })
            .collect::<Result<_, _>>()?;
        let paper = Paper::new(look.page_size);
        Ok(Self {
            case: bundled_case(extra),
            seller: seller.clone(),
            paper,
            accent: look.accent,
            zero_lines: if look.zero_lines { ZeroLines::All } else { ZeroLines::IfAlone },
            logo: None,
            stamp: PdfWriter::new(paper, look.accent, None),
        })
    }

    /// Adds a logo: the bytes of a PNG or JPEG file.
    pub(crate) fn with_logo(self, file: &[u8]) -> Result<Self, PdfError> {
        let logo = Logo::parse(file).map_err(|reason| PdfError::Logo { reason })?;
        let stamp = PdfWriter::new(self.paper, self.accent, Some(&logo));
        Ok(Self { logo: Some(logo), stamp, ..self })
    }

    /// The distinct characters of a text that no font has, sorted.
    pub(crate) fn missing(&self, text: &str) -> Vec<char> {
        let missing: BTreeSet<char> = self.case.missing(text).collect();
        missing.into_iter().collect()
    }

    /// Prints an invoice as issued. Pure: the same invoice gives the same bytes.
    pub(crate) fn print(&self, invoice: &Invoice, account: &Account) -> Result<Receipt, PdfError> {
        self.print_manuscript(&self.issued(invoice, account), None)
    }

    /// The same with an electronic invoice inside: an XML file of Factur-X and `ZUGFeRD` in the
    /// profile EN 16931.
    pub(crate) fn print_with_einvoice(
        &self,
        invoice: &Invoice,
        account: &Account,
        xml: &[u8],
    ) -> Result<Receipt, PdfError> {
        self.print_manuscript(&self.issued(invoice, account), Some(xml))
    }

    /// Prints the receipt for an invoice, with its payments in order. If nothing was paid although
    /// something is due, prints the invoice as issued.
    pub(crate) fn print_paid(
        &self,
        invoice: &Invoice,
        account: &Account,
        payments: &[PaymentShown],
    ) -> Result<Receipt, PdfError> {
        let manuscript = PdfContent::receipt(invoice, account, payments)
            .ok_or_else(|| PdfError::Payments { number: invoice.number.to_string() })?;
        self.print_manuscript(&manuscript.with_zero_lines(self.zero_lines), None)
    }

    fn issued<'m>(&self, invoice: &'m Invoice, account: &'m Account) -> PdfContent<'m> {
        PdfContent::issued(invoice, account).with_zero_lines(self.zero_lines)
    }

    pub(super) fn print_manuscript(
        &self,
        manuscript: &PdfContent,
        einvoice: Option<&[u8]>,
    ) -> Result<Receipt, PdfError> {
        let pages = self.lay_out(manuscript);
        let about = self.about(manuscript);
        let printed = self.stamp.print(&self.case, &pages, &about, einvoice);
        printed.map_err(|reason| PdfError::Draw {
            number: manuscript.document.number.to_string(),
            reason,
        })
    }

    pub(super) fn lay_out(&self, manuscript: &PdfContent) -> LaidOut {
        let house = PageLayout {
            case: &self.case,
            paper: self.paper,
            seller: &self.seller,
            logo: self.logo.as_ref(),
        };
        house.lay_out(manuscript)
    }

    pub(super) fn about(&self, manuscript: &PdfContent) -> About<'_> {
        About {
            title: manuscript.name(),
            author: &self.seller.name,
            language: manuscript.document.account.language(),
            date: manuscript.document.issue_date,
        }
    }
}
