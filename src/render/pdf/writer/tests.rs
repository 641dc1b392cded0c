//! Compares the writer with printpdf alone: the same texts at the same positions. Also tests its
//! own properties: repeatable bytes regardless of other documents, small files, and texts of
//! glyphs.

use std::collections::HashMap;
use std::sync::LazyLock;

use lopdf::content::Content as Operators;
use lopdf::{Document, Object};
use rayon::prelude::*;

use crate::config::{Look, MissingCharacters, Packing, PageSize};
use crate::locale::Locale;
use crate::model::{Account, Invoice};
use crate::render::pdf::content::{PaymentShown, PdfContent};
use crate::render::pdf::extract::einvoice_of;
use crate::render::pdf::glyphs::{Glyph, GlyphRun};
use crate::render::pdf::page::{Ink, Mark, Style};
use crate::render::pdf::printed::Receipt;
use crate::render::pdf::renderer::PdfRenderer;
use crate::render::pdf::run::Run;
use crate::render::pdf::specimens::{
    JAPANESE, JAPANESE_FONT, account, credit, credit_note, discounted, exempt, inclusive, kumu,
    long, payment, reverse_charge, seller, set_part, taxed, type_case, vat,
};
use crate::render::pdf::structure_reader::faults;
use crate::render::pdf::tests::metadata;
use crate::render::pdf::tree::{PartId, Role, Tag, Tree};
use crate::render::pdf::weight::Weight;
use crate::render::pdf::writer::*;

fn new_press() -> PdfRenderer {
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
    let press = PdfRenderer::new(&seller(), &look, &[JAPANESE_FONT.to_vec()]).expect("fonts parse");
    press.with_logo(&logo()).expect("a logo")
}

/// A logo of two pixels, one of them transparent.
fn logo() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 2, 1);
    encoder.set_color(png::ColorType::Rgba);
    let samples = [200, 30, 30, 255, 30, 30, 200, 128];
    encoder.write_header().and_then(|mut it| it.write_image_data(&samples)).expect("written");
    file
}

static PRESS: LazyLock<PdfRenderer> = LazyLock::new(new_press);

/// Customers whose names need other groups or fonts, or have no font.
const NAMES: [&str; 8] = [
    "Acme (North) \\ Söhne & Co. “Café” €",
    "Przedsiębiorstwo Zażółć Gęślą Jaźń",
    "Ελληνική Εταιρεία µ Ω",
    "Товариство «Київ» Ґанок",
    "Công ty Việt Nam",
    JAPANESE,
    "₹ ₺ ⅓ ʃə \u{1f680} Ǆ",
    "Łódź Ελλάς Київ 株式会社 ﬁ",
];

/// One document of each kind, and one for each customer.
fn specimens() -> Vec<(String, Invoice, String, Vec<PaymentShown>)> {
    let kinds = [
        ("kumu", kumu()),
        ("credit", credit()),
        ("credit-note", credit_note()),
        ("discounted", discounted()),
        ("taxed", taxed(kumu(), &[vat("19"), vat("7")])),
        ("inclusive", taxed(kumu(), &[inclusive("20")])),
        ("exempt", taxed(kumu(), &[exempt()])),
        ("reverse-charge", taxed(kumu(), &[reverse_charge()])),
        ("long", long(60)),
    ];
    let kinds = kinds.into_iter().map(|(name, invoice)| (name.into(), invoice, "Acme", vec![]));
    let paid = ("paid".to_owned(), kumu(), "Acme", vec![payment("Visa •••• 4242", 2005)]);
    let names = NAMES.into_iter().zip(1..);
    let names = names.map(|(name, number)| (format!("name-{number}"), kumu(), name, vec![]));
    let all = kinds.chain([paid]).chain(names);
    all.map(|(name, invoice, account, paid)| (name, invoice, account.to_owned(), paid)).collect()
}

/// Prints a specimen with the writer and with printpdf alone.
fn both_ways(invoice: &Invoice, name: &str, payments: &[PaymentShown]) -> [Receipt; 2] {
    let account = account(name);
    let manuscript = PdfContent::receipt(invoice, &account, payments).expect("small sums");
    [PRESS.print_manuscript(&manuscript, None), PRESS.print_slowly(&manuscript)]
        .map(|receipt| receipt.expect("it prints"))
}

/// The visible content of a page: the text in drawing order, and the position and style of each
/// line.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    text: String,
    /// Left and baseline in hundredths of a point, size in hundredths, colour in hundredths.
    lines: Vec<[i64; 6]>,
    /// Left, bottom, width, height in hundredths of a point.
    bars: Vec<[i64; 4]>,
    logos: usize,
}

fn seen(bytes: &[u8]) -> Vec<Seen> {
    let document = Document::load_mem(bytes).expect("a PDF");
    document.get_pages().into_values().map(|page| seen_on(&document, page)).collect()
}

fn seen_on(document: &Document, page: lopdf::ObjectId) -> Seen {
    let fonts = document.get_page_fonts(page).expect("fonts");
    let encoding = |name: &[u8]| fonts[name].get_font_encoding(document).expect("an encoding");
    let encodings: HashMap<_, _> =
        fonts.keys().map(|name| (name.clone(), encoding(name))).collect();
    let content = Operators::decode(&document.get_page_content(page)).expect("operators");
    let (mut seen, mut place, mut size, mut colour) = (Seen::default(), [0.0; 2], 0.0, [0.0; 3]);
    let mut font = Vec::new();
    let hundredth = |number: f32| i64::from(super::numbers::hundredths(number));
    for operation in &content.operations {
        let numbers: Vec<f32> =
            operation.operands.iter().filter_map(|it| it.as_float().ok()).collect();
        match (&*operation.operator, &*numbers) {
            ("BT", _) => place = [0.0; 2],
            ("Td", [x, y]) => place = [place[0] + x, place[1] + y],
            ("Tm", [.., x, y]) => place = [*x, *y],
            ("rg", [r, g, b]) => colour = [*r, *g, *b],
            ("re", [x, y, w, h]) => seen.bars.push([*x, *y, *w, *h].map(hundredth)),
            ("Do", _) => seen.logos += 1,
            ("Tf", [points]) => {
                size = *points;
                font = operation.operands[0].as_name().expect("a name").to_vec();
            }
            ("Tj" | "TJ", _) => {
                let [r, g, b] = colour;
                let line = [place[0], place[1], size, r, g, b].map(hundredth);
                // Runs after the first begin at the end of the one before.
                if seen.lines.last().is_none_or(|last| last[1] != line[1] || last[2..] != line[2..])
                {
                    seen.lines.push(line);
                }
                for string in strings(&operation.operands) {
                    let text = Document::decode_text(&encodings[&font], string).expect("a text");
                    // A space may stand between two lines of a part.
                    seen.text.push_str(text.trim_end_matches(' '));
                }
            }
            _ => {}
        }
    }
    seen
}

fn strings(operands: &[Object]) -> Vec<&[u8]> {
    let inner = |operand: &Object| operand.as_array().is_ok();
    let (arrays, strings): (Vec<_>, Vec<_>) = operands.iter().partition(|it| inner(it));
    let nested = arrays.into_iter().filter_map(|it| it.as_array().ok()).flatten();
    strings.into_iter().chain(nested).filter_map(|it| it.as_str().ok()).collect()
}

/// Names a folder for the specimens in both forms, so that other programs can check them:
/// `.ci/check-pdfs` does.
const FOLDER: &str = "PRORATA_SPECIMENS";

#[test]
fn both_ways_show_the_same() {
    let folder = std::env::var_os(FOLDER).map(std::path::PathBuf::from);
    for (name, invoice, account, payments) in specimens() {
        let [stamped, plain] = both_ways(&invoice, &account, &payments);
        assert_eq!(stamped.missing_characters, plain.missing_characters, "{name}");
        assert_eq!(seen(&stamped.bytes), seen(&plain.bytes), "{name}");
        assert_eq!(faults(&stamped.bytes), [""; 0], "{name}");
        if let Some(folder) = &folder {
            for (way, receipt) in [("stamped", stamped), ("plain", plain)] {
                std::fs::write(folder.join(format!("{name}.{way}.pdf")), receipt.bytes)
                    .expect("a folder");
            }
        }
    }
    if let Some(folder) = &folder {
        let receipt = PRESS.print_with_einvoice(&kumu(), &account("Acme"), &einvoice());
        let receipt = receipt.expect("it prints");
        std::fs::write(folder.join("kumu.einvoice.pdf"), receipt.bytes).expect("a folder");
    }
}

/// An electronic invoice, as long as one usually is and no easier to compress.
fn einvoice() -> Vec<u8> {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<invoice>\n");
    for line in 0_u64.. {
        let amount = line.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 14;
        let line = format!("<item><name>Größe {line}</name><amount>{amount}</amount></item>\n");
        xml.push_str(&line);
        if xml.len() > 9700 {
            break;
        }
    }
    let xml = (xml + "</invoice>\n").into_bytes();
    // As much as the Factur-X of a receipt with four lines.
    let deflated = deflate(&xml, Effort::Fast).len();
    assert!((1724..1850).contains(&deflated), "{deflated}");
    xml
}

#[test]
fn an_einvoice_is_inside_and_changes_nothing_that_is_seen() {
    let account = account("Acme");
    let with = PRESS.print_with_einvoice(&kumu(), &account, &einvoice()).expect("it prints");
    assert_eq!(with, PRESS.print_with_einvoice(&kumu(), &account, &einvoice()).expect("again"));
    assert_eq!(einvoice_of(&with.bytes), Some(einvoice()));
    assert_eq!(faults(&with.bytes), [""; 0]);
    let without = PRESS.print(&kumu(), &account).expect("it prints");
    assert_eq!(einvoice_of(&without.bytes), None);
    assert_eq!(seen(&with.bytes), seen(&without.bytes));
    let claims = |receipt: &Receipt| {
        let text = metadata(receipt);
        ["<fx:ConformanceLevel>EN 16931<", "<pdfaid:part>3<", "<pdfuaid:part>1<"]
            .map(|claim| text.contains(claim))
    };
    assert_eq!((claims(&with), claims(&without)), ([true; 3], [false, true, true]));
}

#[test]
fn a_document_that_lacks_a_character_claims_nothing() {
    let receipt = PRESS.print(&kumu(), &account("a\u{1f680}b")).expect("it prints");
    assert_eq!(receipt.missing_characters, ['\u{1f680}']);
    let text = String::from_utf8_lossy(&receipt.bytes);
    assert!(text.contains("<dc:title>") && !text.contains("pdfaid") && !text.contains("pdfuaid"));
    assert_eq!(faults(&receipt.bytes), [""; 0]);
}

/// A logo in printing colours: the header of a JPEG file with four components.
const CMYK: [u8; 25] = [
    0xff, 0xd8, 0xff, 0xc0, 0, 20, 8, 0, 1, 0, 1, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11,
    0, 0xd9,
];

#[test]
fn a_logo_in_printing_colours_is_not_archival() {
    let press = new_press().with_logo(&CMYK).expect("a logo");
    let receipt = press.print(&kumu(), &account("Acme")).expect("it prints");
    let text = String::from_utf8_lossy(&receipt.bytes);
    assert!(text.contains("pdfuaid") && !text.contains("pdfaid"));
}

#[test]
fn texts_are_all_there() {
    let text = |name: &str| {
        let [stamped, _] = both_ways(&kumu(), name, &[]);
        seen(&stamped.bytes).remove(0).text
    };
    for name in &NAMES[..6] {
        assert!(text(name).contains(name), "{name} in {}", text(name));
    }
    assert!(text("a\u{1f680}b").contains("a\u{fffd}b"));
}

#[test]
fn a_document_has_the_same_bytes_whatever_is_printed_beside_it() {
    let specimens = specimens();
    let print = |press: &PdfRenderer,
                 (_, invoice, name, payments): &(String, Invoice, String, Vec<_>)| {
        let account = account(name);
        let manuscript = PdfContent::receipt(invoice, &account, payments).expect("small sums");
        press.print_manuscript(&manuscript, None).expect("it prints").bytes
    };
    let in_order: Vec<_> = specimens.iter().map(|it| print(&PRESS, it)).collect();
    let press = new_press();
    let mut backwards: Vec<_> = specimens.iter().rev().map(|it| print(&press, it)).collect();
    backwards.reverse();
    assert!(in_order == backwards);
    let press = new_press();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(4).build().expect("threads");
    let beside: Vec<_> =
        pool.install(|| specimens.par_iter().map(|it| print(&press, it)).collect());
    assert!(in_order == beside);
}

/// A customer in both weights, and the language of the document.
const CUSTOMERS: [(&str, &str); 16] = [
    ("en", "Universal Exports Ltd"),
    ("de", "Größte Bäckerei Übersee"),
    ("es", "Compañía Ibérica Último Año"),
    ("fr", "Société Générale à Nîmes"),
    ("it", "Società Città e Libertà"),
    ("pt", "Construções São João"),
    ("nl", "Coöperatie Één"),
    ("pl", "Zażółć Gęślą Jaźń"),
    ("en", "Žluťoučký Kůň"),
    ("en", "Árvíztűrő Tükörfúrógép"),
    ("en", "Çağrı İş"),
    ("en", "Școala Învățătorilor"),
    ("en", "Rødgrød Å Ærø"),
    ("en", "Công ty Hữu hạn Việt Nam"),
    ("en", "Ελληνική Εταιρεία"),
    ("en", "Товариство Київ"),
];

#[test]
fn one_page_in_letters_of_europe_or_vietnam_is_small() {
    for (tag, name) in CUSTOMERS {
        let locale = Locale::parse(tag).expect("a known tag");
        let mut account = Account { locale, ..account(name) };
        set_part(&mut account.address, 0, name);
        let press = new_press_without_logo();
        let bytes = press.print(&kumu(), &account).expect("it prints").bytes.len();
        let with = press.print_with_einvoice(&kumu(), &account, &einvoice()).expect("it prints");
        println!("{name}: {bytes}, with an e-invoice {}", with.bytes.len());
        // Greek and Cyrillic letters are added to all of ASCII, and Vietnamese ones are many.
        let is_latin = !name.starts_with(['Ε', 'Т']) && !name.ends_with("Việt Nam");
        let limit = if is_latin { 25_000 } else { 31_000 };
        assert!(bytes < limit, "{name}: {bytes}");
        assert!(with.bytes.len() < limit, "{name}: {}", with.bytes.len());
    }
}

fn new_press_without_logo() -> &'static PdfRenderer {
    static PRESS: LazyLock<PdfRenderer> = LazyLock::new(|| {
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
        PdfRenderer::new(&seller(), &look, &[]).expect("fonts parse")
    });
    &PRESS
}

/// Two letters as one glyph, then two glyphs for one letter, the second above the first.
fn shaped() -> GlyphRun {
    let glyph = |id, advance, offset, cluster| Glyph { id, advance, offset, cluster };
    GlyphRun {
        face: 0,
        glyphs: vec![
            glyph(72, 600, [0, 0], 0..2),
            glyph(80, 500, [0, 0], 2..4),
            glyph(90, 0, [-120, 300], 2..4),
        ],
        text: "fi\u{e9}".into(),
    }
}

#[test]
fn clusters_of_several_glyphs_say_what_they_are() {
    let case = type_case();
    let mut needs = Needs::default();
    needs.add_glyphs(&shaped());
    let run = Run::Glyphs(shaped());
    assert_eq!(needs.glyphs[&0][&72], "fi");
    assert_eq!(needs.glyphs[&0][&80], "\u{200b}");
    let shell = Arc::new(SharedObjects::new([None, None], None));
    let fonts = Fonts::new(case, &shell, &needs, &Cache::new(1)).expect("they embed");
    let mut page = Vec::new();
    let inks = Inks::new([0; 3]);
    let (mut tree, paper) = (Tree::new(), Paper::new(PageSize::A4));
    let part = tree.add(PartId::DOCUMENT, Role::Paragraph);
    let mut pieces = Pieces::default();
    let mut pen = Pen::new((case, paper, &inks), &fonts, (&tree, &mut page, &mut pieces));
    let style = Style::new(Weight::Regular, 10.0, Ink::Text);
    let mark = DrawOp::Text { left: 10.0, baseline: 41.89, style, text: "" };
    pen.draw(Mark::new(Tag::Content(part), mark), Some(&[run]));
    pen.finish();
    assert_eq!((pieces.parts, pieces.ends), (vec![part], vec![1]));
    let page = String::from_utf8(page).expect("hexadecimal strings");
    let declared = |glyph| case.face(0).glyph_advance(glyph);
    let (first, second) = (declared(72) - 600, declared(80) - 500 + 120);
    let third = declared(90) - 120;
    let expected = format!(
        "BT\n/P<</MCID 0>>BDC\n.106 .122 .153 rg\n10 800 Td\n/G0 10 Tf\n[<0001>]TJ\n\
         /Span<</ActualText<feff00e9>>>BDC\n[{first}<0002>]TJ\n3 Ts\n[{second}<0003>]TJ\n0 Ts\nEMC\n\
         [{third}]TJ\nEMC\nET\n"
    );
    assert_eq!(page, expected);
}
