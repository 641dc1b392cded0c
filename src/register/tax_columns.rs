//! Writes and reads the tax rates of rows as columns of a state file.

use std::str::FromStr as _;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::model::{TaxBehavior, TaxTerms, TaxTreatment};
use crate::table::parquet::{ColumnsError, Of, StateColumns, StateTable};

impl<'a, T: Sync> StateColumns<'a, T> {
    /// The columns of each row's rate; `None` if it is not taxed.
    pub(crate) fn tax(self, of: impl Of<&'a T, Option<&'a TaxTerms>> + 'a) -> Self {
        self.word("tax_code", move |row| of(row).map(|terms| &*terms.code))
            .word("tax_name", move |row| of(row).map(|terms| &*terms.name))
            .decimal("tax_percent", move |row| of(row).map(|terms| terms.percent))
            .word("tax_behavior", move |row| of(row).map(|terms| terms.behavior.as_str()))
            .word("tax_treatment", move |row| of(row).map(|terms| terms.treatment.as_str()))
            .word("tax_note", move |row| of(row).map(|terms| &*terms.note))
    }
}

/// What [`StateColumns::tax`] wrote.
pub(crate) struct TaxColumns<'a> {
    code: Vec<Option<&'a str>>,
    name: Vec<Option<&'a str>>,
    percent: Vec<Option<&'a str>>,
    behavior: Vec<Option<&'a str>>,
    treatment: Vec<Option<&'a str>>,
    note: Vec<Option<&'a str>>,
}

/// A row that has a code but no valid rate.
#[derive(Debug)]
pub(crate) struct NoRate;

impl<'a> TaxColumns<'a> {
    pub(crate) fn read(table: &'a StateTable) -> Result<Self, ColumnsError> {
        Ok(Self {
            code: table.optional_texts("tax_code")?,
            name: table.optional_texts("tax_name")?,
            percent: table.optional_texts("tax_percent")?,
            behavior: table.optional_texts("tax_behavior")?,
            treatment: table.optional_texts("tax_treatment")?,
            note: table.optional_texts("tax_note")?,
        })
    }

    pub(crate) fn terms(&self, row: usize) -> Result<Option<Arc<TaxTerms>>, NoRate> {
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
