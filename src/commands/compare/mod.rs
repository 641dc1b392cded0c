//! `prorata compare`: sets a close beside the invoices that the old system issued for the same time.

mod classify;
mod difference;
mod sides;
mod words;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::export::{find, table};
use super::list::ListFormat;
use crate::import::{System, old_invoices};
use crate::pipeline::{RunError, SUMMARY, damaged};
use crate::problem::Problem;
use crate::register::Register;
use crate::value::{Instant, Moment, Zone};
use classify::differences;
use words::Comparison;

/// What is compared.
#[derive(Clone, Debug)]
pub(crate) enum Billed {
    /// A published close, by name.
    Close(String),
    /// The folder that `prorata preview --to` wrote.
    Preview(PathBuf),
}

/// The options of `prorata compare`.
#[derive(Clone, Debug)]
pub(crate) struct CompareArgs {
    pub(crate) billed: Billed,
    /// The folder of the closes.
    pub(crate) output: PathBuf,
    /// A CSV file of old invoices, or with `system` a folder of exports.
    pub(crate) with: PathBuf,
    pub(crate) system: Option<System>,
    /// Unknown columns to leave out.
    pub(crate) ignored: Vec<String>,
    pub(crate) format: ListFormat,
}

/// Compares. Returns the text, and whether anything differs.
///
/// # Errors
/// The close or the old invoices cannot be read.
pub(crate) fn compare(args: &CompareArgs) -> Result<(String, bool), RunError> {
    let (folder, window, what) = place(args)?;
    let mut old =
        old_invoices(&args.with, args.system, &args.ignored).map_err(RunError::of_input)?;
    let all = old.len();
    old.retain(|invoice| invoice.issued.is_none_or(|at| window.contains(at)));
    let outside = all - old.len();
    let here = sides::here(&folder)?;
    let there = sides::there(old).ok_or_else(|| too_large(&args.with))?;
    let accounts: BTreeSet<String> =
        here.keys().chain(there.keys()).map(|(account, _)| account.clone()).collect();
    let comparison = Comparison {
        what,
        accounts: accounts.len(),
        outside,
        differences: differences(here, there),
    };
    Ok((comparison.text(args.format), !comparison.differences.is_empty()))
}

/// The time that a close bills: after the close before, up to its own instant.
struct Window {
    after: Option<Instant>,
    through: Instant,
}

impl Window {
    fn contains(&self, at: Instant) -> bool {
        self.after.is_none_or(|after| at > after) && at <= self.through
    }
}

/// The folder of the tables, its time, and its name.
fn place(args: &CompareArgs) -> Result<(PathBuf, Window, String), RunError> {
    let register = Register::open(&args.output)?;
    match &args.billed {
        Billed::Preview(folder) => {
            let through = previewed(folder)?;
            let earlier = register.closes.iter().map(|close| close.as_of);
            let after = earlier.filter(|as_of| *as_of < through).max();
            let what = format!("the preview in {}", folder.display());
            Ok((folder.clone(), Window { after, through }, what))
        }
        Billed::Close(name) => {
            let place = find(&register, name)?;
            let close = &register.closes[place];
            for name in [sides::INVOICES, sides::LINES] {
                // Read for its digest.
                table(close, name)?;
            }
            let after = place.checked_sub(1).map(|before| register.closes[before].as_of);
            let window = Window { after, through: close.as_of };
            Ok((close.path.clone(), window, format!("close {}", close.manifest.close)))
        }
    }
}

/// The instant of a preview.
fn previewed(folder: &Path) -> Result<Instant, RunError> {
    let path = folder.join(SUMMARY);
    let bytes = std::fs::read(&path).map_err(|_| RunError::NotFound {
        what: format!("preview in {}", folder.display()),
        hint: "--preview names the folder that prorata preview --to wrote",
    })?;
    let summary: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|error| damaged(&path, &error.to_string()))?;
    let as_of = summary["as_of"].as_str().and_then(|text| Moment::parse(text).ok());
    as_of.map(|as_of| as_of.at(Zone::UTC)).ok_or_else(|| damaged(&path, "has no as_of"))
}

fn too_large(with: &Path) -> RunError {
    RunError::of_input(vec![Problem {
        file: with.display().to_string(),
        line: None,
        column: None,
        value: None,
        rule: "has amounts whose sum does not fit".to_owned(),
        hint: "check the amounts, and their unit".to_owned(),
    }])
}
