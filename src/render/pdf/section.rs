//! Headings of the sections below the sums.

use super::page::{Flow, Ink, Paper, Style};
use super::tree::{PartId, Role, Tag};
use super::weight::Weight;
use crate::locale::Texts;

const HEADING: Style = Style::new(Weight::SemiBold, 9.0, Ink::Accent);
const LEADING: f32 = 19.0;
/// The space above the heading.
const GAP: f32 = 16.0;

/// The height of a repeated heading.
pub(super) const CONTINUED: f32 = LEADING;

/// Continues a section on a new page, below its repeated heading.
pub(super) fn continued(flow: &mut Flow, text: &str, texts: Texts) {
    flow.turn();
    let text = texts.continued(text);
    flow.tagged(Tag::Header, |flow| flow.text(Paper::SIDE, LEADING - 3.0, HEADING, &text));
    flow.skip(CONTINUED);
}

/// Writes a heading. At least `after` points of its section follow on the same page.
pub(super) fn heading(flow: &mut Flow, text: &str, after: f32) {
    if flow.has_room(GAP + LEADING + after) {
        flow.skip(GAP);
    } else {
        flow.turn();
    }
    flow.within(PartId::DOCUMENT, Role::Heading, |flow| {
        flow.text(Paper::SIDE, LEADING - 3.0, HEADING, text);
    });
    flow.skip(LEADING);
}
