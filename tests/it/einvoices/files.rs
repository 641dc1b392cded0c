//! Each document has the e-invoice that its account asks for, and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::{CLOSES, accounts, close, closed, company, names, replace, table};
use crate::support::{Workspace, sha256_hex, unpacked};

#[test]
fn every_document_has_the_e_invoice_that_its_account_asks_for() {
    let workspace = closed();
    let accounts = accounts(&workspace);
    let mut formats = BTreeMap::new();
    for as_of in CLOSES {
        let mut named = BTreeSet::new();
        for row in table(&workspace, as_of, "delivery") {
            let asked = accounts[row.get("account_id")].get("einvoice");
            let path = format!("einvoice/{}.xml", row.get("invoice_number"));
            let expected = match asked {
                "none" => ["", ""],
                "facturx" => ["facturx", ""],
                format => [format, &*path],
            };
            assert_eq!(row.cells(["einvoice_format", "einvoice"]), expected, "{row:?}");
            *formats.entry(asked.to_owned()).or_insert(0) += 1;
            named.insert(expected[1].to_owned());
        }
        named.remove("");
        assert_eq!(named, names(&workspace, as_of).into_iter().collect(), "{as_of}");
    }
    let at_least_three = |format: &&str| formats[*format] >= 3;
    assert!(["peppol", "xrechnung", "facturx", "none"].iter().all(at_least_three), "{formats:?}");
}

/// The digests that a close lists, by path.
fn digests(workspace: &Workspace, as_of: &str) -> BTreeMap<String, String> {
    let list = workspace.read(&format!("output/{as_of}/pdf.sha256"));
    let pairs = list.lines().map(|line| line.split_once("  ").expect("a digest and a path"));
    pairs.map(|(digest, path)| (path.to_owned(), digest.to_owned())).collect()
}

#[test]
fn e_invoices_are_listed_with_their_digests_and_an_archive_has_the_same_bytes() {
    let (loose, packed) = (company(), company());
    packed.write_key("input/billing.toml", "[pdf]\npacking = \"zip\"\n");
    for as_of in CLOSES {
        close(&loose, as_of);
        close(&packed, as_of);
        let files = loose.files(&format!("output/{as_of}")).into_iter();
        let is_document = |name: &str| name.starts_with("pdf/") || name.starts_with("einvoice/");
        let documents: BTreeMap<String, Vec<u8>> =
            files.filter(|(name, _)| is_document(name)).collect();
        assert!(documents.keys().any(|name| name.starts_with("einvoice/")), "{as_of}");
        let listed: BTreeMap<String, String> =
            documents.iter().map(|(name, bytes)| (name.clone(), sha256_hex(bytes))).collect();
        assert_eq!(digests(&loose, as_of), listed);
        assert_eq!(digests(&packed, as_of), listed);

        let folder = packed.path(&format!("output/{as_of}"));
        let archive = fs::read(folder.join("pdf.zip")).expect("an archive");
        assert!(unpacked(&archive) == documents, "{as_of}");
        assert!(!folder.join("einvoice").exists() && !folder.join("pdf").exists());
        let delivery = format!("output/{as_of}/delivery.csv");
        assert_eq!(loose.read(&delivery), packed.read(&delivery));
    }
}

#[test]
fn receipts_have_no_e_invoice() {
    let workspace = company();
    close(&workspace, CLOSES[0]);
    let [number, account, amount] = ["invoice_number", "account_id", "amount_due"].map(|column| {
        let invoices = table(&workspace, CLOSES[0], "invoices");
        let peppol = invoices.iter().find(|row| row.get("account_id") == "be-reverse");
        peppol.expect("an invoice").get(column).to_owned()
    });
    workspace.write(
        "input/payments.csv",
        &format!(
            "payment_id,at,account_id,invoice_number,amount,currency\n\
             p1,2025-02-03,{account},{number},{amount},EUR\n"
        ),
    );
    close(&workspace, CLOSES[1]);
    let rows = table(&workspace, CLOSES[1], "delivery");
    let receipt = rows.iter().find(|row| row.get("kind") == "receipt").expect("a receipt");
    assert_eq!(receipt.get("account_id"), "be-reverse");
    assert_eq!(receipt.cells(["einvoice_format", "einvoice"]), ["", ""]);
    let file = format!("einvoice/{number}.xml");
    assert!(!names(&workspace, CLOSES[1]).contains(&file), "the invoice has it already");
}

#[test]
fn the_choice_of_an_account_goes_before_that_of_the_settings() {
    let workspace = company();
    replace(&workspace, "billing.toml", "[invoice]\n", "[invoice]\neinvoice = \"xrechnung\"\n");
    // Says nothing, as most accounts would.
    replace(&workspace, "accounts.csv", ",DE,xrechnung,poststelle", ",DE,,poststelle");
    close(&workspace, CLOSES[0]);
    let formats: BTreeMap<String, String> = table(&workspace, CLOSES[0], "delivery")
        .iter()
        .map(|row| (row.get("account_id").to_owned(), row.get("einvoice_format").to_owned()))
        .collect();
    for (account, format) in [
        ("de-authority", "xrechnung"),
        ("be-reverse", "peppol"),
        ("fr-hybrid", "facturx"),
        ("it-paper", ""),
    ] {
        assert_eq!(formats[account], format, "{account}");
    }
}
