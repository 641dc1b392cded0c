//! Lays out a whole document on pages.
//!
//! The order is letterhead, table, sums and, after changes, a drawing and the arithmetic. Repeated
//! texts follow when the number of pages is known. A document of one page has no page number.

use super::content::PdfContent;
use super::logo::Logo;
use super::page::{Flow, Ink, LaidOut, Page, Paper, Style};
use super::text::FontSet;
use super::timeline::Drawing;
use super::totals::TotalsBlock;
use super::tree::{PartId, Role, Tag};
use super::weight::Weight;
use super::{letterhead, table, workings};
use crate::config::Seller;
use crate::locale::Texts;
use crate::render::pdf::wording::terms;

const LABEL: Style = Style::new(Weight::Regular, 8.0, Ink::Muted);
const NAME: Style = Style::new(Weight::SemiBold, 8.0, Ink::Text);
/// The space between the texts at both ends of a line.
const GUTTER: f32 = 20.0;
/// The distance of the foot's baseline from the edge of the page.
const FOOT_HEIGHT: f32 = 40.0;
/// The distance of the repeated heading's baseline from the edge of the page.
const HEAD_HEIGHT: f32 = 44.0;

/// The largest width and height of a logo.
const LOGO_BOX: [f32; 2] = [180.0, 36.0];
/// The space below the logo.
const LOGO_GAP: f32 = 14.0;

/// The settings that all receipts of a run share.
pub(super) struct PageLayout<'p> {
    pub(super) case: &'p FontSet,
    pub(super) paper: Paper,
    pub(super) seller: &'p Seller,
    /// Drawn as a separate mark.
    pub(super) logo: Option<&'p Logo>,
}

impl PageLayout<'_> {
    /// The finished pages.
    pub(super) fn lay_out(&self, manuscript: &PdfContent) -> LaidOut {
        let mut flow = Flow::new(self.case, self.paper);
        if let Some(logo) = self.logo {
            flow.logo(Paper::SIDE, LOGO_BOX, (logo, &self.seller.name));
            flow.skip(LOGO_BOX[1] + LOGO_GAP);
        }
        letterhead::write(&mut flow, self.seller, manuscript);
        let timeline = Drawing::new(manuscript);
        let totals = TotalsBlock::new(&flow, manuscript, &timeline);
        let after = totals.height(&flow);
        table::write(&mut flow, manuscript, after);
        totals.write(&mut flow);
        if !totals.has_timeline() {
            timeline.write(&mut flow);
        }
        workings::write(&mut flow, manuscript);
        self.framed(flow, manuscript)
    }

    /// Writes the repeated texts. The foot has the contact and, with several pages, the page
    /// number. The head of further pages identifies the document, in case the pages are mixed up.
    /// The contact on the last page is the end of the document; all others are repetitions.
    fn framed(&self, mut flow: Flow, manuscript: &PdfContent) -> LaidOut {
        let texts = manuscript.texts();
        let ask = terms::questions(self.seller.email.as_deref(), self.seller.web.as_deref(), texts);
        let name = manuscript.name();
        let contact = ask.is_some().then(|| flow.part(PartId::DOCUMENT, Role::Paragraph));
        let mut pages = flow.finish();
        let count = pages.sheets.len();
        for (sheet, number) in pages.sheets.iter_mut().zip(1..) {
            let page = if count > 1 { page(texts, number, count) } else { String::new() };
            let foot = self.paper.height - FOOT_HEIGHT;
            let contact = contact.filter(|_| number == count).map_or(Tag::Footer, Tag::Content);
            let ask = (LABEL, ask.as_deref().unwrap_or_default());
            self.ends(sheet, (foot, [contact, Tag::Footer]), ask, (LABEL, &page));
            if number > 1 {
                let seller = (NAME, &*self.seller.name);
                self.ends(sheet, (HEAD_HEIGHT, [Tag::Header; 2]), seller, (LABEL, &name));
            }
        }
        pages
    }

    /// Writes two texts at both ends of a line; the first is cut if needed.
    fn ends(
        &self,
        sheet: &mut Page,
        (baseline, tags): (f32, [Tag; 2]),
        first: (Style, &str),
        last: (Style, &str),
    ) {
        let width = |(style, text): (Style, &str)| self.case.width(style.weight, style.size, text);
        let mut mark = |tag, left, (style, text): (Style, &str)| {
            sheet.write(tag, (left, baseline), style, text);
        };
        let half = self.paper.measure() / 2.0;
        let end = if width(last) > half { self.fit(last, half) } else { last.1.to_owned() };
        let end = (last.0, &*end);
        let room = self.paper.measure() - width(end) - GUTTER;
        mark(tags[0], Paper::SIDE, (first.0, &self.fit(first, room)));
        mark(tags[1], self.paper.right() - width(end), end);
    }

    fn fit(&self, (style, text): (Style, &str), room: f32) -> String {
        self.case.fit(style.weight, style.size, text, room)
    }
}

/// "Page 1 of 2".
fn page(texts: Texts, number: usize, count: usize) -> String {
    texts.page(&number.to_string(), &count.to_string())
}

#[cfg(test)]
#[path = "kinds_tests.rs"]
mod kinds_tests;
#[cfg(test)]
#[path = "receipt_tests.rs"]
mod tests;
