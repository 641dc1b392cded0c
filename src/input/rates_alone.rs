//! `tax_rates.csv` by itself, for an export: it tells which rates are those of several places.

use std::path::Path;

use super::tax_rates::{COLUMNS, parse};
use crate::model::TaxRate;
use crate::problem::Problem;
use crate::table::{SourceErrors, TableReader, open_optional};

const FILE: &str = "tax_rates.csv";

/// Reads the file, if there is one: its rows, and what is wrong in it.
///
/// # Errors
/// It is there and cannot be read.
pub fn load_tax_rates(input: &Path) -> Result<(Vec<TaxRate>, Vec<Problem>), SourceErrors> {
    let Some(content) = open_optional(input, FILE)? else { return Ok(Default::default()) };
    let mut rates = Vec::new();
    let mut reader = TableReader::new(input);
    // A row that fails has been reported; the other rows are looked at all the same.
    reader.each_row(FILE, content, &COLUMNS, |row| {
        rates.extend(row.sound().and_then(|()| parse(row)));
    });
    let (_, findings) = reader.finish()?;
    Ok((rates, findings.problems))
}
