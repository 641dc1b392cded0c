//! Several taxes on a line: GST and QST, CGST and SGST, state and county.
//!
//! Rows of `tax_rates.csv` with a component are one rate for each time in which the same rows are
//! valid. So everything but the rounding of taxes sees one rate a line.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy::MidpointAwayFromZero;

use super::Translated;
use super::tax::{TaxComponent, TaxRate, TaxTable, TaxTerms, TaxTreatment};

/// The code of a component in tables and settings.
pub(crate) fn component_code(code: &str, component: &str) -> Arc<str> {
    format!("{code}/{component}").into()
}

impl TaxTable {
    /// From the rows in the order of the file.
    pub(crate) fn new(rows: Vec<TaxRate>) -> Self {
        let (rates, components) = stacked(rows);
        Self::of_rates(rates, components)
    }
}

/// Divides the rows of `tax_rates.csv` into rates and components. Components of a code and place
/// that are valid together are one rate.
fn stacked(rows: Vec<TaxRate>) -> (Vec<TaxRate>, Vec<TaxRate>) {
    let (parts, mut rates): (Vec<TaxRate>, Vec<TaxRate>) =
        rows.into_iter().partition(|row| row.component.is_some());
    let mut by_place: BTreeMap<_, Vec<&TaxRate>> = BTreeMap::new();
    for part in &parts {
        let place = (part.country.to_lowercase(), part.region.to_lowercase());
        by_place.entry((&part.terms.code, place)).or_default().push(part);
    }
    for mut parts in by_place.into_values() {
        // The order of rows makes no difference.
        parts.sort_by_key(|part| part.component.as_ref().map(|it| (it.is_compound, it.id.clone())));
        rates.extend(over_time(&parts));
    }
    let named = parts.into_iter().map(|part| TaxRate { terms: own_terms(&part), ..part });
    let named = named.collect();
    (rates, named)
}

/// The rate of each time in which the same components are valid.
fn over_time(parts: &[&TaxRate]) -> Vec<TaxRate> {
    let ends = parts.iter().filter_map(|part| Some(Some(part.valid_to?.succ_opt()?)));
    let begins: BTreeSet<Option<NaiveDate>> =
        parts.iter().map(|part| part.valid_from).chain(ends).collect();
    let begins: Vec<Option<NaiveDate>> = begins.into_iter().collect();
    let times = begins.iter().enumerate().map(|(place, begin)| {
        let next = begins.get(place + 1).copied().flatten();
        (*begin, next.and_then(|next| next.pred_opt()))
    });
    let rates = times.filter_map(|(from, to)| {
        let is_valid = |part: &&&TaxRate| {
            part.valid_from <= from
                && part.valid_to.is_none_or(|end| from.is_none_or(|it| it <= end))
        };
        let valid: Vec<&TaxRate> = parts.iter().filter(is_valid).copied().collect();
        let first = *valid.first()?;
        Some(TaxRate {
            terms: Arc::new(whole(&valid)),
            valid_from: from,
            valid_to: to,
            category: None,
            exemption_code: "".into(),
            notes: Translated::default(),
            ..first.clone()
        })
    });
    rates.collect()
}

/// The terms of some components together.
fn whole(parts: &[&TaxRate]) -> TaxTerms {
    let is_plain = |part: &&&TaxRate| part.component.as_ref().is_none_or(|it| !it.is_compound);
    let plain: Decimal = parts.iter().filter(is_plain).map(|part| part.terms.percent).sum();
    let components = parts.iter().map(|part| {
        let percent = part.terms.percent;
        // Percentages have few decimals, so the product is exact.
        let on_taxes = percent * plain / Decimal::ONE_HUNDRED;
        let is_compound = part.component.as_ref().is_some_and(|it| it.is_compound);
        let effective = if is_compound { percent + on_taxes } else { percent };
        TaxComponent { terms: own_terms(part), effective: effective.normalize() }
    });
    let components: Box<[TaxComponent]> = components.collect();
    // Tables have four decimals of a rate. Only the components are computed with.
    let percent: Decimal = components.iter().map(|part| part.effective).sum();
    let percent = percent.round_dp_with_strategy(4, MidpointAwayFromZero);
    let names: Vec<&str> = components.iter().map(|part| &*part.terms.name).collect();
    let terms = &parts[0].terms;
    TaxTerms {
        code: Arc::clone(&terms.code),
        name: names.join(" + ").into(),
        percent: percent.normalize(),
        behavior: terms.behavior,
        treatment: TaxTreatment::Taxable,
        note: "".into(),
        components,
    }
}

/// The terms of a component under its own code.
fn own_terms(part: &TaxRate) -> Arc<TaxTerms> {
    let id = part.component.as_ref().map_or("", |it| &it.id);
    let code = component_code(&part.terms.code, id);
    Arc::new(TaxTerms { code, ..(*part.terms).clone() })
}
