//! `tax_rates.csv`: the meaning of each tax code, by place and time.
//!
//! A place never has two rates of one code on the same day. A day without a rate is reported when
//! something is billed on it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::tax_components;
use super::translated;
use crate::einvoice::CodeList;
use crate::model::{TaxBehavior, TaxCategory, TaxRate, TaxTerms, TaxTreatment};
use crate::problem::Problem;
use crate::table::{Column, Reported, Row, optional, required};

/// The known columns.
pub(crate) const COLUMNS: [Column; 23] = [
    required("code"),
    required("name"),
    required("percent"),
    optional("country"),
    optional("region"),
    optional("behavior"),
    optional("treatment"),
    optional("note"),
    optional("valid_from"),
    optional("valid_to"),
    optional("category"),
    optional("exemption_code"),
    optional("note_de"),
    optional("note_en"),
    optional("note_es"),
    optional("note_fr"),
    optional("note_it"),
    optional("note_ja"),
    optional("note_nl"),
    optional("note_pl"),
    optional("note_pt"),
    optional("component"),
    optional("compound"),
];

const BEHAVIORS: [(&str, TaxBehavior); 2] =
    [("exclusive", TaxBehavior::Exclusive), ("inclusive", TaxBehavior::Inclusive)];

const TREATMENTS: [(&str, TaxTreatment); 3] = [
    ("taxable", TaxTreatment::Taxable),
    ("exempt", TaxTreatment::Exempt),
    ("reverse_charge", TaxTreatment::ReverseCharge),
];

pub(crate) fn parse(row: &mut Row<'_>) -> Result<TaxRate, Reported> {
    let code = row.id("code");
    let name = row.required("name");
    let place = place(row);
    let percent = row.percent("percent");
    let behavior = row.word("behavior", &BEHAVIORS);
    let note = row.text("note");
    let notes = translated::parse(row, &translated::NOTES);
    let validity = validity(row);
    let exemption_code = exemption_code(row);
    let treatment = row.word("treatment", &TREATMENTS)?;
    let percent = percent.and_then(|percent| untaxed_at_zero(row, treatment, percent));
    let behavior = behavior.and_then(|behavior| untaxed_outside(row, treatment, behavior));
    let category = match &percent {
        Ok(percent) => category(row, treatment, *percent),
        Err(Reported) => Err(Reported),
    };
    let (country, region) = place?;
    let (valid_from, valid_to) = validity?;
    let terms = TaxTerms {
        code: code?,
        name: name?.into(),
        percent: percent?,
        behavior: behavior?,
        treatment,
        note: Some(note?).filter(|note| !note.is_empty()).unwrap_or(usual_note(treatment)).into(),
        components: Box::default(),
    };
    let terms = Arc::new(terms);
    let (category, exemption_code) = exemption(row, treatment, category?, exemption_code?)?;
    let component = tax_components::parse(row, &terms, category)?;
    Ok(TaxRate {
        terms,
        country,
        region,
        valid_from,
        valid_to,
        category,
        exemption_code,
        notes: notes?,
        component,
        line: row.line,
    })
}

/// The note required by law, if the row has none.
fn usual_note(treatment: TaxTreatment) -> &'static str {
    match treatment {
        TaxTreatment::Taxable => "",
        TaxTreatment::Exempt => "Exempt from tax",
        TaxTreatment::ReverseCharge => "Reverse charge",
    }
}

fn place(row: &mut Row<'_>) -> Result<(Box<str>, Box<str>), Reported> {
    let (country, region) = (row.text("country")?.trim(), row.text("region")?.trim());
    if country.is_empty() && !region.is_empty() {
        return Err(row.report(
            "region",
            region,
            "is given without its country",
            "write the country as well, as accounts.csv has it",
        ));
    }
    Ok((country.into(), region.into()))
}

fn untaxed_at_zero(
    row: &mut Row<'_>,
    treatment: TaxTreatment,
    percent: Decimal,
) -> Result<Decimal, Reported> {
    if treatment == TaxTreatment::Taxable || percent.is_zero() {
        return Ok(percent);
    }
    Err(row.report(
        "percent",
        &percent.to_string(),
        &format!("is not 0, yet the treatment is {}", treatment.as_str()),
        "write 0, or taxable as the treatment",
    ))
}

fn untaxed_outside(
    row: &mut Row<'_>,
    treatment: TaxTreatment,
    behavior: TaxBehavior,
) -> Result<TaxBehavior, Reported> {
    if treatment == TaxTreatment::Taxable || behavior == TaxBehavior::Exclusive {
        return Ok(behavior);
    }
    Err(row.report(
        "behavior",
        behavior.as_str(),
        &format!("has no use where the treatment is {}", treatment.as_str()),
        "leave it empty: there is no tax that a price could hold",
    ))
}

/// The VAT category on e-invoices. It must say the same as the treatment and the rate.
fn category(
    row: &mut Row<'_>,
    treatment: TaxTreatment,
    percent: Decimal,
) -> Result<Option<TaxCategory>, Reported> {
    let code = row.text("category")?.trim();
    if code.is_empty() {
        return Ok(None);
    }
    let Some(category) = TaxCategory::parse(code) else {
        let hint = match code {
            "K" => {
                "K is for goods that are delivered to another country of the EU; services are AE"
            }
            _ => &format!("write one of {}, or leave it empty", TaxCategory::codes()),
        };
        return Err(row.report("category", code, "is no VAT category known here (BR-CL-18)", hint));
    };
    let fits = match treatment {
        TaxTreatment::Taxable if percent.is_zero() => &[TaxCategory::Z, TaxCategory::G][..],
        TaxTreatment::Taxable => &[TaxCategory::S, TaxCategory::L, TaxCategory::M],
        TaxTreatment::Exempt => &[TaxCategory::E, TaxCategory::G, TaxCategory::O],
        TaxTreatment::ReverseCharge => &[TaxCategory::AE],
    };
    if fits.contains(&category) {
        return Ok(Some(category));
    }
    let rule = format!("contradicts the treatment {} at {} %", treatment.as_str(), percent);
    let codes: Vec<&str> = fits.iter().map(|category| category.code()).collect();
    Err(row.report("category", code, &rule, &format!("write {}", codes.join(" or "))))
}

/// The VATEX code of an exemption.
fn exemption_code(row: &mut Row<'_>) -> Result<Box<str>, Reported> {
    let code = row.text("exemption_code")?.trim();
    if code.is_empty() || CodeList::Exemptions.has(code) {
        return Ok(code.into());
    }
    Err(row.report(
        "exemption_code",
        code,
        "is no code of the VATEX list (BR-CL-22)",
        "write a code such as VATEX-EU-132, or leave it empty and write the reason as the note",
    ))
}

/// VATEX codes that belong to one category (PEPPOL-EN16931-P0104 to P0111).
const CODES_OF_CATEGORIES: [(&str, TaxCategory); 7] = [
    ("VATEX-EU-G", TaxCategory::G),
    ("VATEX-EU-O", TaxCategory::O),
    ("VATEX-EU-AE", TaxCategory::AE),
    ("VATEX-EU-D", TaxCategory::E),
    ("VATEX-EU-F", TaxCategory::E),
    ("VATEX-EU-I", TaxCategory::E),
    ("VATEX-EU-J", TaxCategory::E),
];

/// The category and the code of an exemption, if they fit each other.
fn exemption(
    row: &mut Row<'_>,
    treatment: TaxTreatment,
    category: Option<TaxCategory>,
    code: Box<str>,
) -> Result<(Option<TaxCategory>, Box<str>), Reported> {
    let effective = category.unwrap_or_else(|| treatment.usual_category(Decimal::ONE));
    let wanted = CODES_OF_CATEGORIES.iter().find(|(known, _)| **known == *code);
    let fits = wanted.is_none_or(|(_, category)| *category == effective);
    if code.is_empty() || (fits && effective.needs_reason()) {
        return Ok((category, code));
    }
    let hint = match wanted {
        Some((_, category)) => {
            format!("write {} as the category, or another code", category.code())
        }
        None => "leave it empty: nothing is exempt here".to_owned(),
    };
    let rule = format!("does not go with the VAT category {}", effective.code());
    Err(row.report("exemption_code", &code, &rule, &hint))
}

/// The first and the last day.
type Validity = (Option<NaiveDate>, Option<NaiveDate>);

fn validity(row: &mut Row<'_>) -> Result<Validity, Reported> {
    let from = row.optional("valid_from", Row::date);
    let to = row.optional("valid_to", Row::date);
    match (from?, to?) {
        (Some(from), Some(to)) if to < from => Err(row.report(
            "valid_to",
            &to.to_string(),
            &format!("is before valid_from, {from}"),
            "write the last day of the rate; it may be the first as well",
        )),
        validity => Ok(validity),
    }
}

/// Rows of one code and place that overlap, so that the rate is ambiguous. Several taxes do not.
pub(crate) fn overlaps(file: &str, rates: &[TaxRate]) -> Vec<Problem> {
    let mut by_place: BTreeMap<_, Vec<&TaxRate>> = BTreeMap::new();
    for rate in rates {
        let component = rate.component.as_ref().map(|it| &it.id);
        let place = (rate.country.to_lowercase(), rate.region.to_lowercase());
        let key = (&rate.terms.code, place, component);
        by_place.entry(key).or_default().push(rate);
    }
    by_place.into_values().flat_map(|rates| overlaps_in_place(file, rates)).collect()
}

fn overlaps_in_place(file: &str, mut rates: Vec<&TaxRate>) -> Vec<Problem> {
    // A missing first day is before every date, as `None` is; a missing last day is after every
    // date.
    let end = |rate: &TaxRate| rate.valid_to.unwrap_or(NaiveDate::MAX);
    rates.sort_by_key(|rate| (rate.valid_from, rate.line));
    let mut problems = Vec::new();
    let mut rates = rates.into_iter();
    let Some(mut latest) = rates.next() else { return problems };
    for rate in rates {
        if rate.valid_from.is_none_or(|from| from <= end(latest)) {
            problems.push(overlap(file, latest, rate));
        }
        if end(rate) > end(latest) {
            latest = rate;
        }
    }
    problems
}

/// Rows that print the same tax and have different VAT categories. An e-invoice of a line that was
/// billed before could not tell which one holds.
pub(crate) fn ambiguous_categories(file: &str, rates: &[TaxRate]) -> Vec<Problem> {
    let mut known: HashMap<&TaxTerms, &TaxRate> = HashMap::new();
    let mut problems = Vec::new();
    for rate in rates {
        let first = *known.entry(&*rate.terms).or_insert(rate);
        let category = |rate: &TaxRate| {
            let usual = rate.terms.treatment.usual_category(rate.terms.percent);
            (rate.category.unwrap_or(usual), rate.exemption_code.clone())
        };
        if category(first) != category(rate) {
            problems.push(Problem {
                file: file.to_owned(),
                line: Some(rate.line),
                column: Some("category"),
                value: Some(category(rate).0.code().to_owned()),
                rule: format!(
                    "or exemption_code differs from line {}, and both print the same tax",
                    first.line
                ),
                hint: "give them different names or notes, or the same category and code"
                    .to_owned(),
            });
        }
    }
    problems
}

/// Rows that print the same note and translate it differently. A document that was billed before could
/// not tell which translation it has.
pub(crate) fn ambiguous_translations(file: &str, rates: &[TaxRate]) -> Vec<Problem> {
    let mut known: HashMap<(&str, &str), (&str, u64)> = HashMap::new();
    let mut problems = Vec::new();
    for rate in rates {
        for (language, text) in rate.notes.iter() {
            let key = (&*rate.terms.note, language);
            let (first, line) = *known.entry(key).or_insert((text, rate.line));
            if first == text {
                continue;
            }
            let column = translated::NOTES.iter().find(|(known, _)| *known == language);
            problems.push(Problem {
                file: file.to_owned(),
                line: Some(rate.line),
                column: column.map(|(_, column)| *column),
                value: Some(text.to_owned()),
                rule: format!("translates the note of line {line} in other words"),
                hint: "write the same translation, or give the rows different notes".to_owned(),
            });
        }
    }
    problems
}

fn overlap(file: &str, one: &TaxRate, other: &TaxRate) -> Problem {
    let (first, second) = if one.line < other.line { (one, other) } else { (other, one) };
    Problem {
        file: file.to_owned(),
        line: Some(second.line),
        column: Some("code"),
        value: Some(second.terms.code.to_string()),
        rule: format!("is valid on days that line {} is for, in the same place", first.line),
        hint: "remove one, or end it in valid_to on the day before the other begins; if both are \
               charged, give each its own component"
            .to_owned(),
    }
}
