//! `journal.csv`: one row a posting, debit or credit filled; the rows of an entry balance.

use std::borrow::Cow;

use super::{table, text_cell};
use crate::accounting::{Entry, Posting};
use crate::value::Amount;

/// Its columns.
pub const COLUMNS: [&str; 12] = [
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

/// The bytes of the file.
pub fn journal_csv(entries: &[Entry]) -> Vec<u8> {
    let rows = entries
        .iter()
        .flat_map(|entry| entry.postings.iter().map(move |posting| row(entry, posting)));
    table(COLUMNS, rows)
}

fn row<'a>(entry: &'a Entry, posting: &'a Posting) -> [Cow<'a, str>; 12] {
    let side = |amount: Option<Amount>| {
        amount.map_or(Cow::Borrowed(""), |it| Cow::Owned(it.to_decimal_string(entry.currency)))
    };
    [
        text_cell(&entry.id),
        Cow::Owned(entry.date.to_string()),
        posting.document.as_deref().map_or(Cow::Borrowed(""), text_cell),
        entry.account_id.as_deref().map_or(Cow::Borrowed(""), text_cell),
        text_cell(&posting.account.number),
        text_cell(&posting.account.name),
        side(posting.debit()),
        side(posting.credit()),
        Cow::Borrowed(entry.currency.code()),
        posting.product.as_deref().map_or(Cow::Borrowed(""), text_cell),
        posting.tax_code.as_deref().map_or(Cow::Borrowed(""), text_cell),
        text_cell(&entry.memo),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounting::LedgerAccount;
    use crate::value::Currency;

    #[test]
    fn a_posting_fills_one_side_and_no_cell_is_a_formula() {
        let posting = |number: &str, name: &str, minor: i64| Posting {
            account: LedgerAccount { number: number.into(), name: name.into() },
            amount: Amount::from_minor(minor),
            document: None,
            product: Some("=Seats".into()),
            tax_code: None,
        };
        let entry = Entry {
            id: "REV-2020-06-KWD".into(),
            date: "2020-06-30".parse().expect("a date"),
            account_id: None,
            currency: Currency::from_code("KWD").expect("a currency"),
            memo: "Revenue, earned".to_owned(),
            postings: vec![posting("-2400", "Deferred", 5), posting("4000", "Revenue: =Seats", -5)],
        };
        let file = String::from_utf8(journal_csv(&[entry])).expect("UTF-8");
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
