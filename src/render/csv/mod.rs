//! `invoices.csv`, `invoice_lines.csv` and `exceptions.csv`: plain decimals in major units with
//! exactly the currency's digits, ISO 8601 dates, and no cell that a spreadsheet would take for a
//! formula. Columns are only ever appended, never reordered.

mod exceptions;
mod invoices;
mod lines;

use std::borrow::Cow;

pub use exceptions::{Exception, exceptions_csv};
pub use invoices::{COLUMNS as INVOICE_COLUMNS, invoices_csv};
pub use lines::{COLUMNS as LINE_COLUMNS, lines_csv};

/// A text as a cell that no spreadsheet evaluates: one that begins like a formula gets an
/// apostrophe in front, which spreadsheets take as "this is text".
///
/// ```
/// # use prorata::render::csv::text_cell;
/// assert_eq!(text_cell("=1+1"), "'=1+1");
/// assert_eq!(text_cell("Ólafur"), "Ólafur");
/// ```
pub fn text_cell(text: &str) -> Cow<'_, str> {
    let begins_a_formula =
        text.starts_with(|c: char| matches!(c, '=' | '+' | '-' | '@') || c.is_control());
    if begins_a_formula { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
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
