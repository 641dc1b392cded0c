//! What is billed is what the books say: entries balance, customers owe the amounts due and have the
//! credit that is left, and revenue is, in the end, every line without its tax.

use proptest::prelude::*;

use super::company::{END, any, bill_whole, credit, settings, settled};
use crate::accounting::{
    Chart, Closing, JournalEntry, PostingBuffer, defer, document_entry, journal, trial_balance,
};
use crate::model::{Deferred, Invoice};
use crate::payments::Credit;
use crate::value::{Amount, Zone};

proptest! {
    #![proptest_config(super::cases())]

    #[test]
    fn the_books_say_what_was_billed(book in any()) {
        let bill = bill_whole(&book, END);
        let (invoices, settlement) = settled(&book, bill.drafts, Credit::new());
        let credit_left: i64 = credit(&settlement).values().map(|it| it.minor()).sum();
        // Late enough that everything is earned.
        let date = Zone::UTC.date(END) + chrono::Months::new(1_200);
        let closing = Closing { name: "last", date, previous: None };
        let mut deferred = Deferred::default();
        defer(&mut deferred, &invoices, &book.accounts).expect("fits");
        let ledger = settings().ledger;
        let chart = Chart::with_taxes(&ledger, &book.taxes);
        let booked = journal((&invoices, &book.accounts), &[], deferred, &chart, Some(closing));
        let booked = booked.expect("what adds up balances");
        prop_assert_eq!(booked.deferred.amounts().len(), 0);
        let documents = invoices.iter().map(|invoice| {
            let account = &book.accounts[invoice.account];
            document_entry(&mut PostingBuffer::default(), invoice, account, &chart).expect("fits")
        });
        let entries: Vec<JournalEntry> = documents.chain(booked.entries).collect();
        let balance = trial_balance(&entries).expect("fits");
        let on = |number: &str| -> i64 {
            let sums = balance.iter().filter(|((_, account), _)| &*account.number == number);
            sums.map(|(_, sums)| sums.balance().expect("fits").minor()).sum()
        };
        let sum = |of: fn(&Invoice) -> Amount| invoices.iter().map(|it| of(it).minor()).sum::<i64>();
        prop_assert_eq!(on("1100"), sum(|it| it.totals.amount_due));
        prop_assert_eq!(on("2300"), -credit_left);
        prop_assert_eq!(on("2200"), -sum(|it| it.totals.tax));
        prop_assert_eq!(on("2400"), 0);
        let lines = invoices.iter().flat_map(|it| &it.lines);
        let net: i64 = lines.map(|line| line.net_amount().expect("fits").minor()).sum();
        prop_assert_eq!(on("4000"), -net);
    }
}
