//! The sums below the table, and the remarks below them.
//!
//! The sums are right-aligned with the amounts of the table, so their points align. Long labels
//! wrap. Remarks required by law come first, in black.

use super::content::PdfContent;
use super::page::{Flow, Ink, Paper, Style};
use super::sums::{ShownSum, SumRank, last, sums};
use super::taxes;
use super::timeline::Drawing;
use super::tree::{PartId, Role};
use super::weight::Weight;
use super::wording::terms;

const LABEL: Style = Style::new(Weight::Regular, 9.0, Ink::Muted);
const SUM: Style = Style::new(Weight::Regular, 9.0, Ink::Text);
const RESULT: Style = Style::new(Weight::SemiBold, 9.0, Ink::Text);
const LAST: Style = Style::new(Weight::SemiBold, 11.0, Ink::Text);
const LEADING: f32 = 17.0;
/// The distance between the lines of one label.
const LABEL_LEADING: f32 = 12.0;
const REMARK_LEADING: f32 = 13.0;
/// The space between two remarks.
const PARAGRAPH_GAP: f32 = 3.0;
/// The space above and below each of the two rules.
const RULE_GAP: f32 = 7.0;
const REMARK_GAP: f32 = 18.0;
/// The space between a label and its number, and between the sums and the drawing.
const GUTTER: f32 = 24.0;
/// The smallest width of the sums.
const WIDTH: f32 = 200.0;
/// The largest width of a label's line.
const WIDEST_LABEL: f32 = 270.0;
/// The height of the last table row on a separate page, with everything above it.
const TABLE_HEIGHT: f32 = 100.0;

/// The measured sums and remarks of one invoice.
pub(super) struct TotalsBlock<'i> {
    rows: Vec<TotalsRow>,
    last: (&'static str, String),
    remarks: Vec<Remark>,
    /// The left edge of the labels.
    left: f32,
    /// The drawing at the left of the sums, with its width and height.
    beside: Option<(&'i Drawing<'i>, f32, f32)>,
}

/// A measured sum.
struct TotalsRow {
    /// The wrapped label.
    label: Vec<String>,
    number: String,
    /// The styles of label and number.
    styles: [Style; 2],
}

/// A measured remark.
struct Remark {
    style: Style,
    lines: Vec<String>,
}

impl<'i> TotalsBlock<'i> {
    pub(super) fn new(flow: &Flow, manuscript: &PdfContent, timeline: &'i Drawing<'i>) -> Self {
        let last = last(manuscript);
        let sums = sums(manuscript);
        let width = |style: Style, text: &str| flow.case.width(style.weight, style.size, text);
        let numbers = sums.iter().map(|sum| width(styles(sum.rank)[1], &sum.number));
        let widest = numbers.fold(0.0, f32::max);
        let room = (flow.paper.measure() - GUTTER - widest).min(WIDEST_LABEL);
        let rows: Vec<TotalsRow> =
            sums.into_iter().map(|sum| TotalsRow::new(flow, sum, room)).collect();
        let widths = rows.iter().map(|row| row.width(flow));
        let widest = widths.fold(width(LAST, last.0) + width(LAST, &last.1), f32::max);
        let left = flow.paper.right() - (widest + GUTTER).max(WIDTH);
        let mut totals =
            Self { rows, last, remarks: remarks(flow, manuscript), left, beside: None };
        let width = left - GUTTER - Paper::SIDE;
        // Sums that are split across pages have nothing beside them.
        if flow.fits_a_sheet(TABLE_HEIGHT + totals.sums_height()) {
            let height = timeline.height_beside(flow, width);
            totals.beside = height.map(|height| (timeline, width, height));
        }
        totals
    }

    /// Whether the drawing of the changes is included.
    pub(super) fn has_timeline(&self) -> bool {
        self.beside.is_some()
    }

    /// The room needed below the table. It is the whole block, so that no remark is alone on a
    /// page; or only the sums, if the remarks are too long.
    pub(super) fn height(&self, flow: &Flow) -> f32 {
        let sums = self.sums_height();
        let remarks = self.remarks.iter().map(Remark::height);
        let all = remarks.fold(sums + REMARK_GAP, |height, remark| height + remark);
        if flow.fits_a_sheet(TABLE_HEIGHT + all) { all } else { sums }
    }

    /// The height of the sums, which stay together if a page can hold them.
    fn sums_height(&self) -> f32 {
        let rules = if self.rows.is_empty() { 2.0 } else { 4.0 };
        let sums = RULE_GAP * rules + LEADING;
        let sums = self.rows.iter().fold(sums, |height, row| height + row.height());
        self.beside.map_or(sums, |(_, _, height)| sums.max(2.0 * RULE_GAP + height))
    }

    pub(super) fn write(&self, flow: &mut Flow) {
        if !flow.has_room(self.sums_height()) {
            flow.turn();
        }
        let right = flow.paper.right();
        flow.skip(RULE_GAP);
        flow.rule(Paper::SIDE, right, 0.6, Ink::Hairline);
        flow.skip(RULE_GAP);
        let top = flow.top();
        if let Some((timeline, width, _)) = self.beside {
            timeline.write_beside(flow, width);
        }
        let bottom = flow.top();
        flow.go_to(top);
        let table = flow.part(PartId::DOCUMENT, Role::Table);
        for row in &self.rows {
            row.write(flow, table, self.left);
        }
        if !flow.has_room(RULE_GAP * 2.0 + LEADING) {
            flow.turn();
        }
        if !self.rows.is_empty() {
            flow.skip(RULE_GAP);
            flow.rule(self.left, right, 1.2, Ink::Accent);
            flow.skip(RULE_GAP);
        }
        let (label, number) = &self.last;
        let row = flow.part(table, Role::Row);
        flow.within(row, Role::RowHeader, |flow| flow.text(self.left, LEADING, LAST, label));
        flow.within(row, Role::Cell(1), |flow| flow.text_to(right, LEADING, LAST, number));
        flow.skip(LEADING);
        if bottom > flow.top() && self.beside.is_some() {
            flow.go_to(bottom);
        }
        self.write_remarks(flow);
    }

    fn write_remarks(&self, flow: &mut Flow) {
        if !self.remarks.is_empty() {
            flow.skip(REMARK_GAP);
        }
        for Remark { style, lines } in &self.remarks {
            flow.within(PartId::DOCUMENT, Role::Paragraph, |flow| {
                for line in lines {
                    if !flow.has_room(REMARK_LEADING) {
                        flow.turn();
                    }
                    flow.text(Paper::SIDE, REMARK_LEADING, *style, line);
                    flow.skip(REMARK_LEADING);
                }
            });
            flow.skip(PARAGRAPH_GAP);
        }
    }
}

impl Remark {
    fn height(&self) -> f32 {
        self.lines.iter().fold(PARAGRAPH_GAP, |height, _| height + REMARK_LEADING)
    }
}

impl TotalsRow {
    fn new(flow: &Flow, ShownSum { rank, label, number, .. }: ShownSum, room: f32) -> Self {
        let styles = styles(rank);
        let label = flow.case.wrap(styles[0].weight, styles[0].size, &label, room);
        Self { label, number, styles }
    }

    fn width(&self, flow: &Flow) -> f32 {
        let width = |style: Style, text: &str| flow.case.width(style.weight, style.size, text);
        let [label, number] = self.styles;
        let widest = self.label.iter().map(|line| width(label, line)).fold(0.0, f32::max);
        widest + width(number, &self.number)
    }

    fn height(&self) -> f32 {
        self.label.iter().skip(1).fold(LEADING, |height, _| height + LABEL_LEADING)
    }

    /// Writes the label, then the number beside its first line.
    fn write(&self, flow: &mut Flow, table: PartId, left: f32) {
        if !flow.has_room(self.height()) {
            flow.turn();
        }
        let [label, number] = self.styles;
        let (row, top) = (flow.part(table, Role::Row), flow.top());
        flow.within(row, Role::RowHeader, |flow| {
            for (index, line) in self.label.iter().enumerate() {
                flow.text(left, LEADING, label, line);
                flow.skip(if index + 1 < self.label.len() { LABEL_LEADING } else { LEADING });
            }
        });
        let below = flow.top();
        flow.go_to(top);
        flow.within(row, Role::Cell(1), |flow| {
            flow.text_to(flow.paper.right(), LEADING, number, &self.number);
        });
        flow.go_to(below);
    }
}

/// The styles of a label and of its number.
const fn styles(rank: SumRank) -> [Style; 2] {
    match rank {
        SumRank::Start | SumRank::Step => [LABEL, SUM],
        SumRank::Result => [RESULT, RESULT],
        SumRank::Aside => [LABEL, LABEL],
    }
}

fn remarks(flow: &Flow, manuscript: &PdfContent) -> Vec<Remark> {
    let invoice = manuscript.document;
    let remark = |style: Style, text: &str| Remark {
        style,
        lines: flow.case.wrap(style.weight, style.size, text, flow.paper.measure()),
    };
    let notes = taxes::notes(invoice.taxes, manuscript.texts());
    let mut remarks: Vec<Remark> = notes.into_iter().map(|note| remark(SUM, note)).collect();
    // A receipt is printed later, when this balance may have been used.
    let credit = terms::credit(&invoice, manuscript.locale()).filter(|_| manuscript.paid.is_none());
    remarks.extend(credit.map(|credit| remark(LABEL, &credit)));
    let memo = Some(invoice.account.memo()).filter(|_| manuscript.paid.is_none());
    remarks.extend(memo.into_iter().flat_map(str::lines).map(|line| remark(SUM, line)));
    remarks
}
