//! A small published close, written by hand, in every export format: `tests/data/export/close` holds
//! its tables, `billing.toml` what the accounting programs call things, and `expected/<case>/` the
//! files that must come out, byte for byte. `UPDATE_EXPECTED=1` writes them anew.

use std::fs;

use libtest_mimic::{Failed, Trial};

use crate::is_updating;
use crate::support::handmade::{export, published, reconfigure};
use crate::support::{copy_folder, data, files_below};

/// A case: its name, the command line after `export`, and what differs in billing.toml.
type Case = (&'static str, &'static str, Option<(&'static str, &'static str)>);

const GLOBAL: (&str, &str) = ("[export.quickbooks]", "[export.quickbooks]\nregion = \"global\"");

const CASES: [Case; 8] = [
    ("xero", "xero", None),
    ("quickbooks-us", "quickbooks", None),
    ("quickbooks-global", "quickbooks", Some(GLOBAL)),
    ("netsuite", "netsuite", None),
    ("sage50", "sage50 --currency EUR --currency JPY", None),
    ("datev", "datev", None),
    ("hledger", "hledger", None),
    ("beancount", "beancount", None),
];

/// One trial a format.
pub(crate) fn trials() -> Vec<Trial> {
    let trial = |case: Case| Trial::test(format!("export::{}", case.0), move || check(case));
    CASES.map(trial).into()
}

fn check((name, arguments, change): Case) -> Result<(), Failed> {
    let workspace = published();
    if let Some((from, to)) = change {
        reconfigure(&workspace, from, to);
    }
    export(&workspace, arguments);
    let expected = data("export/expected").join(name);
    if is_updating() {
        let _ = fs::remove_dir_all(&expected);
        copy_folder(&workspace.path("export"), &expected);
    }
    let (got, expected) = (workspace.files("export"), files_below(&expected));
    let names = |files: &[(String, Vec<u8>)]| -> Vec<String> {
        files.iter().map(|(name, _)| name.clone()).collect()
    };
    if names(&got) != names(&expected) {
        return Err(format!("{:?} instead of {:?}", names(&got), names(&expected)).into());
    }
    for ((file, got), (_, expected)) in got.iter().zip(&expected) {
        if got != expected {
            let (got, expected) = (String::from_utf8_lossy(got), String::from_utf8_lossy(expected));
            return Err(format!("{file}: expected\n{expected}--- but got\n{got}").into());
        }
    }
    Ok(())
}
