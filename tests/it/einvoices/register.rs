//! E-invoices are files of a close like others: kept, compared, and published all or none.

use std::fs;

use super::{CLOSES, close, closed, company, names, replace, table};
use crate::support::Workspace;

#[test]
fn a_register_with_e_invoices_is_verified() {
    let workspace = closed();
    for arguments in [&["verify"][..], &["verify", "--deep"]] {
        workspace.succeed(arguments);
    }
}

#[test]
fn a_changed_a_missing_and_another_e_invoice_are_found() {
    let workspace = company();
    close(&workspace, CLOSES[0]);
    let name = names(&workspace, CLOSES[0]).remove(0);
    let path = format!("output/{}/{name}", CLOSES[0]);
    let sound = workspace.read(&path);
    let found = |says: &str| {
        let (code, said) = workspace.fail(&["verify"]);
        assert!(code == 65 && said.contains(&format!("{name}: {says}")), "{says}: {said}");
    };
    workspace.write(&path, &sound.replacen("<cbc:ID>", "<cbc:ID>9", 1));
    found("has been changed");
    workspace.remove(&path);
    found("No such file");
    workspace.write(&path, &sound);
    workspace.succeed(&["verify"]);

    let added = format!("output/{}/einvoice/INV-2025-90000.xml", CLOSES[0]);
    workspace.write(&added, &sound);
    let (code, said) = workspace.fail(&["verify"]);
    assert!(code == 65 && said.contains("einvoice/INV-2025-90000.xml: "), "{said}");
}

#[test]
fn an_account_that_changes_its_format_keeps_what_was_published() {
    let workspace = company();
    close(&workspace, CLOSES[0]);
    let before = workspace.files(&format!("output/{}", CLOSES[0]));
    replace(&workspace, "accounts.csv", ",BE,peppol,", ",BE,none,");
    replace(&workspace, "accounts.csv", ",IT,none,,", ",IT,facturx,,");
    close(&workspace, CLOSES[1]);
    let format = |as_of: &str, account: &str| -> Vec<String> {
        let rows = table(&workspace, as_of, "delivery");
        let own = rows.iter().filter(|row| row.get("account_id") == account);
        let mut formats: Vec<String> =
            own.map(|row| row.get("einvoice_format").to_owned()).collect();
        formats.dedup();
        formats
    };
    for (account, formats) in [
        ("be-reverse", ["peppol", ""]),
        ("it-paper", ["", "facturx"]),
        ("us-export", ["peppol"; 2]),
    ] {
        let found = [CLOSES[0], CLOSES[1]].map(|as_of| format(as_of, account));
        assert_eq!(found, formats.map(|it| vec![it.to_owned()]), "{account}");
    }
    assert!(workspace.files(&format!("output/{}", CLOSES[0])) == before);
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn a_close_that_is_killed_publishes_no_e_invoice_and_the_next_all_of_them() {
    let undisturbed = company();
    close(&undisturbed, CLOSES[0]);
    for (packing, step) in [("files", "many"), ("files", "synced"), ("zip", "many")] {
        let workspace = company();
        workspace.write_key("input/billing.toml", &format!("[pdf]\npacking = \"{packing}\"\n"));
        let killed = |workspace: &Workspace| {
            let arguments = ["close", "--as-of", CLOSES[0], "--bill-from-start"];
            let mut command = workspace.command(&arguments);
            command.env("PRORATA_ABORT_AT", step).output().expect("it starts")
        };
        assert!(!killed(&workspace).status.success(), "{packing}, {step}: it was not killed");
        assert!(!workspace.path(&format!("output/{}", CLOSES[0])).exists(), "{packing}, {step}");
        close(&workspace, CLOSES[0]);
        let digests = format!("output/{}/pdf.sha256", CLOSES[0]);
        assert_eq!(workspace.read(&digests), undisturbed.read(&digests), "{packing}, {step}");
        workspace.succeed(&["verify"]);
        let left = fs::read_dir(workspace.path("output")).expect("a folder").flatten();
        let left: Vec<_> = left.map(|entry| entry.file_name()).collect();
        assert!(left.iter().all(|it| !it.to_string_lossy().starts_with(".staging")), "{left:?}");
    }
}
