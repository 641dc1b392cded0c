//! PDFs as files and in an archive: the same documents under the same names.

use std::collections::BTreeMap;
use std::fs;

use crate::support::{Workspace, unpacked};

const CLOSE: &str = "output/2020-06-28";

fn closed(packing: &str) -> Workspace {
    let workspace = Workspace::with_sample();
    let settings = fs::read_to_string(workspace.path("input/billing.toml")).expect("settings");
    let packing = format!("[pdf]\npacking = \"{packing}\"");
    workspace.write("input/billing.toml", &settings.replace("[pdf]", &packing));
    workspace.close("2020-06-28");
    workspace
}

fn read(workspace: &Workspace, name: &str) -> Vec<u8> {
    fs::read(workspace.path(&format!("{CLOSE}/{name}"))).expect("it is there")
}

#[test]
fn an_archive_has_the_files_that_would_be_there_without_it() {
    let [files, packed] = ["files", "zip"].map(closed);
    let loose: BTreeMap<String, Vec<u8>> = files
        .files(CLOSE)
        .into_iter()
        .filter(|(name, _)| name.starts_with("pdf/") || name.starts_with("receipts/"))
        .collect();
    assert!(loose.len() > 20 && loose.keys().any(|name| name.starts_with("receipts/")));
    assert!(unpacked(&read(&packed, "pdf.zip")) == loose);
    for name in ["pdf.sha256", "invoices.csv"] {
        assert_eq!(read(&files, name), read(&packed, name), "{name}");
    }
    assert!(!packed.path(&format!("{CLOSE}/pdf")).exists());
}

#[test]
fn an_archive_is_verified_as_files_are() {
    let workspace = closed("zip");
    workspace.succeed(&["verify", "--deep"]);
    let mut archive = read(&workspace, "pdf.zip");
    let middle = archive.len() / 2;
    archive[middle] ^= 1;
    fs::write(workspace.path(&format!("{CLOSE}/pdf.zip")), archive).expect("writes");
    let (code, message) = workspace.fail(&["verify"]);
    assert!(code == 65 && message.contains("pdf.zip: has been changed"), "{code} {message}");
    fs::remove_file(workspace.path(&format!("{CLOSE}/pdf.zip"))).expect("gone");
    let (_, message) = workspace.fail(&["verify"]);
    assert!(message.contains("pdf.zip: No such file"), "{message}");
}

#[test]
fn killed_while_it_packs_the_next_run_packs_the_same() {
    let expected = read(&closed("zip"), "pdf.zip");
    let workspace = closed("zip");
    fs::remove_dir_all(workspace.path("output")).expect("gone");
    let mut command = workspace.command(&["close", "--as-of", "2020-06-28"]);
    let output = command.env("PRORATA_ABORT_AT", "many").output().expect("it starts");
    assert!(!output.status.success() && !workspace.path(CLOSE).exists());
    workspace.close("2020-06-28");
    assert!(read(&workspace, "pdf.zip") == expected);
}
