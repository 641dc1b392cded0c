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

#[test]
fn terms_orders_and_notes_are_in_their_terms() {
    let workspace = company();
    let extended = |file: &str, heads: &str, cells: &dyn Fn(&str) -> &'static str| {
        let text = workspace.read(&format!("input/{file}"));
        let (header, rows) = text.split_once('\n').expect("a header");
        let rows = rows.lines().map(|line| format!("{line},{}\n", cells(line)));
        let said = format!("{header},{heads}\n{}", rows.collect::<String>());
        workspace.write(&format!("input/{file}"), &said);
    };
    extended(
        "accounts.csv",
        "payment_terms,reference,memo",
        &|line| match line.split(',').next() {
            Some("be-reverse") => "eom+30,C-7,Merci <& bientôt>",
            Some("de-peppol") => ",C-8,",
            _ => ",,",
        },
    );
    extended("subscriptions.csv", "purchase_order", &|line| match line.split(',').next() {
        Some("be-reverse-seats") => "PO-<2>",
        Some("de-peppol-seats") => "PO-8",
        _ => "",
    });
    close(&workspace, CLOSES[0]);
    let invoices = table(&workspace, CLOSES[0], "invoices");
    let of = |account: &str| {
        let row = invoices.iter().find(|row| row.get("account_id") == account).expect("a row");
        let name = format!("output/{}/einvoice/{}.xml", CLOSES[0], row.get("invoice_number"));
        workspace.read(&name)
    };
    let belgian = of("be-reverse");
    for part in [
        "<cbc:Note>Notre réf. C-7\nMerci &lt;&amp; bientôt&gt;</cbc:Note>",
        "<cbc:Note>fin de mois, puis 30 jours\nPlease transfer",
        "<cac:OrderReference><cbc:ID>PO-2025-17</cbc:ID></cac:OrderReference>",
        "<cac:OrderLineReference><cbc:LineID>PO-&lt;2&gt;</cbc:LineID></cac:OrderLineReference>",
    ] {
        assert!(belgian.contains(part), "{part} is missing in\n{belgian}");
    }
    assert_eq!(belgian.matches("OrderLineReference>").count() % 2, 0);
    assert!(of("de-peppol").contains("<cbc:Note>Unser Zeichen C-8</cbc:Note>"));
}
