//! The groups that texts need.

use super::super::super::specimens::type_case;
use super::super::super::weight::Weight;
use super::*;

/// The embedded characters of a text beyond the basic ones.
fn beyond_basic(text: &str) -> String {
    let mut wanted = WantedGroups::default();
    assert!(wanted.add(text), "{text}");
    wanted.groups().characters().filter(|it| !is_basic(*it) && *it != REPLACEMENT).collect()
}

#[test]
fn the_bundled_fonts_have_every_character_of_every_group() {
    let case = type_case();
    for character in Groups(u64::MAX).characters() {
        for weight in [Weight::Regular, Weight::SemiBold] {
            let face = case.face(weight.face());
            assert!(face.covers(character), "{:x}", u32::from(character));
        }
    }
}

#[test]
fn languages_need_their_own_letters_only() {
    assert_eq!(beyond_basic("Invoice · 5 × €\u{a0}1"), "");
    assert_eq!(beyond_basic("Größe"), "ÄÖÜßäöü");
    assert_eq!(beyond_basic("Zażółć gęślą jaźń"), "ÓóĄąĆćĘęŁłŃńŚśŹźŻż");
    assert_eq!(beyond_basic("İş Bankası"), "ÂÇÎÖÛÜâçîöûüĞğİıŞş");
    let greek = beyond_basic("ΑΘΗΝΑ");
    assert!(greek.contains("ω") && !greek.contains('é') && !greek.contains('ж'));
    let vietnamese = beyond_basic("Nước");
    assert!(vietnamese.contains('ệ') && !vietnamese.contains('Ệ') && !vietnamese.contains('ɓ'));
    let ukrainian = beyond_basic("Київ, Ґанок");
    assert!(ukrainian.contains('Ї') && !ukrainian.contains('ы') && !ukrainian.contains('ђ'));
}

#[test]
fn letters_of_two_languages_need_both_alphabets() {
    let both = beyond_basic("Müller, Łódź");
    assert_eq!(both, "ÄÓÖÜßäóöüĄąĆćĘęŁłŃńŚśŹźŻż");
    // Neither has the other's letters, and their order does not matter.
    assert_eq!(beyond_basic("Łódź, Müller"), both);
}

#[test]
fn signs_that_few_documents_show_are_apart() {
    assert_eq!(beyond_basic("5 $"), "$£¥₹");
    assert_eq!(beyond_basic("„a“"), "«»‘‚“”„");
}

#[test]
fn what_no_language_has_comes_with_its_block() {
    let signs = beyond_basic("™");
    assert!(signs.contains('†') && !signs.contains('é'));
    assert!(beyond_basic("₽").contains('₴'));
}

#[test]
fn the_basic_characters_are_always_there() {
    let none: String = Groups::default().characters().collect();
    assert!("AZaz09€×–−\u{fffd}".chars().all(|it| none.contains(it)));
    assert!(!none.contains('\u{a0}') && !none.contains('\u{ad}'));
}

#[test]
fn what_is_in_no_group_is_said() {
    assert!(!WantedGroups::default().add("語"));
    assert!(!WantedGroups::default().add("a\u{ad}b"));
    assert!(WantedGroups::default().groups().is_empty());
}

#[test]
fn other_groups_have_other_names() {
    let names: std::collections::BTreeSet<_> =
        (0..64).map(|bit| Groups(BASIC | 1 << bit).letters()).collect();
    assert_eq!(names.len(), 64);
}
