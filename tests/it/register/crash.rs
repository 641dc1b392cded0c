//! Power cuts, full disks and folders that cannot be written.

use std::fs;
use std::process::Stdio;

use crate::support::Workspace;

/// The sample after its first close.
fn closed_once() -> Workspace {
    let workspace = Workspace::with_latin_sample();
    workspace.close("2020-06-01");
    workspace
}

/// What the sample comes to after two closes that nothing disturbed.
fn undisturbed() -> Vec<(String, Vec<u8>)> {
    let workspace = closed_once();
    workspace.close("2020-06-28");
    workspace.files("output")
}

#[test]
fn killed_at_every_named_step_the_next_run_publishes_the_same_bytes() {
    let expected = undisturbed();
    let steps = [
        "staging-created",
        "many",
        "pdf.sha256",
        "invoices.csv",
        "invoice_lines.csv",
        "delivery.csv",
        "exceptions.csv",
        "review.csv",
        "report.html",
        "payments_applied.csv",
        "receivables.csv",
        "state/lines.parquet",
        "state/changes.parquet",
        "state/payments.parquet",
        "state/receivables.parquet",
        "state/subscriptions.parquet",
        "state/credit.parquet",
        "state/prices.parquet",
        "state/last_billed.parquet",
        "synced",
        "manifest-written",
        "renamed",
        "latest-made",
        "published",
    ];
    let closed_once = closed_once();
    for step in steps {
        let workspace = closed_once.again();
        let mut command = workspace.command(&["close", "--as-of", "2020-06-28"]);
        let output = command.env("PRORATA_ABORT_AT", step).output().expect("it starts");
        assert!(!output.status.success(), "{step}: it was not killed");
        // Wholly there or not there at all.
        let there = workspace.path("output/2020-06-28").exists();
        let after_rename = ["renamed", "latest-made", "published"].contains(&step);
        assert_eq!(there, after_rename, "{step}");
        let verified = workspace.run(&["verify"]);
        let notes = String::from_utf8(verified.stderr).expect("messages are UTF-8");
        assert!(verified.status.success(), "{step}: {notes}");
        let is_behind = notes.contains("latest does not point at the newest close yet");
        assert_eq!(is_behind, there && step != "published", "{step}: {notes}");
        workspace.close("2020-06-28");
        assert!(workspace.files("output") == expected, "{step}: other bytes");
        let latest = fs::read_link(workspace.path("output/latest")).expect("a link");
        assert_eq!(latest.to_str(), Some("2020-06-28"), "{step}");
    }
}

/// How many instants the process is killed at; `PRORATA_KILLS` asks for more.
fn kills() -> u32 {
    std::env::var("PRORATA_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(40)
}

#[test]
fn killed_at_any_instant_the_next_run_publishes_the_same_bytes() {
    let expected = undisturbed();
    let closed_once = closed_once();
    let started = std::time::Instant::now();
    closed_once.again().close("2020-06-28");
    let usual = started.elapsed();
    let (mut killed, kills) = (0, kills());
    for number in 0..kills {
        let workspace = closed_once.again();
        let mut child = workspace
            .command(&["close", "--as-of", "2020-06-28"])
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts");
        std::thread::sleep(usual * number / kills);
        // SIGKILL: nothing can be cleaned up. It fails only if the run has ended.
        let _ = child.kill();
        let status = child.wait().expect("it ends");
        killed += u32::from(!status.success());
        if workspace.path("output/2020-06-28").exists() {
            workspace.succeed(&["verify"]);
        }
        workspace.close("2020-06-28");
        assert!(workspace.files("output") == expected, "kill {number}: other bytes");
    }
    // The first is killed as soon as it starts, however fast the machine is.
    assert!(killed > 0, "no run was killed in time");
}

/// A file-size limit stands for a full disk: writing fails in the middle of a file.
#[test]
fn a_disk_that_is_full_publishes_nothing_and_leaves_nothing() {
    let workspace = closed_once();
    let before = workspace.files("output");
    for blocks in [1, 8, 16] {
        let binary = env!("CARGO_BIN_EXE_prorata");
        let script = format!("ulimit -f {blocks}; exec '{binary}' close --as-of 2020-06-28");
        let output = std::process::Command::new("bash")
            .args(["-c", &script])
            .current_dir(workspace.path("."))
            .output()
            .expect("bash starts");
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(74), "{blocks}: {message}");
        assert!(message.contains("cannot write output/.staging-2020-06-28/"), "{message}");
        assert!(workspace.files("output") == before, "{blocks}: something was left");
    }
    workspace.close("2020-06-28");
    assert!(workspace.files("output") == undisturbed());
}

#[test]
fn a_folder_that_cannot_be_made_is_said_so() {
    let workspace = Workspace::with_latin_sample();
    workspace.write("file", "a file, not a folder");
    let (code, message) =
        workspace.fail(&["close", "--as-of", "2020-06-28", "--output", "file/output"]);
    assert_eq!(code, 73);
    assert!(message.contains("cannot create file/output"), "{message}");
    assert!(message.contains("name another folder with --output"), "{message}");
}
