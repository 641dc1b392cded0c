//! "How this was calculated": the arithmetic of each line that the table does not fully show, in
//! small type below everything.

use super::content::PdfContent;
use super::page::{Flow, Ink, Paper, Style};
use super::section::heading;
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

/// Writes the arithmetic, if any.
pub(super) fn write(flow: &mut Flow, manuscript: &PdfContent) {
    let (locale, texts) = (manuscript.locale(), manuscript.texts());
    let lines = &manuscript.document.lines;
    let shown: Vec<_> =
        lines.iter().filter_map(|line| Some((line, formula(line, locale)?))).collect();
    if shown.is_empty() {
        return;
    }
    let measure = flow.paper.measure();
    let widths = shown.iter().map(|(_, it)| flow.case.width(FORMULA.weight, FORMULA.size, it));
    let width = widths.fold(0.0, f32::max).min(FORMULAS * measure).ceil();
    let left = flow.paper.right() - width;
    heading(flow, texts.calculation(), LEADING * 5.0);
    if let Some(rule) = rule(&shown, texts) {
        flow.within(PartId::DOCUMENT, Role::Paragraph, |flow| {
            for line in flow.case.wrap(LABEL.weight, LABEL.size, rule, measure) {
                flow.text(Paper::SIDE, LEADING, LABEL, &line);
                flow.skip(LEADING);
            }
        });
        flow.skip(2.0 * GAP);
    }
    let table = flow.part(PartId::DOCUMENT, Role::Table);
    for (line, formula) in shown {
        let wrap =
            |style: Style, text: &str, width| flow.case.wrap(style.weight, style.size, text, width);
        let labels = wrap(LABEL, &description(line, locale, true), measure - width - GUTTER);
        let formulas = wrap(FORMULA, &formula, width);
        let row = flow.part(table, Role::Row);
        let parts = [Role::RowHeader, Role::Cell(1)].map(|role| flow.part(row, role));
        let columns = [(Paper::SIDE, LABEL, labels), (left, FORMULA, formulas)];
        side_by_side(flow, parts, &columns);
        flow.skip(GAP);
    }
}

/// Writes a description and a formula beside each other. On each page the lines of the description
/// come first.
fn side_by_side(flow: &mut Flow, parts: [PartId; 2], columns: &[(f32, Style, Vec<String>); 2]) {
    let count = columns.iter().map(|(_, _, lines)| lines.len()).max().unwrap_or(0);
    let mut done = 0;
    while done < count {
        if !flow.has_room(LEADING) {
            flow.turn();
        }
        let (top, here) = (flow.top(), flow.lines_here(count - done, |_| LEADING, LEADING));
        for ((left, style, lines), part) in columns.iter().zip(parts) {
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
