//! The rates of rows, as columns of a state file and back.

use std::str::FromStr as _;
use std::sync::Arc;

use polars::prelude::Column;
use rust_decimal::Decimal;

use super::columns::{ColumnsError, RowColumns, Table};
use crate::model::{TaxBehavior, TaxTerms, TaxTreatment};

/// The columns of some rates, one a row; `None` for what is not taxed.
pub fn tax_columns<'t>(rates: impl Iterator<Item = Option<&'t TaxTerms>>) -> [Column; 6] {
    let rates: Vec<Option<&TaxTerms>> = rates.collect();
    let columns = RowColumns(&rates);
    [
        columns.text("tax_code", |rate| rate.map(|terms| &*terms.code)),
        columns.text("tax_name", |rate| rate.map(|terms| &*terms.name)),
        columns.owned("tax_percent", |rate| rate.map(|terms| terms.percent.to_string())),
        columns.text("tax_behavior", |rate| rate.map(|terms| terms.behavior.as_str())),
        columns.text("tax_treatment", |rate| rate.map(|terms| terms.treatment.as_str())),
        columns.text("tax_note", |rate| rate.map(|terms| &*terms.note)),
    ]
}

/// What [`tax_columns`] wrote.
pub struct TaxColumns<'a> {
    code: Vec<Option<&'a str>>,
    name: Vec<Option<&'a str>>,
    percent: Vec<Option<&'a str>>,
    behavior: Vec<Option<&'a str>>,
    treatment: Vec<Option<&'a str>>,
    note: Vec<Option<&'a str>>,
}

/// A row that has a code and makes no rate.
#[derive(Debug)]
pub struct NoRate;

impl<'a> TaxColumns<'a> {
    /// The columns of a table.
    pub fn read(table: &'a Table) -> Result<Self, ColumnsError> {
        Ok(Self {
            code: table.optional_texts("tax_code")?,
            name: table.optional_texts("tax_name")?,
            percent: table.optional_texts("tax_percent")?,
            behavior: table.optional_texts("tax_behavior")?,
            treatment: table.optional_texts("tax_treatment")?,
            note: table.optional_texts("tax_note")?,
        })
    }

    /// The rate of a row.
    pub fn terms(&self, row: usize) -> Result<Option<Arc<TaxTerms>>, NoRate> {
        let Some(code) = self.code[row] else { return Ok(None) };
        let terms = || {
            Some(TaxTerms {
                code: code.into(),
                name: self.name[row]?.into(),
                percent: Decimal::from_str(self.percent[row]?).ok()?,
                behavior: TaxBehavior::parse(self.behavior[row]?)?,
                treatment: TaxTreatment::parse(self.treatment[row]?)?,
                note: self.note[row]?.into(),
            })
        };
        terms().map(|terms| Some(Arc::new(terms))).ok_or(NoRate)
    }
}
