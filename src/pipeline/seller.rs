//! Checks the seller: a placeholder name, and missing details that invoices with tax need.

use std::path::Path;

use rayon::prelude::*;

use crate::config::{FILE_NAME, SellerGap, SellerLines, Settings};
use crate::invoice::AccountBill;
use crate::model::{BillingInput, TaxTerms, TaxTreatment};
use crate::problem::Problem;
use crate::table::display_name;

/// Refuses the placeholder name that `prorata init` writes.
pub(crate) fn nameless(settings: &Settings, lines: SellerLines, input: &Path) -> Option<Problem> {
    let seller = &settings.seller;
    seller.is_nobody().then(|| Problem {
        file: display_name(input, FILE_NAME),
        line: lines.name,
        column: Some("seller.name"),
        value: Some(seller.name.clone()),
        rule: "is what prorata init writes, and the name of nobody".to_owned(),
        hint: "write the legal name of who sends the invoices".to_owned(),
    })
}

/// Finds details that the law requires from the seller when an invoice charges or reverses tax.
pub(crate) fn unlawful(
    settings: &Settings,
    lines: SellerLines,
    input: &Path,
    bills: &[AccountBill],
) -> Vec<Problem> {
    let gaps = settings.seller.gaps();
    if gaps.is_empty() {
        return Vec::new();
    }
    let Some(charged) = charged(bills) else { return Vec::new() };
    gaps.iter().map(|gap| gap_problem(*gap, &charged, settings, lines, input)).collect()
}

/// Describes the tax of the first taxed line: "VAT of 19 % is charged".
fn charged(bills: &[AccountBill]) -> Option<String> {
    let terms = bills.par_iter().find_map_first(|bill| {
        let lines = bill.drafts.iter().flat_map(|draft| &draft.lines);
        lines.filter_map(|line| line.tax.as_deref()).find(|terms| is_charged(terms))
    })?;
    Some(match terms.treatment {
        TaxTreatment::ReverseCharge => format!("{} is shifted to the buyer", terms.name),
        _ => format!("{} of {} % is charged", terms.name, terms.percent.normalize()),
    })
}

/// Whether tax has to be paid. Otherwise no law requires a number.
fn is_charged(terms: &TaxTerms) -> bool {
    match terms.treatment {
        TaxTreatment::Taxable => !terms.percent.is_zero(),
        TaxTreatment::ReverseCharge => true,
        TaxTreatment::Exempt => false,
    }
}

fn gap_problem(
    gap: SellerGap,
    charged: &str,
    settings: &Settings,
    lines: SellerLines,
    input: &Path,
) -> Problem {
    let (column, rule, hint) = match gap {
        SellerGap::Address => (
            "seller.address_line1",
            format!("is empty, and {charged}: an invoice with tax has the seller's address"),
            "write address_line1, postal_code, city and country under [seller]".to_owned(),
        ),
        SellerGap::Number(law) => (
            "seller.tax_id",
            format!("is empty, and {charged}: {} asks for it", law.citation),
            format!("write tax_id under [seller]: the {} of {}", law.number, settings.seller.name),
        ),
        SellerGap::Country => (
            "seller.country",
            format!("is empty, and {charged}: whether the law asks for a tax number is unknown"),
            "write country under [seller], and tax_id if you have one".to_owned(),
        ),
    };
    Problem {
        file: display_name(input, FILE_NAME),
        line: lines.table,
        column: Some(column),
        value: None,
        rule,
        hint,
    }
}

/// A warning about an unknown country, where its law would decide about a number.
pub(crate) fn doubt(settings: &Settings, book: &BillingInput) -> Option<String> {
    let taxes = || book.taxes.rates().iter().any(|rate| is_charged(&rate.terms));
    let country = settings.seller.unknown_country().filter(|_| taxes())?;
    Some(format!(
        "seller.country {country:?} is no country that we know, so nobody looked whether its law asks \
         for seller.tax_id; write it in English or as its ISO code"
    ))
}
