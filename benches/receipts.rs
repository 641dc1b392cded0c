//! Prints one receipt after the other and says how many a second: in memory, as files and in one
//! archive, beside printpdf alone on the same invoice.
//!
//! `cargo bench --bench receipts -- [COUNT] [FOLDER]`, by default 30 000 receipts, written to a
//! temporary folder below FOLDER. The receipt has one page and six lines; every one has another
//! number. Each way runs in a pool of one thread and then of two.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use prorata::config::{Look, Packing, PageSize, Seller};
use prorata::invoice::{DocumentKind, Invoice, Totals};
use prorata::locale::Locale;
use prorata::model::{
    Account, Address, Cause, Interval, IntervalUnit, Line, LineKey, LineKind, RoundPer,
};
use prorata::publish::{PublishError, Staging};
use prorata::render::pdf::Press;
use prorata::value::{Amount, Currency, Fraction, Moment, TimeUnit, Zone};
use rayon::prelude::*;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    let mut rest = arguments.iter();
    let count = rest.next().map_or(30_000, |text| text.parse().expect("a number of receipts"));
    let folder = rest.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let started = Instant::now();
    let press = press();
    press.print(&invoice(1), &account()).expect("it prints");
    println!("fonts read and the first printed in {:.3} s", started.elapsed().as_secs_f64());
    let bytes = press.print(&invoice(1), &account()).expect("it prints").bytes.len();
    let plain = press.print_plainly(&invoice(1), &account()).expect("it prints").bytes.len();
    println!("{bytes} bytes a receipt, {plain} by printpdf alone");
    println!("{:<16}  {:>7}  {:>10}  {:>16}", "way", "threads", "receipts/s", "CPU microseconds");
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| {
            time("printpdf alone", threads, count / 100, |number| {
                black_box(press.print_plainly(&invoice(number), &account()).expect("it prints"));
            });
            time("in memory", threads, count, |number| {
                black_box(press.print(&invoice(number), &account()).expect("it prints"));
            });
            for way in ["files", "archive"] {
                publish(way, threads, count, &press, &folder);
            }
        });
    }
}

/// Writes every receipt as a close does, with digests, up to what makes it durable.
fn publish(way: &str, threads: usize, count: u32, press: &Press, folder: &Path) {
    let output = tempfile::tempdir_in(folder).expect("a temporary folder");
    let mut staging = Staging::begin(output.path(), "bench").expect("a folder");
    let numbers: Vec<u32> = (1..=count).collect();
    let started = (Instant::now(), cpu_seconds());
    let print = |number: &u32| {
        let receipt = press.print(&invoice(*number), &account()).expect("it prints");
        let path = format!("pdf/{:04}/{number}.pdf", number / 1000);
        Ok::<_, PublishError>((path, receipt.bytes, ()))
    };
    let written = match way {
        "files" => staging.write_many(&numbers, print),
        _ => staging.write_archive("pdf.zip", &numbers, print),
    };
    assert_eq!(written.expect("they are written").len(), numbers.len());
    report(way, threads, count, started);
}

/// Does something with every number, and prints how many a second.
fn time(way: &str, threads: usize, count: u32, each: impl Fn(u32) + Send + Sync) {
    let started = (Instant::now(), cpu_seconds());
    (1..=count).into_par_iter().for_each(each);
    report(way, threads, count, started);
}

/// Receipts a second, and what each took of a core: the latter hardly depends on what else the
/// machine does.
fn report(way: &str, threads: usize, count: u32, (started, cpu): (Instant, f64)) {
    let rate = f64::from(count) / started.elapsed().as_secs_f64();
    let each = (cpu_seconds() - cpu) * 1e6 / f64::from(count);
    println!("{way:<16}  {threads:>7}  {rate:>10.0}  {each:>16.1}");
}

/// What Linux notes as this process's time on all cores, in hundredths of a second; 0 elsewhere.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let times = after_name.split_ascii_whitespace().skip(11).take(2);
    times.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn press() -> Press {
    let seller = Seller {
        name: "Kumu Inc.".into(),
        address: address(["548 Market St", "Suite 12345", "San Francisco", "CA", "94104", "USA"]),
        tax_id: Some("US-12-3456789".into()),
        email: Some("billing@kumu.example".into()),
        web: Some("kumu.example".into()),
        payment: None,
    };
    let look = Look {
        accent: [0x34, 0x54, 0xd1],
        page_size: PageSize::A4,
        packing: Packing::Files,
        receipts: true,
        fonts: Vec::new(),
        logo: None,
    };
    Press::new(&seller, &look, &[]).expect("the bundled fonts")
}

fn account() -> Account {
    Account {
        id: "a1".into(),
        name: "Universal Exports Ltd".into(),
        email: "owner@example.com".into(),
        billing_email: Some("accounts@example.com".into()),
        address: address(["1 Long Lane", "", "Leeds", "", "LS1 4AP", "United Kingdom"]),
        tax_id: None,
        zone: Zone::UTC,
        locale: Locale::default(),
        tax_code: None,
        line: 2,
    }
}

fn address([line1, line2, city, region, postal_code, country]: [&str; 6]) -> Address {
    Address {
        line1: line1.into(),
        line2: line2.into(),
        city: city.into(),
        region: region.into(),
        postal_code: postal_code.into(),
        country: country.into(),
    }
}

/// The receipt of Kumu's help page.
fn invoice(number: u32) -> Invoice {
    let rest = ["2020-06-19", "2020-06-27"];
    let next = ["2020-06-27", "2020-07-27"];
    let lines = vec![
        line(rest, "Remaining time on 2 × Private projects after 19 Jun 2020", 2, None, 995),
        line(rest, "Unused time on 3 × Private projects after 19 Jun 2020", 3, None, -1493),
        line(rest, "Remaining time on Private projects after 19 Jun 2020", 1, None, 498),
        line(rest, "Unused time on 2 × Private projects after 19 Jun 2020", 2, None, -995),
        line(next, "Org membership", 1, Some("10.00"), 1000),
        line(next, "Private projects", 1, Some("20"), 2000),
    ];
    let total = Amount::from_minor(2005);
    let date = |text: &str| text.parse().expect("a date");
    Invoice {
        number: format!("INV-2020-{number:05}"),
        kind: DocumentKind::Invoice,
        account: 0,
        currency: Currency::from_code("USD").expect("ISO 4217"),
        instant: Moment::parse("2020-06-27").expect("a date").at(Zone::UTC),
        issue_date: date("2020-06-27"),
        due_date: date("2020-07-11"),
        lines,
        taxes: Vec::new(),
        totals: Totals { subtotal: total, total, amount_due: total, ..Totals::default() },
        credits_invoice: None,
    }
}

fn line(
    [start, end]: [&str; 2],
    description: &str,
    quantity: u64,
    unit_amount: Option<&str>,
    minor: i64,
) -> Line {
    let at = |text| Moment::parse(text).expect("a date").at(Zone::UTC);
    let share = if unit_amount.is_some() { (1, 1) } else { (2, 3) };
    Line {
        key: LineKey {
            subscription_id: "s1".into(),
            period_start: at(start),
            cause: Cause::Period,
            discount: None,
        },
        kind: if unit_amount.is_some() { LineKind::Recurring } else { LineKind::Remaining },
        description: description.into(),
        service_start: at(start),
        service_end: at(end),
        quantity,
        unit_amount: Some(unit_amount.unwrap_or("20").parse().expect("a decimal")),
        price_amount: 20.into(),
        share: Fraction::new(share.0, share.1, TimeUnit::Day),
        price_detail: "".into(),
        round_per: RoundPer::Line,
        interval: Some(Interval { unit: IntervalUnit::Month, count: 1 }),
        amount: Amount::from_minor(minor),
        price_id: "p1".into(),
        product: "Private projects".into(),
        currency: Currency::from_code("USD").expect("ISO 4217"),
        tax: None,
        tax_amount: Amount::ZERO,
        credits_invoice: None,
        correction: None,
    }
}
