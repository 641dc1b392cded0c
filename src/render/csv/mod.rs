//! The tables of a close: plain decimals in major units with the currency's digits, ISO 8601 dates,
//! and no cell that a spreadsheet evaluates as a formula. New columns are only appended.

mod allocations;
mod delivery;
mod exceptions;
mod invoices;
mod journal;
mod lines;
mod problems;
mod receivables;
mod refunds;
mod review;
mod schedule;
mod taxes;

use std::borrow::Cow;

pub(crate) use allocations::payments_applied_csv;
pub(crate) use delivery::{Delivery, RECEIPT, delivery_csv};
pub(crate) use exceptions::{
    Exception, ExceptionGroup, ListedException, OVER_CREDIT, exceptions_csv,
};
pub(crate) use invoices::invoices_csv;
pub(crate) use journal::journal_csv;
pub(crate) use lines::lines_csv;
pub(crate) use problems::problems_csv;
pub(crate) use receivables::receivables_csv;
pub(crate) use refunds::refunds_csv;
pub(crate) use review::{listed_prices, review_csv};
pub(crate) use schedule::schedule_csv;
pub(crate) use taxes::taxes_csv;

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
