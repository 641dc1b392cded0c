//! The codes of `tax_rates.csv`, which other files and billing.toml choose from.
//!
//! A code is a name, not a row: several rows may have it. A code whose rows were reported is as
//! good as any here, so that one mistake in a rate is not a mistake of every account.

use std::path::Path;
use std::sync::Arc;

use crate::config::{self, Settings};
use crate::model::TaxRate;
use crate::problem::Problem;
use crate::table::{Index, RejectedIds, Reported, Row, display_name};

const FILE: &str = "tax_rates.csv";

const NO_FILE: &str = "add the file tax_rates.csv with a row for it, or remove the code";

/// All codes.
pub struct TaxCodes {
    /// `None` where there is no file.
    index: Option<Index>,
}

impl TaxCodes {
    /// Those of a company that has no `tax_rates.csv`.
    pub fn none() -> Self {
        Self { index: None }
    }

    /// Those of these rows.
    pub fn new(rates: &[TaxRate], broken: RejectedIds) -> Self {
        let codes = rates.iter().map(|rate| &rate.terms.code);
        Self { index: Some(Index::new(FILE, codes, broken)) }
    }

    /// The code in a field.
    pub fn find(&self, row: &mut Row<'_>, column: &'static str) -> Result<Arc<str>, Reported> {
        let code = row.id(column)?;
        match &self.index {
            Some(index) if index.explains_absence(&code) => Ok(code),
            Some(index) => Err(row.report_unknown(column, &code, index)),
            None => Err(row.report(column, &code, "is not in tax_rates.csv", NO_FILE)),
        }
    }

    /// What is wrong with the code that billing.toml names.
    pub fn check_default(&self, settings: &Settings, input: &Path) -> Option<Problem> {
        let code = settings.tax.default_code.as_ref()?;
        Some(Problem {
            hint: self.hint_at_unknown(code)?,
            file: display_name(input, config::FILE_NAME),
            line: None,
            column: Some("tax.default_code"),
            value: Some(code.to_string()),
            rule: "is not in tax_rates.csv".to_owned(),
        })
    }

    fn hint_at_unknown(&self, code: &str) -> Option<String> {
        match &self.index {
            Some(index) => index.hint_at_unknown(code),
            None => Some(NO_FILE.to_owned()),
        }
    }
}
