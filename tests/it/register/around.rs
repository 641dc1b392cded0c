//! Taxes, discounts and adjustments over several closes: what was billed stays as it was billed,
//! and what is credited of it is credited as it was charged.

use super::{Workspace, lines, seats, totals};

fn cells(workspace: &Workspace, close: &str, columns: [&str; 4]) -> Vec<String> {
    lines(workspace, close).iter().map(|row| row.cells(columns).join(" ")).collect()
}

/// The company of [`seats`] with 20 % tax for everybody.
fn taxed(changes: &[&str]) -> Workspace {
    let workspace = seats("advance", changes);
    workspace.write_key("input/billing.toml", "[tax]\ndefault_code = \"vat\"\n");
    workspace.write("input/tax_rates.csv", "code,name,percent,treatment\nvat,VAT,20,taxable\n");
    workspace
}

#[test]
fn a_credit_keeps_the_rate_of_its_charge_when_the_account_moves() {
    let workspace = taxed(&[]);
    workspace.close("2015-01-01");
    // On reverse charge from the next close on; the unused seats were taxed all the same.
    workspace.append("input/tax_rates.csv", "eu,VAT,0,reverse_charge");
    workspace.write(
        "input/accounts.csv",
        "account_id,name,email,tax_id,tax_code\nacme,Acme,a@acme.example,DE123456789,eu\n",
    );
    workspace.append("input/changes.csv", "c1,2015-01-15,s1,quantity,4,,");
    workspace.close("2015-02-01");
    assert_eq!(
        cells(&workspace, "2015-02-01", ["kind", "amount", "tax_code", "tax_amount"]),
        ["remaining 10.97 eu 0.00", "unused -27.42 vat -5.48", "recurring 20.00 eu 0.00"]
    );
    let taxes = workspace.rows("output/2015-02-01/invoice_taxes.csv");
    let taxes: Vec<String> = taxes
        .iter()
        .map(|row| row.cells(["tax_treatment", "net_amount", "tax_amount", "note"]).join(" "))
        .collect();
    assert_eq!(taxes, ["reverse_charge 30.97 0.00 Reverse charge", "taxable -27.42 -5.48 "]);
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn what_was_billed_before_taxes_began_is_credited_without() {
    let workspace = seats("advance", &[]);
    workspace.close("2015-01-01");
    workspace.write_key("input/billing.toml", "[tax]\ndefault_code = \"vat\"\n");
    workspace.write("input/tax_rates.csv", "code,name,percent\nvat,VAT,20\n");
    workspace.append("input/changes.csv", "c1,2015-01-15,s1,quantity,4,,");
    workspace.close("2015-02-01");
    assert_eq!(
        cells(&workspace, "2015-02-01", ["kind", "amount", "tax_code", "tax_amount"]),
        ["remaining 10.97 vat 2.19", "unused -27.42  0.00", "recurring 20.00 vat 4.00"]
    );
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn a_rate_that_changes_in_a_period_follows_the_tax_point() {
    let rates = "code,name,percent,valid_from,valid_to\n\
                 vat,VAT,19,,2015-01-31\n\
                 vat,VAT,16,2015-02-01,\n";
    let tax_of = |point: &str| {
        let workspace = seats("advance", &[]);
        workspace.write(
            "input/subscriptions.csv",
            "subscription_id,account_id,price_id,quantity,started_at\ns1,acme,seat,10,2015-01-20\n",
        );
        let tax = format!("[tax]\ndefault_code = \"vat\"\npoint = \"{point}\"\n");
        workspace.write_key("input/billing.toml", &tax);
        workspace.write("input/tax_rates.csv", rates);
        workspace.close("2015-01-20");
        workspace.append("input/changes.csv", "c1,2015-02-05,s1,quantity,0,,");
        workspace.close("2015-02-20");
        let rate = |close: &str| lines(&workspace, close)[0].get("tax_rate").to_owned();
        (rate("2015-01-20"), rate("2015-02-20"))
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    // What is credited in February was charged in January.
    assert_eq!(tax_of("invoice_date"), pair("19", "19"));
    assert_eq!(tax_of("service_start"), pair("19", "19"));
    assert_eq!(tax_of("service_end"), pair("16", "16"));
}

#[test]
fn a_rate_that_was_charged_cannot_be_changed_and_ends_by_its_date() {
    let workspace = taxed(&[]);
    workspace.close("2015-01-01");
    workspace.write("input/tax_rates.csv", "code,name,percent,treatment\nvat,VAT,21,taxable\n");
    let (code, message) = workspace.fail(&["close", "--as-of", "2015-02-01"]);
    assert_eq!(code, 65);
    assert!(message.contains("was charged and is not what it was"), "{message}");
    workspace.write(
        "input/tax_rates.csv",
        "code,name,percent,valid_from,valid_to\n\
         vat,VAT,20,,2015-01-31\nvat,VAT,21,2015-02-01,\n",
    );
    workspace.close("2015-02-01");
    assert_eq!(totals(&workspace, "2015-02-01"), ["60.50"]);
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn a_discount_that_arrives_late_gives_back_what_it_would_have_taken_off() {
    let workspace = seats("advance", &["c1,2015-01-15,s1,quantity,12,,"]);
    workspace.close("2015-01-01");
    workspace.write(
        "input/discounts.csv",
        "discount_id,name,account_id,percent,starts_at\nhalf,Half price,acme,50,2015-01-01\n",
    );
    workspace.close("2015-02-01");
    assert_eq!(
        cells(&workspace, "2015-02-01", ["kind", "amount", "discount_id", "line_number"]),
        [
            "discount -25.00 half 1",
            "remaining 32.90  2",
            "discount -16.45 half 3",
            "unused -27.42  4",
            "discount 13.71 half 5",
            "recurring 60.00  6",
            "discount -30.00 half 7",
        ]
    );
    let why = lines(&workspace, "2015-02-01")[0].get("description").to_owned();
    assert_eq!(why, "Half price (50% off): Seats; the discount half was not known before");
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn a_discount_that_was_used_cannot_be_altered_but_can_be_ended() {
    let workspace = seats("advance", &[]);
    let discount = |row: &str| {
        let header = "discount_id,name,account_id,percent,starts_at,duration,ends_at\n";
        workspace.write("input/discounts.csv", &format!("{header}{row}"));
    };
    discount("half,Half,acme,50,2015-01-01,forever,\n");
    workspace.close("2015-01-01");
    discount("half,Half,acme,40,2015-01-01,forever,\n");
    let (code, message) = workspace.fail(&["close", "--as-of", "2015-02-01"]);
    assert_eq!(code, 65);
    assert!(message.contains("half") && message.contains("is not what it was"), "{message}");
    discount("");
    let (_, message) = workspace.fail(&["close", "--as-of", "2015-02-01"]);
    assert!(message.contains("is no longer in the file"), "{message}");
    discount("half,Half,acme,50,2015-01-01,until,2015-03-01\n");
    workspace.close("2015-02-01");
    workspace.close("2015-03-01");
    assert_eq!(totals(&workspace, "2015-02-01"), ["25.00"]);
    assert_eq!(totals(&workspace, "2015-03-01"), ["50.00"]);
    workspace.succeed(&["verify", "--deep"]);
    // Accepted, the alteration is billed as a difference.
    discount("half,Half,acme,40,2015-01-01,until,2015-03-01\n");
    workspace.succeed(&["close", "--as-of", "2015-04-01", "--accept-history-change"]);
    assert_eq!(totals(&workspace, "2015-04-01"), ["60.00"]);
}

#[test]
fn an_amount_for_the_account_moves_with_the_lines_it_is_shared_by() {
    let workspace = seats("advance", &[]);
    workspace.append("input/subscriptions.csv", "s2,acme,seat,10,2015-01-01");
    workspace.write(
        "input/discounts.csv",
        "discount_id,name,account_id,amount,currency,starts_at,duration\n\
         d,Voucher,acme,30.00,USD,2015-01-01,once\n",
    );
    workspace.close("2015-01-01");
    assert_eq!(totals(&workspace, "2015-01-01"), ["70.00"]);
    // A row that arrives late leaves the second subscription with 2 seats from the beginning: the
    // voucher is shared out anew, between 50.00 and 10.00.
    workspace.append("input/changes.csv", "c0,2015-01-01,s2,quantity,2,,");
    workspace.close("2015-02-01");
    let amounts =
        cells(&workspace, "2015-02-01", ["subscription_id", "kind", "amount", "discount_id"]);
    assert_eq!(
        amounts,
        [
            "s1 correction 15.00 d",
            "s1 correction -25.00 d",
            "s2 correction -50.00 ",
            "s2 correction 10.00 ",
            "s2 correction 15.00 d",
            "s2 correction -5.00 d",
            "s1 recurring 50.00 ",
            "s2 recurring 10.00 ",
        ]
    );
    workspace.succeed(&["verify", "--deep"]);
}

const ADJUSTMENTS: &str =
    "adjustment_id,account_id,at,currency,amount,description,timing,credits_invoice,taxable\n";

#[test]
fn an_adjustment_is_billed_once_on_the_next_invoice_and_never_altered() {
    let workspace = taxed(&[]);
    workspace.close("2015-01-01");
    let setup = "a1,acme,2015-01-10,USD,100.00,Setup,,,true\n";
    workspace.write("input/adjustments.csv", &format!("{ADJUSTMENTS}{setup}"));
    // No invoice in this close: it waits, and is named.
    workspace.close("2015-01-15");
    let waiting = workspace.rows("output/2015-01-15/exceptions.csv");
    assert_eq!(waiting[0].cells(["kind", "reference"]), ["waiting", "a1"]);
    workspace.close("2015-02-01");
    assert_eq!(
        cells(&workspace, "2015-02-01", ["kind", "amount", "tax_amount", "adjustment_id"]),
        ["recurring 50.00 10.00 ", "adjustment 100.00 20.00 a1"]
    );
    workspace.close("2015-03-01");
    assert_eq!(totals(&workspace, "2015-03-01"), ["60.00"]);
    let altered = "a1,acme,2015-01-10,USD,90.00,Setup,,,true\n";
    workspace.write("input/adjustments.csv", &format!("{ADJUSTMENTS}{altered}"));
    let (code, message) = workspace.fail(&["close", "--as-of", "2015-04-01"]);
    assert_eq!(code, 65);
    assert!(message.contains("a1") && message.contains("is not what it was"), "{message}");
    workspace.write("input/adjustments.csv", ADJUSTMENTS);
    let (_, message) = workspace.fail(&["close", "--as-of", "2015-04-01"]);
    assert!(message.contains("is no longer in the file"), "{message}");
    workspace.write("input/adjustments.csv", &format!("{ADJUSTMENTS}{setup}"));
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn an_immediate_adjustment_has_a_document_of_its_own() {
    let workspace = taxed(&[]);
    let row = "a1,acme,2015-01-10,USD,-8.00,Goodwill,immediate,,false\n";
    workspace.write("input/adjustments.csv", &format!("{ADJUSTMENTS}{row}"));
    workspace.close("2015-02-01");
    let documents = workspace.rows("output/2015-02-01/invoices.csv");
    let documents: Vec<String> = documents
        .iter()
        .map(|row| row.cells(["kind", "issue_date", "total", "amount_due"]).join(" "))
        .collect();
    assert_eq!(
        documents,
        [
            "invoice 2015-01-01 60.00 60.00",
            "credit 2015-01-10 -8.00 0.00",
            "invoice 2015-02-01 60.00 52.00"
        ]
    );
}

#[test]
fn a_credit_note_takes_back_its_invoices_tax_to_the_cent_and_no_more() {
    // 3 × 33.33 at 20 %: the tax of the invoice is 20.00, of three notes over a third 6.67 each
    // would be 20.01.
    let workspace = seats("advance", &[]);
    workspace.write_key(
        "input/billing.toml",
        "[tax]\ndefault_code = \"vat\"\n[invoice]\ncredit_notes = \"separate\"\n",
    );
    workspace.write("input/tax_rates.csv", "code,name,percent\nvat,VAT,20\n");
    workspace.write(
        "input/prices.csv",
        "price_id,product,currency,unit_amount,interval\nseat,Seats,USD,33.33,month\n",
    );
    workspace.write(
        "input/subscriptions.csv",
        "subscription_id,account_id,price_id,quantity,started_at\ns1,acme,seat,3,2015-01-01\n",
    );
    workspace.close("2015-01-01");
    assert_eq!(totals(&workspace, "2015-01-01"), ["119.99"]);
    let mut rows = ADJUSTMENTS.to_owned();
    for (number, day) in [(1, 5), (2, 6), (3, 7)] {
        let row =
            format!("a{number},acme,2015-01-0{day},USD,-33.33,A third,,INV-2015-00001,true\n");
        rows.push_str(&row);
        workspace.write("input/adjustments.csv", &rows);
        workspace.close(&format!("2015-01-0{day}"));
    }
    let notes: Vec<String> = ["2015-01-05", "2015-01-06", "2015-01-07"]
        .iter()
        .flat_map(|close| workspace.rows(&format!("output/{close}/invoices.csv")))
        .map(|row| {
            row.cells(["invoice_number", "kind", "tax", "total", "credits_invoice"]).join(" ")
        })
        .collect();
    assert_eq!(
        notes,
        [
            "CN-2015-00001 credit_note -6.67 -40.00 INV-2015-00001",
            "CN-2015-00002 credit_note -6.66 -39.99 INV-2015-00001",
            "CN-2015-00003 credit_note -6.67 -40.00 INV-2015-00001",
        ]
    );
    rows += "a4,acme,2015-01-08,USD,-0.01,A cent,,INV-2015-00001,true\n";
    workspace.write("input/adjustments.csv", &rows);
    let summary = workspace.close("2015-01-08");
    assert!(summary.contains("not credited  0.01"), "{summary}");
    assert_eq!(over_credits(&workspace, "2015-01-08"), ["a4 0.01 USD INV-2015-00001"]);
    // It is done with, and not named again.
    workspace.close("2015-01-09");
    assert!(over_credits(&workspace, "2015-01-09").is_empty());
    workspace.succeed(&["verify", "--deep"]);
}

/// What invoices had no more left for.
fn over_credits(workspace: &Workspace, close: &str) -> Vec<String> {
    let rows = workspace.rows(&format!("output/{close}/exceptions.csv"));
    let over = rows.iter().filter(|row| row.get("kind") == "over_credit");
    over.map(|row| row.cells(["reference", "amount", "currency", "invoice_number"]).join(" "))
        .collect()
}

/// A plan for 249.95 from 1 May, switched to one for 9.95 on 2 May, both at once; with adjustments.
fn switched(credit_notes: &str, adjustments: &[&str]) -> Workspace {
    let workspace = seats("advance", &[]);
    let setting = format!("[invoice]\ncredit_notes = \"{credit_notes}\"\n");
    workspace.write_key("input/billing.toml", &setting);
    workspace.write(
        "input/prices.csv",
        "price_id,product,currency,unit_amount,interval,on_decrease,on_cancel\n\
         pro,Pro,USD,249.95,month,immediate,immediate\n\
         basic,Basic,USD,9.95,month,immediate,immediate\n",
    );
    workspace.write(
        "input/subscriptions.csv",
        "subscription_id,account_id,price_id,quantity,started_at\ns1,acme,pro,1,2015-05-01\n",
    );
    workspace.write_changes("change_id,at,subscription_id,kind,price_id");
    workspace.append("input/changes.csv", "c1,2015-05-02,s1,price,basic");
    workspace.write("input/adjustments.csv", &format!("{ADJUSTMENTS}{}\n", adjustments.join("\n")));
    workspace
}

/// The sums of kinds of line over some closes.
fn by_kind(workspace: &Workspace, closes: &[&str]) -> std::collections::BTreeMap<String, i64> {
    let mut sums = std::collections::BTreeMap::new();
    for row in closes.iter().flat_map(|close| lines(workspace, close)) {
        let minor: i64 = row.get("amount").replace('.', "").parse().expect("an amount");
        *sums.entry(row.get("kind").to_owned()).or_default() += minor;
    }
    sums
}

#[test]
fn what_an_adjustment_has_credited_unused_time_cannot() {
    for credit_notes in ["inline", "separate"] {
        let row = "a1,acme,2015-05-02,USD,-10.00,Goodwill,immediate,INV-2015-00001,false";
        let workspace = switched(credit_notes, &[row]);
        workspace.close("2015-05-01");
        workspace.close("2015-05-31");
        let sums = by_kind(&workspace, &["2015-05-31"]);
        assert_eq!((sums["adjustment"], sums["unused"], sums["remaining"]), (-1000, -23995, 963));
        assert_eq!(over_credits(&workspace, "2015-05-31"), ["c1 1.94 USD INV-2015-00001"]);
        let unused = lines(&workspace, "2015-05-31");
        let unused = unused.iter().find(|row| row.get("kind") == "unused").expect("a line");
        assert_eq!(unused.get("price_detail"), "241.89 − 1.94 = 239.95");
        // Nothing is due again.
        workspace.close("2015-06-01");
        assert_eq!(totals(&workspace, "2015-06-01"), ["9.95"]);
        workspace.succeed(&["verify", "--deep"]);
    }
}

#[test]
fn an_invoice_that_was_credited_in_whole_has_nothing_left_for_a_cancellation() {
    for credit_notes in ["inline", "separate"] {
        let row =
            "a1,acme,2015-05-01T10:00:00Z,USD,-249.95,All of it,immediate,INV-2015-00001,false";
        let workspace = switched(credit_notes, &[row]);
        workspace.write_changes("change_id,at,subscription_id,kind,price_id");
        workspace.append("input/changes.csv", "c1,2015-05-05T19:00:00Z,s1,cancel,");
        workspace.close("2015-05-01");
        workspace.close("2015-05-31");
        let sums = by_kind(&workspace, &["2015-05-01", "2015-05-31"]);
        assert_eq!(sums.values().sum::<i64>(), 0, "{sums:?}");
        assert_eq!(over_credits(&workspace, "2015-05-31").len(), 1);
        workspace.succeed(&["verify", "--deep"]);
    }
}

#[test]
fn an_adjustment_takes_what_unused_time_has_left_in_every_schedule() {
    for credit_notes in ["inline", "separate"] {
        for middle in [&[][..], &["2015-05-05"], &["2015-05-05", "2015-05-10"], &["2015-05-12"]] {
            let row = "a1,acme,2015-05-10,USD,-10.00,Goodwill,immediate,INV-2015-00001,false";
            let workspace = switched(credit_notes, &[row]);
            let mut closes = vec!["2015-05-01"];
            closes.extend(middle);
            closes.push("2015-05-31");
            let mut over = Vec::new();
            for close in &closes {
                workspace.close(close);
                over.extend(over_credits(&workspace, close));
            }
            let sums = by_kind(&workspace, &closes);
            assert_eq!((sums["adjustment"], sums["unused"]), (-806, -24189), "{closes:?}");
            assert_eq!(over, ["a1 1.94 USD INV-2015-00001"], "{closes:?}");
        }
    }
}

#[test]
fn an_adjustment_that_arrives_late_comes_before_what_was_credited_since() {
    for credit_notes in ["inline", "separate"] {
        let workspace = switched(credit_notes, &[]);
        workspace.close("2015-05-01");
        workspace.close("2015-05-05");
        let row = "a1,acme,2015-05-01T12:00:00Z,USD,-10.00,Goodwill,immediate,INV-2015-00001,false";
        workspace.append("input/adjustments.csv", row);
        workspace.close("2015-05-31");
        let closes = ["2015-05-01", "2015-05-05", "2015-05-31"];
        let sums = by_kind(&workspace, &closes);
        // 1.94 of the unused time is taken back.
        assert_eq!((sums["adjustment"], sums["unused"], sums["correction"]), (-1000, -24189, 194));
        assert_eq!(over_credits(&workspace, "2015-05-31"), ["c1 1.94 USD INV-2015-00001"]);
        workspace.succeed(&["verify", "--deep"]);
    }
}

#[test]
fn unused_time_and_corrections_go_on_notes_of_the_invoices_they_concern() {
    let workspace = taxed(&[]);
    workspace.write_key("input/billing.toml", "[invoice]\ncredit_notes = \"separate\"\n");
    workspace.close("2015-01-01");
    workspace.close("2015-02-01");
    // One change on time, one that should have been known in January.
    workspace.append("input/changes.csv", "c1,2015-01-10,s1,quantity,8,,");
    workspace.append("input/changes.csv", "c2,2015-02-15,s1,quantity,4,,");
    workspace.close("2015-03-01");
    let documents: Vec<String> = workspace
        .rows("output/2015-03-01/invoices.csv")
        .iter()
        .map(|row| {
            row.cells(["invoice_number", "tax", "total", "amount_due", "credits_invoice"]).join(" ")
        })
        .collect();
    assert_eq!(
        documents,
        [
            "CN-2015-00001 -7.10 -42.58 0.00 INV-2015-00001",
            "CN-2015-00002 -10.00 -60.00 0.00 INV-2015-00002",
            // The rest of February at 4 seats credits what this very invoice charges: it stays.
            "INV-2015-00003 15.68 94.07 94.07 ",
        ]
    );
    // The notes pay their invoices, which are open: January's 60.00 in part, February's whole.
    let applied: Vec<String> = workspace
        .rows("output/2015-03-01/payments_applied.csv")
        .iter()
        .map(|row| row.cells(["payment_id", "invoice_number", "amount", "kind"]).join(" "))
        .collect();
    assert_eq!(
        applied,
        [
            "CN-2015-00001 INV-2015-00001 42.58 credit_note",
            "CN-2015-00001  -42.58 credit_note",
            "CN-2015-00002 INV-2015-00002 60.00 credit_note",
            "CN-2015-00002  -60.00 credit_note",
        ]
    );
    let open: Vec<String> = workspace
        .rows("output/2015-03-01/receivables.csv")
        .iter()
        .map(|row| row.cells(["invoice_number", "open", "status"]).join(" "))
        .collect();
    assert_eq!(
        open,
        [
            "INV-2015-00001 17.42 partly_paid",
            "INV-2015-00002 0.00 paid",
            "INV-2015-00003 94.07 open"
        ]
    );
    let said = workspace.succeed(&["statement", "--account", "acme"]);
    assert!(said.contains("allocation") && said.contains("for INV-2015-00001"), "{said}");
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn nightly_closes_give_the_credit_notes_that_one_close_gives() {
    let documents = |closes: &[&str]| -> Vec<String> {
        let workspace = taxed(&["c1,2015-01-16,s1,quantity,4,,"]);
        workspace.write_key("input/billing.toml", "[invoice]\ncredit_notes = \"separate\"\n");
        let rows = closes.iter().flat_map(|close| {
            workspace.close(close);
            workspace.rows(&format!("output/{close}/invoices.csv"))
        });
        let columns = ["invoice_number", "kind", "total", "amount_due", "credits_invoice"];
        rows.map(|row| row.cells(columns).join(" ")).collect()
    };
    let nightly =
        documents(&["2015-01-01", "2015-01-10", "2015-01-20", "2015-01-31", "2015-02-01"]);
    assert_eq!(nightly, documents(&["2015-02-01"]));
    assert!(nightly.iter().any(|it| it.starts_with("CN-2015-00001 credit_note")), "{nightly:?}");
}

#[test]
fn what_waits_goes_on_the_invoice_that_credits_it() {
    // c1 waits for the end of the year, c2 is billed at once and credits what c1 charges: both
    // are billed then, at one rate, whenever closes run.
    let documents = |closes: &[&str]| -> Vec<String> {
        let workspace = taxed(&[]);
        workspace.write(
            "input/tax_rates.csv",
            "code,name,percent,valid_from,valid_to\n\
             vat,VAT,20,,2015-12-31\nvat,VAT,10,2016-01-01,\n",
        );
        workspace.write(
            "input/prices.csv",
            "price_id,product,currency,unit_amount,interval\nseat,Seats,USD,365.00,year\n",
        );
        workspace.write(
            "input/changes.csv",
            "change_id,at,subscription_id,kind,quantity,policy\n\
             c1,2015-03-15,s1,quantity,12,next_invoice\nc2,2015-05-15,s1,quantity,11,immediate\n",
        );
        let rows = closes.iter().flat_map(|close| {
            workspace.succeed(&["close", "--as-of", close, "--catch-up"]);
            lines(&workspace, close)
        });
        let columns = ["invoice_number", "kind", "quantity", "amount", "tax_rate"];
        rows.map(|row| row.cells(columns).join(" ")).collect()
    };
    let whole = documents(&["2015-06-01"]);
    assert_eq!(
        whole,
        [
            "INV-2015-00001 recurring 10 3650.00 20",
            "INV-2015-00002 remaining 12 3504.00 20",
            "INV-2015-00002 unused 10 -2920.00 20",
            "INV-2015-00002 remaining 11 2541.00 20",
            "INV-2015-00002 unused 12 -2772.00 20",
        ]
    );
    assert_eq!(documents(&["2015-01-01", "2015-04-01", "2015-06-01"]), whole);
}

#[test]
fn a_subscription_that_arrives_late_takes_its_share_of_a_discount_that_was_used() {
    let workspace = seats("advance", &[]);
    workspace.write(
        "input/subscriptions.csv",
        "subscription_id,account_id,price_id,quantity,started_at\ns1,acme,seat,1,2015-01-10\n",
    );
    workspace.write(
        "input/discounts.csv",
        "discount_id,name,account_id,percent,starts_at,duration\nd,Half,acme,50,2015-01-01,once\n",
    );
    workspace.close("2015-01-10");
    workspace.append("input/subscriptions.csv", "s0,acme,seat,1,2015-01-01");
    workspace.close("2015-02-01");
    // The first document is now that of s0, and the one of s1 was discounted without cause.
    assert_eq!(
        cells(&workspace, "2015-02-01", ["subscription_id", "kind", "amount", "discount_id"]),
        ["s0 recurring 5.00 ", "s0 discount -2.50 d", "s1 correction 2.50 d", "s0 recurring 5.00 "]
    );
}

#[test]
fn a_discount_that_comes_to_nothing_is_not_used_up() {
    let workspace = seats("advance", &["c1,2015-02-10,s1,quantity,10,,"]);
    workspace.write(
        "input/prices.csv",
        "price_id,product,currency,unit_amount,interval,on_increase\n\
         seat,Seats,JPY,3,month,period_end\n",
    );
    workspace.write(
        "input/subscriptions.csv",
        "subscription_id,account_id,price_id,quantity,started_at\ns1,acme,seat,1,2015-01-01\n",
    );
    workspace.write(
        "input/discounts.csv",
        "discount_id,name,account_id,percent,starts_at,duration\nd,Tenth,acme,10,2015-01-01,once\n",
    );
    workspace.close("2015-04-01");
    // A tenth of 3 yen is nothing; of 30 it is 3, once.
    assert_eq!(totals(&workspace, "2015-04-01"), ["3", "3", "27", "30"]);
}
