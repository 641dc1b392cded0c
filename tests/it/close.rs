//! `prorata close` from the outside: determinism, catching up, all or nothing, one run at a time.

use std::fs;

use crate::support::Workspace;

#[test]
fn the_number_of_threads_changes_no_byte() {
    let outputs = ["1", "2", "5"].map(|threads| {
        let workspace = Workspace::with_sample();
        let mut command = workspace.command(&["close", "--as-of", "2020-06-28"]);
        let output = command.env("RAYON_NUM_THREADS", threads).output().expect("it starts");
        assert!(output.status.success());
        workspace.files("output")
    });
    assert!(outputs[0].iter().any(|(name, _)| name.starts_with("2020-06-28/pdf/INV")));
    assert!(outputs[0] == outputs[1] && outputs[1] == outputs[2]);
}

#[test]
fn missed_nights_are_caught_up_with_the_same_rows() {
    let nightly = Workspace::with_latin_sample();
    let mut rows = Vec::new();
    for day in 1..=28 {
        let as_of = format!("2020-06-{day:02}");
        nightly.close(&as_of);
        rows.extend(table(&nightly, &as_of, "invoices.csv").lines().skip(1).map(str::to_owned));
    }
    let at_once = Workspace::with_latin_sample();
    at_once.close("2020-06-28");
    let expected = table(&at_once, "2020-06-28", "invoices.csv");
    assert_eq!(rows, expected.lines().skip(1).collect::<Vec<_>>());
    for (name, bytes) in at_once.files("output/2020-06-28/pdf") {
        let same = nightly
            .files("output")
            .into_iter()
            .any(|(path, other)| path.ends_with(&name) && other == bytes);
        assert!(same, "{name} differs");
    }
}

fn table(workspace: &Workspace, close: &str, name: &str) -> String {
    workspace.read(&format!("output/{close}/{name}"))
}

#[test]
fn a_second_run_changes_nothing_and_says_so() {
    let workspace = Workspace::with_sample();
    workspace.close("2020-06-28");
    let before = workspace.files("output");
    let said = workspace.close("2020-06-28");
    assert!(said.contains("was published before"), "{said}");
    assert_eq!(workspace.files("output"), before);
}

#[test]
fn a_close_that_was_altered_is_not_passed_over() {
    let workspace = Workspace::with_sample();
    workspace.close("2020-06-28");
    let path = "output/2020-06-28/invoices.csv";
    let altered = workspace.read(path).replace("20.05", "20.06");
    workspace.write(path, &altered);
    let (code, message) = workspace.fail(&["close", "--as-of", "2020-06-28"]);
    assert_eq!(code, 65);
    assert!(message.contains("invoices.csv: has been changed"), "{message}");
}

#[test]
fn latest_points_at_the_newest_close() {
    let workspace = Workspace::with_sample();
    for as_of in ["2020-06-01", "2020-06-28T12:00:00Z"] {
        workspace.close(as_of);
    }
    let latest = fs::read_link(workspace.path("output/latest")).expect("a link");
    assert_eq!(latest.to_str(), Some("2020-06-28T120000Z"));
}

#[test]
fn wrong_input_publishes_nothing() {
    let workspace = Workspace::with_sample();
    workspace.append("input/changes.csv", "c-bad,2020-06-19,atlas-projects,quantity,-1,,,,,");
    let (code, message) = workspace.fail(&["close", "--as-of", "2020-06-28"]);
    assert_eq!(code, 65);
    assert!(message.contains("quantity \"-1\" is negative"), "{message}");
    assert_eq!(workspace.files("output"), []);
}

#[test]
fn one_run_at_a_time() {
    let workspace = Workspace::with_sample();
    fs::create_dir_all(workspace.path("output")).expect("a folder");
    let lock = fs::File::create(workspace.path("output/.lock")).expect("a lock file");
    fs::write(workspace.path("output/.lock"), "process 4711").expect("a holder");
    lock.lock().expect("the lock");
    let (code, message) = workspace.fail(&["close", "--as-of", "2020-06-28"]);
    assert_eq!(code, 75);
    assert!(message.contains("in use by process 4711"), "{message}");
}

#[test]
fn no_cell_becomes_a_formula() {
    let workspace = Workspace::with_sample();
    let accounts = workspace.read("input/accounts.csv");
    let evil =
        accounts.replace("Atlas Mapping Co-op", "\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
    workspace.write("input/accounts.csv", &evil);
    workspace.close("2020-06-28");
    let rows = workspace.rows("output/2020-06-28/invoices.csv");
    let names: Vec<&str> = rows.iter().map(|row| row.get("account_name")).collect();
    assert!(names.contains(&"'=HYPERLINK(\"http://x\",\"y\")"), "{names:?}");
    for row in rows {
        for column in ["account_id", "account_name", "billing_email", "invoice_number"] {
            assert!(!row.get(column).starts_with(['=', '+', '-', '@']), "{row:?}");
        }
    }
}

#[test]
fn numbers_have_no_gaps_and_dates_do_not_go_back() {
    let workspace = Workspace::with_sample();
    workspace.close("2020-06-28");
    let rows = workspace.rows("output/2020-06-28/invoices.csv");
    let numbers: Vec<String> =
        rows.iter().map(|row| row.get("invoice_number").to_owned()).collect();
    let expected: Vec<String> =
        (1..=rows.len()).map(|count| format!("INV-2020-{count:05}")).collect();
    assert_eq!(numbers, expected);
    let dates: Vec<&str> = rows.iter().map(|row| row.get("issue_date")).collect();
    assert!(dates.is_sorted(), "{dates:?}");
}

#[test]
fn the_summary_shows_totals_by_currency_and_where_the_files_are() {
    let workspace = Workspace::with_sample();
    let said = workspace.close("2020-06-28");
    for part in ["10 accounts", "19 documents", "USD", "JPY", "KWD", "output/2020-06-28"] {
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
}

#[test]
fn a_net_line_says_what_came_instead_of_what_and_how_much_was_left() {
    let workspace = Workspace::with_sample();
    let settings = workspace.read("input/billing.toml");
    let net = settings.replace("[invoice]", "[invoice]\nproration_lines = \"net\"");
    workspace.write("input/billing.toml", &net);
    workspace.close("2020-06-28");
    let rows = workspace.rows("output/2020-06-28/invoice_lines.csv");
    let lines = rows.iter().filter(|row| row.get("invoice_number") == "INV-2020-00019");
    let shown: Vec<String> =
        lines.map(|row| row.cells(["description", "amount"]).join("  ")).collect();
    assert_eq!(
        shown,
        [
            "2 instead of 3 × Private projects after 19 Jun 2020, 8 of 31 days  -4.98",
            "1 instead of 2 × Private projects after 19 Jun 2020, 8 of 31 days  -4.97",
            "Org membership  10.00",
            "Private projects  20.00",
        ]
    );
}

#[test]
fn check_publishes_nothing_and_says_what_a_close_would() {
    let workspace = Workspace::with_sample();
    let said = workspace.succeed(&["check"]);
    assert!(said.contains("Nothing is wrong") && said.contains("15 subscriptions"), "{said}");
    assert!(!workspace.path("output").exists());
    workspace.close("2020-06-28");
    workspace.append("input/changes.csv", "c-9,2020-06-29,atlas-projects,quantity,x,,,,,");
    let (code, checked) = workspace.fail(&["check"]);
    let (close_code, closed) = workspace.fail(&["close", "--as-of", "2020-06-30"]);
    assert_eq!((code, &checked), (close_code, &closed));
    assert_eq!(code, 65);
}

#[test]
fn all_problems_are_in_a_file_and_the_first_of_them_are_printed() {
    let workspace = Workspace::with_sample();
    let sound = workspace.read("input/changes.csv");
    for number in 0..60 {
        workspace
            .append("input/changes.csv", &format!("x-{number},soon,lodz-projects,cancel,,,,,,"));
    }
    let (code, message) = workspace.fail(&["close", "--as-of", "2020-06-28"]);
    assert_eq!(code, 65);
    assert_eq!(message.matches("error: ").count(), 50);
    assert!(message.contains("60 × input/changes.csv: at is not a date or time"), "{message}");
    assert!(message.contains("all are in output/problems.csv"), "{message}");
    let rows = workspace.rows("output/problems.csv");
    assert_eq!(rows.len(), 60);
    let first = rows[0].cells(["file", "line", "column", "value", "rule"]);
    assert_eq!(first, ["input/changes.csv", "13", "at", "soon", "is not a date or time"]);
    // It is no part of the register, and goes once nothing is wrong.
    workspace.write("input/changes.csv", &sound);
    workspace.close("2020-06-28");
    assert!(!workspace.path("output/problems.csv").exists());
}
