//! What the benchmarks measure inside of the library, behind the feature `internals`.

mod documents;
mod process;
pub mod receipts;
pub mod steps;

use std::path::Path;

use chrono::NaiveDate;

pub use process::{peak_kilobytes, processor_seconds};

use crate::generate::{GenerateArgs, Scripts, generate};
use crate::model::{ExcludedAccounts, Shard};
use crate::{config, input};

/// Writes a company that starts on 2024-01-01 and exists for `months` months.
pub fn company(to: &Path, accounts: u64, months: u32) {
    let args = GenerateArgs {
        accounts,
        seed: 1,
        to: to.to_owned(),
        months,
        start: NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date"),
        as_known_at: None,
        faults: 0,
        closes: false,
        scripts: Scripts::Bundled,
    };
    generate(&args).expect("an empty folder");
}

/// The whole input stage: read, typed, checked, referenced and grouped. Returns how many rows.
pub fn load(folder: &Path) -> usize {
    let (settings, _) = config::load(folder).expect("settings");
    let loaded = input::load(folder, &settings, ExcludedAccounts::default(), Shard::WHOLE)
        .expect("all files are there");
    assert_eq!(loaded.problems.kept(), [], "the company is sound");
    // As at the end of a run, nothing is freed piece by piece.
    let book = std::mem::ManuallyDrop::new(loaded.book);
    book.accounts.len() + book.subscriptions.len() + book.changes.len()
}
