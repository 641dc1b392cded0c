//! Draws the changes: quantity over time, one lane per subscription and price, with a legend.
//!
//! A single lane is beside the sums, several lanes are below them. It uses only rectangles and
//! words, and nothing is drawn without changes.

use super::content::PdfContent;
use super::lanes::{Lane, LanePart, lanes};
use super::page::{Flow, Ink, Paper, Style};
use super::scale::{ABOVE, Scale, ink};
use super::section::{continued, heading};
use super::tree::{Figure, PartId, Role};
use super::weight::Weight;
use crate::locale::{Locale, Texts};
use crate::value::Zone;

const NAME: Style = Style::new(Weight::Regular, 9.0, Ink::Text);
const TITLE: Style = Style::new(Weight::SemiBold, 9.0, Ink::Text);
const SMALL: Style = Style::new(Weight::Regular, 7.5, Ink::Muted);
const LEADING: f32 = 12.0;
/// The space above and below the name of a lane beside the sums.
const TITLE_GAPS: [f32; 2] = [2.5, 4.0];
/// The share of the width for names below the sums.
const NAMES: f32 = 0.26;
/// The space between a name and its lane.
const GUTTER: f32 = 16.0;
/// The space between two lanes.
const LANE_GAP: f32 = 6.0;
/// The smallest width of a lane beside the sums.
const NARROWEST: f32 = 210.0;
/// The size of a colour square of the legend, and the space to the next.
const SWATCH: f32 = 7.0;
const SWATCH_GAP: f32 = 4.0;
const WORDS_GAP: f32 = 14.0;
/// Further lanes are not drawn.
const MOST_LANES: usize = 4;

/// The drawing of an invoice.
pub(super) struct Drawing<'i> {
    lanes: Vec<Lane<'i>>,
    /// The number of lanes that are not drawn.
    undrawn: usize,
    zone: Zone,
    locale: Locale,
}

impl<'i> Drawing<'i> {
    pub(super) fn new(manuscript: &PdfContent<'i>) -> Self {
        let mut lanes = lanes(manuscript.document.lines, manuscript.document.related);
        let undrawn = lanes.len().saturating_sub(MOST_LANES);
        lanes.truncate(MOST_LANES);
        Self { lanes, undrawn, zone: manuscript.document.account.zone, locale: manuscript.locale() }
    }

    /// The height beside the sums, if the drawing fits there.
    pub(super) fn height_beside(&self, flow: &Flow, width: f32) -> Option<f32> {
        let [lane] = &*self.lanes else { return None };
        let name = Self::title(flow, lane, width).len() + self.legend(flow, width).len();
        let lines = (0..name).fold(0.0, |height, _| height + LEADING);
        let lane = self.lane_height(flow, lane, (Paper::SIDE, Paper::SIDE + width));
        (width >= NARROWEST).then_some(lines + TITLE_GAPS[0] + TITLE_GAPS[1] + lane)
    }

    /// Draws a single lane at the left with this width.
    pub(super) fn write_beside(&self, flow: &mut Flow, width: f32) {
        for lane in &self.lanes {
            flow.skip(TITLE_GAPS[0]);
            flow.within(PartId::DOCUMENT, Role::Paragraph, |flow| {
                for line in Self::title(flow, lane, width) {
                    flow.text(Paper::SIDE, LEADING, TITLE, &line);
                    flow.skip(LEADING);
                }
            });
            flow.skip(TITLE_GAPS[1]);
            self.lane(flow, lane, (Paper::SIDE, Paper::SIDE + width));
            self.write_legend(flow, (Paper::SIDE, width));
        }
    }

    /// Draws the lanes below each other without splitting any across pages.
    pub(super) fn write(&self, flow: &mut Flow) {
        let left = Paper::SIDE + NAMES * flow.paper.measure();
        let right = flow.paper.right();
        for (place, lane) in self.lanes.iter().enumerate() {
            let width = left - Paper::SIDE - GUTTER;
            let name = flow.case.wrap(NAME.weight, NAME.size, lane.product, width);
            let name_height = name.iter().fold(0.0, |height, _| height + LEADING);
            let lane_height = self.lane_height(flow, lane, (left, right));
            let more = (name_height - lane_height).max(0.0) + LANE_GAP;
            let height = lane_height + more + LEADING;
            if place == 0 {
                heading(flow, self.locale.texts().timeline(), height);
            } else if !flow.has_room(height) {
                let texts = self.locale.texts();
                continued(flow, texts.timeline(), texts);
            }
            flow.within(PartId::DOCUMENT, Role::Paragraph, |flow| {
                let belows = (0_u8..).map(|line| f32::from(line) * LEADING);
                for (line, below) in name.iter().zip(belows) {
                    flow.text_below(Paper::SIDE, below, LEADING, NAME, line);
                }
            });
            self.lane(flow, lane, (left, right));
            flow.skip(more);
        }
        self.write_legend(flow, (left, right - left));
        let drawn = self.lanes.len();
        if self.undrawn > 0 {
            let all = drawn + self.undrawn;
            let [drawn, all] = [drawn, all].map(|lanes| lanes.to_string());
            flow.within(PartId::DOCUMENT, Role::Paragraph, |flow| {
                Self::line(flow, left, &self.locale.texts().not_drawn(&drawn, &all));
            });
        }
    }

    fn lane(&self, flow: &mut Flow, lane: &Lane, edges: (f32, f32)) {
        let height = self.lane_height(flow, lane, edges);
        let bounds = [edges.0, flow.top() - ABOVE, edges.1, flow.top() + height];
        let figure = Figure { words: self.in_words(lane), bounds };
        flow.figure(figure, |flow| Scale::new(edges, lane).draw(flow, self.zone, self.locale));
        flow.skip(height);
    }

    fn lane_height(&self, flow: &Flow, lane: &Lane, edges: (f32, f32)) -> f32 {
        Scale::new(edges, lane).lane_height(flow, self.zone, self.locale)
    }

    /// What a lane shows, in the words of the legend: "Seats. 27 May 2020: billed before 3. 19 Jun:
    /// billed before 2; billed before, credited now 1. 27 Jun 2020".
    fn in_words(&self, lane: &Lane) -> String {
        let [start, end] = [lane.start, lane.end].map(|at| self.locale.date(self.zone.date(at)));
        let mut text = lane.product.to_owned();
        let mut add = |date: &str, parts: [(LanePart, u64); 3]| {
            text.extend([". ", date]);
            let mut separator = ": ";
            for (part, units) in parts.into_iter().filter(|(_, units)| *units > 0) {
                let units = self.locale.quantity(units);
                text.extend([separator, words(part, self.locale.texts()), " ", &units]);
                separator = "; ";
            }
        };
        if lane.first() > lane.start {
            add(&start, lane.parts(lane.billed));
        }
        for (at, held) in &lane.steps {
            let day = self.locale.day(self.zone.date(*at));
            add(if *at == lane.start { &start } else { &day }, lane.parts(*held));
        }
        text.extend([". ", &end]);
        text
    }

    fn title(flow: &Flow, lane: &Lane, width: f32) -> Vec<String> {
        flow.case.wrap(TITLE.weight, TITLE.size, lane.product, width)
    }

    /// The legend of the used colours, in lines of a width: the left edge and the part of each
    /// entry.
    fn legend(&self, flow: &Flow, width: f32) -> Vec<Vec<(f32, LanePart)>> {
        let mut lines: Vec<Vec<(f32, LanePart)>> = Vec::new();
        let mut left = 0.0;
        for part in
            LanePart::ALL.into_iter().filter(|part| self.lanes.iter().any(|it| it.has(*part)))
        {
            let words = flow.case.width(SMALL.weight, SMALL.size, words(part, self.locale.texts()));
            if lines.is_empty() || left + SWATCH + SWATCH_GAP + words > width {
                lines.push(Vec::new());
                left = 0.0;
            }
            lines.last_mut().expect("one was pushed").push((left, part));
            left += SWATCH + SWATCH_GAP + words + WORDS_GAP;
        }
        lines
    }

    fn write_legend(&self, flow: &mut Flow, (edge, width): (f32, f32)) {
        for line in self.legend(flow, width) {
            if !flow.has_room(LEADING) {
                flow.turn();
            }
            for (left, part) in &line {
                flow.fill([edge + left, (LEADING - SWATCH) / 2.0, SWATCH, SWATCH], ink(*part));
            }
            flow.within(PartId::DOCUMENT, Role::Paragraph, |flow| {
                for (left, part) in line {
                    let left = edge + left + SWATCH + SWATCH_GAP;
                    flow.text(left, LEADING, SMALL, words(part, self.locale.texts()));
                }
            });
            flow.skip(LEADING);
        }
    }

    fn line(flow: &mut Flow, left: f32, text: &str) {
        for line in flow.case.wrap(SMALL.weight, SMALL.size, text, flow.paper.right() - left) {
            if !flow.has_room(LEADING) {
                flow.turn();
            }
            flow.text(left, LEADING, SMALL, &line);
            flow.skip(LEADING);
        }
    }
}

fn words(part: LanePart, texts: Texts) -> &'static str {
    match part {
        LanePart::Kept => texts.kept(),
        LanePart::Credited => texts.given_back(),
        LanePart::Charged => texts.charged_now(),
    }
}
