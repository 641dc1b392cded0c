//! Reads `tax_rates.csv` alone for an export, which needs the places of the rates.

use std::path::Path;

use super::tax_rates::{COLUMNS, parse};
use crate::config::InputSettings;
use crate::model::TaxRate;
use crate::problem::Problems;
use crate::table::{SourceErrors, TableReader, open_optional};

const FILE: &str = "tax_rates.csv";

/// Reads the file, if it exists: its rows and problems.
///
/// # Errors
/// It exists but cannot be read.
pub(crate) fn load_tax_rates(
    input: &Path,
    settings: &InputSettings,
) -> Result<(Vec<TaxRate>, Problems), SourceErrors> {
    let Some(content) = open_optional(input, FILE)? else { return Ok(Default::default()) };
    let mut rates = Vec::new();
    let mut reader = TableReader { settings: settings.clone(), ..TableReader::new(input) };
    // A failed row has been reported; continue with the others.
    reader.each_row(FILE, content, &COLUMNS, |row| {
        rates.extend(row.sound().and_then(|()| parse(row)));
    });
    let (_, findings) = reader.finish()?;
    Ok((rates, findings.problems))
}
