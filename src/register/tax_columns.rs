//! Writes and reads the tax rates of rows as columns of a state file.

use std::str::FromStr as _;
use std::sync::Arc;

use rayon::prelude::*;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::model::{TaxBehavior, TaxComponent, TaxParts, TaxTerms, TaxTreatment};
use crate::table::parquet::{ColumnsError, Of, StateColumns, StateTable, TAX_PARTS};
use crate::value::{Amount, as_text};

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

impl<'a, T: Sync> StateColumns<'a, T> {
    /// The column of the several taxes of rows, if any row has some: their terms and amounts.
    pub(crate) fn tax_parts(
        self,
        rows: &'a [T],
        of: impl Of<&'a T, (Option<&'a TaxTerms>, &'a [Amount])> + 'a,
    ) -> Self {
        let is_needed = rows.par_iter().any(|row| !of(row).1.is_empty());
        let parts = move |row| Some(of(row)).filter(|(_, amounts)| !amounts.is_empty());
        if !is_needed {
            return self;
        }
        self.word_for(TAX_PARTS.0, parts, |(terms, amounts)| written(terms, amounts))
    }
}

/// One of several taxes on a row.
#[derive(Serialize, Deserialize)]
struct WrittenPart {
    code: Box<str>,
    name: Box<str>,
    #[serde(with = "as_text")]
    percent: Decimal,
    #[serde(with = "as_text")]
    effective: Decimal,
    note: Box<str>,
    /// Rows with different terms have different texts, because equal texts are written once.
    is_inclusive: bool,
    minor: i64,
}

fn written(terms: Option<&TaxTerms>, amounts: &[Amount]) -> String {
    let components = terms.map_or(&[][..], |terms| &terms.components);
    let parts = components.iter().zip(amounts).map(|(component, amount)| {
        let TaxTerms { code, name, percent, note, .. } = &*component.terms;
        WrittenPart {
            code: (**code).into(),
            name: name.clone(),
            percent: *percent,
            effective: component.effective,
            note: note.clone(),
            is_inclusive: component.terms.is_inclusive(),
            minor: amount.minor(),
        }
    });
    let parts: Vec<WrittenPart> = parts.collect();
    serde_json::to_string(&parts).expect("it is texts and numbers")
}

/// What [`StateColumns::tax`] wrote.
pub(crate) struct TaxColumns<'a> {
    code: Vec<Option<&'a str>>,
    name: Vec<Option<&'a str>>,
    percent: Vec<Option<&'a str>>,
    behavior: Vec<Option<&'a str>>,
    treatment: Vec<Option<&'a str>>,
    note: Vec<Option<&'a str>>,
    /// Empty if no row has several taxes.
    parts: Vec<Option<&'a str>>,
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
            parts: if table.has(TAX_PARTS.0) {
                table.optional_texts(TAX_PARTS.0)?
            } else {
                Vec::new()
            },
        })
    }

    pub(crate) fn terms(&self, row: usize) -> Result<Option<Arc<TaxTerms>>, NoRate> {
        let Some(code) = self.code[row] else { return Ok(None) };
        let terms = || {
            let mut terms = TaxTerms {
                code: code.into(),
                name: self.name[row]?.into(),
                percent: Decimal::from_str(self.percent[row]?).ok()?,
                behavior: TaxBehavior::parse(self.behavior[row]?)?,
                treatment: TaxTreatment::parse(self.treatment[row]?)?,
                note: self.note[row]?.into(),
                components: Box::default(),
            };
            let parts = self.written(row).ok()?.into_iter();
            terms.components = parts.map(|part| component(part, &terms)).collect();
            Some(terms)
        };
        terms().map(|terms| Some(Arc::new(terms))).ok_or(NoRate)
    }

    /// The amounts of the several taxes of a row; none for one tax.
    pub(crate) fn amounts(&self, row: usize) -> Result<TaxParts, NoRate> {
        let parts = self.written(row)?;
        Ok(TaxParts::new(parts.iter().map(|part| Amount::from_minor(part.minor)).collect()))
    }

    /// The same of a line.
    pub(crate) fn line_parts(&self, row: usize) -> Result<Option<Box<TaxParts>>, NoRate> {
        let parts = self.amounts(row)?;
        Ok(Some(parts).filter(|parts| !parts.amounts().is_empty()).map(Box::new))
    }

    /// The several taxes of a row; none for one tax.
    fn written(&self, row: usize) -> Result<Vec<WrittenPart>, NoRate> {
        match self.parts.get(row).copied().flatten() {
            Some(text) => serde_json::from_str(text).map_err(|_| NoRate),
            None => Ok(Vec::new()),
        }
    }
}

fn component(part: WrittenPart, whole: &TaxTerms) -> TaxComponent {
    let WrittenPart { code, name, percent, effective, note, .. } = part;
    let terms = TaxTerms {
        code: code.into(),
        name,
        percent,
        note,
        components: Box::default(),
        behavior: whole.behavior,
        treatment: whole.treatment,
    };
    TaxComponent { terms: Arc::new(terms), effective }
}
