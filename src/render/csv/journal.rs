//! `journal.csv`: one row per posting, with debit or credit filled; the rows of an entry balance.

use crate::accounting::{Chart, JournalEntry, Posting, PostingBuffer, document_entry};
use crate::model::{Account, Invoice};
use crate::table::{CsvTable, CsvWriter};
use crate::value::{Amount, Currency};

pub(crate) const COLUMNS: [&str; 12] = [
    "entry",
    "date",
    "document",
    "account_id",
    "ledger_account",
    "ledger_name",
    "debit",
    "credit",
    "currency",
    "product",
    "tax_code",
    "memo",
];

/// The table: the entries of invoices, created while they are written, and the other entries.
pub(crate) fn journal_csv<'a>(
    (invoices, accounts): (&'a [Invoice], &'a [Account]),
    chart: Chart<'a>,
    others: &'a [JournalEntry<'a>],
) -> CsvTable<'a> {
    let documents =
        CsvTable::in_pieces(&COLUMNS, invoices, move |_, invoices: &[Invoice], rows| {
            let mut room = PostingBuffer::default();
            for invoice in invoices {
                let entry =
                    document_entry(&mut room, invoice, invoice.account_of(accounts), &chart)
                        .expect("the journal was made of entries that fit and balance");
                entry_rows(&entry, rows);
                room.take_back(entry);
            }
        });
    documents.followed_by(CsvTable::new(&COLUMNS, others, entry_rows))
}

fn entry_rows(entry: &JournalEntry<'_>, rows: &mut CsvWriter) {
    let (mut document, mut of_document, mut memo) = (None, None, None);
    for posting in &entry.postings {
        if document != posting.document.as_deref() {
            document = posting.document.as_deref();
            of_document = None;
        }
        rows.same(&mut of_document, |rows| {
            rows.text(&entry.id);
            rows.date(entry.date);
            rows.optional(document);
            rows.optional(entry.account_id.as_deref());
        });
        posting_cells(posting, entry.currency, rows);
        rows.same(&mut memo, |rows| rows.text(&entry.memo));
        rows.end();
    }
}

fn posting_cells(posting: &Posting<'_>, currency: Currency, rows: &mut CsvWriter) {
    let side = |amount: Option<Amount>, rows: &mut CsvWriter| match amount {
        Some(amount) => rows.money(amount, currency),
        None => rows.word(""),
    };
    rows.text(&posting.account.number);
    rows.text(&posting.account.name);
    side(posting.debit(), rows);
    side(posting.credit(), rows);
    rows.word(currency.code());
    rows.optional(posting.product.as_deref());
    rows.optional(posting.tax_code.as_deref());
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::accounting::LedgerAccount;
    use crate::config::LedgerSettings;

    #[test]
    fn a_posting_fills_one_side_and_no_cell_is_a_formula() {
        let posting = |number: &str, name: &str, minor: i64| Posting::<'static> {
            account: Cow::Owned(LedgerAccount { number: number.into(), name: name.into() }),
            amount: Amount::from_minor(minor),
            document: None,
            product: Some("=Seats".into()),
            tax_code: None,
        };
        let entry = JournalEntry {
            id: "REV-2020-06-KWD".into(),
            date: "2020-06-30".parse().expect("a date"),
            account_id: None,
            currency: Currency::from_code("KWD").expect("a currency"),
            memo: "Revenue, earned".to_owned(),
            postings: vec![posting("-2400", "Deferred", 5), posting("4000", "Revenue: =Seats", -5)],
        };
        let ledger = LedgerSettings::default();
        let file =
            String::from_utf8(journal_csv((&[], &[]), Chart::new(&ledger), &[entry]).bytes())
                .expect("UTF-8");
        let rows: Vec<&str> = file.lines().skip(1).collect();
        assert_eq!(
            rows,
            [
                "REV-2020-06-KWD,2020-06-30,,,'-2400,Deferred,0.005,,KWD,'=Seats,,\"Revenue, earned\"",
                "REV-2020-06-KWD,2020-06-30,,,4000,Revenue: =Seats,,0.005,KWD,'=Seats,,\"Revenue, earned\"",
            ]
        );
    }
}
