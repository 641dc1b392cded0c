//! Whatever is billed and paid, in whatever order: what an account owes less what it has is what it
//! was billed less what it paid, and neither ever falls below nothing.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::company::{DAY, account, instant};
use crate::accounting::{Chart, PaymentPosting, journal};
use crate::config::LedgerSettings;
use crate::model::{
    Account, Deferred, DocumentKind, Invoice, PaidOtherwise, Payment, PaymentKind, Totals,
};
use crate::payments::{
    AccountIds, AppliedPayment, Balances, Credit, PaymentSums, Settlement, SettlementError,
    payment_sums, settle_all,
};
use crate::value::{Amount, Currency, Instant};

/// Something that happens: a day, and a document's total or a payment.
#[derive(Clone, Debug)]
enum Event {
    Document(i64),
    /// For a document by its place, or for the account.
    Payment(PaymentKind, i64, Option<usize>),
}

fn events() -> impl Strategy<Value = Vec<(i64, Event)>> {
    let event = prop_oneof![
        3 => (-50_i64..200).prop_map(Event::Document),
        3 => (1_i64..250, proptest::option::of(0_usize..6))
            .prop_map(|(amount, named)| Event::Payment(PaymentKind::Money, amount, named)),
        1 => (-60_i64..0, proptest::option::of(0_usize..6))
            .prop_map(|(amount, named)| Event::Payment(PaymentKind::Money, amount, named)),
        2 => (other_kind(), -40_i64..60, 0_usize..6)
            .prop_map(|(kind, amount, named)| Event::Payment(kind, signed(kind, amount), Some(named))),
    ];
    proptest::collection::vec((0_i64..30, event), 1..14)
}

fn other_kind() -> impl Strategy<Value = PaymentKind> {
    prop_oneof![
        Just(PaymentKind::Refund),
        Just(PaymentKind::Chargeback),
        Just(PaymentKind::WriteOff),
        Just(PaymentKind::BankFee),
        Just(PaymentKind::ExchangeDifference),
    ]
}

/// An amount with a sign that its kind may have.
fn signed(kind: PaymentKind, amount: i64) -> i64 {
    match kind {
        PaymentKind::Refund | PaymentKind::Chargeback => -amount.abs().max(1),
        _ if amount == 0 => 1,
        _ => amount,
    }
}

proptest! {
    #![proptest_config(super::cases())]

    /// Rows of all kinds, and then the same rows with the other sign in the other order, leave what
    /// was there before.
    #[test]
    fn everything_taken_back_is_nothing(
        totals in proptest::collection::vec(1_i64..200, 1..4),
        rows in proptest::collection::vec((other_kind(), 1_i64..250, 0_usize..4), 0..10),
    ) {
        let accounts = [account("UTC")];
        let invoices: Vec<Invoice> =
            totals.iter().zip(1..).map(|(total, number)| invoice(number, 0, *total)).collect();
        let mut due: Vec<Payment> = Vec::new();
        for (kind, amount, place) in rows {
            let kind = if kind.is_money() { PaymentKind::Money } else { kind };
            let named = Some(&invoices[place % invoices.len()]);
            let line = due.len() as u64 + 1;
            due.push(payment(line, 1, (kind, amount), named));
            // Rows that cannot be applied are left out.
            if settle_rows(&invoices, &accounts, &due).is_err() {
                due.pop();
            }
        }
        for row in due.clone().iter().rev() {
            let line = due.len() as u64 + 1;
            let kind = if row.kind.is_money() { PaymentKind::Chargeback } else { row.kind };
            let amount = row.amount.checked_neg().expect("small");
            due.push(Payment { id: format!("p{line}").into(), kind, amount, line, ..row.clone() });
        }
        let settlement = settle_rows(&invoices, &accounts, &due).expect("it was there");
        prop_assert!(settlement.balances.credit.is_empty(), "{:?}", settlement.balances.credit);
        for receivable in &settlement.balances.receivables {
            prop_assert!(receivable.paid.is_zero() && receivable.overpaid.is_zero(), "{receivable:?}");
            let sums = receivable.otherwise.as_deref().copied().unwrap_or_default();
            prop_assert_eq!(sums, PaidOtherwise::default());
        }
    }

    #[test]
    fn money_neither_appears_nor_vanishes(events in events(), opening in 0_i64..80) {
        let accounts = [account("UTC")];
        let (mut invoices, payments) = story(&events);
        let before = standing(opening);
        let due: Vec<&Payment> = payments.iter().collect();
        match settle_all(&invoices, AccountIds::of(&accounts), &due, before) {
            Ok(mut settlement) => {
                settlement.note_in(&mut invoices);
                check(&invoices, &settlement, opening)?;
            }
            Err(errors) => prop_assert!(errors.iter().all(takes_too_much), "{errors:?}"),
        }
    }

    /// Closing every night and closing once settle the same.
    #[test]
    fn nights_make_no_difference(events in events(), nights in prop::collection::btree_set(0_i64..30, 0..4)) {
        let accounts = [account("UTC")];
        let (invoices, payments) = story(&events);
        let due: Vec<&Payment> = payments.iter().collect();
        let Ok(at_once) = settle_all(&invoices, AccountIds::of(&accounts), &due, Balances::default()) else {
            return Ok(());
        };
        let (mut nightly, mut applied) = (Balances::default(), Vec::new());
        let mut last = instant(-1);
        for through in nights.into_iter().map(|day| instant(day * DAY)).chain([instant(99 * DAY)]) {
            let in_time = |at: Instant| last < at && at <= through;
            let published: Vec<Invoice> =
                invoices.iter().filter(|it| in_time(it.instant)).cloned().collect();
            let due: Vec<&Payment> =
                due.iter().filter(|it| in_time(effective(it, &invoices))).copied().collect();
            let settlement = settle_all(&published, AccountIds::of(&accounts), &due, nightly);
            let settlement = settlement.expect("what settles at once settles by and by");
            applied.extend(settlement.applied);
            nightly = settlement.balances;
            last = through;
        }
        prop_assert_eq!(nightly, at_once.balances);
        prop_assert_eq!(applied, at_once.applied);
    }
}

/// When a payment applies: one for an invoice waits for it.
fn effective(payment: &Payment, invoices: &[Invoice]) -> Instant {
    let named = invoices.iter().find(|it| Some(&*it.number) == payment.invoice_number.as_deref());
    named.map_or(payment.at, |invoice| payment.at.max(invoice.instant))
}

/// Documents and payments as a close has them. A payment can only name an invoice that asks for
/// something; otherwise it is for the account.
fn story(events: &[(i64, Event)]) -> (Vec<Invoice>, Vec<Payment>) {
    let (mut documents, mut payments) = (Vec::new(), Vec::new());
    for (day, event) in events {
        match event {
            Event::Document(total) => documents.push((*day, *total)),
            Event::Payment(kind, amount, named) => payments.push((*day, (*kind, *amount), *named)),
        }
    }
    documents.sort_by_key(|(day, _)| *day);
    payments.sort_by_key(|(day, ..)| *day);
    let invoices: Vec<Invoice> = documents
        .iter()
        .zip(1..)
        .map(|((day, total), number)| invoice(number, *day, *total))
        .collect();
    let payments = payments.iter().zip(1..).map(|((day, (kind, amount), named), line)| {
        let named = named.and_then(|place| invoices.get(place));
        let is_refund = *kind == PaymentKind::Refund;
        let named = named.filter(|it| is_refund || !it.totals.total.is_negative());
        let kind = if named.is_some() { *kind } else { PaymentKind::Money };
        payment(line, *day, (kind, *amount), named)
    });
    let payments = payments.collect();
    (invoices, payments)
}

fn invoice(number: usize, day: i64, total: i64) -> Invoice {
    let instant = instant(day * DAY);
    let date = instant.to_utc().date_naive();
    Invoice {
        number: format!("INV-{number}").into(),
        kind: if total < 0 { DocumentKind::Credit } else { DocumentKind::Invoice },
        account: 0,
        currency: usd(),
        instant,
        issue_date: date,
        due_date: date,
        lines: Vec::new(),
        taxes: Vec::new(),
        totals: Totals { total: Amount::from_minor(total), ..Totals::default() },
        credits_invoice: None,
        credits: None,
        related: None,
        orders: None,
    }
}

fn settle_rows(
    invoices: &[Invoice],
    accounts: &[Account],
    rows: &[Payment],
) -> Result<Settlement, Vec<SettlementError>> {
    let due: Vec<&Payment> = rows.iter().collect();
    settle_all(invoices, AccountIds::of(accounts), &due, Balances::default())
}

fn payment(
    line: u64,
    day: i64,
    (kind, amount): (PaymentKind, i64),
    named: Option<&Invoice>,
) -> Payment {
    Payment {
        id: format!("p{line}").into(),
        account: if named.is_some() { None } else { Some(0) },
        invoice_number: named.map(|invoice| invoice.number.clone()),
        at: instant(day * DAY),
        amount: Amount::from_minor(amount),
        currency: usd(),
        method: "".into(),
        kind,
        paid: None,
        line,
    }
}

fn standing(credit: i64) -> Balances {
    let credit = BTreeMap::from([(usd(), Amount::from_minor(credit))]);
    Balances { credit: Credit::from([("a".to_owned(), credit)]), receivables: Vec::new() }
}

fn usd() -> Currency {
    Currency::from_code("USD").expect("ISO 4217")
}

fn takes_too_much(error: &SettlementError) -> bool {
    let SettlementError::Payment { refusal, .. } = error else { return false };
    refusal.may_be_a_consequence()
}

/// The ledger has what the sums have: cash, each account for what is no money, and the rest of the
/// entries against receivables and credit.
fn check_ledger(applied: &[AppliedPayment], sums: &PaymentSums) -> Result<(), TestCaseError> {
    let postings: Vec<PaymentPosting> = applied.iter().map(PaymentPosting::of).collect();
    let (ledger, accounts) = (LedgerSettings::default(), [account("UTC")]);
    let chart = Chart::new(&ledger);
    let journal = journal((&[], &accounts), &postings, Deferred::default(), &chart, None);
    let mut found: BTreeMap<String, i64> = BTreeMap::new();
    for posting in journal.expect("it balances").entries.iter().flat_map(|entry| &entry.postings) {
        *found.entry(posting.account.name.to_string()).or_default() += posting.amount.minor();
    }
    let of = |name: &str| found.get(name).copied().unwrap_or_default();
    prop_assert_eq!(of("Cash"), sums.received.minor() - sums.returned.minor());
    prop_assert_eq!(of("Bad debt"), sums.otherwise.written_off.minor());
    prop_assert_eq!(of("Bank fees"), sums.otherwise.bank_fees.minor());
    prop_assert_eq!(of("Exchange difference"), sums.otherwise.exchange_difference.minor());
    prop_assert_eq!(found.values().sum::<i64>(), 0);
    Ok(())
}

fn check(invoices: &[Invoice], settlement: &Settlement, opening: i64) -> Result<(), TestCaseError> {
    let Settlement { balances, applied, .. } = settlement;
    let sums = payment_sums(&BTreeMap::new(), applied, &balances.receivables).expect("fits");
    let sums = sums.get(&usd()).copied().unwrap_or_default();
    prop_assert!(sums.add_up(), "{sums:?}");
    let closing = balances.credit.values().flat_map(BTreeMap::values).map(|it| it.minor());
    let closing = closing.sum::<i64>();
    let billed: i64 = invoices.iter().map(|it| it.totals.total.minor()).sum();
    let paid: i64 = applied.iter().map(|it| it.amount.minor()).sum();
    let owed = sums.closing_receivable.minor();
    prop_assert_eq!(owed - closing, billed - paid - opening);
    let of = |amount: fn(&Totals) -> i64| invoices.iter().map(|it| amount(&it.totals)).sum::<i64>();
    let due = Amount::from_minor(of(|it| it.amount_due.minor()));
    prop_assert_eq!(sums.expected_receivable(due), Some(sums.closing_receivable));
    let granted = Amount::from_minor(of(|it| -it.total.minor().min(0)));
    let used = Amount::from_minor(of(|it| it.credit_applied.minor()));
    let expected = sums.expected_credit(Amount::from_minor(opening), granted, used);
    prop_assert_eq!(expected, Some(Amount::from_minor(closing)));
    prop_assert!(closing >= 0);
    check_ledger(applied, &sums)?;
    for receivable in &balances.receivables {
        let paid = receivable.paid.minor();
        prop_assert!(0 <= paid && paid <= receivable.amount_due.minor(), "{receivable:?}");
        prop_assert!(receivable.overpaid.minor() >= 0, "{receivable:?}");
    }
    for payment in applied {
        let parts: i64 = payment.allocations().map(|part| part.amount.minor()).sum();
        prop_assert_eq!(parts, payment.amount.minor());
        let same_sign = |amount: i64| amount == 0 || (amount < 0) == payment.amount.is_negative();
        prop_assert!(
            payment.allocations().all(|part| same_sign(part.amount.minor())),
            "{payment:?}"
        );
    }
    Ok(())
}
