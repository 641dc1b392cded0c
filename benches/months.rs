//! Closes month after month of a made-up company, and prints what each close took: does the work
//! grow with history?
//!
//! `cargo bench --bench months -- [ACCOUNTS] [MONTHS]`, by default 100 000 accounts and 24 months.
//! Each close is a process of its own, so that its peak memory is its own. PDFs are left out: they
//! cost the same in every month.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let accounts = numbers.next().unwrap_or(100_000);
    let months = numbers.next().unwrap_or(24);
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_company(&folder.path().join("input"), accounts, months);
    println!("{accounts} accounts, two subscriptions each, one change in three months each");
    println!(
        "{:>5}  {:>8}  {:>9}  {:>9}  {:>9}",
        "month", "seconds", "peak MB", "invoices", "state MB"
    );
    for month in 1..=months {
        let as_of = date(month);
        let started = Instant::now();
        let peak = close(folder.path(), &as_of);
        let seconds = started.elapsed().as_secs_f64();
        let place = folder.path().join("output").join(&as_of);
        let invoices = fs::read_to_string(place.join("invoices.csv")).expect("a table");
        println!(
            "{month:>5}  {seconds:>8.2}  {:>9}  {:>9}  {:>9.1}",
            peak / 1024,
            invoices.lines().count() - 1,
            megabytes(&place.join("state"))
        );
    }
}

/// The first day of a month, counted from January 2020.
fn date(month: usize) -> String {
    format!("{}-{:02}-01", 2020 + (month - 1) / 12, (month - 1) % 12 + 1)
}

/// Runs one close; its peak memory in kB, looked at until it ends.
fn close(folder: &Path, as_of: &str) -> u64 {
    let mut child = Command::new(env!("CARGO_BIN_EXE_prorata"))
        .args(["close", "--as-of", as_of])
        .current_dir(folder)
        .stdout(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let mut peak = 0;
    loop {
        peak = peak.max(peak_kilobytes(child.id()));
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            assert!(status.success(), "the close of {as_of} failed");
            return peak;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// What Linux notes as a process's largest resident size; 0 where nobody notes it.
fn peak_kilobytes(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or_default()
}

fn megabytes(folder: &Path) -> f64 {
    let files = fs::read_dir(folder).expect("a folder").flatten();
    let bytes: u64 = files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum();
    f64::from(u32::try_from(bytes / 1024).expect("less than terabytes")) / 1024.0
}

/// Writes the input of a company whose log runs through all months.
fn write_company(input: &Path, accounts: usize, months: usize) {
    fs::create_dir_all(input).expect("a folder");
    let write = |name: &str, content: &str| fs::write(input.join(name), content).expect("a file");
    write("billing.toml", "[seller]\nname = \"Bench\"\n[pdf]\npacking = \"none\"\n");
    write(
        "prices.csv",
        "price_id,product,currency,unit_amount,interval,scheme\n\
         base,Membership,USD,10.00,month,flat\nseat,Seats,USD,20.00,month,per_unit\n",
    );
    let mut table = String::from("account_id,name,email\n");
    let mut subscriptions =
        String::from("subscription_id,account_id,price_id,quantity,started_at\n");
    let mut changes = String::from("change_id,at,subscription_id,kind,quantity\n");
    for account in 0..accounts {
        let _ = writeln!(table, "a{account},Account {account},a{account}@example.com");
        let day = account % 28 + 1;
        let second = account * 7919 % 86_400;
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let start = format!("2020-01-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
        let _ = writeln!(subscriptions, "b{account},a{account},base,1,{start}");
        let _ = writeln!(subscriptions, "s{account},a{account},seat,{},{start}", account % 9 + 1);
        for month in (2 + account % 3..=months).step_by(3) {
            let year = 2020 + (month - 1) / 12;
            let day = account * 31 % 28 + 1;
            let at = format!("{year}-{:02}-{day:02}T12:00:{second:02}Z", (month - 1) % 12 + 1);
            let quantity = (account + month) % 11 + 1;
            let _ = writeln!(changes, "c{account}-{month},{at},s{account},quantity,{quantity}");
        }
    }
    write("accounts.csv", &table);
    write("subscriptions.csv", &subscriptions);
    write("changes.csv", &changes);
}
