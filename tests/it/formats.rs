//! Tables in other forms than CSV: what is read from them is the same, and what is published as
//! Parquet is what is published as CSV.
//!
//! `tests/data/formats/` holds one company as CSV and, made of that by `make.py`, as the Parquet files
//! that pyarrow (zstd, data pages of version 2, categories, small row groups), pandas (gzip) and
//! `DuckDB` (snappy, all text) write.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use chrono::DateTime;
use flate2::write::GzEncoder;
use polars_parquet::read::{PrimitiveLogicalType, read_metadata};
use rust_decimal::Decimal;

use crate::support::{Workspace, data, sha256_hex};

const AS_OF: &str = "2020-06-28";

fn folder(name: &str) -> PathBuf {
    data("formats").join(name)
}

/// In two members, as log rotation and parallel compressors leave it.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let parts = bytes.split_at(bytes.len() / 2);
    let member = |part: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(part).and_then(|()| encoder.finish()).expect("a member")
    };
    [member(parts.0), member(parts.1)].concat()
}

/// In two frames, with one to be skipped in front.
fn zstd(bytes: &[u8]) -> Vec<u8> {
    let (one, other) = bytes.split_at(bytes.len() / 3);
    let frame = |part| zstd::encode_all(part, 3).expect("a frame");
    let skipped = b"\x5a\x2a\x4d\x18\x02\0\0\0hi";
    [&skipped[..], &frame(one), &frame(other)].concat()
}

/// Puts the company's tables into the input folder in another form, and takes the CSV away.
fn rewrite(work: &Workspace, ending: &str, form: impl Fn(&str, &[u8]) -> Vec<u8>) {
    let company = folder("company");
    for entry in fs::read_dir(&company).expect("the company").flatten() {
        let name = entry.file_name().into_string().expect("a name");
        let Some(table) = name.strip_suffix(".csv") else { continue };
        let bytes = form(table, &fs::read(entry.path()).expect("a table"));
        fs::remove_file(work.path("input").join(&name)).expect("the table was there");
        fs::write(work.path("input").join(format!("{table}{ending}")), bytes).expect("a table");
    }
}

fn company() -> Workspace {
    Workspace::with_input(&folder("company"))
}

/// The company in another form: compressed, or as a program wrote it as Parquet.
fn company_as(form: &str) -> Workspace {
    let work = company();
    as_form(&work, form);
    work
}

fn as_form(work: &Workspace, form: &str) {
    let written = |table: &str| fs::read(folder(form).join(format!("{table}.parquet")));
    match form {
        "gzip" => rewrite(work, ".csv.gz", |_, bytes| gzip(bytes)),
        "zstd" => rewrite(work, ".csv.zst", |_, bytes| zstd(bytes)),
        _ => rewrite(work, ".parquet", |table, _| written(table).expect("make.py wrote it")),
    }
}

const FORMS: [&str; 5] = ["gzip", "zstd", "pyarrow", "pandas", "duckdb"];

/// Everything published but the manifests and the kept inputs, which are as the files that were
/// read.
fn published(work: &Workspace) -> Vec<(String, Vec<u8>)> {
    let files = work.files("output").into_iter();
    files.filter(|(name, _)| !name.contains("manifest.") && !name.contains("/inputs/")).collect()
}

#[test]
fn every_form_says_the_same() {
    let plain = company();
    let summary = plain.close(AS_OF);
    assert!(summary.contains("Closed 2020-06-28"), "{summary}");
    for form in FORMS {
        let work = company_as(form);
        work.close(AS_OF);
        assert_eq!(published(&work), published(&plain), "{form}");
        work.succeed(&["verify", "--deep"]);
        work.succeed(&["check"]);
        check_inputs(&work);
    }
}

/// The manifest names the files as they lie there, with the digests of their own bytes.
fn check_inputs(work: &Workspace) {
    let manifest = work.read(&format!("output/{AS_OF}/manifest.json"));
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    let inputs = manifest["inputs"].as_array().expect("a list");
    assert_eq!(inputs.len(), 10);
    for input in inputs {
        let name = input["name"].as_str().expect("a name");
        let bytes = fs::read(work.path("input").join(name)).expect("the file is there");
        assert_eq!(input["sha256"], sha256_hex(&bytes), "{name}");
        assert_eq!(input["bytes"], bytes.len(), "{name}");
    }
    let log = inputs.iter().find(|it| it["name"].to_string().contains("changes"));
    assert_eq!(log.expect("the log")["rows"], company().rows("input/changes.csv").len());
}

#[test]
fn a_table_may_change_its_form_between_closes() {
    let plain = company();
    plain.close(AS_OF);
    plain.close("2020-07-28");
    for form in FORMS {
        let work = company();
        work.close(AS_OF);
        as_form(&work, form);
        work.close("2020-07-28");
        assert_eq!(published(&work), published(&plain), "{form}");
        work.succeed(&["verify", "--deep"]);
    }
}

#[test]
fn opening_balances_may_be_compressed() {
    let work = company();
    let balances = b"account_id,currency,amount\nkumu-atlas,USD,12.00\n";
    fs::write(work.path("input/balances.csv.gz"), gzip(balances)).expect("a file");
    work.succeed(&["open", "--as-of", "2020-06-01", "--format", "parquet"]);
    let manifest = work.read("output/2020-06-01/manifest.json");
    assert!(manifest.contains("\"balances.csv.gz\"") && manifest.contains("invoices.parquet"));
    work.succeed(&["verify"]);
}

#[test]
fn a_small_file_that_decompresses_to_all_there_is_costs_no_memory() {
    let work = company();
    fs::remove_file(work.path("input/changes.csv")).expect("it was there");
    let header = "change_id,at,subscription_id,kind,note\n";
    let bomb = [header.as_bytes(), &vec![b'a'; 100 << 20]].concat();
    let bomb = zstd::encode_all(&bomb[..], 1).expect("a frame");
    assert!(bomb.len() < 1 << 20);
    fs::write(work.path("input/changes.csv.zst"), bomb).expect("a file");
    let (code, words) = work.fail(&["close", "--as-of", AS_OF]);
    assert_eq!(code, 65);
    let expected = "input/changes.csv.zst:2: begins a row of more than 64 MiB";
    assert!(words.contains(expected), "{words}");
}

#[test]
fn tables_are_published_as_parquet_as_well() {
    let plain = company();
    plain.close(AS_OF);
    let work = company();
    work.succeed(&["close", "--as-of", AS_OF, "--format", "parquet"]);
    work.succeed(&["verify", "--deep"]);
    let (tables, others): (Vec<_>, Vec<_>) = published(&work)
        .into_iter()
        .partition(|(name, _)| name.ends_with(".parquet") && !name.contains("/state/"));
    // The report lists what is there.
    let but_the_report = |files: &[(String, Vec<u8>)]| -> Vec<(String, Vec<u8>)> {
        files.iter().filter(|(name, _)| !name.ends_with("report.html")).cloned().collect()
    };
    assert_eq!(but_the_report(&others), but_the_report(&published(&plain)));
    assert_eq!(tables.len(), 10);
    for (name, parquet) in &tables {
        let csv = name.replace(".parquet", ".csv");
        let csv = &others.iter().find(|(other, _)| *other == csv).expect("the CSV beside it").1;
        assert_eq!(meanings(&converted(csv, parquet)), meanings(csv), "{name}");
    }
    let alone = company();
    let mut command = alone.command(&["close", "--as-of", AS_OF, "--format", "parquet"]);
    assert!(command.env("RAYON_NUM_THREADS", "1").output().expect("it starts").status.success());
    assert_eq!(alone.files("output"), work.files("output"));
}

/// The Parquet file as CSV, read by polars in the way that inputs are.
fn converted(csv: &[u8], parquet: &[u8]) -> Vec<u8> {
    let columns = csv::Reader::from_reader(csv).headers().expect("a header").clone();
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join("table.parquet");
    fs::write(&file, parquet).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_prorata"))
        .arg("--parquet-to-csv")
        .args(&columns)
        .stdin(fs::File::open(&file).expect("the file"))
        .stderr(Stdio::inherit())
        .output()
        .expect("it starts");
    assert!(output.status.success());
    let text = output.stdout.strip_prefix(b"[]\n").expect("nothing wrong with any column");
    text.to_vec()
}

/// What the cells of a table mean, however they are written.
fn meanings(table: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(table);
    let header = reader.headers().expect("a header").clone();
    let meaning = |cell: &str| {
        let instant = DateTime::parse_from_rfc3339(cell).map(|it| it.timestamp().to_string());
        let decimal = || cell.parse::<Decimal>().map(|it| it.normalize().to_string());
        let text = || unguarded(cell).to_owned();
        instant.or_else(|_| decimal()).unwrap_or_else(|_| text())
    };
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| {
        let cells = header.iter().zip(&row);
        cells.map(|(name, cell)| (name.to_owned(), meaning(cell))).collect()
    })
    .collect()
}

/// A text without the apostrophe that keeps a spreadsheet from reading a formula.
fn unguarded(cell: &str) -> &str {
    let is_formula = |text: &&str| text.starts_with(['=', '+', '-', '@', '\'']);
    cell.strip_prefix('\'').filter(is_formula).unwrap_or(cell)
}

#[test]
fn a_published_close_gets_no_further_files() {
    let work = company();
    work.close(AS_OF);
    let before = work.files("output");
    let output = work.run(&["close", "--as-of", AS_OF, "--format", "parquet"]);
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "warning: output/2020-06-28 was published without --format parquet, and a published close \
         stays as it is\n"
    );
    assert_eq!(work.files("output"), before);
}

#[test]
fn amounts_are_no_texts() {
    let work = company();
    work.succeed(&["close", "--as-of", AS_OF, "--format", "parquet"]);
    let folder = work.path(&format!("output/{AS_OF}"));
    let schema = |name: &str| {
        let mut file = fs::File::open(folder.join(name)).expect("a table");
        read_metadata(&mut file).expect("metadata").schema_descr
    };
    for table in ["invoices", "invoice_lines", "journal", "receivables", "revenue_schedule"] {
        let rows = work.rows(&format!("output/{AS_OF}/{table}.csv"));
        for column in schema(&format!("{table}.parquet")).columns() {
            let name = column.path_in_schema[0].as_str();
            let mut cells = rows.iter().map(|row| row.get(name)).filter(|cell| !cell.is_empty());
            let is_amount = |cell: &str| cell.contains('.') && cell.parse::<Decimal>().is_ok();
            let are_amounts = cells.clone().next().is_some() && cells.all(is_amount);
            let logical = &column.descriptor.primitive_type.logical_type;
            let is_decimal = matches!(logical, Some(PrimitiveLogicalType::Decimal(..)));
            assert!(is_decimal || !are_amounts, "{table}: {name} is {logical:?}");
        }
    }
}
