//! Who gets which PDF of a close: every document, then every receipt, and the accounts that cannot
//! be reached.

use super::ground::Ground;
use super::printing::{pdf_path, receipt_path};
use super::receipts::PaidReceipt;
use crate::invoice::{Invoice, Settlement};
use crate::model::Account;
use crate::render::csv::{Delivery, Exception};
use crate::value::Amount;

/// Everything that is to be sent: documents by number, then receipts.
pub fn deliveries<'a>(
    ground: &Ground,
    invoices: &'a [Invoice],
    receipts: &'a [PaidReceipt],
    settlement: &Settlement,
) -> Vec<Delivery<'a>> {
    let Settlement { standing, documents, .. } = settlement;
    let open = |place: usize| standing.receivables[documents[place]].open();
    let packing = ground.settings.look.packing;
    let documents = invoices.iter().enumerate().map(|(place, invoice)| Delivery {
        invoice,
        is_receipt: false,
        open: open(place),
        pdf: pdf_path(packing, invoices.len(), place, &invoice.number),
    });
    let paid = receipts.iter().enumerate().map(|(place, paid)| Delivery {
        invoice: &paid.invoice,
        is_receipt: true,
        open: Amount::ZERO,
        pdf: receipt_path(packing, receipts.len(), place, &paid.invoice.number),
    });
    documents.chain(paid).collect()
}

/// What has nowhere to go.
pub fn undeliverable(deliveries: &[Delivery<'_>], accounts: &[Account]) -> Vec<Exception> {
    let account = |delivery: &Delivery<'_>| &accounts[delivery.invoice.account];
    let nowhere = deliveries.iter().filter(|it| account(it).recipient_email().is_empty());
    nowhere
        .map(|delivery| Exception {
            kind: "no_recipient",
            account_id: account(delivery).id.to_string(),
            subscription_id: String::new(),
            reference: delivery.invoice.number.to_string(),
            message: "the account has no e-mail address; send the document another way, or fill \
                      in email or billing_email of accounts.csv"
                .to_owned(),
        })
        .collect()
}
