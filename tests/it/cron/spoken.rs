//! Results go to stdout and nothing else does; what is said on stderr has levels and two forms.

use serde_json::Value;

use crate::support::Workspace;

/// What a run wrote to stdout and to stderr.
fn run(workspace: &Workspace, arguments: &[&str]) -> (String, String) {
    let output = workspace.run(arguments);
    let text = |bytes| String::from_utf8(bytes).expect("it is UTF-8");
    (text(output.stdout), text(output.stderr))
}

fn lines(stderr: &str) -> Vec<Value> {
    let lines = stderr.lines().map(serde_json::from_str);
    lines
        .map(|line: Result<Value, _>| line.unwrap_or_else(|error| panic!("{error}: {stderr}")))
        .collect()
}

#[test]
fn how_much_is_said_makes_no_difference_to_the_result() {
    let workspace = Workspace::with_sample();
    let (plain, silent) = run(&workspace, &["check"]);
    assert!(plain.starts_with("Nothing is wrong") && silent.is_empty());
    for more in [&["-v"][..], &["-vv"], &["-vv", "--log-format", "json"]] {
        let (result, said) = run(&workspace, &[&["check"], more].concat());
        assert_eq!(result, plain, "{more:?}");
        assert!(!said.is_empty(), "{more:?}");
        let before = run(&workspace, &[more, &["check"]].concat());
        assert_eq!(before.0, plain, "{more:?} before the command");
    }
}

#[test]
fn stages_are_named_with_rows_and_seconds() {
    let workspace = Workspace::with_sample();
    let (_, said) = run(&workspace, &["close", "--as-of", "2020-06-28", "-v"]);
    for line in ["  input     72 rows read", "  printing  24 PDFs written", "  publish   31 files"]
    {
        assert!(said.contains(&format!(" s{line}")), "{line} is not in\n{said}");
    }
    assert!(!said.contains("accounts.csv"), "{said}");
    let (_, said) = run(&workspace, &["close", "--as-of", "2020-06-29", "-vv"]);
    assert!(said.contains("accounts.csv: 10 rows"), "{said}");
}

#[test]
fn quiet_is_quiet_unless_something_is_wrong() {
    let workspace = Workspace::with_sample();
    workspace.append("input/accounts.csv", "odd,Odd,odd@example.com,,,,,,,,DE1,,,");
    let (_, said) = run(&workspace, &["close", "--as-of", "2020-06-01"]);
    let warning = "warning: input/accounts.csv: line 12, tax_id \"DE1\" has not the form of a tax \
                   number of Germany\n";
    assert_eq!(said, warning);
    let output = run(&workspace, &["close", "--as-of", "2020-06-28", "--quiet"]);
    assert_eq!(output, (String::new(), String::new()));
    let (list, said) = run(&workspace, &["owed", "--quiet"]);
    assert!(list.contains("USD") && said.is_empty(), "{list}{said}");
    let output = run(&workspace, &["close", "--as-of", "2020-06-27", "-q"]);
    assert!(output.0.is_empty() && output.1.starts_with("error: "), "{output:?}");
}

#[test]
fn a_line_for_programs_says_when_how_grave_where_and_what() {
    let workspace = Workspace::with_sample();
    let arguments = ["close", "--as-of", "2020-06-28", "-vv", "--log-format", "json"];
    let lines = lines(&run(&workspace, &arguments).1);
    for line in &lines {
        let names: Vec<&String> = line.as_object().expect("an object").keys().collect();
        assert_eq!(names, ["fields", "level", "message", "stage", "time"]);
        let time = line["time"].as_str().expect("a text");
        assert!(chrono::DateTime::parse_from_rfc3339(time).is_ok(), "{time}");
    }
    let input = lines.iter().find(|line| line["message"] == "72 rows read").expect("it is said");
    assert_eq!((&input["stage"], &input["level"]), (&"input".into(), &"debug".into()));
    assert_eq!(input["fields"]["rows"], 72);
    assert!(input["fields"]["seconds"].as_f64().is_some_and(|seconds| seconds >= 0.0));
}

#[test]
fn problems_for_programs_have_fields() {
    let workspace = Workspace::with_sample();
    workspace.append("input/changes.csv", "c-9,2020-13-01,atlas-projects,quantity,2,,,,,");
    let output = workspace.run(&["close", "--as-of", "2020-06-28", "--log-format", "json"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(65), 0));
    let lines = lines(&String::from_utf8_lossy(&output.stderr));
    let fields = &lines[0]["fields"];
    assert_eq!(fields["file"], "input/changes.csv");
    assert_eq!(fields["line"], 13);
    assert_eq!((&fields["column"], &fields["value"]), (&"at".into(), &"2020-13-01".into()));
    assert_eq!(fields["rule"], "is not a date or time");
    assert!(
        fields["hint"].as_str().is_some_and(|hint| hint.starts_with("no calendar has that day"))
    );
    let last = lines.last().expect("a last one");
    assert_eq!(last["fields"]["exit_code"], 65);
}

#[test]
fn other_errors_for_programs_come_with_their_hint() {
    let workspace = Workspace::with_sample();
    workspace.append("input/billing.toml", "\n[colour]");
    let output = workspace.run(&["check", "--log-format", "json"]);
    let lines = lines(&String::from_utf8_lossy(&output.stderr));
    assert_eq!((&lines[0]["stage"], lines.len()), (&"settings".into(), 2));
    assert!(lines[0]["message"].as_str().is_some_and(|text| text.contains("\"colour\"")));
    assert!(lines[0]["fields"]["hint"].is_string());
    assert_eq!(lines[1]["fields"]["exit_code"], 78);
}
