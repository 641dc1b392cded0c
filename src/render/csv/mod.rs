//! The tables of a close: plain decimals in major units with
//! exactly the currency's digits, ISO 8601 dates, and no cell that a spreadsheet would take for a
//! formula. Columns are only ever appended, never reordered.

mod allocations;
mod delivery;
mod exceptions;
mod invoices;
mod journal;
mod lines;
mod problems;
mod receivables;
mod review;
mod schedule;
mod taxes;

use std::borrow::Cow;

pub use allocations::{COLUMNS as ALLOCATION_COLUMNS, payments_applied_csv};
pub use delivery::{COLUMNS as DELIVERY_COLUMNS, Delivery, RECEIPT, delivery_csv};
pub use exceptions::{Exception, OVER_CREDIT, exceptions_csv};
pub use invoices::{COLUMNS as INVOICE_COLUMNS, invoices_csv};
pub use journal::{COLUMNS as JOURNAL_COLUMNS, journal_csv};
pub use lines::{COLUMNS as LINE_COLUMNS, lines_csv};
pub use problems::problems_csv;
pub use receivables::{COLUMNS as RECEIVABLE_COLUMNS, receivables_csv};
pub use review::{COLUMNS as REVIEW_COLUMNS, review_csv};
pub use schedule::{COLUMNS as SCHEDULE_COLUMNS, schedule_csv};
pub use taxes::{COLUMNS as TAX_COLUMNS, taxes_csv};

/// Writes a header and rows; writing to memory cannot fail.
fn table<'a, const N: usize>(
    columns: [&str; N],
    rows: impl Iterator<Item = [Cow<'a, str>; N]>,
) -> Vec<u8> {
    const INFALLIBLE: &str = "writing to memory does not fail, and rows are as wide as the header";
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(columns).expect(INFALLIBLE);
    for row in rows {
        writer.write_record(row.iter().map(|cell| cell.as_bytes())).expect(INFALLIBLE);
    }
    writer.into_inner().expect(INFALLIBLE)
}
