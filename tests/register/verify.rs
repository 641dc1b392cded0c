//! `prorata verify`: whatever is changed in what was published is found, and named.

use std::fs;

use prorata::hash::sha256_hex;

use super::seats;
use crate::support::Workspace;

/// Three closes with a late change, credit and corrections in them.
fn three_closes() -> Workspace {
    let workspace = seats("advance", &["c1,2015-01-10,s1,quantity,12,,"]);
    workspace.close("2015-01-05");
    workspace.close("2015-02-01");
    workspace.append("input/changes.csv", "c2,2015-01-20,s1,quantity,1,,");
    workspace.close("2015-03-01");
    workspace
}

#[test]
fn an_untouched_register_verifies_and_can_be_derived_again() {
    let workspace = three_closes();
    let said = workspace.succeed(&["verify", "--deep"]);
    assert!(said.contains("3 closes") && said.contains("3 derived again"), "{said}");
}

#[test]
fn any_flipped_byte_in_any_file_is_found_and_the_file_named() {
    let workspace = three_closes();
    for (name, bytes) in workspace.files("output") {
        let path = workspace.path(&format!("output/{name}"));
        // The first, the middle and the last byte; each test of a byte is a run of the binary.
        for place in [0, bytes.len() / 2, bytes.len().saturating_sub(1)] {
            let mut flipped = bytes.clone();
            let Some(byte) = flipped.get_mut(place) else { continue };
            *byte ^= 1;
            fs::write(&path, &flipped).expect("writes");
            let (code, message) = workspace.fail(&["verify"]);
            assert!(code == 65 || code == 74, "{name}: {code}");
            let close = name.split('/').next().expect("a folder");
            assert!(message.contains(close), "{name} at {place}: {message}");
            let file = if name.contains("manifest") { "manifest" } else { &name };
            assert!(message.contains(file), "{name} at {place}: {message}");
        }
        fs::write(&path, &bytes).expect("restores");
    }
    workspace.succeed(&["verify"]);
}

#[test]
fn a_file_or_a_close_too_many_or_too_few_is_found() {
    let workspace = three_closes();
    workspace.write("output/2015-02-01/pdf/INV-2015-99999.pdf", "not one of ours");
    let (_, message) = workspace.fail(&["verify"]);
    assert!(message.contains("INV-2015-99999.pdf: is not part of the close"), "{message}");
    fs::remove_file(workspace.path("output/2015-02-01/pdf/INV-2015-99999.pdf")).expect("gone");
    fs::remove_file(workspace.path("output/2015-02-01/invoices.csv")).expect("gone");
    let (_, message) = workspace.fail(&["verify"]);
    assert!(message.contains("2015-02-01/invoices.csv: No such file"), "{message}");
    fs::remove_dir_all(workspace.path("output/2015-02-01")).expect("gone");
    let (_, message) = workspace.fail(&["verify"]);
    assert!(message.contains("follows close 2015-02-01, which is missing"), "{message}");
}

#[test]
fn a_forged_close_is_found_by_deriving_it_again() {
    let workspace = three_closes();
    // Someone edits a line and makes the digests fit, up to the end of the chain.
    let table = "output/2015-03-01/invoice_lines.csv";
    let lines = workspace.read(table);
    let forged =
        lines.replace(",s1/2015-03-01T00:00:00Z/period,", ",s1/2015-03-02T00:00:00Z/period,");
    assert_ne!(lines, forged);
    workspace.write(table, &forged);
    let manifest = workspace.read("output/2015-03-01/manifest.json");
    let manifest = manifest.replace(&sha256_hex(lines.as_bytes()), &sha256_hex(forged.as_bytes()));
    workspace.write("output/2015-03-01/manifest.json", &manifest);
    let digest = format!("{}  manifest.json\n", sha256_hex(manifest.as_bytes()));
    workspace.write("output/2015-03-01/manifest.sha256", &digest);
    workspace.succeed(&["verify"]);
    let (code, message) = workspace.fail(&["verify", "--deep"]);
    assert_eq!(code, 65);
    assert!(message.contains("2015-03-01/invoice_lines.csv:"), "{message}");
}

#[test]
fn edited_inputs_are_found_by_deriving_again() {
    let workspace = three_closes();
    let prices = workspace.read("input/prices.csv");
    workspace.write("input/prices.csv", &prices.replace("5.00", "5.01"));
    let (code, message) = workspace.fail(&["verify", "--deep"]);
    assert_eq!(code, 65);
    assert!(message.contains("price_id \"seat\" has been billed on"), "{message}");
}

#[test]
fn a_lost_close_is_not_billed_again() {
    for lost in ["output/2015-03-01/manifest.json", "output/2015-03-01"] {
        let workspace = three_closes();
        let path = workspace.path(lost);
        if path.is_dir() {
            fs::remove_dir_all(path).expect("gone");
        } else {
            fs::remove_file(path).expect("gone");
        }
        for arguments in [&["close", "--as-of", "2015-04-01"][..], &["verify"]] {
            let (code, message) = workspace.fail(arguments);
            assert_eq!(code, 65, "{lost}: {message}");
            assert!(message.contains("2015-03-01"), "{lost}: {message}");
        }
    }
}

#[test]
fn a_close_does_not_start_from_state_that_was_changed() {
    let workspace = three_closes();
    for file in ["credit", "lines", "subscriptions"] {
        let path = workspace.path(&format!("output/2015-03-01/state/{file}.parquet"));
        let bytes = fs::read(&path).expect("state");
        let other = workspace.path(&format!("output/2015-01-05/state/{file}.parquet"));
        fs::copy(other, &path).expect("another state");
        let (code, message) = workspace.fail(&["close", "--as-of", "2015-04-01"]);
        assert_eq!(code, 65, "{message}");
        assert!(message.contains(&format!("state/{file}.parquet: has been changed")), "{message}");
        fs::write(&path, bytes).expect("restores");
    }
    workspace.close("2015-04-01");
}

#[test]
fn what_may_change_raises_no_alarm() {
    let workspace = three_closes();
    let prices = workspace.read("input/prices.csv").replace("Seats", "Chairs");
    let mut rows: Vec<&str> = prices.lines().collect();
    rows.insert(1, "other,Other,USD,1.00,month,advance,immediate");
    workspace.write("input/prices.csv", &(rows.join("\n") + "\n"));
    let accounts = workspace.read("input/accounts.csv").replace("Acme", "Acme & Sons");
    workspace.write("input/accounts.csv", &accounts);
    workspace.write_key(
        "input/billing.toml",
        "[invoice]\nnumber_format = \"{seq}\"\nfirst_number = 900\npayment_terms_days = 30\n\
         proration_lines = \"net\"\n",
    );
    workspace.append("input/subscriptions.csv", "s0,acme,other,1,2015-01-02");
    let said = workspace.succeed(&["verify", "--deep"]);
    assert!(said.contains("3 derived again"), "{said}");
}

#[test]
fn an_older_close_is_verified_and_a_mistyped_year_is_asked_about() {
    let workspace = three_closes();
    let said = workspace.close("2015-02-01");
    assert!(said.contains("Close 2015-02-01 was published before"), "{said}");
    for (mistyped, told) in
        [("2051-04-01", "is later than now"), ("2016-03-01", "366 days after the newest close")]
    {
        let (code, message) = workspace.fail(&["close", "--as-of", mistyped]);
        assert_eq!(code, 64);
        assert!(message.contains(told), "{message}");
    }
    let (code, _) = workspace.fail(&["close", "--as-of", "2015-02-20"]);
    assert_eq!(code, 64);
    let (code, message) = workspace.fail(&["verify", "--output", "elsewhere"]);
    assert_eq!(code, 66, "{message}");
}
