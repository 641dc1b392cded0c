//! Merges the tables of the shards into those of the close.

use std::cell::Cell;

use rayon::prelude::*;

use super::output::OTHERS;
use super::summary::WholeSummary;
use crate::config::Packing;
use crate::merge::{MergeKey, ShardFolder, merge_runs};
use crate::pipeline::{CloseContext, ComputedClose, RunError, receipt_path};
use crate::publish::{FileInPieces, Staging, SummedColumns, TablePieceSums, TableSums};
use crate::table::{CsvTable, CsvWriter};

/// How many bytes of a table are added up and written at once.
const BYTES_AT_ONCE: usize = 1 << 20;

/// The column of the PDF in the table of PDFs to send.
const PDF_COLUMN: usize = 7;

/// The sums of the tables, and their files by name.
type MergedTables = (TableSums, Vec<(&'static str, FileInPieces)>);

/// Merges the tables of finance, and returns their sums. `rest` has the entries of the journal that
/// belong to no shard.
pub(super) fn merge_tables(
    context: &CloseContext,
    whole: &WholeSummary,
    rest: &ComputedClose,
    files: &Staging,
) -> Result<MergedTables, RunError> {
    let folders = whole.folders();
    let packing = context.settings.look.packing;
    let receipts = ReceiptFolders { packing, count: whole.figures.receipts };
    let tables = rest.tables(context, &[]);
    let merged: Vec<_> = tables
        .into_par_iter()
        .map(|(name, table)| {
            let folders = (&folders[..], receipts);
            Ok((name, merge_table(name, &table, folders, files)?))
        })
        .collect::<Vec<Result<_, RunError>>>();
    let (mut found, mut written) = (TableSums::default(), Vec::new());
    for table in merged {
        let (name, (sums, file)) = table?;
        for sums in sums {
            found.add(sums)?;
        }
        written.push((name, file));
    }
    Ok((found, written))
}

type MergedTable = (Vec<TablePieceSums>, FileInPieces);

fn merge_table(
    name: &'static str,
    rest: &CsvTable<'_>,
    (folders, receipts): (&[ShardFolder<'_>], ReceiptFolders),
    files: &Staging,
) -> Result<MergedTable, RunError> {
    let mut table = TableInPieces::begin(name, &rest.header(), files)?;
    let (is_delivery, next) = (name == "delivery.csv", Cell::new(0));
    merge_runs(folders, name, |_, key, rows| {
        if is_delivery && key.section() == OTHERS && receipts.are_used() {
            let place = next.replace(next.get() + 1);
            table.add(&receipts.with_folder(rows, place))
        } else {
            table.add(rows)
        }
    })?;
    for piece in 0..rest.pieces() {
        table.rows.extend(rest.piece(piece));
        table.write()?;
    }
    table.write()?;
    Ok((table.found, table.file))
}

/// Merges a table without sums into memory-sized pieces.
pub(super) fn merge_list(
    name: &'static str,
    header: &[u8],
    last: &[u8],
    whole: &WholeSummary,
    files: &Staging,
) -> Result<FileInPieces, RunError> {
    let mut table = TableInPieces::begin(name, header, files)?;
    merge_runs(&whole.folders(), name, |_, _, rows| table.add(rows))?;
    table.add(last)?;
    table.write()?;
    Ok(table.file)
}

/// A table in the making.
struct TableInPieces {
    columns: Option<SummedColumns>,
    file: FileInPieces,
    /// Whole rows that are not written yet.
    rows: Vec<u8>,
    found: Vec<TablePieceSums>,
}

impl TableInPieces {
    fn begin(name: &'static str, header: &[u8], files: &Staging) -> Result<Self, RunError> {
        let columns = SummedColumns::read(name, header)?;
        let mut file = files.begin_file(name)?;
        file.write(header)?;
        Ok(Self { columns, file, rows: Vec::new(), found: Vec::new() })
    }

    /// Adds whole rows, and writes when there are many.
    fn add(&mut self, rows: &[u8]) -> Result<(), RunError> {
        self.rows.extend_from_slice(rows);
        if self.rows.len() < BYTES_AT_ONCE { Ok(()) } else { self.write() }
    }

    /// Writes the rows, and adds up what was written.
    fn write(&mut self) -> Result<(), RunError> {
        self.file.write(&self.rows)?;
        if let Some(columns) = &self.columns {
            self.found.push(columns.add_up(&self.rows)?);
        }
        self.rows.clear();
        Ok(())
    }
}

/// The folders of receipts. They follow from the number of all receipts, which no shard knows.
#[derive(Clone, Copy)]
pub(super) struct ReceiptFolders {
    pub(super) packing: Packing,
    pub(super) count: u64,
}

impl ReceiptFolders {
    fn are_used(self) -> bool {
        receipt_path(self.packing, self.count, 0, "") != receipt_path(self.packing, 0, 0, "")
    }

    /// The path of a PDF in the close, by its path in the shard. `next` counts the receipts.
    pub(super) fn path(self, key: &MergeKey, path: &str, next: &Cell<u64>) -> String {
        if key.section() != OTHERS || !self.are_used() {
            return path.to_owned();
        }
        self.receipt(path, next.replace(next.get() + 1))
    }

    fn receipt(self, path: &str, place: u64) -> String {
        let name = path.rsplit('/').next().unwrap_or_default();
        receipt_path(self.packing, self.count, place, name.trim_end_matches(".pdf"))
    }

    /// A row of the table of PDFs to send, with the path of its receipt.
    fn with_folder(self, row: &[u8], place: u64) -> Vec<u8> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(row);
        let mut rows = CsvWriter::default();
        for record in reader.records().map_while(Result::ok) {
            for (column, cell) in record.iter().enumerate() {
                if column == PDF_COLUMN {
                    rows.cell(&self.receipt(cell, place));
                } else {
                    rows.cell(cell);
                }
            }
            rows.end();
        }
        rows.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receipts_get_the_folders_of_the_whole_close() {
        let few = ReceiptFolders { packing: Packing::Files, count: 5000 };
        let many = ReceiptFolders { packing: Packing::Files, count: 5001 };
        let packed = ReceiptFolders { packing: Packing::Zip, count: 5001 };
        let (receipt, invoice) = (MergeKey::of(OTHERS), MergeKey::document(0, 7));
        let next = Cell::new(1999);
        for folders in [few, packed] {
            assert_eq!(folders.path(&receipt, "receipts/A-1.pdf", &next), "receipts/A-1.pdf");
        }
        assert_eq!(many.path(&invoice, "pdf/0000/A-1.pdf", &next), "pdf/0000/A-1.pdf");
        assert_eq!(many.path(&receipt, "receipts/A-1.pdf", &next), "receipts/0001/A-1.pdf");
        assert_eq!(many.path(&receipt, "receipts/A-2.pdf", &next), "receipts/0002/A-2.pdf");
        let row = b"A-1,receipt,acc,\"Smith, receipts/ & \"\"Co\"\"\",a@b.example,en,Receipt A-1,\
            receipts/A-1.pdf,EUR,1.00,0.00,paid,\n";
        let with_folder = many.with_folder(row, 2000);
        let text = String::from_utf8(with_folder).expect("text");
        let expected = str::from_utf8(row).expect("text");
        assert_eq!(text, expected.replace("receipts/A-1", "receipts/0002/A-1"));
    }
}
