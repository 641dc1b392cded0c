//! The witness outside of the register: it tells the chain that was published from any other one.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use crate::support::{Workspace, sha256_hex};

/// What somebody does to a workspace.
type Harm = fn(&Workspace);

const HEADER: &str = "# prorata witness 1: SHA-256 of manifest.json of each close, oldest first\n";

/// The sample without PDFs, with a witness in billing.toml.
fn witnessed() -> Workspace {
    let workspace = Workspace::with_latin_sample();
    let settings = workspace.read("input/billing.toml");
    let settings = settings.replace("[pdf]\n", "[pdf]\npacking = \"none\"\n");
    let settings = settings + "\n[output]\nwitness = \"../witness.txt\"\n";
    workspace.write("input/billing.toml", &settings);
    workspace
}

/// Its register after two closes.
fn closed_twice() -> Workspace {
    let workspace = witnessed();
    workspace.close("2020-06-01");
    workspace.close("2020-06-20");
    workspace
}

fn head(workspace: &Workspace, close: &str) -> String {
    sha256_hex(workspace.read(&format!("output/{close}/manifest.json")).as_bytes())
}

/// What a witness of some closes says.
fn lines(workspace: &Workspace, closes: &[&str]) -> String {
    let lines = closes.iter().map(|close| format!("{}  {close}\n", head(workspace, close)));
    HEADER.to_owned() + &lines.collect::<String>()
}

fn again(workspace: &Workspace) -> Workspace {
    let other = workspace.again();
    other.write("witness.txt", &workspace.read("witness.txt"));
    other
}

fn point_latest_at(workspace: &Workspace, close: &str) {
    fs::remove_file(workspace.path("output/latest")).expect("it is there");
    symlink(close, workspace.path("output/latest")).expect("a link");
}

fn remove_newest(workspace: &Workspace) {
    fs::remove_dir_all(workspace.path("output/2020-06-20")).expect("it is there");
    point_latest_at(workspace, "2020-06-01");
}

#[test]
fn each_close_prints_its_head_and_appends_it() {
    let workspace = witnessed();
    let opened = workspace.succeed(&["open", "--as-of", "2020-06-01"]);
    assert!(
        opened.contains(&format!("\n  head {} after this close\n", head(&workspace, "2020-06-01"))),
        "{opened}"
    );
    let closed = workspace.close("2020-06-20");
    assert!(
        closed.contains(&format!("\n  head {} after this close\n", head(&workspace, "2020-06-20"))),
        "{closed}"
    );
    workspace.close("2020-06-20");
    let expected = lines(&workspace, &["2020-06-01", "2020-06-20"]);
    assert_eq!(workspace.read("witness.txt"), expected);
    let arguments = ["close", "--as-of", "2020-06-28", "--witness", "other.txt"];
    let (code, message) = workspace.fail(&arguments);
    assert_eq!(code, 66, "{message}");
    workspace.succeed(&[&arguments[..], &["--witness-begin"]].concat());
    let expected = lines(&workspace, &["2020-06-01", "2020-06-20", "2020-06-28"]);
    assert_eq!(workspace.read("other.txt"), expected);
    workspace.succeed(&["verify", "--witness", "other.txt"]);
}

/// Between the rename and the witness a run may be killed, and also within the line.
#[test]
fn what_a_killed_run_left_out_is_appended_by_the_next() {
    let base = closed_twice();
    for step in ["renamed", "latest-made", "published", "witnessed"] {
        for next in ["2020-06-28", "2020-06-30"] {
            let workspace = again(&base);
            let mut command = workspace.command(&["close", "--as-of", "2020-06-28"]);
            let killed = command.env("PRORATA_ABORT_AT", step).output().expect("it starts");
            assert!(!killed.status.success(), "{step}: it was not killed");
            let all = ["2020-06-01", "2020-06-20", "2020-06-28", "2020-06-30"];
            let there = lines(&workspace, &all[..if step == "witnessed" { 3 } else { 2 }]);
            assert_eq!(workspace.read("witness.txt"), there, "{step}");
            let verified = workspace.run(&["verify", "--witness", "witness.txt"]);
            assert!(verified.status.success(), "{step}");
            let notes = String::from_utf8_lossy(&verified.stderr);
            let is_behind = notes.contains("does not have the newest close yet, 2020-06-28");
            assert_eq!(is_behind, step != "witnessed", "{step}: {notes}");
            workspace.close(next);
            let count = if next == "2020-06-28" { 3 } else { 4 };
            assert_eq!(workspace.read("witness.txt"), lines(&workspace, &all[..count]), "{step}");
        }
    }
}

#[test]
fn a_line_that_was_cut_is_completed() {
    let workspace = closed_twice();
    let whole = workspace.read("witness.txt");
    let first = lines(&workspace, &["2020-06-01"]).len();
    for length in
        [10, HEADER.len(), HEADER.len() + 1, first - 1, first, first + 30, whole.len() - 1]
    {
        workspace.write("witness.txt", &whole[..length]);
        workspace.close("2020-06-20");
        assert_eq!(workspace.read("witness.txt"), whole, "{length}");
    }
    workspace.write("witness.txt", &(whole.clone() + "0123"));
    let (code, message) = workspace.fail(&["close", "--as-of", "2020-06-28"]);
    assert_eq!(code, 65, "{message}");
    assert!(message.contains("witness.txt:4: is no line of a witness"), "{message}");
}

/// A first close that is killed before its witness is written is no register without a witness.
#[test]
fn the_first_close_begins_its_witness() {
    for step in ["decided", "renamed", "published"] {
        let workspace = witnessed();
        let mut command = workspace.command(&["close", "--as-of", "2020-06-01"]);
        let killed = command.env("PRORATA_ABORT_AT", step).output().expect("it starts");
        assert!(!killed.status.success(), "{step}: it was not killed");
        assert_eq!(workspace.read("witness.txt"), HEADER, "{step}");
        workspace.close("2020-06-20");
        let closes: &[&str] =
            if step == "decided" { &["2020-06-20"] } else { &["2020-06-01", "2020-06-20"] };
        assert_eq!(workspace.read("witness.txt"), lines(&workspace, closes), "{step}");
    }
}

#[test]
fn a_witness_that_cannot_be_written_after_the_rename_is_said_so_and_appended_later() {
    let workspace = closed_twice();
    let mut command = workspace.command(&["close", "--as-of", "2020-06-28"]);
    let output = command.env("PRORATA_FAIL_AT", "witness").output().expect("it starts");
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(74), "{message}");
    let expected = "error: output/2020-06-28 is published, but cannot write input/../witness.txt: ";
    assert!(message.starts_with(expected), "{message}");
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(shown.starts_with("Closed 2020-06-28"), "{shown}");
    workspace.close("2020-06-28");
    let all = ["2020-06-01", "2020-06-20", "2020-06-28"];
    assert_eq!(workspace.read("witness.txt"), lines(&workspace, &all));
}

/// Each leaves a register that agrees with itself.
#[test]
fn a_register_that_is_another_one_is_found_and_not_continued() {
    let base = closed_twice();
    let newest = head(&base, "2020-06-20");
    let harms: [(&str, &str, Harm); 3] = [
        ("the newest close is gone", "does not have it", remove_newest),
        ("the newest close is another", "has another one of that name", |it| {
            remove_newest(it);
            let witness = it.read("witness.txt");
            it.write("witness.txt", &lines(it, &["2020-06-01"]));
            let settings = it.read("input/billing.toml") + "\n[review]\nmoved_by_percent = 30\n";
            it.write("input/billing.toml", &settings);
            it.close("2020-06-20");
            it.write("witness.txt", &witness);
        }),
        ("all closes are gone", "does not have it", |it| {
            fs::remove_dir_all(it.path("output")).expect("it is there");
        }),
    ];
    for (harm, says, harms) in harms {
        let workspace = again(&base);
        harms(&workspace);
        let witness = workspace.read("witness.txt");
        let (code, message) = workspace.fail(&["close", "--as-of", "2020-06-28"]);
        assert_eq!(code, 65, "{harm}: {message}");
        assert!(message.contains(says), "{harm}: {message}");
        assert!(message.contains("rolled back or replaced"), "{harm}: {message}");
        assert!(!workspace.path("output/2020-06-28").exists(), "{harm}");
        assert_eq!(workspace.read("witness.txt"), witness, "{harm}");
        if harm == "all closes are gone" {
            continue;
        }
        // Alone the register says nothing of it.
        workspace.succeed(&["verify"]);
        for anchor in [["--witness", "witness.txt"], ["--head", &newest]] {
            let (code, message) = workspace.fail(&[&["verify"], &anchor[..]].concat());
            assert_eq!(code, 65, "{harm}: {message}");
            assert!(message.contains("rolled back or replaced"), "{harm}: {message}");
        }
    }
}

/// The way back from a backup that is older than the witness.
#[test]
fn closes_that_a_backup_lacks_may_be_made_again_beside_the_witness() {
    let workspace = closed_twice();
    let whole = workspace.files("output");
    remove_newest(&workspace);
    let arguments = ["close", "--as-of", "2020-06-20", "--witness", "new.txt", "--witness-begin"];
    workspace.succeed(&arguments);
    assert!(workspace.files("output") == whole);
    workspace.succeed(&["verify", "--witness", "witness.txt"]);
    workspace.close("2020-06-28");
    let all = ["2020-06-01", "2020-06-20", "2020-06-28"];
    assert_eq!(workspace.read("witness.txt"), lines(&workspace, &all));
}

#[test]
fn a_head_that_was_noted_is_found_again() {
    let workspace = closed_twice();
    let (older, newest) = (head(&workspace, "2020-06-01"), head(&workspace, "2020-06-20"));
    let note = |head: &str| {
        let output = workspace.run(&["verify", "--head", head]);
        assert!(output.status.success());
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    assert!(note(&older).contains("the digest of 2020-06-01; 1 close follows after it"));
    assert!(note(&newest.to_uppercase()).contains("the digest of the newest close, 2020-06-20"));
    assert_eq!(workspace.fail(&["verify", "--head", "abc"]).0, 64);
}

#[test]
fn a_witness_is_begun_only_if_that_is_meant_and_only_of_closes_that_are_unchanged() {
    let workspace = closed_twice();
    workspace.remove("witness.txt");
    for content in [None, Some("")] {
        if let Some(content) = content {
            workspace.write("witness.txt", content);
        }
        let (code, message) = workspace.fail(&["close", "--as-of", "2020-06-28"]);
        assert_eq!(code, 66, "{message}");
        assert!(
            message.contains("is missing or empty, and the register has 2 closes"),
            "{message}"
        );
    }
    let table = workspace.read("output/2020-06-01/invoices.csv");
    workspace.append("output/2020-06-01/invoices.csv", "forged");
    let begin = ["close", "--as-of", "2020-06-28", "--witness-begin"];
    let (code, message) = workspace.fail(&begin);
    assert_eq!(code, 65, "{message}");
    assert!(message.contains("invoices.csv: has been changed"), "{message}");
    assert_eq!(workspace.read("witness.txt"), HEADER);
    workspace.write("output/2020-06-01/invoices.csv", &table);
    workspace.succeed(&begin);
    let all = ["2020-06-01", "2020-06-20", "2020-06-28"];
    assert_eq!(workspace.read("witness.txt"), lines(&workspace, &all));
    // Said again, it begins nothing anew.
    workspace.succeed(&begin);
    assert_eq!(workspace.read("witness.txt"), lines(&workspace, &all));
}

#[test]
fn closes_that_no_killed_run_explains_are_found() {
    let workspace = closed_twice();
    workspace.write("witness.txt", HEADER);
    let (code, message) = workspace.fail(&["verify", "--witness", "witness.txt"]);
    assert_eq!(code, 66, "{message}");
    workspace.close("2020-06-20");
    workspace.close("2020-06-28");
    workspace.write("witness.txt", &lines(&workspace, &["2020-06-01"]));
    let (code, message) = workspace.fail(&["verify", "--witness", "witness.txt"]);
    assert_eq!(code, 65, "{message}");
    let expected = "witness.txt does not have 2 closes of the register; the first is 2020-06-20";
    assert!(message.contains(expected), "{message}");
}

#[test]
fn a_file_that_can_be_no_witness_is_refused_before_anything_is_published() {
    let workspace = closed_twice();
    let before = workspace.files("output");
    let made = std::process::Command::new("mkfifo").arg(workspace.path("pipe")).status();
    assert!(made.expect("it starts").success());
    workspace.write("text", "not a witness\n");
    workspace.write("line", &format!("{HEADER}no digest  2020-06-01\n"));
    let cases = [
        ("output/witness.txt", 64, "lies in the output folder"),
        ("output/new/witness.txt", 64, "lies in the output folder"),
        ("missing/witness.txt", 66, "is missing or empty"),
        ("pipe", 74, "is not a file"),
        ("input", 74, "is not a file"),
        ("text", 65, "text:1: is no line of a witness"),
        ("line", 65, "line:2: is no line of a witness"),
    ];
    for (witness, expected, says) in cases {
        let arguments = ["close", "--as-of", "2020-06-28", "--witness", witness];
        let (code, message) = workspace.fail(&arguments);
        assert_eq!(code, expected, "{witness}: {message}");
        assert!(message.contains(says), "{witness}: {message}");
    }
    let arguments = ["close", "--as-of", "2020-06-28", "--witness", "no/new", "--witness-begin"];
    assert_eq!(workspace.fail(&arguments).0, 66);
    assert!(workspace.files("output") == before);
    let bare = Workspace::with_latin_sample();
    let (code, message) = bare.fail(&["close", "--as-of", "2020-06-28", "--witness-begin"]);
    assert_eq!(code, 64, "{message}");
}

#[test]
fn a_close_in_the_folder_of_another_is_found() {
    let workspace = closed_twice();
    let [first, second, aside] =
        ["output/2020-06-01", "output/2020-06-20", "aside"].map(|path| workspace.path(path));
    fs::rename(&first, &aside).expect("it moves");
    fs::rename(&second, &first).expect("it moves");
    fs::rename(&aside, &second).expect("it moves");
    for arguments in [&["verify"][..], &["close", "--as-of", "2020-06-28"]] {
        let (code, message) = workspace.fail(arguments);
        assert_eq!(code, 65, "{message}");
        assert!(message.contains("output/2020-06-01: holds the close 2020-06-20"), "{message}");
    }
}

#[test]
fn closes_without_the_link_to_the_newest_are_no_new_start() {
    let workspace = closed_twice();
    let before = workspace.files("output");
    workspace.remove("output/latest");
    for arguments in [&["verify"][..], &["close", "--as-of", "2020-06-28"]] {
        let (code, message) = workspace.fail(arguments);
        assert_eq!(code, 65, "{message}");
        let expected =
            "error: output/latest is missing, and the newest close there is 2020-06-20\n";
        assert!(message.starts_with(expected), "{message}");
        assert!(message.contains("ln -sfn"), "{message}");
    }
    workspace.write("output/latest", "2020-06-20");
    let (code, message) = workspace.fail(&["verify"]);
    assert_eq!(code, 65, "{message}");
    assert!(message.starts_with("error: output/latest is not a link, and"), "{message}");
    workspace.remove("output/latest");
    assert!(workspace.files("output") == before);
    symlink("2020-06-20", workspace.path("output/latest")).expect("a link");
    workspace.close("2020-06-28");
}

/// A run that is killed before it makes the link leaves it to the next one, also if that is killed.
#[test]
fn a_link_that_a_killed_run_did_not_make_is_made_by_the_next() {
    let workspace = witnessed();
    for as_of in ["2020-06-01", "2020-06-20", "2020-06-28"] {
        let mut command = workspace.command(&["close", "--as-of", as_of]);
        let killed = command.env("PRORATA_ABORT_AT", "renamed").output().expect("it starts");
        assert!(!killed.status.success() && workspace.path(&format!("output/{as_of}")).exists());
    }
    // Each run has made the link of the one before.
    let latest = fs::read_link(workspace.path("output/latest")).expect("a link");
    assert_eq!(latest.to_str(), Some("2020-06-20"));
    workspace.close("2020-06-30");
    workspace.succeed(&["verify", "--witness", "witness.txt"]);
}

fn set_mode(workspace: &Workspace, path: &str, mode: u32) {
    fs::set_permissions(workspace.path(path), fs::Permissions::from_mode(mode))
        .expect("it is ours");
}

/// Makes a key, names it in billing.toml, and returns its public key, which the program says.
fn sign(workspace: &Workspace, digit: char) -> String {
    workspace.write("key", &format!("{}\n", digit.to_string().repeat(64)));
    set_mode(workspace, "key", 0o600);
    let settings = workspace.read("input/billing.toml");
    let settings = settings.replace("[output]\n", "[output]\nsigning_key = \"../key\"\n");
    workspace.write("input/billing.toml", &settings);
    let (code, message) = workspace.fail(&["close", "--as-of", "2020-06-30"]);
    assert_eq!(code, 78, "{message}");
    let (_, public) =
        message.split_once("output.public_key is not that of input/../key, ").expect("it says");
    let public = public[..64].to_owned();
    let with_key = format!("[output]\npublic_key = \"{public}\"\n");
    workspace.write("input/billing.toml", &settings.replace("[output]\n", &with_key));
    public
}

#[test]
fn signed_lines_are_checked_and_nobody_without_the_key_can_write_them() {
    let workspace = witnessed();
    let public = sign(&workspace, '7');
    workspace.close("2020-06-01");
    workspace.close("2020-06-20");
    let whole = workspace.read("witness.txt");
    let line = whole.lines().nth(2).expect("a line");
    let content = format!("{}  2020-06-20", head(&workspace, "2020-06-20"));
    assert!(line.starts_with(&content) && line.len() == content.len() + 2 + 128, "{line}");
    let check = ["verify", "--witness", "witness.txt", "--public-key", &public];
    workspace.succeed(&check);
    // A line that was cut is completed with the same signature.
    for length in [whole.len() - 1, whole.len() - 64, whole.len() - 129, whole.len() - 140] {
        workspace.write("witness.txt", &whole[..length]);
        workspace.succeed(&check);
        workspace.close("2020-06-20");
        assert_eq!(workspace.read("witness.txt"), whole, "{length}");
    }
    // Somebody rewrites the register and the witness.
    let first = whole.lines().nth(1).expect("a line");
    let signature = &line[line.len() - 128..];
    workspace.write("witness.txt", &format!("{HEADER}{first}\n"));
    remove_newest(&workspace);
    let settings = workspace.read("input/billing.toml") + "\n[review]\nmoved_by_percent = 30\n";
    workspace.write("input/billing.toml", &settings);
    workspace.close("2020-06-20");
    let forged = format!("{}  2020-06-20", head(&workspace, "2020-06-20"));
    for (end, says) in [("", "is not signed"), (&*format!("  {signature}"), "by another key")] {
        workspace.write("witness.txt", &format!("{HEADER}{first}\n{forged}{end}\n"));
        for arguments in [&check[..], &["close", "--as-of", "2020-06-28"]] {
            let (code, message) = workspace.fail(arguments);
            assert_eq!(code, 65, "{message}");
            assert!(
                message.starts_with("error: ") && message.contains("witness.txt:3: is "),
                "{message}"
            );
            assert!(message.contains(says), "{message}");
        }
    }
}

#[test]
fn signing_may_begin_later_and_is_then_required_of_the_newest_line() {
    let workspace = closed_twice();
    let unsigned = workspace.read("witness.txt");
    let public = sign(&workspace, '8');
    let check = ["verify", "--witness", "witness.txt", "--public-key", &public];
    let (code, message) = workspace.fail(&check);
    assert_eq!(code, 65, "{message}");
    assert!(message.contains("witness.txt:3: is not signed"), "{message}");
    workspace.close("2020-06-28");
    assert!(workspace.read("witness.txt").starts_with(&unsigned));
    workspace.succeed(&check);
    let noted = workspace.run(&["verify", "--witness", "witness.txt"]);
    let noted = String::from_utf8_lossy(&noted.stderr).into_owned();
    assert!(noted.contains("signatures are checked only with --public-key"), "{noted}");
}

#[test]
fn a_key_that_others_may_read_or_that_is_none_is_refused() {
    let workspace = witnessed();
    sign(&workspace, '9');
    for (mode, expected) in [(0o640, 78), (0o602, 78), (0o600, 0), (0o400, 0)] {
        set_mode(&workspace, "key", mode);
        let output = workspace.run(&["close", "--as-of", "2020-06-01"]);
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(expected), "{mode:o}: {message}");
        assert!(expected == 0 || message.contains("other users may read or write it"), "{message}");
    }
    set_mode(&workspace, "key", 0o600);
    workspace.write("key", "no key");
    let (code, message) = workspace.fail(&["close", "--as-of", "2020-06-20"]);
    assert_eq!(code, 78, "{message}");
    assert!(message.contains("is no key of 64 hexadecimal digits"), "{message}");
    workspace.remove("key");
    assert_eq!(workspace.fail(&["close", "--as-of", "2020-06-20"]).0, 66);
    let made = std::process::Command::new("mkfifo").arg(workspace.path("key")).status();
    assert!(made.expect("it starts").success());
    let (code, message) = workspace.fail(&["close", "--as-of", "2020-06-20"]);
    assert_eq!(code, 78, "{message}");
    let settings = workspace.read("input/billing.toml");
    let without = settings.lines().filter(|line| !line.starts_with("signing_key"));
    workspace.write("input/billing.toml", &without.collect::<Vec<_>>().join("\n"));
    let (code, message) = workspace.fail(&["close", "--as-of", "2020-06-20"]);
    assert_eq!(code, 78, "{message}");
    assert!(message.contains("signs nothing"), "{message}");
}
