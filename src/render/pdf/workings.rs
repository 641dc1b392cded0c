//! "How this was calculated": the arithmetic of each line that the table does not fully show, in
//! small type below everything.

use super::content::PdfContent;
use super::page::{Flow, Ink, Paper, Style};
use super::section::heading;
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
    let lines = &manuscript.invoice.lines;
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
        for line in flow.case.wrap(LABEL.weight, LABEL.size, rule, measure) {
            flow.text(Paper::SIDE, LEADING, LABEL, &line);
            flow.skip(LEADING);
        }
        flow.skip(2.0 * GAP);
    }
    for (line, formula) in shown {
        let wrap =
            |style: Style, text: &str, width| flow.case.wrap(style.weight, style.size, text, width);
        let labels = wrap(LABEL, &description(line, locale, true), measure - width - GUTTER);
        let formulas = wrap(FORMULA, &formula, width);
        for row in 0..labels.len().max(formulas.len()) {
            if !flow.has_room(LEADING) {
                flow.turn();
            }
            if let Some(label) = labels.get(row) {
                flow.text(Paper::SIDE, LEADING, LABEL, label);
            }
            if let Some(formula) = formulas.get(row) {
                flow.text(left, LEADING, FORMULA, formula);
            }
            flow.skip(LEADING);
        }
        flow.skip(GAP);
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
