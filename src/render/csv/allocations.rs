//! `payments_applied.csv`: the use of every payment, one row per part. The rows of a payment add up
//! to it.

use hashbrown::{HashMap, HashSet};

use crate::model::Account;
use crate::payments::{Allocation, AppliedPayment};
use crate::table::{CsvTable, CsvWriter};
use crate::value::Zone;

pub(crate) const COLUMNS: [&str; 8] =
    ["payment_id", "at", "account_id", "invoice_number", "amount", "currency", "method", "kind"];

/// The table, in the order of application.
pub(crate) fn payments_applied_csv<'a>(
    applied: &'a [AppliedPayment],
    accounts: &'a [Account],
) -> CsvTable<'a> {
    // Only a few accounts have payments.
    let payers: HashSet<&str> = applied.iter().map(|payment| &*payment.account_id).collect();
    let paid = accounts.iter().filter(|account| payers.contains(&*account.id));
    let zones: HashMap<&str, Zone> = paid.map(|account| (&*account.id, account.zone)).collect();
    CsvTable::new(&COLUMNS, applied, move |payment, rows| {
        let zone = zones.get(&*payment.account_id).copied().unwrap_or(Zone::UTC);
        for part in payment.allocations() {
            row(payment, &part, zone, rows);
        }
    })
}

fn row(payment: &AppliedPayment, part: &Allocation<'_>, zone: Zone, rows: &mut CsvWriter) {
    rows.text(&payment.payment_id);
    rows.instant(payment.at, zone);
    rows.text(&payment.account_id);
    rows.cell(part.invoice_number.map_or("", |number| &**number));
    rows.money(part.amount, payment.currency);
    rows.word(payment.currency.code());
    rows.text(&payment.method);
    rows.word(part.kind());
    rows.end();
}
