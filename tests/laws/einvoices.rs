//! E-invoices of whatever is billed: they add up, say what the document says in both syntaxes, and
//! their rules are broken only where the check says so.

use std::sync::Arc;

use chrono::NaiveDate;
use en16931_formats::{Policy, Recommendation, receive};
use proptest::prelude::*;
use quick_xml::events::Event;
use rust_decimal::Decimal;

use super::around::discounted;
use super::company::{END, any, bill_with, settings, settled};
use crate::config::{Settings, TaxRounding, TaxSettings};
use crate::einvoice::{EInvoice, EInvoices, flaws_of_document};
use crate::model::{
    Account, BillingInput, BuyerDetails, DocumentKind, EInvoiceFormat, Excess, History, Invoice,
    SchemedId, SellerDetails, TaxBehavior, TaxCategory, TaxRate, TaxTable, TaxTerms, TaxTreatment,
    Totals, Translated,
};
use crate::payments::Credit;
use crate::render::xml::e_invoice;
use crate::value::{Amount, Currency};

const FORMATS: [EInvoiceFormat; 3] =
    [EInvoiceFormat::Peppol, EInvoiceFormat::XRechnung, EInvoiceFormat::FacturX];

/// PEPPOL-EN16931-R120 lets quantity × price differ from the amount of the line by so much.
const LINE_TOLERANCE: Decimal = Decimal::from_parts(2, 0, 0, false, 2);

proptest! {
    #![proptest_config(super::cases())]

    #[test]
    fn e_invoices_add_up_and_say_what_their_documents_say(company in companies()) {
        company.each(|invoice, document, _| sums(invoice, document))?;
    }

    #[test]
    fn what_takes_a_document_back_states_the_same_amounts(company in companies()) {
        let invoices = EInvoices::new(&company.settings, &company.book);
        for document in &company.documents {
            let account = &company.book.accounts[document.account];
            let back = taken_back(document);
            for format in FORMATS {
                let [given, taken] = [document, &back]
                    .map(|it| invoices.compose(&it.view(account), format).expect("it fits"));
                prop_assert_ne!(given.is_credit, taken.is_credit);
                prop_assert_eq!(amounts(&given), amounts(&taken));
                prop_assert_eq!(&given.taxes, &taken.taxes);
            }
        }
    }

    #[test]
    fn xml_is_well_formed_and_the_same_twice(company in companies()) {
        company.each(|invoice, _, _| {
            let xml = e_invoice(invoice);
            prop_assert_eq!(&xml, &e_invoice(invoice));
            let texts = texts(&xml)?;
            prop_assert!(texts.contains(&invoice.buyer.name.to_owned()), "{texts:?}");
            let is_minus_zero = |text: &&String| {
                text.starts_with("-0") && text.chars().all(|it| "-0.".contains(it))
            };
            prop_assert_eq!(texts.iter().find(is_minus_zero), None);
            Ok(())
        })?;
    }

    /// The check before a close judges drafts, and the close publishes numbered documents.
    #[test]
    fn a_draft_breaks_the_rules_that_its_document_breaks(company in companies()) {
        let invoices = EInvoices::new(&company.settings, &company.book);
        let account = &company.book.accounts[0];
        let drafts = bill_with(&company.settings, &company.book, &History::New, (None, END)).drafts;
        prop_assert_eq!(drafts.len(), company.documents.len());
        for format in FORMATS {
            let of_drafts = drafts.iter().flat_map(|draft| {
                let composed = invoices.compose(&draft.view(account), format);
                flaws_of_document(&composed.expect("it fits"))
            });
            let of_documents = company.documents.iter().flat_map(|document| {
                flaws_of_document(&invoices.compose(&document.view(account), format).expect("it fits"))
            });
            let [mut of_drafts, mut of_documents] =
                [of_drafts.collect::<Vec<_>>(), of_documents.collect()];
            of_drafts.sort();
            of_documents.sort();
            prop_assert_eq!(of_drafts, of_documents);
        }
    }

    #[test]
    fn a_document_breaks_the_rules_that_its_numbers_break_and_no_others(company in companies()) {
        company.each(|invoice, _, _| {
            let mut found: Vec<&str> =
                flaws_of_document(invoice).into_iter().map(|flaw| flaw.rule).collect();
            found.sort_unstable();
            found.dedup();
            prop_assert_eq!(found, broken(invoice), "{:?}", invoice);
            Ok(())
        })?;
    }
}

proptest! {
    // Another program reads each XML, and not in the wink of an eye.
    #![proptest_config(ProptestConfig { cases: super::cases().cases / 10, ..super::cases() })]

    #[test]
    fn another_program_reads_the_same_in_both_syntaxes_and_judges_as_the_check(company in companies()) {
        company.each(|invoice, document, account| {
            let received = receive(&e_invoice(invoice), &Policy::default());
            let flaws = flaws_of_document(invoice);
            if invoice.currency.digits() > 2 {
                // It reads 20.000 as 20.00, which the official rules do not.
                prop_assert!(!flaws.is_empty());
                return Ok(());
            }
            if invoice.format == EInvoiceFormat::FacturX && invoice.preceding.len() > 1 {
                // It knows CII D16B, in which a document concerns one other; Factur-X has D22B.
                return Ok(());
            }
            let is_accepted = received.recommendation == Recommendation::Accept;
            prop_assert_eq!(is_accepted, flaws.is_empty(), "{:?} {:?}", flaws, received.reasons);
            let entries: Vec<String> =
                received.report_declared.entries().map(ToString::to_string).collect();
            prop_assert!(entries.is_empty(), "{entries:?}");
            let read = received.invoice.expect("it can be read");
            prop_assert_eq!(amounts_read(&read), amounts(invoice));
            if invoice.format == EInvoiceFormat::Peppol {
                let invoices = EInvoices::new(&company.settings, &company.book);
                let cii = invoices.compose(&document.view(account), EInvoiceFormat::FacturX);
                let cii = en16931_formats::read(&e_invoice(&cii.expect("it fits")));
                prop_assert_eq!(comparable(cii.expect("it can be read").invoice), comparable(read));
            }
            Ok(())
        })?;
    }
}

/// A company that asks for e-invoices, and everything that it is billed.
#[derive(Debug)]
struct Company {
    settings: Settings,
    book: BillingInput,
    documents: Vec<Invoice>,
}

impl Company {
    /// Hands on the e-invoice of each document in each format.
    fn each(
        &self,
        mut law: impl FnMut(&EInvoice<'_>, &Invoice, &Account) -> Result<(), TestCaseError>,
    ) -> Result<(), TestCaseError> {
        let invoices = EInvoices::new(&self.settings, &self.book);
        for document in &self.documents {
            let account = &self.book.accounts[document.account];
            for format in FORMATS {
                let composed = invoices.compose(&document.view(account), format);
                law(&composed.expect("it fits"), document, account)?;
            }
        }
        Ok(())
    }
}

/// With and without discounts and taxes of every treatment, in currencies of every number of decimals.
fn companies() -> impl Strategy<Value = Company> {
    let books = prop_oneof![
        any(),
        discounted(any().boxed(), Excess::Credit),
        taxed(any().boxed()),
        taxed(discounted(any().boxed(), Excess::Drop).boxed()),
        (any(), currency()).prop_map(in_currency),
        (taxed(any().boxed()), currency()).prop_map(in_currency),
    ];
    let rounding =
        prop_oneof![Just(TaxRounding::Rate), Just(TaxRounding::Document), Just(TaxRounding::Line)];
    (books, rounding).prop_map(|(mut book, round_per)| {
        let tax = TaxSettings { round_per, ..TaxSettings::default() };
        let settings = Settings { tax, ..selling() };
        book.accounts[0] = asking(book.accounts[0].clone());
        let drafts = bill_with(&settings, &book, &History::New, (None, END)).drafts;
        let (documents, _) = settled(&book, drafts, Credit::new());
        Company { settings, book, documents }
    })
}

fn currency() -> impl Strategy<Value = Currency> {
    proptest::sample::select(vec!["EUR", "JPY", "KWD"])
        .prop_map(|code| Currency::from_code(code).expect("ISO 4217"))
}

fn in_currency((mut book, currency): (BillingInput, Currency)) -> BillingInput {
    book.prices.iter_mut().for_each(|price| price.currency = currency);
    book
}

/// A seller with everything that any format asks for, and texts that XML has to escape.
fn selling() -> Settings {
    let mut settings = settings();
    settings.seller.name = "Müller & Söhne <Berlin>".to_owned();
    settings.seller.tax_id = Some("DE123456789".to_owned());
    settings.seller.payment = Some("Please pay \"soon\"".to_owned().into());
    settings.seller.einvoice = SellerDetails {
        country_code: "DE".into(),
        endpoint: id("DE123456789", "9930"),
        legal: id("HRB 1", ""),
        contact_name: "Accounts".into(),
        contact_phone: "+49 30 1".into(),
        contact_email: "a@seller.example".into(),
        iban: "DE02120300000000202051".into(),
        ..SellerDetails::default()
    };
    let lines = ["1 Mill Lane", "", "Berlin", "", "10115", "Germany"];
    settings.seller.address = crate::model::Address::new(lines);
    settings
}

fn asking(account: Account) -> Account {
    let details = BuyerDetails {
        country_code: "FR".into(),
        endpoint: id("123456782", "0002"),
        buyer_reference: "R & D's".into(),
        purchase_order: "PO <1>".into(),
        ..BuyerDetails::default()
    };
    Account {
        name: "Café “Zürich” & Cie <SA>".into(),
        address: crate::model::Address::new(["Rue 1", "", "Lyon", "", "69003", "France"]),
        tax_id: Some("FR00123456782".into()),
        einvoice: Some(Box::new(details)),
        ..account
    }
}

fn id(id: &str, scheme: &str) -> SchemedId {
    SchemedId { id: id.into(), scheme: scheme.into() }
}

/// A company whose prices are taxed in any way, or not.
fn taxed(books: BoxedStrategy<BillingInput>) -> impl Strategy<Value = BillingInput> {
    const CODES: &[&str] = &["on-top", "within", "zero", "exempt", "reverse", "export", ""];
    // Mostly taxed, because lines without a tax must be alone.
    let code = prop_oneof![
        3 => proptest::sample::select(&CODES[..2]),
        1 => proptest::sample::select(CODES),
    ];
    (books, proptest::collection::vec(code, 3)).prop_map(|(mut book, codes)| {
        use TaxBehavior::{Exclusive, Inclusive};
        use TaxTreatment::{Exempt, ReverseCharge, Taxable};
        book.taxes = TaxTable::new(vec![
            rate("on-top", 7, Exclusive, Taxable),
            rate("within", 19, Inclusive, Taxable),
            rate("zero", 0, Exclusive, Taxable),
            rate("exempt", 0, Exclusive, Exempt),
            rate("reverse", 0, Exclusive, ReverseCharge),
            TaxRate { category: Some(TaxCategory::G), ..rate("export", 0, Exclusive, Taxable) },
        ]);
        for (price, code) in book.prices.iter_mut().zip(codes) {
            price.tax_code = Some(code).filter(|code| !code.is_empty()).map(Into::into);
        }
        book
    })
}

fn rate(code: &str, percent: u8, behavior: TaxBehavior, treatment: TaxTreatment) -> TaxRate {
    let note = if treatment == TaxTreatment::Exempt { "Exempt by law" } else { "" };
    TaxRate {
        terms: Arc::new(TaxTerms {
            code: code.into(),
            name: "VAT".into(),
            percent: percent.into(),
            behavior,
            treatment,
            note: note.into(),
            components: Box::default(),
        }),
        country: "".into(),
        region: "".into(),
        valid_from: None,
        valid_to: None,
        category: None,
        exemption_code: "".into(),
        notes: Translated::default(),
        component: None,
        line: 2,
    }
}

/// Sums and signs.
fn sums(invoice: &EInvoice<'_>, document: &Invoice) -> Result<(), TestCaseError> {
    let sign = if invoice.is_credit { -1 } else { 1 };
    prop_assert_eq!(invoice.is_credit, document.kind != DocumentKind::Invoice);
    let sum =
        |amounts: &mut dyn Iterator<Item = Amount>| -> i64 { amounts.map(Amount::minor).sum() };
    let net = sum(&mut invoice.lines.iter().map(|line| line.net));
    prop_assert_eq!(invoice.net.minor(), net);
    prop_assert_eq!(sum(&mut invoice.taxes.iter().map(|part| part.net)), net);
    let tax = invoice.tax.minor();
    prop_assert_eq!(sum(&mut invoice.taxes.iter().map(|part| part.tax)), tax);
    prop_assert_eq!(tax, sign * document.totals.tax.minor());
    let total = invoice.total.minor();
    prop_assert_eq!(net + tax, total);
    prop_assert_eq!(total, sign * document.totals.total.minor());
    prop_assert!(total >= 0);
    let [prepaid, payable] = [invoice.prepaid, invoice.payable].map(Amount::minor);
    prop_assert_eq!(prepaid + payable, total);
    if !invoice.is_credit {
        prop_assert_eq!(payable, document.totals.amount_due.minor());
        prop_assert_eq!(prepaid, document.totals.credit_applied.minor());
    }
    prop_assert_eq!(invoice.lines.len(), document.lines.len());
    for (line, known) in invoice.lines.iter().zip(&document.lines) {
        prop_assert_eq!(line.net.minor(), sign * known.net().minor());
        let product = Decimal::from(line.quantity) * line.price;
        let off = (product - in_units(line.net, invoice.currency)).abs();
        prop_assert!(!line.price.is_sign_negative() && off <= LINE_TOLERANCE, "{line:?}");
        prop_assert!(line.quantity != 0 && (line.quantity < 0) == line.net.is_negative());
        prop_assert!(line.period.0 <= line.period.1, "{line:?}");
        let (first, last): (NaiveDate, NaiveDate) = invoice.period;
        prop_assert!(first <= line.period.0 && line.period.1 <= last, "{line:?}");
        let has_part = |part: &&crate::einvoice::TaxPart<'_>| {
            (part.category, part.percent) == (line.category, line.percent)
        };
        prop_assert_eq!(invoice.taxes.iter().filter(has_part).count(), 1, "{:?}", line);
    }
    Ok(())
}

fn in_units(amount: Amount, currency: Currency) -> Decimal {
    Decimal::from_i128_with_scale(amount.minor().into(), currency.digits())
}

/// The rules that the numbers of a document break, computed without the check.
fn broken(invoice: &EInvoice<'_>) -> Vec<&'static str> {
    let untaxed = invoice.lines.iter().filter(|line| line.category == TaxCategory::O).count();
    let is_off = invoice.taxes.iter().any(|part| {
        let percent = part.percent.unwrap_or_default();
        // In hundredths, so that nothing is divided.
        let exact = in_units(part.net, invoice.currency) * percent;
        let stated = in_units(part.tax, invoice.currency) * Decimal::ONE_HUNDRED;
        (stated - exact).abs() >= Decimal::ONE_HUNDRED
    });
    let decimals =
        if invoice.format == EInvoiceFormat::FacturX { "BR-DEC-09" } else { "UBL-DT-01" };
    let rules = [
        ("BR-CO-17", is_off),
        (decimals, invoice.currency.digits() > 2),
        ("BR-O-11", untaxed > 0 && untaxed < invoice.lines.len()),
    ];
    let mut broken: Vec<&str> =
        rules.into_iter().filter(|(_, is_broken)| *is_broken).map(|(rule, _)| rule).collect();
    broken.sort_unstable();
    broken
}

/// A document that takes everything of another back, or charges what another credits.
fn taken_back(document: &Invoice) -> Invoice {
    let turned = |amount: Amount| amount.checked_neg().expect("it fits");
    let mut back = document.clone();
    for line in &mut back.lines {
        (line.amount, line.tax_amount) = (turned(line.amount), turned(line.tax_amount));
    }
    for total in &mut back.taxes {
        (total.net, total.tax) = (turned(total.net), turned(total.tax));
    }
    let [tax, total] = [document.totals.tax, document.totals.total].map(turned);
    back.totals = Totals { tax, total, amount_due: total, ..Totals::default() };
    back.kind = match document.kind {
        DocumentKind::Invoice => DocumentKind::Credit,
        DocumentKind::Credit | DocumentKind::CreditNote => DocumentKind::Invoice,
    };
    back
}

/// Quantity, price and net of each line, and net, tax and total: what an e-invoice and what takes it
/// back have in common.
type Amounts = (Vec<(Decimal, Decimal, Decimal)>, [Decimal; 3]);

fn amounts(invoice: &EInvoice<'_>) -> Amounts {
    let units = |amount| in_units(amount, invoice.currency).normalize();
    let lines = invoice.lines.iter();
    let lines = lines.map(|line| (line.quantity.into(), line.price.normalize(), units(line.net)));
    (lines.collect(), [invoice.net, invoice.tax, invoice.total].map(units))
}

fn amounts_read(invoice: &en16931::Invoice) -> Amounts {
    let lines = invoice.lines.iter().map(|line| {
        let [quantity, price, net] = [
            line.quantity.into_decimal(),
            line.price.net_price.into_decimal(),
            line.net_amount.into_decimal(),
        ];
        (quantity.normalize(), price.normalize(), net.normalize())
    });
    let totals = &invoice.totals;
    let sums = [totals.taxable_total, totals.vat_total.expect("a tax"), totals.gross_total];
    (lines.collect(), sums.map(|sum| sum.into_decimal().normalize()))
}

/// What was read without what only one of the syntaxes or formats has.
fn comparable(mut invoice: en16931::Invoice) -> en16931::Invoice {
    invoice.specification_id = None;
    // CII asks for a date of delivery.
    invoice.delivery = None;
    invoice.kind = en16931::invoice::DocumentKind::default();
    invoice
}

/// The texts of the elements of an XML document, which must be well-formed and have no empty element.
fn texts(xml: &[u8]) -> Result<Vec<String>, TestCaseError> {
    let mut reader = quick_xml::Reader::from_reader(xml);
    let (mut texts, mut text, mut depth) = (Vec::new(), String::new(), 0);
    let mut is_empty = false;
    loop {
        match reader.read_event().map_err(|error| TestCaseError::fail(error.to_string()))? {
            Event::Start(start) => {
                prop_assert!(text.is_empty(), "text beside elements");
                for attribute in start.attributes() {
                    prop_assert!(!attribute.expect("well-formed").value.is_empty());
                }
                (depth, is_empty) = (depth + 1, true);
            }
            Event::End(end) => {
                prop_assert!(
                    !is_empty,
                    "{} is empty",
                    String::from_utf8_lossy(end.name().as_ref())
                );
                texts.extend(Some(std::mem::take(&mut text)).filter(|text| !text.is_empty()));
                depth -= 1;
            }
            Event::Text(part) => text.push_str(&part.decode().expect("UTF-8")),
            Event::GeneralRef(entity) => text.push(match &*entity.decode().expect("UTF-8") {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                other => return Err(TestCaseError::fail(format!("the entity {other}"))),
            }),
            Event::Decl(_) => {}
            Event::Eof => break,
            other => return Err(TestCaseError::fail(format!("{other:?}"))),
        }
        is_empty &= text.trim().is_empty();
    }
    prop_assert_eq!(depth, 0);
    Ok(texts)
}
