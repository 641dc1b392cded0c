//! Documents below `invoice.minimum`: what waits is nowhere, and is billed once.

use crate::support::Workspace;

/// A company with a minimum: one account below it for two months, one above it.
fn company() -> Workspace {
    let workspace = Workspace::empty();
    workspace.write(
        "input/billing.toml",
        "timezone = \"UTC\"\n[seller]\nname = \"Fernwood\"\n[invoice]\nminimum = { EUR = \"25.00\" }\n",
    );
    workspace.write(
        "input/accounts.csv",
        "account_id,name,email\nacme,Acme,a@acme.example\nzen,Zen,z@zen.example\n",
    );
    workspace.write(
        "input/prices.csv",
        "price_id,product,currency,unit_amount,interval,on_increase\nseats,Seats,EUR,10,month,immediate\n",
    );
    workspace.write(
        "input/subscriptions.csv",
        "subscription_id,account_id,price_id,quantity,started_at\n\
         s1,acme,seats,1,2026-01-10\ns2,zen,seats,3,2026-01-10\n",
    );
    workspace.write("input/changes.csv", "change_id,subscription_id,at,kind,quantity\n");
    workspace
}

/// Date, account, key and amount of the lines of some closes.
fn lines(workspace: &Workspace, closes: &[&str]) -> Vec<String> {
    let mut lines = Vec::new();
    for close in closes {
        let invoices = workspace.rows(&format!("output/{close}/invoices.csv"));
        for line in workspace.rows(&format!("output/{close}/invoice_lines.csv")) {
            let number = line.get("invoice_number");
            let invoice = invoices.iter().find(|it| it.get("invoice_number") == number);
            let date = invoice.expect("the invoice of a line").get("issue_date");
            let cells = line.cells(["account_id", "line_key", "amount", "correction_reason"]);
            lines.push(format!("{date} {}", cells.join(" ")));
        }
    }
    lines
}

#[test]
fn what_waits_is_in_no_table_and_comes_with_the_next_document() {
    let workspace = company();
    workspace.close("2026-01-15");
    let invoices = workspace.rows("output/2026-01-15/invoices.csv");
    assert_eq!(invoices.len(), 1, "only the account above the minimum is billed");
    assert_eq!(invoices[0].get("account_id"), "zen");
    for table in ["journal", "revenue_schedule", "receivables", "delivery", "review"] {
        let text = workspace.read(&format!("output/2026-01-15/{table}.csv"));
        assert!(!text.contains("acme"), "{table}: {text}");
    }
    let exceptions = workspace.rows("output/2026-01-15/exceptions.csv");
    assert_eq!(exceptions.len(), 1);
    assert_eq!(exceptions[0].cells(["kind", "account_id"]), ["below_minimum", "acme"]);
    assert_eq!(
        exceptions[0].get("message"),
        "10.00 EUR is below invoice.minimum and waits for the account's next document"
    );
    workspace.close("2026-02-15");
    // A change of January arrives late. What waits has not been billed, so nothing is corrected.
    workspace.append("input/changes.csv", "c1,s1,2026-01-10,quantity,2");
    workspace.close("2026-03-15");
    let invoices = workspace.rows("output/2026-03-15/invoices.csv");
    let of = |account: &str| invoices.iter().find(|it| it.get("account_id") == account);
    let acme = of("acme").expect("an invoice");
    assert_eq!(acme.cells(["issue_date", "total"]), ["2026-03-10", "60.00"]);
    let lines = workspace.rows("output/2026-03-15/invoice_lines.csv");
    assert!(lines.iter().all(|line| line.get("correction_reason").is_empty()));
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn closes_at_night_and_one_at_the_end_bill_the_same() {
    let log =
        ["c1,s1,2026-02-20,quantity,2", "c2,s1,2026-04-02,cancel,", "c3,s2,2026-03-20,quantity,1"];
    let company = || {
        let workspace = company();
        for row in log {
            workspace.append("input/changes.csv", row);
        }
        workspace
    };
    let nights = [
        "2026-01-10",
        "2026-01-11",
        "2026-02-10",
        "2026-02-21",
        "2026-03-10",
        "2026-03-31",
        "2026-04-09",
        "2026-04-10",
        "2026-05-31",
    ];
    let (nightly, once) = (company(), company());
    for night in nights {
        nightly.close(night);
    }
    once.close("2026-05-31");
    let billed = lines(&once, &["2026-05-31"]);
    assert_eq!(lines(&nightly, &nights), billed);
    // The account has ended on 10 April, so what was below the minimum is billed.
    assert!(billed.iter().any(|line| line.starts_with("2026-04-10 acme")), "{billed:#?}");
    nightly.succeed(&["verify", "--deep"]);
}
