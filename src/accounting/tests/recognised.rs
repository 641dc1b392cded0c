//! Checks when revenue is booked. Checks for any invoices that entries balance, and that deferred
//! revenue is the same in the ledger and in the state.

use proptest::prelude::*;

use super::*;

#[test]
fn a_month_is_booked_once_it_is_over_and_again_if_more_comes_to_light() {
    let ledger = LedgerSettings::default();
    let accounts = &[account()][..];
    let year =
        document("I-1", "2020-03-10", vec![line("Seats", 96_000, "2020-03-10", "2021-03-10")], 0);
    let (march, april) = (date("2020-03-31"), date("2020-05-01"));
    let closing_march = closing("2020-03-31", march, None);
    let first = journal((&[year], accounts), &[], Deferred::default(), &ledger, closing_march);
    let first = first.expect("balances");
    // The last day of March is not over.
    assert_eq!(first.entries.len(), 1);
    let closing_april = closing("2020-05-01", april, Some(march));
    let second = journal((&[], accounts), &[], first.deferred, &ledger, closing_april);
    let second = second.expect("balances");
    assert_eq!(
        shown(&second.entries),
        [
            "REV-2020-03-USD 2020-03-31",
            "2400 Deferred revenue 57.86 Seats",
            "4000 Revenue: Seats -57.86 Seats",
            "REV-2020-04-USD 2020-04-30",
            "2400 Deferred revenue 78.91 Seats",
            "4000 Revenue: Seats -78.91 Seats",
        ]
    );
    // A late change credits a part of April, and the rest of the year.
    let back = line("Seats", -88_373, "2020-04-08", "2021-03-10");
    let late = document("I-2", "2020-05-10", vec![back], 0);
    let closing_may = closing("2020-05-31", date("2020-05-31"), Some(april));
    let third = journal((&[late], accounts), &[], second.deferred, &ledger, closing_may);
    let third = third.expect("balances");
    assert_eq!(
        shown(&third.entries)[3..],
        [
            "REV-2020-04-USD-2020-05-31 2020-04-30",
            "2400 Deferred revenue -60.49 Seats",
            "4000 Revenue: Seats 60.49 Seats",
        ]
    );
    assert_eq!(third.entries[1].memo, "Revenue earned in 2020-04, billed since");
}

#[test]
fn currencies_are_booked_apart() {
    let in_currency = |code: &str, minor: i64| Line {
        currency: Currency::from_code(code).expect("a currency"),
        ..line("Seats", minor, "2020-01-29", "2020-02-29")
    };
    let yen = document("I-1", "2020-01-29", vec![in_currency("JPY", 1000)], 0);
    let dinar = document("I-2", "2020-01-29", vec![in_currency("KWD", 1000)], 0);
    let booked = journal_of(&[yen, dinar], "2020-02-01");
    assert_eq!(
        shown(&booked.entries)[6..],
        [
            "REV-2020-01-JPY 2020-01-31",
            "2400 Deferred revenue 97 Seats",
            "4000 Revenue: Seats -97 Seats",
            "REV-2020-01-KWD 2020-01-31",
            "2400 Deferred revenue 0.097 Seats",
            "4000 Revenue: Seats -0.097 Seats",
        ]
    );
    let left: Vec<String> = booked
        .deferred
        .by_currency()
        .expect("fits")
        .iter()
        .map(|(currency, amount)| amount.to_decimal_string(*currency))
        .collect();
    assert_eq!(left, ["903", "0.903"]);
}

/// The lines of an invoice: product, amount, first day and length.
type Billed = Vec<(u8, i64, u64, u64)>;

fn billed(index: usize, lines: &Billed) -> Invoice {
    let day = |days: u64| (date("2020-01-01") + chrono::Days::new(days)).to_string();
    let lines = lines.iter().map(|(product, minor, first, length)| {
        line(&format!("P{product}"), *minor, &day(*first), &day(first + length))
    });
    document(&format!("I-{index}"), "2020-01-01", lines.collect(), 0)
}

proptest! {
    #[test]
    fn the_ledger_and_the_state_agree_close_after_close(
        closes in prop::collection::vec((
            prop::collection::vec(
                prop::collection::vec((0_u8..3, -100_000_i64..100_000, 0_u64..400, 0_u64..400), 1..5),
                0..4,
            ),
            1_u64..70,
        ), 1..8),
    ) {
        let (mut deferred, mut entries, mut previous) = (Deferred::default(), Vec::new(), None);
        let mut as_of = date("2020-01-01");
        let mut billed_minor = 0;
        for (documents, gap) in &closes {
            as_of = as_of + chrono::Days::new(*gap);
            let invoices: Vec<Invoice> =
                documents.iter().enumerate().map(|(index, lines)| billed(index, lines)).collect();
            billed_minor += invoices.iter().map(|it| it.totals.total.minor()).sum::<i64>();
            let name = as_of.to_string();
            let closing = closing(&name, as_of, previous);
            let booked =
                journal((&invoices, &[account()]), &[], deferred, &LedgerSettings::default(), closing)
                    .expect("balances");
            prop_assert!(booked.deferred.amounts().keys().all(|it| it.month.last_day() >= as_of));
            deferred = booked.deferred;
            entries.extend(booked.entries);
            previous = Some(as_of);
        }
        prop_assert_eq!(balances(&entries), Ok(()));
        let on = |name: &str| -> i64 {
            let balance = trial_balance(&entries).expect("fits");
            let sums = balance.iter().filter(|((_, it), _)| it.name.starts_with(name));
            sums.map(|(_, sums)| sums.balance().expect("fits").minor()).sum()
        };
        let waiting: i64 = deferred.amounts().values().map(|it| it.minor()).sum();
        prop_assert_eq!(on("Deferred revenue"), -waiting);
        prop_assert_eq!(on("Revenue"), waiting - billed_minor);
        prop_assert_eq!(on("Accounts receivable") + on("Customer credit"), billed_minor);
        let mut booked: Vec<&str> =
            entries.iter().map(|it| &*it.id).filter(|id| id.starts_with("REV")).collect();
        let count = booked.len();
        booked.sort_unstable();
        booked.dedup();
        prop_assert_eq!(booked.len(), count, "an id was given twice");
    }
}
