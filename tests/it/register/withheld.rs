//! `--withhold`: accounts with something wrong are left out whole, and the next close catches up.

use super::{Row, seats, totals};
use crate::support::Workspace;

/// The company of one account with a second one, billed once.
fn two_accounts() -> Workspace {
    let workspace = seats("advance", &["c1,2015-01-10,s1,quantity,12,,"]);
    workspace.append("input/accounts.csv", "beta,Beta,b@beta.example");
    workspace.append("input/subscriptions.csv", "s2,beta,seat,4,2015-01-01");
    workspace.append("input/changes.csv", "c2,2015-01-20,s2,quantity,6,,");
    workspace.close("2015-01-05");
    workspace
}

fn documents_of(workspace: &Workspace, account: &str) -> Vec<String> {
    let closes = ["2015-01-05", "2015-02-01", "2015-03-01", "2015-04-01"];
    let rows = closes.iter().flat_map(|close| {
        let path = format!("output/{close}/invoices.csv");
        if workspace.path(&path).exists() { workspace.rows(&path) } else { Vec::new() }
    });
    let own = rows.filter(|row| row.get("account_id") == account);
    own.map(|row| row.cells(["issue_date", "total"]).join(" ")).collect()
}

fn exceptions(workspace: &Workspace, close: &str) -> Vec<Row> {
    let rows = workspace.rows(&format!("output/{close}/exceptions.csv"));
    rows.into_iter().filter(|row| row.get("kind") == "withheld").collect()
}

fn withhold(workspace: &Workspace, close: &str) -> (Option<i32>, String) {
    let output = workspace.run(&["close", "--as-of", close, "--withhold"]);
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn the_others_are_billed_and_the_next_close_catches_up_as_if_nothing_had_been() {
    let undisturbed = two_accounts();
    undisturbed.append("input/changes.csv", "c3,2015-02-10,s2,quantity,8,,");
    for close in ["2015-02-01", "2015-03-01", "2015-04-01"] {
        undisturbed.close(close);
    }

    let workspace = two_accounts();
    let sound = workspace.read("input/changes.csv");
    workspace.append("input/changes.csv", "c3,10.02.2015,s2,quantity,8,,");
    let (code, _) = workspace.fail(&["close", "--as-of", "2015-02-01"]);
    assert_eq!(code, 65);
    for close in ["2015-02-01", "2015-03-01"] {
        let (code, said) = withhold(&workspace, close);
        assert_eq!(code, Some(10), "{said}");
        assert!(said.contains("10.02.2015"), "{said}");
        let listed = exceptions(&workspace, close);
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].cells(["account_id", "reference"]), ["beta", "changes.csv:4"]);
        assert!(workspace.read("output/problems.csv").contains("10.02.2015"));
    }
    assert_eq!(documents_of(&workspace, "beta").len(), 1);
    assert_eq!(documents_of(&workspace, "acme").len(), 3);
    // Asked for again, the close is as it was, and still somebody has to look at it.
    assert_eq!(withhold(&workspace, "2015-03-01").0, Some(10));
    assert!(workspace.read("output/problems.csv").contains("10.02.2015"));

    workspace.write("input/changes.csv", &sound);
    workspace.append("input/changes.csv", "c3,2015-02-10,s2,quantity,8,,");
    workspace.close("2015-04-01");
    for account in ["acme", "beta"] {
        assert_eq!(documents_of(&workspace, account), documents_of(&undisturbed, account));
    }
    assert_eq!(exceptions(&workspace, "2015-04-01").len(), 0);
    assert!(!workspace.path("output/problems.csv").exists());
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn an_account_is_left_out_whole_whatever_row_of_it_is_wrong() {
    for (file, row) in [
        ("accounts.csv", "beta,Beta again,b@beta.example"),
        ("subscriptions.csv", "s3,beta,seat,1.5,2015-01-01"),
        ("subscriptions.csv", "s2,beta,seat,4,2015-01-01"),
        ("changes.csv", "c4,2015-01-25,s2,quantity,-1,,"),
        ("changes.csv", "c2,2015-01-26,s2,quantity,3,,"),
    ] {
        let workspace = two_accounts();
        workspace.append(&format!("input/{file}"), row);
        let (code, said) = withhold(&workspace, "2015-02-01");
        assert_eq!(code, Some(10), "{row}: {said}");
        assert_eq!(documents_of(&workspace, "beta").len(), 1, "{row}");
        assert_eq!(totals(&workspace, "2015-02-01").len(), 1, "{row}");
        assert_eq!(exceptions(&workspace, "2015-02-01")[0].get("account_id"), "beta");
    }
}

#[test]
fn an_id_twice_concerns_the_accounts_of_both_rows() {
    let workspace = two_accounts();
    workspace.append("input/accounts.csv", "gamma,Gamma,g@gamma.example");
    workspace.append("input/subscriptions.csv", "s9,gamma,seat,1,2015-01-01");
    workspace.append("input/changes.csv", "c1,2015-01-25,s2,quantity,3,,");
    assert_eq!(withhold(&workspace, "2015-02-01").0, Some(10));
    let listed = exceptions(&workspace, "2015-02-01");
    let accounts: Vec<&str> = listed.iter().map(|row| row.get("account_id")).collect();
    assert_eq!(accounts, ["acme", "beta"]);
}

#[test]
fn what_may_concern_anybody_stops_the_close_all_the_same() {
    for (file, row, told) in [
        ("prices.csv", "cheap,Seats,USD,-1,month,advance,immediate", "prices.csv"),
        ("changes.csv", "c5,2015-01-25,s7,quantity,3,,", "s7"),
        ("changes.csv", "c5,2015-01-25,s2,quantity,3,,,,", "field"),
    ] {
        let workspace = two_accounts();
        workspace.append(&format!("input/{file}"), row);
        let (code, said) = withhold(&workspace, "2015-02-01");
        assert_eq!(code, Some(65), "{row}: {said}");
        assert!(said.contains("--withhold does not help") && said.contains(told), "{said}");
        assert!(!workspace.path("output/2015-02-01").exists());
    }
}

#[test]
fn a_row_that_vanished_may_be_one_of_many() {
    let workspace = two_accounts();
    workspace.close("2015-02-01");
    let changes = workspace.read("input/changes.csv");
    let shorter: Vec<&str> = changes.lines().filter(|line| !line.starts_with("c2")).collect();
    workspace.write("input/changes.csv", &(shorter.join("\n") + "\n"));
    let (code, said) = withhold(&workspace, "2015-03-01");
    assert_eq!(code, Some(65), "{said}");
}

/// A document that would lack characters is withheld like any other that something is wrong with,
/// whether the account's name has them or what it bought.
#[test]
fn an_account_whose_documents_nobody_could_read_is_left_out() {
    for (file, from, to, reason) in [
        (
            "input/accounts.csv",
            "Beta",
            "上海",
            "name \"上海\" has characters that no font here has: Han",
        ),
        ("input/accounts.csv", "Beta", "Be\u{202e}ta", "has the invisible character U+202E"),
        (
            "input/prices.csv",
            "other,Others,",
            "other,席,",
            "account_id \"beta\" has a document with characters that no font here has: Han",
        ),
    ] {
        let workspace = seats("advance", &[]);
        let prices = workspace.read("input/prices.csv");
        let seat = prices.lines().nth(1).expect("a price");
        let (_, terms) = seat.split_once(",USD,").expect("it is in dollars");
        workspace.append("input/prices.csv", &format!("other,Others,USD,{terms}"));
        workspace.append("input/accounts.csv", "beta,Beta,b@beta.example");
        workspace.append("input/subscriptions.csv", "s2,beta,other,4,2015-01-01");
        let content = workspace.read(file);
        assert!(content.contains(from), "{content}");
        workspace.write(file, &content.replace(from, to));
        assert_eq!(workspace.fail(&["close", "--as-of", "2015-01-05"]).0, 65);
        let (code, said) = withhold(&workspace, "2015-01-05");
        assert_eq!(code, Some(10), "{said}");
        assert!(said.contains(reason), "{said}");
        let listed = exceptions(&workspace, "2015-01-05");
        assert_eq!(listed[0].get("account_id"), "beta");
        assert_eq!(documents_of(&workspace, "acme").len(), 1);
        assert_eq!(documents_of(&workspace, "beta").len(), 0);
    }
}

/// Whoever accepts marks gets them, and is told.
#[test]
fn marks_are_printed_where_they_are_accepted() {
    let workspace = two_accounts();
    let accounts = workspace.read("input/accounts.csv");
    workspace.write("input/accounts.csv", &accounts.replace("Beta", "上海"));
    workspace.write_key("input/billing.toml", "[pdf]\nmissing_characters = \"mark\"\n");
    workspace.close("2015-02-01");
    let rows = workspace.rows("output/2015-02-01/exceptions.csv");
    let row = rows.iter().find(|row| row.get("kind") == "missing_glyph").expect("an exception");
    assert_eq!(row.get("account_id"), "beta");
    assert!(row.get("message").contains("上 (U+4E0A), 海 (U+6D77)"), "{}", row.get("message"));
}

/// Where nothing is printed nothing is wrong; a check says what would be.
#[test]
fn a_check_warns_of_what_could_not_be_printed() {
    let workspace = two_accounts();
    let accounts = workspace.read("input/accounts.csv");
    workspace.write("input/accounts.csv", &accounts.replace("Beta", "上海"));
    assert_eq!(workspace.fail(&["check", "--as-of", "2015-02-01"]).0, 65);
    workspace.write_key("input/billing.toml", "[pdf]\npacking = \"none\"\n");
    let said = workspace.succeed(&["check", "--as-of", "2015-02-01"]);
    let warning =
        "\nwarning: input/accounts.csv:3: name \"上海\" has characters that no font here has: Han";
    assert!(said.contains(warning), "{said}");
    workspace.close("2015-02-01");
}
