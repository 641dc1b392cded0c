//! Every command line in README.md and docs/ is run, and what is shown of its output is compared. The
//! blocks of a page are run in order in a copy of the sample.

use std::fs;
use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};

use crate::support::copy_folder;
use crate::support::page::{Block, blocks, pages};

/// One trial a page.
pub(crate) fn trials() -> Vec<Trial> {
    let pages = pages().into_iter().map(|page| {
        let name = page.file_name().expect("a page has a name").display().to_string();
        Trial::test(format!("commands::{name}"), move || check(&page))
    });
    pages.chain([Trial::test("commands::output is compared line by line", compared)]).collect()
}

fn check(page: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(page)?;
    let mut scratch = Scratch::new();
    let mut failures = Vec::new();
    for block in blocks(&text).iter().filter(|block| block.not_run.is_none()) {
        if let Err(failure) = scratch.check(block) {
            failures.push(format!("{}:{}: {failure}", page.display(), block.line));
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n\n").into()) }
}

/// Where the commands of a page run. `/srv` and `/etc` are folders in it.
struct Scratch {
    root: tempfile::TempDir,
    last_status: i32,
}

/// `cargo run` is the program; what else cargo is asked for must at least be there.
const CARGO: &str = r#"#!/bin/sh
case "$1 $2" in
  "run --release") shift 3; exec prorata "$@";;
  "bench --features") test -f "$REPOSITORY/benches/$5.rs";;
  "test "*) test -d "$REPOSITORY/tests";;
  "install --path") test -f "$REPOSITORY/$3/Cargo.toml";;
  *) echo "no cargo $*" >&2; exit 64;;
esac
"#;

impl Scratch {
    fn new() -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        let repository = crate::support::root();
        for folder in ["input", "srv/billing/input"] {
            copy_folder(&repository.join("input"), &root.path().join(folder));
        }
        copy_folder(&repository.join("docs"), &root.path().join("docs"));
        let bin = root.path().join("bin");
        fs::create_dir_all(&bin).expect("a folder");
        fs::create_dir_all(root.path().join("etc")).expect("a folder");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_prorata"), bin.join("prorata"))
            .expect("a link");
        let path = bin.join("cargo");
        fs::write(&path, CARGO).expect("a script");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(&path, mode).expect("it may be run");
        Self { root, last_status: 0 }
    }

    /// Runs a script; what it printed, and whether it succeeded.
    fn run(&mut self, script: &str, shell: &[&str]) -> (String, bool) {
        let root = self.root.path().display();
        let script = script.replace("/srv/", &format!("{root}/srv/"));
        let script = script.replace("/etc/", &format!("{root}/etc/"));
        let path = format!("{root}/bin:{}", std::env::var("PATH").unwrap_or_default());
        let script = format!("exec 2>&1\n(exit {}) || true\n{script}", self.last_status);
        let output = Command::new("bash")
            .args(shell)
            .args(["-c", &script])
            .current_dir(self.root.path())
            .env("PATH", path)
            .env("REPOSITORY", crate::support::root())
            .output()
            .expect("bash starts");
        self.last_status = output.status.code().unwrap_or(-1);
        let text = String::from_utf8_lossy(&output.stdout).replace(&format!("{root}/"), "/");
        (text, output.status.success())
    }

    /// Runs a block; an error says what went wrong.
    fn check(&mut self, block: &Block) -> Result<(), String> {
        if let Some(file) = &block.file {
            return self.write(file, &block.text);
        }
        match block.kind.as_str() {
            "sh" => self.succeed(&block.text),
            "cron" => {
                let lines = block.text.lines().filter(|line| !line.starts_with('#'));
                let mut lines = lines.filter(|line| line.contains(" prorata "));
                lines.try_for_each(|line| {
                    // After the time, a line of /etc/cron.d has a user.
                    let fields = line.split_whitespace().skip(5).skip_while(|it| *it != "prorata");
                    let command: Vec<&str> = fields.collect();
                    self.succeed(&command.join(" ").replace("\\%", "%"))
                })
            }
            "console" => self.converse(&block.text),
            _ => Ok(()),
        }
    }

    /// Writes a file that a page shows.
    fn write(&self, file: &str, text: &str) -> Result<(), String> {
        let path = self.root.path().join(file);
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        folder.and_then(|()| fs::write(&path, text)).map_err(|error| format!("{file}: {error}"))
    }

    fn succeed(&mut self, script: &str) -> Result<(), String> {
        match self.run(script, &["-e", "-u", "-o", "pipefail"]) {
            (_, true) => Ok(()),
            (said, false) => Err(format!("{script}failed:\n{said}")),
        }
    }

    /// Runs each command of a conversation, and compares what it printed.
    fn converse(&mut self, text: &str) -> Result<(), String> {
        for part in format!("\n{text}").split("\n$ ").skip(1) {
            let (command, expected) = part.split_once('\n').unwrap_or((part, ""));
            let command = match command.strip_prefix("echo $?") {
                Some(_) => format!("echo {}", self.last_status),
                None => command.to_owned(),
            };
            let printed = without_times(&self.run(&command, &[]).0);
            if !is_shown_by(&without_times(&filled_in(expected, &printed)), &printed) {
                return Err(format!("$ {command}\nexpected\n{expected}\nbut got\n{printed}"));
            }
        }
        Ok(())
    }
}

/// Without what differs from run to run: the seconds at the end of a line, in brackets.
fn without_times(text: &str) -> String {
    let lines = text.trim_end().lines().map(|line| match line.rsplit_once("  (") {
        Some((before, time)) if time.ends_with(" s)") => before,
        _ => line.trim_end(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The expected lines, in the words that were printed where ` … ` stands for any.
fn filled_in(expected: &str, printed: &str) -> String {
    let fill = |line: &str| {
        let (start, end) = line.split_once(" … ")?;
        let fits = |found: &&str| found.starts_with(start) && found.ends_with(end);
        printed.lines().find(fits).map(str::to_owned)
    };
    expected.lines().map(|line| fill(line).unwrap_or_else(|| line.to_owned()) + "\n").collect()
}

/// Whether what is expected is what was printed, a line `…` standing for any lines.
fn is_shown_by(expected: &str, printed: &str) -> bool {
    let mut rest = format!("\n{printed}\n");
    let mut is_anchored = true;
    for piece in format!("\n{expected}\n").split("\n…\n") {
        let piece = format!("\n{}\n", piece.trim_matches('\n'));
        let found = if piece == "\n\n" { Some(0) } else { rest.find(&piece) };
        match found {
            Some(place) if place == 0 || !is_anchored => {
                rest = rest.split_off((place + piece.len()).saturating_sub(1).min(rest.len()));
                if piece == "\n\n" {
                    rest = format!("\n{}", rest.trim_start_matches('\n'));
                }
            }
            _ => return false,
        }
        is_anchored = false;
    }
    expected.trim_end().ends_with('…') || rest.trim().is_empty()
}

/// What the comparison itself makes of expected and printed lines.
fn compared() -> Result<(), Failed> {
    for (expected, printed, same) in [
        ("a\nb", "a\nb", true),
        ("a\nb", "a\nb\nc", false),
        ("a\n…", "a\nb\nc", true),
        ("a\n…\nc", "a\nb\nc", true),
        ("a\n…\nd", "a\nb\nc", false),
        ("…\nc", "a\nb\nc", true),
        ("b\n…", "a\nb\nc", false),
        ("…\nb", "a\nb\nc", false),
        ("", "", true),
        ("", "a", false),
    ] {
        if is_shown_by(expected, printed) != same {
            return Err(format!("{expected:?} {printed:?}").into());
        }
    }
    Ok(())
}
