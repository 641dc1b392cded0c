//! `payments_applied.csv`: what became of every payment, one row for each part of it. The rows of a
//! payment add up to it.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{table, text_cell};
use crate::invoice::{Allocation, AppliedPayment};
use crate::model::Account;
use crate::value::Zone;

/// Its columns.
pub const COLUMNS: [&str; 8] =
    ["payment_id", "at", "account_id", "invoice_number", "amount", "currency", "method", "kind"];

/// The bytes of the file, in the order in which the payments applied.
pub fn payments_applied_csv(applied: &[AppliedPayment], accounts: &[Account]) -> Vec<u8> {
    let zones: HashMap<&str, Zone> =
        accounts.iter().map(|account| (&*account.id, account.zone)).collect();
    let rows = applied.iter().flat_map(|payment| {
        let zone = zones.get(&*payment.account_id).copied().unwrap_or(Zone::UTC);
        payment.allocations().map(move |part| row(payment, part, zone))
    });
    table(COLUMNS, rows)
}

fn row<'a>(payment: &'a AppliedPayment, part: Allocation<'a>, zone: Zone) -> [Cow<'a, str>; 8] {
    [
        text_cell(&payment.payment_id),
        Cow::Owned(zone.rfc3339(payment.at)),
        text_cell(&payment.account_id),
        part.invoice_number.map_or(Cow::Borrowed(""), |number| Cow::Borrowed(&**number)),
        Cow::Owned(part.amount.to_decimal_string(payment.currency)),
        Cow::Borrowed(payment.currency.code()),
        text_cell(&payment.method),
        Cow::Borrowed(part.kind()),
    ]
}
