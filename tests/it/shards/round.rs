//! The steps of a round: in any order of tasks, twice, at once, killed, and refused.

use std::process::{Child, Stdio};

use super::{CLOSES, assert_same, company, published};
use crate::support::Workspace;

/// A workspace whose next close is published in shards, and its output without shards.
fn begun(options: &str) -> (Workspace, Vec<(String, Vec<u8>)>) {
    let workspace = Workspace::empty();
    company(&workspace, options, CLOSES[0], &[]);
    workspace.succeed(&["close", "--as-of", CLOSES[0], "--bill-from-start"]);
    company(&workspace, options, CLOSES[1], &[]);
    let whole = workspace.again();
    whole.succeed(&["close", "--as-of", CLOSES[1], "--shards", "1"]);
    (workspace, published(&whole))
}

const STEP: [&str; 4] = ["shard", "", "--as-of", CLOSES[1]];

fn step<'a>(name: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = STEP.to_vec();
    arguments[1] = name;
    arguments.extend(more);
    arguments
}

fn spawn(workspace: &Workspace, arguments: &[&str]) -> Child {
    let mut command = workspace.command(arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts")
}

#[test]
fn tasks_may_run_in_any_order_twice_and_at_once() {
    let (workspace, whole) = begun("--accounts 30 --seed 7");
    assert_eq!(workspace.succeed(&step("begin", &["--shards", "3"])), "round of 3 shards begun\n");
    workspace.succeed(&step("begin", &["--shards", "3"]));
    for shard in ["2/3", "0/3", "1/3", "0/3"] {
        workspace.succeed(&step("draft", &["--shard", shard]));
    }
    workspace.succeed(&step("number", &[]));
    assert_eq!(workspace.succeed(&step("number", &[])), "documents numbered before\n");
    // Two attempts of each shard at once.
    let tasks = ["1/3", "1/3", "2/3", "2/3", "0/3", "0/3"];
    let tasks = tasks.map(|shard| spawn(&workspace, &step("close", &["--shard", shard])));
    for mut task in tasks {
        assert!(task.wait().expect("it ends").success());
    }
    workspace.succeed(&step("publish", &[]));
    assert_same(&whole, &published(&workspace), "steps");
    // A task that comes late finds the close published.
    for late in [
        step("draft", &["--shard", "0/3"]),
        step("number", &[]),
        step("close", &["--shard", "0/3"]),
        step("begin", &["--shards", "3"]),
    ] {
        assert_eq!(workspace.succeed(&late), "the close is published\n");
    }
    assert!(workspace.succeed(&step("publish", &[])).contains("was published before"));
}

#[test]
fn a_round_may_have_one_shard() {
    let (workspace, whole) = begun("--accounts 20 --seed 8");
    workspace.succeed(&step("begin", &["--shards", "1"]));
    workspace.succeed(&step("draft", &["--shard", "0/1"]));
    workspace.succeed(&step("number", &[]));
    workspace.succeed(&step("close", &["--shard", "0/1"]));
    workspace.succeed(&step("publish", &[]));
    assert_same(&whole, &published(&workspace), "one shard");
}

#[test]
fn while_a_round_is_open_nothing_else_is_published() {
    let (workspace, whole) = begun("--accounts 20 --seed 8");
    workspace.succeed(&step("begin", &["--shards", "2"]));
    workspace.succeed(&step("draft", &["--shard", "0/2"]));
    for other in [
        vec!["close", "--as-of", CLOSES[1]],
        vec!["close", "--as-of", CLOSES[2], "--ahead", "--shards", "2"],
        vec!["shard", "begin", "--as-of", CLOSES[2], "--shards", "2"],
    ] {
        let (code, said) = workspace.fail(&other);
        assert_eq!(code, 75, "{said}");
        assert!(said.contains("is a round that has begun and is not published"), "{said}");
    }
    // Questions are answered all the same.
    workspace.succeed(&["verify"]);
    workspace.succeed(&step("draft", &["--shard", "1/2"]));
    workspace.succeed(&step("number", &[]));
    for shard in ["0/2", "1/2"] {
        workspace.succeed(&step("close", &["--shard", shard]));
    }
    workspace.succeed(&step("publish", &[]));
    assert_same(&whole, &published(&workspace), "after refusals");
}

#[test]
fn a_round_that_is_dropped_leaves_nothing() {
    let (workspace, whole) = begun("--accounts 20 --seed 8");
    let before = published(&workspace);
    workspace.succeed(&step("begin", &["--shards", "2"]));
    workspace.succeed(&step("draft", &["--shard", "0/2"]));
    workspace.succeed(&step("abandon", &[]));
    assert_eq!(workspace.succeed(&step("abandon", &[])), "round dropped before\n");
    assert_same(&before, &published(&workspace), "dropped");
    let (code, said) = workspace.fail(&step("draft", &["--shard", "0/2"]));
    assert_eq!(code, 66, "{said}");
    workspace.succeed(&["close", "--as-of", CLOSES[1]]);
    assert_same(&whole, &published(&workspace), "without shards after all");
}

#[test]
fn a_task_that_does_not_belong_to_the_round_is_refused() {
    let (workspace, _) = begun("--accounts 20 --seed 8");
    workspace.succeed(&step("begin", &["--shards", "2"]));
    let refused = |arguments: &[&str], code: i32, text: &str| {
        let (found, said) = workspace.fail(arguments);
        assert_eq!(found, code, "{said}");
        assert!(said.contains(text), "{said}");
    };
    refused(&step("draft", &["--shard", "0/3"]), 64, "began with 2 shards");
    refused(&step("draft", &["--shard", "0/1"]), 64, "began with 2 shards");
    refused(&step("begin", &["--shards", "3"]), 64, "began with 2 shards");
    refused(
        &step("begin", &["--shards", "2", "--accept-history-change"]),
        64,
        "began with no options",
    );
    refused(&step("begin", &["--shards", "2", "--withhold"]), 64, "--withhold");
    refused(&step("number", &[]), 66, "the drafts of these shards are missing: 0/2, 1/2");
    refused(&step("close", &["--shard", "0/2"]), 66, "missing");
    refused(&step("publish", &[]), 66, "missing");
    workspace.succeed(&step("draft", &["--shard", "0/2"]));
    // The second shard finds another input.
    workspace.append(
        "input/accounts.csv",
        &workspace
            .read("input/accounts.csv")
            .lines()
            .last()
            .map(|line| line.replacen("acc", "new-acc", 1))
            .expect("a row"),
    );
    workspace.succeed(&step("draft", &["--shard", "1/2"]));
    refused(&step("number", &[]), 65, "accounts.csv of shard 1/2 is not what the round began with");
}

#[test]
fn input_that_changes_after_the_drafts_stops_the_round() {
    let (workspace, _) = begun("--accounts 20 --seed 8");
    workspace.succeed(&step("begin", &["--shards", "2"]));
    for shard in ["0/2", "1/2"] {
        workspace.succeed(&step("draft", &["--shard", shard]));
    }
    workspace.succeed(&step("number", &[]));
    let changes = workspace.read("input/changes.csv");
    workspace.write("input/changes.csv", &format!("{changes}\n"));
    let (code, said) = workspace.fail(&step("close", &["--shard", "1/2"]));
    assert_eq!(code, 65, "{said}");
    assert!(said.contains("changes.csv of shard 1/2 is not what the round began with"), "{said}");
    workspace.write("input/changes.csv", &changes);
    for shard in ["0/2", "1/2"] {
        workspace.succeed(&step("close", &["--shard", shard]));
    }
    workspace.write("input/changes.csv", &format!("{changes}\n"));
    let (code, said) = workspace.fail(&step("publish", &[]));
    assert_eq!(code, 65, "{said}");
    assert!(said.contains("changes.csv is not what the round began with"), "{said}");
    workspace.write("input/changes.csv", &changes);
    workspace.succeed(&step("publish", &[]));
}

/// How many instants tasks are killed at; `PRORATA_KILLS` asks for more.
fn kills() -> u32 {
    std::env::var("PRORATA_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(25)
}

/// Every step is killed at instants spread over its time, and run again.
#[test]
fn killed_at_any_instant_a_round_goes_on() {
    let (workspace, whole) = begun("--accounts 20 --seed 8");
    let steps = [
        step("begin", &["--shards", "2"]),
        step("draft", &["--shard", "0/2"]),
        step("draft", &["--shard", "1/2"]),
        step("number", &[]),
        step("close", &["--shard", "1/2"]),
        step("close", &["--shard", "0/2"]),
        step("publish", &[]),
    ];
    let each = kills().div_ceil(u32::try_from(steps.len()).expect("few"));
    for arguments in &steps {
        let trial = workspace.again();
        let begun = std::time::Instant::now();
        trial.succeed(arguments);
        let duration = begun.elapsed();
        for kill in 0..each {
            let trial = workspace.again();
            let mut task = spawn(&trial, arguments);
            std::thread::sleep(duration * kill / each);
            let _ = task.kill();
            let _ = task.wait();
            trial.succeed(arguments);
            if arguments[1] == "publish" {
                assert_same(&whole, &published(&trial), "killed while publishing");
            }
        }
        workspace.succeed(arguments);
    }
    assert_same(&whole, &published(&workspace), "after all");
}

/// A kill of one process that closes shard after shard leaves what the next run removes.
#[test]
fn a_killed_close_in_shards_is_made_anew() {
    let (workspace, whole) = begun("--accounts 20 --seed 8");
    for step in ["input-read", "attempt-synced", "attempt-finished", "invoices.csv", "synced"] {
        let trial = workspace.again();
        let arguments = ["close", "--as-of", CLOSES[1], "--shards", "3"];
        let mut command = trial.command(&arguments);
        let output = command.env("PRORATA_ABORT_AT", step).output().expect("it starts");
        assert!(!output.status.success(), "{step}: it was not killed");
        trial.succeed(&["close", "--as-of", CLOSES[1]]);
        assert_same(&whole, &published(&trial), step);
    }
}

/// A list that a step hands on and that is changed or lost stops the next step.
#[test]
fn damaged_lists_between_the_steps_are_found() {
    let (workspace, whole) = begun("--accounts 20 --seed 8");
    workspace.succeed(&step("begin", &["--shards", "2"]));
    for shard in ["0/2", "1/2"] {
        workspace.succeed(&step("draft", &["--shard", shard]));
    }
    let folder = format!("output/.shards-{}", CLOSES[1]);
    let refuse = |path: &str, next: &[&str]| {
        let path = format!("{folder}/{path}");
        let mut bytes = std::fs::read(workspace.path(&path)).expect("a file");
        let trial = workspace.again();
        trial.remove(&path);
        let (code, said) = trial.fail(next);
        assert!(code == 65 && said.contains("is missing"), "{path}: {said}");
        for place in (0..bytes.len()).step_by(97) {
            bytes[place] ^= 1;
            std::fs::write(trial.path(&path), &bytes).expect("it is written");
            let (code, said) = trial.fail(next);
            assert!(code == 65 && said.contains("has been changed"), "{path} at {place}: {said}");
            bytes[place] ^= 1;
        }
    };
    for path in ["draft-0/documents.parquet", "draft-1/sizes.parquet"] {
        refuse(path, &step("number", &[]));
    }
    workspace.succeed(&step("number", &[]));
    refuse("numbers/shard-1.parquet", &step("close", &["--shard", "1/2"]));
    for shard in ["0/2", "1/2"] {
        workspace.succeed(&step("close", &["--shard", shard]));
    }
    workspace.succeed(&step("publish", &[]));
    assert_same(&whole, &published(&workspace), "undamaged");
}

/// A file of a shard that is cut, changed or lost is found before anything is published.
#[test]
fn damaged_files_of_shards_are_found() {
    let (workspace, whole) = begun("--accounts 20 --seed 8");
    workspace.succeed(&step("begin", &["--shards", "2"]));
    for shard in ["0/2", "1/2"] {
        workspace.succeed(&step("draft", &["--shard", shard]));
    }
    workspace.succeed(&step("number", &[]));
    for shard in ["0/2", "1/2"] {
        workspace.succeed(&step("close", &["--shard", shard]));
    }
    let folder = format!("output/.shards-{}/shard-1", CLOSES[1]);
    let files: Vec<String> = workspace.files(&folder).into_iter().map(|(path, _)| path).collect();
    let pdfs = files.iter().filter(|path| path.starts_with("pdf/")).skip(1);
    let pdfs: Vec<&String> = pdfs.collect();
    for path in files.iter().filter(|path| !pdfs.contains(path)) {
        let trial = workspace.again();
        trial.remove(&format!("{folder}/{path}"));
        let (code, said) = trial.fail(&step("publish", &[]));
        assert_eq!(code, 65, "{path}: {said}");
        if !path.starts_with("pdf/") {
            let full = trial.path(&format!("{folder}/{path}"));
            let mut bytes =
                std::fs::read(workspace.path(&format!("{folder}/{path}"))).expect("a file");
            let middle = bytes.len() / 2;
            if bytes.is_empty() {
                bytes.push(b'x');
            } else {
                bytes[middle] ^= 1;
            }
            std::fs::write(full, bytes).expect("it is written");
            let (code, said) = trial.fail(&step("publish", &[]));
            assert!([65, 70].contains(&code), "{path}: {code} {said}");
        }
    }
    workspace.succeed(&step("publish", &[]));
    assert_same(&whole, &published(&workspace), "undamaged");
}
