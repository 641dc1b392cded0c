//! Writes e-invoices as XML: UBL for Peppol and XRechnung, CII for Factur-X. The order of the
//! elements is that of their schemas. Nothing is computed here.

mod cii;
#[cfg(test)]
mod tests;
mod ubl;
mod writer;

use crate::einvoice::EInvoice;
use crate::model::EInvoiceFormat;

/// The specification of a format (BT-24).
const fn specification(format: EInvoiceFormat) -> &'static str {
    match format {
        EInvoiceFormat::Peppol => {
            "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
        }
        EInvoiceFormat::XRechnung => {
            "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
        }
        EInvoiceFormat::FacturX => "urn:cen.eu:en16931:2017",
    }
}

/// The business process (BT-23): billing.
const PROCESS: &str = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";

/// The XML of an e-invoice, in the syntax of its format. The same document gives the same bytes.
pub(crate) fn e_invoice(invoice: &EInvoice<'_>) -> Vec<u8> {
    if invoice.format.is_a_file() { ubl::write(invoice) } else { cii::write(invoice) }
}
