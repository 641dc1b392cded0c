//! `voids.csv`: invoices that were issued by mistake.

use crate::model::Void;
use crate::table::{Column, Reported, Row, optional, required};

/// The known columns.
pub(crate) const COLUMNS: [Column; 3] =
    [required("invoice_number"), required("at"), optional("reason")];

/// Reads one row. The register checks later whether its invoice exists.
pub(crate) fn parse(row: &mut Row<'_>) -> Result<Void, Reported> {
    let invoice_number = row.id("invoice_number");
    let at = row.moment("at");
    let reason = row.text("reason");
    Ok(Void { invoice_number: invoice_number?, at: at?, reason: reason?.into(), line: row.line })
}
