//! Writes one table row by row, in bounded memory for any company.
//!
//! Mixed tables are mixed twice. Accounts are visited by a stride that is coprime to their number,
//! so that neighbours are far apart. Then every row is swapped with one of some thousands of
//! waiting rows.

use std::fs::File;
use std::io;

use super::around::Arrival;
use super::company::Company;
use super::faults::{Fault, FaultPlan, Spoilt};
use super::random::{Random, Stream};
use super::tables::{Rows, Table};
use crate::stop;

/// How many rows wait to be swapped.
const WAITING_ROWS: usize = 16_384;

/// How many bytes are collected before writing.
const BUFFER_BYTES: usize = 1 << 17;

/// Writes a table, and returns its number of rows and the faulty ones.
pub(crate) fn write_table(
    table: &Table,
    company: &Company,
    faults: &FaultPlan,
    file: File,
) -> io::Result<(u64, Vec<Spoilt>)> {
    let mut writer = TableWriter::new(table, company, faults, file)?;
    match table.rows {
        Rows::Fixed(rows) => {
            for row in rows() {
                writer.write(&writer.written(row))?;
            }
        }
        Rows::OfAccounts { of, in_order: true } => {
            for account in 0..company.accounts {
                for row in of(company, account) {
                    writer.write_arrival(account, row)?;
                }
            }
        }
        Rows::OfAccounts { of, in_order: false } => writer.write_mixed(of)?,
    }
    writer.finish()
}

struct TableWriter<'a> {
    table: &'a Table,
    company: &'a Company,
    faults: &'a FaultPlan,
    csv: csv::Writer<File>,
    /// The line of the next row.
    line: u64,
    rows: u64,
    spoilt: Vec<Spoilt>,
    /// Accounts whose row is already spoilt.
    done: Vec<u64>,
}

impl<'a> TableWriter<'a> {
    fn new(
        table: &'a Table,
        company: &'a Company,
        faults: &'a FaultPlan,
        file: File,
    ) -> io::Result<Self> {
        let csv = csv::WriterBuilder::new()
            .flexible(true)
            .buffer_capacity(BUFFER_BYTES)
            .from_writer(file);
        let (spoilt, done) = (Vec::new(), Vec::new());
        let mut writer = Self { table, company, faults, csv, line: 1, rows: 0, spoilt, done };
        writer.record(table.columns)?;
        Ok(writer)
    }

    /// Writes the rows of all accounts, mixed.
    fn write_mixed(&mut self, of: fn(&Company, u64) -> Vec<Arrival>) -> io::Result<()> {
        // Each table is mixed differently; the number of columns serves as its seed.
        let number = self.table.columns.len() as u64;
        let mut random = Random::of(self.company.seed, Stream::Order, number);
        let mut waiting: Vec<(u64, Arrival)> = Vec::new();
        for account in mixed(self.company.accounts, &mut random) {
            for row in of(self.company, account) {
                if waiting.len() < WAITING_ROWS {
                    waiting.push((account, row));
                    continue;
                }
                let place = random.below(WAITING_ROWS as u64);
                let place = usize::try_from(place).expect("it is below a length");
                let (owner, row) = std::mem::replace(&mut waiting[place], (account, row));
                self.write_arrival(owner, row)?;
            }
        }
        while !waiting.is_empty() {
            let place = random.below(waiting.len() as u64);
            let place = usize::try_from(place).expect("it is below a length");
            let (owner, row) = waiting.swap_remove(place);
            self.write_arrival(owner, row)?;
        }
        Ok(())
    }

    /// Writes a row if it has arrived, valid or spoilt.
    fn write_arrival(&mut self, account: u64, (at, cells): Arrival) -> io::Result<()> {
        if !self.company.knows(at) {
            return Ok(());
        }
        let cells = self.written(cells);
        match self.faults.of(self.table.name, account) {
            Some(fault)
                if fault.fits(self.table.columns, &cells) && !self.done.contains(&account) =>
            {
                self.done.push(account);
                self.write_spoilt(fault, &cells)
            }
            _ => self.write(&cells),
        }
    }

    /// A row in the requested scripts.
    fn written(&self, cells: Vec<String>) -> Vec<String> {
        cells.into_iter().map(|cell| self.company.scripts.written(cell)).collect()
    }

    fn write(&mut self, cells: &[String]) -> io::Result<()> {
        self.rows += 1;
        self.record(cells)
    }

    fn write_spoilt(&mut self, fault: &Fault, cells: &[String]) -> io::Result<()> {
        let mut line = self.line;
        for fields in fault.spoil(self.table.columns, cells) {
            line = self.line;
            self.rows += 1;
            self.record(&fields)?;
        }
        let (file, column) = (self.table.name, fault.column);
        self.spoilt.push(Spoilt { file, line, column, what: fault.what });
        Ok(())
    }

    fn record<T: AsRef<[u8]>>(&mut self, fields: &[T]) -> io::Result<()> {
        stop::check()?;
        let bytes = fields.iter().flat_map(AsRef::as_ref);
        self.line += 1 + bytes.filter(|byte| **byte == b'\n').count() as u64;
        self.csv.write_record(fields).map_err(io::Error::from)
    }

    fn finish(mut self) -> io::Result<(u64, Vec<Spoilt>)> {
        self.csv.flush()?;
        self.spoilt.sort();
        Ok((self.rows, self.spoilt))
    }
}

/// All numbers below `count`, mixed.
fn mixed(count: u64, random: &mut Random) -> impl Iterator<Item = u64> + use<> {
    // A stride near the golden section spreads neighbours evenly.
    let golden = u128::from(count) * 618 / 1000;
    let golden = u64::try_from(golden).expect("it is below the count").max(1);
    let mut strides = golden..=golden + count;
    let stride = strides.find(|stride| divisor(*stride, count) == 1);
    let stride = stride.expect("of so many numbers in a row one has no divisor in common with it");
    let first = random.below(count);
    (0..count).map(move |place| {
        let number = u128::from(place) * u128::from(stride) + u128::from(first);
        u64::try_from(number % u128::from(count)).expect("it is below the count")
    })
}

/// The greatest common divisor.
fn divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixing_loses_and_doubles_nobody() {
        for count in [1, 2, 3, 300, 1024] {
            let mut random = Random::of(7, Stream::Order, count);
            let mut numbers: Vec<u64> = mixed(count, &mut random).collect();
            assert!(count < 4 || !numbers.is_sorted(), "{count}");
            numbers.sort_unstable();
            assert!(numbers.into_iter().eq(0..count), "{count}");
        }
    }
}
