//! The data for drawing the changes of an invoice: for each changed subscription and price, the
//! quantities over its period.
//!
//! All data comes from the lines. The quantity between the start of the period and its first change
//! is known only from the credit, because an earlier change may already be billed.

use std::collections::HashMap;

use crate::model::{Cause, Line, LineKind, Related};
use crate::value::Instant;

/// One subscription at one price over one period.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lane<'i> {
    pub(super) product: &'i str,
    pub(super) start: Instant,
    pub(super) end: Instant,
    /// The quantity billed before for the time after the first change; zero in arrears.
    pub(super) billed: u64,
    /// The quantity from each change on; in arrears, the first is from the start on.
    pub(super) steps: Vec<(Instant, u64)>,
}

/// The kind of units after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LanePart {
    /// Billed before, and kept.
    Kept,
    /// Billed before, and credited.
    Credited,
    /// Charged now.
    Charged,
}

impl LanePart {
    /// In the order of the legend.
    pub(super) const ALL: [Self; 3] = [Self::Kept, Self::Credited, Self::Charged];
}

impl Lane<'_> {
    /// The parts of a quantity, from bottom to top.
    pub(super) fn parts(&self, held: u64) -> [(LanePart, u64); 3] {
        let kept = self.billed.min(held);
        [
            (LanePart::Kept, kept),
            (LanePart::Credited, self.billed - kept),
            (LanePart::Charged, held - kept),
        ]
    }

    /// Whether it has units of this part.
    pub(super) fn has(&self, part: LanePart) -> bool {
        let is_past = part == LanePart::Kept && self.billed > 0 && self.first() > self.start;
        let parts = self.steps.iter().flat_map(|(_, held)| self.parts(*held));
        is_past || parts.into_iter().any(|(it, units)| it == part && units > 0)
    }

    /// The largest quantity to show.
    pub(super) fn most(&self) -> u64 {
        self.steps.iter().map(|(_, quantity)| *quantity).fold(self.billed, u64::max)
    }

    /// The first change; the start if everything is billed now.
    pub(super) fn first(&self) -> Instant {
        self.steps.first().map_or(self.start, |(at, _)| *at)
    }
}

/// The key of a lane: a subscription, its period, its price.
type LaneKey<'i> = (&'i str, Instant, &'i str);

/// The lanes in the order of their first lines; empty without changes. Parts of the changes on related
/// documents belong to them.
pub(super) fn lanes<'i>(of: &'i [Line], related: Option<&'i Related>) -> Vec<Lane<'i>> {
    let mut lanes: Vec<Lane> = Vec::new();
    let mut known: HashMap<LaneKey, usize> = HashMap::new();
    let elsewhere = related.into_iter().flat_map(|related| &related.documents);
    let mut all: Vec<&Line> =
        of.iter().chain(elsewhere.flat_map(|document| &document.lines)).collect();
    if related.is_some() {
        all.sort_by_key(|line| line.service_start);
    }
    let drawn = all.into_iter().filter(|line| {
        line.kind != LineKind::Discount
            && line.correction.is_none()
            && line.quote.interval.is_some()
    });
    for line in drawn {
        let (before, after) = match &line.key.cause {
            Cause::Unused(_) => (Some(line.quote.quantity), None),
            Cause::Remaining(_) => (None, Some(line.quote.quantity)),
            Cause::Net(_) => (quantity_before(line), Some(line.quote.quantity)),
            // In arrears. A period without a segment is not drawn, see below.
            Cause::Period | Cause::Segment(_) => (Some(0), Some(line.quote.quantity)),
            Cause::Adjustment(_) => continue,
        };
        let key = (&*line.key.subscription_id, line.key.period_start, &*line.quote.price_id);
        let place = *known.entry(key).or_insert_with(|| {
            lanes.push(Lane::new(line, before.unwrap_or(0)));
            lanes.len() - 1
        });
        lanes[place].add(line, before, after);
    }
    lanes.retain(Lane::is_telling);
    lanes
}

/// The quantity before a net line. Its price is that of both quantities' difference.
fn quantity_before(line: &Line) -> Option<u64> {
    let unit = line.quote.unit_amount.filter(|unit| !unit.is_zero())?;
    let more = line.quote.amount.checked_div(unit).filter(rust_decimal::Decimal::is_integer)?;
    let more = i64::try_from(more.normalize().mantissa()).ok().filter(|_| more.scale() == 0)?;
    i64::try_from(line.quote.quantity).ok()?.checked_sub(more)?.try_into().ok()
}

impl<'i> Lane<'i> {
    fn new(line: &'i Line, billed: u64) -> Self {
        let (start, end) = (line.key.period_start, line.service_end);
        Self { product: &line.quote.product, start, end, billed, steps: Vec::new() }
    }

    /// Adds the quantity before and after the change of a line.
    fn add(&mut self, line: &Line, before: Option<u64>, after: Option<u64>) {
        self.end = self.end.max(line.service_end);
        let at = line.service_start;
        if let Some(before) =
            before.filter(|_| self.steps.first().is_none_or(|first| first.0 == at))
        {
            self.billed = before;
        }
        match self.steps.last_mut() {
            Some((last, quantity)) if *last == at => *quantity = after.unwrap_or(*quantity),
            // Lines are in time order; others are not steps.
            Some((last, _)) if *last > at => {}
            _ => self.steps.push((at, after.unwrap_or(0))),
        }
    }

    /// Whether it shows a change. A period billed as a whole has none.
    fn is_telling(&self) -> bool {
        let is_change = self.steps.len() > 1 || self.first() > self.start;
        self.end > self.start && self.most() > 0 && is_change
    }
}

#[cfg(test)]
#[path = "lanes_tests.rs"]
mod tests;
