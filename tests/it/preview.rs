//! `prorata preview`: what it shows is what the close then publishes, byte for byte, and it leaves
//! nothing behind.

use std::fs;
use std::path::Path;

use crate::support::{Workspace, data, files_below, lock};

/// Every name in a folder, hidden ones too.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().display().to_string()).collect();
    names.sort();
    names
}

/// The files of a published close that a preview has too.
fn published(workspace: &Workspace, close: &str) -> Vec<(String, Vec<u8>)> {
    let mut files = workspace.files(&format!("output/{close}"));
    files.retain(|(name, _)| !name.starts_with("manifest."));
    files
}

#[test]
fn what_is_shown_is_what_the_close_publishes_byte_for_byte() {
    let workspace = Workspace::with_sample();
    let closes = ["2020-05-20", "2020-06-01", "2020-06-28T12:00:00Z"];
    for (number, as_of) in closes.into_iter().enumerate() {
        if number == 2 {
            // Known late, so that there is something to correct.
            let late = "late-1,2020-04-20T00:00:00Z,fernwood-space,quantity,50,,,,,";
            workspace.append("input/changes.csv", late);
        }
        let to = format!("ahead-{number}");
        workspace.succeed(&["preview", "--as-of", as_of, "--to", &to, "--bill-from-start"]);
        workspace.succeed(&["close", "--as-of", as_of, "--bill-from-start"]);
        let close = as_of.replace(':', "");
        let (shown, done) = (workspace.files(&to), published(&workspace, &close));
        let names = |files: &[(String, Vec<u8>)]| -> Vec<String> {
            files.iter().map(|(name, _)| name.clone()).collect()
        };
        assert_eq!(names(&shown), names(&done));
        for ((name, shown), (_, done)) in shown.into_iter().zip(done) {
            assert!(shown == done, "{as_of}: {name} differs");
        }
        assert!(workspace.path(&to).join("review.csv").exists());
    }
    let corrections = workspace.rows("output/latest/review.csv");
    assert!(corrections.iter().any(|row| row.get("kind") == "correction"), "{corrections:?}");
}

#[test]
fn nothing_is_left_behind_and_no_run_is_disturbed() {
    let workspace = Workspace::with_sample();
    workspace.succeed(&["preview", "--as-of", "2020-06-28"]);
    assert!(!workspace.path("output").exists());
    workspace.close("2020-06-01");
    let (output, before) = (workspace.path("output"), workspace.files("output"));
    let there = names(&output);
    // A close is at work.
    let lock = lock(&workspace);
    let said = workspace.succeed(&["preview", "--as-of", "2020-06-28"]);
    assert!(said.contains("nothing is published"), "{said}");
    drop(lock);
    assert_eq!(names(&output), there);
    assert_eq!(workspace.files("output"), before);
    assert_eq!(names(&workspace.path("")), ["input", "output"]);
}

#[test]
fn a_preview_is_never_taken_for_a_close_and_replaces_nothing() {
    let workspace = Workspace::with_sample();
    workspace.close("2020-06-01");
    for to in ["output/ahead", "output/2020-06-01", "output", "input/../output/x/y"] {
        let (code, message) = workspace.fail(&["preview", "--as-of", "2020-06-28", "--to", to]);
        assert_eq!(code, 64, "{to}: {message}");
        assert!(message.contains("lies in the output folder"), "{to}: {message}");
    }
    let (code, message) = workspace.fail(&["preview", "--as-of", "2020-06-28", "--to", "input"]);
    assert_eq!(code, 73, "{message}");
    assert!(message.contains("input holds files already"), "{message}");
    let (code, message) = workspace.fail(&["preview", "--as-of", "2020-06-01"]);
    assert_eq!(code, 64);
    assert!(message.contains("2020-06-01 is published already"), "{message}");
    let (code, _) = workspace.fail(&["preview", "--as-of", "2020-05-01"]);
    assert_eq!(code, 64);
}

#[test]
fn a_preview_that_fails_leaves_no_folder_and_no_list() {
    let workspace = Workspace::with_sample();
    workspace.append("input/changes.csv", "x,2020-06-02,nobody,cancel,,,,,,,");
    let (code, message) = workspace.fail(&["preview", "--as-of", "2020-06-28", "--to", "ahead"]);
    assert_eq!(code, 65, "{message}");
    assert_eq!(names(&workspace.path("")), ["input"]);
}

#[test]
fn the_clerk_is_shown_what_is_unusual_and_why() {
    let workspace = Workspace::with_input(&data("review/input"));
    workspace.close("2024-02-01");
    workspace.append("input/changes.csv", "c9,2024-01-11T00:00:00Z,s-late,quantity,1");
    let said = workspace.succeed(&["preview", "--as-of", "2024-03-01", "--to", "ahead"]);
    let review = workspace.read("ahead/review.csv");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(data("review/expected.csv"), &review).expect("an expectation");
    }
    let expected = fs::read_to_string(data("review/expected.csv")).expect("an expectation");
    assert_eq!(review, expected);
    for row in workspace.rows("ahead/review.csv") {
        assert!(said.contains(row.get("reference")), "{row:?} is not shown: {said}");
    }
    let other = workspace.succeed(&["preview", "--as-of", "2024-03-01", "--moved-by", "10000%"]);
    assert!(
        said.contains("Totals that moved: ") && !other.contains("Totals that moved"),
        "{other}"
    );
}

#[test]
fn a_long_list_is_cut_and_says_where_the_rest_is() {
    let workspace = Workspace::with_input(&data("review/input"));
    let spare = |number| format!("spare-{number:02},Spare,USD,1.00,month,advance\n");
    let prices: Vec<String> = (0..30).map(spare).collect();
    workspace.write_key("input/prices.csv", &prices.concat());
    let said = workspace.succeed(&["preview", "--as-of", "2024-02-01"]);
    assert!(said.contains("spare-19") && !said.contains("spare-20"), "{said}");
    assert!(said.contains("… and 10 more in review.csv"), "{said}");
    let all = files_below(&workspace.path("input"));
    assert!(all.iter().all(|(name, _)| name != "review.csv"));
}

/// An account with a credit note beside its invoice, and one whose last total was a credit.
fn with_credits() -> Workspace {
    let workspace = Workspace::empty();
    let settings = "[seller]\nname = \"Seats Ltd\"\n[invoice]\ncredit_notes = \"separate\"\n";
    workspace.write("input/billing.toml", settings);
    let accounts = "account_id,name,email\nacme,Acme,a@acme.example\nbeta,Beta,b@beta.example\n";
    workspace.write("input/accounts.csv", accounts);
    workspace.write(
        "input/prices.csv",
        "price_id,product,currency,unit_amount,interval,on_decrease\n\
         seat,Seats,USD,10.00,month,immediate\n",
    );
    workspace.write(
        "input/subscriptions.csv",
        "subscription_id,account_id,price_id,quantity,started_at\ns1,acme,seat,10,2024-01-01\n",
    );
    workspace.write("input/changes.csv", "change_id,at,subscription_id,kind,quantity\n");
    workspace.write(
        "input/adjustments.csv",
        "adjustment_id,account_id,at,description,currency,amount,timing\n\
         x,beta,2024-01-01,Goodwill,USD,-30.00,immediate\n\
         y,beta,2024-01-20,Setup,USD,140.00,immediate\n",
    );
    workspace
}

#[test]
fn what_moved_is_told_of_the_invoice_and_of_no_credit_in_percent() {
    let workspace = with_credits();
    workspace.close("2024-01-05");
    workspace.append("input/changes.csv", "c1,2024-01-31,s1,quantity,4");
    workspace.close("2024-02-05");
    let invoices = workspace.rows("output/2024-02-05/invoices.csv");
    let acme: Vec<[&str; 3]> = invoices
        .iter()
        .filter(|row| row.get("account_id") == "acme")
        .map(|row| row.cells(["invoice_number", "kind", "total"]))
        .collect();
    assert!(acme[0][1] == "credit_note" && acme.iter().any(|it| it[1] == "invoice"), "{acme:?}");
    let invoice = acme.iter().find(|it| it[1] == "invoice").expect("an invoice");
    let review = workspace.rows("output/2024-02-05/review.csv");
    let moved: Vec<[&str; 4]> = review
        .iter()
        .filter(|row| row.get("kind") == "moved")
        .map(|row| row.cells(["account_id", "reference", "before", "message"]))
        .collect();
    let documents = format!("since 2024-01-05; {} documents", acme.len());
    let of_acme = moved.iter().find(|it| it[0] == "acme").expect("it moved");
    assert_eq!(of_acme[1..3], [invoice[0], "100.00"], "{moved:?}");
    assert!(of_acme[3].starts_with("down ") && of_acme[3].ends_with(&documents), "{moved:?}");
    let of_beta = moved.iter().find(|it| it[0] == "beta").expect("it moved");
    assert_eq!(of_beta[2..], ["-30.00", "was a credit on 2024-01-05"], "{moved:?}");
}
