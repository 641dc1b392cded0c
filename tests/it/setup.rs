//! What is done once, before anything is billed: an input folder, settings, completions, man pages;
//! and what the program says it is.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::Workspace;

#[test]
fn what_init_writes_is_an_input_without_rows() {
    let workspace = Workspace::empty();
    let said = workspace.succeed(&["init", "--to", "new"]);
    assert!(said.starts_with("wrote new\n  billing.toml\n"), "{said}");
    name_the_seller(&workspace);
    let checked = workspace.succeed(&["check", "--input", "new"]);
    assert!(checked.starts_with("Nothing is wrong") && !checked.contains("warning"), "{checked}");
    workspace.succeed(&["open", "--as-of", "2020-06-01", "--input", "new"]);
    workspace.succeed(&["close", "--as-of", "2020-06-28", "--input", "new"]);
    workspace.succeed(&["verify", "--deep", "--input", "new"]);
}

fn name_the_seller(workspace: &Workspace) {
    let settings = workspace.read("new/billing.toml");
    let named = settings.replace("\nname = \"Your company\"\n", "\nname = \"Seats Ltd\"\n");
    assert!(named != settings);
    workspace.write("new/billing.toml", &named);
}

/// The name that init writes is nobody's: nothing is published under it, with or without rows.
#[test]
fn nothing_is_published_before_the_seller_has_a_name() {
    let workspace = Workspace::empty();
    workspace.succeed(&["init", "--to", "new"]);
    for command in [
        &["check"][..],
        &["preview", "--as-of", "2020-06-28"],
        &["open", "--as-of", "2020-06-01"],
        &["close", "--as-of", "2020-06-28"],
        &["close", "--as-of", "2020-06-28", "--withhold"],
    ] {
        let (code, said) = workspace.fail(&[command, &["--input", "new"]].concat());
        assert_eq!(code, 65, "{command:?}: {said}");
        let line = said.lines().next().expect("a line");
        let (place, rule) = line.split_once(": seller.name ").expect("it is about the name");
        assert!(place.starts_with("error: new/billing.toml:"), "{line}");
        assert_eq!(rule, "\"Your company\" is what prorata init writes, and the name of nobody");
    }
    assert!(!workspace.path("output/latest").exists());
}

#[test]
fn init_sets_the_language_and_says_what_it_needs() {
    let workspace = Workspace::empty();
    let said = workspace.succeed(&["init", "--to", "austria", "--locale", "de_at"]);
    assert!(!said.contains("font"), "{said}");
    assert!(workspace.read("austria/billing.toml").contains("\nlocale = \"de-AT\"\n"));
    let said = workspace.succeed(&["init", "--to", "japan", "--locale", "ja"]);
    assert!(
        said.contains(
            "no bundled font has (Han, Hiragana, Katakana, symbols): name a font that has"
        ),
        "{said}"
    );
    let (code, said) = workspace.fail(&["init", "--to", "other", "--locale", "klingon"]);
    assert_eq!(code, 64);
    assert!(said.contains("it is not a locale known here; write a language"), "{said}");
    assert!(!workspace.path("other").exists());
}

/// Headers that init writes take the rows of the sample: no column of it is missing or unknown.
#[test]
fn the_tables_of_init_have_the_columns_of_the_sample() {
    let workspace = Workspace::with_sample();
    workspace.succeed(&["init", "--to", "new"]);
    let files = workspace.files("input");
    let tables = files.iter().filter(|(name, _)| name.contains(".csv"));
    for (name, _) in tables {
        let header = |folder: &str| {
            let text = workspace.read(&format!("{folder}/{name}"));
            text.lines().next().expect("a header").split(',').map(str::to_owned).collect::<Vec<_>>()
        };
        let written = header("new");
        for column in header("input") {
            assert!(written.contains(&column), "{name}: {column}");
        }
    }
}

#[test]
fn init_overwrites_nothing() {
    let workspace = Workspace::with_sample();
    let before = workspace.files("input");
    let (code, message) = workspace.fail(&["init"]);
    assert_eq!(code, 73);
    assert!(message.contains("is there already"), "{message}");
    assert!(workspace.files("input") == before);
}

#[test]
fn settings_that_are_shown_mean_what_the_file_means() {
    let workspace = Workspace::with_sample();
    let shown = workspace.succeed(&["config", "--show"]);
    assert!(shown.contains("round_per = \"line\"\n"), "a default is shown: {shown}");
    assert!(shown.contains("\"Enterprise seats\" = \"4100\"\n"), "{shown}");
    workspace.close("2020-06-28");
    let before = workspace.files("output");
    workspace.write("input/billing.toml", &shown);
    assert_eq!(workspace.succeed(&["config", "--show"]), shown);
    fs::remove_dir_all(workspace.path("output")).expect("a folder");
    workspace.close("2020-06-28");
    // Only billing.toml itself and its digest differ.
    let after = workspace.files("output");
    for (before, after) in before.iter().zip(&after) {
        let is_expected = ["manifest", "inputs/"].iter().any(|it| before.0.contains(it));
        assert!(before == after || is_expected, "{} differs", before.0);
    }
}

#[test]
fn config_asks_for_one_of_the_two() {
    let workspace = Workspace::with_sample();
    assert_eq!(workspace.fail(&["config"]).0, 64);
    assert_eq!(workspace.fail(&["config", "--show", "--schema"]).0, 64);
    assert_eq!(workspace.fail(&["config", "--show", "--input", "elsewhere"]).0, 66);
}

/// `UPDATE_EXPECTED=1 cargo test --test it schema_in_docs` writes it anew.
#[test]
fn the_schema_in_docs_is_the_one_the_program_has() {
    let schema = Workspace::empty().succeed(&["config", "--schema"]);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/billing.schema.json");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&path, &schema).expect("docs is writable");
    }
    assert!(fs::read_to_string(&path).is_ok_and(|text| text == schema), "{}", path.display());
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("it is JSON");
    assert_eq!(schema["additionalProperties"], false);
    let granularity = &schema["properties"]["proration"]["properties"]["granularity"];
    assert_eq!(granularity["default"], "second", "{granularity}");
    let sample = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/input/billing.toml"));
    assert!(sample.is_ok_and(|text| text.starts_with("#:schema ../docs/billing.schema.json\n")));
}

#[test]
fn every_shell_gets_completions_for_every_command() {
    let workspace = Workspace::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = workspace.succeed(&["completions", shell]);
        for word in ["close", "as-of", "completions", "accept-history-change"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        workspace.write(&format!("{shell}.txt"), &script);
    }
    // Whether a shell would read it, asked of those that are here; bash always is.
    for shell in ["bash", "zsh", "fish"] {
        let mut command = Command::new(shell);
        command.arg("-n").arg(workspace.path(&format!("{shell}.txt")));
        match command.status() {
            Ok(status) => assert!(status.success(), "{shell}"),
            Err(_) => assert_ne!(shell, "bash"),
        }
    }
}

#[test]
fn every_command_has_a_man_page() {
    let workspace = Workspace::empty();
    let names = workspace.succeed(&["man", "--to", "man"]);
    let help = workspace.succeed(&["--help"]);
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands.take_while(|line| !line.is_empty());
    let commands = commands.filter_map(|line| line.split_whitespace().next());
    for command in commands.filter(|command| *command != "help") {
        let page = format!("prorata-{command}.1");
        assert!(names.contains(&page), "{page}");
        let text = workspace.read(&format!("man/{page}"));
        assert!(text.contains(&format!(".TH prorata-{command} 1")), "{text}");
    }
    assert!(workspace.read("man/prorata.1").contains(".SH SYNOPSIS"));
}

#[test]
fn the_version_says_commit_and_features() {
    let said = Workspace::empty().succeed(&["--version"]);
    let about = said.trim_end().strip_prefix(concat!("prorata ", env!("CARGO_PKG_VERSION"), " ("));
    let about = about.and_then(|about| about.strip_suffix(')')).expect("it is in brackets");
    let (commit, features) = about.split_once("; features: ").expect("both are said");
    assert!(!features.is_empty());
    let is_commit = commit.split_once(", ").is_some_and(|(id, date)| {
        id.len() >= 7 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) && date.len() == 10
    });
    assert!(is_commit || commit == "unknown commit", "{commit}");
}
