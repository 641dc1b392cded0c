//! `prorata export` from the outside: what it writes, refuses and asks for. `tests/cases/exports.rs`
//! compares each format byte for byte.

use std::fmt::Write as _;
use std::fs;

use crate::support::handmade::{arguments, export, published, reconfigure, seal};
use crate::support::{Workspace, copy_folder, data, sha256_hex};

#[test]
fn files_rows_and_totals_are_shown() {
    let workspace = published();
    let said = export(&workspace, "netsuite");
    assert_eq!(
        said,
        "Exported 5 documents of close 2026-07-01 for netsuite

  export/2026-07-01-netsuite.csv  (6 rows)
  export/2026-07-01-netsuite-credits.csv  (3 rows)

       documents            net   tax          total
  EUR          3           9.17  4.32          13.49
  JPY          1          10000  1000          11000
  USD          1  1234567890.12  0.00  1234567890.12
"
    );
}

#[test]
fn a_file_is_never_replaced_by_another() {
    let workspace = published();
    export(&workspace, "netsuite");
    let before = workspace.files("export");
    let said = export(&workspace, "netsuite");
    assert_eq!(said.matches("it was there already, the same").count(), 2, "{said}");
    reconfigure(&workspace, "Seller GmbH", "Another GmbH");
    // One file could be written afresh, and still nothing is.
    fs::remove_file(workspace.path("export/2026-07-01-netsuite.csv")).expect("it is there");
    let (code, message) = fail(&workspace, "netsuite");
    assert_eq!(code, 73);
    assert!(message.contains("2026-07-01-netsuite-credits.csv is there already"), "{message}");
    assert!(workspace.files("export") == before[..1]);
}

#[test]
fn an_invoice_is_never_split_over_two_files() {
    let workspace = with_documents(501, 2, "EUR");
    export(&workspace, "xero");
    let parts = ["export/2026-07-01-xero-1.csv", "export/2026-07-01-xero-2.csv"];
    let counts = parts.map(|part| workspace.rows(part).len());
    assert_eq!(counts, [1000, 2]);
    assert_eq!(workspace.rows(parts[1])[0].get("*InvoiceNumber"), "INV-501");

    // 100 invoices a file, and 999 rows: of documents with 10 lines, 99 fit.
    let workspace = with_documents(120, 10, "EUR");
    export(&workspace, "quickbooks");
    let parts = ["1", "2"].map(|part| format!("export/2026-07-01-quickbooks-EUR-{part}.csv"));
    let counts = parts.map(|part| workspace.rows(&part).len());
    assert_eq!(counts, [990, 210]);
}

#[test]
fn what_a_program_cannot_take_is_said_before_anything_is_written() {
    let too_long = with_documents(1, 1000, "EUR");
    let (code, message) = fail(&too_long, "quickbooks");
    assert_eq!(code, 65);
    assert!(message.contains("INV-1 has 1000 rows, and QuickBooks Online takes 999 a file"));

    let dinars = with_documents(1, 1, "KWD");
    let (code, message) = fail(&dinars, "xero");
    assert_eq!(code, 65);
    assert!(message.contains("Xero keeps 2 decimals, and KWD has 3"), "{message}");
    export(&dinars, "netsuite");

    let workspace = published();
    let (code, message) = fail(&workspace, "sage50");
    assert_eq!(code, 65);
    let expected = "INV-2026-00003 has the amount 1234567890.12, and Sage 50 takes 99999999.99";
    assert!(message.contains(expected), "{message}");
    assert!(!workspace.path("export").exists());
}

#[test]
fn every_name_that_is_missing_is_asked_for() {
    let workspace = published();
    reconfigure(
        &workspace,
        "standard = \"20% (VAT on Income)\"\nreduced = \"5% (VAT on Income)\"\n",
        "",
    );
    let (code, message) = fail(&workspace, "xero");
    assert_eq!(code, 78);
    assert_eq!(
        message,
        "error: tax code \"reduced\" has no name in Xero
hint: write it in billing.toml: [export.xero.taxes] \"reduced\" = \"…\"
error: tax code \"standard\" has no name in Xero
hint: write it in billing.toml: [export.xero.taxes] \"standard\" = \"…\"
"
    );
    reconfigure(&workspace, "consultant_number = 29098", "");
    reconfigure(&workspace, "JPY = \"162.35\"", "");
    let (code, message) = fail(&workspace, "datev");
    assert_eq!(code, 78);
    assert!(message.contains("[export.datev] consultant_number = …"), "{message}");
    assert!(message.contains("the books are in EUR, and JPY has no rate"), "{message}");
}

#[test]
fn two_accounts_never_become_one_customer() {
    let workspace = published();
    reconfigure(&workspace, "tokyo-1 = \"TOKYO\"", "tokyo-1 = \"ZOE\"");
    let (code, message) = fail(&workspace, "sage50 --currency EUR");
    assert_eq!(code, 78);
    let expected = "accounts \"tokyo-1\" and \"zoe\" would both be \"ZOE\" in Sage 50";
    assert!(message.contains(expected), "{message}");

    let named = "[export.customers]\nzoe = \"Müller & Söhne GmbH\"\n\n[export.accounts]";
    reconfigure(&workspace, "[export.accounts]", named);
    let (code, message) = fail(&workspace, "xero");
    assert_eq!(code, 78);
    assert!(message.contains("are both called \"Müller & Söhne GmbH\""), "{message}");
}

#[test]
fn only_what_was_published_is_exported() {
    let workspace = published();
    let table = "output/2026-07-01/invoice_lines.csv";
    workspace.write(table, &workspace.read(table).replace("60.00", "61.00"));
    let (code, message) = fail(&workspace, "xero");
    assert_eq!(code, 65);
    assert!(message.contains("invoice_lines.csv: has been changed since it was published"));

    let workspace = published();
    let (code, message) = workspace.fail(&["export", "xero", "--close", "2026-06-30"]);
    assert_eq!(code, 66);
    assert!(message.contains("the register has no close 2026-06-30"), "{message}");
}

#[test]
fn tables_that_do_not_add_up_are_not_exported() {
    for (table, from, to) in [
        ("invoice_lines.csv", ",10.00,EUR,7,0.70,", ",10.00,EUR,7,0.71,"),
        ("invoices.csv", ",8.12,57.19,", ",8.12,57.20,"),
    ] {
        let workspace = altered(table, from, to);
        for format in ["xero", "datev", "hledger"] {
            let (code, message) = fail(&workspace, format);
            assert_eq!(code, 70, "{message}");
            assert!(message.contains("INV-2026-00001"), "{message}");
        }
    }
    for (from, to) in [(",7.42,EUR", ",7.43,EUR"), ("47.19,,EUR,,,Invoice", "47.18,,EUR,,,Invoice")]
    {
        let (code, message) = fail(&altered("journal.csv", from, to), "beancount");
        assert_eq!(code, 70);
        assert!(message.contains("entry INV-2026-00001 does not balance"), "{message}");
    }
    let (code, message) = fail(
        &altered("journal.csv", "1100,Accounts receivable,11000", "1000,Till,11000"),
        "hledger",
    );
    assert_eq!(code, 70);
    assert!(message.contains("INV-2026-00002 posts something else than it asks for"), "{message}");
}

#[test]
fn a_second_close_opens_only_what_is_new() {
    let workspace = published();
    reconfigure(&workspace, "[export.xero]", "[export.journal]\nopens = \"new\"\n\n[export.xero]");
    export(&workspace, "beancount");
    let first = workspace.read("export/2026-07-01-beancount.beancount");
    assert_eq!(first.matches(" open ").count(), 10, "{first}");

    let previous = sha256_hex(workspace.read("output/2026-07-01/manifest.json").as_bytes());
    let folder = workspace.path("output/2026-08-01");
    copy_folder(&workspace.path("output/2026-07-01"), &folder);
    let journal =
        workspace.read("output/2026-08-01/journal.csv").replace("Cash: Visa", "Cash: Giro");
    workspace.write("output/2026-08-01/journal.csv", &journal);
    seal(&folder, "2026-08-01", Some(("2026-07-01", &previous)));
    std::os::unix::fs::symlink("2026-08-01", workspace.path("output/latest")).expect("a link");
    workspace.succeed(&["export", "beancount", "--close", "latest"]);
    let second = workspace.read("export/2026-08-01-beancount.beancount");
    assert_eq!(second.matches(" open ").count(), 1, "{second}");
    assert!(second.contains("1970-01-01 open Assets:Cash:Giro:1000"), "{second}");
}

#[test]
fn what_real_closes_publish_can_be_exported() {
    let workspace = Workspace::with_sample();
    workspace.close("2020-06-28");
    let currencies = ["--currency", "USD", "--currency", "JPY"];
    for format in ["xero", "quickbooks"] {
        let arguments = [&["export", format, "--close", "latest"][..], &currencies].concat();
        let said = workspace.succeed(&arguments);
        assert!(said.contains("of close 2020-06-28"), "{said}");
    }
    let all = workspace.succeed(&["export", "netsuite", "--close", "2020-06-28", "--to", "books"]);
    assert!(all.contains("Exported 19 documents"), "{all}");
    assert!(workspace.path("books/2020-06-28-netsuite.csv").is_file());
}

/// The first line of the close at 20 % instead of 19, under the same code.
fn with_two_rates() -> Workspace {
    let workspace = published();
    for (table, from, to) in [
        ("invoice_lines.csv", "60.00,EUR,19,11.40", "60.00,EUR,20.00,11.40"),
        ("invoice_taxes.csv", "standard,USt,19,exclusive,taxable,39.07,7.42", TWO_RATES),
    ] {
        let path = format!("output/2026-07-01/{table}");
        let content = workspace.read(&path);
        assert!(content.contains(from), "{table} has no {from}");
        workspace.write(&path, &content.replacen(from, to, 1));
    }
    seal(&workspace.path("output/2026-07-01"), "2026-07-01", None);
    workspace
}

const TWO_RATES: &str = "standard,USt,19,exclusive,taxable,-20.93,-3.98,EUR,\n\
                         INV-2026-00001,standard,USt,20,exclusive,taxable,60.00,11.40";

#[test]
fn one_name_never_stands_for_two_rates() {
    let workspace = with_two_rates();
    for (program, table) in [
        ("xero", "export.xero.taxes"),
        ("netsuite", "export.netsuite.taxes"),
        ("sage50 --currency EUR", "export.sage50.taxes"),
        ("datev", "export.datev.accounts_by_tax"),
    ] {
        let (code, message) = fail(&workspace, program);
        assert_eq!(code, 78, "{program}: {message}");
        let expected = format!(
            "tax code \"standard\" was billed at 19 %, 20 %, and has one name in {} for all of them\n\
             hint: name each in billing.toml: [{table}] \"standard\" = {{ \"19\" = \"…\", \"20\" = \"…\" }}",
            match program {
                "xero" => "Xero",
                "netsuite" => "NetSuite",
                "datev" => "DATEV",
                _ => "Sage 50",
            }
        );
        assert!(message.contains(&expected), "{program}: {message}\nexpected {expected}");
        assert!(!workspace.path("export").exists(), "{program}");
    }
}

#[test]
fn names_by_rate_stand_for_one_rate_each() {
    let workspace = with_two_rates();
    let by_rate = "standard = { \"20.0\" = \"20% (VAT)\", \"19\" = \"19% (VAT)\" }";
    reconfigure(&workspace, "standard = \"20% (VAT on Income)\"", by_rate);
    export(&workspace, "xero");
    let rows = workspace.rows("export/2026-07-01-xero.csv");
    let named = |rate: &str| rows.iter().filter(|row| row.get("*TaxType") == rate).count();
    assert_eq!((named("20% (VAT)"), named("19% (VAT)")), (1, 3));

    reconfigure(&workspace, by_rate, "standard = { \"20\" = \"20% (VAT)\" }");
    let (code, message) = fail(&workspace, "netsuite");
    assert_eq!(code, 78);
    let expected = "tax code \"standard\" at 19 % has no name in NetSuite";
    assert!(message.contains(expected), "{message}");

    reconfigure(
        &workspace,
        "[export.datev.taxes]",
        "[export.datev.taxes]\nstandard = { \"20\" = \"3\" }",
    );
    reconfigure(&workspace, "standard = \"8400\"", "standard = { \"19\" = \"8400\" }");
    export(&workspace, "datev");
    let bookings = fs::read(workspace.path("export/EXTF_2026-07-01-datev-2026-06.csv"));
    let bookings = String::from_utf8_lossy(&bookings.expect("a file")).into_owned();
    let row = |account: &str, key: &str| {
        bookings.lines().filter(|row| row.contains(&format!(";10001;{account};\"{key}\";"))).count()
    };
    // 60.00 and 11.40 at 20 %, the rest of the invoice at 19 %.
    assert_eq!((row("8200", "3"), row("8400", "")), (1, 1), "{bookings}");
}

/// A rate that is that of one place in one close, and of another in the next.
#[test]
fn an_earlier_rate_of_a_code_counts() {
    let workspace = published();
    let later = workspace.path("output/2026-08-01");
    copy_folder(&data("export/close"), &later);
    let lines = workspace.read("output/2026-08-01/invoice_lines.csv");
    workspace.write("output/2026-08-01/invoice_lines.csv", &lines.replace("EUR,19,", "EUR,16,"));
    let taxes = workspace.read("output/2026-08-01/invoice_taxes.csv");
    workspace.write("output/2026-08-01/invoice_taxes.csv", &taxes.replace("USt,19,", "USt,16,"));
    let digest = sha256_hex(workspace.read("output/2026-07-01/manifest.json").as_bytes());
    seal(&later, "2026-08-01", Some(("2026-07-01", &digest)));
    std::os::unix::fs::symlink("2026-08-01", workspace.path("output/latest")).expect("a link");
    for close in ["2026-07-01", "2026-08-01"] {
        let (code, message) = workspace.fail(&["export", "xero", "--close", close]);
        assert_eq!(code, 78);
        assert!(message.contains("\"standard\" was billed at 16 %, 19 %"), "{message}");
    }
}

/// Two places with one rate are two taxes, whoever they are owed to.
#[test]
fn one_rate_of_two_places_has_two_names() {
    let workspace = Workspace::empty();
    let settings = "[seller]\nname = \"S\"\ncity = \"Bristol\"\ntax_id = \"GB123456789\"\n\
                    [pdf]\npacking = \"none\"\n[tax]\ndefault_code = \"vat\"\n\
                    [export.taxes]\nvat = \"20% (VAT on Income)\"\n";
    workspace.write("input/billing.toml", settings);
    workspace.write(
        "input/accounts.csv",
        "account_id,name,email,country,region\na,A,a@a.example,United Kingdom,\n\
         b,B,b@b.example,france,\nc,C,c@c.example,Austria,Tirol\n",
    );
    workspace.write(
        "input/tax_rates.csv",
        "code,name,percent,country\nvat,VAT,20,United Kingdom\nvat,TVA,20,France\nvat,USt,20,\n",
    );
    workspace.write(
        "input/prices.csv",
        "price_id,product,currency,unit_amount,interval\nseat,Seat,EUR,10.00,month\n",
    );
    workspace.write(
        "input/subscriptions.csv",
        "subscription_id,account_id,price_id,quantity,started_at\ns,a,seat,1,2024-04-01\n\
         t,b,seat,1,2024-04-01\nu,c,seat,1,2024-04-01\n",
    );
    workspace.write_changes("change_id,at,subscription_id,kind,quantity,price_id,policy");
    workspace.close("2024-04-02");
    let (code, message) = workspace.fail(&["export", "xero", "--close", "latest"]);
    assert_eq!(code, 78);
    let expected = "tax code \"vat\" at 20 % is for 3 places in tax_rates.csv, and Xero needs a name for each\n\
                    hint: name each in billing.toml: [export.xero.taxes] \"vat\" = { \"20\" = \
                    { \"default\" = \"…\", \"France\" = \"…\", \"United Kingdom\" = \"…\" } }";
    assert!(message.contains(expected), "{message}\nexpected {expected}");

    let by_place = "vat = { 20 = { France = \"20% (TVA)\", \"United Kingdom\" = \"20% (VAT)\", \
                    \"Austria, Tirol\" = \"20% (USt)\" } }";
    reconfigure(&workspace, "vat = \"20% (VAT on Income)\"", by_place);
    workspace.succeed(&["export", "xero", "--close", "latest"]);
    let rows = workspace.rows("export/2024-04-02-xero.csv");
    let named: Vec<&str> = rows.iter().map(|row| row.get("*TaxType")).collect();
    assert_eq!(named, ["20% (VAT)", "20% (TVA)", "20% (USt)"]);
    assert!(workspace.succeed(&["config", "--show"]).contains("20% (TVA)"));

    reconfigure(&workspace, ", \"Austria, Tirol\" = \"20% (USt)\"", "");
    let (code, message) = workspace.fail(&["export", "netsuite", "--close", "latest"]);
    assert_eq!(code, 78);
    assert!(message.contains("\"vat\" at 20 % in \"Austria, Tirol\" has no name"), "{message}");
}

#[test]
fn sage_has_tax_codes_of_its_own_alone() {
    let workspace = published();
    for (from, to, name) in [
        ("standard = \"T1\"", "standard = \"T100\"", "standard"),
        ("standard = \"T100\"", "standard = \"20%\"", "standard"),
        ("standard = \"20%\"", "", "standard"),
        ("none = \"T9\"", "", "none"),
    ] {
        reconfigure(&workspace, from, to);
        let (code, message) = fail(&workspace, "sage50 --currency EUR");
        assert_eq!(code, 78, "{to}: {message}");
        assert!(message.contains(" is none of T0 to T99 of Sage 50"), "{message}");
        let hint =
            format!("hint: write it in billing.toml: [export.sage50.taxes] \"{name}\" = \"T1\"");
        assert!(message.contains(&hint), "{message}");
        assert!(!workspace.path("export").exists());
    }
}

/// The same with one thing altered before it was published.
fn altered(table: &str, from: &str, to: &str) -> Workspace {
    let workspace = published();
    let path = format!("output/2026-07-01/{table}");
    let content = workspace.read(&path);
    assert!(content.contains(from), "{table} has no {from}");
    workspace.write(&path, &content.replacen(from, to, 1));
    seal(&workspace.path("output/2026-07-01"), "2026-07-01", None);
    workspace
}

/// A workspace with a close of many documents with many lines of one each.
fn with_documents(documents: usize, lines: usize, currency: &str) -> Workspace {
    let one = if currency == "KWD" { "1.000" } else { "1.00" };
    let zero = one.replace('1', "0");
    let total = one.replacen('1', &lines.to_string(), 1);
    let mut invoices = first_line("invoices.csv");
    let mut rows = first_line("invoice_lines.csv");
    for number in 1..=documents {
        let _ = writeln!(
            invoices,
            "INV-{number},invoice,a,A,a@example.com,{currency},2026-06-12,2026-06-26,{total},\
             {zero},{zero},{total},{zero},{total},{zero},{lines},,{zero},,"
        );
        for line in 1..=lines {
            let _ = writeln!(
                rows,
                "INV-{number},{line},a,s,,s/{line},recurring,Seat,2026-06-12T00:00:00Z,\
                 2026-07-12T00:00:00Z,1,{one},30,30,{one},{currency},,{zero},seat,Seat,{one},,,,\
                 second,month,,line,,,,,,{one}"
            );
        }
    }
    let workspace = published();
    workspace.write("output/2026-07-01/invoices.csv", &invoices);
    workspace.write("output/2026-07-01/invoice_lines.csv", &rows);
    seal(&workspace.path("output/2026-07-01"), "2026-07-01", None);
    workspace
}

fn first_line(table: &str) -> String {
    let content = fs::read_to_string(data("export/close").join(table)).expect("a table");
    content.lines().next().expect("a header").to_owned() + "\n"
}

fn fail(workspace: &Workspace, words: &str) -> (i32, String) {
    workspace.fail(&arguments(words))
}
