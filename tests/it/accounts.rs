//! Accounts that change over time: each document has the account of its instant.

use crate::support::{Workspace, pdf_text};

const FRENCH: &str = "account_id,name,email,address_line1,city,postal_code,country,tax_id,locale\n\
     acme,Acme SARL,ap@acme.example,1 rue de la Paix,Paris,75002,FR,FR40303265045,fr\n\
     beta,Beta,ap@beta.example,,,,DE,,de\n";

const MOVE: &str = "account_id,at,column,value\n\
     acme,2024-02-15,name,Acme GmbH\n\
     acme,2024-02-15,address_line1,Weg 1\n\
     acme,2024-02-15,city,Berlin\n\
     acme,2024-02-15,postal_code,10115\n\
     acme,2024-02-15,country,DE\n\
     acme,2024-02-15,tax_id,DE136695976\n\
     acme,2024-02-15,locale,de\n\
     acme,2024-03-20,email,rechnung@acme.example\n";

/// Two customers at 100.00 a month from January on, one of whom moves from France to Germany.
fn company(moves: &str, invoice: &str) -> Workspace {
    let workspace = Workspace::empty();
    workspace.write(
        "input/billing.toml",
        &format!(
            "timezone = \"UTC\"\n[seller]\nname = \"Fernwood\"\ncity = \"Leipzig\"\n\
             tax_id = \"DE136695976\"\n[tax]\ndefault_code = \"vat\"\n{invoice}"
        ),
    );
    workspace.write("input/accounts.csv", FRENCH);
    workspace.write("input/account_changes.csv", moves);
    workspace
        .write("input/tax_rates.csv", "code,name,percent,country\nvat,TVA,20,FR\nvat,MwSt,19,DE\n");
    workspace.write(
        "input/prices.csv",
        "price_id,product,currency,unit_amount,interval\nseat,Seats,EUR,10.00,month\n",
    );
    workspace.write(
        "input/subscriptions.csv",
        "subscription_id,account_id,price_id,quantity,started_at\n\
         s1,acme,seat,10,2024-01-01\ns2,beta,seat,10,2024-01-01\n",
    );
    workspace.write("input/changes.csv", "change_id,subscription_id,at,kind,quantity\n");
    workspace.write(
        "input/adjustments.csv",
        "adjustment_id,account_id,at,currency,amount,description,timing\n\
         setup,acme,2024-02-20,EUR,50.00,Setup,immediate\n",
    );
    workspace
}

const MONTHS: [&str; 3] = ["2024-02-01", "2024-03-01", "2024-04-01"];

/// The rows of a table over all closes, without the paths and the instant of mail.
fn all(workspace: &Workspace, table: &str, closes: &[&str]) -> Vec<String> {
    let texts = closes.iter().map(|close| workspace.read(&format!("output/{close}/{table}")));
    let rows = texts.flat_map(|text| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>());
    rows.collect()
}

#[test]
fn a_missed_night_is_caught_up_with_the_accounts_of_then() {
    let (timely, late) = (company(MOVE, ""), company(MOVE, ""));
    for month in MONTHS {
        timely.close(month);
    }
    late.close(MONTHS[2]);
    for table in ["invoices.csv", "invoice_lines.csv", "invoice_taxes.csv"] {
        assert_eq!(all(&timely, table, &MONTHS), all(&late, table, &MONTHS[2..]), "{table}");
    }
    for (close, file) in MONTHS.iter().flat_map(|close| {
        let pdfs = timely.files(&format!("output/{close}/pdf"));
        pdfs.into_iter().map(move |(path, bytes)| (*close, (path, bytes)))
    }) {
        let path = format!("output/{}/pdf/{}", MONTHS[2], file.0);
        assert_eq!(std::fs::read(late.path(&path)).expect(&path), file.1, "{close} {}", file.0);
    }
    timely.succeed(&["verify", "--deep"]);
    late.succeed(&["verify", "--deep"]);
}

#[test]
fn a_document_has_the_account_of_its_instant_and_mail_goes_to_that_of_the_close() {
    let workspace = company(MOVE, "");
    workspace.close(MONTHS[2]);
    let rows = workspace.rows("output/2024-04-01/invoices.csv");
    let of_acme = rows.iter().filter(|row| row.get("account_id") == "acme");
    let seen: Vec<String> = of_acme
        .map(|row| row.cells(["issue_date", "account_name", "tax_id", "tax"]).join(" "))
        .collect();
    assert_eq!(
        seen,
        [
            "2024-01-01 Acme SARL FR40303265045 20.00",
            "2024-02-01 Acme SARL FR40303265045 20.00",
            "2024-02-20 Acme GmbH DE136695976 9.50",
            "2024-03-01 Acme GmbH DE136695976 19.00",
            "2024-04-01 Acme GmbH DE136695976 19.00",
        ]
    );
    let text = |number: &str| {
        let path = format!("output/2024-04-01/pdf/{number}.pdf");
        pdf_text(&std::fs::read(workspace.path(&path)).expect("a PDF"))
    };
    let (before, after) = (text("INV-2024-00003"), text("INV-2024-00006"));
    assert!(before.contains("Facture") && before.contains("75002"), "{before}");
    assert!(after.contains("Rechnung") && after.contains("10115 Berlin"), "{after}");
    let mail = workspace.rows("output/2024-04-01/delivery.csv");
    let to: Vec<&str> = mail
        .iter()
        .filter(|row| row.get("account_id") == "acme")
        .map(|row| row.get("recipient"))
        .collect();
    assert_eq!(to, ["rechnung@acme.example"; 5]);
}

#[test]
fn accounts_csv_may_have_the_values_of_today_beside_previous_ones() {
    let known = company(MOVE, "");
    known.close(MONTHS[2]);
    let rows = MOVE.lines().map(|line| {
        let column = line.split(',').nth(2).unwrap_or_default();
        let place = FRENCH.lines().next().unwrap_or_default().split(',');
        let place = place.into_iter().position(|name| name == column);
        let first = FRENCH.lines().nth(1).unwrap_or_default();
        let before = place.and_then(|place| first.split(',').nth(place));
        format!("{line},{}\n", before.unwrap_or("previous_value"))
    });
    let present = company(&rows.collect::<String>(), "");
    let moved = "acme,Acme GmbH,rechnung@acme.example,Weg 1,Berlin,10115,DE,DE136695976,de";
    let now = FRENCH.lines().nth(1).map(|first| FRENCH.replace(first, moved));
    present.write("input/accounts.csv", &now.unwrap_or_default());
    present.close(MONTHS[2]);
    for table in ["invoices.csv", "invoice_lines.csv", "invoice_taxes.csv", "delivery.csv"] {
        let [a, b] = [&known, &present].map(|workspace| all(workspace, table, &MONTHS[2..]));
        assert_eq!(a, b, "{table}");
    }
    // Without the previous values nobody could tell what the account was.
    present.write("input/account_changes.csv", MOVE);
    let (code, said) = present.fail(&["check"]);
    assert_eq!(code, 65);
    assert!(said.contains("is the value that country has before as well"), "{said}");
}

#[test]
fn a_move_that_becomes_known_late_is_credited_as_it_was_charged() {
    let workspace =
        company("account_id,at,column,value\n", "[invoice]\ncredit_notes = \"separate\"\n");
    workspace.close("2024-03-02");
    workspace.write("input/account_changes.csv", MOVE);
    workspace.close("2024-04-01");
    let lines = workspace.rows("output/2024-04-01/invoice_lines.csv");
    let corrections = lines.iter().filter(|line| line.get("kind") == "correction");
    let seen: Vec<String> = corrections
        .map(|line| line.cells(["product", "amount", "tax_rate", "credits_invoice"]).join(" "))
        .collect();
    assert_eq!(
        seen,
        [
            "Adjustments -50.00 20 INV-2024-00005",
            "Seats -100.00 20 INV-2024-00006",
            "Adjustments 50.00 19 ",
            "Seats 100.00 19 ",
        ]
    );
    assert!(lines.iter().any(|line| {
        line.get("description").ends_with("the change of country on 15 Feb 2024 arrived later")
    }));
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn a_wrong_row_withholds_its_account_alone() {
    let workspace = company(MOVE, "");
    workspace.append("input/account_changes.csv", "acme,2024-05-01,locale,fi");
    let output = workspace.run(&["close", "--as-of", "2024-02-01", "--withhold"]);
    assert_eq!(output.status.code(), Some(10));
    let rows = workspace.rows("output/2024-02-01/invoices.csv");
    assert!(rows.iter().all(|row| row.get("account_id") == "beta") && rows.len() == 2);
}

#[test]
fn a_quote_takes_the_tax_of_the_dates_that_it_asks_for() {
    let workspace = company(MOVE, "");
    workspace.close("2024-02-02");
    let arguments = ["quote", "--subscription", "s1", "--change", "quantity=20", "--at"];
    let said = workspace.succeed(&[&arguments[..], &["2024-02-03", "--format", "json"]].concat());
    assert!(said.contains("\"tax_rate\": \"19\""), "{said}");
}
