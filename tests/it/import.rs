//! `prorata import` and `compare`: exports of other systems become a company that bills what those systems
//! billed. The exports are in `tests/data/import/`; SOURCES.md there says where their columns are from.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rust_decimal::Decimal;

use crate::support::{Workspace, copy_folder, data};

const AS_OF: &str = "2020-06-20T12:00:00Z";

/// A workspace with the exports of a system: `exports/` of the day of the switch, `after/` of a month later.
fn exports(system: &str) -> Workspace {
    let workspace = Workspace::empty();
    fs::remove_dir(workspace.path("input")).expect("an empty folder");
    copy_folder(&data(&format!("import/{system}")), &workspace.path(""));
    workspace
}

/// Imports, and writes the name of the seller, which no export has.
fn import(workspace: &Workspace, system: &str, more: &[&str]) -> (i32, String) {
    let asked = ["import", system, "exports", "--as-of", AS_OF];
    let output = workspace.run(&[&asked[..], more].concat());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let code = output.status.code().expect("it ended by itself");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(code, 0 | 10), "{stderr}");
    let settings = workspace.read("input/billing.toml");
    workspace.write("input/billing.toml", &settings.replace("Your company", "Kumu, Inc."));
    (code, said)
}

fn compare(workspace: &Workspace, more: &[&str]) -> (i32, String) {
    let output = workspace.run(&[&["compare"][..], more].concat());
    let code = output.status.code().expect("it ended by itself");
    assert!(matches!(code, 0 | 1), "{}", String::from_utf8_lossy(&output.stderr));
    (code, String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The report, without the lines of files: they depend on the order of rows.
fn report(workspace: &Workspace) -> Vec<String> {
    let rows = workspace.rows("input/not_taken_over.csv");
    let columns = ["file", "column", "value", "effect", "why", "what_to_do"];
    let mut rows: Vec<String> = rows.iter().map(|row| row.cells(columns).join("|")).collect();
    rows.sort();
    rows
}

fn is_table(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|it| it == "csv")
}

/// The tables that closes read.
fn tables(workspace: &Workspace) -> Vec<(String, String)> {
    let mut files = workspace.files("input");
    files.retain(|(name, _)| is_table(name) && name != "not_taken_over.csv");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    files.into_iter().map(|(name, bytes)| (name, text(bytes))).collect()
}

/// The totals of a table by account and currency.
fn totals(workspace: &Workspace, path: &str, account: &str) -> BTreeMap<(String, String), Decimal> {
    let mut totals = BTreeMap::new();
    for row in workspace.rows(path) {
        let key = (row.get(account).to_owned(), row.get("currency").to_uppercase());
        let total: Decimal = row.get("total").parse().expect("a number");
        *totals.entry(key).or_insert(Decimal::ZERO) += total;
    }
    totals
}

/// An import that is checked, opened and closed a month later, after the change that the old system
/// also made.
fn closed(system: &str, change: Option<&str>) -> Workspace {
    let workspace = exports(system);
    import(&workspace, system, &[]);
    workspace.succeed(&["check", "--as-of", "2020-07-20"]);
    workspace.succeed(&["open", "--as-of", AS_OF]);
    if let Some(change) = change {
        workspace.append("input/changes.csv", change);
    }
    workspace.close("2020-07-20");
    workspace
}

/// A seat more on 26 June, in the row order of the table that the import writes.
const SEAT: &str = "seat-6,2020-06-26T08:30:00Z,sub_blue:si_blue_seats,quantity,6,,,";

#[test]
fn a_company_of_stripe_is_billed_as_stripe_billed_it() {
    let workspace = closed("stripe", Some(SEAT));
    let old = ["--with", "after", "--from", "stripe", "--close", "latest"];
    let (code, said) = compare(&workspace, &old);
    assert_eq!(code, 0, "{said}");
    let expected = "6 accounts compared with close 2020-07-20: 6 the same, 0 with differences\n\
                    1 old invoice left out: issued before or after the close\n";
    assert_eq!(said, expected);
    // The comparison itself, by other means: sums of what was issued after the switch.
    let ours = totals(&workspace, "output/latest/invoices.csv", "account_id");
    let issued = |row: &&crate::support::Row| {
        row.get("created") > "2020-06-20" && row.get("status") != "draft"
    };
    let mut theirs: BTreeMap<(String, String), Decimal> = BTreeMap::new();
    for row in workspace.rows("after/invoice.csv").iter().filter(issued) {
        let currency = row.get("currency").to_uppercase();
        let units = Decimal::from(if currency == "JPY" { 1 } else { 100 });
        let total: Decimal = row.get("total").parse().expect("a number");
        let key = (row.get("customer_id").to_owned(), currency);
        *theirs.entry(key).or_insert(Decimal::ZERO) += total / units;
    }
    assert_eq!(ours, theirs);
}

#[test]
fn a_company_of_recurly_is_billed_as_recurly_billed_it() {
    let workspace = closed("recurly", None);
    let old = ["--with", "after", "--from", "recurly", "--close", "2020-07-20"];
    let (code, said) = compare(&workspace, &old);
    assert_eq!(code, 0, "{said}");
    let ours = totals(&workspace, "output/latest/invoices.csv", "account_id");
    let codes: BTreeMap<String, String> = workspace
        .rows("after/account_history.csv")
        .iter()
        .map(|row| (row.get("id").to_owned(), row.get("code").to_owned()))
        .collect();
    let theirs = totals(&workspace, "after/invoice_history.csv", "account_id");
    let theirs: BTreeMap<(String, String), Decimal> = theirs
        .into_iter()
        .map(|((account, currency), total)| ((codes[&account].clone(), currency), total))
        .collect();
    assert_eq!(ours, theirs);
}

#[test]
fn a_company_of_kill_bill_is_billed_as_kill_bill_billed_it() {
    let workspace = closed("killbill", Some("q4,2020-06-25,s-acme,quantity,4,,,"));
    let old = ["--with", "after", "--from", "killbill", "--close", "latest"];
    let (code, said) = compare(&workspace, &old);
    assert_eq!(code, 0, "{said}");
    assert!(said.starts_with("4 accounts compared with close 2020-07-20: 4 the same"), "{said}");
    // The sums by hand: days of accounts in Los Angeles and Tokyo, a phase that ends, credit that is used.
    let ours = totals(&workspace, "output/latest/invoices.csv", "account_id");
    let expected = [
        ("acme", "USD", 46667),
        ("beta", "JPY", 1_200_000),
        ("eps", "USD", 10000),
        ("gamma", "USD", 50000),
    ];
    let expected: BTreeMap<(String, String), Decimal> = expected
        .into_iter()
        .map(|(account, currency, cents)| {
            ((account.to_owned(), currency.to_owned()), Decimal::new(cents, 2))
        })
        .collect();
    assert_eq!(ours, expected);
    let invoices = workspace.rows("output/latest/invoices.csv");
    let acme = invoices.iter().find(|row| row.get("account_id") == "acme").expect("an invoice");
    assert_eq!(acme.cells(["issue_date", "credit_applied"]), ["2020-06-25", "20.00"]);
}

/// Credit, trials, cancellations and planned changes come along.
#[test]
fn what_an_account_brings_along_is_used() {
    let workspace = closed("stripe", None);
    let invoices = workspace.rows("output/latest/invoices.csv");
    let of = |account: &str| invoices.iter().filter(|row| row.get("account_id") == account).count();
    assert_eq!((of("cus_eli"), of("cus_cat"), of("cus_dot")), (0, 0, 1));
    let fay = invoices.iter().find(|row| row.get("account_id") == "cus_fay").expect("an invoice");
    assert_eq!(fay.cells(["total", "credit_applied", "amount_due"]), ["1200", "500", "700"]);
    let workspace = closed("recurly", None);
    let lines = workspace.rows("output/latest/invoice_lines.csv");
    let beta = lines.iter().find(|row| row.get("account_id") == "beta").expect("a line");
    assert_eq!(beta.cells(["quantity", "amount"]), ["4", "316.00"]);
}

#[test]
fn what_is_not_taken_over_is_listed_with_its_place() {
    let workspace = exports("stripe");
    let (code, said) = import(&workspace, "stripe", &[]);
    assert_eq!(code, 10);
    assert!(said.contains("prorata open --as-of 2020-06-20T12:00:00Z"), "{said}");
    let rows = workspace.rows("input/not_taken_over.csv");
    let differing: Vec<[&str; 4]> = rows
        .iter()
        .filter(|row| row.get("effect") == "bills_differ")
        .map(|row| row.cells(["file", "line", "column", "value"]))
        .collect();
    let expected = [
        ["subscription_discount.csv", "3", "coupon_id", "hello"],
        ["subscription_item.csv", "11", "plan_id", "price_metered"],
    ];
    assert_eq!(differing, expected);
    let effect = |file: &str, column: &str| {
        let of = |row: &&crate::support::Row| row.cells(["file", "column"]) == [file, column];
        rows.iter().find(of).map(|row| row.get("effect").to_owned())
    };
    assert_eq!(effect("customer.csv", "phone").as_deref(), Some("none"));
    assert_eq!(effect("customer.csv", "shipping_name"), None, "it has no values");
    assert_eq!(effect("invoice_item", "").as_deref(), Some("cannot_tell"));
}

/// The rows below each header in the other order. A file of Kill Bill has several.
fn reversed(text: &str) -> String {
    let mut tables: Vec<Vec<&str>> = Vec::new();
    for line in text.lines() {
        match tables.last_mut() {
            Some(table) if !line.starts_with("-- ") => table.push(line),
            _ => tables.push(vec![line]),
        }
    }
    for table in &mut tables {
        table[1..].reverse();
    }
    tables.concat().join("\n") + "\n"
}

#[test]
fn the_order_of_rows_makes_no_difference_and_two_imports_are_the_same() {
    for system in ["stripe", "recurly", "killbill"] {
        let (one, other) = (exports(system), exports(system));
        for (name, bytes) in other.files("exports") {
            if is_table(&name) {
                let text = String::from_utf8(bytes).expect("UTF-8");
                other.write(&format!("exports/{name}"), &reversed(&text));
            }
        }
        import(&one, system, &[]);
        import(&other, system, &[]);
        assert_eq!(tables(&one), tables(&other), "{system}");
        assert_eq!(report(&one), report(&other), "{system}");
        let again = exports(system);
        import(&again, system, &[]);
        assert_eq!(one.files("input"), again.files("input"), "{system}");
    }
}

/// The lists of columns have a source. Each column of them is known, and no other.
#[test]
fn every_column_of_the_sources_is_known_and_any_other_stops_the_import() {
    for system in ["stripe", "recurly"] {
        let workspace = exports(system);
        let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in workspace.rows("columns.csv") {
            let names = columns.entry(row.get("file").to_owned()).or_default();
            names.push(row.get("column").to_owned());
        }
        assert!(columns.values().map(Vec::len).sum::<usize>() > 150, "{system}");
        fs::create_dir(workspace.path("all")).expect("a folder");
        for (name, columns) in &columns {
            workspace.write(&format!("all/{name}"), &(columns.join(",") + "\n"));
        }
        // Two names of one table are a problem of their own.
        let asked =
            |to: &str| ["import", system, "all", "--as-of", AS_OF, "--to", to].map(str::to_owned);
        let asked = |to: &str| asked(to).to_vec();
        if columns.contains_key("discount.csv") {
            let text = workspace.read("all/discount.csv");
            workspace.remove("all/discount.csv");
            let to = asked("discounts");
            workspace.succeed(&to.iter().map(String::as_str).collect::<Vec<_>>());
            workspace.remove("all/subscription_discount.csv");
            workspace.write("all/discount.csv", &text);
        }
        let to = asked("known");
        workspace.succeed(&to.iter().map(String::as_str).collect::<Vec<_>>());
        for name in columns.keys().filter(|name| workspace.path("all").join(name).exists()) {
            let text = workspace.read(&format!("all/{name}"));
            workspace.write(&format!("all/{name}"), &text.replacen('\n', ",bonus_days\n", 1));
            let to = asked("unknown");
            let (code, said) = workspace.fail(&to.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(code, 65);
            assert!(said.contains(&format!("all/{name}:1: \"bonus_days\" is no column")), "{said}");
            assert!(!workspace.path("unknown").exists(), "nothing is written");
            workspace.write(&format!("all/{name}"), &text);
        }
    }
}

/// The same for Kill Bill, whose tables stand in one file.
#[test]
fn every_column_of_kill_bill_is_known_and_any_other_stops_the_import() {
    let workspace = exports("killbill");
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in workspace.rows("columns.csv") {
        let names = tables.entry(row.get("file").to_owned()).or_default();
        names.push(row.get("column").to_owned());
    }
    assert_eq!(tables.len(), 6);
    let dump = |extra: &str| -> String {
        let header = |(table, columns): (&String, &Vec<String>)| {
            let more = if table == extra { "|bonus_days" } else { "" };
            format!("-- {table} {}{more}\n", columns.join("|"))
        };
        tables.iter().map(header).collect()
    };
    fs::create_dir(workspace.path("all")).expect("a folder");
    fs::copy(workspace.path("exports/catalog.xml"), workspace.path("all/catalog.xml"))
        .expect("a copy");
    let asked = |to| ["import", "killbill", "all", "--as-of", AS_OF, "--to", to];
    workspace.write("all/all.csv", &dump(""));
    workspace.succeed(&asked("known"));
    for (place, table) in tables.keys().enumerate() {
        workspace.write("all/all.csv", &dump(table));
        let (code, said) = workspace.fail(&asked("unknown"));
        assert_eq!(code, 65);
        let expected = format!("all/all.csv:{}: \"bonus_days\" is no column", place + 1);
        assert!(said.contains(&expected), "{said}");
    }
}

#[test]
fn a_table_that_is_not_known_is_reported() {
    let workspace = exports("killbill");
    workspace.append("exports/acme.csv", "-- analytics_bonus account_record_id|days\n1|3");
    import(&workspace, "killbill", &[]);
    let rows = workspace.rows("input/not_taken_over.csv");
    let effect = |file: &str| {
        rows.iter().find(|row| row.get("file") == file).map(|row| row.get("effect").to_owned())
    };
    assert_eq!(effect("analytics_bonus").as_deref(), Some("bills_differ"));
    assert_eq!(effect("tags").as_deref(), Some("cannot_tell"));
}

#[test]
fn a_column_that_is_left_out_knowingly_is_reported() {
    let workspace = exports("stripe");
    let text = workspace.read("exports/product.csv");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[0] += ",colour";
    lines[1..].iter_mut().for_each(|line| line.push_str(",red"));
    workspace.write("exports/product.csv", &(lines.join("\n") + "\n"));
    import(&workspace, "stripe", &["--ignore-column", "colour"]);
    let rows = workspace.rows("input/not_taken_over.csv");
    let row = rows.iter().find(|row| row.get("column") == "colour").expect("a row");
    assert_eq!(row.cells(["file", "line", "effect"]), ["product.csv", "1", "bills_differ"]);
}

#[test]
fn a_folder_that_holds_something_is_left_as_it_is_and_failures_leave_nothing() {
    let workspace = exports("stripe");
    fs::create_dir(workspace.path("input")).expect("a folder");
    workspace.write("input/notes.txt", "mine");
    let asked = ["import", "stripe", "exports", "--as-of", AS_OF];
    let (code, said) = workspace.fail(&asked);
    assert_eq!(code, 73, "{said}");
    assert_eq!(workspace.files("input").len(), 1);
    workspace.remove("input/notes.txt");
    let customers = workspace.read("exports/customer.csv");
    workspace.write("exports/customer.csv", &customers.replace("ada@example.com", "nobody"));
    let (code, said) = workspace.fail(&asked);
    assert_eq!(code, 65);
    assert!(said.contains("error: input/accounts.csv:2: email \"nobody\""), "{said}");
    let left: Vec<String> = fs::read_dir(workspace.path(""))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with('.') || name == "input")
        .collect();
    assert_eq!(left, ["input"]);
    assert_eq!(workspace.files("input").len(), 0);
}

#[test]
fn the_settings_that_are_named_are_copied() {
    let workspace = exports("stripe");
    workspace.write("ours.toml", "[seller]\nname = \"Kumu, Inc.\"\n");
    let asked = ["import", "stripe", "exports", "--as-of", AS_OF, "--settings", "ours.toml"];
    assert_eq!(workspace.run(&asked).status.code(), Some(10));
    assert_eq!(workspace.read("input/billing.toml"), workspace.read("ours.toml"));
}

/// One wrong thing in the old invoices of Stripe each, and the difference that is found.
#[test]
fn each_difference_is_told_from_the_others() {
    let workspace = closed("stripe", Some(SEAT));
    let cases = [
        // The total and the line of an invoice are edited together.
        ("ada", ["invoice", "3600", "3601"], ["invoice_line_item", "3600", "3601"], "rounding"),
        (
            "ada",
            ["invoice", "3600", "4800"],
            ["invoice_line_item", "10:00:00,,FALSE,3,", "10:00:00,,FALSE,4,"],
            "other_quantity",
        ),
        (
            "jim",
            ["invoice", "2400", "2400"],
            ["invoice_line_item", "2020-08-01 00:00:00", "2020-07-31 00:00:00"],
            "other_period",
        ),
        (
            "blue",
            ["invoice", "7650", "7500"],
            ["invoice_line_item", "-2000", "-2200"],
            "other_proration",
        ),
        ("jim", ["invoice", "2400", "2800"], ["invoice_line_item", "2400", "2800"], "other_amount"),
    ];
    for (account, [table, from, to], [other, line, instead], expected) in cases {
        let original = [table, other].map(|name| workspace.read(&format!("after/{name}.csv")));
        for (name, from, to) in [(table, from, to), (other, line, instead)] {
            let path = format!("after/{name}.csv");
            let text = workspace.read(&path);
            let edited = text.lines().map(|row| {
                let is_of = row.contains(&format!("_{account},"))
                    || row.contains(&format!("_{account}_1,"));
                let row = if is_of { row.replace(from, to) } else { row.to_owned() };
                row + "\n"
            });
            workspace.write(&path, &edited.collect::<String>());
        }
        let old = ["--with", "after", "--from", "stripe", "--close", "latest", "--format", "csv"];
        let (code, said) = compare(&workspace, &old);
        assert_eq!(code, 1, "{expected}: {said}");
        let rows: Vec<&str> = said.lines().skip(1).collect();
        assert_eq!(rows.len(), 1, "{expected}: {said}");
        assert!(rows[0].starts_with(&format!("cus_{account},")), "{expected}: {said}");
        assert!(rows[0].contains(&format!(",{expected},")), "{expected}: {said}");
        for (name, text) in [table, other].iter().zip(original) {
            workspace.write(&format!("after/{name}.csv"), &text);
        }
    }
}

#[test]
fn plain_invoices_are_compared_with_a_close_and_with_a_preview() {
    let workspace = closed("recurly", None);
    let plain = "invoice,account_id,currency,total,tax,issued_at,subscription_id,amount,quantity,period_start,period_end\n\
                 1,acme,USD,118.98,0.00,2020-07-10,s1,99.00,1,2020-07-10,2020-08-10\n\
                 1,acme,USD,118.98,0.00,2020-07-10,s1:storage,19.98,2,2020-07-10,2020-08-10\n\
                 2,beta,EUR,316.00,,2020-06-30,,,,,\n\
                 3,eps,USD,40.00,,2020-07-18,,,,,\n\
                 4,zeta,USD,5.00,,2020-07-18,,,,,\n\
                 5,zeta,USD,7.00,,2020-05-18,,,,,\n";
    workspace.write("old.csv", plain);
    let (code, said) = compare(&workspace, &["--with", "old.csv", "--close", "latest"]);
    assert_eq!(code, 1);
    let expected = "\
4 accounts compared with close 2020-07-20: 1 the same, 3 with differences
1 old invoice left out: issued before or after the close

  1 × missing_here
  1 × other_amount
  1 × other_currency

  account  subscription         here   there
  beta                   USD  316.00  316.00  the old system billed in EUR
  eps                    USD   30.00   40.00  another price or discount
  zeta                   USD            5.00  only the old system billed it
";
    assert_eq!(said, expected);
    let (_, json) =
        compare(&workspace, &["--with", "old.csv", "--close", "latest", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json[0]["difference"], "other_currency");

    let other = exports("recurly");
    import(&other, "recurly", &[]);
    other.succeed(&["open", "--as-of", AS_OF]);
    other.succeed(&["preview", "--as-of", "2020-07-20", "--to", "ahead"]);
    let (code, said) =
        compare(&other, &["--with", "after", "--from", "recurly", "--preview", "ahead"]);
    let expected =
        "3 accounts compared with the preview in ahead: 3 the same, 0 with differences\n";
    assert_eq!((code, said.as_str()), (0, expected));
}
