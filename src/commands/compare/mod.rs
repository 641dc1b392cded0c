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
use crate::pipeline::RunError;
use crate::problem::Problem;
use crate::register::Register;
use crate::value::Instant;
use classify::differences;
use words::Comparison;

/// What is compared.
#[derive(Clone, Debug)]
pub(crate) enum Billed {
    /// A published close, by name, in the folder of closes.
    Close { output: PathBuf, name: String },
    /// The folder that `prorata preview --to` wrote.
    Preview(PathBuf),
}

/// The options of `prorata compare`.
#[derive(Clone, Debug)]
pub(crate) struct CompareArgs {
    pub(crate) billed: Billed,
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
    let (folder, window, what) = place(&args.billed)?;
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
    through: Option<Instant>,
}

impl Window {
    fn contains(&self, at: Instant) -> bool {
        self.after.is_none_or(|after| at > after)
            && self.through.is_none_or(|through| at <= through)
    }
}

/// The folder of the tables, its time, and its name. The folder of a preview does not say its time.
fn place(billed: &Billed) -> Result<(PathBuf, Window, String), RunError> {
    let (output, name) = match billed {
        Billed::Preview(folder) => {
            let what = format!("the preview in {}", folder.display());
            return Ok((folder.clone(), Window { after: None, through: None }, what));
        }
        Billed::Close { output, name } => (output, name),
    };
    let register = Register::open(output)?;
    let place = find(&register, name)?;
    let close = &register.closes[place];
    for name in [sides::INVOICES, sides::LINES] {
        // Read for its digest.
        table(close, name)?;
    }
    let after = place.checked_sub(1).map(|before| register.closes[before].as_of);
    let window = Window { after, through: Some(close.as_of) };
    Ok((close.path.clone(), window, format!("close {}", close.manifest.close)))
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
