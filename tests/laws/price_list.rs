//! A price list acts like rows of each subscription, and only adds to logs.

use std::collections::HashMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::company::{self, DAY, END, EPOCH, instant, with_changes};
use crate::input::{contradictions, spread};
use crate::model::{
    BillingInput, Change, ChangeKind, ChangePolicy, History, Price, PriceChange, Rules, Translated,
};
use crate::timeline::{SubscriptionStatus, status_at};
use crate::value::{Instant, Moment, Zone};

fn row(number: u64, (old, new): (usize, usize), day: i64, at_once: bool) -> PriceChange {
    PriceChange {
        id: format!("r{number}").into(),
        old,
        new,
        from: Moment::Instant(instant(day * DAY), 0),
        at_once,
        notice: "".into(),
        notices: Translated::default(),
        line: number,
    }
}

fn list() -> impl Strategy<Value = Vec<PriceChange>> {
    let rows = ((0_usize..3, 0_usize..3), 0_i64..300, any::<bool>());
    proptest::collection::vec(rows, 0..5).prop_map(|rows| {
        let rows = (1..).zip(rows);
        rows.map(|(number, (prices, day, at_once))| row(number, prices, day, at_once)).collect()
    })
}

/// The log of the one subscription of a company, with a price list.
fn log(book: &BillingInput, list: &[PriceChange]) -> Vec<Change> {
    let own = book.changes.iter().map(|change| (0, change.clone())).collect();
    let spread = spread(list, &book.accounts, &book.subscriptions, own);
    let mut log: Vec<Change> = spread.into_iter().map(|(_, change)| change).collect();
    log.sort_by_key(|change| (change.at, change.nanosecond));
    log
}

/// What a log bills: instants, periods and amounts.
fn billed(book: &BillingInput, changes: Vec<Change>) -> Vec<String> {
    let bill = company::bill(&with_changes(book, changes), &History::New, None, END);
    let drafts = bill.drafts.iter();
    let lines = drafts.flat_map(|it| it.lines.iter().map(|line| (it.instant, line)));
    let shown = |(at, line): (Instant, &crate::model::Line)| {
        format!("{at} {} {:?}", line.key.period_start, line.amount)
    };
    lines.map(shown).collect()
}

proptest! {
    #![proptest_config(super::cases())]

    /// So a row that arrives late only adds to the logs.
    #[test]
    fn no_row_of_a_log_vanishes_because_others_arrive(
        book in company::any(),
        list in list(),
        kept in proptest::collection::vec(any::<bool>(), 12),
    ) {
        let is_kept = |place: usize| kept[place % kept.len()];
        let early: Vec<PriceChange> = list.iter().enumerate()
            .filter(|(place, _)| is_kept(place + 8)).map(|(_, row)| row.clone()).collect();
        let few = book.changes.iter().enumerate()
            .filter(|(place, _)| is_kept(*place)).map(|(_, it)| it.clone()).collect();
        let before = log(&with_changes(&book, few), &early);
        let after: HashMap<Arc<str>, Change> =
            log(&book, &list).into_iter().map(|it| (Arc::clone(&it.id), it)).collect();
        for change in before {
            let now = after.get(&change.id);
            prop_assert!(now.is_some_and(|now| now.kind == change.kind && now.at == change.at));
        }
    }

    #[test]
    fn a_list_moves_who_is_on_the_old_price_as_an_own_row_would(
        book in company::prorated(),
        days in 0_i64..200,
        at_once: bool,
    ) {
        let mut book = BillingInput { rules: Rules::default(), ..book };
        book.prices.push(Price { id: "new".into(), ..book.prices[0].clone() });
        book.prices[1].unit_amount += rust_decimal::Decimal::ONE;
        let start = book.subscriptions[0].started_at.unix_seconds();
        let day = (start - EPOCH).div_euclid(DAY) + 1 + days;
        let list = [row(1, (0, 1), day, at_once)];
        let at = instant(day * DAY);
        let own = Change {
            id: "r1".into(),
            at,
            nanosecond: 0,
            skipped: 0,
            kind: ChangeKind::Price { price: 1, quantity: None },
            previous_quantity: None,
            policy: (!at_once).then_some(ChangePolicy::PeriodEnd),
            line: 1,
        };
        let mut changes = book.changes.clone();
        changes.insert(changes.partition_point(|change| change.at < at), own);
        prop_assert_eq!(billed(&book, log(&book, &list)), billed(&book, changes));
    }

    /// Chains and circles end where they end for those who were there all the time.
    #[test]
    fn who_comes_later_ends_where_the_others_are(
        book in company::any(),
        list in list(),
        day in 0_i64..300,
    ) {
        let mut book = with_changes(&BillingInput { rules: Rules::default(), ..book }, Vec::new());
        prop_assume!(
            contradictions("list", &list, &book.prices, std::iter::once(Zone::UTC)).is_empty()
        );
        let interval = book.prices[0].interval;
        book.prices.iter_mut().for_each(|price| price.interval = interval);
        let own = &mut book.subscriptions[0];
        (own.trial_end, own.anchor, own.started_at) = (None, None, instant(0));
        let mut later = book.clone();
        later.subscriptions[0].started_at = instant(day * DAY);
        let price = |book: &BillingInput| {
            let log = log(book, &list);
            let (status, _) =
                status_at(with_changes(book, log).ledger(0), &book.prices, END).expect("a log");
            match status {
                SubscriptionStatus::Running { terms, .. } => Some(terms.price),
                _ => None,
            }
        };
        prop_assert_eq!(price(&book), price(&later));
    }
}
