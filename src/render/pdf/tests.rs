//! Whole receipts: repeatable bytes, page counts, missing characters.

use std::sync::LazyLock;

use lopdf::Document;

use super::specimens::{JAPANESE, JAPANESE_FONT, account, kumu, long, payment, seller};
use super::*;
use crate::config::Look;
use crate::config::{MissingCharacters, Packing, PageSize};
use crate::locale::Locale;
use crate::model::{Account, Invoice};

fn new_press(page_size: PageSize) -> PdfRenderer {
    let look = Look {
        accent: [0x1f, 0x5f, 0xd6],
        page_size,
        packing: Packing::Files,
        receipts: true,
        fonts: Vec::new(),
        missing_characters: MissingCharacters::Stop,
        logo: None,
        zero_lines: false,
    };
    PdfRenderer::new(&seller(), &look, &[JAPANESE_FONT.to_vec()]).expect("fonts parse")
}

/// One renderer for all tests, so that fonts are read once.
fn press() -> &'static PdfRenderer {
    static PRESS: LazyLock<PdfRenderer> = LazyLock::new(|| new_press(PageSize::A4));
    &PRESS
}

fn print(invoice: &Invoice, name: &str) -> Receipt {
    press().print(invoice, &account(name)).expect("it prints")
}

fn pages(receipt: &Receipt) -> usize {
    Document::load_mem(&receipt.bytes).expect("a PDF").get_pages().len()
}

#[test]
fn threads_may_share_a_press() {
    fn shared<T: Send + Sync>() {}
    shared::<PdfRenderer>();
}

#[test]
fn the_same_invoice_gives_the_same_bytes() {
    let first = print(&kumu(), JAPANESE);
    assert_eq!(first, print(&kumu(), JAPANESE));
    let other = print(&kumu(), "Kumu");
    assert_ne!(first.bytes, other.bytes);
}

#[test]
fn the_id_is_a_digest_of_the_content() {
    let id = |receipt: &Receipt| {
        let document = Document::load_mem(&receipt.bytes).expect("a PDF");
        let id = document.trailer.get(b"ID").and_then(lopdf::Object::as_array).expect("an id");
        id[0].as_str().expect("a string").to_vec()
    };
    let first = id(&print(&kumu(), "A"));
    assert_eq!(first.len(), 16);
    assert_ne!(first, id(&print(&kumu(), "B")));
}

fn title(receipt: &Receipt) -> Vec<u8> {
    let document = Document::load_mem(&receipt.bytes).expect("a PDF");
    let info = document.trailer.get(b"Info").and_then(lopdf::Object::as_reference).expect("one");
    let info = document.get_dictionary(info).expect("a dictionary");
    info.get(b"Title").and_then(lopdf::Object::as_str).expect("a string").to_vec()
}

#[test]
fn says_what_it_is() {
    let document = Document::load_mem(&print(&kumu(), "A").bytes).expect("a PDF");
    let catalog = document.catalog().expect("a catalog");
    assert_eq!(catalog.get(b"Lang").and_then(lopdf::Object::as_str).expect("a language"), b"en");
    let info = document.trailer.get(b"Info").and_then(lopdf::Object::as_reference).expect("one");
    let info = document.get_dictionary(info).expect("a dictionary");
    let entry = |key: &[u8]| info.get(key).and_then(lopdf::Object::as_str).expect("a string");
    assert_eq!(entry(b"Title"), b"Invoice INV-2020-00002");
    assert_eq!(entry(b"Author"), b"Kumu Inc.");
    assert_eq!(entry(b"CreationDate"), b"D:20200627000000Z");
}

#[test]
fn says_in_what_language_it_is() {
    for tag in ["de", "ja", "pt-BR"] {
        let locale = Locale::parse(tag).expect("a known tag");
        let account = Account { locale, ..account("A") };
        let stamped = press().print(&kumu(), &account).expect("it prints");
        let plain = press().print_plainly(&kumu(), &account).expect("it prints");
        for receipt in [&stamped, &plain] {
            let document = Document::load_mem(&receipt.bytes).expect("a PDF");
            let language = document.catalog().and_then(|catalog| catalog.get(b"Lang"));
            let language = language.and_then(lopdf::Object::as_str).expect("a language");
            assert_eq!(language, tag.as_bytes());
        }
        let xmp = metadata(&stamped);
        assert!(xmp.contains(&format!("<dc:language><rdf:Bag><rdf:li>{tag}<")), "{xmp}");
    }
}

/// The XMP of a receipt.
pub(super) fn metadata(receipt: &Receipt) -> String {
    let document = Document::load_mem(&receipt.bytes).expect("a PDF");
    let metadata = document.catalog().and_then(|catalog| catalog.get(b"Metadata"));
    let metadata = metadata.and_then(lopdf::Object::as_reference).expect("metadata");
    let stream = document.get_object(metadata).and_then(lopdf::Object::as_stream);
    let content = stream.and_then(lopdf::Stream::get_plain_content).expect("a stream");
    String::from_utf8(content).expect("XML")
}

#[test]
fn short_receipts_have_one_page_and_long_ones_many() {
    assert_eq!(pages(&print(&kumu(), "A")), 1);
    assert_eq!(pages(&print(&long(1), "A")), 1);
    let pages = pages(&print(&long(500), "A"));
    assert!((12..=20).contains(&pages), "{pages} pages");
}

#[test]
fn only_the_fonts_in_use_are_embedded() {
    let fonts = |name: &str| {
        let document = Document::load_mem(&print(&kumu(), name).bytes).expect("a PDF");
        let page = document.page_iter().next().expect("a page");
        document.get_page_fonts(page).expect("fonts").len()
    };
    assert_eq!(fonts("Zażółć Ελλάδα"), 2);
    assert_eq!(fonts(JAPANESE), 3);
}

#[test]
fn missing_characters_are_named_once_and_sorted() {
    let receipt = print(&kumu(), "\u{1f680}\u{1f600} Rocket \u{1f680}");
    assert_eq!(receipt.missing_characters, ['\u{1f600}', '\u{1f680}']);
    assert!(print(&kumu(), JAPANESE).missing_characters.is_empty());
}

/// A collection (.ttc) with only this font: the collection's header, and every table shifted.
fn collection(font: &[u8]) -> Vec<u8> {
    const HEADER: [u8; 16] = *b"ttcf\0\x01\0\0\0\0\0\x01\0\0\0\x10";
    let mut collection = [&HEADER[..], font].concat();
    let tables = usize::from(u16::from_be_bytes([font[4], font[5]]));
    for table in 0..tables {
        let place = HEADER.len() + 12 + table * 16 + 8;
        let offset: [u8; 4] = collection[place..place + 4].try_into().expect("four bytes");
        let moved = u32::from_be_bytes(offset) + 16;
        collection[place..place + 4].copy_from_slice(&moved.to_be_bytes());
    }
    collection
}

#[test]
fn the_first_font_of_a_collection_prints_like_the_font() {
    let look = Look {
        accent: [0x1f, 0x5f, 0xd6],
        page_size: PageSize::A4,
        packing: Packing::Files,
        receipts: true,
        fonts: Vec::new(),
        missing_characters: MissingCharacters::Stop,
        logo: None,
        zero_lines: false,
    };
    let press = PdfRenderer::new(&seller(), &look, &[collection(JAPANESE_FONT)]).expect("a font");
    let receipt = press.print(&kumu(), &account(JAPANESE)).expect("it prints");
    assert!(receipt.missing_characters.is_empty());
    let texts = |receipt: &Receipt| {
        Document::load_mem(&receipt.bytes).expect("a PDF").extract_text(&[1]).expect("its text")
    };
    assert_eq!(texts(&receipt), texts(&print(&kumu(), JAPANESE)));
}

#[test]
fn a_file_that_is_no_font_is_an_error() {
    let look = Look {
        accent: [0; 3],
        page_size: PageSize::A4,
        packing: Packing::Files,
        receipts: true,
        fonts: Vec::new(),
        missing_characters: MissingCharacters::Stop,
        logo: None,
        zero_lines: false,
    };
    let extra = [JAPANESE_FONT.to_vec(), b"no font".to_vec()];
    let error = PdfRenderer::new(&seller(), &look, &extra).err().expect("an error");
    assert_eq!(error.to_string(), "font 2 of look.fonts is not a TrueType or OpenType font");
}

#[test]
fn receipts_are_named_so_and_the_same_again() {
    let press = press();
    let payments = [payment("Visa •••• 4242 · \u{1f680}", 2005)];
    let paid = || press.print_paid(&kumu(), &account("A"), &payments).expect("it prints");
    let receipt = paid();
    assert_eq!(receipt, paid());
    assert_eq!(receipt.missing_characters, ['\u{1f680}']);
    assert_eq!(title(&receipt), b"Receipt INV-2020-00002");
    let unpaid = press.print_paid(&kumu(), &account("A"), &[]).expect("it prints");
    assert_eq!(unpaid, press.print(&kumu(), &account("A")).expect("it prints"));
}

#[test]
fn payments_beyond_all_meaning_are_an_error() {
    let payments = [payment("", i64::MAX), payment("", 1)];
    let printed = press().print_paid(&kumu(), &account("A"), &payments);
    let message = printed.expect_err("an error").to_string();
    assert_eq!(message, "receipt INV-2020-00002: the payments are too large to be summed up");
}

#[test]
fn the_text_of_a_document_can_be_read_back() {
    let receipt = print(&kumu(), "Kumu & Söhne");
    let text = text_of(&receipt.bytes).expect("a PDF").concat();
    println!("{text}");
    assert!(text.contains("Kumu & Söhne"), "{text}");
}
