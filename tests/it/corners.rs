//! Where two rules meet: docs/proration.md says which one wins, this holds it to that. Each case is
//! one subscription, its log, and the lines that the binary bills.

use crate::support::Workspace;

/// Closes at 2020-02-15 and returns kind, quantity, amount and issue date of every line.
/// `prices` are rows of `price,interval,currency,unit_amount,…`, `changes` of
/// `at,kind,quantity,price_id,policy,anchor`, without commas for what is empty at their end. The
/// subscription has 10 units of the first price, from 1 January 2020.
fn lines(prices: &[&str], changes: &[&str]) -> Vec<String> {
    let workspace = Workspace::empty();
    workspace.write("input/billing.toml", "[seller]\nname = \"S\"\n");
    workspace.write("input/accounts.csv", "account_id,name,email\na,A,a@a.example\n");
    workspace.write(
        "input/prices.csv",
        "price_id,interval,currency,unit_amount,scheme,on_increase,on_decrease,on_cancel,\
         on_switch,granularity,billing,product\n",
    );
    for price in prices {
        let rest = ",".repeat(10 - price.matches(',').count());
        workspace.append("input/prices.csv", &format!("{price}{rest},P"));
    }
    workspace.write(
        "input/subscriptions.csv",
        "subscription_id,account_id,price_id,quantity,started_at\ns,a,p,10,2020-01-01\n",
    );
    workspace.write_changes("at,kind,quantity,price_id,policy,anchor,change_id,subscription_id");
    for (number, change) in changes.iter().enumerate() {
        let rest = ",".repeat(5 - change.matches(',').count());
        workspace.append("input/changes.csv", &format!("{change}{rest},c{number},s"));
    }
    workspace.close("2020-02-15");
    let dates: Vec<(String, String)> = workspace
        .rows("output/2020-02-15/invoices.csv")
        .iter()
        .map(|row| (row.get("invoice_number").to_owned(), row.get("issue_date")[5..].to_owned()))
        .collect();
    let rows = workspace.rows("output/2020-02-15/invoice_lines.csv");
    rows.iter()
        .map(|row| {
            let number = row.get("invoice_number");
            let date = &dates.iter().find(|(other, _)| other == number).expect("an invoice").1;
            format!("{date} {}", row.cells(["kind", "quantity", "amount"]).join(" "))
        })
        .collect()
}

/// A monthly price of 31.00 a unit with these policies for increase, decrease, cancel and switch.
fn price(policies: &str) -> String {
    format!("p,month,USD,31.00,per_unit,{policies}")
}

fn monthly() -> String {
    price("next_invoice,next_invoice,period_end,restart")
}

#[test]
fn a_change_at_a_boundary_belongs_to_the_period_that_begins_there() {
    let got = lines(&[&monthly()], &["2020-02-01,quantity,3,,"]);
    assert_eq!(got, ["01-01 recurring 10 310.00", "02-01 recurring 3 93.00"]);
}

#[test]
fn a_cancel_at_a_boundary_ends_it_there_and_an_uncancel_there_is_too_late() {
    let first = ["01-01 recurring 10 310.00"];
    assert_eq!(lines(&[&monthly()], &["2020-02-01,cancel,,,"]), first);
    assert_eq!(lines(&[&monthly()], &["2020-01-09,cancel,,,", "2020-02-01,uncancel,,,"]), first);
    let both = lines(&[&monthly()], &["2020-02-01,cancel,,,", "2020-02-01,uncancel,,,"]);
    assert_eq!(both.len(), 2, "the later row at one instant wins");
}

#[test]
fn an_immediate_cancel_that_is_taken_back_at_once_never_was() {
    let changes = ["2020-01-09,cancel,,,immediate", "2020-01-09,uncancel,,,"];
    assert_eq!(
        lines(&[&monthly()], &changes),
        ["01-01 recurring 10 310.00", "02-01 recurring 10 310.00"]
    );
}

#[test]
fn a_price_and_an_anchor_at_one_instant_are_one_change_in_either_order() {
    let dear = "d,month,USD,62.00,per_unit,next_invoice,next_invoice,period_end,restart";
    let (price, anchor) = ("2020-01-11,price,,d,,", "2020-01-11,anchor,,,,2020-01-11");
    let expected =
        ["01-01 recurring 10 310.00", "01-11 unused 10 -210.00", "01-11 recurring 10 620.00"];
    let beginning = |lines: Vec<String>| lines[..3].to_vec();
    assert_eq!(beginning(lines(&[&monthly(), dear], &[price, anchor])), expected);
    assert_eq!(beginning(lines(&[&monthly(), dear], &[anchor, price])), expected);
}

#[test]
fn rows_at_one_instant_give_one_pair_and_those_that_wait_wait() {
    let dear = "d,month,USD,62.00,per_unit,next_invoice,next_invoice,period_end,restart";
    let (price, quantity) = ("2020-01-11,price,,d,", "2020-01-11,quantity,11,,");
    let expected = [
        "01-01 recurring 10 310.00",
        "02-01 remaining 11 462.00",
        "02-01 unused 10 -210.00",
        "02-01 recurring 11 682.00",
    ];
    assert_eq!(lines(&[&monthly(), dear], &[price, quantity]), expected);
    assert_eq!(lines(&[&monthly(), dear], &[quantity, price]), expected);
    let waiting = "2020-01-11,quantity,11,,period_end";
    let expected = [
        "01-01 recurring 10 310.00",
        "02-01 remaining 10 420.00",
        "02-01 unused 10 -210.00",
        "02-01 recurring 11 682.00",
    ];
    assert_eq!(lines(&[&monthly(), dear], &[price, waiting]), expected);
    assert_eq!(lines(&[&monthly(), dear], &[waiting, price]), expected);
    // The last of two quantities counts, and what nets to nothing is nothing.
    let there_and_back = ["2020-01-11,quantity,20,,", "2020-01-11,quantity,10,,"];
    assert_eq!(lines(&[&monthly()], &there_and_back).len(), 2);
}

#[test]
fn a_cancel_at_once_ends_the_period_on_the_terms_before_its_instant() {
    let (cancel, quantity) = ("2020-01-11,cancel,,,immediate", "2020-01-11,quantity,20,,");
    let expected = ["01-01 recurring 10 310.00", "01-11 unused 10 -210.00"];
    assert_eq!(lines(&[&monthly()], &[cancel, quantity]), expected);
    assert_eq!(lines(&[&monthly()], &[quantity, cancel]), expected);
}

#[test]
fn a_change_of_nothing_draws_no_waiting_credit_to_an_earlier_invoice() {
    let price = price("immediate,next_invoice,period_end,restart");
    let same = "q,month,USD,31.00,per_unit,immediate,next_invoice,period_end,restart";
    let less = "2020-01-11,quantity,5,,";
    let waits = "02-01 unused 10 -210.00";
    let got = lines(&[&price, same], &[less, "2020-01-21,price,,q,"]);
    assert!(got.iter().any(|line| line == waits), "{got:?}");
    assert!(got.iter().all(|line| !line.starts_with("01-21")), "{got:?}");
    // The row may still ask for it.
    let got = lines(&[&price, same], &[less, "2020-01-21,price,,q,immediate"]);
    assert!(got.iter().any(|line| line == "01-21 unused 10 -210.00"), "{got:?}");
}

#[test]
fn a_period_that_counts_whole_is_billed_on_the_terms_that_it_ends_with() {
    let changes = [
        "2020-01-11,quantity,12,,",
        "2020-01-16,quantity,4,,immediate",
        "2020-01-21,quantity,11,,",
    ];
    let billed = |billing: &str| -> i64 {
        let price = format!("{},period,{billing}", monthly());
        let got = lines(&[&price], &changes);
        let cents = |line: &String| line.rsplit(' ').next().expect("an amount").replace('.', "");
        got.iter()
            .filter(|line| billing == "advance" || !line.starts_with("02-15"))
            .map(|line| cents(line).parse::<i64>().expect("cents"))
            .sum()
    };
    // January at 11; February has begun at 11, which arrears have not billed yet.
    assert_eq!(billed("advance"), 34_100 + 34_100);
    assert_eq!(billed("arrears"), 34_100);
}

#[test]
fn an_immediate_cancel_credits_or_does_not() {
    let credit = lines(&[&monthly()], &["2020-01-11,cancel,,,immediate"]);
    assert_eq!(credit, ["01-01 recurring 10 310.00", "01-11 unused 10 -210.00"]);
    let none = lines(&[&monthly()], &["2020-01-11,cancel,,,immediate_no_credit"]);
    assert_eq!(none, ["01-01 recurring 10 310.00"]);
}

#[test]
fn what_waits_for_the_period_end_is_not_forgotten_at_the_next_change() {
    // A decrease that waits; going up again, but not beyond what is held, costs nothing now.
    let immediate = price("immediate,next_invoice,period_end,restart");
    let got =
        lines(&[&immediate], &["2020-01-02,quantity,5,,period_end", "2020-01-15,quantity,6,,"]);
    assert_eq!(got, ["01-01 recurring 10 310.00", "02-01 recurring 6 186.00"]);
    // Beyond it, only the units beyond are billed.
    let got =
        lines(&[&immediate], &["2020-01-02,quantity,5,,period_end", "2020-01-11,quantity,11,,"]);
    assert_eq!(
        got,
        [
            "01-01 recurring 10 310.00",
            "01-11 remaining 11 231.00",
            "01-11 unused 10 -210.00",
            "02-01 recurring 11 341.00",
        ]
    );
}

#[test]
fn a_switch_that_waits_goes_on_waiting_when_the_quantity_changes() {
    let annual = "y,year,USD,310.00,per_unit,immediate,immediate,period_end,restart";
    let got = lines(
        &[&monthly(), annual],
        &["2020-01-10,price,,y,period_end", "2020-01-11,quantity,11,,"],
    );
    assert_eq!(
        got,
        [
            "01-01 recurring 10 310.00",
            "02-01 remaining 11 231.00",
            "02-01 unused 10 -210.00",
            "02-01 recurring 11 3410.00",
        ]
    );
}

#[test]
fn a_switch_takes_along_the_lines_that_waited_for_the_boundary() {
    let annual = "y,year,USD,310.00,per_unit,immediate,immediate,period_end,restart";
    let got = lines(&[&monthly(), annual], &["2020-01-11,quantity,9,,", "2020-01-21,price,,y,"]);
    assert_eq!(
        got,
        [
            "01-01 recurring 10 310.00",
            "01-21 remaining 9 189.00",
            "01-21 unused 10 -210.00",
            "01-21 unused 9 -99.00",
            "01-21 recurring 9 2790.00",
        ]
    );
}

#[test]
fn a_cancel_beside_a_switch_waits_for_the_end_of_the_new_period_in_either_order() {
    let annual = "y,year,USD,310.00,per_unit,immediate,immediate,period_end,restart";
    let (cancel, switch) = ("2020-01-21,cancel,,,", "2020-01-21,price,,y,");
    let expected =
        ["01-01 recurring 10 310.00", "01-21 unused 10 -110.00", "01-21 recurring 10 3100.00"];
    assert_eq!(lines(&[&monthly(), annual], &[cancel, switch]), expected);
    assert_eq!(lines(&[&monthly(), annual], &[switch, cancel]), expected);
}

#[test]
fn the_anchor_may_be_kept_at_a_switch() {
    let annual = "y,year,USD,366.00,per_unit,immediate,immediate,period_end,keep_anchor";
    let got = lines(&[&monthly(), annual], &["2020-01-31,price,1,y,"]);
    // 336 of the 366 days from 1 January 2020 to 1 January 2021.
    assert_eq!(
        got,
        ["01-01 recurring 10 310.00", "01-31 unused 10 -10.00", "01-31 recurring 1 336.00"]
    );
}

#[test]
fn a_pause_credits_and_the_resumption_bills_again_by_the_same_policy() {
    let price = price("period_end,next_invoice,period_end,restart");
    let got = lines(&[&price], &["2020-01-11,pause,,,", "2020-01-21,resume,,,"]);
    assert_eq!(
        got,
        [
            "01-01 recurring 10 310.00",
            "02-01 unused 10 -210.00",
            "02-01 remaining 10 110.00",
            "02-01 recurring 10 310.00",
        ]
    );
    let over_the_renewal = lines(&[&monthly()], &["2020-01-11,pause,,,", "2020-02-05,resume,,,"]);
    assert_eq!(over_the_renewal, ["01-01 recurring 10 310.00", "02-01 unused 10 -210.00"]);
}

#[test]
fn a_quantity_that_changes_during_a_pause_is_what_is_resumed() {
    let changes = ["2020-01-11,pause,,,", "2020-01-15,quantity,0,,", "2020-01-21,resume,,,"];
    let got = lines(&[&monthly()], &changes);
    assert_eq!(got, ["01-01 recurring 10 310.00", "02-01 unused 10 -210.00"]);
}

#[test]
fn a_change_that_changes_nothing_gives_no_lines_and_a_pair_of_equal_amounts_stays() {
    let got = lines(&[&monthly()], &["2020-01-11,quantity,10,,"]);
    assert_eq!(got, ["01-01 recurring 10 310.00", "02-01 recurring 10 310.00"]);
    let flat = "p,month,USD,31.00,flat,next_invoice,next_invoice,period_end,restart";
    let got = lines(&[flat], &["2020-01-11,quantity,11,,"]);
    assert_eq!(
        got,
        [
            "01-01 recurring 10 31.00",
            "02-01 remaining 11 21.00",
            "02-01 unused 10 -21.00",
            "02-01 recurring 11 31.00",
        ]
    );
}

#[test]
fn quantity_zero_bills_nothing_and_coming_back_is_prorated() {
    let got = lines(&[&monthly()], &["2020-01-11,quantity,0,,", "2020-01-21,quantity,2,,"]);
    assert_eq!(
        got,
        [
            "01-01 recurring 10 310.00",
            "02-01 unused 10 -210.00",
            "02-01 remaining 2 22.00",
            "02-01 recurring 2 62.00",
        ]
    );
}

#[test]
fn from_a_free_price_a_new_period_begins_at_the_upgrade() {
    let free = "p,month,USD,0.00,flat,next_invoice,next_invoice,period_end,restart";
    let paid = "q,month,USD,150.00,flat,immediate,next_invoice,period_end,restart";
    let got = lines(&[free, paid], &["2020-01-11T09:30:00Z,price,,q,"]);
    assert_eq!(got, ["01-11 recurring 10 150.00", "02-11 recurring 10 150.00"]);
}
