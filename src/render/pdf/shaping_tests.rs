//! Order and glyphs, with parts of an Arabic and a Hebrew font.

use super::super::font::Typeface;
use super::*;

const ARABIC_FONT: &[u8] = include_bytes!("../../../tests/data/fonts/NotoSansArabic-Sample.ttf");
const HEBREW_FONT: &[u8] = include_bytes!("../../../tests/data/fonts/NotoSansHebrew-Sample.ttf");

const COMPANY: &str = "شركة الأفق";
const HEBREW: &str = "חברת אופק";

fn case() -> FontSet {
    let face = |bytes| Typeface::parse(bytes).expect("a font");
    let [regular, semi_bold] =
        [super::super::renderer::REGULAR, super::super::renderer::SEMI_BOLD].map(face);
    FontSet::new(regular, semi_bold, vec![face(ARABIC_FONT), face(HEBREW_FONT)])
}

/// The text of each run from left to right, with its font if that is not bundled.
fn seen(text: &str) -> Vec<(usize, String)> {
    let runs = case().runs(Weight::Regular, text).into_iter();
    runs.map(|run| match run {
        Run::Characters { face, text } => (face, text),
        Run::Glyphs(run) => (run.face, run.text),
    })
    .collect()
}

fn glyphs(text: &str) -> GlyphRun {
    match case().runs(Weight::Regular, text).as_slice() {
        [Run::Glyphs(run)] => run.clone(),
        runs => panic!("{runs:?}"),
    }
}

#[test]
fn most_texts_are_plain() {
    for text in [
        "",
        "Kumu",
        "Łódź",
        "Αθηναϊκό Στούντιο",
        "Ёлка",
        "株式会社さくら企画",
        "1\u{202f}234,50\u{a0}€",
    ] {
        assert!(is_plain(text), "{text}");
    }
    for text in [COMPANY, HEBREW, "e\u{301}", "हिन्दी", "ไทย", "a\u{200f}b", "か\u{3099}"]
    {
        assert!(!is_plain(text), "{text}");
    }
}

#[test]
fn a_name_inside_a_sentence_is_turned_and_the_sentence_is_not() {
    let [before, name, after] = ["3 × ", COMPANY, " after 9 Jun"];
    let expected = [(0, before.to_owned()), (2, name.to_owned()), (0, after.to_owned())];
    assert_eq!(seen(&format!("{before}\u{2068}{name}\u{2069}{after}")), expected);
    let hebrew = [(0, "Bill to ".to_owned()), (3, HEBREW.to_owned())];
    assert_eq!(seen(&format!("Bill to {HEBREW}")), hebrew);
}

#[test]
fn what_follows_a_name_that_is_turned_stands_left_of_it() {
    let texts = seen(&format!("{COMPANY} (Ltd) 24")).into_iter().map(|(_, text)| text);
    // Brackets are mirrored with the letters; it is drawn as "24 (Ltd) …".
    let expected = ["24", " (", "Ltd", ")", &format!("{COMPANY} ")];
    assert_eq!(texts.collect::<Vec<_>>(), expected);
}

#[test]
fn letters_are_joined_and_drawn_from_the_right() {
    let run = glyphs("بيت");
    let starts: Vec<usize> = run.glyphs.iter().map(|glyph| glyph.cluster.start).collect();
    assert!(starts.is_sorted_by(|left, right| left >= right), "{starts:?}");
    let alone = case().face(2).glyph('ب');
    assert!(run.glyphs.iter().all(|glyph| glyph.id != alone && glyph.id != 0), "{run:?}");
    assert!(run.advance() > 0);
}

#[test]
fn marks_stay_with_their_letters() {
    let run = glyphs("שָׁ");
    let clusters: Vec<&str> = run.clusters().map(|(_, text)| text).collect();
    assert_eq!(clusters, ["שָׁ"]);
    assert!(run.glyphs.last().is_some_and(|letter| letter.advance == run.advance()));
    // Decomposed Latin uses the glyph of the composed letter.
    let composed = case().face(0).glyph('é');
    assert!(matches!(&*case().runs(Weight::Regular, "Cafe\u{301}"),
        [Run::Glyphs(run)] if run.glyphs.last().is_some_and(|glyph| glyph.id == composed)));
}

#[test]
fn a_cluster_begins_with_its_first_glyph_and_ends_with_its_last() {
    let glyph = |id, advance, right| Glyph { id, advance, offset: [right, 9], cluster: 0..4 };
    let seen = |glyphs: &[Glyph]| {
        let glyphs = framed(glyphs, 3).into_iter();
        glyphs.map(|glyph| (glyph.id, glyph.advance, glyph.offset[0])).collect::<Vec<_>>()
    };
    // From right to left the mark comes first, otherwise last.
    assert_eq!(seen(&[glyph(7, 0, 200), glyph(8, 500, 0)]), [(3, 0, 0), (7, 0, 200), (8, 500, 0)]);
    assert_eq!(seen(&[glyph(8, 500, 0), glyph(7, 0, -300)]), [(3, 0, 0), (7, 0, 200), (8, 500, 0)]);
    assert_eq!(seen(&[glyph(8, 500, 0), glyph(9, 100, 0)]), [(8, 0, 0), (9, 600, 500)]);
    assert_eq!(seen(&[glyph(8, 500, 0)]), [(8, 500, 0)]);
}

#[test]
fn what_no_font_has_is_named_here_too() {
    let missing = |text: &str| case().missing(text).collect::<String>();
    assert_eq!(missing(COMPANY), "");
    assert_eq!(missing(&format!("{COMPANY} গপ")), "গপ");
    // The sample lacks this letter, but the bundled font has it.
    assert_eq!(missing("ڠ"), "");
    assert_eq!(missing("ܫ"), "ܫ");
}

#[test]
fn lines_of_a_sentence_keep_its_direction() {
    let case = case();
    let text = format!("Remaining time on {COMPANY} after 19 Jun 2020");
    let lines = case.wrap(Weight::Regular, 10.0, &text, 95.0);
    assert!(lines[1].starts_with('\u{200e}'), "{lines:?}");
    for line in &lines {
        assert!(case.width(Weight::Regular, 10.0, line) <= 95.0, "{line}");
    }
    assert_eq!(lines.join(" ").replace('\u{200e}', ""), text);
    let long = "ش".repeat(80);
    let lines = case.wrap(Weight::Regular, 10.0, &long, 95.0);
    assert!(lines.len() > 1);
    assert_eq!(lines.concat(), long);
}

#[test]
fn a_cut_name_ends_with_an_ellipsis() {
    let case = case();
    let text = case.fit(Weight::Regular, 10.0, &format!("{COMPANY} {COMPANY} {COMPANY}"), 80.0);
    assert!(text.ends_with('…') && case.width(Weight::Regular, 10.0, &text) <= 80.0, "{text}");
}
