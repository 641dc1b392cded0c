//! Checks that every language has all texts in the right forms.

use super::*;

fn texts(tag: &str) -> Texts {
    Locale::parse(tag).expect("a known tag").texts()
}

#[test]
fn every_language_has_the_same_texts_with_the_same_places() {
    for place in 0..SOURCES.len() {
        if let Err(problems) = read(place) {
            panic!("{problems}");
        }
    }
}

#[test]
fn a_file_with_other_texts_is_refused() {
    let english = SOURCES.iter().find(|source| source.language == "en").expect("English");
    let rules = &formats::of(tag::find("en").expect("English")).plural;
    let problem = |from: &str, to: &str| {
        assert!(english.texts.contains(from), "{from}");
        let content = english.texts.replacen(from, to, 1);
        Language::read(LanguageFile::new(&content, rules)).expect_err("a problem")
    };
    assert_eq!(
        problem("\ndue_on = ", "\nspare = \"\"\ndue_at = "),
        "due_on is missing\ndue_at is not said anywhere\nspare is not said anywhere"
    );
    assert_eq!(problem("due {date}", "due"), "due_on {date} is missing");
    assert_eq!(problem("due {date}", "due {day}"), "due_on {day} is no place of it");
    assert_eq!(problem("\nreceipt = \"Receipt\"", "\nreceipt = 1"), "receipt is not a text");
    assert_eq!(
        problem("other = ", "few = "),
        "in_payments has no form for 0\n\
        in_payments has a form that the language does not"
    );
}

#[test]
fn counts_have_their_forms() {
    let days = |tag, count| texts(tag).days_to_pay(count);
    assert_eq!([1, 14].map(|count| days("en", count)), ["1 day", "14 days"]);
    assert_eq!([1, 14].map(|count| days("de", count)), ["1 Tag", "14 Tage"]);
    assert_eq!([1, 3, 14].map(|count| days("pl", count)), ["1 dzień", "3 dni", "14 dni"]);
    assert_eq!(days("ja", 30), "30日");
    assert_eq!(days("en-IN", 123_456), "1,23,456 days");
    assert_eq!(days("es", 1_000_000), "1.000.000 días");
}

#[test]
fn words_stand_in_the_order_of_the_language() {
    let due = |tag| texts(tag).due_on("2020-07-11");
    assert_eq!(due("en"), "due 2020-07-11");
    assert_eq!(due("de-AT"), "fällig am 2020-07-11");
    assert_eq!(due("ja"), "支払期限 2020-07-11");
}
