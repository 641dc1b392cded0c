//! Published sentences, said anew.

use super::super::super::specimens::kumu;
use super::*;
use crate::model::{Correction, CorrectionRole};

/// A line that was published so, of "Seats".
fn line(cause: fn(std::sync::Arc<str>) -> Cause, description: &str) -> Line {
    let mut line = kumu().lines.remove(0);
    line.key.cause = cause("c1".into());
    line.quote_mut().product = "Seats".into();
    line.description = description.into();
    line
}

fn said(tag: &str, line: &Line) -> String {
    description(line, Locale::parse(tag).expect("a known tag"), true).into_owned()
}

/// Lines of every kind with what is published of them.
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
    let mut discount =
        line(Cause::Unused, "Half (12.5% off): Unused time on Seats after 9 Jun 2020");
    discount.kind = LineKind::Discount;
    lines.push(discount);
    for (role, description) in [
        (CorrectionRole::Reversal, "Reverses “Seats from 9 Jun 2020” of invoice INV-1: "),
        (CorrectionRole::Replacement, "Seats from 9 Jun 2020, corrects invoice INV-1: "),
    ] {
        let reason = "the history of the subscription was changed".to_owned();
        let mut corrected = line(Cause::Segment, &format!("{description}{reason}"));
        let invoice_number = "INV-1".into();
        let correction = Correction { role, invoice_number, line_number: 1, reason };
        corrected.correction = Some(Box::new(correction));
        lines.push(corrected);
    }
    lines
}

/// More of what is published: every discount, every reason, and corrections of all of it.
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
        let mut discount = line(Cause::Net, description);
        discount.kind = LineKind::Discount;
        lines.push(discount);
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
            let said = &line.description;
            let document = match number {
                "" => "what was billed before this register was opened".to_owned(),
                number => format!("invoice {number}"),
            };
            let description = match role {
                CorrectionRole::Reversal => format!("Reverses “{said}” of {document}: {reason}"),
                CorrectionRole::Replacement => format!("{said}, corrects {document}: {reason}"),
            };
            let (invoice_number, reason) = (number.into(), reason.to_owned());
            let correction = Correction { role, invoice_number, line_number: 1, reason };
            let description = description.into();
            lines.push(Line {
                description,
                correction: Some(Box::new(correction)),
                ..line.clone()
            });
        }
    }
    lines
}

/// `tests/wording/lines.txt` has every wording in nine languages. `UPDATE_EXPECTED=1` rewrites it.
#[test]
fn nine_languages_say_what_they_said() {
    let lines = published_in_full();
    let languages = Locale::known_tags().filter(|tag| !tag.contains('-'));
    let said: String = languages
        .flat_map(|tag| lines.iter().map(move |line| format!("{tag}\t{}\n", said(tag, line))))
        .collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wording/lines.txt");
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
        let expected = line.description.replace("1200", "1,200");
        assert_eq!(said("en", &line), expected);
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
            "Seats ab 9. Juni 2020; Änderung c7 vom 3. Mai 2020 traf später ein",
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
        assert_eq!(said("fr", &line), *line.description);
    }
}

#[test]
fn the_reason_can_be_left_out() {
    let corrected = published().pop().expect("the last one");
    let locale = Locale::parse("de").expect("German");
    let text = description(&corrected, locale, false);
    assert_eq!(text, "Seats ab 9. Juni 2020, berichtigt Rechnung INV-1");
    let why = reason("the discount half was not known before", locale);
    assert_eq!(why, "Rabatt half war noch nicht bekannt");
}
