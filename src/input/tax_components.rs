//! Rows of `tax_rates.csv` that are several taxes on a line: `component` tells them apart.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{ComponentMark, TaxCategory, TaxRate, TaxTerms, TaxTreatment, component_code};
use crate::problem::Problem;
use crate::table::{Reported, Row, Warning};

/// The most rows with components of a code and place. All are compared with each other.
const MOST_ROWS: usize = 1000;

/// The component of a row; `None` for a tax that is alone on its lines.
pub(super) fn parse(
    row: &mut Row<'_>,
    terms: &TaxTerms,
    category: Option<TaxCategory>,
) -> Result<Option<ComponentMark>, Reported> {
    let is_compound = row.truth("compound", false)?;
    let Some(id) = row.optional("component", Row::id)? else {
        if is_compound {
            return Err(row.report(
                "compound",
                "true",
                "is for one of several taxes, and the row names no component",
                "name this tax and those that it is computed on in component, or leave it empty",
            ));
        }
        return Ok(None);
    };
    if terms.treatment != TaxTreatment::Taxable {
        return Err(row.report(
            "component",
            &id,
            &format!("is one of several taxes, and the treatment is {}", terms.treatment.as_str()),
            "leave it empty: an exemption is a row without components, under a code of its own",
        ));
    }
    if let Some(category) = category {
        return Err(row.report(
            "category",
            category.code(),
            "is for one VAT rate a line, and the row is one of several taxes",
            "leave it empty: EN 16931 has one tax a line",
        ));
    }
    Ok(Some(ComponentMark { id: (*id).into(), is_compound }))
}

/// Takes out the rows of codes that have too many, and reports rows that cannot be taxes on the same
/// lines.
pub(super) fn check(file: &str, rates: &mut Vec<TaxRate>) -> Vec<Problem> {
    if rates.iter().all(|rate| rate.component.is_none()) {
        return Vec::new();
    }
    let too_many = too_many(file, rates);
    rates.retain(|rate| too_many.iter().all(|(code, _)| *code != rate.terms.code));
    let mut problems: Vec<Problem> = too_many.into_iter().map(|(_, problem)| problem).collect();
    problems.extend(contradictions(file, rates));
    problems
}

/// The codes with too many rows.
fn too_many(file: &str, rates: &[TaxRate]) -> Vec<(Arc<str>, Problem)> {
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    let mut beyond = Vec::new();
    for rate in rates.iter().filter(|rate| rate.component.is_some()) {
        let place = (rate.country.to_lowercase(), rate.region.to_lowercase());
        let count = counts.entry((&rate.terms.code, place)).or_default();
        *count += 1;
        if *count == MOST_ROWS + 1 {
            let problem = Problem {
                file: file.to_owned(),
                line: Some(rate.line),
                column: Some("component"),
                value: rate.component.as_ref().map(|it| it.id.to_string()),
                rule: format!("is of more than {MOST_ROWS} rows of one code and place"),
                hint: "give the taxes of other places other countries, regions or codes".to_owned(),
            };
            beyond.push((Arc::clone(&rate.terms.code), problem));
        }
    }
    beyond
}

fn contradictions(file: &str, rates: &[TaxRate]) -> Vec<Problem> {
    let mut by_place: BTreeMap<_, Vec<&TaxRate>> = BTreeMap::new();
    for rate in rates {
        let place = (rate.country.to_lowercase(), rate.region.to_lowercase());
        by_place.entry((&rate.terms.code, place)).or_default().push(rate);
    }
    let mut problems: Vec<Problem> = by_place
        .into_values()
        .flat_map(|rows| {
            let pairs = rows.iter().enumerate().flat_map(|(place, one)| {
                rows[place + 1..].iter().filter_map(|other| contradiction(file, one, other))
            });
            pairs.collect::<Vec<_>>()
        })
        .collect();
    problems.extend(taken_codes(file, rates));
    problems
}

/// A warning about taxes that a country has and a region of it lacks: the rows of the region stand
/// alone, and somebody may think that they are added to those of the country.
pub(super) fn left_out(file: &str, rates: &[TaxRate]) -> Option<Warning> {
    let mut by_place: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
    for rate in rates {
        let Some(mark) = &rate.component else { continue };
        let place = (rate.country.to_lowercase(), rate.region.to_lowercase());
        by_place.entry((&rate.terms.code, place)).or_default().insert(&mark.id);
    }
    let lacking = by_place.iter().find_map(|((code, (country, region)), own)| {
        let wider = [(country.clone(), String::new()), (String::new(), String::new())];
        let mut wider = wider.into_iter().filter(|it| *it != (country.clone(), region.clone()));
        let all = wider.find_map(|place| by_place.get(&(*code, place)))?;
        let id = all.iter().find(|id| !own.contains(*id))?;
        let is_it = |rate: &&TaxRate| {
            rate.terms.code == **code
                && rate.country.to_lowercase() == *country
                && rate.region.to_lowercase() == *region
        };
        Some((rates.iter().find(is_it)?.line, *code, *id))
    });
    let (line, code, id) = lacking?;
    Some(Warning(format!(
        "{file}: the rows of tax code {code:?} for the place of line {line} stand alone, and {id:?}, which \
         a wider place has, is not among them; add a row for it if it is charged there"
    )))
}

/// What keeps two rows of a code and place, in the order of the file, from being taxes on the same
/// lines, if they share a day.
fn contradiction(file: &str, first: &TaxRate, second: &TaxRate) -> Option<Problem> {
    let begins_within = |rate: &TaxRate, of: &TaxRate| {
        of.valid_to.is_none_or(|end| rate.valid_from.is_none_or(|from| from <= end))
    };
    if !begins_within(first, second) || !begins_within(second, first) {
        return None;
    }
    let problem = |column, value: &str, rule: String, hint: &str| Problem {
        file: file.to_owned(),
        line: Some(second.line),
        column: Some(column),
        value: Some(value.to_owned()),
        rule,
        hint: hint.to_owned(),
    };
    let id = |rate: &TaxRate| rate.component.as_ref().map(|it| it.id.to_string());
    match (id(first), id(second)) {
        (Some(_), Some(_)) if first.terms.behavior != second.terms.behavior => Some(problem(
            "behavior",
            second.terms.behavior.as_str(),
            format!("is not that of line {}, and both are taxes on the same lines", first.line),
            "write the same: a price has all of its taxes in it, or none",
        )),
        (Some(id), Some(other)) if id != other && first.terms.name == second.terms.name => {
            Some(problem(
                "name",
                &second.terms.name,
                format!("is that of line {}, and documents show both", first.line),
                "give each tax a name of its own, as the law calls it",
            ))
        }
        (None, Some(_)) | (Some(_), None) => Some(problem(
            "component",
            &id(second).unwrap_or_default(),
            format!("differs from line {}: only one of the two names a component", first.line),
            "name the component in all rows of the code and place, or in none",
        )),
        _ => None,
    }
}

/// Codes that are those of components, too.
fn taken_codes(file: &str, rates: &[TaxRate]) -> Vec<Problem> {
    let of_component = |rate: &TaxRate| {
        let mark = rate.component.as_ref()?;
        Some(component_code(&rate.terms.code, &mark.id))
    };
    let codes: BTreeSet<_> = rates.iter().filter_map(of_component).collect();
    let taken = rates.iter().filter(|rate| codes.contains(&rate.terms.code));
    let problem = |rate: &TaxRate| Problem {
        file: file.to_owned(),
        line: Some(rate.line),
        column: Some("code"),
        value: Some(rate.terms.code.to_string()),
        rule: "is the code of a component, too: tables join code and component with /".to_owned(),
        hint: "give one of them another name".to_owned(),
    };
    taken.map(problem).collect()
}
