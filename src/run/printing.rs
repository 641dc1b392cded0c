//! The PDFs of a close: printed side by side, written one by one, none kept in memory.

use std::fmt::Write as _;

use super::RunError;
use super::receipts::PaidReceipt;
use crate::config::Settings;
use crate::invoice::Invoice;
use crate::model::Book;
use crate::publish::Staging;
use crate::render::csv::Exception;
use crate::render::pdf::{Press, PressError};

/// The file of a close that lists its PDFs with their digests.
pub const PDF_DIGESTS: &str = "pdf.sha256";

/// Where an invoice's PDF is within the close.
pub fn pdf_path(invoice: &Invoice) -> String {
    format!("pdf/{}.pdf", invoice.number)
}

/// Where the receipt of a paid invoice is within the close.
pub fn receipt_path(invoice: &Invoice) -> String {
    format!("receipts/{}.pdf", invoice.number)
}

/// The fonts, the letterhead and the look of all PDFs of a close.
pub fn press(settings: &Settings) -> Result<Press, RunError> {
    let mut fonts = Vec::new();
    for path in &settings.look.fonts {
        let font =
            std::fs::read(path).map_err(|source| RunError::Font { path: path.clone(), source })?;
        fonts.push(font);
    }
    Press::new(&settings.seller, &settings.look, &fonts).map_err(|error| match error {
        PressError::Font { index } => {
            RunError::NotAFont { path: settings.look.fonts[index].clone() }
        }
        other => other.into(),
    })
}

/// Prints every invoice and receipt, lists the files as `sha256sum` does, and names what no font
/// could show.
pub fn print_all(
    staging: &mut Staging,
    press: &Press,
    (invoices, receipts): (&[Invoice], &[PaidReceipt]),
    book: &Book,
) -> Result<Vec<Exception>, RunError> {
    let mut printed = staging.write_many(invoices, |invoice| {
        let receipt = press.print(invoice, &book.accounts[invoice.account])?;
        Ok::<_, RunError>((pdf_path(invoice), receipt.bytes, receipt.missing_characters))
    })?;
    printed.extend(staging.write_many(receipts, |paid| {
        let PaidReceipt { invoice, payments } = paid;
        let receipt = press.print_paid(invoice, &book.accounts[invoice.account], payments)?;
        Ok::<_, RunError>((receipt_path(invoice), receipt.bytes, receipt.missing_characters))
    })?);
    let mut digests = String::new();
    let mut exceptions = Vec::new();
    let paid = receipts.iter().map(|paid| &paid.invoice);
    for (invoice, (file, missing)) in invoices.iter().chain(paid).zip(printed) {
        let _ = writeln!(digests, "{}  {}", file.sha256, file.path);
        if !missing.is_empty() {
            exceptions.push(missing_glyphs(invoice, book, &missing));
        }
    }
    staging.write(PDF_DIGESTS, digests.as_bytes())?;
    Ok(exceptions)
}

fn missing_glyphs(invoice: &Invoice, book: &Book, missing: &[char]) -> Exception {
    let list: Vec<String> =
        missing.iter().map(|c| format!("{c} (U+{:04X})", u32::from(*c))).collect();
    Exception {
        kind: "missing_glyph",
        account_id: book.accounts[invoice.account].id.to_string(),
        subscription_id: String::new(),
        reference: invoice.number.clone(),
        message: format!(
            "no font has {}; name one that does in pdf.fonts of billing.toml",
            list.join(", ")
        ),
    }
}
