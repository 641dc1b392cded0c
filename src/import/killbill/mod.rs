//! Kill Bill: exports of accounts, each all tables of one, and the catalog. Days are counted in the zone
//! of the account.

mod accounts;
mod catalog;
mod dump;
mod invoices;
mod subscriptions;
mod tables;
mod xml;

use super::company::Company;
use super::export_table::{ExportFolder, Row};
use super::old_invoice::OldInvoice;
use crate::value::Instant;
use dump::Dump;
use subscriptions::Tables;
use tables::{AccountRow, BlockingRow, EventRow, InvoiceRow, ItemRow, SubscriptionRow};

/// Imports the company.
pub(super) fn import(folder: &mut ExportFolder<'_>, as_of: Instant) -> Company {
    let mut company = Company::default();
    let catalog = catalog::read(folder);
    let mut dump = Dump::read(folder);
    let rows: Vec<Row<AccountRow>> = dump.rows(folder);
    let items: Vec<Row<ItemRow>> = dump.rows(folder);
    let accounts = accounts::read(folder, &rows);
    accounts::take(folder, &rows, &items, &mut company);
    let events: Vec<Row<EventRow>> = dump.rows(folder);
    let blocking: Vec<Row<BlockingRow>> = dump.rows(folder);
    let subscriptions: Vec<Row<SubscriptionRow>> = dump.rows(folder);
    let invoices: Vec<Row<InvoiceRow>> = dump.rows(folder);
    let events = subscriptions::events(folder, &events);
    let tables = Tables {
        as_of,
        accounts: &accounts,
        catalog: &catalog,
        events,
        items: subscriptions::items(&items),
        blocking: subscriptions::blocking(&blocking),
    };
    tables.take(folder, &subscriptions, &mut company);
    invoices::look(folder, &invoices, &items);
    dump.finish(folder);
    for (file, what) in UNSEEN {
        folder.cannot_tell(file, what);
    }
    company
}

/// What the tables do not have, or not in a form that can be taken over.
const UNSEEN: [(&str, [&str; 2]); 2] = [
    ("invoice_payments", ["open invoices stay in Kill Bill", "collect them there"]),
    (
        "plugins",
        ["taxes and discounts of plugins are in no table", "write tax_rates.csv and discounts.csv"],
    ),
];

/// Reads the invoices that were issued.
pub(super) fn invoices(folder: &mut ExportFolder<'_>) -> Vec<OldInvoice> {
    let mut dump = Dump::read(folder);
    let rows: Vec<Row<AccountRow>> = dump.rows(folder);
    let accounts = accounts::read(folder, &rows);
    let items: Vec<Row<ItemRow>> = dump.rows(folder);
    let invoices: Vec<Row<InvoiceRow>> = dump.rows(folder);
    invoices::issued(folder, &accounts, &invoices, &items)
}
