//! Closes month after month of a made-up company, and prints what each close took: seconds, stage by
//! stage, peak memory, and bytes.
//!
//! `cargo bench --features internals --bench close -- [ACCOUNTS]... [--pdf none|zip|files] [--threads 1,2] [--months 2]
//! [--json FILE] [--folder FOLDER]`, by default 10 000 accounts and all processors. The company is
//! in business for ten months before the first close that is measured; they are opened as billed
//! elsewhere. Each close is a process of its own, so that its peak memory is its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use chrono::{Months, NaiveDate};
use prorata::commands::{
    CloseArgs, CloseResult, Folders, OpenArgs, TableFormat, Witnessing, close, open,
};
use prorata::internals::{company, peak_kilobytes, processor_seconds};
use prorata::value::{AsOf, Instant};
use serde::{Deserialize, Serialize};

/// For how many months a company is in business before its first close.
const MONTHS_BEFORE: u32 = 10;

/// What is to be measured.
struct Plan {
    accounts: Vec<u64>,
    packing: String,
    threads: Vec<usize>,
    months: u32,
    json: Option<PathBuf>,
    folder: Option<PathBuf>,
}

/// What a close took.
#[derive(Debug, Serialize, Deserialize)]
struct Measured {
    accounts: u64,
    pdf: String,
    threads: usize,
    close: String,
    rows: u64,
    input_bytes: u64,
    documents: u64,
    lines: u64,
    written_bytes: u64,
    seconds: f64,
    processor_seconds: f64,
    peak_megabytes: u64,
    stages: Vec<(String, f64)>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    if let [flag, step, folder, as_of] = arguments.as_slice()
        && flag == "--step"
    {
        return run_step(step, Path::new(folder), as_of);
    }
    let plan = Plan::parse(&arguments);
    let mut all = Vec::new();
    print_header();
    for accounts in &plan.accounts {
        let folder = tempfile::tempdir_in(plan.folder.clone().unwrap_or_else(std::env::temp_dir));
        let folder = folder.expect("a temporary folder");
        write_company(folder.path(), *accounts, &plan);
        for threads in &plan.threads {
            let measured = measure(folder.path(), *accounts, *threads, &plan);
            all.extend(measured);
        }
    }
    print_stages(&all);
    if let Some(path) = &plan.json {
        let text = serde_json::to_string_pretty(&all).expect("numbers and texts");
        fs::write(path, text + "\n").expect("the file can be written");
    }
}

impl Plan {
    fn parse(arguments: &[String]) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let mut plan = Self {
            accounts: Vec::new(),
            packing: "none".to_owned(),
            threads: vec![processors],
            months: 2,
            json: None,
            folder: None,
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut value = || rest.next().unwrap_or_else(|| panic!("{argument} wants a value"));
            match argument.as_str() {
                "--pdf" => plan.packing.clone_from(value()),
                "--threads" => plan.threads = value().split(',').map(number).collect(),
                "--months" => plan.months = number(value()),
                "--json" => plan.json = Some(value().into()),
                "--folder" => plan.folder = Some(value().into()),
                accounts => plan.accounts.push(number(accounts)),
            }
        }
        if plan.accounts.is_empty() {
            plan.accounts.push(10_000);
        }
        plan
    }
}

fn number<N: std::str::FromStr>(text: &str) -> N {
    text.parse().unwrap_or_else(|_| panic!("{text} is no number of this kind"))
}

/// Writes the input of a company, with PDFs as the plan wants them.
fn write_company(folder: &Path, accounts: u64, plan: &Plan) {
    let input = folder.join("input");
    company(&input, accounts, MONTHS_BEFORE + plan.months);
    let settings = input.join("billing.toml");
    let text = fs::read_to_string(&settings).expect("the generator wrote it");
    let kept = text.lines().filter(|line| !line.starts_with("packing"));
    let lines: Vec<&str> = kept.collect();
    let text = format!("{}\npacking = \"{}\"\n", lines.join("\n"), plan.packing);
    fs::write(settings, text).expect("it can be written again");
}

/// The first of a month, counted from the company's first.
fn date_after(months: u32) -> NaiveDate {
    let start = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date");
    start + Months::new(months)
}

/// Opens a register and closes month after month.
fn measure(folder: &Path, accounts: u64, threads: usize, plan: &Plan) -> Vec<Measured> {
    let step = |name: &str, month: u32| {
        let program = std::env::current_exe().expect("this very program");
        let output = Command::new(program)
            .args(["--step", name, &folder.display().to_string(), &date_after(month).to_string()])
            .env("RAYON_NUM_THREADS", threads.to_string())
            // Polars has threads of its own.
            .env("POLARS_MAX_THREADS", threads.to_string())
            .output()
            .expect("it starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    step("open", MONTHS_BEFORE);
    let mut all = Vec::new();
    for month in 1..=plan.months {
        let printed = step("close", MONTHS_BEFORE + month);
        let measured: Measured = serde_json::from_slice(&printed).expect("what run_step printed");
        let measured = Measured { accounts, pdf: plan.packing.clone(), threads, ..measured };
        print_row(&measured);
        all.push(measured);
    }
    fs::remove_dir_all(folder.join("output")).expect("it was written just now");
    all
}

/// Opens or closes in this process, and prints what a close took as JSON.
fn run_step(step: &str, folder: &Path, as_of: &str) {
    let places = Folders { input: folder.join("input"), output: folder.join("output") };
    let as_of = AsOf::parse(as_of).expect("a date");
    let (lock_wait, format) = (Duration::ZERO, TableFormat::Csv);
    let (now, ahead) = (Instant::from_unix_seconds(0), true);
    if step == "open" {
        let witness = Witnessing::default();
        open(&OpenArgs { places, as_of, now, ahead, lock_wait, format, witness })
            .expect("a sound company");
        return;
    }
    let args = CloseArgs { ahead, ..CloseArgs::new(places, as_of, now) };
    let outcome = close(&args).expect("a sound company");
    println!("{}", serde_json::to_string(&measured(&outcome)).expect("numbers and texts"));
}

fn measured(outcome: &CloseResult) -> Measured {
    let manifest = &outcome.manifest;
    let inputs = &manifest.inputs;
    let stages = outcome.stages.done().iter();
    Measured {
        accounts: 0,
        pdf: String::new(),
        threads: 0,
        close: manifest.close.clone(),
        rows: inputs.iter().map(|file| file.rows).sum(),
        input_bytes: inputs.iter().map(|file| file.bytes).sum(),
        documents: manifest.counts.invoices,
        lines: manifest.counts.lines,
        written_bytes: bytes_in(&outcome.place),
        seconds: outcome.stages.elapsed().as_secs_f64(),
        processor_seconds: processor_seconds(),
        peak_megabytes: peak_kilobytes() / 1024,
        stages: stages.map(|(name, took)| ((*name).to_owned(), took.as_secs_f64())).collect(),
    }
}

/// The bytes of all files in a folder and the folders in it.
fn bytes_in(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let sizes = entries.map(|entry| match entry.metadata().expect("a file") {
        it if it.is_dir() => bytes_in(&entry.path()),
        it => it.len(),
    });
    sizes.sum()
}

fn print_header() {
    println!(
        "{:>9}  {:>10}  {:>7}  {:>9}  {:>9}  {:>8}  {:>8}  {:>8}  {:>8}  {:>9}  {:>7}  {:>7}",
        "accounts",
        "close",
        "threads",
        "documents",
        "lines",
        "seconds",
        "CPU s",
        "rows/s",
        "docs/s",
        "µs/acct",
        "peak MB",
        "MB out"
    );
}

fn print_row(it: &Measured) {
    println!(
        "{:>9}  {:>10}  {:>7}  {:>9}  {:>9}  {:>8.2}  {:>8.2}  {:>8}  {:>8}  {:>9}  {:>7}  {:>7}",
        it.accounts,
        it.close,
        it.threads,
        it.documents,
        it.lines,
        it.seconds,
        it.processor_seconds,
        whole(ratio(it.rows) / it.seconds),
        whole(ratio(it.documents) / it.seconds),
        whole(it.seconds * 1e6 / ratio(it.accounts)),
        it.peak_megabytes,
        it.written_bytes / 1_000_000
    );
}

fn ratio(count: u64) -> f64 {
    f64::from(u32::try_from(count).expect("counts of a benchmark"))
}

fn whole(number: f64) -> String {
    format!("{number:.0}")
}

/// Seconds by stage, one row a close.
fn print_stages(all: &[Measured]) {
    let Some(first) = all.first() else { return };
    let names: Vec<String> = first.stages.iter().map(|(name, _)| format!("{name:>8}")).collect();
    println!("\n{:>9}  {:>10}  {:>7}  {}", "accounts", "close", "threads", names.join("  "));
    for it in all {
        let seconds: Vec<String> =
            it.stages.iter().map(|(_, seconds)| format!("{seconds:>8.2}")).collect();
        println!("{:>9}  {:>10}  {:>7}  {}", it.accounts, it.close, it.threads, seconds.join("  "));
    }
}
