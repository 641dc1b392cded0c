//! Both syntaxes, read back by another program's code.

use std::borrow::Cow;
use std::sync::LazyLock;

use en16931::invoice::PaymentMeans;
use rust_decimal::Decimal;

use super::e_invoice;
use crate::einvoice::{
    Contact, EInvoice, EInvoiceLine, Mandate, Party, PaymentInstruction, TaxPart,
};
use crate::model::{Address, EInvoiceFormat, SchemedId, TaxCategory};
use crate::value::{Amount, Currency};

const FORMATS: [EInvoiceFormat; 3] =
    [EInvoiceFormat::Peppol, EInvoiceFormat::XRechnung, EInvoiceFormat::FacturX];

/// Everything that XML has to escape, and letters of many bytes.
const NAME: &str = "A & B <C> \"D\" 'E' ]]> Ünïté 日本 🚀";

static ADDRESS: LazyLock<Address> = LazyLock::new(|| {
    Address::new(["Kai 7", "2. Stock", "Bremen", "Land Bremen", "28195", "Germany"])
});
static NOWHERE: LazyLock<Address> = LazyLock::new(Address::default);
static ENDPOINT: LazyLock<SchemedId> =
    LazyLock::new(|| SchemedId { id: "DE111111111".into(), scheme: "9930".into() });
static NO_ID: LazyLock<SchemedId> = LazyLock::new(SchemedId::default);

fn amount(minor: i64) -> Amount {
    Amount::from_minor(minor)
}

fn date(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a date")
}

fn party(vat_id: &str) -> Party<'_> {
    Party {
        name: NAME,
        address: &ADDRESS,
        country_code: "DE",
        endpoint: &ENDPOINT,
        legal: &ENDPOINT,
        vat_id: Cow::Borrowed(vat_id),
        tax_registration: "",
    }
}

fn line(net: i64, price: &str) -> EInvoiceLine<'static> {
    EInvoiceLine {
        purchase_order: "PO-2 &",
        note: "3 × 20.00 & more".to_owned(),
        quantity: if net < 0 { -3 } else { 3 },
        unit: "MON",
        net: amount(net),
        price: price.parse().expect("a decimal"),
        name: NAME,
        description: Cow::Borrowed("Remaining time <soon>"),
        period: (date("2025-01-20"), date("2025-01-31")),
        category: TaxCategory::S,
        percent: Some(Decimal::new(55, 1)),
    }
}

/// A document in which every term is filled in.
fn full(format: EInvoiceFormat) -> EInvoice<'static> {
    EInvoice {
        format,
        is_credit: false,
        number: "INV-1",
        issue_date: date("2025-01-31"),
        due_date: Some(date("2025-02-14")),
        currency: Currency::from_code("EUR").expect("ISO 4217"),
        buyer_reference: "R & D",
        purchase_order: "PO <1>",
        note: "Our ref. C & D\nsee <PO>".to_owned(),
        preceding: Vec::new(),
        period: (date("2025-01-20"), date("2025-01-31")),
        seller: party("DE123456789"),
        contact: Some(Contact { name: "Ann & Bob", phone: "+49 30 1", email: "a@b.example" }),
        buyer: party("FR00123456782"),
        payment: Some(PaymentInstruction {
            means: "59",
            iban: "",
            account_name: "",
            bic: "",
            mandate: Some(Mandate { id: "M-1", creditor_id: "DE98ZZZ09999999999", iban: "DE75 1" }),
        }),
        payment_terms: "We debit\n\"soon\"".into(),
        taxes: vec![TaxPart {
            category: TaxCategory::S,
            percent: Some(Decimal::new(55, 1)),
            net: amount(1000),
            tax: amount(55),
            reason: "",
            reason_code: "",
        }],
        net: amount(1000),
        tax: amount(55),
        total: amount(1055),
        prepaid: amount(5),
        payable: amount(1050),
        lines: vec![line(2493, "8.31"), line(-1493, "4.976667")],
    }
}

/// A document in which nothing is filled in that may be missing, and nothing is subject to tax.
fn bare(format: EInvoiceFormat) -> EInvoice<'static> {
    let nobody =
        Party { name: "Nobody", address: &NOWHERE, endpoint: &NO_ID, legal: &NO_ID, ..party("") };
    let untaxed = TaxPart {
        category: TaxCategory::O,
        percent: None,
        net: amount(1000),
        tax: amount(0),
        reason: " ",
        reason_code: "VATEX-EU-O",
    };
    let line = EInvoiceLine {
        note: String::new(),
        purchase_order: "",
        description: Cow::Borrowed(" "),
        category: TaxCategory::O,
        percent: None,
        ..line(1000, "3.333333")
    };
    EInvoice {
        due_date: None,
        buyer_reference: "",
        purchase_order: "",
        note: String::new(),
        seller: nobody.clone(),
        contact: None,
        buyer: nobody,
        payment: None,
        payment_terms: "".into(),
        taxes: vec![untaxed],
        tax: amount(0),
        total: amount(1000),
        prepaid: amount(0),
        payable: amount(1000),
        lines: vec![line],
        ..full(format)
    }
}

fn text(invoice: &EInvoice<'_>) -> String {
    String::from_utf8(e_invoice(invoice)).expect("UTF-8")
}

/// What the other program reads; it must know every element.
fn read(invoice: &EInvoice<'_>) -> en16931::Invoice {
    let read = en16931_formats::read(&e_invoice(invoice)).expect("it can be read");
    assert!(read.entries.is_empty(), "{:#?}", read.entries);
    read.invoice
}

/// What was read without what only one of the syntaxes or formats has.
fn comparable(mut invoice: en16931::Invoice) -> en16931::Invoice {
    invoice.specification_id = None;
    // CII asks for a date of delivery.
    invoice.delivery = None;
    invoice.kind = en16931::invoice::DocumentKind::default();
    invoice
}

#[test]
fn both_syntaxes_say_the_same() {
    let credit = |format| EInvoice {
        is_credit: true,
        due_date: None,
        preceding: vec!["INV-0"],
        prepaid: amount(0),
        payable: amount(1055),
        ..full(format)
    };
    let makers: [&dyn Fn(EInvoiceFormat) -> EInvoice<'static>; 3] = [&full, &credit, &bare];
    for make in makers {
        let [ubl, cii] = [FORMATS[0], FORMATS[2]].map(|format| read(&make(format)));
        assert_eq!(comparable(ubl), comparable(cii));
    }
}

#[test]
fn a_credit_names_every_invoice_that_it_concerns() {
    let credit = |format| EInvoice {
        is_credit: true,
        due_date: None,
        preceding: vec!["INV-0", "INV-00"],
        ..full(format)
    };
    let preceding = read(&credit(EInvoiceFormat::XRechnung)).preceding_invoices;
    let numbers: Vec<String> = preceding.iter().map(|it| it.reference.to_string()).collect();
    assert_eq!(numbers, ["INV-0", "INV-00"]);
    // The other program knows CII D16B, which has room for one; Factur-X has D22B.
    let cii = text(&credit(EInvoiceFormat::FacturX));
    let each = |number: &str| {
        format!(
            "<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>{number}</ram:IssuerAssignedID>\
             </ram:InvoiceReferencedDocument>"
        )
    };
    assert!(cii.contains(&(each("INV-0") + &each("INV-00"))), "{cii}");
}

#[test]
fn every_term_is_written() {
    for format in FORMATS {
        let read = read(&full(format));
        for party in [&read.seller, &read.buyer] {
            assert_eq!(party.name.as_deref(), Some(NAME));
            let address = &party.address;
            let lines = [&address.line1, &address.line2, &address.city, &address.subdivision];
            let lines = lines.map(|it| it.as_deref().unwrap_or_default());
            assert_eq!(lines, ["Kai 7", "2. Stock", "Bremen", "Land Bremen"]);
            assert_eq!(address.post_code.as_deref(), Some("28195"));
            for id in [&party.electronic_address, &party.legal_registration] {
                let id = id.as_ref().expect("an identifier");
                assert_eq!((id.content(), id.scheme()), ("DE111111111", Some("9930")));
            }
        }
        let contact = &read.seller.contact;
        assert_eq!(contact.name.as_deref(), Some("Ann & Bob"));
        assert_eq!(contact.phone.as_deref(), Some("+49 30 1"));
        assert_eq!(contact.email.as_deref(), Some("a@b.example"));
        assert_eq!(read.seller.vat_identifier.as_deref(), Some("DE123456789"));
        assert_eq!(read.buyer.vat_identifier.as_deref(), Some("FR00123456782"));
        assert_eq!(read.buyer_reference.as_deref(), Some("R & D"));
        assert_eq!(read.purchase_order_reference.expect("an order").to_string(), "PO <1>");
        assert_eq!(read.payment_terms.as_deref(), Some("We debit\n\"soon\""));
        assert_eq!(read.due_date.expect("a date").to_string(), "2025-02-14");
        let line = &read.lines[1];
        assert_eq!(line.note.as_deref(), Some("3 × 20.00 & more"));
        assert_eq!(line.item.description.as_deref(), Some("Remaining time <soon>"));
        assert_eq!(line.item.name.as_deref(), Some(NAME));
        assert_eq!(line.quantity.to_string(), "-3");
        assert_eq!(line.price.net_price.into_decimal().to_string(), "4.976667");
        assert_eq!(line.vat.rate.expect("a rate").into_decimal().to_string(), "5.5");
        assert_eq!(read.totals.paid.expect("an amount").to_string(), "0.05");
    }
}

#[test]
fn a_mandate_is_stated_with_the_creditor_and_the_debited_account() {
    for format in FORMATS {
        let Some(PaymentMeans::DirectDebit(debit)) =
            read(&full(format)).payment.and_then(|it| it.means)
        else {
            panic!("{format:?}: no direct debit")
        };
        assert_eq!(debit.mandate_reference.as_deref(), Some("M-1"));
        assert_eq!(debit.creditor_identifier.as_deref(), Some("DE98ZZZ09999999999"));
        assert_eq!(debit.debited_account.as_deref(), Some("DE75 1"));
    }
    let ubl = text(&full(EInvoiceFormat::Peppol));
    assert!(ubl.contains(r#"<cbc:ID schemeID="SEPA">DE98ZZZ09999999999</cbc:ID>"#), "{ubl}");
}

#[test]
fn another_tax_number_of_the_seller_is_no_vat_number() {
    for format in FORMATS {
        let mut invoice = full(format);
        invoice.seller = Party { tax_registration: "29/815/08", ..party("") };
        let seller = read(&invoice).seller;
        assert_eq!(seller.vat_identifier, None);
        assert_eq!(seller.tax_registration.as_deref(), Some("29/815/08"));
    }
}

#[test]
fn blank_texts_leave_their_elements_out() {
    for format in FORMATS {
        let xml = text(&bare(format));
        assert!(!xml.contains("/>") && !xml.contains("> <"), "{xml}");
        for absent in [
            "DueDate",
            "BuyerReference",
            "Order",
            "Contact",
            "PaymentMeans",
            "PaymentTerms",
            "Note",
            "Endpoint",
            "URI",
            "CompanyID",
            "SpecifiedLegal",
            "PartyTaxScheme",
            "SpecifiedTaxReg",
            "Description",
            "StreetName",
            "LineOne",
            "City",
            "Postal_",
            "Prepaid",
            "ExemptionReason>",
            "PartyIdentification",
            "BillingReference",
            "InvoiceReferenced",
            "Mandate",
            "PaymentRef",
        ] {
            assert!(!xml.contains(absent), "{format:?}: {absent} in {xml}");
        }
    }
}

#[test]
fn what_is_not_subject_to_tax_has_no_rate_but_the_zero_that_xrechnung_asks_for() {
    for format in FORMATS {
        let invoice = bare(format);
        let read = read(&invoice);
        assert_eq!(read.lines[0].vat.rate, None);
        let stated = read.vat_breakdown[0].rate.map(|rate| rate.into_decimal().to_string());
        let expected = (format == EInvoiceFormat::XRechnung).then(|| "0".to_owned());
        assert_eq!(stated, expected, "{format:?}");
    }
}

#[test]
fn texts_are_escaped() {
    for format in FORMATS {
        let xml = text(&full(format));
        let escaped = "A &amp; B &lt;C&gt; &quot;D&quot; &apos;E&apos; ]]&gt; Ünïté 日本 🚀";
        assert_eq!(xml.matches(escaped).count(), 4, "{xml}");
        assert!(!xml.contains("B <C>"), "{xml}");
    }
}
