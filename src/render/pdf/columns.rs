//! Places the columns of a table, and sizes its numbers.
//!
//! Columns are measured from the right, so that amounts align with the sums below them. Words
//! always keep some room: wide numbers are set smaller.

use super::page::{Flow, Ink, Paper, Style};
use super::rows::{ReceiptRow, RowBlock};
use super::text::FontSet;
use super::weight::Weight;
use crate::locale::Locale;
use crate::wording::column_titles;

pub(super) const TITLE: Style = Style::new(Weight::Regular, 8.0, Ink::Muted);
/// The index of the column aligned at the decimal point.
pub(super) const UNIT_PRICE: usize = 1;
/// The index of the muted column.
pub(super) const TAX: usize = 2;
const NUMBERS: Style = Style::new(Weight::Regular, 9.0, Ink::Text);
/// The space between two columns.
const GUTTER: f32 = 24.0;
const NARROWEST_DESCRIPTION: f32 = 110.0;

/// The positions of the columns.
pub(super) struct Columns {
    pub(super) description_width: f32,
    /// The right edges; `None` for an empty column.
    rights: [Option<f32>; 4],
    /// The widest text after the point among unit prices.
    pub(super) unit_part_width: f32,
    /// The style of numbers, smaller if words would have no room.
    pub(super) numbers: Style,
}

impl Columns {
    /// Places the columns for the rows of these blocks.
    pub(super) fn new(flow: &Flow, blocks: &[RowBlock], locale: Locale) -> Self {
        let wide = NumberWidths::new(flow.case, blocks, NUMBERS, locale);
        let gutters = wide.columns.iter().flatten().fold(0.0, |sum, _| sum + GUTTER);
        let needed: f32 = wide.columns.iter().flatten().sum();
        let room = flow.paper.measure() - NARROWEST_DESCRIPTION - gutters;
        let numbers = Style { size: NUMBERS.size * (room / needed).min(1.0), ..NUMBERS };
        let NumberWidths { columns, unit_part } =
            NumberWidths::new(flow.case, blocks, numbers, locale);
        let mut right = flow.paper.right();
        let mut rights = [None; 4];
        for (place, width) in rights.iter_mut().zip(columns).rev() {
            if let Some(width) = width {
                *place = Some(right);
                right -= width + GUTTER;
            }
        }
        let description_width = right - Paper::SIDE;
        Self { description_width, rights, unit_part_width: unit_part, numbers }
    }

    /// The index and the right edge of every column that is used.
    pub(super) fn rights(&self) -> impl Iterator<Item = (usize, f32)> + use<> {
        let rights = self.rights.into_iter().enumerate();
        rights.filter_map(|(column, right)| right.map(|right| (column, right)))
    }
}

/// The widths of the number columns in a style.
struct NumberWidths {
    columns: [Option<f32>; 4],
    unit_part: f32,
}

impl NumberWidths {
    fn new(case: &FontSet, blocks: &[RowBlock], style: Style, locale: Locale) -> Self {
        let titles = column_titles(locale);
        let point = locale.money_point();
        let rows = || blocks.iter().flat_map(|block| &block.rows);
        let widest = |column: usize, measured: &dyn Fn(&str) -> f32| {
            rows().map(|row: &ReceiptRow| measured(&row.cells[column])).fold(0.0, f32::max)
        };
        let width = |text: &str| case.width(style.weight, style.size, text);
        let unit_part = widest(UNIT_PRICE, &|text| part_width(case, style, text, point));
        let columns = std::array::from_fn(|column| {
            let cells = match column {
                UNIT_PRICE => unit_part + widest(column, &|text| width(whole_of(text, point))),
                _ => widest(column, &width),
            };
            let title = case.width(TITLE.weight, TITLE.size, titles[column]);
            (cells > 0.0).then(|| cells.max(title))
        });
        Self { columns, unit_part }
    }
}

/// The part of a number before its point.
fn whole_of<'n>(number: &'n str, point: &str) -> &'n str {
    number.rsplit_once(point).map_or(number, |(whole, _)| whole)
}

/// The width of a number from its point on.
pub(super) fn part_width(case: &FontSet, style: Style, number: &str, point: &str) -> f32 {
    case.width(style.weight, style.size, &number[whole_of(number, point).len()..])
}
