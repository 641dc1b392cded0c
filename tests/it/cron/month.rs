//! Nights on cron: one is missed, one is killed, a change comes in late; and the register is the one
//! that should be there.

use std::collections::BTreeMap;

use crate::support::Workspace;

const LATE: &str = "c-0012,2020-06-24T09:00:00Z,atlas-projects,quantity,0,,,1,,found late";

/// What each account was billed in each currency, over all closes.
fn billed(workspace: &Workspace, closes: &[&str]) -> BTreeMap<(String, String), i64> {
    let mut sums = BTreeMap::new();
    for close in closes {
        for row in workspace.rows(&format!("output/{close}/invoices.csv")) {
            let [account, currency, total] = row.cells(["account_id", "currency", "total"]);
            let minor: i64 = total.replace('.', "").parse().expect("an amount");
            *sums.entry((account.to_owned(), currency.to_owned())).or_default() += minor;
        }
    }
    sums
}

#[test]
fn nights_that_go_wrong_cost_nobody_anything() {
    let workspace = Workspace::with_sample();
    workspace.close("2020-06-26");
    // The night of the 27th is missed, and that of the 28th is killed in the middle of its PDFs.
    let mut command = workspace.command(&["close", "--as-of", "2020-06-28"]);
    let killed = command.env("PRORATA_ABORT_AT", "many").output().expect("it starts");
    assert!(!killed.status.success() && !workspace.path("output/2020-06-28").exists());
    workspace.close("2020-06-29");
    // On the 30th a change of the 24th comes in.
    workspace.append("input/changes.csv", LATE);
    let said = workspace.succeed(&["close", "--as-of", "2020-06-30", "--quiet"]);
    assert!(said.is_empty(), "{said}");
    let documents = workspace.rows("output/2020-06-30/invoices.csv");
    let credit = documents.iter().find(|row| row.get("account_id") == "kumu-atlas");
    let number = credit.expect("it is credited").get("invoice_number");
    let explained = workspace.succeed(&["explain", number]);
    assert!(explained.contains("the change c-0012 of 24 Jun 2020 arrived later"), "{explained}");
    workspace.succeed(&["verify", "--deep"]);

    // As if every night had been quiet and the change had been there in time.
    let timely = Workspace::with_sample();
    timely.append("input/changes.csv", LATE);
    timely.close("2020-06-30");
    let nights = billed(&workspace, &["2020-06-26", "2020-06-29", "2020-06-30"]);
    assert_eq!(nights, billed(&timely, &["2020-06-30"]));
}
