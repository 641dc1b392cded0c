use super::*;
use crate::model::price::tests::price;
use crate::model::{Interval, IntervalUnit, Scheme};

fn rate(unit: IntervalUnit, count: u32, amount: &str) -> Option<i128> {
    let price = Price { interval: Interval { unit, count }, ..price(Scheme::PerUnit, amount) };
    monthly(&price, 3)?.round(Rounding::HalfUp)
}

#[test]
fn a_month_is_a_twelfth_of_a_year_and_a_week_52_of_them() {
    assert_eq!(rate(IntervalUnit::Month, 1, "10.00"), Some(3_000));
    assert_eq!(rate(IntervalUnit::Quarter, 1, "10.00"), Some(1_000));
    assert_eq!(rate(IntervalUnit::Year, 2, "240.00"), Some(3_000));
    assert_eq!(rate(IntervalUnit::Week, 1, "12.00"), Some(15_600));
    assert_eq!(rate(IntervalUnit::Day, 14, "24.00"), rate(IntervalUnit::Week, 2, "24.00"));
    assert_eq!(rate(IntervalUnit::Day, 1, "12.00"), Some(109_500));
}

#[test]
fn what_cannot_be_computed_is_no_rate() {
    assert_eq!(rate(IntervalUnit::Month, 1, "79228162514264337593543950335"), None);
}

#[test]
fn rates_are_rounded_once_an_account_and_not_for_each_subscription() {
    // Three cents a year are a quarter of a cent a month. One cent a year would round to zero.
    let yearly = Interval { unit: IntervalUnit::Year, count: 1 };
    let prices = [Price { interval: yearly, ..price(Scheme::PerUnit, "0.02") }];
    let terms = crate::timeline::Terms { price: 0, quantity: 1, paused: false };
    let running = SubscriptionStatus::Running { terms, until: Instant::from_unix_seconds(0) };
    let mut sum = Vec::new();
    for _ in 0..3 {
        let cost = cost(running, &prices).expect("can be computed");
        assert_eq!(add(&mut sum, currency(running, &prices), cost), Some(()));
    }
    assert_eq!(sum, [(prices[0].currency, Fraction128::new(1, 2))]);
    assert_eq!(rounded(sum[0].1), Some(Amount::from_minor(1)));
}

#[test]
fn every_move_has_its_kind_and_they_add_up() {
    let usd = price(Scheme::Flat, "1").currency;
    let rate = |(before, repriced, after, has_cost)| RunRate {
        before: Amount::from_minor(before),
        repriced: Amount::from_minor(repriced),
        after: Amount::from_minor(after),
        has_cost,
    };
    let moves = [
        (0, 0, 5, false),
        (0, 0, 7, true),
        (4, 2, 6, true),
        (5, 0, 9, true),
        (9, 0, 4, true),
        (6, 0, 0, true),
        (3, 0, 3, true),
    ];
    let mut bridge = Bridge::default();
    for (account, it) in moves.into_iter().enumerate() {
        assert_eq!(bridge.add(account, rate(it), usd), Ok(()));
    }
    let kinds: Vec<MoveKind> = bridge.moves.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, MoveKind::ALL);
    let sums = MoveKind::ALL.map(|kind| bridge.sum(kind).1.minor());
    assert_eq!(sums, [5, 7, 2, 4, -5, -6]);
    assert_eq!((bridge.before.minor(), bridge.after.minor()), (27, 34));
    assert_eq!(27 + sums.iter().sum::<i64>(), 34, "{usd}");
    assert_eq!(bridge.accounts, 6);
    // A price change and fewer units are two moves.
    let mut bridge = Bridge::default();
    assert_eq!(bridge.add(0, rate((10, 2, 6, true)), usd), Ok(()));
    let kinds: Vec<MoveKind> = bridge.moves.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [MoveKind::PriceChange, MoveKind::Contraction]);
    let sums = [kinds[0], kinds[1]].map(|kind| bridge.sum(kind).1.minor());
    assert_eq!(sums, [2, -6]);
}

#[test]
fn rates_that_do_not_fit_together_name_the_largest() {
    let usd = price(Scheme::Flat, "1").currency;
    let rate = |after| RunRate { after: Amount::from_minor(after), ..RunRate::default() };
    let (mut one, mut other) = (Bridge::default(), Bridge::default());
    assert_eq!(one.add(0, rate(5), usd), Ok(()));
    assert_eq!(other.add(1, rate(i64::MAX - 4), usd), Ok(()));
    let too_large = RateTooLarge { account: 1, sum_in: Some(usd) };
    assert_eq!(other.clone().add(2, rate(5), usd), Err(too_large));
    assert_eq!(one.follow(other, usd), Err(too_large));
}
