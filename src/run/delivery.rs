//! Who gets which PDF of a close: every document, then every receipt, and the accounts that cannot
//! be reached.

use std::collections::HashMap;

use super::ground::Ground;
use super::printing::{pdf_path, receipt_path};
use super::receipts::PaidReceipt;
use crate::invoice::{Invoice, Settlement};
use crate::model::{Account, Receivable};
use crate::render::csv::{Delivery, Exception};
use crate::value::Amount;

/// Everything that is to be sent: documents by number, then receipts.
pub fn deliveries<'a>(
    ground: &Ground,
    invoices: &'a [Invoice],
    receipts: &'a [PaidReceipt],
    settlement: &Settlement,
) -> Vec<Delivery<'a>> {
    let owed: HashMap<&str, &Receivable> = settlement
        .standing
        .receivables
        .iter()
        .map(|receivable| (&*receivable.invoice_number, receivable))
        .collect();
    let open = |invoice: &Invoice| {
        let receivable = owed.get(&*invoice.number);
        receivable.map_or(invoice.totals.amount_due, |receivable| receivable.open())
    };
    let packing = ground.settings.look.packing;
    let documents = invoices.iter().enumerate().map(|(place, invoice)| Delivery {
        invoice,
        is_receipt: false,
        open: open(invoice),
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
            reference: delivery.invoice.number.clone(),
            message: "the account has no e-mail address; send the document another way, or fill \
                      in email or billing_email of accounts.csv"
                .to_owned(),
        })
        .collect()
}
