//! One step of a close at a time, measured with criterion: what a line, a boundary, a timeline, a
//! file, a table and a receipt cost by themselves.
//!
//! `cargo bench --bench micro [-- FILTER]` takes about a minute; a second run says what has changed
//! since. All input is of one company that prorata generates, the same in every run. What a whole
//! close takes is for `cargo bench --bench close`.

use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use chrono::NaiveDate;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use prorata::config::{self, Settings};
use prorata::generate::{GenerateArgs, Scripts, generate};
use prorata::input;
use prorata::invoice::{assign_numbers, bill_account};
use prorata::model::{
    BillingInput, CreditRules, ExcludedAccounts, History, Interval, IntervalUnit, Invoice, Quotes,
    SubscriptionLog,
};
use prorata::rating::rate;
use prorata::register::{HistoryComparison, State};
use prorata::render::csv::lines_csv;
use prorata::render::pdf::PdfRenderer;
use prorata::timeline::{ChargeReason, Cycle, ServicePeriod, Timeline, Window, timeline};
use prorata::value::{Instant, Moment, Zone};
use tempfile::TempDir;

criterion_group! {
    name = steps;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .sample_size(30);
    targets = proration_line, boundaries, subscription, ingest, table, receipt
}
criterion_main!(steps);

/// One line of a receipt: the rest of a period on new terms, with its sentence.
fn proration_line(criterion: &mut Criterion) {
    let company = Company::of(500);
    let book = &company.book;
    let prorated = |it: &&ServicePeriod| matches!(it.cause, ChargeReason::Remaining(_));
    let found = ledgers(book).find_map(|ledger| {
        let stretches = walk(ledger, book).stretches;
        stretches.iter().find(prorated).map(|stretch| (ledger, *stretch))
    });
    let (ledger, stretch) = found.expect("somebody changes something");
    criterion.bench_function("proration line", |bencher| {
        let quotes = Quotes::new(&book.prices);
        bencher.iter(|| rate(black_box(&stretch), ledger, &quotes).expect("it fits"));
    });
}

/// The next boundary after an instant, in a zone without and in one with summer time.
fn boundaries(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("boundary");
    let instants: Vec<Instant> = (0..365)
        .map(|day| Instant::from_unix_seconds(at("2024-01-31").unix_seconds() + day * 86_400))
        .collect();
    group.throughput(Throughput::Elements(instants.len() as u64));
    for name in ["UTC", "Europe/Berlin", "Australia/Lord_Howe"] {
        let interval = Interval { unit: IntervalUnit::Month, count: 1 };
        let zone: Zone = name.parse().expect("a zone");
        let mut cycle = Cycle::new(at("2023-01-31").into(), interval, zone);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for instant in &instants {
                    black_box(cycle.period_from(black_box(*instant)));
                }
            });
        });
    }
}

/// The longest log of the company, from its first day to its last: stretches, and their lines.
fn subscription(criterion: &mut Criterion) {
    let company = Company::of(500);
    let book = &company.book;
    let longest = ledgers(book).max_by_key(|ledger| ledger.changes.len());
    let ledger = longest.expect("there are subscriptions");
    let lines = walk(ledger, book).stretches.len() as u64;
    let mut group = criterion.benchmark_group("timeline");
    group.throughput(Throughput::Elements(lines));
    let name = format!("{lines} lines from {} changes", ledger.changes.len());
    group.bench_function(name, |bencher| {
        let quotes = Quotes::new(&book.prices);
        bencher.iter(|| {
            for stretch in &walk(black_box(ledger), book).stretches {
                black_box(rate(stretch, ledger, &quotes).expect("it fits"));
            }
        });
    });
}

/// A folder of which only `accounts.csv` holds more than a header and the price list.
fn ingest(criterion: &mut Criterion) {
    let company = Company::of(20_000);
    let input = company.folder.path();
    for name in ["subscriptions", "changes", "discounts", "adjustments", "payments"] {
        let path = input.join(name).with_extension("csv");
        let text = fs::read_to_string(&path).expect("a file of the company");
        let header = text.lines().next().expect("a header").to_owned() + "\n";
        fs::write(path, header).expect("it can be written");
    }
    let bytes = fs::metadata(input.join("accounts.csv")).expect("a file").len();
    let mut group = criterion.benchmark_group("ingest");
    group.throughput(Throughput::Bytes(bytes));
    group.bench_function("accounts.csv", |bencher| {
        let load = || input::load(input, &company.settings, ExcludedAccounts::default());
        bencher.iter_with_large_drop(|| load().expect("the company is sound"));
    });
}

/// `invoice_lines.csv` of everything that the company has ever billed.
fn table(criterion: &mut Criterion) {
    let company = Company::of(500);
    let invoices = company.invoices();
    let accounts = &company.book.accounts;
    let mut group = criterion.benchmark_group("csv");
    group.throughput(Throughput::Bytes(lines_csv(&invoices, accounts).bytes().len() as u64));
    group.bench_function("invoice_lines.csv", |bencher| {
        bencher.iter_with_large_drop(|| lines_csv(black_box(&invoices), accounts).bytes());
    });
}

/// One receipt in memory: the longest that has one page.
fn receipt(criterion: &mut Criterion) {
    let company = Company::of(500);
    let invoices = company.invoices();
    let short = invoices.iter().filter(|invoice| invoice.lines.len() <= 6);
    let invoice = short.max_by_key(|invoice| invoice.lines.len()).expect("there are invoices");
    let account = &company.book.accounts[invoice.account];
    let press = PdfRenderer::new(&company.settings.seller, &company.settings.look, &[]);
    let press = press.expect("the bundled fonts");
    let mut group = criterion.benchmark_group("receipt");
    group.throughput(Throughput::Elements(1));
    group.bench_function(format!("{} lines", invoice.lines.len()), |bencher| {
        let copy = || invoice.clone();
        let print = |invoice: Invoice| press.print(&invoice, account).expect("it prints");
        bencher.iter_batched(copy, print, BatchSize::SmallInput);
    });
}

/// A company that is in business for a year.
struct Company {
    folder: TempDir,
    settings: Settings,
    book: BillingInput,
}

impl Company {
    fn of(accounts: u64) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let args = GenerateArgs {
            accounts,
            seed: 1,
            to: folder.path().to_owned(),
            months: 12,
            start: NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date"),
            as_known_at: None,
            faults: 0,
            closes: false,
            scripts: Scripts::Bundled,
        };
        generate(&args).expect("an empty folder");
        let (settings, book) = read(folder.path());
        Self { folder, settings, book }
    }

    /// Everything it bills, as documents of one close.
    fn invoices(&self) -> Vec<Invoice> {
        let (book, settings) = (&self.book, &self.settings);
        let histories = vec![History::New; book.subscriptions.len()];
        let watch = HistoryComparison { histories, ..HistoryComparison::default() };
        let (issued, named) = (BTreeMap::new(), BTreeMap::new());
        let credits = CreditRules::OfTheirCharges;
        let state = &State::default();
        let known = watch.billing_history(state, (&issued, &named), credits);
        let window = Window { after: None, through: through() };
        let quotes = Quotes::new(&book.prices);
        let bills = (0..book.accounts.len())
            .map(|it| bill_account(it, book, &quotes, settings, known, window));
        let drafts = bills.flat_map(|bill| bill.drafts).collect();
        let numbered = assign_numbers(drafts, &book.accounts, settings, BTreeMap::default());
        numbered.expect("a series that does not end").0
    }
}

fn read(folder: &Path) -> (Settings, BillingInput) {
    let (settings, _) = config::load(folder).expect("settings");
    let loaded =
        input::load(folder, &settings, ExcludedAccounts::default()).expect("all files are there");
    assert_eq!(loaded.problems, [], "the company is sound");
    (settings, loaded.book)
}

fn ledgers(book: &BillingInput) -> impl Iterator<Item = SubscriptionLog<'_>> {
    (0..book.subscriptions.len()).map(|index| book.ledger(index))
}

/// A whole life of a subscription.
fn walk(ledger: SubscriptionLog<'_>, book: &BillingInput) -> Timeline {
    let window = Window { after: None, through: through() };
    timeline(ledger, &book.prices, window).expect("the company is sound")
}

/// The end of the company's year.
fn through() -> Instant {
    at("2025-01-01")
}

fn at(text: &str) -> Instant {
    Moment::parse(text).expect("a date").at(Zone::UTC)
}
