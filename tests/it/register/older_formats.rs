//! Registers of formats 4 to 6 go on as the version that wrote format 4 would. See
//! `tests/data/register_v4/README.md` and `tests/data/register_v5/README.md`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Workspace, copy_folder, data, files_below, pdf_text};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/register_v4")
}

/// The registers that were written by earlier versions, from the same input.
const REGISTERS: [&str; 3] = ["register_v4", "register_v5", "register_v6"];

/// A register after the close that follows late rows.
fn gone_on(register: &str) -> Workspace {
    let workspace = Workspace::with_input(&folder().join("input"));
    copy_folder(&data(register).join("register"), &workspace.path("output"));
    let latest = workspace.path("output/latest");
    std::os::unix::fs::symlink("2024-03-01", latest).expect("a link");
    for (name, rows) in files_below(&folder().join("late")) {
        let rows = String::from_utf8(rows).expect("late rows are text");
        let path = format!("input/{name}");
        let before = fs::read_to_string(workspace.path(&path)).unwrap_or_default();
        workspace.write(&path, &(before + &rows));
    }
    let settings = workspace.read("input/billing.toml").replace("\"none\"", "\"files\"");
    workspace.write("input/billing.toml", &settings);
    workspace.succeed(&["verify"]);
    workspace.close("2024-04-01");
    workspace
}

#[test]
fn old_lines_are_corrected_as_the_old_version_did() {
    for register in REGISTERS {
        expect_the_old_words(&gone_on(register));
    }
}

fn expect_the_old_words(workspace: &Workspace) {
    let mut count = 0;
    for (name, expected) in files_below(&folder().join("expected")) {
        let expected = String::from_utf8(expected).expect("expectations are text");
        let path = format!("output/2024-04-01/{name}");
        let got = match path.strip_suffix(".pdf.txt") {
            Some(pdf) => pdf_text(&fs::read(workspace.path(&format!("{pdf}.pdf"))).expect("a PDF")),
            None => workspace.read(&path),
        };
        let is_table = Path::new(&name).extension().is_some_and(|it| it == "csv");
        let got = if is_table { without_new_columns(&got, &expected) } else { got };
        // PDFs have the words of today.
        if !is_table && std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(folder().join("expected").join(&name), &got).expect("it can be written");
            continue;
        }
        for (got, expected) in got.lines().zip(expected.lines()) {
            assert_eq!(got, expected, "{name}");
        }
        assert_eq!(got, expected, "{name}");
        count += 1;
    }
    assert!(count > 10, "{count} expectations were compared");
}

/// A table with the columns that an older version wrote: later ones are only appended.
fn without_new_columns(got: &str, expected: &str) -> String {
    let rows = |text: &str| {
        let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        rows.records().map(|row| row.expect("a row")).collect::<Vec<_>>()
    };
    let columns = rows(expected)[0].len();
    let mut table = csv::Writer::from_writer(Vec::new());
    for row in rows(got) {
        table.write_record(row.iter().take(columns)).expect("memory takes it");
    }
    String::from_utf8(table.into_inner().expect("memory takes it")).expect("text")
}

#[test]
fn they_verify_before_and_after() {
    for register in REGISTERS {
        verify_before_and_after(&gone_on(register));
    }
}

fn verify_before_and_after(workspace: &Workspace) {
    workspace.succeed(&["verify", "--deep"]);
    // Lines published now are read back as data.
    workspace.append("input/changes.csv", "a11,2024-01-08,a-seat,quantity,6,");
    workspace.close("2024-05-01");
    workspace.succeed(&["verify", "--deep"]);
    let lines = workspace.read("output/2024-05-01/invoice_lines.csv");
    let again =
        "Reverses “Summer (12.5% off): 2 instead of 5 × Seats after 11 Jan 2024, 21 of 31 days”";
    assert!(lines.contains(again), "{lines}");
}
