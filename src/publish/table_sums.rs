//! Adds up the tables of a close from their CSV alone, as finance will read them: the second side
//! of the proof.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::proof_error::ProofError;
use super::row_pieces::RowPieces;
use super::sum_builder::{NamedSum, SumBuilder};
#[cfg(test)]
use super::tables::Tables;
use crate::accounting::{BAD_DEBT, BANK_FEES, EXCHANGE_DIFFERENCE};
use crate::register::TotalsByCurrency;
use crate::render::csv::RECEIPT;
use crate::table::{BYTE_ORDER_MARK, Record, Records, plain_text};
use crate::value::{Amount, Currency};

/// A sum, by table and subject. Zero sums are left out.
pub(crate) type SumsByTable = BTreeMap<(&'static str, String), Amount>;

/// The way to add up a table.
struct SumPlan {
    table: &'static str,
    columns: &'static [&'static str],
    add: fn(&SummedCells<'_>, &mut SumBuilder) -> Result<(), ProofError>,
}

static PLANS: [SumPlan; 9] = [
    SumPlan { table: "invoices.csv", columns: &TOTALS, add: add_invoice },
    SumPlan {
        table: "invoice_lines.csv",
        columns: &["amount", "tax_amount", "net_amount", "kind", "tax_code"],
        add: add_line,
    },
    SumPlan {
        table: "invoice_taxes.csv",
        columns: &["tax_amount", "net_amount", "tax_code"],
        add: |row, sums| {
            sums.add(TAX, plain_text(row.text(2)?), row.amount(0)?)?;
            sums.add(TAXED_NET, "", row.amount(1)?)
        },
    },
    SumPlan {
        table: "payments_applied.csv",
        columns: &["amount", "kind", "invoice_number"],
        add: |row, sums| {
            let (amount, kind) = (row.amount(0)?, row.text(1)?);
            let is_credit = row.text(2)?.is_empty();
            match (kind, is_credit) {
                ("chargeback", true) => sums.add("", "credit_refund", amount),
                ("chargeback", false) => sums.add("", "refund", amount),
                ("bank_fee" | "exchange_difference", true) => {
                    sums.add("", OTHERWISE_TO_CREDIT, amount)?;
                    sums.add("", kind, amount)
                }
                _ => sums.add("", kind, amount),
            }
        },
    },
    SumPlan {
        table: "receivables.csv",
        columns: &["open"],
        add: |row, sums| sums.add("open", "", row.amount(0)?),
    },
    SumPlan {
        table: "journal.csv",
        columns: &["debit", "credit", "ledger_name"],
        add: |row, sums| {
            let debit = row.amount(0)?.checked_sub(row.amount(1)?).unwrap_or_default();
            sums.add("all", "", debit)?;
            sums.add("", row.text(2)?.split(':').next().unwrap_or_default(), debit)
        },
    },
    SumPlan {
        table: "revenue_schedule.csv",
        columns: &["amount"],
        add: |row, sums| sums.add(NET, "", row.amount(0)?),
    },
    SumPlan {
        table: REFUNDS,
        columns: &["amount"],
        add: |row, sums| sums.add("amount", "", row.amount(0)?),
    },
    SumPlan {
        table: "delivery.csv",
        columns: &["amount_due", "kind"],
        add: |row, sums| {
            // A receipt repeats the amount of its invoice.
            let is_receipt = row.text(1)? == RECEIPT;
            sums.add("amount_due", "", if is_receipt { Amount::ZERO } else { row.amount(0)? })
        },
    },
];

/// The table of credit to be paid back.
const REFUNDS: &str = "refunds.csv";

/// No table has more summed columns.
const MOST_COLUMNS: usize = 7;

const TOTALS: [&str; MOST_COLUMNS] =
    ["subtotal", "discount", "tax", "tax_included", "total", "credit_applied", "amount_due"];

fn add_invoice(row: &SummedCells<'_>, sums: &mut SumBuilder) -> Result<(), ProofError> {
    for (place, column) in TOTALS.into_iter().enumerate() {
        sums.add(column, "", row.amount(place)?)?;
    }
    let granted = row.amount(4)?.min(Amount::ZERO).checked_neg().unwrap_or_default();
    sums.add("credit_granted", "", granted)
}

fn add_line(row: &SummedCells<'_>, sums: &mut SumBuilder) -> Result<(), ProofError> {
    sums.add(LINES, row.text(3)?, row.amount(0)?)?;
    sums.add("tax", "", row.amount(1)?)?;
    let net = row.amount(2)?;
    sums.add(NET, "", net)?;
    sums.add(TAXED_NET, "", if row.text(4)?.is_empty() { Amount::ZERO } else { net })
}

/// The sums of the tables of a published close. Only a piece of each table is in memory.
///
/// # Errors
/// What `unread` makes of a table that cannot be read, and a table whose cells are not amounts.
pub(crate) fn sums_of_close<E: From<ProofError> + Send>(
    close: &Path,
    unread: impl Fn(PathBuf, io::Error) -> E + Sync,
) -> Result<TableSums, E> {
    let of_tables = PLANS.par_iter().map(|SumPlan { table, .. }| {
        let path = close.join(table);
        let unread = |error| unread(path.clone(), error);
        let file = match File::open(&path) {
            // Only companies that ask for it have this table.
            Err(error) if *table == REFUNDS && error.kind() == io::ErrorKind::NotFound => {
                return Ok(None);
            }
            file => file.map_err(unread)?,
        };
        sums_of(table, file, unread)
    });
    let mut found = TableSums::default();
    for sums in of_tables.collect::<Result<Vec<_>, E>>()?.into_iter().flatten() {
        found.add(sums)?;
    }
    Ok(found)
}

/// The sums of tables in memory.
///
/// # Errors
/// A table whose cells are not amounts.
#[cfg(test)]
pub(crate) fn sums_of_tables(tables: &Tables) -> Result<TableSums, ProofError> {
    let mut found = TableSums::default();
    for SumPlan { table, .. } in &PLANS {
        let sums = sums_of(table, tables.get(table), |_| unreachable!("memory can be read"))?;
        sums.into_iter().try_for_each(|sums| found.add(sums))?;
    }
    Ok(found)
}

/// Adds up a table, a piece at a time.
fn sums_of<E: From<ProofError>>(
    table: &str,
    from: impl Read,
    unread: impl Fn(io::Error) -> E,
) -> Result<Option<TablePieceSums>, E> {
    let mut pieces = RowPieces::new(from);
    let (mut columns, mut found): (Option<SummedColumns>, Option<TablePieceSums>) = (None, None);
    while let Some((line, piece)) = pieces.next().map_err(&unread)? {
        let header = memchr::memchr(b'\n', piece).map_or(piece.len(), |end| end + 1);
        let is_first = line == 1;
        if is_first {
            columns = SummedColumns::read(table, &piece[..header])?;
        }
        let Some(columns) = &columns else { break };
        let (first, rows) = if is_first { (2, &piece[header..]) } else { (line, piece) };
        let sums = columns.add_up_from(rows, first)?;
        match &mut found {
            Some(found) => found.sums.add_all(sums.sums)?,
            None => found = Some(sums),
        }
    }
    Ok(found)
}

/// The sums of several tables or pieces of tables.
#[derive(Debug, Default)]
pub(crate) struct TableSums {
    /// The sums of each table.
    tables: Vec<TablePieceSums>,
}

impl TableSums {
    /// Adds the sums of a piece.
    ///
    /// # Errors
    /// Sums that overflow.
    pub(crate) fn add(&mut self, piece: TablePieceSums) -> Result<(), ProofError> {
        let Some(table) = self.tables.iter_mut().find(|it| it.table == piece.table) else {
            self.tables.push(piece);
            return Ok(());
        };
        table.sums.add_all(piece.sums)
    }

    /// The sums in a currency.
    ///
    /// # Errors
    /// Sums that overflow.
    pub(crate) fn sums(&self, currency: Currency) -> Result<SumsByTable, ProofError> {
        let mut found = SumsByTable::new();
        for TablePieceSums { table, sums } in &self.tables {
            for NamedSum { of, name, amount } in sums.in_currency(currency) {
                let sum = found.entry((table, format!("{of}{name}"))).or_default();
                *sum = sum.checked_add(*amount).ok_or(ProofError::TooLarge(currency))?;
            }
        }
        Ok(found)
    }
}

/// The sums of a piece of a table.
#[derive(Debug)]
pub(crate) struct TablePieceSums {
    table: &'static str,
    sums: SumBuilder,
}

/// The positions of a table's summed columns.
pub(crate) struct SummedColumns {
    plan: &'static SumPlan,
    currency: usize,
    places: Vec<usize>,
    width: usize,
}

impl SummedColumns {
    /// Finds the columns in the header; `None` for a table without sums.
    ///
    /// # Errors
    /// A missing column.
    pub(crate) fn read(table: &str, header: &[u8]) -> Result<Option<Self>, ProofError> {
        let Some(plan) = PLANS.iter().find(|plan| plan.table == table) else { return Ok(None) };
        let mut record = Record::default();
        let header = header.strip_prefix(BYTE_ORDER_MARK).unwrap_or(header);
        Records::new(header, 0, 1).read(&mut record);
        let names: Vec<&[u8]> = (0..record.len()).filter_map(|place| record.get(place)).collect();
        let place = |name: &str| {
            let place = names.iter().position(|it| *it == name.as_bytes());
            place.ok_or_else(|| unreadable(plan.table, name, b"missing"))
        };
        let places = plan.columns.iter().map(|column| place(column)).collect::<Result<_, _>>()?;
        Ok(Some(Self { plan, currency: place("currency")?, places, width: names.len() }))
    }

    /// Adds up whole rows.
    ///
    /// # Errors
    /// A row whose cells are not amounts, or sums that overflow.
    pub(crate) fn add_up(&self, rows: &[u8]) -> Result<TablePieceSums, ProofError> {
        self.add_up_from(rows, 2)
    }

    fn add_up_from(&self, rows: &[u8], line: u64) -> Result<TablePieceSums, ProofError> {
        let SumPlan { table, columns, add } = self.plan;
        let mut sums = SumBuilder::default();
        let (mut records, mut record) = (Records::new(rows, 0, line), Record::default());
        while records.read(&mut record) {
            if record.len() != self.width || record.is_unclosed {
                let what = format!("line {} is no row of the table", record.line);
                return Err(unreadable(table, "record", what.as_bytes()));
            }
            let cell = |place: usize| record.get(place).unwrap_or_default();
            let code = cell(self.currency);
            let currency = str::from_utf8(code).ok().and_then(Currency::from_code);
            let currency = currency.ok_or_else(|| unreadable(table, "currency", code))?;
            let mut found: [&[u8]; MOST_COLUMNS] = Default::default();
            for (bytes, place) in found.iter_mut().zip(&self.places) {
                *bytes = cell(*place);
            }
            sums.turn_to(currency);
            add(&SummedCells { table, columns, found, currency }, &mut sums)?;
        }
        Ok(TablePieceSums { table, sums })
    }
}

/// The subject of a line sum, before the kind of line or the tax code.
const LINES: &str = "lines ";
const TAX: &str = "tax ";
const OTHERWISE_TO_CREDIT: &str = "otherwise to credit";

/// A sum that two tables must agree on, independently of the totals.
const NET: &str = "amount without tax";
const TAXED_NET: &str = "taxed amount without tax";

/// The cells of a row in the wanted columns.
struct SummedCells<'a> {
    table: &'static str,
    columns: &'a [&'a str],
    found: [&'a [u8]; MOST_COLUMNS],
    currency: Currency,
}

impl SummedCells<'_> {
    fn text(&self, place: usize) -> Result<&str, ProofError> {
        let cell = self.found[place];
        str::from_utf8(cell).map_err(|_| unreadable(self.table, self.columns[place], cell))
    }

    /// An empty cell counts as zero.
    fn amount(&self, place: usize) -> Result<Amount, ProofError> {
        let cell = self.found[place];
        if cell.is_empty() {
            return Ok(Amount::ZERO);
        }
        Amount::parse_bytes(cell, self.currency)
            .map_err(|_| unreadable(self.table, self.columns[place], cell))
    }
}

fn unreadable(table: &'static str, what: &str, found: &[u8]) -> ProofError {
    ProofError::File {
        file: table,
        what: what.to_owned(),
        found: String::from_utf8_lossy(found).into_owned(),
        expected: "an amount".to_owned(),
    }
}

/// The sums that the tables must have for some totals. `opening` is set for an opened register,
/// whose credit was brought in. `None` if the totals are not amounts.
pub(crate) fn expected(
    totals: &TotalsByCurrency,
    currency: Currency,
    opening: bool,
) -> Option<SumsByTable> {
    let amount = |text: &String| Amount::parse(text, currency).ok();
    let mut sums = SumsByTable::new();
    let mut add = |table: &'static str, what: &str, amount: Amount| {
        sums.insert((table, what.to_owned()), amount);
    };
    let (tax, payments) = (amount(&totals.tax)?, &totals.payments);
    for (what, text) in [
        ("subtotal", &totals.subtotal),
        ("discount", &totals.discount),
        ("tax", &totals.tax),
        ("tax_included", &totals.tax_included),
        ("total", &totals.total),
        ("credit_applied", &totals.credit_applied),
        ("credit_granted", &totals.credit_granted),
        ("amount_due", &totals.amount_due),
    ] {
        add("invoices.csv", what, amount(text)?);
    }
    for (kind, text) in &totals.lines {
        add("invoice_lines.csv", &format!("{LINES}{kind}"), amount(text)?);
    }
    add("invoice_lines.csv", "tax", tax);
    for (code, text) in &totals.taxes {
        add("invoice_taxes.csv", &format!("{TAX}{code}"), amount(text)?);
    }
    for (kind, text, sign) in [
        ("payment", &payments.paid, 1),
        ("credit", &payments.overpaid, 1),
        ("refund", &payments.taken_back, -1),
        ("credit_refund", &payments.refunded, -1),
    ] {
        add("payments_applied.csv", kind, Amount::from_minor(amount(text)?.minor() * sign));
    }
    let unless_empty =
        |text: &String| if text.is_empty() { Some(Amount::ZERO) } else { amount(text) };
    for (kind, ledger, text) in [
        ("write_off", BAD_DEBT, &payments.written_off),
        ("bank_fee", BANK_FEES, &payments.bank_fees),
        ("exchange_difference", EXCHANGE_DIFFERENCE, &payments.exchange_difference),
    ] {
        add("payments_applied.csv", kind, unless_empty(text)?);
        add("journal.csv", ledger, unless_empty(text)?);
    }
    add(REFUNDS, "amount", unless_empty(&payments.refundable)?);
    let to_credit = unless_empty(&payments.otherwise_to_credit)?;
    add("payments_applied.csv", OTHERWISE_TO_CREDIT, to_credit);
    let cash = amount(&payments.received)?.checked_sub(amount(&payments.returned)?)?;
    add("journal.csv", "Cash", cash);
    add("delivery.csv", "amount_due", amount(&totals.amount_due)?);
    let open = amount(&payments.closing_receivable)?;
    add("receivables.csv", "open", open);
    let owed_more = open.checked_sub(amount(&payments.opening_receivable)?)?;
    add("journal.csv", "Accounts receivable", owed_more);
    let brought = if opening { Amount::ZERO } else { amount(&totals.opening_credit)? };
    add("journal.csv", "Customer credit", brought.checked_sub(amount(&totals.closing_credit)?)?);
    add("journal.csv", "Tax payable", tax.checked_neg()?);
    add("journal.csv", "all", Amount::ZERO);
    Some(sums)
}

/// The first sum that differs from its expected value: table, subject, found and expected.
pub(crate) fn difference(
    expected: &SumsByTable,
    found: &SumsByTable,
) -> Option<(&'static str, String, Amount, Amount)> {
    let of = |sums: &SumsByTable, key: &(&'static str, String)| {
        sums.get(key).copied().unwrap_or_default()
    };
    // Postings to accounts without a total need no check here, because entries balance.
    let is_proved = |(table, what): &(&'static str, String)| {
        let is_total = *table != "journal.csv" && what != NET && what != TAXED_NET;
        is_total || expected.contains_key(&(*table, what.clone()))
    };
    let keys = expected.keys().chain(found.keys()).filter(|key| is_proved(key));
    let totals = keys.map(|key| (key.clone(), of(found, key), of(expected, key)));
    let pairs = [("revenue_schedule.csv", NET), ("invoice_taxes.csv", TAXED_NET)];
    let agreed = pairs.into_iter().map(|(table, what)| {
        let (key, lines) = ((table, what.to_owned()), ("invoice_lines.csv", what.to_owned()));
        let (sum, expected) = (of(found, &key), of(found, &lines));
        (key, sum, expected)
    });
    totals
        .chain(agreed)
        .find(|(_, found, expected)| found != expected)
        .map(|((table, what), found, expected)| (table, what, found, expected))
}
