//! What e-invoices need is said before a close, and an account that lacks it holds up no other.

use super::{CLOSES, close, closed, company, names, replace, table};
use crate::support::Workspace;

/// The company with an account that asks for an XRechnung, lacks everything, and is billed nothing.
fn with_a_future_customer() -> Workspace {
    let workspace = company();
    workspace.append(
        "input/accounts.csv",
        "later,Later GmbH,l@later.example,,,,,,,,,,xrechnung,,,,,,,,",
    );
    workspace
}

fn check(workspace: &Workspace, options: &[&str]) -> (Option<i32>, String) {
    let arguments = [&["check", "--as-of", CLOSES[0]], options].concat();
    let output = workspace.run(&arguments);
    (output.status.code(), String::from_utf8(output.stderr).expect("messages are UTF-8"))
}

/// The lines of `accounts.csv` that messages name.
fn named(said: &str) -> Vec<&str> {
    let places = said.lines().filter_map(|line| line.strip_prefix("error: input/accounts.csv:"));
    let mut lines: Vec<&str> = places.filter_map(|rest| Some(rest.split_once(':')?.0)).collect();
    lines.dedup();
    lines
}

#[test]
fn accounts_without_documents_are_checked_only_if_asked() {
    let workspace = with_a_future_customer();
    let (code, said) = check(&workspace, &[]);
    assert_eq!((code, &*said), (Some(0), ""));
    let (code, said) = check(&workspace, &["--einvoice"]);
    assert_eq!((code, named(&said)), (Some(65), vec!["12"]), "{said}");
    for rule in ["BR-DE-15", "BR-DE-8", "BR-DE-9", "BR-11", "PEPPOL-EN16931-R010"] {
        assert!(said.contains(rule), "{rule}: {said}");
    }
    assert!(said.ends_with("5 problems; nothing was published\n"), "{said}");
    // A close asks nobody else either.
    close(&workspace, CLOSES[0]);
}

#[test]
fn with_a_format_all_accounts_are_checked_as_if_they_asked_for_it() {
    let workspace = company();
    assert_eq!(check(&workspace, &["--einvoice"]).0, Some(0));
    assert_eq!(check(&workspace, &["--einvoice=facturx"]).0, Some(0));
    for arguments in [&["--einvoice=xrechnung"][..], &["--einvoice", "xrechnung"]] {
        let (code, said) = check(&workspace, arguments);
        // Belgium, the school, France, Japan and Italy: all that give no reference or address.
        assert_eq!((code, named(&said)), (Some(65), vec!["2", "6", "7", "9", "11"]), "{said}");
    }
    let (_, said) = check(&workspace, &["--einvoice=peppol"]);
    // The authority and the Swiss railway receive e-mail, which is no address in Peppol.
    assert!(["4", "10"].iter().all(|line| named(&said).contains(line)), "{said}");
    assert!(said.contains("PEPPOL-EN16931-CL008"), "{said}");

    let (code, said) = check(&workspace, &["--einvoice=paper"]);
    assert_eq!(code, Some(64), "{said}");
    assert!(said.contains("[possible values: asked, peppol, xrechnung, facturx]"), "{said}");
}

#[test]
fn the_help_names_the_formats() {
    let help = company().succeed(&["check", "--help"]);
    for words in [
        "--einvoice [<FORMAT>]",
        "- asked:     All accounts that ask for an e-invoice",
        "- peppol:    All accounts, as if they asked for Peppol BIS Billing 3",
        "- xrechnung: All accounts, as if they asked for an XRechnung",
        "- facturx:   All accounts, as if they asked for a Factur-X",
    ] {
        assert!(help.contains(words), "{words}: {help}");
    }
}

#[test]
fn an_account_without_what_it_needs_is_withheld_alone_and_caught_up() {
    let undisturbed = closed();
    let workspace = company();
    let sound = workspace.read("input/accounts.csv");
    replace(&workspace, "accounts.csv", ",PO-2025-17,", ",,");
    let arguments = ["close", "--as-of", CLOSES[0], "--bill-from-start"];
    let (code, said) = workspace.fail(&arguments);
    assert_eq!((code, named(&said)), (65, vec!["2"]), "{said}");
    let withheld = workspace.run(&[&arguments[..], &["--withhold"]].concat());
    assert_eq!(withheld.status.code(), Some(10));
    let exceptions = table(&workspace, CLOSES[0], "exceptions");
    let [exception] = &exceptions[..] else { panic!("{exceptions:?}") };
    assert_eq!(
        exception.cells(["kind", "account_id", "reference"]),
        ["withheld", "be-reverse", "accounts.csv:2"]
    );
    assert!(exception.get("message").contains("PEPPOL-EN16931-R003"), "{exception:?}");

    let documents = |workspace: &Workspace, as_of: &str| -> Vec<String> {
        let rows = table(workspace, as_of, "delivery");
        let columns = ["account_id", "due_date", "amount_due", "einvoice_format"];
        rows.iter().map(|row| row.cells(columns).join(" ")).collect()
    };
    let is_its = |text: &String| text.starts_with("be-reverse ");
    let mut others = documents(&undisturbed, CLOSES[0]);
    others.retain(|text| !is_its(text));
    assert_eq!(documents(&workspace, CLOSES[0]), others);

    workspace.write("input/accounts.csv", &sound);
    close(&workspace, CLOSES[1]);
    let mut caught_up = documents(&workspace, CLOSES[1]);
    caught_up.retain(is_its);
    let missed = CLOSES[..2].iter().flat_map(|as_of| documents(&undisturbed, as_of));
    assert_eq!(caught_up, missed.filter(is_its).collect::<Vec<_>>());
    let files = names(&workspace, CLOSES[1]);
    for row in table(&workspace, CLOSES[1], "delivery") {
        let is_there = files.contains(&row.get("einvoice").to_owned());
        assert_eq!(is_there, ["peppol", "xrechnung"].contains(&row.get("einvoice_format")));
    }
    workspace.succeed(&["verify", "--deep"]);
}
