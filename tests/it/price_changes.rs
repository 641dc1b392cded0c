//! Price changes for all customers, and comebacks, from the outside.

use crate::support::{Workspace, pdf_text};

const ROW: &str = "rise,p,p2,2024-03-01,at_renewal,New price since March,Neuer Preis seit März\n";

const HEADER: &str = "price_change_id,price_id,new_price_id,from,applies,notice,notice_de\n";

/// Two accounts on a price of 30.00, which a row may raise to 36.00.
fn company() -> Workspace {
    let workspace = Workspace::empty();
    workspace.write("input/billing.toml", "[seller]\nname = \"S\"\n");
    workspace.write(
        "input/accounts.csv",
        "account_id,name,email,locale\na,A,a@a.example,en\nb,B,b@b.example,de\n",
    );
    workspace.write(
        "input/prices.csv",
        "price_id,product,currency,unit_amount,interval\n\
         p,Plan,USD,30.00,month\np2,Plan,USD,36.00,month\n",
    );
    workspace.write(
        "input/subscriptions.csv",
        "subscription_id,account_id,price_id,quantity,started_at\n\
         s,a,p,1,2024-01-01\nt,b,p,2,2024-01-15\n",
    );
    workspace.write_changes("change_id,at,subscription_id,kind,quantity,price_id,policy");
    workspace
}

fn raise(workspace: &Workspace) {
    workspace.write("input/price_changes.csv", &format!("{HEADER}{ROW}"));
}

fn texts(workspace: &Workspace, close: &str) -> Vec<String> {
    let files = workspace.files(&format!("output/{close}/pdf"));
    let text = |bytes: &[u8]| pdf_text(bytes).replace(['\u{a0}', '\n'], " ");
    files.iter().map(|(_, bytes)| text(bytes)).collect()
}

#[test]
fn the_first_document_with_the_new_price_has_the_notice_in_its_language() {
    let workspace = company();
    raise(&workspace);
    workspace.close("2024-02-29");
    let has = |texts: &[String], words: &str| texts.iter().filter(|it| it.contains(words)).count();
    assert_eq!(has(&texts(&workspace, "2024-02-29"), "since March"), 0);
    workspace.close("2024-03-20");
    let march = texts(&workspace, "2024-03-20");
    assert_eq!((march.len(), has(&march, "Plan – New price since March")), (2, 1), "{march:?}");
    assert_eq!(has(&march, "Plan – Neuer Preis seit März"), 1, "{march:?}");
    workspace.close("2024-04-20");
    let april = texts(&workspace, "2024-04-20");
    assert_eq!((april.len(), has(&april, "März"), has(&april, "since March")), (2, 0, 0));
    // Tables have no notice, and everything derives again.
    assert!(!workspace.read("output/2024-03-20/invoice_lines.csv").contains("since March"));
    workspace.succeed(&["verify", "--deep"]);
}

#[test]
fn a_row_that_arrives_late_ends_as_if_on_time_and_is_never_altered() {
    let closes = ["2024-02-20", "2024-03-20", "2024-04-20"];
    let billed = |workspace: &Workspace| -> i64 {
        let rows = closes
            .iter()
            .flat_map(|close| workspace.rows(&format!("output/{close}/invoice_lines.csv")));
        let cents = rows.map(|row| row.get("amount").replace('.', ""));
        cents.map(|cents| cents.parse::<i64>().expect("cents")).sum()
    };
    let (on_time, late) = (company(), company());
    raise(&on_time);
    for close in closes {
        if close == "2024-04-20" {
            raise(&late);
        }
        on_time.close(close);
        late.close(close);
    }
    assert_eq!(billed(&late), billed(&on_time));
    let lines = late.read("output/2024-04-20/invoice_lines.csv");
    assert!(lines.contains("the change rise of 1 Mar 2024 arrived later"), "{lines}");
    late.write("input/price_changes.csv", &format!("{HEADER}{}", ROW.replace("03-01", "02-01")));
    let (exit, told) = late.fail(&["close", "--as-of", "2024-05-20"]);
    assert_eq!(exit, 65, "{told}");
    let place = "input/price_changes.csv:2: price_change_id \"rise\" of subscription s has been";
    assert!(told.contains(place), "{told}");
}

#[test]
fn who_comes_back_is_reactivated_and_rows_without_effect_are_listed() {
    let workspace = company();
    workspace.append("input/changes.csv", "c1,2024-01-11,s,cancel,,,immediate");
    workspace.append("input/changes.csv", "c2,2024-01-20,s,quantity,5,,");
    workspace.append("input/changes.csv", "c3,2024-01-21,t,restart,,,");
    workspace.close("2024-02-01");
    let exceptions = workspace.read("output/2024-02-01/exceptions.csv");
    assert!(exceptions.contains("c2") && exceptions.contains("kind restart"), "{exceptions}");
    assert!(exceptions.contains("c3") && exceptions.contains("had not ended"), "{exceptions}");
    workspace.append("input/changes.csv", "c4,2024-02-11,s,restart,3,,");
    workspace.close("2024-03-01");
    let report = workspace.read("output/2024-03-01/report.html");
    let row = "Reactivation</td><td class=\"number\">1";
    assert!(report.contains(row) || report.contains("+90.00"), "{report}");
    let lines = workspace.rows("output/2024-03-01/invoice_lines.csv");
    let own: Vec<_> = lines.iter().filter(|row| row.get("subscription_id") == "s").collect();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].cells(["kind", "quantity", "amount"]), ["recurring", "3", "90.00"]);
    let explained = workspace.succeed(&["explain", "INV-2024-00003"]);
    assert!(!explained.is_empty());
}
