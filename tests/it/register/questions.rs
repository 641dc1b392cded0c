//! `prorata history` and `prorata explain`.

use super::seats;
use crate::support::Workspace;

fn closed() -> Workspace {
    let workspace = Workspace::with_sample();
    workspace.close("2020-05-31");
    workspace.close("2020-06-28");
    workspace
}

#[test]
fn history_lists_an_accounts_documents_over_all_closes() {
    let workspace = closed();
    let table = workspace.succeed(&["history", "--account", "kumu-atlas"]);
    let expected = "\
number          date        period                   currency  total  credit used    due  file
INV-2020-00007  2020-05-27  2020-05-27 – 2020-06-27  USD       70.00         0.00  70.00  output/2020-05-31/pdf/INV-2020-00007.pdf
INV-2020-00019  2020-06-27  2020-06-19 – 2020-07-27  USD       20.05         0.00  20.05  output/2020-06-28/pdf/INV-2020-00019.pdf
";
    assert_eq!(table, expected);
    let json = workspace.succeed(&["history", "--account", "kumu-annual", "--format", "json"]);
    let entries: Vec<serde_json::Value> = serde_json::from_str(&json).expect("JSON");
    let kinds: Vec<&str> = entries.iter().filter_map(|entry| entry["kind"].as_str()).collect();
    assert_eq!(kinds, ["invoice", "invoice", "credit"]);
    let csv = workspace.succeed(&["history", "--account", "kumu-atlas", "--format", "csv"]);
    assert_eq!(csv.lines().count(), 3);
    let (code, message) = workspace.fail(&["history", "--account", "nobody"]);
    assert_eq!(code, 66);
    assert!(message.contains("the register has no account nobody"), "{message}");
}

#[test]
fn explain_gives_the_words_and_the_arithmetic_of_every_line() {
    let workspace = closed();
    let text = workspace.succeed(&["explain", "INV-2020-00019"]);
    for part in [
        "Invoice INV-2020-00019 of 2020-06-27, for Atlas Mapping Co-op (kumu-atlas)",
        "2. Unused time on 3 × Private projects after 19 Jun 2020   -14.93 USD",
        "because of change c-0001",
        "3 × 20.00 = 60.00 a month; 666,540 of 2,678,400 seconds were left; \
         60.00 × 666,540 ÷ 2,678,400 = 14.93, given back",
        "20.00 a month; 666,360 of 2,678,400 seconds were left; \
         20.00 × 666,360 ÷ 2,678,400 = 4.98",
        "Total 20.05 USD; 20.05 is due on 2020-07-11",
    ] {
        assert!(text.contains(part), "{part}\nis not in\n{text}");
    }
    let (code, _) = workspace.fail(&["explain", "INV-2020-99999"]);
    assert_eq!(code, 66);
}

#[test]
fn explain_says_how_tiers_packages_and_credits_come_about() {
    let workspace = closed();
    for (number, part) in [
        ("INV-2020-00008", "150.00 + 30 × 5.00 = 300.00 a month; "),
        ("INV-2020-00011", "3 packages of 5 × 20000.00 = 60000.00 a year"),
        ("INV-2020-00013", "it was added to the account's credit; credit left: 417.16"),
        ("INV-2020-00017", "180.00 a month; 1,335,600 of 2,592,000 seconds are billed"),
    ] {
        let text = workspace.succeed(&["explain", number]);
        assert!(text.contains(part), "{part}\nis not in\n{text}");
    }
}

#[test]
fn explain_is_right_for_net_lines_units_and_corrected_segments() {
    let workspace = seats("arrears", &[]);
    workspace.close("2015-02-01");
    workspace.append("input/changes.csv", "c1,2015-01-20,s1,quantity,8,,");
    workspace.close("2015-03-01");
    let text = workspace.succeed(&["explain", "INV-2015-00002"]);
    for part in [
        "because line 1 of invoice INV-2015-00001 is corrected: the change c1 of 20 Jan 2015",
        "10 × 5.00 = 50.00 a month; 1,641,600 of 2,678,400 seconds are billed",
        "Seats from 20 Jan 2015; the change c1 of 20 Jan 2015 arrived later",
    ] {
        assert!(text.contains(part), "{part}\nis not in\n{text}");
    }
    let workspace = seats("advance", &["c1,2015-01-20,s1,quantity,7,,"]);
    workspace.write_key("input/billing.toml", "[proration]\nround_per = \"unit\"\n");
    workspace.close("2015-02-01");
    let text = workspace.succeed(&["explain", "INV-2015-00002"]);
    assert!(
        text.contains("5.00 × 1,036,800 ÷ 2,678,400 = 1.94 a unit; 7 × 1.94 = 13.58"),
        "{text}"
    );
    let workspace = seats("advance", &["c1,2015-01-20,s1,quantity,7,,"]);
    workspace.write_key("input/billing.toml", "[invoice]\nproration_lines = \"net\"\n");
    workspace.close("2015-02-01");
    let text = workspace.succeed(&["explain", "INV-2015-00002"]);
    let part = "7 × 5.00 = 35.00 less 10 × 5.00 = 50.00 a month; 1,036,800 of 2,678,400 seconds were \
                left; that share of each of the two, rounded, comes to 5.80, given back";
    assert!(text.contains(part), "{part}\nis not in\n{text}");
}

#[test]
fn an_account_that_a_spreadsheet_is_guarded_from_can_be_asked_for() {
    let workspace = seats("advance", &[]);
    for file in ["accounts", "subscriptions"] {
        let path = format!("input/{file}.csv");
        workspace.write(&path, &workspace.read(&path).replace("acme,", "@acme,"));
    }
    workspace.close("2015-02-01");
    let list = workspace.succeed(&["history", "--account", "@acme"]);
    assert_eq!(list.lines().count(), 3, "{list}");
    let text = workspace.succeed(&["explain", "INV-2015-00001"]);
    assert!(text.contains("(@acme)"), "{text}");
}

#[test]
fn a_reader_that_is_gone_is_no_failure_and_a_full_one_is_said_so() {
    let workspace = closed();
    let binary = env!("CARGO_BIN_EXE_prorata");
    let run = |redirection: &str| {
        let script = format!("set -o pipefail; '{binary}' explain INV-2020-00019 {redirection}");
        let mut command = std::process::Command::new("bash");
        command.args(["-c", &script]).current_dir(workspace.path(".")).output().expect("bash")
    };
    assert_eq!(run("| true").status.code(), Some(0));
    let full = run("> /dev/full");
    assert_eq!(full.status.code(), Some(74));
    assert!(String::from_utf8_lossy(&full.stderr).contains("cannot write to stdout"));
}
