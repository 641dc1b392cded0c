//! Checks the form of the accounts' tax numbers. If reverse charge depends on a number, a wrong
//! form is a problem, because nobody would pay the tax. Otherwise the number is only printed, and a
//! warning is enough.

use std::collections::BTreeSet;
use std::path::Path;

use super::tax_number::{TaxNumberFlaw, flaw};
use crate::config::Settings;
use crate::model::{Account, BillingInput, TaxTreatment, TaxesHere};
use crate::problem::Problem;
use crate::table::{Diagnostics, Warning, display_name};

/// Checks the numbers of all accounts.
pub(crate) fn check(
    book: &BillingInput,
    settings: &Settings,
    input: &Path,
    findings: &mut Diagnostics,
) {
    let mut unusual = Vec::new();
    let mut problems = Vec::new();
    let states = book.accounts.iter().enumerate();
    let states = states.flat_map(|(place, it)| it.states().map(move |state| (place, state)));
    for (place, account) in states {
        let Some(number) = &account.tax_id else { continue };
        let Some(flaw) = flaw(number, account.address.country()) else { continue };
        match reverse_charge(book, settings, (place, account)) {
            Some(code) => {
                problems.push(problem(input, account, number, flaw, &code));
            }
            None if !flaw.is_mild => unusual.push((account.line, &**number, flaw)),
            None => {}
        }
    }
    // Several states of an account may have one number.
    problems.dedup();
    unusual.dedup_by_key(|(line, number, _)| (*line, *number));
    findings.problems.extend(problems);
    findings.warnings.extend(warning(&display_name(input, "accounts.csv"), &unusual));
}

fn problem(
    input: &Path,
    account: &Account,
    number: &str,
    flaw: TaxNumberFlaw,
    code: &str,
) -> Problem {
    let (file, line, column) = account.place_of("tax_id", number);
    Problem {
        file: display_name(input, file),
        line: Some(line),
        column: Some(column),
        value: Some(number.to_owned()),
        rule: format!("{}, and reverse charge (tax code {code}) rests on it", flaw.rule),
        hint: flaw.hint,
    }
}

/// One warning per file, with the first of the numbers.
fn warning(file: &str, unusual: &[(u64, &str, TaxNumberFlaw)]) -> Option<Warning> {
    const SHOWN: usize = 3;
    let shown = unusual.iter().take(SHOWN);
    let mut list: Vec<String> = shown
        .map(|(line, number, flaw)| format!("line {line}, tax_id {number:?} {}", flaw.rule))
        .collect();
    if unusual.len() > SHOWN {
        list.push(format!("and {} more", unusual.len() - SHOWN));
    }
    (!list.is_empty()).then(|| Warning(format!("{file}: {}", list.join("; "))))
}

/// A code that may bill an account without tax because of its number, if there is one. The rules of
/// docs/files.md apply, whatever the date.
fn reverse_charge(
    book: &BillingInput,
    settings: &Settings,
    (place, account): (usize, &Account),
) -> Option<String> {
    let facts = account.tax_facts();
    let here = book.taxes.rates_at(&facts);
    let is_reverse =
        |code: &&str| here.terms(code).any(|terms| terms.treatment == TaxTreatment::ReverseCharge);
    if let Some(own) = facts.code.as_deref()
        && overrides(&here, own)
    {
        return Some(own).filter(is_reverse).map(ToOwned::to_owned);
    }
    let mut codes = codes_of_lines(book, place);
    codes.extend(facts.code.as_deref().or(settings.tax.default_code.as_deref()));
    codes.into_iter().find(is_reverse).map(ToOwned::to_owned)
}

/// Whether an account's code takes precedence over codes of prices on every day of its validity.
fn overrides(here: &TaxesHere<'_>, code: &str) -> bool {
    let mut treatments = here.terms(code).map(|terms| terms.treatment).peekable();
    treatments.peek().is_some() && treatments.all(|it| it != TaxTreatment::Taxable)
}

/// The tax codes of an account's billed items.
fn codes_of_lines(book: &BillingInput, place: usize) -> BTreeSet<&str> {
    let mut codes: BTreeSet<&str> = BTreeSet::new();
    for subscription in book.subscriptions_of[place].clone() {
        let opening = book.subscriptions[subscription].price;
        let changes = &book.changes[book.changes_of[subscription].clone()];
        let later = changes.iter().filter_map(|change| change.kind.price());
        let prices = std::iter::once(opening).chain(later);
        codes.extend(prices.filter_map(|price| book.prices[price].tax_code.as_deref()));
    }
    codes.extend(book.adjustments_for(place).iter().filter_map(|it| it.tax_code.as_deref()));
    codes
}
