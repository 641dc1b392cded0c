//! One lane of the drawing: blocks of units over time, and the dates below.
//!
//! Grey units were billed before and are kept, pale ones were billed and are credited, and
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
const LANE_HEIGHT: f32 = 30.0;
/// The height of the first row of dates.
const DATES_HEIGHT: f32 = 16.0;
/// The height of each further row.
const DAYS_LEADING: f32 = 9.0;
/// The space between two dates.
const DAY_GAP: f32 = 6.0;
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
        let height = self.height(self.lane.billed);
        if end - start < 0.5 || self.lane.billed == 0 {
            return;
        }
        // Each bar extends to the end under the stronger ones, so that no seam shows.
        for step in 0..FADE {
            let from = start + (end - start) * f32::from(step) / f32::from(FADE);
            flow.fill([from, LANE_HEIGHT - height, end - from, height], Ink::Past(step * 7 + 24));
        }
        self.number(flow, (start, end), (self.lane.billed, 0), (Ink::Text, locale));
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

    /// The first and the last day below the ends, and the day of each change below its line. A day
    /// without room beside the others goes to the next row.
    fn days(&self, flow: &Flow, zone: Zone, locale: Locale) -> Vec<Day> {
        let width = |text: &str| flow.case.width(DATE.weight, DATE.size, text);
        let [first, last] = [self.lane.start, self.lane.end].map(|at| locale.date(zone.date(at)));
        let end = self.right - width(&last);
        // The free part of each row.
        let mut free = vec![(self.left + width(&first) + DAY_GAP, end - DAY_GAP)];
        let (start, end) = (Day::new(first, (self.left, 0), DATE), Day::new(last, (end, 0), DATE));
        let mut days = vec![start, end];
        for (at, _) in self.lane.steps.iter().filter(|(at, _)| *at > self.lane.start) {
            let text = locale.day(zone.date(*at));
            if days.last().is_some_and(|day| day.text == text) {
                continue;
            }
            let width = width(&text);
            let left = (self.x(*at) - width / 2.0).clamp(self.left, self.right - width);
            let has_room = |(from, to): &(f32, f32)| *from <= left && left + width <= *to;
            let row = free.iter().position(has_room).unwrap_or_else(|| {
                free.push((self.left, self.right));
                free.len() - 1
            });
            free[row].0 = left + width + DAY_GAP;
            days.push(Day::new(text, (left, row), Style { ink: Ink::Text, ..DATE }));
        }
        days
    }

    /// The height of the blocks with the days below them.
    pub(super) fn lane_height(&self, flow: &Flow, zone: Zone, locale: Locale) -> f32 {
        let rows = self.days(flow, zone, locale).iter().map(Day::below).fold(0.0, f32::max);
        LANE_HEIGHT + DATES_HEIGHT + rows
    }

    fn dates(&self, flow: &mut Flow, zone: Zone, locale: Locale) {
        for day in self.days(flow, zone, locale) {
            let top = LANE_HEIGHT + day.below();
            flow.text_below(day.left, top, DATES_HEIGHT, day.style, &day.text);
        }
    }
}

/// A day below a lane.
struct Day {
    text: String,
    left: f32,
    row: usize,
    style: Style,
}

impl Day {
    const fn new(text: String, (left, row): (f32, usize), style: Style) -> Self {
        Self { text, left, row, style }
    }

    /// How far it is below the first row.
    fn below(&self) -> f32 {
        f32::from(u16::try_from(self.row).unwrap_or(u16::MAX)) * DAYS_LEADING
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
