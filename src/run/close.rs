//! `prorata close`: everything due up to an instant becomes a published close.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant as Clock};

use chrono::Datelike as _;

use super::RunError;
use super::billing::{bill_all, bill_problems, closing_credit, exceptions};
use super::state::{newly_applied, next_state};
use crate::config::{self, Settings};
use crate::input::{self, Loaded, Source, sha256_hex};
use crate::invoice::{AccountBill, Invoice, assign_numbers};
use crate::model::Book;
use crate::publish::{Lock, Proof, Staging, close_name, point_latest_at, prove};
use crate::register::{
    Close, CloseRef, Counts, InputFile, LINES_FILE, LOG_FILE, Manifest, NumberRange, Options,
    PublishedRef, Register, Series, State, Tool, Watch, lines_to_parquet, log_to_parquet,
    state_files, watch,
};
use crate::render::csv::{Exception, exceptions_csv, invoices_csv, lines_csv};
use crate::render::pdf::Press;
use crate::value::{Instant, Moment};

/// What `prorata close` is asked to do.
#[derive(Clone, Debug)]
pub struct CloseArgs {
    /// The input folder.
    pub input: PathBuf,
    /// The output folder.
    pub output: PathBuf,
    /// The instant of the close.
    pub as_of: Moment,
    /// Turn a changed past into corrections.
    pub accept_history_change: bool,
}

/// What a close did.
#[derive(Debug)]
pub struct Outcome {
    /// Where it is.
    pub place: PathBuf,
    /// What it says of itself.
    pub manifest: Manifest,
    /// Whether it had been published before, and nothing was done.
    pub already_published: bool,
    /// What was odd in the input.
    pub warnings: Vec<String>,
    /// How long it took.
    pub elapsed: Duration,
}

/// Everything a close needs to know before it bills.
struct Ground {
    settings: Settings,
    loaded: Loaded,
    sources: Vec<Source>,
    register: Register,
    state: State,
    through: Instant,
    name: String,
}

/// Runs a close.
///
/// # Errors
/// See [`RunError`]; nothing is published then.
pub fn close(args: &CloseArgs) -> Result<Outcome, RunError> {
    let started = Clock::now();
    let (settings, settings_bytes) = config::load(&args.input)?;
    let through = args.as_of.at(settings.zone);
    let name = close_name(through, settings.zone);
    let _lock = Lock::take(&args.output)?;
    let register = Register::open(&args.output)?;
    if let Some(newest) = register.newest() {
        if newest.as_of == through {
            return already_published(newest, &args.output, started);
        }
        if newest.as_of > through {
            return Err(RunError::BeforeNewest {
                as_of: through.to_string(),
                newest: newest.as_of.to_string(),
            });
        }
    }
    let loaded = input::load(&args.input, &settings)?;
    let mut sources = vec![Source::describe(config::FILE_NAME, &settings_bytes, 0)];
    sources.extend(loaded.sources.iter().cloned());
    let state = register.state()?;
    let ground = Ground { settings, loaded, sources, register, state, through, name };
    ground.close(args, started)
}

impl Ground {
    fn close(self, args: &CloseArgs, started: Clock) -> Result<Outcome, RunError> {
        let book = &self.loaded.book;
        let watch = self.watch(args)?;
        let last = self.register.newest().map(|close| close.as_of);
        let bills = bill_all(book, &self.settings, &watch, &self.state, (last, self.through));
        let mut problems = self.loaded.problems.clone();
        problems.extend(watch.problems.iter().cloned());
        problems.extend(bill_problems(&bills, book, &self.loaded.gaps, &args.input));
        if !problems.is_empty() {
            return Err(RunError::Problems(problems));
        }
        let (invoices, numbers) = self.number(&bills);
        let exceptions = exceptions(&bills, book);
        let credit = closing_credit(bills, book, &self.state);
        let state = next_state(book, self.through, credit, &self.state);
        self.publish(args, &watch, &Billed { invoices, numbers, exceptions, state }, started)
    }

    /// What the register knows of the book. Of a book with problems nothing is said: half of it
    /// may be missing.
    fn watch(&self, args: &CloseArgs) -> Result<Watch, RunError> {
        let book = &self.loaded.book;
        let found =
            watch(book, &self.register, &self.state, &args.input, args.accept_history_change)?;
        let complete = self.loaded.problems.is_empty();
        Ok(Watch { problems: if complete { found.problems } else { Vec::new() }, ..found })
    }

    fn number(&self, bills: &[AccountBill]) -> (Vec<Invoice>, BTreeMap<String, NumberRange>) {
        let book = &self.loaded.book;
        let drafts = bills.iter().flat_map(|bill| bill.drafts.iter().cloned()).collect();
        let mut series: Series = self.register.series();
        let before = series.clone();
        let invoices = assign_numbers(drafts, &book.accounts, &self.settings, &mut series);
        let ranges = number_ranges(&invoices, &before, &series, &self.settings);
        (invoices, ranges)
    }

    fn publish(
        &self,
        args: &CloseArgs,
        watch: &Watch,
        billed: &Billed,
        started: Clock,
    ) -> Result<Outcome, RunError> {
        let book = &self.loaded.book;
        let press = press(&self.settings)?;
        let invoices_csv = invoices_csv(&billed.invoices, &book.accounts, pdf_path);
        let lines_csv = lines_csv(&billed.invoices, &book.accounts);
        let proof = prove(
            &billed.invoices,
            (&invoices_csv, &lines_csv),
            &self.state.credit_by_currency(),
            &billed.state.credit_by_currency(),
        )?;
        let mut staging = Staging::begin(&args.output, &self.name)?;
        let mut exceptions = billed.exceptions.clone();
        exceptions.extend(print_all(&mut staging, &press, &billed.invoices, book)?);
        exceptions.sort();
        staging.write("invoices.csv", &invoices_csv)?;
        staging.write("invoice_lines.csv", &lines_csv)?;
        staging.write("exceptions.csv", &exceptions_csv(&exceptions))?;
        staging.write(LINES_FILE, &lines_to_parquet(published_lines(&billed.invoices))?)?;
        let applied = newly_applied(book, self.through, watch, &self.register);
        staging.write(LOG_FILE, &log_to_parquet(applied)?)?;
        for (path, bytes) in state_files(&billed.state)? {
            staging.write(path, &bytes)?;
        }
        let manifest = self.manifest(args, &staging, billed, proof, exceptions.len());
        let place = staging.publish(&to_json(&manifest))?;
        Ok(Outcome {
            place,
            manifest,
            already_published: false,
            warnings: self.loaded.warnings.iter().map(|warning| warning.0.clone()).collect(),
            elapsed: started.elapsed(),
        })
    }

    fn manifest(
        &self,
        args: &CloseArgs,
        staging: &Staging,
        billed: &Billed,
        proof: Proof,
        exceptions: usize,
    ) -> Manifest {
        let inputs = self.sources.iter().map(|source| InputFile {
            name: source.name.clone(),
            sha256: source.sha256.clone(),
            bytes: source.bytes,
            rows: source.rows,
        });
        Manifest {
            format: 1,
            tool: Tool::this(),
            close: self.name.clone(),
            as_of: self.through.to_string(),
            previous: self.register.newest().map(|close| CloseRef {
                close: close.manifest.close.clone(),
                manifest_sha256: close.manifest_sha256.clone(),
            }),
            options: Options {
                accept_history_change: args.accept_history_change,
                ..Options::default()
            },
            inputs: inputs.collect(),
            outputs: staging.files().to_vec(),
            counts: self.counts(billed, exceptions),
            totals: proof.totals,
            numbers: billed.numbers.clone(),
        }
    }

    fn counts(&self, billed: &Billed, exceptions: usize) -> Counts {
        let book = &self.loaded.book;
        let lines = billed.invoices.iter().flat_map(|invoice| &invoice.lines);
        let later = book.changes.iter().filter(|change| change.at > self.through);
        Counts {
            accounts: book.accounts.len() as u64,
            subscriptions: book.subscriptions.len() as u64,
            changes: book.changes.len() as u64,
            changes_not_yet_due: later.count() as u64,
            invoices: billed.invoices.len() as u64,
            lines: lines.clone().count() as u64,
            corrections: lines.filter(|line| line.correction.is_some()).count() as u64,
            exceptions: exceptions as u64,
        }
    }
}

/// What a close came to, before it is published.
struct Billed {
    invoices: Vec<Invoice>,
    numbers: BTreeMap<String, NumberRange>,
    exceptions: Vec<Exception>,
    state: State,
}

/// A close that is there already is verified, not repeated.
fn already_published(newest: &Close, output: &Path, started: Clock) -> Result<Outcome, RunError> {
    for file in &newest.manifest.outputs {
        let path = newest.path.join(&file.path);
        let bytes = std::fs::read(&path).map_err(|error| {
            RunError::Altered(format!("{}: {error}\n{RESTORE}", path.display()))
        })?;
        if sha256_hex(&bytes) != file.sha256 {
            return Err(RunError::Altered(format!(
                "{}: has been changed since it was published\n{RESTORE}",
                path.display()
            )));
        }
    }
    // A run killed right after its rename has not moved the link.
    point_latest_at(output, &newest.manifest.close)?;
    Ok(Outcome {
        place: newest.path.clone(),
        manifest: newest.manifest.clone(),
        already_published: true,
        warnings: Vec::new(),
        elapsed: started.elapsed(),
    })
}

const RESTORE: &str = "hint: restore the close from a backup";

/// Where an invoice's PDF is within the close.
fn pdf_path(invoice: &Invoice) -> String {
    format!("pdf/{}.pdf", invoice.number)
}

fn press(settings: &Settings) -> Result<Press, RunError> {
    let mut fonts = Vec::new();
    for path in &settings.look.fonts {
        let font =
            std::fs::read(path).map_err(|source| RunError::Font { path: path.clone(), source })?;
        fonts.push(font);
    }
    Ok(Press::new(&settings.seller, &settings.look, &fonts)?)
}

/// Prints every invoice, lists the files as `sha256sum` does, and names what no font could show.
fn print_all(
    staging: &mut Staging,
    press: &Press,
    invoices: &[Invoice],
    book: &Book,
) -> Result<Vec<Exception>, RunError> {
    let printed = staging.write_many(invoices, |invoice| {
        let receipt = press.print(invoice, &book.accounts[invoice.account])?;
        Ok::<_, RunError>((pdf_path(invoice), receipt.bytes, receipt.missing_characters))
    })?;
    let mut sums = String::new();
    let mut exceptions = Vec::new();
    for (invoice, (file, missing)) in invoices.iter().zip(printed) {
        let _ = writeln!(sums, "{}  {}", file.sha256, file.path);
        if !missing.is_empty() {
            exceptions.push(missing_glyphs(invoice, book, &missing));
        }
    }
    staging.write("pdf.sha256", sums.as_bytes())?;
    Ok(exceptions)
}

fn missing_glyphs(invoice: &Invoice, book: &Book, missing: &[char]) -> Exception {
    let list: Vec<String> =
        missing.iter().map(|c| format!("{c} (U+{:04X})", u32::from(*c))).collect();
    Exception {
        kind: "missing_glyph",
        account_id: book.accounts[invoice.account].id.to_string(),
        subscription_id: String::new(),
        reference: invoice.number.clone(),
        message: format!(
            "no font has {}; name one that does in pdf.fonts of billing.toml",
            list.join(", ")
        ),
    }
}

fn published_lines(invoices: &[Invoice]) -> Vec<PublishedRef<'_>> {
    invoices
        .iter()
        .flat_map(|invoice| {
            invoice.lines.iter().zip(1..).map(|(line, line_number)| PublishedRef {
                invoice_number: &invoice.number,
                line_number,
                line,
            })
        })
        .collect()
}

/// The numbers given in each series of this close.
fn number_ranges(
    invoices: &[Invoice],
    before: &Series,
    after: &Series,
    settings: &Settings,
) -> BTreeMap<String, NumberRange> {
    let mut ranges: BTreeMap<String, NumberRange> = BTreeMap::new();
    for invoice in invoices {
        let series = settings.numbering.format.series(invoice.issue_date.year(), invoice.currency);
        let (first, next) = (
            before.get(&series).copied().unwrap_or(settings.numbering.first),
            after.get(&series).copied().unwrap_or(settings.numbering.first),
        );
        let range = ranges.entry(series).or_insert_with(|| NumberRange {
            first: invoice.number.clone(),
            last: String::new(),
            count: next - first,
            next,
        });
        range.last.clone_from(&invoice.number);
    }
    ranges
}

fn to_json(manifest: &Manifest) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(manifest)
        .expect("a manifest is maps with text keys, texts and numbers");
    bytes.push(b'\n');
    bytes
}
