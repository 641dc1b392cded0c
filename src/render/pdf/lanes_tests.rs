//! Which lanes are drawn for which lines.

use super::super::specimens::{Change, REMOVAL, corrected, increased, invoice, kumu, line, long};
use super::*;
use crate::model::Invoice;

/// The product, the paid quantity, and the quantity after each change.
fn shown(invoice: &Invoice) -> Vec<(&str, u64, Vec<u64>)> {
    let lanes = lanes(&invoice.lines, None).into_iter();
    lanes
        .map(|lane| (lane.product, lane.billed, lane.steps.iter().map(|step| step.1).collect()))
        .collect()
}

#[test]
fn two_removals_are_two_steps_of_one_lane() {
    let invoice = kumu();
    assert_eq!(shown(&invoice), [("Private projects", 3, vec![2, 1])]);
    let lane = lanes(&invoice.lines, None).remove(0);
    assert_eq!(
        [lane.start, lane.end].map(|at| at.to_string()),
        ["2020-05-27T00:00:00Z", "2020-06-27T00:00:00Z"]
    );
    assert_eq!((lane.most(), lane.first().to_string()), (3, "2020-06-19T06:51:00Z".to_owned()));
}

#[test]
fn an_increase_adds_to_what_was_paid() {
    assert_eq!(shown(&increased()), [("Private projects (annual)", 4, vec![6])]);
}

#[test]
fn nothing_is_drawn_where_nothing_changed() {
    assert!(shown(&long(5)).is_empty());
    assert!(shown(&corrected()).is_empty());
}

#[test]
fn what_is_only_charged_or_only_credited_is_drawn_so() {
    let only = |old, new| invoice("USD", Change { old, new, ..REMOVAL }.lines());
    assert_eq!(shown(&only(0, 2)), [("Private projects", 0, vec![2])]);
    assert_eq!(shown(&only(3, 0)), [("Private projects", 3, vec![0])]);
}

#[test]
fn another_price_is_another_lane() {
    let mut lines = REMOVAL.lines();
    lines[0].quote_mut().price_id = "p2".into();
    lines[0].quote_mut().product = "Other projects".into();
    assert_eq!(
        shown(&invoice("USD", lines)),
        [("Other projects", 0, vec![2]), ("Private projects", 3, vec![0])]
    );
}

#[test]
fn a_net_line_tells_both_quantities() {
    let mut net = REMOVAL.lines().remove(0);
    net.key.cause = Cause::Net("c1".into());
    net.quote_mut().amount = (-20).into();
    assert_eq!(shown(&invoice("USD", vec![net.clone()])), [("Private projects", 3, vec![2])]);
    net.quote_mut().amount = "-19.50".parse().expect("a decimal");
    assert_eq!(shown(&invoice("USD", vec![net])), [("Private projects", 0, vec![2])]);
}

#[test]
fn segments_in_arrears_are_all_charged_now() {
    let mut first = line(["2020-05-27", "2020-06-19"], "Seats", 3, Some("20"), 4452);
    let mut second =
        line(["2020-06-19", "2020-06-27"], "Seats from 19 Jun 2020", 2, Some("20"), 1032);
    second.key.cause = Cause::Segment("c1".into());
    second.key.period_start = first.key.period_start;
    first.quote_mut().product = "Seats".into();
    second.quote_mut().product = "Seats".into();
    assert_eq!(shown(&invoice("USD", vec![first, second])), [("Seats", 0, vec![3, 2])]);
}
