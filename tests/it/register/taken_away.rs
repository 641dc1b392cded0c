//! The lock file, staged files or closes vanish during a run: no close is published in part, and the
//! chain never forks.

use std::fs;
use std::process::{Child, Command, Output, Stdio};

use crate::support::Workspace;

/// The sample after its first close.
fn closed_once() -> Workspace {
    let workspace = Workspace::with_latin_sample();
    workspace.close("2020-06-01");
    workspace
}

/// What somebody does to a workspace during a run.
type Harm = fn(&Workspace);

/// A run that waits at a step until it may go on.
struct Paused<'a> {
    workspace: &'a Workspace,
    child: Child,
}

impl<'a> Paused<'a> {
    fn begin(workspace: &'a Workspace, mut command: Command, step: &str) -> Self {
        command.env("PRORATA_PAUSE_AT", step).env("PRORATA_PAUSE_UNTIL", "go-on");
        // Only the run that waits has its lines of stderr in this file.
        let said = fs::File::create(workspace.path("said")).expect("a file");
        let child = command.stdout(Stdio::piped()).stderr(said).spawn().expect("it starts");
        let paused = Self { workspace, child };
        while !paused.said().contains(&format!("paused at {step}\n")) {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        paused
    }

    fn said(&self) -> String {
        self.workspace.read("said")
    }

    /// Lets it go on, and returns its exit code, its stdout and its messages.
    fn end(self) -> (i32, String, String) {
        self.workspace.write("go-on", "");
        let Self { workspace, child } = self;
        let Output { status, stdout, .. } = child.wait_with_output().expect("it ends");
        let messages = workspace.read("said");
        let messages = messages.split_once('\n').expect("the step").1.to_owned();
        let code = status.code().expect("it ended by itself");
        (code, String::from_utf8(stdout).expect("UTF-8"), messages)
    }
}

fn paused_close<'a>(workspace: &'a Workspace, step: &str) -> Paused<'a> {
    Paused::begin(workspace, workspace.command(&["close", "--as-of", "2020-06-28"]), step)
}

fn no_staging_in(workspace: &Workspace) -> bool {
    let entries = fs::read_dir(workspace.path("output")).expect("a folder").flatten();
    entries.into_iter().all(|it| !it.file_name().to_string_lossy().starts_with(".staging"))
}

const STEPS: [&str; 5] =
    ["staging-created", "invoices.csv", "manifest-written", "decided", "claimed"];

#[test]
fn without_the_lock_file_a_second_run_stays_out_and_the_first_publishes_nothing() {
    let base = closed_once();
    let before = base.files("output");
    for step in STEPS {
        let workspace = base.again();
        let paused = paused_close(&workspace, step);
        workspace.remove("output/.lock");
        let (code, message) = workspace.fail(&["close", "--as-of", "2020-06-20"]);
        assert_eq!(code, 75, "{step}: {message}");
        let (code, _, message) = paused.end();
        assert_eq!(code, 75, "{step}: {message}");
        let expected = "error: output/.lock was removed or replaced while this run held it\n";
        assert!(message.starts_with(expected), "{step}: {message}");
        assert!(message.contains("nothing was published"), "{step}: {message}");
        assert!(workspace.files("output") == before && no_staging_in(&workspace), "{step}");
        workspace.close("2020-06-28");
        workspace.succeed(&["verify"]);
    }
}

/// Where folders cannot be locked, the second run begins: one of them publishes, and whole.
#[test]
fn without_any_lock_only_one_of_two_runs_publishes() {
    let base = closed_once();
    for (step, as_of) in STEPS.into_iter().flat_map(|it| [(it, "2020-06-28"), (it, "2020-06-20")]) {
        let workspace = base.again();
        let without_folder_lock = |as_of| {
            let mut command = workspace.command(&["close", "--as-of", as_of]);
            command.env("PRORATA_FAIL_AT", "lock-folder");
            command
        };
        let paused = Paused::begin(&workspace, without_folder_lock("2020-06-28"), step);
        workspace.remove("output/.lock");
        let second = without_folder_lock(as_of).output().expect("it starts");
        let said = String::from_utf8_lossy(&second.stderr);
        assert!(second.status.success(), "{step}, {as_of}: {said}");
        let after = workspace.files("output");
        let (code, _, message) = paused.end();
        assert_eq!(code, 75, "{step}, {as_of}: {message}");
        assert!(workspace.files("output") == after, "{step}, {as_of}: the first wrote as well");
        assert!(no_staging_in(&workspace), "{step}, {as_of}");
        workspace.succeed(&["verify"]);
        workspace.close("2020-06-28");
        workspace.succeed(&["verify"]);
    }
}

#[test]
fn staged_files_that_are_gone_or_cut_are_not_published() {
    let base = closed_once();
    let before = base.files("output");
    let harms: [(&str, Harm); 5] = [
        ("a removed table", |it| it.remove("output/.staging-2020-06-28/invoices.csv")),
        ("a cut table of the state", |it| {
            it.write("output/.staging-2020-06-28/state/credit.parquet", "");
        }),
        ("removed PDFs", |it| {
            fs::remove_dir_all(it.path("output/.staging-2020-06-28/pdf")).expect("it is there");
        }),
        ("one more file", |it| it.write("output/.staging-2020-06-28/more.csv", "a\n")),
        ("a removed folder", |it| {
            fs::remove_dir_all(it.path("output/.staging-2020-06-28")).expect("it is there");
        }),
    ];
    for (harm, harms) in harms {
        for step in ["state/last_billed.parquet", "decided"] {
            let workspace = base.again();
            let paused = paused_close(&workspace, step);
            harms(&workspace);
            let (code, _, message) = paused.end();
            assert_eq!(code, 75, "{harm}, {step}: {message}");
            assert!(message.contains("removed or changed before"), "{harm}, {step}: {message}");
            assert!(workspace.files("output") == before && no_staging_in(&workspace), "{harm}");
        }
    }
}

#[test]
fn a_register_that_changes_during_the_run_is_not_continued() {
    let base = closed_once();
    let harms: [(&str, Harm); 3] = [
        ("the newest close is gone", |it| {
            fs::rename(it.path("output/2020-06-01"), it.path("aside")).expect("it moves");
        }),
        ("its manifest is another", |it| it.append("output/2020-06-01/manifest.json", "")),
        ("there is one more", |it| {
            fs::create_dir(it.path("output/2020-06-02")).expect("a folder");
        }),
    ];
    for (harm, harms) in harms {
        let workspace = base.again();
        let paused = paused_close(&workspace, "decided");
        harms(&workspace);
        let (code, _, message) = paused.end();
        assert_eq!(code, 75, "{harm}: {message}");
        let expected = "error: the closes in output have changed since this run began\n";
        assert!(message.starts_with(expected), "{harm}: {message}");
        assert!(
            !workspace.path("output/2020-06-28").exists() && no_staging_in(&workspace),
            "{harm}"
        );
    }
}

#[test]
fn the_name_that_only_one_run_can_have_is_not_taken_from_another() {
    let workspace = closed_once();
    let before = workspace.files("output");
    let paused = paused_close(&workspace, "decided");
    fs::create_dir(workspace.path("output/.staging-to-publish")).expect("a folder");
    workspace.write("output/.staging-to-publish/manifest.json", "of another run");
    let (code, _, message) = paused.end();
    assert_eq!(code, 75, "{message}");
    assert!(message.contains("is in use by another run that publishes"), "{message}");
    assert!(workspace.path("output/.staging-to-publish/manifest.json").exists());
    workspace.close("2020-06-28");
    let is_more = |(name, _): &(String, Vec<u8>)| name.starts_with("2020-06-28/");
    let rest = workspace.files("output").into_iter().filter(|file| !is_more(file));
    assert!(rest.eq(before) && no_staging_in(&workspace));
}

#[test]
fn a_file_system_without_locks_is_refused() {
    let workspace = Workspace::with_latin_sample();
    let mut command = workspace.command(&["close", "--as-of", "2020-06-28"]);
    let output = command.env("PRORATA_FAIL_AT", "lock").output().expect("it starts");
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(73), "{message}");
    assert!(message.starts_with("error: cannot lock output/.lock: "), "{message}");
    assert!(message.contains("on a file system with locks (flock)"), "{message}");
}

/// After the rename nothing says that nothing was published.
#[test]
fn an_error_after_the_rename_says_what_is_published() {
    let base = closed_once();
    for options in [&[][..], &["--log-format", "json"][..]] {
        let workspace = base.again();
        let arguments = [&["close", "--as-of", "2020-06-28"], options].concat();
        let paused = Paused::begin(&workspace, workspace.command(&arguments), "renamed");
        // The link is made under this name, where nothing can be made now.
        fs::create_dir(workspace.path("output/.staging-latest")).expect("a folder");
        let (code, shown, message) = paused.end();
        assert_eq!(code, 74, "{message}");
        assert!(shown.starts_with("Closed 2020-06-28 (everything due up to"), "{shown}");
        assert!(!message.contains("nothing was published"), "{message}");
        let expected = "output/2020-06-28 is published, but cannot write output/.staging-latest: ";
        assert!(message.contains(expected), "{message}");
        assert!(
            message.contains("the close counts; remove the cause and run the same"),
            "{message}"
        );
        let says_where = message.contains(r#""published":"output/2020-06-28""#);
        assert_eq!(says_where, !options.is_empty(), "{message}");
        fs::remove_dir(workspace.path("output/.staging-latest")).expect("it is there");
        assert!(workspace.close("2020-06-28").contains("was published before"));
        let latest = fs::read_link(workspace.path("output/latest")).expect("a link");
        assert_eq!(latest.to_str(), Some("2020-06-28"));
        workspace.succeed(&["verify"]);
    }
}

#[test]
fn a_folder_that_cannot_be_synced_after_the_rename_is_said_so() {
    let workspace = closed_once();
    let mut command = workspace.command(&["close", "--as-of", "2020-06-28"]);
    let output = command.env("PRORATA_FAIL_AT", "sync-output").output().expect("it starts");
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(74), "{message}");
    let expected = "error: output/2020-06-28 is published, but cannot sync output: ";
    assert!(message.starts_with(expected), "{message}");
    assert!(message.contains("a power cut may still lose it"), "{message}");
    // The rest was done all the same.
    let latest = fs::read_link(workspace.path("output/latest")).expect("a link");
    assert_eq!(latest.to_str(), Some("2020-06-28"));
    assert!(workspace.close("2020-06-28").contains("was published before"));
}
