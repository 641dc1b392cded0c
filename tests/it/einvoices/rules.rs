//! The official rules, where they can be had: `.ci/check-einvoices` installs them from packages, which
//! are not committed.

use std::process::Command;

use super::{CLOSES, closed};
use crate::support::root;

#[test]
fn the_official_rules_accept_every_e_invoice() {
    let python = root().join("target/einvoices/bin/python");
    if !python.exists() {
        eprintln!("skipped: the official rules are not here; .ci/check-einvoices installs them");
        return;
    }
    let workspace = closed();
    let output = Command::new(python)
        .arg(root().join(".ci/einvoices/validate.py"))
        .args(CLOSES.map(|as_of| workspace.path(&format!("output/{as_of}"))))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{error}");
    assert!(said.contains("EN 16931, UBL") && said.contains("→ 0 failed"), "{said}");
}
