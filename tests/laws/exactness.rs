//! Laws 1 and 2: every line is the exact share of its price, rounded once, half away from zero;
//! lines sum to subtotals, totals less credit to amounts due, and the files agree.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::around::{discounted, taxed, taxed_severally};
use super::company::{END, any, bill_whole, credit, settled};
use crate::accounting::{Chart, Closing, defer, journal};
use crate::config::LedgerSettings;
use crate::model::{BillingInput, Deferred, Excess, Invoice, Line};
use crate::payments::{Credit, Settlement, payment_sums};
use crate::publish::{CreditBalances, Proof, ProofError, Tables, add_up, prove, sums_of_tables};
use crate::render::csv::{
    Delivery, delivery_csv, invoices_csv, journal_csv, lines_csv, payments_applied_csv,
    receivables_csv, schedule_csv, taxes_csv,
};
use crate::value::{Amount, Rounding, Zone};

proptest! {
    #![proptest_config(super::cases())]

    #[test]
    fn every_line_is_its_exact_share_rounded_once(
        book in prop_oneof![any(), discounted(any().boxed(), Excess::Drop)],
    ) {
        for line in bill_whole(&book, END).drafts.iter().flat_map(|draft| &draft.lines) {
            prop_assert!(is_rounded_half_up(line), "{line:?}");
            prop_assert!(line.share.numerator >= 0 && line.share.denominator > 0, "{line:?}");
            prop_assert!(line.service_start < line.service_end, "{line:?}");
        }
    }

    #[test]
    fn every_line_is_its_exact_share_rounded_as_its_price_says(
        book in discounted(any().boxed(), Excess::Drop),
        is_up in proptest::bool::ANY,
    ) {
        let mut book = book;
        let rounding = if is_up { Rounding::Up } else { Rounding::Down };
        book.prices.iter_mut().for_each(|price| price.proration.rounding = rounding);
        for line in bill_whole(&book, END).drafts.iter().flat_map(|draft| &draft.lines) {
            prop_assert!(is_rounded_to(line, is_up), "{rounding:?} {line:?}");
        }
    }

    #[test]
    fn documents_and_files_add_up(book in anything()) {
        let (invoices, settlement) = settled(&book, bill_whole(&book, END).drafts, Credit::new());
        let proof = proof(&invoices, &tables(&book, &invoices, &settlement), &settlement);
        prop_assert!(proof.is_ok(), "{proof:?}");
    }

    #[test]
    fn a_cent_that_is_off_is_found(book in any(), cents in 1_i64..100) {
        let (invoices, settlement) = settled(&book, bill_whole(&book, END).drafts, Credit::new());
        prop_assume!(!invoices.is_empty());
        let mut wrong = invoices.clone();
        let subtotal = &mut wrong[0].totals.subtotal;
        *subtotal = subtotal.checked_add(Amount::from_minor(cents)).expect("fits");
        let proof = proof(&wrong, &tables(&book, &invoices, &settlement), &settlement);
        let found = matches!(proof, Err(ProofError::Document { .. }));
        prop_assert!(found, "{proof:?}");
    }

    #[test]
    fn a_cent_that_is_off_in_any_table_is_found(
        book in anything(),
        place in 0_usize..AMOUNTS.len(),
        row in 0_usize..1000,
    ) {
        let (invoices, settlement) = settled(&book, bill_whole(&book, END).drafts, Credit::new());
        let (table, column) = AMOUNTS[place];
        let sound = tables(&book, &invoices, &settlement);
        let Some(spoilt) = spoil(sound.get(table), column, row) else { return Ok(()) };
        let replaced = sound.iter().map(|(name, bytes)| {
            (name, if name == table { spoilt.clone() } else { bytes.to_vec() })
        });
        let proof = proof(&invoices, &Tables::new(replaced.collect()), &settlement);
        let found = matches!(&proof, Err(ProofError::File { file, .. }) if *file == table);
        prop_assert!(found, "{table} {column}: {proof:?}");
    }
}

/// Columns that are proved.
const AMOUNTS: [(&str, &str); 15] = [
    ("invoices.csv", "subtotal"),
    ("invoices.csv", "discount"),
    ("invoices.csv", "tax"),
    ("invoices.csv", "tax_included"),
    ("invoices.csv", "total"),
    ("invoices.csv", "credit_applied"),
    ("invoices.csv", "amount_due"),
    ("invoice_lines.csv", "amount"),
    ("invoice_lines.csv", "tax_amount"),
    ("invoice_taxes.csv", "tax_amount"),
    ("invoice_taxes.csv", "net_amount"),
    ("revenue_schedule.csv", "amount"),
    ("receivables.csv", "open"),
    ("journal.csv", "debit"),
    ("delivery.csv", "amount_due"),
];

/// The table with a cent more in one of its rows; `None` if the column has no amounts.
fn spoil(table: &[u8], column: &str, row: usize) -> Option<Vec<u8>> {
    let mut reader = csv::Reader::from_reader(table);
    let header = reader.headers().expect("a header").clone();
    let place = header.iter().position(|name| name == column).expect("the column");
    let mut rows: Vec<csv::StringRecord> =
        reader.records().map(|row| row.expect("a row")).collect();
    let filled: Vec<usize> = (0..rows.len()).filter(|row| !rows[*row][place].is_empty()).collect();
    let chosen = *filled.get(row % filled.len().max(1))?;
    let cells = rows[chosen].iter().enumerate().map(|(index, cell)| {
        let cent: rust_decimal::Decimal = "0.01".parse().expect("a decimal");
        let amount = (index == place).then(|| cell.parse::<rust_decimal::Decimal>().expect("one"));
        amount.map_or_else(|| cell.to_owned(), |amount| (amount + cent).to_string())
    });
    rows[chosen] = cells.collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).expect("memory");
    for row in &rows {
        writer.write_record(row).expect("memory");
    }
    Some(writer.into_inner().expect("memory"))
}

fn tables(book: &BillingInput, invoices: &[Invoice], settlement: &Settlement) -> Tables {
    let accounts = &book.accounts;
    let owed = (&settlement.balances.receivables[..], &settlement.debtors[..]);
    let date = Zone::UTC.date(END);
    let closing = Closing { name: "close", date, previous: None };
    let (documents, ledger) = ((invoices, &accounts[..]), LedgerSettings::default());
    let chart = || Chart::new(&ledger);
    let mut deferred = Deferred::default();
    defer(&mut deferred, invoices, accounts).expect("it fits");
    let books = journal(documents, &[], deferred, &chart(), Some(closing));
    let others = books.expect("it balances").entries;
    let delivery = |place: usize| Delivery {
        invoice: &invoices[place],
        received: None,
        open: invoices[place].totals.amount_due,
        pdf: String::new(),
        einvoice: String::new(),
        format: None,
    };
    let sheets = [
        ("invoices.csv", invoices_csv(invoices, accounts, |_, _| String::new())),
        ("invoice_lines.csv", lines_csv(invoices, accounts)),
        ("invoice_taxes.csv", taxes_csv(invoices)),
        ("payments_applied.csv", payments_applied_csv(&[], accounts)),
        ("receivables.csv", receivables_csv(owed, accounts, date)),
        ("journal.csv", journal_csv(documents, chart(), &others)),
        ("revenue_schedule.csv", schedule_csv(invoices, accounts)),
        ("delivery.csv", delivery_csv(invoices, delivery, accounts, "Seller")),
    ];
    Tables::new(sheets.into_iter().map(|(name, sheet)| (name, sheet.bytes())).collect())
}

/// Proves documents against the tables of what was published.
fn proof(
    invoices: &[Invoice],
    tables: &Tables,
    settlement: &Settlement,
) -> Result<Proof, ProofError> {
    let receivables = &settlement.balances.receivables;
    let sums = payment_sums(&BTreeMap::new(), &[], receivables).expect("fits");
    let credit = CreditBalances { closing: credit(settlement), ..CreditBalances::default() };
    let proof = add_up(invoices, &credit, &sums)?;
    prove(&proof, &sums_of_tables(tables)?, &credit)?;
    Ok(proof)
}

/// With and without discounts and taxes.
fn anything() -> impl Strategy<Value = BillingInput> {
    let discounted = || discounted(any().boxed(), Excess::Credit).boxed();
    prop_oneof![any(), taxed(discounted()), taxed_severally(discounted())]
}

/// Whether the amount is the exact ratio, or less than a unit away from it: further from zero or
/// nearer to it.
fn is_rounded_to(line: &Line, is_up: bool) -> bool {
    let (distance, exact, whole) = distance(line);
    let is_further = distance.signum() * exact.signum() > 0;
    distance == 0 || (distance.abs() < whole && is_further == is_up)
}

/// How far the amount is from the exact ratio, the ratio, and the unit of both: without dividing, so
/// without a rounding of the test's own.
fn distance(line: &Line) -> (i128, i128, i128) {
    let scale = 10_i128.pow(line.quote.amount.scale());
    let minor_units = 10_i128.pow(line.currency.digits());
    let whole = scale * i128::from(line.share.denominator);
    let exact = line.quote.amount.mantissa() * i128::from(line.share.numerator) * minor_units;
    (i128::from(line.amount.minor()) * whole - exact, exact, whole)
}

fn is_rounded_half_up(line: &Line) -> bool {
    let (distance, exact, whole) = distance(line);
    let distance = 2 * distance;
    let away_from_zero = distance.signum() * exact.signum() > 0;
    distance.abs() < whole || (distance.abs() == whole && away_from_zero)
}
