//! Who may read what is created.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::support::Workspace;

/// Runs the program with a umask.
fn run(workspace: &Workspace, umask: &str, arguments: &str) -> (bool, String) {
    let binary = env!("CARGO_BIN_EXE_prorata");
    let script = format!("umask {umask}; exec '{binary}' {arguments}");
    let mut bash = std::process::Command::new("bash");
    let output = bash.args(["-c", &script]).current_dir(workspace.path("."));
    let output = output.output().expect("bash starts");
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// The modes of all files below a folder, and of all folders with it.
fn modes(folder: &Path) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut files, mut folders) = (BTreeSet::new(), BTreeSet::new());
    let mode = |path: &Path| {
        let mode = fs::symlink_metadata(path).expect("it is there").permissions().mode();
        format!("{:04o}", mode & 0o7777)
    };
    let mut left = vec![folder.to_owned()];
    while let Some(folder) = left.pop() {
        folders.insert(mode(&folder));
        for entry in fs::read_dir(&folder).expect("a folder") {
            let (entry, kind) = entry.map(|it| (it.path(), it.file_type())).expect("an entry");
            match kind.expect("a kind") {
                kind if kind.is_dir() => left.push(entry),
                kind if kind.is_file() => drop(files.insert(mode(&entry))),
                _ => {}
            }
        }
    }
    (files, folders)
}

fn one(mode: &str) -> BTreeSet<String> {
    BTreeSet::from([mode.to_owned()])
}

#[test]
fn the_setting_decides_who_may_read_and_the_umask_takes_its_part_away() {
    let cases = [
        ("", "022", "0640", "0750"),
        ("", "000", "0640", "0750"),
        ("", "077", "0600", "0700"),
        ("0600", "022", "0600", "0700"),
        ("0644", "000", "0644", "0755"),
        ("0644", "027", "0640", "0750"),
    ];
    for (setting, umask, file, folder) in cases {
        let workspace = Workspace::with_latin_sample();
        if !setting.is_empty() {
            workspace.append("input/billing.toml", &format!("\n[output]\nmode = \"{setting}\""));
        }
        let runs = [
            ("close --as-of 2020-06-01", "output"),
            ("preview --as-of 2020-06-28 --to made/ahead", "made"),
            ("export hledger --close latest --to books", "books"),
        ];
        for (arguments, created) in runs {
            let (is_done, message) = run(&workspace, umask, arguments);
            assert!(is_done, "{arguments}: {message}");
            let found = modes(&workspace.path(created));
            assert_eq!(found, (one(file), one(folder)), "{arguments}, {setting}, {umask}");
        }
    }
}

#[test]
fn the_list_of_problems_is_for_the_group_at_most() {
    let workspace = Workspace::with_latin_sample();
    workspace.close("2020-06-01");
    workspace.append("input/changes.csv", "c,x,y,z,,,,,,");
    workspace.write("output/problems.csv", "of an older version, for everybody");
    assert!(!run(&workspace, "000", "close --as-of 2020-06-28").0);
    let mode = fs::metadata(workspace.path("output/problems.csv")).expect("it is there");
    assert_eq!(mode.permissions().mode() & 0o7777, 0o640);
}

#[test]
fn a_mode_that_gives_more_is_refused() {
    let workspace = Workspace::with_latin_sample();
    workspace.append("input/billing.toml", "\n[output]\nmode = \"0666\"");
    let (code, message) = workspace.fail(&["close", "--as-of", "2020-06-28"]);
    assert_eq!(code, 78, "{message}");
    assert!(message.contains("0666") && message.contains("0640"), "{message}");
}

/// Without that, a power cut may lose a new output folder with the close in it.
#[test]
fn the_parents_of_a_new_output_folder_are_synced() {
    let workspace = Workspace::with_latin_sample();
    let mut command = workspace.command(&["close", "--as-of", "2020-06-28"]);
    command.args(["--output", "new/deep/output"]);
    let output = command.env("PRORATA_FAIL_AT", "sync-parent").output().expect("it starts");
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(73), "{message}");
    assert!(message.starts_with("error: cannot create new/deep/output: "), "{message}");
}

/// The unit that administrators install keeps what it needs and no more.
#[test]
fn the_service_is_confined() {
    let unit = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/systemd/prorata.service");
    let unit = fs::read_to_string(unit).expect("it is there");
    let settings = [
        "UMask=0027",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ReadWritePaths=/srv/billing/output",
        "ProtectHome=yes",
        "PrivateTmp=yes",
        "PrivateDevices=yes",
        "PrivateNetwork=yes",
        "CapabilityBoundingSet=",
        "RestrictSUIDSGID=yes",
        "SystemCallFilter=@system-service",
    ];
    for setting in settings {
        assert!(unit.lines().any(|line| line == setting), "{setting} is missing");
    }
}
