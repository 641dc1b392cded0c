//! Checks the postings of invoices, payments and the opening of a register.

use std::collections::BTreeMap;

use super::*;

/// Kumu's two invoices, the second partly paid by credit, then a credit for a cancellation.
fn kumu() -> [Invoice; 3] {
    let (may, june, july) = ("2020-05-27", "2020-06-27", "2020-07-27");
    let (projects, membership) = ("Private projects", "Org membership");
    let first = [line(membership, 1000, may, june), line(projects, 6000, may, june)];
    let rest = [995, -1493, 498, -995].map(|minor| line(projects, minor, "2020-06-19", june));
    let second = [line(membership, 1000, june, july), line(projects, 2000, june, july)];
    let unused = line(projects, -2000, june, july);
    [
        document("INV-2020-00001", may, first.into(), 0),
        document("INV-2020-00002", june, rest.into_iter().chain(second).collect(), 500),
        document("INV-2020-00003", june, vec![unused], 0),
    ]
}

/// The journals of the closes of 28 May and 28 June 2020.
fn kumu_journals() -> [Journal; 2] {
    let [first, second, credit] = kumu();
    let ledger = LedgerSettings {
        revenue_by_product: [("Private projects".to_owned(), "4010".to_owned())].into(),
        cash_by_method: [("Visa".to_owned(), "1360".to_owned())].into(),
        ..LedgerSettings::default()
    };
    let (may, june) = (date("2020-05-28"), date("2020-06-28"));
    let accounts = &[account()][..];
    let closing_may = closing("2020-05-28", may, None);
    let before = journal((&[first], accounts), &[], Deferred::default(), &ledger, closing_may);
    let before = before.expect("balances");
    let paid = [payment("1", 7000, &[("INV-2020-00001", 7000)], 0)];
    let closing_june = closing("2020-06-28", june, Some(may));
    let deferred = before.deferred.clone();
    let after = journal((&[second, credit], accounts), &paid, deferred, &ledger, closing_june);
    [before, after.expect("balances")]
}

/// Postings as rows of the tables in the manual.
fn rows(entries: &[JournalEntry]) -> Vec<String> {
    let side = |entry: &JournalEntry, amount: Option<Amount>| {
        amount.map_or_else(String::new, |it| format!(" {}", it.to_decimal_string(entry.currency)))
    };
    let row = |entry: &JournalEntry, posting: &Posting| {
        let LedgerAccount { number, name } = &*posting.account;
        let (debit, credit) = (side(entry, posting.debit()), side(entry, posting.credit()));
        let product = posting.product.as_ref().map_or(String::new(), |it| format!(" {it}"));
        let JournalEntry { id, date, .. } = entry;
        format!("| {id} | {date} | {number} {name} |{debit} |{credit} |{product} |")
    };
    let of_entry = |entry| move |posting| row(entry, posting);
    entries.iter().flat_map(|entry| entry.postings.iter().map(of_entry(entry))).collect()
}

#[test]
fn kumus_documents_are_posted_as_the_manual_shows() {
    let manual = include_str!("../../../docs/accounting.md");
    let is_posted = |line: &&str| line.starts_with("| ") && line.contains(" | 2020-");
    let shown: Vec<&str> = manual.lines().filter(is_posted).collect();
    let posted: Vec<String> =
        kumu_journals().iter().flat_map(|journal| rows(&journal.entries)).collect();
    assert_eq!(shown, posted);
}

#[test]
fn entries_come_in_order_and_say_what_they_are() {
    let [_, june] = kumu_journals();
    let said: Vec<(&str, &str)> =
        june.entries.iter().map(|entry| (&*entry.id, &*entry.memo)).collect();
    assert_eq!(
        said,
        [
            ("INV-2020-00002", "Invoice, Atlas Mapping Co-op"),
            ("INV-2020-00003", "Credit, Atlas Mapping Co-op"),
            ("PAY-1", "Payment, Visa •••• 4242"),
            ("REV-2020-05-USD", "Revenue earned in 2020-05"),
        ]
    );
    let documents = |index: usize| {
        let postings = june.entries[index].postings.iter();
        postings.map(|it| it.document.as_deref().unwrap_or_default()).collect::<Vec<_>>()
    };
    assert_eq!(documents(0), ["INV-2020-00002"; 4]);
    assert_eq!(documents(2), ["", "INV-2020-00001"]);
    assert_eq!(june.entries[3].account_id, None);
}

#[test]
fn tax_is_owed_by_rate_and_is_no_revenue() {
    let taxed = |minor: i64, tax_minor: i64, terms: &Arc<TaxTerms>| Line {
        tax: Some(Arc::clone(terms)),
        tax_amount: Amount::from_minor(tax_minor),
        ..line("Seats", minor, "2020-06-01", "2020-07-01")
    };
    let (added, held) = (tax(19, TaxBehavior::Exclusive), tax(7, TaxBehavior::Inclusive));
    let lines = vec![taxed(10_000, 1900, &added), taxed(1070, 70, &held)];
    let back = vec![taxed(-10_000, -1900, &added), taxed(-1070, -70, &held)];
    let documents =
        [document("I-1", "2020-06-01", lines, 0), document("I-2", "2020-06-02", back, 0)];
    assert_eq!(
        shown(&journal_of(&documents, "2020-06-30").entries),
        [
            "I-1 2020-06-01",
            "1100 Accounts receivable 129.70",
            "2400 Deferred revenue -110.00 Seats",
            "2200 Tax payable: DE-19 -19.00 DE-19",
            "2200 Tax payable: DE-7 -0.70 DE-7",
            "I-2 2020-06-02",
            "2300 Customer credit -129.70",
            "2400 Deferred revenue 110.00 Seats",
            "2200 Tax payable: DE-19 19.00 DE-19",
            "2200 Tax payable: DE-7 0.70 DE-7",
        ]
    );
}

#[test]
fn what_comes_to_nothing_posts_nothing() {
    let lines = ["2020-06-01", "2020-07-01"].map(|start| line("Seats", 0, start, "2020-08-01"));
    let nothing = document("I-1", "2020-06-01", lines.into(), 0);
    let nothing = journal_of(&[nothing], "2020-09-01");
    assert_eq!((nothing.entries, nothing.deferred.amounts().len()), (vec![], 0));
    // Lines with sum zero still move revenue between products.
    let lines = [("Seats", 500), ("Rooms", -500)]
        .map(|(product, minor)| line(product, minor, "2020-06-01", "2020-07-01"));
    let moved = journal_of(&[document("I-1", "2020-06-01", lines.into(), 0)], "2020-06-30");
    assert_eq!(
        shown(&moved.entries),
        ["I-1 2020-06-01", "2400 Deferred revenue 5.00 Rooms", "2400 Deferred revenue -5.00 Seats"]
    );
}

#[test]
fn a_credit_note_names_what_it_credits() {
    let lines = vec![line("Seats", -500, "2020-06-01", "2020-07-01")];
    let note = Invoice {
        kind: DocumentKind::CreditNote,
        credits_invoice: Some("I-1".into()),
        ..document("CN-1", "2020-06-01", lines, 0)
    };
    let entry = &journal_of(&[note], "2020-06-30").entries[0];
    assert_eq!(entry.memo, "Credit note for I-1, Atlas Mapping Co-op");
    assert_eq!(entry.postings[0].account.name, "Customer credit".into());
}

#[test]
fn a_document_that_does_not_add_up_is_not_booked() {
    let mut wrong = kumu()[0].clone();
    wrong.totals.amount_due = Amount::from_minor(7001);
    let closing = closing("x", date("2020-05-28"), None);
    let (accounts, ledger) = ([account()], LedgerSettings::default());
    let error = journal((&[wrong], &accounts), &[], Deferred::default(), &ledger, closing);
    assert_eq!(
        error.map_err(|error| error.to_string()),
        Err("journal entry INV-2020-00001: debits and credits differ by 0.01 USD".to_owned())
    );
}

#[test]
fn payments_pay_invoices_and_what_is_left_is_credit() {
    let posted = |payment: PaymentPosting| {
        let closing = closing("2020-06-30", date("2020-06-30"), None);
        let (accounts, ledger) = ([account()], LedgerSettings::default());
        journal((&[], &accounts), &[payment], Deferred::default(), &ledger, closing)
            .map(|journal| shown(&journal.entries))
            .map_err(|error| error.to_string())
    };
    let lines = |lines: &[&str]| Ok(lines.iter().map(|line| (*line).to_owned()).collect());
    assert_eq!(
        posted(payment("1", 10_000, &[("I-1", 7000), ("I-2", 2005)], 995)),
        lines(&[
            "PAY-1 2020-06-01",
            "1000 Cash 100.00",
            "1100 Accounts receivable -70.00",
            "1100 Accounts receivable -20.05",
            "2300 Customer credit -9.95",
        ])
    );
    assert_eq!(
        posted(payment("2", -8000, &[("I-1", -7000)], -1000)),
        lines(&[
            "PAY-2 2020-06-01",
            "1000 Cash -80.00",
            "1100 Accounts receivable 70.00",
            "2300 Customer credit 10.00",
        ])
    );
    // What is no money has accounts of its own, and a refund keeps its document.
    let kind = |kind, payment| PaymentPosting { kind, ..payment };
    for (of, account) in [
        (PaymentKind::WriteOff, "6500 Bad debt"),
        (PaymentKind::BankFee, "6510 Bank fees"),
        (PaymentKind::ExchangeDifference, "6520 Exchange difference"),
        (PaymentKind::Chargeback, "1000 Cash"),
    ] {
        let debit = format!("{account} 70.00");
        assert_eq!(
            posted(kind(of, payment("5", 7000, &[("I-1", 7000)], 0))),
            lines(&["PAY-5 2020-06-01", &debit, "1100 Accounts receivable -70.00"])
        );
    }
    // Credit for an older invoice moves no money.
    let moved =
        lines(&["PAY-3 2020-06-01", "1100 Accounts receivable -5.00", "2300 Customer credit 5.00"]);
    assert_eq!(posted(payment("3", 0, &[("I-1", 500)], -500)), moved);
    assert_eq!(
        posted(payment("4", 10_000, &[("I-1", 7000)], 0)),
        Err("journal entry PAY-4: debits and credits differ by 30.00 USD".to_owned())
    );
}

#[test]
fn opening_brings_credit_along() {
    let balance = |code: &str, minor: i64| {
        (Currency::from_code(code).expect("a currency"), Amount::from_minor(minor))
    };
    let of_a = BTreeMap::from([balance("JPY", 1500), balance("KWD", 1500), balance("USD", 0)]);
    let credit = BTreeMap::from([("a".to_owned(), of_a)]);
    let entries = opening_entries(&credit, date("2020-06-28"), &LedgerSettings::default());
    let entries = entries.expect("balances");
    assert_eq!(
        shown(&entries),
        [
            "OPEN-a-JPY 2020-06-28",
            "3000 Opening balance 1500",
            "2300 Customer credit -1500",
            "OPEN-a-KWD 2020-06-28",
            "3000 Opening balance 1.500",
            "2300 Customer credit -1.500",
        ]
    );
    assert_eq!(entries[0].account_id.as_deref(), Some("a"));
}
