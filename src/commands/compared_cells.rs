//! Cuts published tables to the columns that verify --deep compares.

/// The rows of a table, header first, in those of its first columns that are compared. Later versions
/// append columns.
pub(super) fn compared_cells(
    table: &[u8],
    columns: usize,
    is_compared: impl Fn(&str) -> bool,
) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table);
    let records: Vec<csv::StringRecord> = reader.records().flatten().collect();
    let header = records.first().into_iter().flatten().take(columns);
    let kept: Vec<bool> = header.map(is_compared).collect();
    let cells = |record: &csv::StringRecord| {
        let cells = record.iter().zip(&kept).filter(|(_, is_kept)| **is_kept);
        cells.map(|(cell, _)| cell.to_owned()).collect()
    };
    records.iter().map(cells).collect()
}
