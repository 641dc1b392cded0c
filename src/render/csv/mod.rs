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
mod quotes;
mod receivables;
mod review;
mod rows;
mod schedule;
mod sheet;
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
pub use rows::Rows;
pub use schedule::{COLUMNS as SCHEDULE_COLUMNS, schedule_csv};
pub use sheet::Sheet;
pub use taxes::{COLUMNS as TAX_COLUMNS, taxes_csv};

/// A text as a cell that no spreadsheet evaluates: one that begins like a formula gets an
/// apostrophe in front, which spreadsheets take as "this is text".
///
/// ```
/// # use prorata::render::csv::text_cell;
/// assert_eq!(text_cell("=1+1"), "'=1+1");
/// assert_eq!(text_cell("Ólafur"), "Ólafur");
/// ```
pub fn text_cell(text: &str) -> Cow<'_, str> {
    if is_guarded(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text of a cell that [`text_cell`] made.
///
/// ```
/// # use prorata::render::csv::{plain_text, text_cell};
/// for text in ["=1+1", "'quoted'", "Ólafur", "-5"] {
///     assert_eq!(plain_text(&text_cell(text)), text);
/// }
/// ```
pub fn plain_text(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_guarded(text) => text,
        _ => cell,
    }
}

/// Whether a text begins like a formula, or with the apostrophe that would be taken for a guard.
fn is_guarded(text: &str) -> bool {
    // Nearly all do not.
    let is_plain = text.bytes().next().is_none_or(|first| first.is_ascii_alphanumeric());
    !is_plain
        && text.starts_with(|c: char| matches!(c, '=' | '+' | '-' | '@' | '\'') || c.is_control())
}

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
