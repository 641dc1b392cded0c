//! `prorata verify`: checks that all published files are unchanged and add up.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::derive::derive_again;
use super::verify_payments::{check_payments, payments_of};
use crate::commands::Verified;
use crate::console::Stage;
use crate::pipeline::{Folders, RESTORE, RunError, SUMMARY, check_close, each_row};
use crate::publish::{PROBLEMS, difference, expected, sums_of_close};
use crate::register::{
    Close, LATEST, MANIFEST, Register, RegisterError, State, TotalsByCurrency, credit_by_currency,
};
use crate::value::{Amount, Currency};

/// Verifies a register. With `deep`, also derives every close again from the input.
///
/// # Errors
/// [`RunError::Findings`] names every wrong file of every close.
pub(crate) fn verify(places: &Folders, deep: bool) -> Result<Verified, RunError> {
    let register = Register::open(&places.output)?;
    let Some(newest) = register.newest() else {
        return Err(RunError::NotFound {
            what: format!("closes in {}", places.output.display()),
            hint: "--output names the folder that holds the closes",
        });
    };
    let mut findings = strangers(&places.output, &register);
    let mut verified = Verified { closes: register.closes.len(), ..Verified::default() };
    match points_at(&places.output, &register) {
        Latest::Newest => {}
        Latest::OneBefore => verified.notes.push(format!(
            "{} does not point at the newest close yet, {}: the run that published it was stopped \
             before that; the next run sees to it",
            places.output.join(LATEST).display(),
            newest.manifest.close
        )),
        Latest::Elsewhere => findings.push(format!(
            "{}: does not point at the newest close, {}",
            places.output.join(LATEST).display(),
            newest.manifest.close
        )),
    }
    let stage = Stage::of("verify", "closes", register.closes.len());
    for close in &register.closes {
        let (files, found) = check_close(close);
        stage.step();
        verified.files += files;
        findings.extend(found);
    }
    stage.end(verified.files, "file", "compared");
    // Sums of altered files would only repeat the findings.
    if findings.is_empty() {
        findings.extend(check_numbers(&register)?);
        findings.extend(check_sums(&register)?);
        findings.extend(check_summary(&register));
        findings.extend(check_credit(&register)?);
        findings.extend(check_payments(&register)?);
    }
    if !findings.is_empty() {
        return Err(RunError::Findings(findings, RESTORE));
    }
    if deep {
        let differences = derive_again(places, &register, &mut verified)?;
        if !differences.is_empty() {
            return Err(RunError::Findings(differences, LOOK_AT_THE_INPUTS));
        }
    }
    Ok(verified)
}

/// The target of the link to the newest close.
enum Latest {
    Newest,
    /// The link still names the close before. A close is renamed first and linked second, so a
    /// running or killed run shows this.
    OneBefore,
    Elsewhere,
}

fn points_at(output: &Path, register: &Register) -> Latest {
    let target = std::fs::read_link(output.join(LATEST)).ok();
    let target = target.as_deref().map(Path::as_os_str);
    let mut newest_first = register.closes.iter().rev().map(|close| close.path.file_name());
    let (newest, before) = (newest_first.next().flatten(), newest_first.next().flatten());
    match target {
        it if it == newest => Latest::Newest,
        it if it == before => Latest::OneBefore,
        _ => Latest::Elsewhere,
    }
}

const LOOK_AT_THE_INPUTS: &str = "what was published is as it was; look for what has been changed in the inputs since, or, if \
     somebody forged the close with all its digests, at the close";

/// Files in the output folder that do not belong to the register.
fn strangers(output: &Path, register: &Register) -> Vec<String> {
    let known = |name: &std::ffi::OsStr| {
        let hidden = name.to_string_lossy().starts_with('.');
        let is_close = register.closes.iter().any(|close| close.path.file_name() == Some(name));
        hidden || name == LATEST || name == PROBLEMS || is_close
    };
    let entries = std::fs::read_dir(output).into_iter().flatten().flatten();
    let mut strangers: Vec<String> = entries
        .filter(|entry| !known(&entry.file_name()))
        .map(|entry| format!("{}: is not part of the register", entry.path().display()))
        .collect();
    strangers.sort();
    strangers
}

/// Checks that every series continues across closes without gaps or repeated numbers.
fn check_numbers(register: &Register) -> Result<Vec<String>, RunError> {
    let mut findings = Vec::new();
    let mut next: BTreeMap<String, u64> = BTreeMap::new();
    for close in &register.closes {
        let mut numbers = Vec::new();
        each_row(&close.path, "invoices.csv", |row| {
            numbers.push(row.get("invoice_number").to_owned());
        })?;
        let table = close.path.join("invoices.csv");
        let ranges = &close.manifest.numbers;
        let mut unclaimed: BTreeSet<&String> = numbers.iter().collect();
        if unclaimed.len() < numbers.len() {
            findings.push(format!("{}: gives a number twice", table.display()));
        }
        for (series, range) in ranges {
            let first = range.next.saturating_sub(range.count);
            if next.insert(series.clone(), range.next).is_some_and(|expected| expected != first) {
                findings.push(format!("{}: series {series} has a gap", table.display()));
            }
            let counted = |number: &str| counter(series, number);
            let mut counters: Vec<u64> = numbers.iter().filter_map(|it| counted(it)).collect();
            unclaimed.retain(|number| counted(number).is_none());
            counters.sort_unstable();
            if !counters.iter().copied().eq(first..range.next) {
                findings.push(format!("{}: series {series} has a gap", table.display()));
            }
        }
        for number in unclaimed {
            findings.push(format!("{}: {number} belongs to no series", table.display()));
        }
    }
    Ok(findings)
}

/// The counter in a number. The series has `#` in place of the counter.
fn counter(series: &str, number: &str) -> Option<u64> {
    let (before, after) = series.split_once('#')?;
    number.strip_prefix(before)?.strip_suffix(after)?.parse().ok()
}

/// Checks that the tables add up to the manifest.
fn check_sums(register: &Register) -> Result<Vec<String>, RunError> {
    let mut findings = Vec::new();
    for close in &register.closes {
        let unread = |path, source| RunError::from(RegisterError::unread(path, source));
        let found = sums_of_close(&close.path, unread)?;
        for (code, totals) in &close.manifest.totals {
            let currency = Currency::from_code(code);
            let opening = close.manifest.options.opening;
            let expected = currency.and_then(|it| expected(totals, it, opening).zip(Some(it)));
            let Some((expected, currency)) = expected else {
                let manifest = close.path.join(MANIFEST);
                findings.push(format!("{}: the sums in {code} are no amounts", manifest.display()));
                continue;
            };
            if let Some((table, what, sum, expected)) =
                difference(&expected, &found.sums(currency)?)
            {
                findings.push(format!(
                    "{}: {what} in {code} is {}, and by the manifest {}",
                    close.path.join(table).display(),
                    sum.to_decimal_string(currency),
                    expected.to_decimal_string(currency)
                ));
            }
        }
    }
    Ok(findings)
}

/// Checks that the summary agrees with the manifest.
fn check_summary(register: &Register) -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct Summary {
        totals: BTreeMap<String, TotalsByCurrency>,
    }
    let differs = |close: &&Close| {
        let summary = std::fs::read(close.path.join(SUMMARY)).unwrap_or_default();
        let summary: Option<Summary> = serde_json::from_slice(&summary).ok();
        summary.is_none_or(|summary| summary.totals != close.manifest.totals)
    };
    let differing = register.closes.iter().filter(differs);
    differing
        .map(|close| {
            let path = close.path.join(SUMMARY);
            format!("{}: says something else than the manifest", path.display())
        })
        .collect()
}

/// Checks that credit carries over from close to close, and that the last state agrees.
fn check_credit(register: &Register) -> Result<Vec<String>, RunError> {
    let mut findings = Vec::new();
    let mut carried: BTreeMap<String, String> = BTreeMap::new();
    for close in &register.closes {
        let manifest = close.path.join(MANIFEST);
        let brings = close.manifest.options.opening;
        for (code, totals) in &close.manifest.totals {
            let before = carried.get(code).filter(|_| !brings).unwrap_or(&totals.opening_credit);
            if *before != totals.opening_credit {
                findings.push(format!(
                    "{}: credit in {code} opens at {}, not at {before}",
                    manifest.display(),
                    totals.opening_credit
                ));
            }
            if !reconciles(code, totals) {
                findings
                    .push(format!("{}: credit in {code} does not reconcile", manifest.display()));
            }
            carried.insert(code.clone(), totals.closing_credit.clone());
        }
        let credit = State::read_credit(&close.path)?;
        let state = credit_by_currency(&credit).unwrap_or_else(|currency| {
            let manifest = manifest.display();
            findings.push(format!("{manifest}: credit in {currency} does not fit 64 bits"));
            BTreeMap::new()
        });
        for (currency, amount) in state {
            let text = amount.to_decimal_string(currency);
            if carried.get(currency.code()) != Some(&text) {
                findings.push(format!(
                    "{}: the state holds {text} {currency} of credit, the manifest something else",
                    manifest.display()
                ));
            }
        }
    }
    Ok(findings)
}

fn reconciles(code: &str, totals: &TotalsByCurrency) -> bool {
    let Some((currency, payments, _)) = payments_of(code, totals) else { return false };
    let amount = |text: &str| Amount::parse(text, currency).ok();
    let closing = || {
        let (opening, granted) = (amount(&totals.opening_credit)?, amount(&totals.credit_granted)?);
        payments.expected_credit(opening, granted, amount(&totals.credit_applied)?)
    };
    closing().is_some_and(|closing| amount(&totals.closing_credit) == Some(closing))
}
