//! The codes of `tax_rates.csv`, which other files and billing.toml use.
//!
//! Several rows may have the same code. A code with only invalid rows counts as known, so that one
//! wrong rate is not an error of every account.

use std::path::Path;
use std::sync::Arc;

use crate::config::{self, Settings};
use crate::model::TaxRate;
use crate::problem::Problem;
use crate::table::{Index, RejectedIds, Reported, Row, display_name};

const FILE: &str = "tax_rates.csv";

const NO_FILE: &str = "add the file tax_rates.csv with a row for it, or remove the code";

pub(crate) struct TaxCodes {
    /// `None` without a file.
    index: Option<Index>,
}

impl TaxCodes {
    /// The codes of a company without `tax_rates.csv`.
    pub(crate) fn none() -> Self {
        Self { index: None }
    }

    pub(crate) fn new(rates: &[TaxRate], broken: RejectedIds) -> Self {
        let codes = rates.iter().map(|rate| &rate.terms.code);
        Self { index: Some(Index::new(FILE, codes, broken)) }
    }

    /// The code of a field.
    pub(crate) fn find(
        &self,
        row: &mut Row<'_>,
        column: &'static str,
    ) -> Result<Arc<str>, Reported> {
        let code = row.id(column)?;
        match &self.index {
            Some(index) if index.explains_absence(&code) => Ok(code),
            Some(index) => Err(row.report_unknown(column, &code, index)),
            None => Err(row.report(column, &code, "is not in tax_rates.csv", NO_FILE)),
        }
    }

    /// The problem with the default code of billing.toml.
    pub(crate) fn check_default(&self, settings: &Settings, input: &Path) -> Option<Problem> {
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
