//! Headings of what stands below the sums.

use super::page::{Flow, Ink, Paper, Style};
use super::weight::Weight;

const HEADING: Style = Style::new(Weight::SemiBold, 9.0, Ink::Accent);
const LEADING: f32 = 19.0;
/// Above the heading.
const GAP: f32 = 16.0;

/// Writes a heading that `after` points of what it heads follow on the same page.
pub(super) fn heading(flow: &mut Flow, text: &str, after: f32) {
    if flow.has_room(GAP + LEADING + after) {
        flow.skip(GAP);
    } else {
        flow.turn();
    }
    flow.text(Paper::SIDE, LEADING - 3.0, HEADING, text);
    flow.skip(LEADING);
}
