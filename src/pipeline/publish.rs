//! Writes and publishes a computed close.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::characters::must_be_printable;
use super::context::CloseContext;
use super::delivery::{deliveries, undeliverable};
use super::einvoices::NumberedEInvoices;
use super::error::RunError;
use super::keep_inputs::{keep_inputs, look_files};
use super::parts::TaxBreakdown;
use super::print::{DocumentPaths, Incomplete, PrintedPdfs, list_pdfs, pdf_path, press, print_all};
use super::receipts::{PaidReceipt, paid_receipts};
use super::report::report;
use super::review::review;
use super::tables::{write_bytes, write_tables};
use super::timings::StageTimings;
use crate::accounting::Chart;
use crate::config::{Packing, RefundCredit};
use crate::console::Stage;
use crate::failpoint;
use crate::hash::sha256_hex;
use crate::model::{Invoice, Rules};
use crate::payments::Settlement;
use crate::pipeline::{CloseResult, ComputedClose, TableFormat};
use crate::problem::Problems;
use crate::publish::{
    CreditBalances, FileInPieces, Proof, ProofError, PublishedClose, Staging, Witness, add_up,
    prove,
};
use crate::register::{
    CREDITS_FILE, CloseRef, Counts, DEFERRED_FILE, DOCUMENTS_FILE, DocumentSettings, FORMAT,
    InputFile, LAST_BILLED_FILE, LINES_FILE, LOG_FILE, Manifest, Options, PAYMENTS_FILE,
    PublishedRef, RECEIVABLES_FILE, StateFile, Tool, TotalsByCurrency, lines_to_parquet,
    log_to_parquet, parts_to_parquet, payments_to_parquet, receivables_to_parquet, state_files,
};
use crate::render;
use crate::render::csv::{
    Exception, ExceptionGroup, exceptions_csv, invoices_csv, journal_csv, lines_csv,
    payments_applied_csv, receivables_csv, refunds_csv, review_csv, schedule_csv, taxes_csv,
};
use crate::render::pdf::PdfRenderer;
use crate::review::ReviewFindings;
use crate::table::CsvTable;

/// The credit to be paid back.
pub(crate) const REFUNDS: &str = "refunds.csv";

/// The sums of a close, for other programs.
pub(crate) const SUMMARY: &str = "summary.json";

/// A close with all files except the manifest.
pub(crate) struct StagedClose {
    /// Its manifest.
    pub(crate) manifest: Manifest,
    /// Findings that need a second look.
    pub(crate) findings: ReviewFindings,
    /// Input that produced no line.
    pub(crate) exceptions: Vec<Exception>,
}

impl StagedClose {
    /// Publishes the close with one rename.
    pub(crate) fn publish(
        self,
        context: &CloseContext,
        staging: Staging,
        mut stages: StageTimings,
        witness: Option<Witness>,
    ) -> Result<CloseResult, RunError> {
        let manifest = self.manifest;
        let stage = Stage::begin("publish");
        let bytes = to_json(&manifest);
        let manifest_sha256 = sha256_hex(&bytes);
        let PublishedClose { place, mut unfinished, lock: _lock } =
            staging.publish(&bytes, &context.register)?;
        let witnessed = witness.map(|mut it| it.append(&manifest.close, &manifest_sha256));
        unfinished.extend(witnessed.and_then(Result::err));
        failpoint::point("witnessed");
        for file in &manifest.outputs {
            log::trace!(target: "prorata::publish", bytes = file.bytes; "{}", file.path);
        }
        stage.end(manifest.outputs.len(), "file", "published");
        stages.end("sync");
        let published = CloseResult {
            place,
            manifest,
            manifest_sha256,
            already_published: false,
            warnings: context.loaded.warnings.iter().map(|warning| warning.0.clone()).collect(),
            problems: Problems::default(),
            stages,
        };
        RunError::unless_finished(published, unfinished)
    }
}

impl ComputedClose {
    /// The tables for finance.
    pub(crate) fn tables<'a>(
        &'a self,
        context: &'a CloseContext,
        receipts: &'a [PaidReceipt],
    ) -> Vec<(&'static str, CsvTable<'a>)> {
        let accounts = &context.loaded.book.accounts[..];
        let packing = context.settings.look.packing;
        let pdf = move |place, invoice: &Invoice| {
            pdf_path(packing, self.places.count(), self.places.of(place), &invoice.number)
        };
        let settlement = &self.settled.settlement;
        let Settlement { applied, balances, debtors, .. } = settlement;
        let owed = (&balances.receivables[..], &debtors[..]);
        let documents = (&self.invoices[..], accounts);
        let chart = Chart::with_taxes(&context.settings.ledger, &context.loaded.book.taxes);
        let mut tables = vec![
            ("invoices.csv", invoices_csv(&self.invoices, accounts, pdf)),
            ("invoice_lines.csv", lines_csv(&self.invoices, accounts)),
            ("invoice_taxes.csv", taxes_csv(&self.invoices)),
            ("payments_applied.csv", payments_applied_csv(applied, accounts)),
            ("receivables.csv", receivables_csv(owed, accounts, context.date())),
            ("journal.csv", journal_csv(documents, chart, &self.journal.entries)),
            ("revenue_schedule.csv", schedule_csv(&self.invoices, accounts)),
            (
                "delivery.csv",
                deliveries(context, (&self.invoices, &self.places), receipts, settlement),
            ),
        ];
        if context.settings.refund_credit != RefundCredit::Never {
            tables.push((REFUNDS, refunds_csv(&self.settled.refunds)));
        }
        tables
    }

    /// The receipts for invoices that this close's payments paid, if they are wanted.
    pub(crate) fn receipts(&self, context: &CloseContext) -> Result<Vec<PaidReceipt>, RunError> {
        let look = &context.settings.look;
        if look.receipts && look.packing != Packing::None {
            paid_receipts(context, &self.invoices, &self.settled)
        } else {
            Ok(Vec::new())
        }
    }

    /// Writes the state files for the next close.
    pub(crate) fn write_state(
        &self,
        context: &CloseContext,
        staging: &Staging,
    ) -> Result<Vec<FileInPieces>, RunError> {
        let book = &context.loaded.book;
        let receivables = &self.settled.settlement.balances.receivables;
        let due = || payments_to_parquet(&context.payments.due(book, context.through), book);
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
            || self.write_parts(context, staging),
            || files.into_par_iter().map(write).collect(),
        );
        Ok(parts?.into_iter().chain(others?).collect())
    }

    /// Writes the charges and credits of invoices, computed in one pass.
    fn write_parts(
        &self,
        context: &CloseContext,
        staging: &Staging,
    ) -> Result<[FileInPieces; 2], RunError> {
        let TaxBreakdown { documents, credits } = {
            let round_per = context.settings.tax.round_per;
            TaxBreakdown::of(&self.invoices, &context.loaded.book.accounts, round_per)
        };
        let documents = staging.make_file(DOCUMENTS_FILE, &parts_to_parquet(&documents)?)?;
        Ok([documents, staging.make_file(CREDITS_FILE, &parts_to_parquet(&credits)?)?])
    }

    /// Proves the close and writes all its files except the manifest. The result is then published
    /// or only shown.
    pub(crate) fn prepare(
        &self,
        context: &CloseContext,
        options: Options,
        format: TableFormat,
        staging: &mut Staging,
        stages: &mut StageTimings,
    ) -> Result<StagedClose, RunError> {
        let press = press(&context.settings)?;
        let look_files = look_files(context)?;
        let credit = self.credit(options.opening)?;
        let mut proof = add_up(&self.invoices, &credit, &self.settled.sums()?)?;
        let receipts = self.receipts(context)?;
        let paths = self.document_paths(context, &receipts);
        let (exceptions, printed) = self.print(context, &press, &paths, staging)?;
        if paths.packing != Packing::None {
            list_pdfs(staging, &printed, &paths)?;
        }
        // Free the fonts and caches, because no more PDFs are printed.
        drop(press);
        stages.end("print");
        let stage = Stage::begin("tables");
        // Run single-threaded table work in parallel with the other work.
        let to = &*staging;
        let sources = context.sources.iter().chain(&look_files);
        let (written, ((state_files, kept), review)) = rayon::join(
            || write_tables(to, self.tables(context, &receipts), format),
            || {
                let keep = || keep_inputs(context, sources.clone(), to);
                let write = || rayon::join(|| self.write_state(context, to), keep);
                rayon::join(write, || review(context, self))
            },
        );
        let ((found, tables), review) = (written?, review?);
        prove(&proof, &found, &credit)?;
        let over = exceptions.iter().filter_map(|exception| exception.not_credited.as_ref());
        proof.note_over_credits(over.map(|(amount, currency, _)| (*currency, *amount)))?;
        staging.end_files(tables);
        stage.end(self.invoices.len(), "document", "added up and proved");
        stages.end("tables and state");
        let stage = Stage::begin("files");
        let accounts = &context.loaded.book.accounts;
        write_bytes(staging, "exceptions.csv", &exceptions_csv(&exceptions).bytes(), format)?;
        let reviewed = review_csv(review.findings.all(), accounts).bytes();
        write_bytes(staging, "review.csv", &reviewed, format)?;
        staging.write(SUMMARY, &summary_json(context, &proof))?;
        let counts = self.counts(context, exceptions.len(), review.summary.corrections);
        let listed = ExceptionGroup::of(&exceptions);
        let files: Vec<String> = staging.files().iter().map(|file| file.path.clone()).collect();
        let page = report(context, self, &review.summary, &proof, counts, &listed, &files);
        staging.write("report.html", &page)?;
        staging.end_files(state_files?);
        staging.end_files(kept?.into());
        staging.write(LAST_BILLED_FILE, &review.last_billed)?;
        stage.end(staging.files().len(), "file", "written");
        stages.end("files");
        let inputs = sources.map(InputFile::of).collect();
        let manifest = self.manifest(context, staging, options, inputs, proof, counts);
        Ok(StagedClose { manifest, findings: review.findings, exceptions })
    }

    /// The credit of its accounts. `is_brought_along` tells whether it opens a register.
    pub(crate) fn credit(&self, is_brought_along: bool) -> Result<CreditBalances, ProofError> {
        let opening = self.opening_credit.clone();
        let closing = self.state.credit_by_currency().map_err(ProofError::TooLarge)?;
        Ok(CreditBalances { opening, closing, is_brought_along })
    }

    /// The paths of the files of its documents.
    pub(crate) fn document_paths<'a>(
        &'a self,
        context: &'a CloseContext,
        receipts: &'a [PaidReceipt],
    ) -> DocumentPaths<'a> {
        let einvoices = NumberedEInvoices::new(context);
        let indexed = self.invoices.iter().enumerate();
        let with_file = indexed.filter(|(_, invoice)| einvoices.has_file(invoice));
        let with_file = with_file.map(|(index, _)| index).collect();
        DocumentPaths {
            packing: context.settings.look.packing,
            invoices: &self.invoices,
            places: &self.places,
            receipts,
            einvoices,
            with_file,
        }
    }

    /// Prints the PDFs, and returns all exceptions.
    pub(crate) fn print(
        &self,
        context: &CloseContext,
        press: &PdfRenderer,
        paths: &DocumentPaths<'_>,
        staging: &mut Staging,
    ) -> Result<(Vec<Exception>, PrintedPdfs), RunError> {
        let book = &context.loaded.book;
        let mut exceptions = self.exceptions.clone();
        exceptions.extend(undeliverable(&self.invoices, paths.receipts, &book.accounts));
        let mut printed = PrintedPdfs::default();
        if paths.packing != Packing::None {
            printed = print_all(staging, press, paths, book)?;
            let stops = must_be_printable(&context.settings);
            let (wrong, marked): (Vec<&Incomplete>, Vec<&Incomplete>) =
                printed.incomplete.iter().partition(|it| stops || it.has_attachment);
            if !wrong.is_empty() {
                let problems = wrong.iter().map(|it| it.problem(book, &context.input));
                return Err(RunError::of_input(problems.collect::<Vec<_>>()));
            }
            exceptions.extend(marked.iter().map(|it| it.exception(book)));
        }
        exceptions.sort();
        // A receipt lacks the same characters as its invoice.
        exceptions.dedup();
        Ok((exceptions, printed))
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

    pub(crate) fn manifest(
        &self,
        context: &CloseContext,
        staging: &Staging,
        options: Options,
        inputs: Vec<InputFile>,
        proof: Proof,
        counts: Counts,
    ) -> Manifest {
        Manifest {
            format: FORMAT,
            tool: Tool::this(),
            rules: Rules::VERSION,
            rendering: render::VERSION,
            time_zones: Some(chrono_tz::IANA_TZDB_VERSION.to_owned()),
            close: context.name.clone(),
            as_of: context.through.to_string(),
            previous: context.register.newest().map(|close| CloseRef {
                close: close.manifest.close.clone(),
                manifest_sha256: close.manifest_sha256.clone(),
            }),
            options,
            settings: DocumentSettings::of(&context.settings),
            inputs,
            outputs: staging.files().to_vec(),
            counts,
            withheld: context.loaded.withheld.accounts.iter().cloned().collect(),
            carried: self.carried.clone(),
            totals: proof.totals,
            numbers: self.numbers.clone(),
        }
    }

    pub(crate) fn counts(
        &self,
        context: &CloseContext,
        exceptions: usize,
        corrections: u64,
    ) -> Counts {
        let book = &context.loaded.book;
        let lines = self.invoices.iter().map(|invoice| invoice.lines.len() as u64);
        let later = book.changes.iter().filter(|change| change.at > context.through);
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

/// The totals for programs, as proved from the tables.
pub(crate) fn summary_json(context: &CloseContext, proof: &Proof) -> Vec<u8> {
    #[derive(serde::Serialize)]
    struct SummaryFile<'a> {
        close: &'a str,
        as_of: String,
        totals: &'a BTreeMap<String, TotalsByCurrency>,
    }
    let (close, as_of) = (&*context.name, context.through.to_string());
    to_json(&SummaryFile { close, as_of, totals: &proof.totals })
}

pub(crate) fn to_json(content: &impl serde::Serialize) -> Vec<u8> {
    let mut bytes =
        serde_json::to_vec_pretty(content).expect("it is maps with text keys, texts and numbers");
    bytes.push(b'\n');
    bytes
}
