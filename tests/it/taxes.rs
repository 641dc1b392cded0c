//! Several taxes on a line, through the published files.

use crate::support::{Workspace, pdf_text};

/// A company in Quebec with a close of each of two months.
fn quebec(more: &str) -> Workspace {
    let workspace = Workspace::empty();
    workspace.write(
        "input/billing.toml",
        &format!(
            "[seller]\nname = \"Érable\"\ncity = \"Montréal\"\ncountry = \"Canada\"\n\
             tax_id = \"123456789RT0001\"\n[invoice]\ncredit_notes = \"separate\"\n{more}\n\
             [ledger.tax_by_code]\nqc = \"2200\"\n\"qc/qst\" = \"2210\"\n"
        ),
    );
    workspace.write(
        "input/accounts.csv",
        "account_id,name,email,country,region\na,Brightwater,a@a.example,CA,QC\n",
    );
    workspace.write(
        "input/tax_rates.csv",
        "code,component,name,percent,country,region,valid_to,note\n\
         qc,qst,QST,9.975,CA,QC,,QST number 1234567890 TQ 0001\n\
         qc,gst,GST,5,CA,QC,,GST number 123456789 RT 0001\n",
    );
    workspace.write(
        "input/prices.csv",
        "price_id,product,currency,unit_amount,interval,tax_code,on_decrease\n\
         seat,Seats,CAD,9.99,month,qc,immediate\n",
    );
    workspace.write(
        "input/subscriptions.csv",
        "subscription_id,account_id,price_id,quantity,started_at\ns,a,seat,3,2024-04-01\n",
    );
    workspace.write(
        "input/changes.csv",
        "change_id,at,subscription_id,kind,quantity\nc,2024-04-16,s,quantity,0\n",
    );
    workspace.close("2024-04-01");
    workspace.close("2024-04-16");
    workspace
}

#[test]
fn each_tax_is_printed_posted_and_credited_apart() {
    let workspace = quebec("");
    let pdf = pdf_text(
        &std::fs::read(workspace.path("output/2024-04-01/pdf/INV-2024-00001.pdf")).expect("a PDF"),
    );
    for text in ["GST 5% on 29.97", "QST 9.975% on 29.97", "Total tax", "GST number", "QST number"]
    {
        assert!(pdf.contains(text), "{text} is not in {pdf}");
    }
    let posted = |close: &str| -> Vec<String> {
        let rows = workspace.rows(&format!("output/{close}/journal.csv"));
        let taxed = rows.iter().filter(|row| !row.get("tax_code").is_empty());
        let cells = ["ledger_account", "ledger_name", "tax_code", "debit", "credit"];
        taxed.map(|row| row.cells(cells).join(" ")).collect()
    };
    assert_eq!(
        posted("2024-04-01"),
        ["2200 Tax payable: qc/gst qc/gst  1.50", "2210 Tax payable: qc/qst qc/qst  2.99"]
    );
    assert_eq!(
        posted("2024-04-16"),
        ["2200 Tax payable: qc/gst qc/gst 0.75 ", "2210 Tax payable: qc/qst qc/qst 1.50 "]
    );
    let lines = workspace.rows("output/2024-04-01/invoice_lines.csv");
    assert_eq!(
        lines[0].cells(["tax_code", "tax_name", "tax_rate", "tax_amount"]),
        ["qc", "GST + QST", "14.975", "4.49"]
    );
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn a_component_may_end_and_what_was_charged_stays() {
    let workspace = quebec("");
    let rates = workspace.read("input/tax_rates.csv");
    workspace.write("input/tax_rates.csv", &rates.replace("9.975", "9"));
    let (code, message) = workspace.fail(&["close", "--as-of", "2024-05-01"]);
    assert_eq!(code, 65, "{message}");
    assert!(message.contains("was charged and is not what it was"), "{message}");
    let ended = rates.replace("9.975,CA,QC,,", "9.975,CA,QC,2024-12-31,");
    workspace.write("input/tax_rates.csv", &ended);
    workspace.succeed(&["close", "--as-of", "2024-05-01"]);
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn a_tax_of_the_country_that_a_region_lacks_is_a_warning() {
    let workspace = quebec("");
    let rates = workspace.read("input/tax_rates.csv");
    workspace.write("input/tax_rates.csv", &format!("{rates}qc,levy,Levy,1,CA,,,\n"));
    let said = workspace.succeed(&["check", "--as-of", "2024-05-01"]);
    let expected = "tax code \"qc\" for the place of line 2 stand alone, and \"levy\"";
    assert!(said.contains(expected), "{said}");
    workspace.write("input/tax_rates.csv", &rates);
    assert!(!workspace.succeed(&["check", "--as-of", "2024-05-01"]).contains("stand alone"));
}

#[test]
fn programs_with_one_tax_a_line_get_no_export() {
    let workspace = quebec(
        "[export.accounts]\ndefault = \"4000\"\n[export.sage50.taxes]\nqc = \"T1\"\n[export.datev]\n\
         consultant_number = 1001\nclient_number = 1\naccounts = { default = \"8400\" }\n\
         taxes = { qc = \"3\" }\n",
    );
    for program in ["datev", "sage50"] {
        let (code, message) = workspace.fail(&["export", program, "--close", "2024-04-01"]);
        assert_ne!(code, 0);
        let expected = "INV-2024-00001 has several taxes on a line, and";
        assert!(message.contains(expected), "{program}: {message}");
    }
}
