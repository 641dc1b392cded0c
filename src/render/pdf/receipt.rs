//! The layout of a whole document: a manuscript comes in, sheets with marks go out.
//!
//! Letterhead, table, sums, then the foot of every page once it is known how many there are. A
//! receipt of one page has no page number.

use super::letterhead;
use super::logo::Logo;
use super::manuscript::Manuscript;
use super::sheet::{Flow, Ink, Mark, Paper, Sheet, Style};
use super::table;
use super::text::{TypeCase, Weight};
use super::totals::Totals;
use crate::config::Seller;

const FOOT: Style = Style::new(Weight::Regular, 8.0, Ink::Muted);
/// From the foot's baseline to the edge of the page.
const FOOT_HEIGHT: f32 = 40.0;

/// The widest and highest that a logo is drawn.
const LOGO_BOX: [f32; 2] = [180.0, 36.0];
/// From the logo to what stands below it.
const LOGO_GAP: f32 = 14.0;

/// What all receipts of a run have in common.
pub(super) struct House<'p> {
    pub(super) case: &'p TypeCase,
    pub(super) paper: Paper,
    pub(super) seller: &'p Seller,
    /// Drawn with [`Mark::Logo`].
    pub(super) logo: Option<&'p Logo>,
}

impl House<'_> {
    /// The finished pages.
    pub(super) fn lay_out(&self, manuscript: &Manuscript) -> Vec<Sheet> {
        let mut flow = Flow::new(self.case, self.paper);
        if let Some(logo) = self.logo {
            flow.logo(Paper::SIDE, LOGO_BOX, logo);
            flow.skip(LOGO_BOX[1] + LOGO_GAP);
        }
        letterhead::write(&mut flow, self.seller, manuscript);
        let totals = Totals::new(&flow, self.seller, manuscript);
        let after = totals.height(&flow);
        table::write(&mut flow, manuscript, after);
        totals.write(&mut flow);
        let mut sheets = flow.into_sheets();
        if sheets.len() > 1 {
            self.number(&mut sheets, &manuscript.name());
        }
        sheets
    }

    /// "Page 2 of 3", and which document it belongs to if the sheets are mixed up.
    fn number(&self, sheets: &mut [Sheet], name: &str) {
        let count = sheets.len();
        let baseline = self.paper.height - FOOT_HEIGHT;
        for (sheet, number) in sheets.iter_mut().zip(1..) {
            let page = format!("Page {number} of {count}");
            let left = self.paper.right() - self.case.width(FOOT.weight, FOOT.size, &page);
            let room = left - Paper::SIDE - 20.0;
            let name = self.case.fit(FOOT.weight, FOOT.size, name, room);
            let text = |left, text| Mark::Text { left, baseline, style: FOOT, text };
            sheet.marks.extend([text(Paper::SIDE, name), text(left, page)]);
        }
    }
}

#[cfg(test)]
#[path = "kinds_tests.rs"]
mod kinds_tests;
#[cfg(test)]
#[path = "receipt_tests.rs"]
mod tests;
