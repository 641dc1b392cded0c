//! A chart of horizontal bars with labels and amounts. It is readable at any width, because only
//! the lengths of the bars scale.

use maud::{Markup, html};

use super::parts::percent;

/// One bar from `from` to `to`, on a scale that begins at zero.
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) from: i128,
    pub(super) to: i128,
    /// Its meaning as a CSS class: `level`, `up` or `down`.
    pub(super) tone: &'static str,
}

/// The pixels between bars.
const ROW: usize = 46;

/// A chart of bars. If `linked`, each bar begins where the one above ends, and a hairline connects
/// them.
pub(super) fn bars(
    id: &str,
    (title, description): (&str, &str),
    bars: &[Bar],
    linked: bool,
) -> Markup {
    let whole = bars.iter().flat_map(|bar| [bar.from, bar.to]).max().unwrap_or_default().max(1);
    let (title_id, description_id) = (format!("{id}-title"), format!("{id}-description"));
    html! {
        svg.bars role="img" width="100%" height=(bars.len() * ROW)
            aria-labelledby={ (title_id) " " (description_id) }
        {
            title id=(title_id) { (title) }
            desc id=(description_id) { (description) }
            @for (place, bar) in bars.iter().enumerate() {
                (row(bar, place * ROW, whole))
                @if linked && place + 1 < bars.len() {
                    @let end = percent(bar.to, whole);
                    line.link x1=(end) x2=(end) y1=(place * ROW + 34) y2=((place + 1) * ROW + 24) {}
                }
            }
        }
    }
}

fn row(bar: &Bar, top: usize, whole: i128) -> Markup {
    let (low, high) = (bar.from.min(bar.to), bar.from.max(bar.to));
    // A non-zero bar is always visible.
    let width = (high - low).max(if high > low { whole / 250 } else { 0 });
    html! {
        text.label x="0" y=(top + 16) { (bar.label) }
        text.value x="100%" y=(top + 16) text-anchor="end" { (bar.value) }
        rect.track x="0" y=(top + 24) width="100%" height="10" rx="2" {}
        rect class=(bar.tone) x=(percent(low.min(whole - width), whole)) y=(top + 24)
            width=(percent(width, whole)) height="10" rx="2" {}
    }
}
