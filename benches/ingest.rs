//! Loads the input of a made-up company in several ways, and prints what each took: bytes, rows,
//! seconds and peak memory.
//!
//! `cargo bench --features internals --bench ingest -- [ACCOUNTS]...`, by default 33 000. There are two subscriptions
//! and three changes an account; the log is in no order. Each way runs in a process of its own, so
//! that its peak memory is its own. The files have been read once before the first way is timed.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufWriter, Read as _, Write as _};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use prorata::internals::{peak_kilobytes, processor_seconds};
use serde::Deserialize;

/// What is compared, as it is named in the table, and the threads that it may use.
const WAYS: [(&str, usize); 4] = [
    ("read the bytes, count newlines", 1),
    ("csv + serde, Strings, HashMap", 1),
    ("prorata", 1),
    ("prorata", 2),
];

const FILES: [&str; 3] = ["accounts.csv", "subscriptions.csv", "changes.csv"];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, way, folder, ..] = arguments.as_slice()
        && flag == "--way"
    {
        return run_way(way.parse().expect("a place in the list"), Path::new(folder));
    }
    let mut sizes: Vec<u32> = arguments.iter().filter_map(|text| text.parse().ok()).collect();
    if sizes.is_empty() {
        sizes.push(33_000);
    }
    println!(
        "{:>10}  {:>6}  {:<30}  {:>7}  {:>7}  {:>11}  {:>7}",
        "rows", "MB", "way", "threads", "seconds", "CPU seconds", "peak MB"
    );
    for accounts in sizes {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write_company(folder.path(), accounts).expect("room for the files");
        count_newlines(folder.path());
        for way in 0..WAYS.len() {
            let program = std::env::current_exe().expect("this very program");
            let way = way.to_string();
            let status = Command::new(program).args(["--way", &way]).arg(folder.path()).status();
            if !status.expect("it starts").success() {
                println!("{:>10}  {:>6}  {way:<30}  did not end well", "", "");
            }
        }
    }
}

/// Loads the folder in one way and prints a row of the table.
fn run_way(way: usize, folder: &Path) {
    let (name, threads) = WAYS[way];
    let started = Instant::now();
    let rows = match way {
        0 => count_newlines(folder) - FILES.len(),
        1 => plainly(folder),
        _ => as_prorata(folder, threads),
    };
    let seconds = started.elapsed().as_secs_f64();
    let sizes = FILES.iter().map(|name| fs::metadata(folder.join(name)).expect("a file").len());
    let megabytes = sizes.sum::<u64>() / 1_000_000;
    let (busy, peak) = (processor_seconds(), peak_kilobytes() / 1000);
    println!(
        "{rows:>10}  {megabytes:>6}  {name:<30}  {threads:>7}  {seconds:>7.2}  {busy:>11.2}  {peak:>7}"
    );
}

fn count_newlines(folder: &Path) -> usize {
    let mut block = vec![0; 1 << 20];
    let mut newlines = 0;
    for name in FILES {
        let mut file = File::open(folder.join(name)).expect("a file");
        loop {
            let length = file.read(&mut block).expect("it is readable");
            if length == 0 {
                break;
            }
            newlines += memchr::memchr_iter(b'\n', &block[..length]).count();
        }
    }
    newlines
}

/// The whole input stage: read, typed, checked, referenced and grouped.
fn as_prorata(folder: &Path, threads: usize) -> usize {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    pool.install(|| prorata::internals::load(folder))
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "held, as a program would that goes on to bill them")]
struct Account {
    #[serde(rename = "account_id")]
    id: String,
    name: String,
    email: String,
    address_line1: String,
    city: String,
    postal_code: String,
    country: String,
    timezone: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "as above")]
struct Subscription {
    #[serde(rename = "subscription_id")]
    id: String,
    account_id: String,
    price_id: String,
    quantity: u64,
    started_at: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "as above")]
struct Change {
    #[serde(rename = "change_id")]
    id: String,
    at: String,
    subscription_id: String,
    kind: String,
    quantity: Option<u64>,
    delta: Option<i64>,
    price_id: Option<String>,
    previous_quantity: Option<u64>,
    note: Option<String>,
}

/// What one writes first: a struct of Strings a row, found and grouped by maps of Strings. Of what
/// prorata checks, only the references are.
fn plainly(folder: &Path) -> usize {
    let reader = |name: &str| csv::Reader::from_path(folder.join(name)).expect("a file");
    let mut accounts: HashMap<String, (Account, Vec<Subscription>)> = HashMap::new();
    for account in reader("accounts.csv").deserialize() {
        let account: Account = account.expect("an account");
        accounts.insert(account.id.clone(), (account, Vec::new()));
    }
    let mut changes: HashMap<String, Vec<Change>> = HashMap::new();
    for subscription in reader("subscriptions.csv").deserialize() {
        let subscription: Subscription = subscription.expect("a subscription");
        changes.insert(subscription.id.clone(), Vec::new());
        let owner = accounts.get_mut(&subscription.account_id).expect("a known account");
        owner.1.push(subscription);
    }
    let subscriptions = changes.len();
    for change in reader("changes.csv").deserialize() {
        let change: Change = change.expect("a change");
        changes.get_mut(&change.subscription_id).expect("a known subscription").push(change);
    }
    for log in changes.values_mut() {
        log.sort_by(|a, b| a.at.cmp(&b.at));
    }
    let rows = accounts.len() + subscriptions + changes.values().map(Vec::len).sum::<usize>();
    std::mem::forget((accounts, changes));
    rows
}

/// Writes the company, the same in every run.
fn write_company(folder: &Path, accounts: u32) -> std::io::Result<()> {
    fs::write(folder.join("billing.toml"), "timezone = \"UTC\"\n[seller]\nname = \"Bench\"\n")?;
    fs::write(
        folder.join("prices.csv"),
        "price_id,product,currency,unit_amount,interval,scheme\n\
         team-monthly,Team,USD,12.00,month,per_unit\nbase-yearly,Base,USD,99.00,year,flat\n",
    )?;
    let create = |name: &str| File::create(folder.join(name)).map(BufWriter::new);
    let mut file = create("accounts.csv")?;
    let columns = "name,email,address_line1,city,postal_code,country,timezone";
    writeln!(file, "account_id,{columns}")?;
    for account in 0..accounts {
        let (town, country, zone) = PLACES[account as usize % PLACES.len()];
        writeln!(
            file,
            "acct_{account:08},\"Lindqvist & Moreau Engineering, No. {account}\",\
             accounts-payable+{account}@customer{}.example.com,{} Old Harbour Street,{town},\
             {:05},{country},{zone}",
            account % 977,
            account % 250,
            account % 99_999,
        )?;
    }
    let mut file = create("subscriptions.csv")?;
    writeln!(file, "subscription_id,account_id,price_id,quantity,started_at")?;
    for number in 0..2 * accounts {
        let price = if number.is_multiple_of(2) { "team-monthly" } else { "base-yearly" };
        let start = instant(2020, number);
        let (account, quantity) = (number / 2, number % 40 + 1);
        writeln!(file, "subscr_{number:010},acct_{account:08},{price},{quantity},{start}")?;
    }
    let mut file = create("changes.csv")?;
    let columns = "quantity,delta,price_id,previous_quantity,note";
    writeln!(file, "change_id,at,subscription_id,kind,{columns}")?;
    for number in 0..3 * accounts {
        // Steps of a large prime: the rows of a subscription are far apart and in no order.
        let owner = u64::from(number) * 2_147_483_647 % (2 * u64::from(accounts));
        let at = instant(2021 + number % 3, number.wrapping_mul(2_654_435_761));
        let terms = match number % 8 {
            0 => "price,,,base-yearly,",
            1 | 2 => "quantity,,2,,",
            3 => "pause,,,,",
            _ => "quantity,25,,,",
        };
        let note = "changed by an administrator in the console";
        writeln!(file, "chg_{number:012},{at},subscr_{owner:010},{terms},{note}")?;
    }
    Ok(())
}

const PLACES: [(&str, &str, &str); 4] = [
    ("Rotterdam", "Netherlands", "Europe/Amsterdam"),
    ("Pittsburgh", "United States", "America/New_York"),
    ("Yokohama", "Japan", "Asia/Tokyo"),
    ("São Paulo", "Brazil", "America/Sao_Paulo"),
];

/// Some second of a year; a quarter of them with an offset, as an application may write them.
fn instant(year: u32, number: u32) -> String {
    let (month, day) = (number / 7 % 12 + 1, number / 3 % 28 + 1);
    let (hour, minute, second) = (number / 11 % 24, number / 13 % 60, number % 60);
    let offset = if number.is_multiple_of(4) { "+02:00" } else { "Z" };
    format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{offset}")
}
