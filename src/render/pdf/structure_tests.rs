//! Every document can be read aloud, and every damage to its structure is found.

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::content::PaymentShown;
use super::gallery::{Specimen, gallery};
use super::specimens::{account, adjustment, invoice, kumu, long, payment, set_part};
use super::structure_reader::{Reading, faults};
use crate::config::PageSize;
use crate::model::{Account, Invoice};

#[test]
fn every_specimen_can_be_read_aloud() {
    for specimen in gallery() {
        assert_eq!(faults(&specimen.pdf()), [""; 0], "{}", specimen.name);
    }
}

/// A specimen of several pages.
fn spread(invoice: Invoice, account: Account, payments: Vec<PaymentShown>) -> Specimen {
    Specimen { name: "spread", invoice, account, payments, size: PageSize::A4 }
}

#[test]
fn parts_that_go_on_over_pages_can_be_read_aloud() {
    let acme = || account("Acme");
    let described = adjustment(&"Data migration as agreed upon ".repeat(700), 100);
    let lines = [long(18).lines, vec![described], long(30).lines].concat();
    let mut named = account(&"A very long name ".repeat(300));
    set_part(&mut named.address, 0, &"and a street ".repeat(200));
    let paid = (0..120).map(|_| payment("Visa •••• 4242", 5)).collect();
    for (specimen, least) in [
        (spread(invoice("USD", lines), acme(), Vec::new()), 4),
        (spread(kumu(), named, Vec::new()), 3),
        (spread(kumu(), acme(), paid), 3),
    ] {
        let pdf = specimen.pdf();
        assert_eq!(faults(&pdf), [""; 0]);
        let document = Document::load_mem(&pdf).expect("a PDF");
        let reading = Reading::new(&document);
        assert!(reading.pages.len() >= least, "{} pages", reading.pages.len());
        let has_several = |element: &super::structure_reader::Element| {
            element.pieces.iter().any(|piece| piece.0 != element.pieces[0].0)
        };
        let spread = reading.elements.iter().filter(|element| has_several(element)).count();
        assert_eq!(spread > 0, specimen.payments.is_empty(), "{spread} parts on several pages");
    }
}

#[test]
fn scripts_from_right_to_left_can_be_read_aloud() {
    for name in ["شركة النور للتجارة 2020", "תפוח בע\"מ", "नमस्ते सॉफ़्टवेयर", "บริษัท ฟ้าใส", "株式会社"]
    {
        let specimen = spread(kumu(), account(name), Vec::new());
        let pdf = specimen.pdf();
        assert_eq!(faults(&pdf), [""; 0], "{name}");
        assert!(String::from_utf8_lossy(&pdf).contains("<pdfuaid:part>1<"), "{name}");
    }
}

#[test]
fn only_further_pages_repeat_anything() {
    for specimen in gallery() {
        let pdf = specimen.pdf();
        let document = Document::load_mem(&pdf).expect("a PDF");
        let reading = Reading::new(&document);
        let has_several = reading.pages.len() > 1;
        for (index, repeated) in reading.repeated.iter().enumerate() {
            assert_eq!(!repeated.is_empty(), has_several, "{}: {repeated}", specimen.name);
            assert_eq!(repeated.contains("Kumu Inc."), index > 0, "{}", specimen.name);
        }
        let contact = reading.elements.last().expect("parts");
        let text = &reading.shown[&contact.pieces[0]].text;
        assert!(text.starts_with("Questions?"), "{}: {text}", specimen.name);
        assert_eq!(contact.pieces[0].0, reading.pages.len() - 1, "on the last page");
    }
}

#[test]
fn the_receipt_of_the_help_page_reads_like_this() {
    let pdf = gallery().swap_remove(1).pdf();
    let document = Document::load_mem(&pdf).expect("a PDF");
    assert_eq!(Reading::new(&document).outline(), include_str!("structure_kumu.txt"));
}

#[test]
fn words_of_two_lines_are_not_joined() {
    let pdf = gallery().swap_remove(1).pdf();
    let document = Document::load_mem(&pdf).expect("a PDF");
    let outline = Reading::new(&document).outline();
    assert!(outline.contains("P: Kumu Inc. 548 Market St Suite 12345 San"), "{outline}");
    assert!(outline.contains("Private projects 7 d 17 h of 31 d left\n"), "{outline}");
}

/// A document, damaged.
fn damaged(damage: impl FnOnce(&mut Document)) -> Vec<String> {
    let specimen = gallery().swap_remove(1);
    let mut document = Document::load_mem(&specimen.pdf()).expect("a PDF");
    assert_eq!(Reading::new(&document).faults, [""; 0]);
    damage(&mut document);
    Reading::new(&document).faults
}

/// The first element of a role, to be changed.
fn first<'d>(document: &'d mut Document, role: &str) -> &'d mut Dictionary {
    let ids: Vec<ObjectId> = document.objects.keys().copied().collect();
    let is_role = |id: &ObjectId| {
        let dictionary = document.get_dictionary(*id).ok();
        let found = dictionary.and_then(|it| it.get(b"S").and_then(Object::as_name).ok());
        found == Some(role.as_bytes())
    };
    let id = ids.into_iter().find(is_role).expect("there is one");
    document.get_dictionary_mut(id).expect("a dictionary")
}

fn replace_in_page(document: &mut Document, from: &str, to: &str) {
    let page = document.page_iter().next().expect("a page");
    let content = document.get_page_content(page);
    let at = content.windows(from.len()).position(|it| it == from.as_bytes()).expect("it is there");
    let content = [&content[..at], to.as_bytes(), &content[at + from.len()..]].concat();
    document.change_page_content(page, content).expect("a page");
}

#[test]
fn every_damage_to_the_tree_is_found() {
    let kids = |role: &'static str| {
        move |document: &mut Document| {
            let kids = first(document, role).get_mut(b"K").and_then(Object::as_array_mut);
            kids.expect("several").remove(1);
        }
    };
    let without = |role: &'static str, key: &'static str| {
        move |document: &mut Document| _ = first(document, role).remove(key.as_bytes()).expect(key)
    };
    let set = |role: &'static str, key: &'static str, value: Object| {
        move |document: &mut Document| first(document, role).set(key, value)
    };
    let name = |text: &str| Object::Name(text.into());
    let found = [
        damaged(kids("Document")),
        damaged(kids("Table")),
        damaged(kids("TR")),
        damaged(without("TH", "A")),
        damaged(without("Figure", "Alt")),
        damaged(without("Figure", "A")),
        damaged(without("P", "P")),
        damaged(without("P", "Pg")),
        damaged(without("P", "K")),
        damaged(set("P", "K", 1.into())),
        damaged(set("P", "K", 400.into())),
        damaged(set("H1", "S", name("H2"))),
        damaged(set("H2", "S", name("Address"))),
        damaged(set("Document", "S", name("P"))),
    ];
    for (place, faults) in found.iter().enumerate() {
        assert_ne!(faults.len(), 0, "damage {place}");
    }
}

#[test]
fn every_damage_to_catalog_and_pages_is_found() {
    for key in ["Lang", "MarkInfo", "ViewerPreferences", "Metadata", "StructTreeRoot"] {
        let faults = damaged(|document| {
            _ = document.catalog_mut().expect("a catalog").remove(key.as_bytes()).expect(key);
        });
        assert_ne!(faults.len(), 0, "{key}");
    }
    let faults = damaged(|document| {
        let page = document.page_iter().next().expect("a page");
        document.get_dictionary_mut(page).expect("a page").set("StructParents", 5);
    });
    assert_eq!(faults, ["page 0 leads back to other elements"]);
    for (from, to) in [
        ("/P<</MCID 0>>BDC", "/Artifact BMC"),
        ("/P<</MCID 0>>BDC", "/P<</MCID 1>>BDC"),
        ("/P<</MCID 0>>BDC", "/H1<</MCID 0>>BDC"),
        ("/Artifact BMC\n", "/P<</MCID 90>>BDC\n"),
        ("EMC\n", ""),
        ("BT\n/P<</MCID 0>>BDC", "/P<</MCID 0>>BDC\nBT"),
    ] {
        assert_ne!(damaged(|document| replace_in_page(document, from, to)).len(), 0, "{to}");
    }
}
