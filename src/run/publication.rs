//! What a close comes to, and its way onto the disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;
use rayon::prelude::*;

use super::RunError;
use super::characters::must_be_printable;
use super::delivery::{deliveries, undeliverable};
use super::ground::Ground;
use super::parts::Parts;
use super::printing::{pdf_path, press, print_all};
use super::receipts::{PaidReceipt, paid_receipts};
use super::report::report;
use super::review::review;
use super::settled::Settled;
use super::sheets::{write_bytes, write_tables};
use super::stages::Stages;
use crate::accounting::{Chart, Journal};
use crate::config::{self, Packing};
use crate::console::Stage;
use crate::invoice::{AccountBill, Invoice, Numbered, SeriesEnd, Settlement, assign_numbers};
use crate::model::{Line, Rules};
use crate::problem::Problem;
use crate::publish::{CreditBalances, FileInPieces, Proof, ProofError, Staging, add_up, prove};
use crate::register::{
    AppliedChange, CREDITS_FILE, CloseRef, Counts, DEFERRED_FILE, DOCUMENTS_FILE, DocumentSettings,
    FORMAT, History, InputFile, LAST_BILLED_FILE, LINES_FILE, LOG_FILE, LastBilled, Manifest,
    NumberRange, Options, PAYMENTS_FILE, PublishedRef, RECEIVABLES_FILE, State, StateFile, Tool,
    TotalsByCurrency, lines_to_parquet, log_to_parquet, parts_to_parquet, payments_to_parquet,
    receivables_to_parquet, state_files,
};
use crate::render::csv::{
    Exception, Sheet, exceptions_csv, invoices_csv, journal_csv, lines_csv, payments_applied_csv,
    receivables_csv, review_csv, schedule_csv, taxes_csv,
};
use crate::render::pdf::Press;
use crate::review::Findings;
use crate::value::{Amount, Currency};

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
    /// What is wrong with the accounts that were left out.
    pub problems: Vec<Problem>,
    /// How long it took.
    pub stages: Stages,
}

impl Outcome {
    /// Whether this is a close that was there already and left accounts out: the input was not
    /// looked at again, so what was to be mended in it still is.
    pub fn is_to_be_mended(&self) -> bool {
        self.already_published && !self.manifest.withheld.is_empty()
    }
}

/// How the tables of a close are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// NAME.csv
    #[default]
    Csv,
    /// NAME.csv, and NAME.parquet beside it
    Parquet,
}

/// The sums of a close, for programs.
pub const SUMMARY: &str = "summary.json";

/// What a close comes to, before it is published.
pub struct Billed {
    pub invoices: Vec<Invoice>,
    /// Lines that count as billed without being on any of them.
    pub lines_elsewhere: Vec<Line>,
    pub numbers: BTreeMap<String, NumberRange>,
    pub exceptions: Vec<Exception>,
    pub opening_credit: BTreeMap<Currency, Amount>,
    pub state: State,
    pub applied: Vec<AppliedChange>,
    pub settled: Settled,
    pub journal: Journal,
    /// What accounts were billed last by what billed them before, if this opens a register.
    pub last_elsewhere: Option<Vec<(Arc<str>, LastBilled)>>,
    /// What the last close knew of every subscription.
    pub histories: Vec<History>,
}

/// A close whose files are made, all but the manifest.
pub struct Prepared {
    /// What makes it a close.
    pub manifest: Manifest,
    /// What is worth a second look.
    pub findings: Findings,
    /// What was read and led to nothing.
    pub exceptions: Vec<Exception>,
}

/// Gives every document its number, and tells which numbers each series got.
pub fn number(
    ground: &Ground,
    input: &Path,
    bills: Vec<AccountBill>,
) -> Result<Numbered, RunError> {
    let drafts = bills.into_iter().flat_map(|bill| bill.drafts).collect();
    let (book, series) = (&ground.loaded.book, ground.register.series());
    let numbered = assign_numbers(drafts, &book.accounts, &ground.settings, series);
    numbered.map_err(|end| series_end(end, input))
}

/// Numbers begin where `first_number` says, or go on where the last close stopped: another pattern
/// begins a series anew.
fn series_end(end: SeriesEnd, input: &Path) -> RunError {
    let SeriesEnd { series, is_credit_note, first, is_continued } = end;
    let (key, hint) = match (is_continued, is_credit_note) {
        (false, false) => ("first_number", "write a smaller number"),
        (_, true) => ("credit_note_format", "write another pattern, which begins a new series"),
        (true, false) => ("number_format", "write another pattern, which begins a new series"),
    };
    RunError::SeriesEnd { file: input.join(config::FILE_NAME), key, series, first, hint }
}

impl Billed {
    /// The tables that finance imports.
    pub fn tables<'a>(
        &'a self,
        ground: &'a Ground,
        receipts: &'a [PaidReceipt],
    ) -> Vec<(&'static str, Sheet<'a>)> {
        let accounts = &ground.loaded.book.accounts[..];
        let packing = ground.settings.look.packing;
        let pdf = move |place, invoice: &Invoice| {
            pdf_path(packing, self.invoices.len(), place, &invoice.number)
        };
        let settlement = &self.settled.settlement;
        let Settlement { applied, standing, debtors, .. } = settlement;
        let owed = (&standing.receivables[..], &debtors[..]);
        let documents = (&self.invoices[..], accounts);
        let rates = ground.loaded.book.taxes.rates();
        let chart = Chart::with_taxes(&ground.settings.ledger, rates);
        vec![
            ("invoices.csv", invoices_csv(&self.invoices, accounts, pdf)),
            ("invoice_lines.csv", lines_csv(&self.invoices, accounts)),
            ("invoice_taxes.csv", taxes_csv(&self.invoices)),
            ("payments_applied.csv", payments_applied_csv(applied, accounts)),
            ("receivables.csv", receivables_csv(owed, accounts, ground.date())),
            ("journal.csv", journal_csv(documents, chart, &self.journal.entries)),
            ("revenue_schedule.csv", schedule_csv(&self.invoices, accounts)),
            ("delivery.csv", deliveries(ground, &self.invoices, receipts, settlement)),
        ]
    }

    /// The receipts for what payments of this close paid, if they are wanted.
    pub fn receipts(&self, ground: &Ground) -> Result<Vec<PaidReceipt>, RunError> {
        let look = &ground.settings.look;
        if look.receipts && look.packing != Packing::None {
            paid_receipts(ground, &self.invoices, &self.settled)
        } else {
            Ok(Vec::new())
        }
    }

    /// Writes the files from which the next close goes on.
    fn write_state(
        &self,
        ground: &Ground,
        staging: &Staging,
    ) -> Result<Vec<FileInPieces>, RunError> {
        let book = &ground.loaded.book;
        let receivables = &self.settled.settlement.standing.receivables;
        let due = || payments_to_parquet(&ground.payments.due(book, ground.through), book);
        let mut files: Vec<StateFile<'_>> = vec![
            (LINES_FILE, Box::new(|| lines_to_parquet(self.published_lines()))),
            (LOG_FILE, Box::new(|| log_to_parquet(&self.applied))),
            (PAYMENTS_FILE, Box::new(due)),
            (RECEIVABLES_FILE, Box::new(|| receivables_to_parquet(receivables))),
            (DEFERRED_FILE, Box::new(|| self.journal.deferred.to_parquet())),
        ];
        files.extend(state_files(&self.state));
        let write = |(path, bytes): StateFile<'_>| Ok(staging.make_file(path, &bytes()?)?);
        let (parts, others): (_, Result<Vec<FileInPieces>, RunError>) = rayon::join(
            || self.write_parts(ground, staging),
            || files.into_par_iter().map(write).collect(),
        );
        Ok(parts?.into_iter().chain(others?).collect())
    }

    /// Writes what documents come to, and what they credit, which is found in one go.
    fn write_parts(
        &self,
        ground: &Ground,
        staging: &Staging,
    ) -> Result<[FileInPieces; 2], RunError> {
        let Parts { documents, credits } = {
            let round_per = ground.settings.tax.round_per;
            Parts::of(&self.invoices, &ground.loaded.book.accounts, round_per)
        };
        let documents = staging.make_file(DOCUMENTS_FILE, &parts_to_parquet(&documents)?)?;
        Ok([documents, staging.make_file(CREDITS_FILE, &parts_to_parquet(&credits)?)?])
    }

    /// Proves, writes and publishes the close.
    pub fn publish(
        &self,
        ground: &Ground,
        output: &Path,
        asked: (Options, TableFormat),
        mut stages: Stages,
    ) -> Result<Outcome, RunError> {
        let mut staging = Staging::begin(output, &ground.name)?;
        let Prepared { manifest, .. } = self.prepare(ground, asked, (&mut staging, &mut stages))?;
        let stage = Stage::begin("publish");
        let place = staging.publish(&to_json(&manifest))?;
        for file in &manifest.outputs {
            log::trace!(target: "prorata::publish", bytes = file.bytes; "{}", file.path);
        }
        stage.end(manifest.outputs.len(), "file", "published");
        stages.end("sync");
        Ok(Outcome {
            place,
            manifest,
            already_published: false,
            warnings: ground.loaded.warnings.iter().map(|warning| warning.0.clone()).collect(),
            problems: Vec::new(),
            stages,
        })
    }

    /// Proves the close and makes all its files but the manifest, to be published or only looked at.
    pub fn prepare(
        &self,
        ground: &Ground,
        (options, format): (Options, TableFormat),
        (staging, stages): (&mut Staging, &mut Stages),
    ) -> Result<Prepared, RunError> {
        let press = press(&ground.settings)?;
        let credit = CreditBalances {
            opening: self.opening_credit.clone(),
            closing: self.state.credit_by_currency().map_err(ProofError::TooLarge)?,
            is_brought_along: options.opening,
        };
        let mut proof = add_up(&self.invoices, &credit, &self.settled.sums()?)?;
        let receipts = self.receipts(ground)?;
        let exceptions = self.print(ground, &press, &receipts, staging)?;
        // It keeps what many documents need, and there are no more.
        drop(press);
        stages.end("print");
        let stage = Stage::begin("tables");
        // What one thread alone can do of the tables, the other fills up.
        let to = &*staging;
        let (written, (state_files, review)) = rayon::join(
            || write_tables(to, self.tables(ground, &receipts), format),
            || rayon::join(|| self.write_state(ground, to), || review(ground, self)),
        );
        let ((found, tables), review) = (written?, review?);
        prove(&proof, &found, &credit)?;
        let over = exceptions.iter().filter_map(|exception| exception.not_credited.as_ref());
        proof.note_over_credits(over.map(|(amount, currency, _)| (*currency, *amount)))?;
        staging.end_files(tables);
        stage.end(self.invoices.len(), "document", "added up and proved");
        stages.end("tables and state");
        let stage = Stage::begin("files");
        let accounts = &ground.loaded.book.accounts;
        write_bytes(staging, "exceptions.csv", &exceptions_csv(&exceptions), format)?;
        write_bytes(staging, "review.csv", &review_csv(review.findings.all(), accounts), format)?;
        staging.write(SUMMARY, &summary_json(ground, &proof))?;
        let counts = self.counts(ground, (exceptions.len(), review.corrections));
        let files: Vec<String> = staging.files().iter().map(|file| file.path.clone()).collect();
        let page = report(ground, self, (&review, &proof), (counts, &exceptions), &files);
        staging.write("report.html", &page)?;
        staging.end_files(state_files?);
        staging.write(LAST_BILLED_FILE, &review.last_billed)?;
        stage.end(staging.files().len(), "file", "written");
        stages.end("files");
        let manifest = self.manifest(ground, staging, options, proof, counts);
        Ok(Prepared { manifest, findings: review.findings, exceptions })
    }

    /// Prints what is to be printed, and tells everything that led to nothing.
    fn print(
        &self,
        ground: &Ground,
        press: &Press,
        receipts: &[PaidReceipt],
        staging: &mut Staging,
    ) -> Result<Vec<Exception>, RunError> {
        let book = &ground.loaded.book;
        let mut exceptions = self.exceptions.clone();
        exceptions.extend(undeliverable(&self.invoices, receipts, &book.accounts));
        let packing = ground.settings.look.packing;
        if packing != Packing::None {
            let documents = (&self.invoices[..], receipts);
            let incomplete = print_all(staging, packing, press, documents, book)?;
            if must_be_printable(&ground.settings) && !incomplete.is_empty() {
                let problems = incomplete.iter().map(|it| it.problem(book, &ground.input));
                return Err(RunError::of_input(problems.collect()));
            }
            exceptions.extend(incomplete.iter().map(|it| it.exception(book)));
        }
        exceptions.sort();
        // A receipt lacks what its invoice does.
        exceptions.dedup();
        Ok(exceptions)
    }

    fn published_lines(&self) -> Vec<PublishedRef<'_>> {
        let on_invoices = self.invoices.iter().flat_map(|invoice| {
            invoice.lines.iter().zip(1..).map(|(line, line_number)| PublishedRef {
                invoice_number: &invoice.number,
                line_number,
                line,
            })
        });
        let elsewhere = self.lines_elsewhere.iter();
        on_invoices
            .chain(elsewhere.map(|line| PublishedRef { invoice_number: "", line_number: 0, line }))
            .collect()
    }

    fn manifest(
        &self,
        ground: &Ground,
        staging: &Staging,
        options: Options,
        proof: Proof,
        counts: Counts,
    ) -> Manifest {
        let inputs = ground.sources.iter().map(|source| InputFile {
            name: source.name.clone(),
            sha256: source.sha256.clone(),
            bytes: source.bytes,
            rows: source.rows,
        });
        Manifest {
            format: FORMAT,
            tool: Tool::this(),
            rules: Rules::VERSION,
            time_zones: Some(chrono_tz::IANA_TZDB_VERSION.to_owned()),
            close: ground.name.clone(),
            as_of: ground.through.to_string(),
            previous: ground.register.newest().map(|close| CloseRef {
                close: close.manifest.close.clone(),
                manifest_sha256: close.manifest_sha256.clone(),
            }),
            options,
            settings: DocumentSettings::of(&ground.settings),
            inputs: inputs.collect(),
            outputs: staging.files().to_vec(),
            counts,
            withheld: ground.loaded.withheld.accounts.iter().cloned().collect(),
            totals: proof.totals,
            numbers: self.numbers.clone(),
        }
    }

    fn counts(&self, ground: &Ground, (exceptions, corrections): (usize, u64)) -> Counts {
        let book = &ground.loaded.book;
        let lines = self.invoices.iter().map(|invoice| invoice.lines.len() as u64);
        let later = book.changes.iter().filter(|change| change.at > ground.through);
        Counts {
            accounts: book.accounts.len() as u64,
            subscriptions: book.subscriptions.len() as u64,
            changes: book.changes.len() as u64,
            changes_not_yet_due: later.count() as u64,
            invoices: self.invoices.len() as u64,
            lines: lines.sum(),
            corrections,
            exceptions: exceptions as u64,
        }
    }
}

/// What the close comes to, for programs: the sums that were proved from its tables.
fn summary_json(ground: &Ground, proof: &Proof) -> Vec<u8> {
    #[derive(serde::Serialize)]
    struct Summary<'a> {
        close: &'a str,
        as_of: String,
        totals: &'a BTreeMap<String, TotalsByCurrency>,
    }
    let (close, as_of) = (&*ground.name, ground.through.to_string());
    to_json(&Summary { close, as_of, totals: &proof.totals })
}

fn to_json(content: &impl serde::Serialize) -> Vec<u8> {
    let mut bytes =
        serde_json::to_vec_pretty(content).expect("it is maps with text keys, texts and numbers");
    bytes.push(b'\n');
    bytes
}
