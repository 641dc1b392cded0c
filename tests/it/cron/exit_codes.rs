//! Every exit code that is documented, brought about.

use std::fs::{self, File};
use std::process::{Command, Output};

use crate::support::{Workspace, lock};

fn code(mut command: Command) -> (i32, String) {
    let Output { status, stderr, .. } = command.output().expect("the binary starts");
    (status.code().expect("it ended by itself"), String::from_utf8_lossy(&stderr).into_owned())
}

/// What a close of the sample exits with, after something was done to the workspace or the command.
fn close(prepare: impl FnOnce(&Workspace, &mut Command)) -> (i32, String) {
    let workspace = Workspace::with_latin_sample();
    let mut command = workspace.command(&["close", "--as-of", "2020-06-28"]);
    prepare(&workspace, &mut command);
    code(command)
}

#[test]
fn each_is_what_it_is_said_to_be() {
    let cases: [(i32, (i32, String)); 12] = [
        (0, close(|_, _| ())),
        (
            64,
            close(|_, command| {
                command.arg("--as-off");
            }),
        ),
        (64, close(|workspace, _| drop(workspace.close("2020-06-29")))),
        (65, close(|workspace, _| workspace.append("input/changes.csv", "c,x,y,z,,,,,,"))),
        (66, close(|workspace, _| workspace.remove("input/prices.csv"))),
        (
            66,
            close(|_, command| {
                command.args(["--input", "elsewhere"]);
            }),
        ),
        (73, close(|workspace, _| workspace.write("output", "a file"))),
        (
            74,
            close(|_, command| {
                command.stdout(full());
            }),
        ),
        (75, {
            let workspace = Workspace::with_latin_sample();
            let _held = lock(&workspace);
            code(workspace.command(&["close", "--as-of", "2020-06-28"]))
        }),
        (78, close(|workspace, _| workspace.append("input/billing.toml", "\n[colour]"))),
        (
            70,
            close(|_, command| {
                command.env("PRORATA_PANIC_AT", "invoices.csv");
            }),
        ),
        (
            71,
            close(|_, command| {
                command.env("PRORATA_EXHAUST_AT", "invoices.csv");
            }),
        ),
    ];
    for (expected, (code, message)) in cases {
        assert_eq!(code, expected, "{message}");
        assert_eq!(message.is_empty(), code == 0, "{code}: {message}");
    }
}

/// A device on which there is never room.
fn full() -> File {
    fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it")
}

/// A bug is said to be one, and leaves nothing behind, in whichever thread it shows.
#[test]
fn a_bug_publishes_nothing_and_says_so() {
    for step in ["input-read", "staging-created", "many", "manifest-written"] {
        let workspace = Workspace::with_latin_sample();
        workspace.close("2020-06-01");
        let before = workspace.files("output");
        let mut command = workspace.command(&["close", "--as-of", "2020-06-28"]);
        command.env("PRORATA_PANIC_AT", step).env_remove("RUST_BACKTRACE");
        let (code, message) = code(command);
        assert_eq!(code, 70, "{step}: {message}");
        let hint = "hint: this is a bug in prorata; please report it with the input; nothing was \
                    published\n";
        assert!(message.starts_with("error: ") && message.ends_with(hint), "{step}: {message}");
        assert!(workspace.files("output") == before, "{step}: something was left");
        workspace.close("2020-06-28");
    }
}

/// Memory that runs out ends the process at once, with a code and a message; the next run goes on.
#[test]
fn memory_that_runs_out_has_a_code() {
    let workspace = Workspace::with_latin_sample();
    let mut command = workspace.command(&["close", "--as-of", "2020-06-28"]);
    command.env("PRORATA_EXHAUST_AT", "manifest-written");
    let (code, message) = code(command);
    assert_eq!(code, 71, "{message}");
    assert!(message.contains("memory allocation of"), "{message}");
    assert!(!workspace.path("output/2020-06-28").exists());
    workspace.close("2020-06-28");
    workspace.succeed(&["verify"]);
}

/// After the rename there is a close, and whoever reads the message is not told otherwise.
#[test]
fn a_bug_after_the_close_was_decided_on_sends_to_verify() {
    let workspace = Workspace::with_latin_sample();
    let mut command = workspace.command(&["close", "--as-of", "2020-06-28"]);
    command.env("PRORATA_PANIC_AT", "renamed");
    let (code, message) = code(command);
    assert_eq!(code, 70);
    assert!(message.contains("the close may be published: prorata verify tells"), "{message}");
    workspace.close("2020-06-28");
    workspace.succeed(&["verify"]);
}

#[test]
fn help_and_manual_list_the_same_codes() {
    let workspace = Workspace::with_latin_sample();
    let help = workspace.succeed(&["close", "--help"]);
    let listed = help.split("Exit codes:\n").nth(1).expect("help lists them");
    let listed = listed.lines().filter_map(|line| line.split_whitespace().next());
    let listed: Vec<&str> = listed.filter(|word| word.parse::<u8>().is_ok()).collect();
    let manual = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/operations.md");
    let manual = fs::read_to_string(manual).expect("it is there");
    let rows = manual.lines().filter_map(|line| line.strip_prefix("| "));
    // Only prorata compare ends with 1.
    let rows = rows.filter_map(|row| row.split(" |").next()).filter(|code| *code != "1");
    let described: Vec<&str> = rows.filter(|cell| cell.parse::<u8>().is_ok()).collect();
    assert_eq!(listed, described);
    assert!(listed.len() >= 11, "{listed:?}");
}

/// A person must look at a close that is published: the log says so, and the exit code if asked.
#[test]
fn exceptions_are_said_even_by_a_quiet_run() {
    let workspace = Workspace::with_latin_sample();
    let accounts = workspace.read("input/accounts.csv").replace("hello@atlas.example", "");
    workspace.write("input/accounts.csv", &accounts);
    let close = ["close", "--as-of", "2020-06-28", "--quiet"];
    let (status, said) = code(workspace.command(&close));
    let line = "output/2020-06-28/exceptions.csv\n";
    assert!(said.starts_with("warning: ") && said.ends_with(line), "{said}");
    assert!(said.contains(" to look at (2 no_recipient): ") && said.lines().count() == 1, "{said}");
    assert_eq!(status, 0);
    // The same close, published before, is said again.
    let mut asked = workspace.command(&close);
    asked.args(["--exit-on-exceptions", "--log-format", "json"]);
    let (status, said) = code(asked);
    assert_eq!(status, 11, "{said}");
    assert!(said.contains("\"level\":\"warn\",\"stage\":\"exceptions\""), "{said}");
}
