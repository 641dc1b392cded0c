//! Lists the PDFs to send: every invoice, every receipt, and the accounts that cannot be reached.

use std::sync::Arc;

use super::context::CloseContext;
use super::einvoices::NumberedEInvoices;
use super::print::{einvoice_path, pdf_path, receipt_path, receipts_known};
use super::receipts::PaidReceipt;
use crate::config::Packing;
use crate::model::{Account, DocumentPlaces, EInvoiceFormat, Invoice};
use crate::payments::Settlement;
use crate::render::csv::{Delivery, Exception, delivery_csv};
use crate::table::CsvTable;
use crate::value::Amount;

/// The table of PDFs to send: first invoices by number, then receipts.
pub(crate) fn deliveries<'a>(
    context: &'a CloseContext,
    (invoices, places): (&'a [Invoice], &'a DocumentPlaces),
    receipts: &'a [PaidReceipt],
    settlement: &'a Settlement,
) -> CsvTable<'a> {
    let Settlement { balances, documents, .. } = settlement;
    let packing = context.settings.look.packing;
    let receipts_in_all = receipts_known(places, receipts);
    let einvoices = NumberedEInvoices::new(context);
    let document = move |place: usize| {
        let invoice = &invoices[place];
        let (count, global) = (places.count(), places.of(place));
        let format = einvoices.format_of(invoice).filter(|_| packing != Packing::None);
        let has_file = format.is_some_and(EInvoiceFormat::is_a_file);
        let einvoice = has_file.then(|| einvoice_path(packing, count, global, &invoice.number));
        Delivery {
            invoice,
            received: None,
            open: balances.receivables[documents[place]].open(),
            pdf: pdf_path(packing, count, global, &invoice.number),
            einvoice: einvoice.unwrap_or_default(),
            format,
        }
    };
    let receipt = move |place: usize| Delivery {
        invoice: &receipts[place].invoice,
        received: Some(receipts[place].received()),
        open: Amount::ZERO,
        pdf: receipt_path(packing, receipts_in_all, place as u64, &receipts[place].invoice.number),
        einvoice: String::new(),
        format: None,
    };
    let (accounts, seller) = (&context.loaded.book.accounts[..], &*context.settings.seller.name);
    let documents = delivery_csv(invoices, document, accounts, seller);
    documents.followed_by(delivery_csv(receipts, receipt, accounts, seller))
}

/// The exceptions for PDFs that have no recipient.
pub(crate) fn undeliverable(
    invoices: &[Invoice],
    receipts: &[PaidReceipt],
    accounts: &[Account],
) -> Vec<Exception> {
    let sent = invoices.iter().chain(receipts.iter().map(|paid| &paid.invoice));
    let nowhere = sent.filter(|it| accounts[it.account].recipient_email().is_empty());
    nowhere
        .map(|invoice| Exception {
            kind: "no_recipient",
            account_id: Arc::clone(&accounts[invoice.account].id),
            subscription_id: String::new(),
            reference: Arc::clone(&invoice.number),
            message: "the account has no e-mail address; send the document another way, or fill \
                      in email or billing_email of accounts.csv"
                .into(),
            not_credited: None,
        })
        .collect()
}
