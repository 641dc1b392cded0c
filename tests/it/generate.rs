//! Invented companies: the same everywhere, sound all through, skewed as real ones are, and spoilt
//! only where they say so.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::Workspace;

/// Generates into a folder of the workspace; returns what was said.
fn generate(workspace: &Workspace, to: &str, options: &str) -> String {
    let mut arguments = vec!["generate", "--to", to];
    arguments.extend(options.split_whitespace());
    workspace.succeed(&arguments)
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let workspace = Workspace::empty();
    for (to, seed) in [("one", 7), ("same", 7), ("other", 8)] {
        generate(&workspace, to, &format!("--accounts 200 --seed {seed} --closes"));
    }
    let one = workspace.files("one");
    assert_eq!(one.len(), 12);
    assert!(one == workspace.files("same"), "the same seed gave other bytes");
    let other = workspace.files("other");
    let differing = one.iter().zip(&other).filter(|(one, other)| one.1 != other.1);
    let names: Vec<&str> = differing.map(|(one, _)| &*one.0).collect();
    assert_eq!(
        names,
        [
            "account_changes.csv",
            "accounts.csv",
            "adjustments.csv",
            "changes.csv",
            "discounts.csv",
            "payments.csv",
            "subscriptions.csv"
        ]
    );
}

/// Whoever changes what is drawn changes every demonstration and every measurement: this says so.
#[test]
fn a_seed_means_the_same_company_in_every_version() {
    let workspace = Workspace::empty();
    generate(&workspace, "company", "--accounts 50 --seed 1");
    let files = workspace.files("company");
    let digests = files.iter().map(|(name, bytes)| {
        let sha256 = crate::support::sha256_hex(bytes);
        format!("{name} {}", &sha256[..12])
    });
    let digests: Vec<String> = digests.collect();
    assert_eq!(digests, DIGESTS);
}

const DIGESTS: [&str; 11] = [
    "account_changes.csv b9bd8f6ed59e",
    "accounts.csv 5064e62f4777",
    "adjustments.csv cd6aa4b2097b",
    "billing.toml aefce551a151",
    "changes.csv 242ee57f901d",
    "discounts.csv 35aade4f0dd4",
    "payments.csv aaf7878473a1",
    "price_tiers.csv 912a4e9c0856",
    "prices.csv 33cc8da828b3",
    "subscriptions.csv 4e1a5dd418f3",
    "tax_rates.csv cd461dd6c3a2",
];

/// Names are in scripts that print; whoever wants all of them accepts marks.
#[test]
fn a_company_closes_as_it_is_in_whatever_scripts() {
    for (options, marks) in [("", false), ("--scripts all", true)] {
        let workspace = Workspace::empty();
        generate(&workspace, "input", &format!("--accounts 120 --months 2 {options}"));
        let settings = workspace.read("input/billing.toml");
        assert_eq!(settings.contains("missing_characters = \"mark\""), marks, "{settings}");
        workspace.close("2024-03-01");
        let rows = workspace.rows("output/2024-03-01/exceptions.csv");
        assert_eq!(rows.iter().any(|row| row.get("kind") == "missing_glyph"), marks);
        assert_eq!(workspace.read("input/accounts.csv").contains("株式会社ミドリ"), marks);
    }
}

#[test]
fn what_was_known_is_part_of_what_is_known_later() {
    let workspace = Workspace::empty();
    let options = "--accounts 400 --months 6 --as-known-at";
    generate(&workspace, "early", &format!("{options} 2024-04-01"));
    generate(&workspace, "late", &format!("{options} 2024-06-01"));
    let mut late_rows = 0;
    for (name, bytes) in workspace.files("early") {
        let early = String::from_utf8(bytes).expect("UTF-8");
        let late = workspace.read(&format!("late/{name}"));
        let mut lines = late.lines();
        let missing = early.lines().find(|line| !lines.any(|later| later == *line));
        assert_eq!(missing, None, "{name} lost a line, or the order of two");
        if name == "changes.csv" {
            assert!(early.len() < late.len());
            let known: BTreeSet<&str> = early.lines().collect();
            let new = late.lines().filter(|line| !known.contains(line));
            let at = |line: &str| line.split(',').nth(1).unwrap_or_default().to_owned();
            late_rows = new.filter(|line| *at(line) < *"2024-03-31").count();
        }
    }
    assert!(late_rows > 0, "no row of the log came in late");
}

/// Month by month the log grows, with late rows; all of it is billed, and can be derived again.
#[test]
fn a_company_closes_month_after_month() {
    let workspace = Workspace::empty();
    let closes = ["2024-02-01", "2024-03-01", "2024-04-01"];
    for as_of in closes {
        std::fs::remove_dir_all(workspace.path("input")).expect("the month before");
        let options = format!("--accounts 300 --seed 7 --months 3 --closes --as-known-at {as_of}");
        generate(&workspace, "input", &options);
        // Receipts are tried elsewhere, and take most of the time.
        let settings = workspace.read("input/billing.toml").replace("\"files\"", "\"none\"");
        workspace.write("input/billing.toml", &settings);
        workspace.close(as_of);
    }
    assert_eq!(workspace.read("input/closes.txt").lines().collect::<Vec<_>>(), closes);
    let verified = workspace.succeed(&["verify", "--deep"]);
    assert!(verified.contains("3 derived again"), "{verified}");
    let lines = closes.map(|as_of| workspace.rows(&format!("output/{as_of}/invoice_lines.csv")));
    let kinds: BTreeSet<&str> = lines.iter().flatten().map(|line| line.get("kind")).collect();
    for kind in ["recurring", "unused", "remaining", "adjustment", "discount", "correction"] {
        assert!(kinds.contains(kind), "no line of kind {kind}: {kinds:?}");
    }
}

#[test]
fn a_run_names_every_spoilt_line_and_no_other() {
    let workspace = Workspace::empty();
    let told = generate(&workspace, "input", "--accounts 2000 --months 3 --faults 60");
    let spoilt: BTreeSet<String> = told.lines().filter_map(|line| place(line.trim())).collect();
    assert_eq!(spoilt.len(), 60, "{told}");
    let files: BTreeSet<&str> = spoilt.iter().filter_map(|place| place.split(':').next()).collect();
    assert!(files.len() > 4, "spoilt only {files:?}");
    let (code, _) = workspace.fail(&["close", "--as-of", "2024-02-01"]);
    // The first of them are printed; all are in the file.
    let problems = workspace.rows("output/problems.csv");
    let named: BTreeSet<String> =
        problems.iter().map(|row| row.cells(["file", "line"]).join(":")).collect();
    assert_eq!((code, &named), (65, &spoilt));
    assert!(workspace.files("output").is_empty());
}

/// `input/changes.csv:17` of a line that begins with such a place.
fn place(line: &str) -> Option<String> {
    let (file, rest) = line.split_once(".csv:")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some(format!("{file}.csv:{digits}"))
}

#[test]
fn most_accounts_are_small_and_a_few_are_large() {
    let workspace = Workspace::empty();
    generate(&workspace, "company", "--accounts 2000");
    let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
    let subscriptions = workspace.rows("company/subscriptions.csv");
    for row in &subscriptions {
        *sizes.entry(row.get("account_id").to_owned()).or_default() += 1;
    }
    let mut sizes: Vec<usize> = sizes.into_values().collect();
    sizes.sort_unstable();
    assert_eq!((sizes.len(), sizes[1000]), (2000, 1));
    assert!(sizes[1999] >= 20, "the largest has {}", sizes[1999]);
    let changes = workspace.rows("company/changes.csv").len();
    assert!((3600..4400).contains(&subscriptions.len()), "{}", subscriptions.len());
    assert!((5000..7000).contains(&changes), "{changes}");
}

#[test]
fn an_input_that_is_there_is_left_as_it_is() {
    let workspace = Workspace::with_sample();
    let before = workspace.files("input");
    let (code, stderr) = workspace.fail(&["generate", "--accounts", "5", "--to", "input"]);
    assert_eq!(code, 73);
    assert!(stderr.contains("is there already\nhint: "), "{stderr}");
    assert!(before == workspace.files("input"), "something was written");
    // Under other extensions as well: two files of one name would be two truths.
    std::fs::create_dir(workspace.path("packed")).expect("a folder");
    workspace.write("packed/changes.csv.gz", "");
    let (code, _) = workspace.fail(&["generate", "--accounts", "5", "--to", "packed"]);
    assert_eq!((code, workspace.files("packed").len()), (73, 1));
    let (code, stderr) =
        workspace.fail(&["generate", "--accounts", "5", "--to", "far", "--start", "2899-06-01"]);
    assert_eq!(code, 64, "{stderr}");
    assert!(!workspace.path("far").exists());
}
