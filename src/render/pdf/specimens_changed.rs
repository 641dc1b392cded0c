//! Lines of changes and corrections for the tests, with amounts computed as in real ones.

use rust_decimal::Decimal;

use super::{line, written};
use crate::model::{Cause, Correction, CorrectionRole, Invoice, Line, LineKind, Quote, Reason};
use crate::rating::prorate;
use crate::value::{Amount, Currency, Fraction, Instant, Moment, Rounding, TimeUnit, Zone};

/// A change of quantity of one subscription inside a period.
#[derive(Clone, Copy)]
pub(in super::super) struct Change {
    pub(in super::super) subscription: &'static str,
    pub(in super::super) product: &'static str,
    pub(in super::super) id: &'static str,
    pub(in super::super) at: &'static str,
    pub(in super::super) period: [&'static str; 2],
    pub(in super::super) unit: u32,
    pub(in super::super) old: u64,
    pub(in super::super) new: u64,
}

/// The first removal on the published receipt.
pub(in super::super) const REMOVAL: Change = Change {
    subscription: "s1",
    product: "Private projects",
    id: "c1",
    at: "2020-06-19T06:51:00Z",
    period: ["2020-05-27", "2020-06-27"],
    unit: 20,
    old: 3,
    new: 2,
};

impl Change {
    /// The charge for the rest on the new terms, and the credit for unused time on the old terms.
    pub(in super::super) fn lines(self) -> Vec<Line> {
        let mut lines = Vec::new();
        if self.new > 0 {
            lines.push(self.line(self.new, "Remaining", LineKind::Remaining));
        }
        if self.old > 0 {
            lines.push(self.line(self.old, "Unused", LineKind::Unused));
        }
        lines
    }

    /// The same lines, counted in days.
    pub(in super::super) fn in_days(self, days: i64, whole: i64) -> Vec<Line> {
        let share = Fraction::new(days, whole, TimeUnit::Day);
        self.lines().into_iter().map(|line| priced(Line { share, ..line })).collect()
    }

    fn line(self, quantity: u64, word: &str, kind: LineKind) -> Line {
        let (at, start, end) = (at(self.at), at(self.period[0]), at(self.period[1]));
        let day = Zone::UTC.date(at).format("%-d %b %Y");
        let what = match quantity {
            1 => self.product.to_owned(),
            _ => format!("{quantity} × {}", self.product),
        };
        let text = format!("{word} time on {what} after {day}");
        let change = self.id.into();
        let full = Decimal::from(self.unit) * Decimal::from(quantity);
        let mut line = line(self.period, &text, quantity, None, 0);
        line.key.subscription_id = self.subscription.into();
        line.key.period_start = start;
        line.key.cause = match kind {
            LineKind::Unused => Cause::Unused(change),
            _ => Cause::Remaining(change),
        };
        let quote = line.quote_mut();
        quote.product = self.product.into();
        quote.unit_amount = Some(self.unit.into());
        quote.amount = if kind == LineKind::Unused { -full } else { full };
        let whole = end.seconds_since(start);
        priced(Line {
            kind,
            service_start: at,
            share: Fraction::new(end.seconds_since(at), whole, TimeUnit::Second),
            ..line
        })
    }
}

fn at(text: &str) -> Instant {
    Moment::parse(text).expect("a moment").at(Zone::UTC)
}

/// Computes the amount of the line.
fn priced(line: Line) -> Line {
    let usd = Currency::from_code("USD").expect("ISO 4217");
    let amount = prorate(line.quote.amount, line.share, usd, Rounding::HalfUp);
    Line { amount: amount.expect("a small amount"), ..line }
}

/// Lines that take back lines of an earlier invoice, and the right lines in their place.
pub(in super::super) fn correction(line: &Line, number: &str, right: u64) -> Vec<Line> {
    let on = "2020-06-02".parse().expect("a date");
    let reason = Reason::ChangeArrived { change: "c9".into(), on };
    let correction = |role| {
        let (reason, invoice_number) = (reason.clone(), number.into());
        Some(Box::new(Correction { role, invoice_number, line_number: 1, reason }))
    };
    let wrong = Line {
        kind: LineKind::Correction,
        quote: line.quote.credited().into(),
        amount: line.amount.checked_neg().expect("a small amount"),
        correction: correction(CorrectionRole::Reversal),
        ..line.clone()
    };
    let unit = line.quote.unit_amount.expect("a unit price");
    let amount = unit * Decimal::from(right);
    let quote = Quote { quantity: right, amount, ..(*line.quote).clone() };
    let right = Line {
        kind: LineKind::Correction,
        quote: quote.into(),
        correction: correction(CorrectionRole::Replacement),
        ..line.clone()
    };
    vec![wrong, priced(right)]
}

/// An invoice that corrects an earlier one.
pub(in super::super) fn corrected() -> Invoice {
    let before = ["2020-05-27", "2020-06-27"];
    let next = ["2020-06-27", "2020-07-27"];
    let mut billed = line(before, "Private projects", 3, Some("20"), 6000);
    billed.quote_mut().amount = 60.into();
    let mut lines = correction(&billed, "INV-2020-00007", 5);
    lines.extend([
        line(next, "Org membership", 1, Some("10.00"), 1000),
        line(next, "Private projects", 5, Some("20"), 10_000),
    ]);
    super::invoice("USD", lines)
}

/// An invoice for an increase that is charged at once and mostly paid by credit.
pub(in super::super) fn increased() -> Invoice {
    let increase = Change {
        product: "Private projects (annual)",
        at: "2020-06-27T12:30:00Z",
        period: ["2020-03-01", "2021-03-01"],
        unit: 192,
        old: 4,
        new: 6,
        ..REMOVAL
    };
    let mut invoice = super::invoice("USD", increase.lines());
    invoice.totals.credit_applied = Amount::from_minor(20_000);
    invoice.totals.amount_due =
        invoice.totals.total.checked_sub(invoice.totals.credit_applied).expect("a small amount");
    invoice
}

/// A switch to another price inside a period.
pub(in super::super) fn switched() -> Invoice {
    let old = Change { product: "Private projects in a Basic workspace", unit: 9, ..REMOVAL };
    let ended = Change { new: 0, ..old };
    let begun = Change { product: "Private projects in a Pro workspace", unit: 20, old: 0, ..old };
    let mut lines = Change { new: 3, ..begun }.lines();
    lines.extend(ended.lines());
    lines[0].quote_mut().price_id = "pro".into();
    super::invoice("USD", lines)
}

/// Segments of a period, billed at its end.
pub(in super::super) fn in_arrears() -> Invoice {
    let period = ["2020-05-27", "2020-06-27"];
    let from = |at: &'static str, id: &'static str, new| {
        let change = Change { at, id, old: 0, new, product: "Seats", ..REMOVAL };
        let mut line = change.lines().remove(0);
        line.kind = LineKind::Recurring;
        line.key.cause = Cause::Segment(id.into());
        line.wording = written("Seats from 19 Jun 2020", "Seats");
        line
    };
    let mut first = from("2020-05-27", "", 3);
    first.key.cause = Cause::Period;
    first.wording = None;
    let second = from("2020-06-19", "c1", 5);
    let whole = first.share.denominator;
    first.service_end = second.service_start;
    first.share = Fraction::new(whole - second.share.numerator, whole, TimeUnit::Second);
    let mut other = line(period, "Org membership", 1, Some("10.00"), 1000);
    other.key.subscription_id = "s2".into();
    super::invoice("USD", vec![priced(first), other, second])
}
