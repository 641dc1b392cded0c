//! One lane of the drawing: blocks of units over time, and the dates below.
//!
//! Grey units were paid before and are kept, pale ones were paid and are credited, and
//! full-coloured ones are charged now. The time before the first change fades to the left, because
//! the invoice does not know all of it.

use super::lanes::{Lane, LanePart};
use super::page::{Flow, Ink, Style};
use super::weight::Weight;
use crate::locale::Locale;
use crate::value::{Instant, Zone};

const DATE: Style = Style::new(Weight::Regular, 7.5, Ink::Muted);
const NUMBER: Style = Style::new(Weight::SemiBold, 7.5, Ink::Text);
/// The height of the blocks.
pub(super) const LANE_HEIGHT: f32 = 30.0;
/// The height of the dates.
pub(super) const DATES_HEIGHT: f32 = 16.0;
/// How far the lines of changes reach above the blocks.
pub(super) const ABOVE: f32 = 3.0;
/// Lower blocks have no number.
const LOWEST: f32 = 9.0;
/// The white line between units that are few enough to count.
const SEAM: f32 = 0.8;
const FEW: u64 = 3;
/// The number of fading steps.
const FADE: u8 = 32;

/// The colour of a part.
pub(super) const fn ink(part: LanePart) -> Ink {
    match part {
        LanePart::Kept => Ink::Past(255),
        LanePart::Credited => Ink::Pale,
        LanePart::Charged => Ink::Accent,
    }
}

/// Places times and quantities of a lane.
pub(super) struct Scale<'l> {
    left: f32,
    right: f32,
    lane: &'l Lane<'l>,
    /// The largest quantity, counted once.
    most: u64,
}

impl<'l> Scale<'l> {
    /// A scale between two edges.
    pub(super) fn new((left, right): (f32, f32), lane: &'l Lane<'l>) -> Self {
        Self { left, right, lane, most: lane.most() }
    }
}

impl Scale<'_> {
    fn x(&self, at: Instant) -> f32 {
        let whole = seconds(self.lane.end.seconds_since(self.lane.start)).max(1.0);
        let part = seconds(at.seconds_since(self.lane.start)).clamp(0.0, whole);
        self.left + (self.right - self.left) * part / whole
    }

    /// The height of a quantity.
    fn height(&self, units: u64) -> f32 {
        LANE_HEIGHT * share(units, self.most)
    }

    /// Draws the lane at the cursor, and the dates below.
    pub(super) fn draw(&self, flow: &mut Flow, zone: Zone, locale: Locale) {
        self.past(flow, locale);
        let steps = &self.lane.steps;
        let ends = steps.iter().skip(1).map(|(at, _)| *at).chain([self.lane.end]);
        for ((from, held), to) in steps.iter().zip(ends) {
            let mut below = 0;
            for (part, units) in self.lane.parts(*held) {
                self.block(flow, (self.x(*from), self.x(to)), (units, below), (ink(part), locale));
                below += units;
            }
        }
        self.seams(flow);
        flow.fill([self.left, LANE_HEIGHT, self.right - self.left, 0.6], Ink::Past(255));
        for (at, _) in steps.iter().filter(|(at, _)| *at > self.lane.start) {
            let height = ABOVE + LANE_HEIGHT + 4.0;
            flow.fill([self.x(*at) - 0.4, -ABOVE, 0.8, height], Ink::Text);
        }
        self.dates(flow, zone, locale);
    }

    /// Draws the units before the first change, fading in.
    fn past(&self, flow: &mut Flow, locale: Locale) {
        let (start, end) = (self.left, self.x(self.lane.first()));
        let height = self.height(self.lane.paid);
        if end - start < 0.5 || self.lane.paid == 0 {
            return;
        }
        // Each bar extends to the end under the stronger ones, so that no seam shows.
        for step in 0..FADE {
            let from = start + (end - start) * f32::from(step) / f32::from(FADE);
            flow.fill([from, LANE_HEIGHT - height, end - from, height], Ink::Past(step * 7 + 24));
        }
        self.number(flow, (start, end), (self.lane.paid, 0), (Ink::Text, locale));
    }

    /// Draws a block of units above those below it, with its number if that fits.
    fn block(
        &self,
        flow: &mut Flow,
        span: (f32, f32),
        stack: (u64, u64),
        (ink, locale): (Ink, Locale),
    ) {
        let ((from, to), (units, below)) = (span, stack);
        let (height, foot) = (self.height(units), self.height(below));
        if units > 0 && to - from > 0.3 {
            flow.fill([from, LANE_HEIGHT - foot - height, to - from, height], ink);
            let written = if ink == Ink::Accent { Ink::White } else { Ink::Text };
            self.number(flow, span, stack, (written, locale));
        }
    }

    /// Writes the number of units in a block.
    fn number(
        &self,
        flow: &mut Flow,
        (from, to): (f32, f32),
        (units, below): (u64, u64),
        (ink, locale): (Ink, Locale),
    ) {
        let text = locale.quantity(units);
        let width = flow.case.width(NUMBER.weight, NUMBER.size, &text);
        let height = self.height(units);
        if to - from < width + 8.0 || height < LOWEST {
            return;
        }
        let top = LANE_HEIGHT - self.height(below) - height;
        // In the lowest unit if units are separated, otherwise in the middle.
        let (top, height) = if self.has_seams() {
            (top + height - self.height(1), self.height(1))
        } else {
            (top, height)
        };
        let style = Style { ink, ..NUMBER };
        flow.text_below(to - width - 5.0, top, height, style, &text);
    }

    fn has_seams(&self) -> bool {
        self.most <= FEW
    }

    /// Draws white lines between units that can be told apart.
    fn seams(&self, flow: &mut Flow) {
        if self.has_seams() {
            for unit in 1..self.most {
                let top = LANE_HEIGHT - self.height(unit) - SEAM / 2.0;
                flow.fill([self.left, top, self.right - self.left, SEAM], Ink::White);
            }
        }
    }

    /// The first and the last day below the ends, and the days of changes if there is room.
    fn dates(&self, flow: &mut Flow, zone: Zone, locale: Locale) {
        let width = |flow: &Flow, text: &str| flow.case.width(DATE.weight, DATE.size, text);
        let [first, last] = [self.lane.start, self.lane.end].map(|at| locale.date(zone.date(at)));
        let end = self.right - width(flow, &last);
        let mut taken = self.left + width(flow, &first);
        let write = |flow: &mut Flow, left, style, text: &str| {
            flow.text_below(left, LANE_HEIGHT, DATES_HEIGHT, style, text);
        };
        write(flow, self.left, DATE, &first);
        write(flow, end, DATE, &last);
        for (at, _) in self.lane.steps.iter().filter(|(at, _)| *at > self.lane.start) {
            let text = locale.day(zone.date(*at));
            let left = self.x(*at) - width(flow, &text) / 2.0;
            let right = left + width(flow, &text);
            if left > taken + 6.0 && right < end - 6.0 {
                write(flow, left, Style { ink: Ink::Text, ..DATE }, &text);
                taken = right;
            }
        }
    }
}

/// Precise enough for drawing.
#[expect(clippy::cast_precision_loss, reason = "a drawing is finer than it needs to be")]
fn seconds(seconds: i64) -> f32 {
    seconds as f32
}

/// A ratio.
#[expect(clippy::cast_precision_loss, reason = "a drawing is finer than it needs to be")]
fn share(units: u64, most: u64) -> f32 {
    units as f32 / most.max(1) as f32
}
