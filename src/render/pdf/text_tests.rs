//! Wrapping and fallback, measured with the bundled fonts.

use super::super::specimens::{JAPANESE, type_case};
use super::*;

const SIZE: f32 = 10.0;

fn wrapped(text: &str, width: f32) -> Vec<String> {
    let case = type_case();
    let lines = case.wrap(Weight::Regular, SIZE, text, width);
    for line in &lines {
        assert!(case.width(Weight::Regular, SIZE, line) <= width, "{line:?} is too wide");
    }
    lines
}

/// The characters of a text that only the bundled font draws.
fn characters(case: &FontSet, text: &str) -> String {
    match case.runs(Weight::Regular, text).remove(0) {
        Run::Characters { text, .. } => text,
        Run::Glyphs(run) => panic!("{run:?}"),
    }
}

#[test]
fn breaks_at_spaces() {
    let lines = wrapped("Remaining time on 2 × Private projects after 19 Jun 2020", 130.0);
    assert_eq!(lines, ["Remaining time on 2 ×", "Private projects after 19 Jun", "2020"]);
}

#[test]
fn cuts_words_that_are_too_long() {
    let lines = wrapped(&format!("a {} b", "W".repeat(40)), 100.0);
    assert_eq!(lines.concat().replace(' ', "").len(), 42);
    assert!(lines.len() > 3);
}

#[test]
fn an_address_breaks_between_its_parts() {
    let lines = wrapped("accounts.payable@invoices.atlas-mapping.example.com", 110.0);
    assert_eq!(lines, ["accounts.payable", "@invoices.atlas-", "mapping.example.com"]);
    let lines = wrapped("Write to accounts.payable@atlas.example", 110.0);
    assert_eq!(lines, ["Write to", "accounts.payable", "@atlas.example"]);
}

#[test]
fn breaks_between_ideographs_but_not_before_a_full_stop() {
    let lines = wrapped("株式会社プロラタ。", 80.0);
    assert_eq!(lines, ["株式会社プロラ", "タ。"]);
}

#[test]
fn nothing_wraps_to_nothing() {
    assert!(wrapped("", 100.0).is_empty());
    assert!(wrapped(" \t\n", 100.0).is_empty());
}

#[test]
fn falls_back_by_coverage() {
    let case = type_case();
    let runs = case.runs(Weight::SemiBold, "Łódź 株式会社 GmbH");
    let [Run::Characters { face: 1, text: first }, Run::Glyphs(run), last] = &*runs else {
        panic!("{runs:?}");
    };
    assert_eq!((&**first, run.face, &*run.text), ("Łódź ", 2, "株式会社"));
    assert_eq!(*last, Run::Characters { face: 1, text: " GmbH".into() });
    let clusters: Vec<_> = run.clusters().map(|(glyphs, text)| (glyphs.len(), text)).collect();
    assert_eq!(clusters, [(1, "株"), (1, "式"), (1, "会"), (1, "社")]);
    assert_eq!(run.advance(), 4000);
}

#[test]
fn what_no_font_has_is_replaced_and_named() {
    let case = type_case();
    let text = "A\u{1f600}B";
    assert_eq!(characters(case, text), "A\u{fffd}B");
    assert_eq!(case.missing(text).collect::<String>(), "\u{1f600}");
    assert_eq!(case.missing(JAPANESE).count(), 0);
}

#[test]
fn odd_blanks_are_spaces_and_joiners_are_left_out() {
    let case = type_case();
    assert_eq!(characters(case, "a\u{a0}b\tc\r\nd\u{200b}e\u{ad}f"), "a b c  def");
}

#[test]
fn fits_with_an_ellipsis() {
    let case = type_case();
    let text = case.fit(Weight::Regular, SIZE, "Universal Exports Incorporated", 60.0);
    assert!(text.ends_with('…') && case.width(Weight::Regular, SIZE, &text) <= 60.0, "{text}");
    assert_eq!(case.fit(Weight::Regular, SIZE, "Kumu", 60.0), "Kumu");
}

#[test]
fn each_weight_has_its_extra_font() {
    let face = |bytes| Typeface::parse(bytes).expect("a bundled font");
    let [regular, semi_bold] = [
        &include_bytes!("../../../assets/fonts/NotoSansThai-Regular.ttf")[..],
        include_bytes!("../../../assets/fonts/NotoSansThai-SemiBold.ttf"),
    ];
    let latin = || {
        let [regular, semi_bold] = [
            &include_bytes!("../../../assets/fonts/NotoSans-Regular.ttf")[..],
            include_bytes!("../../../assets/fonts/NotoSans-SemiBold.ttf"),
        ];
        (face(regular), face(semi_bold))
    };
    let with = |extra| FontSet::new(latin().0, latin().1, extra);
    // In any order of the files.
    for (extra, faces) in [([regular, semi_bold], [2, 3]), ([semi_bold, regular], [3, 2])] {
        let case = with(extra.map(face).into());
        let drawn = [Weight::Regular, Weight::SemiBold].map(|weight| case.drawn(weight, 'ก').0);
        assert_eq!(drawn, faces);
        assert!(!case.is_too_thin(drawn[1], Weight::SemiBold));
    }
    // One of a weight serves both, and is thickened.
    let case = with(vec![face(regular)]);
    assert_eq!(case.drawn(Weight::SemiBold, 'ก').0, 2);
    assert!(case.is_too_thin(2, Weight::SemiBold) && !case.is_too_thin(2, Weight::Regular));
    assert!(!case.is_too_thin(1, Weight::SemiBold));
}
