//! Void invoices: everything that is left of one is credited, and nothing after it.

use super::{company, documents, parts, receivables, refused};
use crate::support::Workspace;

fn void(workspace: &Workspace, rows: &[&str]) {
    let header = "invoice_number,at,reason\n";
    workspace.write("input/voids.csv", &(header.to_owned() + &rows.join("\n") + "\n"));
}

#[test]
fn a_void_closes_an_open_invoice_and_later_changes_credit_nothing_more() {
    let workspace = company();
    workspace.close("2020-01-15");
    void(&workspace, &["INV-2020-00001,2020-01-16,a mistake"]);
    workspace.close("2020-01-17");
    assert_eq!(documents(&workspace, "2020-01-17"), ["CN-2020-00001 -50.00 0.00 0.00 0.00"]);
    assert_eq!(receivables(&workspace, "2020-01-17")[0], "INV-2020-00001 50.00 0.00 paid");
    let lines = workspace.rows("output/2020-01-17/invoice_lines.csv");
    assert_eq!(
        lines[0].cells(["product", "service_start", "credits_invoice", "description"]),
        [
            "Seats",
            "2020-01-01T00:00:00Z",
            "INV-2020-00001",
            "Seats: invoice INV-2020-00001 is void (a mistake)"
        ]
    );
    // Seats for the rest of January are charged anew. Those of the void invoice give nothing back.
    workspace.append("input/changes.csv", "c1,2020-01-18,s1,quantity,5");
    workspace.close("2020-01-20");
    assert_eq!(documents(&workspace, "2020-01-20"), ["INV-2020-00003 11.29 0.00 11.29 0.00"]);
    workspace.succeed(&["verify", "--deep"]);
    void(&workspace, &["INV-2020-00002,2020-01-21,"]);
    let told = refused(&workspace, "2020-01-22");
    assert!(
        told.contains("voids.csv: invoice_number \"INV-2020-00001\" has been billed"),
        "{told}"
    );
}

#[test]
fn what_was_paid_and_what_was_credited_before_count() {
    let workspace = company();
    workspace.close("2020-01-15");
    super::pay(&workspace, &["p1,2020-01-16,50.00,USD,,INV-2020-00001,Visa"]);
    workspace.write(
        "input/adjustments.csv",
        "adjustment_id,account_id,at,currency,amount,description,timing,credits_invoice\n\
         a1,acme,2020-01-16,USD,-20.00,Goodwill,immediate,INV-2020-00001\n",
    );
    void(&workspace, &["INV-2020-00001,2020-01-17,a mistake"]);
    workspace.close("2020-01-18");
    // Goodwill stays a credit among others; the void is a note of its own.
    assert_eq!(
        documents(&workspace, "2020-01-18"),
        ["INV-2020-00003 -20.00 0.00 0.00 20.00", "CN-2020-00001 -30.00 0.00 0.00 50.00"]
    );
    assert_eq!(parts(&workspace, "2020-01-18"), ["p1 INV-2020-00001 50.00 payment"]);
    workspace.succeed(&["verify", "--deep"]);
}

/// A void that arrives late, and one that arrives in time, come to the same.
#[test]
fn a_late_void_takes_the_place_of_later_credits() {
    let total = |late: bool| {
        let workspace = company();
        workspace.close("2020-01-15");
        workspace.append("input/changes.csv", "c1,2020-01-18,s1,quantity,5");
        if !late {
            void(&workspace, &["INV-2020-00001,2020-01-16,"]);
        }
        workspace.close("2020-01-20");
        void(&workspace, &["INV-2020-00001,2020-01-16,"]);
        workspace.close("2020-02-02");
        workspace.succeed(&["verify", "--deep"]);
        let totals = |close: &str| {
            let rows = workspace.rows(&format!("output/{close}/invoices.csv"));
            let own = rows.into_iter().filter(|row| row.get("account_id") == "acme");
            own.map(|row| row.get("total").replace('.', "").parse::<i64>().expect("cents"))
                .sum::<i64>()
        };
        ["2020-01-15", "2020-01-20", "2020-02-02"].map(totals).iter().sum::<i64>()
    };
    // 11.29 for five seats from 18 January, and 25.00 for February.
    assert_eq!([total(false), total(true)], [3629, 3629]);
}

#[test]
fn the_credit_note_of_a_void_is_an_e_invoice_as_any_and_is_in_the_language_of_the_reader() {
    let workspace = Workspace::with_input(&crate::support::data("einvoice/company"));
    workspace.succeed(&["close", "--as-of", "2025-02-01", "--bill-from-start"]);
    void(&workspace, &["INV-2025-00002,2025-02-03,doublon"]);
    workspace.close("2025-02-10");
    let xml = workspace.read("output/2025-02-10/einvoice/CN-2025-00001.xml");
    for part in [
        "<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>",
        "<cac:InvoiceDocumentReference><cbc:ID>INV-2025-00002</cbc:ID></cac:InvoiceDocumentReference>",
        "Seats : facture INV-2025-00002 annulée (doublon)",
    ] {
        assert!(xml.contains(part), "{part} is not in\n{xml}");
    }
    workspace.succeed(&["verify", "--deep"]);
}
