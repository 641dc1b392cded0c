//! Prints one receipt after the other and says how many a second.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::documents::{Documents, Kind};
use super::process::{peak_kilobytes, processor_seconds};
use crate::access::FileMode;
use crate::config::{Look, MissingCharacters, Packing, PageSize, Seller};
use crate::model::Address;
use crate::publish::{Lock, Made, PublishError, Staging};
use crate::render::pdf::{PdfRenderer, Receipt};

/// What is printed, and what it is called.
const KINDS: [(Kind, &str); 5] = [
    (Kind::Simple, "simple"),
    (Kind::Changed, "changed"),
    (Kind::Taxed, "taxed"),
    (Kind::Mixed, "mixed"),
    (Kind::Foreign, "foreign"),
];

/// Prints what the arguments ask for.
pub fn run(arguments: &[String]) {
    let mut rest = arguments.iter();
    let count = rest.next().map_or(30_000, |text| text.parse().expect("a number of receipts"));
    let folder = rest.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let bench =
        Bench { press: press(), documents: Documents::new(), count, wanted: rest.next().cloned() };
    for (kind, name) in &KINDS[..3] {
        let bytes = bench.print(*kind, 1).bytes.len();
        let (invoice, account) = bench.documents.get(*kind, 1);
        let plain = bench.press.print_plainly(&invoice, &account).expect("it prints").bytes.len();
        println!("{name}: {bytes} bytes, {plain} by printpdf alone");
    }
    println!("{:<18}  {:>7}  {:>10}  {:>16}", "way", "threads", "receipts/s", "CPU microseconds");
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| bench.run(threads, &folder));
    }
    println!("peak memory of all: {} MB", peak_kilobytes() / 1024);
}

/// What all ways have in common.
struct Bench {
    press: PdfRenderer,
    documents: Documents,
    count: u32,
    wanted: Option<String>,
}

impl Bench {
    fn run(&self, threads: usize, folder: &Path) {
        let few = (self.count / 100).max(1);
        self.time("printpdf, simple", threads, few, |number| self.print_plainly(number));
        for (kind, name) in KINDS {
            let way = format!("memory, {name}");
            self.time(&way, threads, self.count, |number| self.print(kind, number));
        }
        let xml = einvoice();
        self.time("memory, with XML", threads, self.count, |number| {
            let (invoice, account) = self.documents.get(Kind::Changed, number);
            self.press.print_with_einvoice(&invoice, &account, &xml).expect("it prints")
        });
        for way in ["files, mixed", "archive, mixed"] {
            self.publish(way, threads, folder);
        }
    }

    fn print(&self, kind: Kind, number: u32) -> Receipt {
        let (invoice, account) = self.documents.get(kind, number);
        self.press.print(&invoice, &account).expect("it prints")
    }

    fn print_plainly(&self, number: u32) -> Receipt {
        let (invoice, account) = self.documents.get(Kind::Simple, number);
        self.press.print_plainly(&invoice, &account).expect("it prints")
    }

    /// Prints every number, and says how many a second.
    fn time(&self, way: &str, threads: usize, count: u32, print: impl Fn(u32) -> Receipt + Sync) {
        if self.is_wanted(way) {
            let started = (Instant::now(), processor_seconds());
            (1..=count).into_par_iter().for_each(|number| {
                black_box(print(number));
            });
            report(way, threads, count, started);
        }
    }

    /// Writes every receipt as a close does, with digests, up to what makes it durable.
    fn publish(&self, way: &str, threads: usize, folder: &Path) {
        if !self.is_wanted(way) {
            return;
        }
        let output = folder.join(format!("prorata-receipts-{}", std::process::id()));
        let mode = FileMode::default();
        let lock = Lock::take(&output, mode, Duration::ZERO, |_| ()).expect("it is free");
        let mut staging = Staging::begin(lock, "bench", mode).expect("a folder");
        let numbers: Vec<u32> = (1..=self.count).collect();
        let started = (Instant::now(), processor_seconds());
        let print = |_: usize, number: &u32| {
            let path = format!("pdf/{:04}/{number}.pdf", number / 1000);
            let Receipt { bytes: content, digest, .. } = self.print(Kind::Mixed, *number);
            Ok::<_, PublishError>(Made { path, content, digest, rest: () })
        };
        let written = if way.starts_with("files") {
            staging.write_many(&numbers, print)
        } else {
            staging.write_archive("pdf.zip", &numbers, print)
        };
        assert_eq!(written.expect("they are written").len(), numbers.len());
        report(way, threads, self.count, started);
        drop(staging);
        std::fs::remove_dir_all(output).expect("it is ours");
    }

    fn is_wanted(&self, way: &str) -> bool {
        self.wanted.as_ref().is_none_or(|wanted| way.contains(wanted))
    }
}

/// Receipts a second, and what each took of a core: the latter hardly depends on what else the
/// machine does.
fn report(way: &str, threads: usize, count: u32, (started, cpu): (Instant, f64)) {
    let rate = f64::from(count) / started.elapsed().as_secs_f64();
    let each = (processor_seconds() - cpu) * 1e6 / f64::from(count);
    println!("{way:<18}  {threads:>7}  {rate:>10.0}  {each:>16.1}");
}

/// XML as long as an electronic invoice of six lines.
fn einvoice() -> Vec<u8> {
    let item =
        |line: u32| format!("<item><name>Größe {line}</name><price>{line}.00</price></item>\n");
    (0..200).map(item).collect::<String>().into_bytes()
}

fn press() -> PdfRenderer {
    let seller = Seller {
        name: "Kumu Inc.".into(),
        address: Address::new([
            "548 Market St",
            "Suite 12345",
            "San Francisco",
            "CA",
            "94104",
            "USA",
        ]),
        tax_id: Some("US-12-3456789".into()),
        email: Some("billing@kumu.example".into()),
        web: Some("kumu.example".into()),
        payment: None,
        einvoice: crate::model::SellerDetails::default(),
    };
    let look = Look {
        accent: [0x34, 0x54, 0xd1],
        page_size: PageSize::A4,
        packing: Packing::Files,
        receipts: true,
        fonts: Vec::new(),
        missing_characters: MissingCharacters::Stop,
        logo: None,
        zero_lines: false,
    };
    PdfRenderer::new(&seller, &look, &[]).expect("the bundled fonts")
}
