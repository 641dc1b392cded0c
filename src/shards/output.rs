//! Writes the files of a settled shard: its tables as runs, its PDFs, its state, and a summary.

use rayon::prelude::*;

use super::round::to_sealed_json;
use super::summary::{Figures, SUMMARY, ShardSummary};
use crate::config::Packing;
use crate::merge::{
    CREDIT_PLACES_FILE, MergeKey, ORDER_FILE, RunsWriter, credit_places, order_to_parquet,
};
use crate::model::DocumentPlaces;
use crate::payments::{AppliedPayment, SettledRow};
use crate::pipeline::{
    CloseContext, ComputedClose, DocumentPaths, PaidReceipt, PrintedPdfs, REFUNDS, Review,
    RunError, pdf_line, press, review,
};
use crate::publish::{CloseSums, FileInPieces, PublishError, Staging};
use crate::register::LAST_BILLED_FILE;
use crate::render::csv::{Exception, ExceptionGroup, exceptions_csv, review_csv};
use crate::review::{Finding, ListedFinding};
use crate::table::CsvTable;

/// How many PDFs are listed before writing.
const PDFS_AT_ONCE: usize = 4096;

/// The table of PDFs.
pub(super) const PDFS: &str = "pdf";

/// Documents come before everything else in a table.
const DOCUMENTS: u8 = 0;

/// Receipts and payments come after the documents.
pub(super) const OTHERS: u8 = 1;

/// E-invoices come after the receipts.
const EINVOICES: u8 = 2;

/// Writes everything about a settled shard.
///
/// # Errors
/// Characters that no font has, sums that do not fit, or a full disk.
pub(super) fn write_shard(
    context: &CloseContext,
    closed: &ComputedClose,
    files: &mut Staging,
) -> Result<(), RunError> {
    let press = press(&context.settings)?;
    let sums = CloseSums::of(&closed.invoices, &closed.settled.sums()?)?;
    let receipts = closed.receipts(context)?;
    let paths = closed.document_paths(context, &receipts);
    let (exceptions, printed) = closed.print(context, &press, &paths, files)?;
    drop(press);
    let output = ShardOutput { context, closed, receipts: &receipts };
    output.list_pdfs(&printed, &paths, files)?;
    output.write_tables(files)?;
    let review = review(context, closed)?;
    output.write_lists(&exceptions, review.findings.all(), files)?;
    files.end_files(closed.write_state(context, files)?);
    files.write(LAST_BILLED_FILE, &review.last_billed)?;
    output.write_order(files)?;
    let summary = output.summary(sums, &exceptions, review, files)?;
    Ok(files.write(SUMMARY, &to_sealed_json(&summary))?)
}

struct ShardOutput<'a> {
    context: &'a CloseContext,
    closed: &'a ComputedClose,
    receipts: &'a [PaidReceipt],
}

impl ShardOutput<'_> {
    fn documents(&self) -> impl Iterator<Item = MergeKey> + '_ {
        document_keys(&self.closed.places, self.closed.invoices.len())
    }

    /// The keys of documents and receipts.
    fn pdfs(&self) -> impl Iterator<Item = MergeKey> + '_ {
        let receipts = self.receipts.iter().map(|receipt| {
            let number = &receipt.invoice.number;
            let key = MergeKey::of(OTHERS).signed(receipt.instant.unix_seconds());
            key.number(number.len() as u64).text(number)
        });
        self.documents().chain(receipts)
    }

    fn turn(&self, payment: &AppliedPayment) -> MergeKey {
        let key = MergeKey::of(OTHERS).signed(payment.turn.instant.unix_seconds());
        match payment.turn.of {
            SettledRow::Note(index) => key.rank(0).number(self.closed.places.of(index)),
            SettledRow::Payment { at, line } => key.rank(1).signed(at.unix_seconds()).number(line),
        }
    }

    /// The accounts of the receivables in the table, in its order.
    fn debtors(&self) -> Vec<&str> {
        let receivables = self.closed.settled.settlement.balances.receivables.iter();
        let owed = receivables.filter(|it| !it.amount_due.is_zero());
        let mut debtors: Vec<&str> = owed.map(|it| &*it.account_id).collect();
        debtors.par_sort_unstable();
        debtors
    }

    fn list_pdfs(
        &self,
        printed: &PrintedPdfs,
        paths: &DocumentPaths<'_>,
        files: &mut Staging,
    ) -> Result<(), RunError> {
        if paths.packing == Packing::None {
            return Ok(());
        }
        let einvoices = paths.with_file.iter();
        let einvoices = einvoices.map(|index| self.closed.places.of(*index));
        let einvoices = einvoices.map(|place| MergeKey::document(EINVOICES, place));
        let mut keys = self.pdfs().chain(einvoices);
        let mut runs = RunsWriter::begin(files, PDFS)?;
        let firsts = (0..).step_by(PDFS_AT_ONCE);
        for (first, some) in firsts.zip(printed.digests.chunks(PDFS_AT_ONCE)) {
            let lines = (first..).zip(some);
            let lines: Vec<String> =
                lines.map(|(place, digest)| pdf_line(digest, &paths.of(place))).collect();
            let lengths: Vec<u32> = lines.iter().map(|line| length(line.len())).collect();
            runs.write(&mut keys, (lines.concat().as_bytes(), &lengths))?;
        }
        files.end_files(runs.files());
        Ok(())
    }

    fn write_tables(&self, files: &mut Staging) -> Result<(), RunError> {
        let Self { context, closed, receipts } = self;
        let settlement = &closed.settled.settlement;
        for (name, table) in closed.tables(context, receipts) {
            let written = match name {
                "payments_applied.csv" => {
                    let keys = settlement.applied.iter().map(|payment| self.turn(payment));
                    write_runs(files, name, &table, keys)
                }
                "receivables.csv" => {
                    let owed = self.debtors().into_iter();
                    let keys = owed.map(|id| MergeKey::of(DOCUMENTS).text(id));
                    write_runs(files, name, &table, keys)
                }
                "journal.csv" => {
                    let payments = closed.journal.payments.iter();
                    let keys = payments.map(|index| self.turn(&settlement.applied[*index]));
                    write_runs(files, name, &table, self.documents().chain(keys))
                }
                REFUNDS => {
                    let refunds = closed.settled.refunds.iter();
                    let keys = refunds.map(|it| MergeKey::of(DOCUMENTS).text(&it.account_id));
                    write_runs(files, name, &table, keys)
                }
                "delivery.csv" => write_runs(files, name, &table, self.pdfs()),
                _ => write_runs(files, name, &table, self.documents()),
            };
            files.end_files(written?);
        }
        Ok(())
    }

    fn write_lists(
        &self,
        exceptions: &[Exception],
        findings: &[Finding],
        files: &mut Staging,
    ) -> Result<(), RunError> {
        let keys = exceptions.iter().map(|it| {
            let key = MergeKey::of(DOCUMENTS).text(it.kind).text(&it.account_id);
            key.text(&it.subscription_id).text(&it.reference).text(&it.message)
        });
        let written = write_runs(files, "exceptions.csv", &exceptions_csv(exceptions), keys)?;
        files.end_files(written);
        let keys = findings.iter().map(|it| {
            let key = MergeKey::of(it.kind as u8);
            let currency = str::from_utf8(&it.rank.currency).unwrap_or_default();
            key.text(currency).signed(it.rank.size).number(it.rank.place).number(it.rank.within)
        });
        let table = review_csv(findings, &self.context.loaded.book.accounts);
        let written = write_runs(files, "review.csv", &table, keys)?;
        files.end_files(written);
        Ok(())
    }

    /// Lists which document is where, for state files that are in the order of documents.
    fn write_order(&self, files: &mut Staging) -> Result<(), RunError> {
        let invoices = self.closed.invoices.iter().enumerate();
        let places = &self.closed.places;
        let order: Vec<(u64, &str)> =
            invoices.clone().map(|(index, it)| (places.of(index), &*it.number)).collect();
        files.write(ORDER_FILE, &order_to_parquet(&order)?)?;
        let claims = invoices.filter_map(|(index, it)| {
            let claims = it.credits.as_ref()?.claims.len();
            (claims > 0).then(|| (places.of(index), length(claims)))
        });
        Ok(files.write(CREDIT_PLACES_FILE, &credit_places(claims))?)
    }

    fn summary(
        &self,
        sums: CloseSums,
        exceptions: &[Exception],
        review: Review,
        files: &Staging,
    ) -> Result<ShardSummary, RunError> {
        let Self { context, closed, receipts } = self;
        let accounts = &context.loaded.book.accounts;
        let over = exceptions.iter().filter_map(|exception| exception.not_credited.as_ref());
        let unused = review.unused_prices.iter();
        let figures = Figures {
            sums,
            credit: closed.credit(false)?,
            over_credits: over.map(|(amount, currency, _)| (*currency, *amount)).collect(),
            counts: closed.counts(context, exceptions.len(), review.summary.corrections),
            receipts: receipts.len() as u64,
            unused_prices: unused.map(|price| ListedFinding::of(price, accounts)).collect(),
            review: review.summary,
            exceptions: ExceptionGroup::of(exceptions),
            carried: closed.carried.clone(),
            warnings: context.loaded.warnings.iter().map(|it| it.0.clone()).collect(),
        };
        let (shard, sizes) = (context.billing.shard, closed.sizes.clone());
        Ok(ShardSummary { shard, figures, sizes, files: files.files().to_vec() })
    }
}

fn document_keys(places: &DocumentPlaces, count: usize) -> impl Iterator<Item = MergeKey> + '_ {
    (0..count).map(|index| MergeKey::document(DOCUMENTS, places.of(index)))
}

/// Writes a table as runs.
fn write_runs(
    files: &Staging,
    name: &str,
    table: &CsvTable<'_>,
    keys: impl Iterator<Item = MergeKey>,
) -> Result<Vec<FileInPieces>, PublishError> {
    let mut runs = RunsWriter::begin(files, name)?;
    runs.write_table(table, keys)?;
    Ok(runs.files())
}

fn length(count: usize) -> u32 {
    u32::try_from(count).expect("a row is shorter than 4 GB")
}
