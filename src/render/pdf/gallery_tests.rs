//! Properties that hold for every document.

use super::super::PdfRenderer;
use super::super::content::PdfContent;
use super::super::page::{DrawOp, Page, Paper};
use super::super::page_layout::PageLayout;
use super::super::specimens::{JAPANESE_FONT, seller, type_case};
use super::super::text::FontSet;
use super::*;
use crate::config::{Look, MissingCharacters, Packing};
use crate::locale::Locale;

/// Left, top, right, bottom.
pub(in super::super) type Bounds = [f32; 4];

impl Specimen {
    /// The PDF file.
    pub(in super::super) fn pdf(&self) -> Vec<u8> {
        let look = Look {
            accent: [0x34, 0x54, 0xd1],
            page_size: self.size,
            packing: Packing::Files,
            receipts: true,
            fonts: Vec::new(),
            missing_characters: MissingCharacters::Stop,
            logo: None,
            zero_lines: false,
        };
        let press =
            PdfRenderer::new(&seller(), &look, &[JAPANESE_FONT.to_vec()]).expect("fonts parse");
        let printed = press.print_paid(&self.invoice, &self.account, &self.payments);
        printed.expect("it prints").bytes
    }

    fn sheets(&self, case: &FontSet) -> Vec<Page> {
        let seller = seller();
        let manuscript = PdfContent::receipt(&self.invoice, &self.account, &self.payments);
        let manuscript = manuscript.expect("small sums");
        PageLayout { case, paper: Paper::new(self.size), seller: &seller, logo: None }
            .lay_out(&manuscript)
            .sheets
    }
}

/// The texts of a page, and their bounds.
pub(in super::super) fn texts<'s>(case: &FontSet, sheet: &'s Page) -> Vec<(Bounds, &'s str)> {
    let text = |mark: DrawOp<&'s str>| match mark {
        DrawOp::Logo { .. } | DrawOp::Bar { .. } => None,
        DrawOp::Text { left, baseline, style, text } => {
            let right = left + case.width(style.weight, style.size, text);
            let [above, below] = [style.size * 0.75, style.size * 0.25];
            Some(([left, baseline - above, right, baseline + below], text))
        }
    };
    sheet.marks().filter_map(text).collect()
}

/// Whether two texts overlap.
pub(in super::super) fn overlap(first: Bounds, second: Bounds) -> bool {
    let apart = |low: usize, high: usize| {
        first[high] <= second[low] + 0.01 || second[high] <= first[low] + 0.01
    };
    !apart(0, 2) && !apart(1, 3)
}

/// Whether a text is within the margins.
pub(in super::super) fn is_inside([left, top, right, bottom]: Bounds, paper: Paper) -> bool {
    left >= Paper::SIDE - 0.01
        && right <= paper.right() + 0.01
        && top > 30.0
        && bottom < paper.height - 30.0
}

#[test]
fn no_text_lies_on_another_or_leaves_its_page() {
    let case = type_case();
    for specimen in gallery() {
        for sheet in specimen.sheets(case) {
            let texts = texts(case, &sheet);
            for (index, (bounds, text)) in texts.iter().enumerate() {
                let name = specimen.name;
                assert!(is_inside(*bounds, Paper::new(specimen.size)), "{name}: {text} {bounds:?}");
                for (other, below) in &texts[..index] {
                    assert!(!overlap(*bounds, *other), "{name}: {text} lies on {below}");
                }
            }
        }
    }
}

#[test]
fn nothing_that_is_drawn_leaves_its_page() {
    let case = type_case();
    for specimen in gallery() {
        let paper = Paper::new(specimen.size);
        for mark in specimen.sheets(case).iter().flat_map(Page::marks) {
            if let DrawOp::Bar { left, top, width, height, .. } = mark {
                let is_there = width > 0.0 && height > 0.0 && left >= 0.0 && top >= 0.0;
                let ends = left + width <= paper.width + 0.01 && top + height <= paper.height;
                assert!(is_there && ends, "{}: {mark:?}", specimen.name);
            }
        }
    }
}

#[test]
fn every_further_page_says_whose_and_which_it_is() {
    let case = type_case();
    for specimen in gallery() {
        let sheets = specimen.sheets(case);
        for (sheet, number) in sheets.iter().zip(1..) {
            let texts = texts(case, sheet);
            let has = |wanted: &str| texts.iter().any(|(_, text)| *text == wanted);
            let page = format!("Page {number} of {}", sheets.len());
            assert_eq!(has(&page), sheets.len() > 1, "{} {number}", specimen.name);
            if number > 1 {
                let document =
                    texts.iter().any(|(_, text)| text.ends_with(&*specimen.invoice.number));
                assert!(has("Kumu Inc.") && document, "{} {number}", specimen.name);
            }
        }
    }
}

/// The amounts of the amount column above a height, in minor units, from top to bottom.
fn amounts(texts: &[(Bounds, &str)], right: f32, above: f32) -> Vec<i64> {
    let amounts = texts.iter().filter(|(bounds, _)| (bounds[2] - right).abs() < 0.1);
    let amounts = amounts.filter(|(bounds, _)| bounds[1] < above);
    amounts.filter_map(|(_, text)| minor(text)).collect()
}

fn minor(text: &str) -> Option<i64> {
    text.contains('.')
        .then(|| text.replace([',', '.'], "").replace('\u{2212}', "-").parse().ok())?
}

#[test]
fn what_is_carried_forward_adds_up_page_by_page() {
    let case = type_case();
    for size in [PageSize::A4, PageSize::Letter] {
        let specimen = Specimen {
            name: "long",
            invoice: long(500),
            account: account("Acme"),
            payments: Vec::new(),
            size,
        };
        let sheets = specimen.sheets(case);
        let right = Paper::new(size).right();
        let mut carried = 0;
        for sheet in &sheets[..sheets.len() - 1] {
            let texts = texts(case, sheet);
            let find = |wanted: &str| texts.iter().find(|(_, text)| *text == wanted);
            assert!(find(Locale::default().texts().description()).is_some());
            let foot =
                find(Locale::default().texts().carried_forward()).expect("a carried sum").0[1];
            let all = amounts(&texts, right, foot - 3.0);
            if find(Locale::default().texts().brought_forward()).is_some() {
                assert_eq!(all.first(), Some(&carried), "what was brought is what was carried");
                carried = all.iter().sum();
            } else {
                assert_eq!(carried, 0, "only the first page brings nothing");
                carried = all.iter().sum();
            }
            let shown = amounts(&texts, right, foot + 20.0);
            assert_eq!(shown.last(), Some(&carried));
        }
        let last = texts(case, &sheets[sheets.len() - 1]);
        assert!(last.iter().any(|(_, text)| *text == Locale::default().texts().brought_forward()));
    }
}

#[test]
fn a_document_of_one_page_carries_nothing() {
    let case = type_case();
    let kumu = &gallery()[1];
    let sheets = kumu.sheets(case);
    let all = texts(case, &sheets[0]);
    assert!(
        sheets.len() == 1
            && all.iter().all(|(_, text)| *text != Locale::default().texts().carried_forward())
    );
}

#[test]
#[ignore = "writes files for people to look at"]
fn gallery_as_files() {
    let folder = std::env::var("SPECIMENS").expect("SPECIMENS names a folder");
    std::fs::create_dir_all(&folder).expect("the folder");
    for specimen in gallery() {
        let path = format!("{folder}/{}.pdf", specimen.name);
        std::fs::write(path, specimen.pdf()).expect("a file");
    }
}
