//! The files of the input folder, each broken while the others are whole.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::config::{self, InputSettings, Settings};
use crate::input::{self, Loaded};
use crate::problem::Problem;

use super::harness::fuzz;
use super::seeds;
use crate::inside::workspace::{copy_folder, root};

/// How many mutations of each file are tried.
const MUTATIONS: u64 = 30;

/// Writes the sample into a folder: a company with every kind of row.
pub(crate) fn write_company(folder: &Path) {
    copy_folder(&root().join("input"), folder);
}

/// What `prorata open` alone reads, and the sample has not.
const BALANCES: &[u8] = b"account_id,currency,amount\nkumu-atlas,USD,12.00\nkumu-atlas,JPY,0\n";

fn load(folder: &Path, settings: &Settings) -> Loaded {
    input::load(
        folder,
        settings,
        crate::model::ExcludedAccounts::default(),
        crate::model::Shard::WHOLE,
    )
    .expect("all files can be read")
}

/// Tries one table; `load` reads all of them, and says what is wrong.
fn fuzz_table(file: &'static str, load: fn(&Path, &Settings) -> Vec<Problem>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_company(folder.path());
    let (settings, _) = config::load(folder.path()).expect("settings");
    let mut seeds = seeds(file);
    if file == "balances.csv" {
        seeds.push(BALANCES.to_vec());
    }
    fuzz(file, &seeds, MUTATIONS, &|bytes| {
        fs::write(folder.path().join(file), bytes).expect("a file");
        let problems = load(folder.path(), &settings);
        if problems != load(folder.path(), &settings) {
            return Err("the same file led to other problems".to_owned());
        }
        are_placed(&problems, folder.path())
    });
}

/// Whether problems name files that are there, and lines that these have.
fn are_placed(problems: &[Problem], folder: &Path) -> Result<(), String> {
    let mut lines_of: BTreeMap<&str, u64> = BTreeMap::new();
    for problem in problems {
        let lines = match lines_of.get(&*problem.file) {
            Some(lines) => *lines,
            None => *lines_of.entry(&problem.file).or_insert(lines(problem, folder)?),
        };
        if problem.line.is_some_and(|line| !(1..=lines).contains(&line)) {
            return Err(format!("{problem}: has {lines} lines"));
        }
    }
    Ok(())
}

/// The lines of the file that a problem is in.
fn lines(problem: &Problem, folder: &Path) -> Result<u64, String> {
    if !Path::new(&problem.file).starts_with(folder) {
        return Err(format!("{problem}: is no file of the input"));
    }
    let content = fs::read(&problem.file).map_err(|error| format!("{problem}: {error}"))?;
    Ok(content.split(|byte| *byte == b'\n').count() as u64)
}

fn problems(folder: &Path, settings: &Settings) -> Vec<Problem> {
    load(folder, settings).problems.kept().to_vec()
}

#[test]
fn tax_rates() {
    fuzz_table("tax_rates.csv", problems);
}

#[test]
fn accounts() {
    fuzz_table("accounts.csv", problems);
}

#[test]
fn prices() {
    fuzz_table("prices.csv", problems);
}

#[test]
fn price_tiers() {
    fuzz_table("price_tiers.csv", problems);
}

#[test]
fn subscriptions() {
    fuzz_table("subscriptions.csv", problems);
}

#[test]
fn changes() {
    fuzz_table("changes.csv", problems);
}

#[test]
fn discounts() {
    fuzz_table("discounts.csv", problems);
}

#[test]
fn adjustments() {
    fuzz_table("adjustments.csv", problems);
}

#[test]
fn payments() {
    fuzz_table("payments.csv", problems);
}

/// Semicolons, decimal commas, windows-1252, Latin-1 and UTF-16, and names of columns and words.
#[test]
fn tables_in_other_dialects() {
    let export = crate::inside::workspace::data("dialects").join("export");
    let folder = tempfile::tempdir().expect("a temporary folder");
    for file in ["accounts.csv", "prices.csv", "changes.csv", "payments.csv", "tax_rates.csv"] {
        copy_folder(&export, folder.path());
        let (settings, _) = config::load(folder.path()).expect("settings");
        let seed = fs::read(export.join(file)).expect("a table");
        fuzz("dialects", &[seed], MUTATIONS, &|bytes| {
            fs::write(folder.path().join(file), bytes).expect("a file");
            let problems = problems(folder.path(), &settings);
            if problems != load(folder.path(), &settings).problems.kept() {
                return Err("the same file led to other problems".to_owned());
            }
            are_placed(&problems, folder.path())
        });
    }
}

#[test]
fn balances() {
    fuzz_table("balances.csv", |folder, settings| {
        let book = load(folder, settings).book;
        input::load_balances(folder, &InputSettings::default(), &book)
            .expect("it can be read")
            .problems
            .kept()
            .to_vec()
    });
}

#[test]
fn billing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let seeds = seeds("billing.toml");
    fuzz("billing.toml", &seeds, MUTATIONS, &|bytes| {
        fs::write(folder.path().join("billing.toml"), bytes).expect("a file");
        let told = || {
            let loaded = config::load(folder.path()).map(|_| ());
            loaded.map_err(|error| (error.to_string(), error.hint().to_owned()))
        };
        let first = told();
        if first != told() {
            return Err("the same file led to other words".to_owned());
        }
        match first {
            Err((words, hint)) if hint.is_empty() => Err(format!("no hint: {words}")),
            _ => Ok(()),
        }
    });
}
