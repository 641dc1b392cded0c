//! The wording of lines in nine languages. The lines come from sentences of old registers.

use super::*;
use crate::accounting::tests;
use crate::model::{Cause, Correction, CorrectionRole};
use crate::wording::{english, published};

/// A line of "Seats" with this published sentence.
fn line(cause: fn(std::sync::Arc<str>) -> Cause, sentence: &str) -> Line {
    let mut line = tests::line("Seats", 1200, "2020-06-01", "2020-07-01");
    line.key.cause = cause("c1".into());
    line.key.discount = sentence.contains(" off): ").then(|| "half".into());
    line.wording = published::wording(sentence, &line);
    line
}

/// The credit of a charge whose invoice is void.
fn void(reason: &str) -> Line {
    let mut line = line(Cause::Segment, "Seats from 9 Jun 2020");
    let billed = line.wording.take().map(|wording| wording.billed).unwrap_or_default();
    let (invoice_number, reason) = ("INV-1".into(), reason.into());
    let billed = Billed::Void(Box::new(VoidWording { billed, invoice_number, reason }));
    line.wording = Some(Box::new(LineWording { billed, ..LineWording::default() }));
    line
}

/// The same with a correction.
fn corrected(line: &Line, role: CorrectionRole, number: &str, reason: Reason) -> Line {
    let correction = Correction { role, invoice_number: number.into(), line_number: 1, reason };
    Line { correction: Some(Box::new(correction)), ..line.clone() }
}

fn in_english(line: &Line) -> String {
    let mut text = String::new();
    english::describe(&mut text, line);
    text
}

fn said(tag: &str, line: &Line) -> String {
    description(line, Locale::parse(tag).expect("a known tag"), true).into_owned()
}

/// Published lines of every kind.
fn published() -> Vec<Line> {
    let mut lines = vec![
        line(|_| Cause::Period, "Seats"),
        line(Cause::Segment, "Seats from 9 Jun 2020"),
        line(Cause::Remaining, "Remaining time on 1200 × Seats after 19 Jun 2020"),
        line(Cause::Unused, "Unused time on Seats after 19 Jun 2020"),
        line(Cause::Net, "2 instead of 3 × Seats after 19 Jun 2020, 8 of 31 days"),
        line(Cause::Net, "2 × Seats instead of 3 × Places after 19 Jun 2020"),
        line(Cause::Segment, "Seats from 9 Jun 2020; the change c7 of 3 May 2020 arrived later"),
    ];
    lines.push(line(Cause::Unused, "Half (12.5% off): Unused time on Seats after 9 Jun 2020"));
    let segment = line(Cause::Segment, "Seats from 9 Jun 2020");
    for role in [CorrectionRole::Reversal, CorrectionRole::Replacement] {
        lines.push(corrected(&segment, role, "INV-1", Reason::HistoryChanged));
    }
    lines
}

/// More published lines: every discount, every reason, and corrections.
fn published_in_full() -> Vec<Line> {
    let reasons = [
        "the history of the subscription was changed",
        "the change c7 of 3 May 2020 arrived later",
        "the discount half was not known before",
    ];
    let mut lines = published();
    for description in [
        "Half (5% off): Seats",
        "Half (1200.50 off): 2 instead of 3 × Seats after 19 Jun 2020, 1 of 1 days",
    ] {
        let is_net = description.contains("instead of");
        lines.push(line(if is_net { Cause::Net } else { |_| Cause::Period }, description));
    }
    for reason in reasons {
        lines
            .push(line(Cause::Unused, &format!("Unused time on Seats after 9 Jun 2020; {reason}")));
    }
    for (line, reason) in lines.clone().into_iter().take(5).zip(reasons.into_iter().cycle()) {
        for (role, number) in [
            (CorrectionRole::Reversal, "INV-1"),
            (CorrectionRole::Replacement, "INV-1"),
            (CorrectionRole::Reversal, ""),
        ] {
            lines.push(corrected(&line, role, number, published::reason(reason)));
        }
    }
    lines.push(void("billed twice"));
    lines
}

/// `tests/data/wording/lines.txt` has every wording in nine languages. `UPDATE_EXPECTED=1` rewrites it.
#[test]
fn nine_languages_say_what_they_said() {
    let lines = published_in_full();
    let languages = Locale::known_tags().filter(|tag| !tag.contains('-'));
    let said: String = languages
        .flat_map(|tag| lines.iter().map(move |line| format!("{tag}\t{}\n", said(tag, line))))
        .collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/wording/lines.txt");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(path, &said).expect("writes");
    }
    let expected = std::fs::read_to_string(path).expect("the file is there");
    for (said, expected) in said.lines().zip(expected.lines()) {
        assert_eq!(said, expected);
    }
    assert_eq!(said.len(), expected.len());
}

#[test]
fn english_is_said_as_it_was_published() {
    for line in published() {
        let published = in_english(&line).replace("1200", "1,200");
        // Customers know no ids.
        assert_eq!(said("en", &line), published.replace("the change c7 of", "a change of"));
    }
}

#[test]
fn every_kind_of_line_is_said_in_the_language_of_the_account() {
    let german: Vec<String> = published().iter().map(|line| said("de", line)).collect();
    assert_eq!(
        german,
        [
            "Seats",
            "Seats ab 9. Juni 2020",
            "Restliche Zeit für 1.200 × Seats ab 19. Juni 2020",
            "Nicht genutzte Zeit für Seats ab 19. Juni 2020",
            "2 statt 3 × Seats ab 19. Juni 2020, 8 von 31 Tagen",
            "2 × Seats statt 3 × Places ab 19. Juni 2020",
            "Seats ab 9. Juni 2020; eine Änderung vom 3. Mai 2020 traf später ein",
            "Half (12,5\u{a0}% Rabatt): Nicht genutzte Zeit für Seats ab 9. Juni 2020",
            "Storno von „Seats ab 9. Juni 2020“, Rechnung INV-1: der Verlauf des Abonnements wurde geändert",
            "Seats ab 9. Juni 2020, berichtigt Rechnung INV-1: der Verlauf des Abonnements wurde geändert",
        ]
    );
}

#[test]
fn what_somebody_wrote_stays_as_it_was_written() {
    for line in [
        line(Cause::Adjustment, "Unused time on Seats after 9 Jun 2020"),
        line(Cause::Unused, "Credit for what was not used"),
        line(Cause::Unused, "Unused time on Other seats after June"),
    ] {
        assert_eq!(said("fr", &line), in_english(&line));
    }
}

#[test]
fn the_reason_can_be_left_out() {
    let corrected = published().pop().expect("the last one");
    let locale = Locale::parse("de").expect("German");
    let text = description(&corrected, locale, false);
    assert_eq!(text, "Seats ab 9. Juni 2020, berichtigt Rechnung INV-1");
    let why = reason(&Reason::DiscountUnknown("half".into()), locale);
    assert_eq!(why, "der Rabatt war noch nicht bekannt");
}

/// These were printed in English in every language.
#[test]
fn corrections_of_late_lines_and_of_adjustments_are_translated() {
    let late = line(|_| Cause::Period, "Seats; the subscription was not known before");
    let written = line(Cause::Adjustment, "Goodwill: 5% off");
    let said = |line| {
        said("de", &corrected(line, CorrectionRole::Reversal, "INV-1", Reason::HistoryChanged))
    };
    let why = "Rechnung INV-1: der Verlauf des Abonnements wurde geändert";
    let unknown = "das Abonnement war noch nicht bekannt";
    assert_eq!(said(&late), format!("Storno von „Seats; {unknown}“, {why}"));
    assert_eq!(said(&written), format!("Storno von „Goodwill: 5% off“, {why}"));
}

#[test]
fn a_void_says_what_was_charged_and_why_it_is_void() {
    let (bare, with_reason) = (void(""), void("billed twice"));
    assert_eq!(in_english(&bare), "Seats from 9 Jun 2020: invoice INV-1 is void");
    let reason = "Seats from 9 Jun 2020: invoice INV-1 is void (billed twice)";
    assert_eq!([in_english(&with_reason), said("en", &with_reason)], [reason, reason]);
}

/// A discount was named by the text up to the first colon, and its rate was read from the name.
#[test]
fn a_name_is_said_whole_whatever_it_is() {
    let name = "Treue (10% off): VIP; the change c1 of 3 May 2020 arrived later";
    let off = Off::Percent(25.into());
    let mut line = line(Cause::Unused, "Unused time on Seats after 9 Jun 2020");
    let wording = line.wording.as_mut().expect("it says more than its product");
    wording.discount = Some(Box::new(DiscountWording { name: name.into(), off }));
    let rest =
        "(25 % Rabatt): Nicht genutzte Zeit für Seats ab 9. Juni 2020".replacen(' ', "\u{a0}", 1);
    assert_eq!(said("de", &line), format!("{name} {rest}"));
}
