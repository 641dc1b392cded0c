//! Tests that old sentences are parsed into their parts, or stay unchanged.

use chrono::NaiveDate;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::accounting::tests;

/// Words that the sentences themselves use.
const WORDS: &[&str] = &[
    "Seats",
    "Half",
    " instead of ",
    " (5% off)",
    " off): ",
    ": ",
    "; the change ",
    " from ",
    " after ",
    "3 Jun 2020",
    " × ",
    "2",
    "Remaining time on ",
    ", corrects invoice INV-1",
    "Reverses “",
    "” of ",
    ", 8 of 31 days",
    "; the subscription was not known before",
    "%",
];

fn name() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(WORDS), 1..6).prop_map(|words| words.concat())
}

fn day() -> impl Strategy<Value = NaiveDate> {
    (730_000..740_000).prop_map(|day| NaiveDate::from_num_days_from_ce_opt(day).expect("a date"))
}

fn reasons() -> impl Strategy<Value = Reason> {
    prop_oneof![
        Just(Reason::HistoryChanged),
        Just(Reason::SubscriptionUnknown),
        name().prop_map(|id| Reason::DiscountUnknown(id.into())),
        (name(), day()).prop_map(|(id, on)| Reason::ChangeArrived { change: id.into(), on }),
    ]
}

fn billings(product: &str) -> impl Strategy<Value = (Cause, Billed)> + use<> {
    let id = || "c1".into();
    let new = product.to_owned();
    let net = (
        1..9_u64,
        1..9_u64,
        day(),
        prop::option::of((1..9_u64, 9..32_u64)),
        prop::option::of(name()),
    );
    let net = net.prop_map(move |(units, old_units, after, days, other)| {
        let old = other.unwrap_or_else(|| new.clone()).into();
        let new = ProductQuantity { quantity: units, product: new.as_str().into() };
        let old = ProductQuantity { quantity: old_units, product: old };
        let days = days.map(|(left, all)| DaysLeft { left, all });
        (Cause::Net(id()), Billed::Net(Box::new(NetChange { new, old, after, days })))
    });
    prop_oneof![
        Just((Cause::Period, Billed::Product)),
        day().prop_map(move |from| (Cause::Segment(id()), Billed::Segment { from })),
        (1..9_u64, day()).prop_map(move |(quantity, after)| {
            (Cause::Remaining(id()), Billed::Remaining { quantity, after })
        }),
        (1..9_u64, day()).prop_map(move |(quantity, after)| {
            (Cause::Unused(id()), Billed::Unused { quantity, after })
        }),
        net,
    ]
}

fn discounts() -> impl Strategy<Value = Option<DiscountWording>> {
    let percent = (1..10_000_i64).prop_map(|it| Off::Percent(Decimal::new(it, 2).normalize()));
    let amount = (1..10_000_i64).prop_map(|minor| Off::Amount(Amount::from_minor(minor)));
    let named = |(name, off): (String, Off)| DiscountWording { name: name.into(), off };
    prop::option::of((name(), prop_oneof![percent, amount]).prop_map(named))
}

/// A line with its sentence in an old register.
fn lines(name: impl Strategy<Value = String>) -> impl Strategy<Value = (Line, String)> {
    let billed = name.prop_flat_map(|product| (billings(&product), Just(product)));
    let corrections = (any::<bool>(), prop::sample::select(vec!["", "INV-1"]), reasons());
    let said = (billed, discounts(), prop::option::of(reasons()), prop::option::of(corrections));
    said.prop_map(|(((cause, billed), product), discount, late, correction)| {
        let mut line = tests::line(&product, 1200, "2020-06-01", "2020-07-01");
        line.key.cause = cause;
        line.key.discount = discount.as_ref().map(|_| "d1".into());
        let wording = LineWording {
            billed,
            discount: discount.map(Box::new),
            late: late.map(Box::new),
            notice: None,
        };
        line.wording = Some(Box::new(wording)).filter(|it| **it != LineWording::default());
        line.correction = correction.map(|(is_reversal, number, reason)| {
            let role =
                if is_reversal { CorrectionRole::Reversal } else { CorrectionRole::Replacement };
            Box::new(Correction { role, invoice_number: number.into(), line_number: 1, reason })
        });
        let mut sentence = String::new();
        english::describe(&mut sentence, &line);
        (line, sentence)
    })
}

proptest! {
    /// A correction of an old line has the words of the old program, with any names.
    #[test]
    fn what_is_read_says_the_same((line, sentence) in lines(name())) {
        let wording = wording(&sentence, &Line { wording: None, ..line.clone() });
        let mut said = String::new();
        english::describe(&mut said, &Line { wording, ..line });
        prop_assert_eq!(said, sentence);
    }

    /// With ordinary names every part is recovered.
    #[test]
    fn parts_are_found_again((line, sentence) in lines(Just("Seats".to_owned()))) {
        let is_plain = |reason: &Reason| match reason {
            Reason::ChangeArrived { change: id, .. } | Reason::DiscountUnknown(id) => !id.contains("the "),
            _ => true,
        };
        let said = line.wording.clone().unwrap_or_default();
        prop_assume!(said.late.as_deref().is_none_or(is_plain));
        let net = match &said.billed {
            Billed::Net(net) => net.new.product == net.old.product,
            _ => true,
        };
        prop_assume!(net);
        let read = wording(&sentence, &Line { wording: None, ..line.clone() });
        prop_assert_eq!(read, line.wording);
    }

    #[test]
    fn reasons_are_found_again(why in reasons()) {
        let mut sentence = String::new();
        english::add_reason(&mut sentence, &why);
        prop_assert_eq!(reason(&sentence), why);
    }
}

#[test]
fn a_net_line_of_two_products_is_read_if_they_have_ordinary_names() {
    let sentence = "Half (5% off): 2 × Places instead of 3 × Seats after 9 Jun 2020, 8 of 31 days";
    let mut line = tests::line("Places", 1200, "2020-06-01", "2020-07-01");
    line.key.cause = Cause::Net("c1".into());
    line.key.discount = Some("half".into());
    let read = wording(sentence, &line).expect("it says more than its product");
    let Billed::Net(net) = &read.billed else { panic!("{read:?}") };
    assert_eq!((&*net.new.product, net.new.quantity, net.old.quantity), ("Places", 2, 3));
    assert_eq!(read.discount.as_ref().map(|it| &*it.name), Some("Half"));
}

#[test]
fn what_nobody_understands_stays() {
    let mut line = tests::line("Seats", 1200, "2020-06-01", "2020-07-01");
    line.key.cause = Cause::Unused("c1".into());
    let read =
        wording("Credit for what was not used", &line).expect("it says more than its product");
    assert_eq!(read.billed, Billed::Written("Credit for what was not used".into()));
    assert_eq!(reason("somebody said so"), Reason::Written("somebody said so".into()));
}

#[test]
fn sums_are_read_back_or_stay() {
    let dollars = Currency::from_code("USD").expect("ISO 4217");
    for (sum, is_written) in [
        ("", false),
        ("20.00", false),
        ("3 × 20.00 = 60.00", false),
        ("(25 − 10 free) × 2.00 = 30.00", false),
        ("3 packages of 5 × 9.00 = 27.00", false),
        ("150.00 + 10 × 5.00 = 200.00", false),
        ("241.89 − 1.94 = 239.95", false),
        ("2 × 20.00 = 40.00 less (25 − 10 free) × 2.00 = 30.00", false),
        ("12.5% of 60.00", false),
        ("share of 5.00", false),
        ("150.00 = 150.00000", false),
        ("two for the price of one = 20.00", true),
        ("1 × 20.00", true),
    ] {
        let read = breakdown(sum, dollars);
        assert_eq!(matches!(read, PriceBreakdown::Written { .. }), is_written, "{read:?}");
        let mut said = String::new();
        english::add_breakdown(&mut said, &read, dollars);
        assert_eq!(said, sum);
        let json = serde_json::to_string(&read).expect("JSON");
        assert_eq!(serde_json::from_str::<PriceBreakdown>(&json).expect("a breakdown"), read);
    }
}
