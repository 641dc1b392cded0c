//! The amounts of a close's invoices by tax rate, and the amounts they credit, kept for later
//! closes.

use rayon::prelude::*;

use crate::config::TaxRounding;
use crate::model::{Account, ChargedPart, INVOICES_IN_A_PIECE, Invoice};
use crate::payments::with_lines_at_hand;
use crate::register::RatePart;
use crate::tax::charged_parts;

/// The charged and credited amounts.
pub(crate) struct TaxBreakdown<'a> {
    /// The charges of each invoice.
    pub(crate) documents: Vec<RatePart<'a>>,
    /// The credits of each invoice.
    pub(crate) credits: Vec<RatePart<'a>>,
}

impl<'a> TaxBreakdown<'a> {
    /// Computes both in one pass, because loading the lines takes longer than adding them up.
    pub(crate) fn of(
        invoices: &'a [Invoice],
        accounts: &'a [Account],
        round_per: TaxRounding,
    ) -> Self {
        let pieces = invoices.par_chunks(INVOICES_IN_A_PIECE).map(|invoices| {
            let mut piece = Self { documents: Vec::new(), credits: Vec::new() };
            for invoice in with_lines_at_hand(invoices) {
                piece.add(invoice, &accounts[invoice.account].id, round_per);
            }
            piece
        });
        let (documents, credits): (Vec<_>, Vec<_>) =
            pieces.map(|piece| (piece.documents, piece.credits)).unzip();
        Self { documents: joined(documents), credits: joined(credits) }
    }

    fn add(&mut self, invoice: &'a Invoice, account_id: &'a str, round_per: TaxRounding) {
        let part = |number: &'a str, part: ChargedPart| RatePart {
            invoice_number: number,
            line_number: part.line_number,
            account_id,
            currency: invoice.currency,
            terms: part.terms,
            base: part.base,
            tax: part.tax,
            tax_parts: part.tax_parts,
        };
        let Some(credits) = &invoice.credits else {
            let charged = charged_parts(&invoice.lines, None, round_per);
            let charged = charged.expect("parts of sums that fit").into_iter();
            self.documents.extend(charged.map(|charged| part(&invoice.number, charged)));
            return;
        };
        let charged = credits.charged.iter().cloned();
        self.documents.extend(charged.map(|charged| part(&invoice.number, charged)));
        let claims = credits.claims.iter();
        let claims = claims.map(|claim| part(&claim.invoice_number, claim.part.clone()));
        self.credits.extend(claims);
    }
}

fn joined<T>(pieces: Vec<Vec<T>>) -> Vec<T> {
    let mut all = Vec::with_capacity(pieces.iter().map(Vec::len).sum());
    all.extend(pieces.into_iter().flatten());
    all
}
