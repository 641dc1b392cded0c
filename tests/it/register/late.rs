//! Changes that arrive after their time was billed.

use super::{lines, seats, totals};

#[test]
fn a_change_one_period_late_is_corrected_in_arrears() {
    // A published case: 10 seats to 8 on 15 January, known only after January was billed.
    let workspace = seats("arrears", &[]);
    workspace.write_key("input/billing.toml", "[proration]\ngranularity = \"day\"\n");
    workspace.close("2015-02-01");
    assert_eq!(totals(&workspace, "2015-02-01"), ["50.00"]);
    workspace.append("input/changes.csv", "c1,2015-01-15,s1,quantity,8,,");
    workspace.close("2015-03-01");
    assert_eq!(totals(&workspace, "2015-03-01"), ["34.52"]);
    let got: Vec<_> = lines(&workspace, "2015-03-01")
        .iter()
        .map(|row| row.cells(["kind", "amount", "corrects_invoice"]).join(" "))
        .collect();
    assert_eq!(
        got,
        [
            "correction -50.00 INV-2015-00001",
            "correction 22.58 INV-2015-00001",
            "recurring 21.94 ",
            "recurring 40.00 ",
        ]
    );
    workspace.close("2015-04-01");
    assert_eq!(totals(&workspace, "2015-04-01"), ["40.00"]);
}

#[test]
fn a_change_two_periods_late_corrects_every_line_it_contradicts_and_no_other() {
    let workspace = seats("advance", &["c1,2015-02-10,s1,quantity,12,,"]);
    for close in ["2015-01-01", "2015-02-01", "2015-03-01"] {
        workspace.close(close);
    }
    // In force from 20 January: February's renewal and the old half of c1 were billed on 10 seats.
    workspace.append("input/changes.csv", "c0,2015-01-20,s1,quantity,11,,");
    workspace.close("2015-04-01");
    let lines = lines(&workspace, "2015-04-01");
    let got: Vec<_> =
        lines.iter().map(|row| row.cells(["kind", "quantity", "amount"]).join(" ")).collect();
    assert_eq!(
        got,
        [
            "remaining 11 21.29",
            "unused 10 -19.35",
            "correction 10 -50.00",
            "correction 11 55.00",
            "correction 10 33.93",
            "correction 11 -37.32",
            "recurring 12 60.00",
        ]
    );
    let why = lines[3].get("description");
    assert_eq!(
        why,
        "Seats, corrects invoice INV-2015-00002: the change c0 of 20 Jan 2015 arrived later"
    );
    assert_eq!(lines[2].get("corrects_line"), "1");
    workspace.close("2015-05-01");
    assert_eq!(totals(&workspace, "2015-05-01"), ["60.00"]);
}

#[test]
fn a_delta_that_arrives_between_others_shifts_them() {
    let workspace = seats("advance", &["c2,2015-01-20,s1,quantity,,3,"]);
    workspace.close("2015-02-01");
    workspace.append("input/changes.csv", "c1,2015-01-10,s1,quantity,,-4,");
    workspace.close("2015-03-01");
    let quantity = lines(&workspace, "2015-03-01").pop().expect("lines").get("quantity").to_owned();
    assert_eq!(quantity, "9");
    let whole =
        seats("advance", &["c1,2015-01-10,s1,quantity,,-4,", "c2,2015-01-20,s1,quantity,,3,"]);
    whole.close("2015-03-01");
    let both = [totals(&workspace, "2015-02-01"), totals(&workspace, "2015-03-01")].concat();
    assert_eq!(cents(&both), cents(&totals(&whole, "2015-03-01")));
}

#[test]
fn a_late_row_on_the_boundary_itself_belongs_to_the_period_that_begins_there() {
    let workspace = seats("advance", &[]);
    workspace.close("2015-02-01");
    workspace.append("input/changes.csv", "c1,2015-02-01,s1,quantity,7,,");
    workspace.close("2015-03-01");
    let amounts: Vec<_> =
        lines(&workspace, "2015-03-01").iter().map(|row| row.get("amount").to_owned()).collect();
    assert_eq!(amounts, ["-50.00", "35.00", "35.00"]);
}

#[test]
fn a_late_cancellation_takes_back_the_renewals_after_it_and_leaves_credit() {
    let workspace = seats("advance", &[]);
    workspace.close("2015-03-01");
    workspace.append("input/changes.csv", "c1,2015-01-16T12:00:00Z,s1,cancel,,,");
    workspace.close("2015-03-02");
    assert_eq!(totals(&workspace, "2015-03-02"), ["-125.00"]);
    let row = workspace.rows("output/2015-03-02/invoices.csv").pop().expect("a credit");
    assert_eq!(row.cells(["kind", "amount_due", "credit_balance"]), ["credit", "0.00", "125.00"]);
    assert_eq!(row.get("issue_date"), "2015-03-02");
}

#[test]
fn a_correction_can_be_corrected() {
    let workspace = seats("advance", &[]);
    workspace.close("2015-02-01");
    workspace.append("input/changes.csv", "c1,2015-02-01,s1,quantity,7,,");
    workspace.close("2015-03-01");
    // Rows at one instant apply in the order of the file.
    workspace.append("input/changes.csv", "c2,2015-02-01,s1,quantity,6,,");
    workspace.close("2015-04-01");
    let lines = lines(&workspace, "2015-04-01");
    let got: Vec<_> = lines.iter().map(|row| row.get("amount")).collect();
    assert_eq!(got, ["-35.00", "30.00", "-35.00", "30.00", "30.00"]);
    // What is corrected is the replacement, on the second invoice, and not the first line again.
    assert_eq!(lines[0].cells(["corrects_invoice", "corrects_line"]), ["INV-2015-00003", "2"]);
    assert!(!lines[0].get("description").contains("corrects"), "{}", lines[0].get("description"));
}

#[test]
fn a_replacement_in_another_currency_stands_when_more_arrives() {
    // The euro document gets the lower number: the replacement is published before the reversal.
    let workspace = seats("advance", &[]);
    workspace.append("input/prices.csv", "eur,Seats,EUR,8.00,month,advance,immediate");
    workspace.write_changes("change_id,at,subscription_id,kind,quantity,price_id,policy");
    workspace.close("2015-02-15");
    workspace.append("input/changes.csv", "c1,2015-01-10,s1,price,,eur,period_end");
    workspace.close("2015-03-15");
    workspace.append("input/changes.csv", "c2,2015-03-10,s1,quantity,11,,");
    workspace.close("2015-03-20");
    let mut sums = std::collections::BTreeMap::new();
    for close in ["2015-02-15", "2015-03-15", "2015-03-20"] {
        for line in lines(&workspace, close) {
            let [currency, amount] = line.cells(["currency", "amount"]);
            *sums.entry(currency.to_owned()).or_default() += cents(&[amount.to_owned()]);
        }
    }
    // January in dollars; February and March, 10 seats each, in euros.
    assert_eq!(sums, [("EUR".to_owned(), 16_000), ("USD".to_owned(), 5_000)].into());
}

#[test]
fn rows_of_one_second_apply_in_the_order_of_their_fractions() {
    let workspace = seats(
        "advance",
        &["c2,2015-01-10T00:00:00.9Z,s1,quantity,2,,", "c1,2015-01-10T00:00:00.1Z,s1,quantity,5,,"],
    );
    workspace.close("2015-02-01");
    let renewal = lines(&workspace, "2015-02-01").pop().expect("lines");
    assert_eq!(renewal.cells(["kind", "quantity"]), ["recurring", "2"]);
}

#[test]
fn a_change_without_effect_is_named_once() {
    let workspace =
        seats("advance", &["c1,2015-01-10,s1,cancel,,,", "c2,2015-01-20,s1,quantity,3,,"]);
    let named = |close: &str| workspace.rows(&format!("output/{close}/exceptions.csv")).len();
    workspace.close("2015-02-01");
    workspace.close("2015-03-01");
    assert_eq!((named("2015-02-01"), named("2015-03-01")), (1, 0));
}

fn cents(amounts: &[String]) -> i64 {
    amounts.iter().map(|it| it.replace('.', "").parse::<i64>().expect("an amount")).sum()
}
