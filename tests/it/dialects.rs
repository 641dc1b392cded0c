//! Tables as other programs write them: semicolons, decimal commas, other encodings, columns and words
//! with names of their own; and tables of a close with a byte order mark.
//!
//! `tests/data/dialects/` holds one company twice: `plain` as this program writes tables, `export` as a
//! German program would.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::write::GzEncoder;

use crate::support::{Workspace, data};

const CLOSES: [&str; 2] = ["2024-02-29", "2024-03-31"];

const MARK: &[u8] = b"\xef\xbb\xbf";

fn is_a(name: &str, ending: &str) -> bool {
    Path::new(name).extension().is_some_and(|it| it == ending)
}

fn folder(name: &str) -> PathBuf {
    data("dialects").join(name)
}

fn close(work: &Workspace, as_of: &str) -> String {
    work.succeed(&["close", "--as-of", as_of, "--bill-from-start"])
}

fn close_all(work: &Workspace) {
    for as_of in CLOSES {
        close(work, as_of);
    }
}

fn closed(name: &str) -> Workspace {
    let work = Workspace::with_input(&folder(name));
    close_all(&work);
    work
}

/// Everything published but the manifests and the kept inputs, which are as the files that were
/// read.
fn published(work: &Workspace) -> BTreeMap<String, Vec<u8>> {
    let files = work.files("output").into_iter();
    let is_of_input =
        |name: &str| name.contains("manifest.") || name.contains("/inputs/") || is_a(name, "lock");
    files.filter(|(name, _)| !is_of_input(name)).collect()
}

fn assert_same(one: &Workspace, other: &Workspace) {
    let (one, other) = (published(one), published(other));
    assert!(one.keys().any(|name| name.ends_with("pdf.zip")), "{:?}", one.keys());
    assert!(one.keys().eq(other.keys()), "{:?} {:?}", one.keys(), other.keys());
    for (name, bytes) in &one {
        assert!(other[name] == *bytes, "{name} differs");
    }
}

/// Replaces a table by other bytes.
fn put(work: &Workspace, file: &str, bytes: &[u8]) {
    fs::write(work.path("input").join(file), bytes).expect("it is written");
}

fn get(work: &Workspace, file: &str) -> Vec<u8> {
    fs::read(work.path("input").join(file)).expect("it is read")
}

fn set(work: &Workspace, from: &str, to: &str) {
    let settings = work.read("input/billing.toml");
    assert!(settings.contains(from), "{from}");
    work.write("input/billing.toml", &settings.replacen(from, to, 1));
}

#[test]
fn an_export_bills_what_the_plain_tables_bill() {
    let (plain, export) = (closed("plain"), closed("export"));
    assert_same(&plain, &export);
    export.succeed(&["verify", "--deep"]);
    let lines = export.read("output/2024-02-29/invoice_lines.csv");
    assert!(lines.contains("Übersetzungen") && lines.contains("1234.56"), "{lines}");
    for shards in ["2", "5"] {
        let sharded = Workspace::with_input(&folder("export"));
        for as_of in CLOSES {
            sharded.succeed(&["close", "--as-of", as_of, "--bill-from-start", "--shards", shards]);
        }
        assert_same(&plain, &sharded);
    }
}

#[test]
fn compressed_exports_are_decoded_as_well() {
    let (plain, export) = (closed("plain"), Workspace::with_input(&folder("export")));
    for table in ["accounts", "payments"] {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&get(&export, &format!("{table}.csv"))).expect("it is written");
        put(&export, &format!("{table}.csv.gz"), &encoder.finish().expect("a member"));
        export.remove(&format!("input/{table}.csv"));
    }
    close_all(&export);
    assert_same(&plain, &export);
}

/// A close keeps billing.toml with its tables. So it is derived again by the dialect that it had, and
/// the next one may have another.
#[test]
fn the_dialect_of_a_close_is_kept_with_it() {
    let plain = closed("plain");
    let work = Workspace::with_input(&folder("export"));
    close(&work, CLOSES[0]);
    for (name, bytes) in Workspace::with_input(&folder("plain")).files("input") {
        put(&work, &name, &bytes);
    }
    close(&work, CLOSES[1]);
    assert_same(&plain, &work);
    work.succeed(&["verify", "--deep"]);
    work.succeed(&["history", "--account", "10001"]);
}

#[test]
fn a_quote_reads_the_rows_of_an_account_in_every_dialect() {
    let quote = |name: &str| {
        let work = closed(name);
        let asked = ["quote", "--subscription", "V-1", "--change", "quantity=9"];
        work.succeed(&[&asked[..], &["--at", "2024-04-10", "--format", "json"]].concat())
    };
    let said = quote("export");
    assert_eq!(said, quote("plain"));
    assert!(said.contains("\"12.50\""), "{said}");
    let work = closed("export");
    let (_, said) = work.fail(&["quote", "--subscription", "V-1", "--change", "cancel=sofort"]);
    assert!(said.contains("--change cancel=sofort: policy \"sofort\" is not a word"), "{said}");
    assert!(!said.contains("input.values"), "words of files are none of the command line: {said}");
}

#[test]
fn an_account_is_withheld_for_a_row_of_an_export() {
    let work = Workspace::with_input(&folder("export"));
    let changes = work.read("input/changes.csv");
    work.write("input/changes.csv", &changes.replacen("V-3,Menge,1", "V-3,Mengen,1", 1));
    let told = work.run(&["close", "--as-of", CLOSES[0], "--bill-from-start", "--withhold"]);
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    let rule = "input/changes.csv:3: kind \"Mengen\" is not a word known here";
    assert!(told.contains(rule) && told.contains("the file calls kind \"Vorgang\""), "{told}");
    let exceptions = work.read("output/2024-02-29/exceptions.csv");
    assert!(
        exceptions.contains("withheld,10002,") && !exceptions.contains("withheld,10001,"),
        "{exceptions}"
    );
}

/// The columns and words of Parquet files have names of their own too.
#[test]
fn parquet_files_have_other_columns_and_words() {
    let work = Workspace::with_input(&folder("plain"));
    work.succeed(&["close", "--as-of", CLOSES[0], "--bill-from-start", "--format", "parquet"]);
    let invoices = fs::read(work.path("output/2024-02-29/invoices.parquet")).expect("a file");
    let other = Workspace::with_input(&folder("plain"));
    other.remove("input/payments.csv");
    put(&other, "payments.parquet", &invoices);
    let settings = other.read("input/billing.toml");
    let names = "
[input]
delimiter = \";\"
decimal = \",\"
encoding = \"utf-16\"
ignore = { payments = [\"purchase_order\", \"buyer_reference\", \"reference\", \"billing_email\", \"due_date\", \"subtotal\", \"discount\",
    \"!tax\", \"total\", \"credit_applied\", \"credit_balance\", \"line_count\", \"pdf\", \"!tax_included\",
    \"!tax_id\"] }
[input.columns.payments]
payment_id = \"invoice_number\"
invoice_number = \"credits_invoice\"
at = \"issue_date\"
amount = \"amount_due\"
method = \"account_name\"
[input.values.\"payments.kind\"]
invoice = \"payment\"
";
    let mut files = "\n[input.files]\n".to_owned();
    for (name, _) in other.files("input") {
        if let Some(table) = name.strip_suffix(".csv") {
            let own = "{ delimiter = \",\", decimal = \".\", encoding = \"utf-8\" }";
            let _ = writeln!(files, "{table} = {own}");
        }
    }
    other.write("input/billing.toml", &format!("{settings}{names}{files}"));
    other.succeed(&["close", "--as-of", CLOSES[0], "--bill-from-start"]);
    let paid = other.rows("output/2024-02-29/payments_applied.csv");
    let billed = work.rows("output/2024-02-29/invoices.csv");
    let due = billed.iter().filter(|it| it.get("amount_due") != "0.00").count();
    assert!(due > 2 && paid.len() >= due, "{} {due}", paid.len());
    other.succeed(&["verify", "--deep"]);
}

#[test]
fn what_the_program_says_about_an_export_can_be_pasted() {
    let work = Workspace::with_input(&folder("export"));
    set(&work, "delimiter = \";\"\n", "");
    let (_, told) = work.fail(&["check"]);
    let set_it = "write delimiter = \";\" under [input.files.accounts] in billing.toml";
    assert!(told.contains("accounts.csv:1: is separated by semicolons, not by commas"), "{told}");
    assert!(told.contains(set_it), "{told}");
    set(&work, "[input]\n", "[input]\ndelimiter = \";\"\n");
    set(&work, "encoding = \"windows-1252\"\n", "");
    let (_, told) = work.fail(&["check"]);
    assert!(told.contains("accounts.csv:1: \"Stra\u{fffd}e\" is not UTF-8"), "{told}");
    let set_it =
        "if \"Straße\" is meant, write encoding = \"windows-1252\" under [input.files.accounts]";
    assert!(told.contains(set_it), "{told}");
    set(&work, "[input]\n", "[input]\nencoding = \"windows-1252\"\n");
    set(&work, "decimal = \",\"\n", "");
    let (_, told) = work.fail(&["check"]);
    assert!(told.contains("prices.csv:2: unit_amount \"12,50\" has a comma"), "{told}");
    assert!(
        told.contains("write decimal = \",\" under [input.files.prices] in billing.toml"),
        "{told}"
    );
    assert!(told.contains("the file calls unit_amount \"Einzelpreis\""), "{told}");
    set(&work, "[input]\n", "[input]\ndecimal = \",\"\n");
    work.succeed(&["check"]);
}

/// The sample with its tables marked for spreadsheets.
fn marked() -> Workspace {
    let work = Workspace::with_input(&folder("plain"));
    let settings = work.read("input/billing.toml");
    work.write("input/billing.toml", &format!("{settings}\n[output]\nbyte_order_mark = true\n"));
    work
}

#[test]
fn a_byte_order_mark_changes_nothing_but_the_first_bytes_of_tables() {
    let plain = closed("plain");
    let work = marked();
    close_all(&work);
    let (without, with) = (published(&plain), published(&work));
    assert!(without.keys().eq(with.keys()));
    let mut tables = 0;
    for (name, bytes) in &without {
        if is_a(name, "csv") {
            tables += 1;
            assert_eq!(with[name].strip_prefix(MARK), Some(&bytes[..]), "{name}");
        } else if !name.ends_with("report.html") && !name.ends_with("summary.json") {
            assert!(with[name] == *bytes, "{name}");
        }
    }
    assert!(tables >= 20, "{tables}");
    let lines = work.read("output/2024-02-29/invoice_lines.csv");
    assert!(lines.contains('×'), "the arithmetic that spreadsheets show wrongly without: {lines}");
    work.succeed(&["verify"]);
    work.succeed(&["verify", "--deep"]);
    let sharded = marked();
    for as_of in CLOSES {
        sharded.succeed(&["close", "--as-of", as_of, "--bill-from-start", "--shards", "3"]);
    }
    assert_same(&work, &sharded);
}

#[test]
fn whatever_reads_tables_reads_them_with_a_mark() {
    let plain = closed("plain");
    let work = marked();
    close_all(&work);
    for work in [&plain, &work] {
        let settings = work.read("input/billing.toml");
        let names = "[export.xero.taxes]\nvoll = \"19 %\"\nfrei = \"0 %\"\n";
        work.write("input/billing.toml", &format!("{settings}\n{names}"));
    }
    let number = plain.rows("output/2024-02-29/invoices.csv")[0].get("invoice_number").to_owned();
    for asked in [
        &["history", "--account", "10001"][..],
        &["statement", "--account", "10001"],
        &["owed"],
        &["explain", &number],
        &["export", "xero", "--close", "latest", "--to", "exported/xero"],
        &["export", "hledger", "--close", "latest", "--to", "exported/hledger"],
    ] {
        let [one, other] = [&plain, &work].map(|work| {
            let output = work.run(asked);
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            (output.status.code(), said)
        });
        assert_eq!(one, other, "{asked:?}");
        assert!(!other.1.is_empty(), "{asked:?}");
    }
    let written = work.files("exported");
    assert!(written.len() >= 2, "{written:?}");
    assert_eq!(plain.files("exported"), written, "an export keeps what its reader wants");
    // A table that was changed is found, with and without the mark.
    let invoices = "output/2024-02-29/invoices.csv";
    let text = work.read(invoices);
    work.write(invoices, text.strip_prefix('\u{feff}').expect("a mark"));
    work.fail(&["verify"]);
}
