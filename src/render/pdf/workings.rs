//! "How this was calculated": the arithmetic of each line that the table does not fully show, in
//! small type below everything.
//!
//! The heading is repeated on further pages. No page has only one or two lines of arithmetic, unless
//! the document has no more.

use super::content::PdfContent;
use super::page::{Flow, Ink, Paper, Style};
use super::section::{CONTINUED, continued, heading};
use super::tree::{PartId, Role, Tag};
use super::weight::Weight;
use crate::locale::Texts;
use crate::model::Line;
use crate::value::TimeUnit;
use crate::wording::formula;
use crate::wording::translated::description;

const LABEL: Style = Style::new(Weight::Regular, 7.5, Ink::Muted);
const FORMULA: Style = Style::new(Weight::Regular, 7.5, Ink::Text);
const LEADING: f32 = 10.5;
/// The space below each line.
const GAP: f32 = 1.5;
/// The largest share of the width for formulas.
const FORMULAS: f32 = 0.56;
/// The space between descriptions and formulas.
const GUTTER: f32 = 16.0;
/// The fewest rows on a page.
const FEWEST: usize = 3;

/// Writes the arithmetic, if any.
pub(super) fn write(flow: &mut Flow, manuscript: &PdfContent) {
    let (locale, texts) = (manuscript.locale(), manuscript.texts());
    let hides_zero = manuscript.hides_zero();
    let lines = manuscript.document.lines.iter();
    let lines = lines.filter(|line| !hides_zero || !line.amount.is_zero());
    let shown: Vec<_> = lines.filter_map(|line| Some((line, formula(line, locale)?))).collect();
    if shown.is_empty() {
        return;
    }
    let measure = flow.paper.measure();
    let widths = shown.iter().map(|(_, it)| flow.case.width(FORMULA.weight, FORMULA.size, it));
    let width = widths.fold(0.0, f32::max).min(FORMULAS * measure).ceil();
    let left = flow.paper.right() - width;
    let rows: Vec<WorkingsRow> = shown
        .iter()
        .map(|(line, formula)| {
            let wrap = |style: Style, text: &str, width| {
                flow.case.wrap(style.weight, style.size, text, width)
            };
            let label = description(line, locale, true);
            let labels = wrap(LABEL, &label, measure - width - GUTTER);
            let columns =
                [(Paper::SIDE, LABEL, labels), (left, FORMULA, wrap(FORMULA, formula, width))];
            WorkingsRow { columns }
        })
        .collect();
    let rule = rule(&shown, texts)
        .map_or_else(Vec::new, |rule| flow.case.wrap(LABEL.weight, LABEL.size, rule, measure));
    let above = height(rule.len()) + 2.0 * GAP;
    let first = rows.iter().take(FEWEST).fold(above, |height, row| height + row.height());
    heading(flow, texts.calculation(), first);
    if !rule.is_empty() {
        flow.within(PartId::DOCUMENT, Role::Paragraph, |flow| {
            for line in &rule {
                flow.text(Paper::SIDE, LEADING, LABEL, line);
                flow.skip(LEADING);
            }
        });
        flow.skip(2.0 * GAP);
    }
    let table = flow.part(PartId::DOCUMENT, Role::Table);
    let turn = |flow: &mut Flow| continued(flow, texts.calculation(), texts);
    for (place, row) in rows.iter().enumerate() {
        if must_turn(flow, &rows, place) {
            turn(flow);
        }
        row.write(flow, table, &turn);
        flow.skip(GAP);
    }
}

/// A description and its formula, wrapped: the left edge, the style and the lines of each.
struct WorkingsRow {
    columns: [(f32, Style, Vec<String>); 2],
}

/// Whether the row at `place` goes to the next page: it has no room here, or the next page would have
/// fewer than [`FEWEST`] rows without it.
fn must_turn(flow: &Flow, rows: &[WorkingsRow], place: usize) -> bool {
    let rest = &rows[place..];
    let height = rest.iter().fold(0.0, |height, row| height + row.height());
    let goes_together =
        |height: f32| !flow.has_room(height) && flow.fits_a_sheet(CONTINUED + height);
    let is_few = place > 0 && rest.len() <= FEWEST;
    goes_together(rest[0].height()) || (is_few && goes_together(height))
}

impl WorkingsRow {
    fn count(&self) -> usize {
        self.columns.iter().map(|(_, _, lines)| lines.len()).max().unwrap_or(0)
    }

    fn height(&self) -> f32 {
        height(self.count()) + GAP
    }

    /// Writes the description and the formula beside each other. On each page the lines of the
    /// description come first.
    fn write(&self, flow: &mut Flow, table: PartId, turn: &impl Fn(&mut Flow)) {
        let row = flow.part(table, Role::Row);
        let parts = [Role::RowHeader, Role::Cell(1)].map(|role| flow.part(row, role));
        let (count, mut done) = (self.count(), 0);
        while done < count {
            if !flow.has_room(LEADING) {
                turn(flow);
            }
            let (top, here) = (flow.top(), flow.lines_here(count - done, |_| LEADING, LEADING));
            for ((left, style, lines), part) in self.columns.iter().zip(parts) {
                flow.go_to(top);
                flow.tagged(Tag::Content(part), |flow| {
                    for line in done..done + here {
                        flow.text(*left, LEADING, *style, lines.get(line).map_or("", |it| it));
                        flow.skip(LEADING);
                    }
                });
            }
            done += here;
        }
    }
}

/// The height of this many lines.
fn height(lines: usize) -> f32 {
    f32::from(u16::try_from(lines).unwrap_or(u16::MAX)) * LEADING
}

/// A remark that applies to all formulas, if any counts time.
fn rule(shown: &[(&Line, String)], texts: Texts) -> Option<&'static str> {
    let counts =
        |unit| shown.iter().any(|(line, _)| line.share.unit == unit && !line.share.is_whole());
    if counts(TimeUnit::Second) {
        Some(texts.calculation_rule())
    } else {
        counts(TimeUnit::Day).then_some(texts.calculation_rule_of_days())
    }
}
