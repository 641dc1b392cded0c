//! Each e-invoice, read by another program's code, says what the tables say; and that code's rules
//! find nothing wrong.

use std::collections::BTreeMap;
use std::fs;

use en16931::ValidationReport;
use en16931::invoice::{Code, Party, PaymentMeans};
use en16931::{Date, Invoice, InvoiceLine, Severity};
use en16931_formats::report::Kind;
use en16931_formats::{Policy, Recommendation, receive};
use rust_decimal::Decimal;

use super::{CLOSES, accounts, closed, table};
use crate::support::{Row, Workspace};

/// What the crate's rules find although the official ones accept it, and why.
///
/// The other way round it accepts mixed currencies, `-0.00`, a wrong order of elements, empty elements
/// and two notes, which the official rules refuse: `tests/laws/einvoices.rs` and the schemas in
/// `.ci/check-einvoices` see to those. It knows none of Peppol's German rules (`DE-R-…`).
const DIFFERENCES: [(&str, &str); 0] = [];

/// The crate reads CII D16B, which has room for one preceding invoice. Factur-X has D22B, which has room
/// for several.
const SEVERAL: &str = "InvoiceReferencedDocument";

/// PEPPOL-EN16931-R120 lets quantity × price differ from the amount of the line by so much.
const LINE_TOLERANCE: Decimal = Decimal::from_parts(2, 0, 0, false, 2);

#[test]
fn what_an_e_invoice_says_is_what_the_tables_say() {
    let workspace = closed();
    let input = Input::of(&workspace);
    let mut compared = BTreeMap::new();
    for as_of in CLOSES {
        let tables = Tables::of(&workspace, as_of);
        for row in table(&workspace, as_of, "delivery") {
            let Some(invoice) = received(&workspace, as_of, &row) else { continue };
            tables.document(row.get("invoice_number"), &input).compare(&invoice);
            *compared.entry(row.cells(["einvoice_format", "kind"]).join(" ")).or_insert(0) += 1;
        }
    }
    for kind in [
        "peppol invoice",
        "peppol credit",
        "xrechnung invoice",
        "xrechnung credit",
        "facturx invoice",
    ] {
        assert!(compared.contains_key(kind), "{kind}: {compared:?}");
    }
    assert!(compared.values().sum::<u32>() > 30, "{compared:?}");
}

/// The e-invoice of a document, as the crate reads it. Every element must mean something to it, and
/// its rules must find nothing.
fn received(workspace: &Workspace, as_of: &str, row: &Row) -> Option<Invoice> {
    let (path, bytes) = e_invoice(workspace, as_of, row)?;
    let received = receive(&bytes, &Policy::default());
    let report = &received.report_declared;
    let entries: Vec<String> = report
        .entries()
        .filter(|entry| entry.kind != Kind::Derived)
        .map(ToString::to_string)
        .filter(|entry| !entry.contains(SEVERAL))
        .collect();
    assert!(entries.is_empty(), "{path}: {entries:#?}");
    let findings = report.semantic.report.iter().flat_map(ValidationReport::findings);
    let unknown: Vec<String> = findings
        .filter(|finding| DIFFERENCES.iter().all(|(rule, _)| *rule != finding.rule))
        .filter(|finding| finding.severity != Severity::Info)
        .map(ToString::to_string)
        .collect();
    assert!(unknown.is_empty(), "{path}: {unknown:#?}");
    assert_eq!(received.recommendation, Recommendation::Accept, "{path}: {received}");
    let profile = report.rule_set.as_ref().expect("rules").profile.to_lowercase();
    let format = row.get("einvoice_format");
    let expected = if format == "facturx" { "en 16931" } else { format };
    assert!(profile.contains(expected), "{path}: {profile}");
    received.invoice
}

/// The e-invoice of a document, from its file or out of its PDF, and the name of that file.
fn e_invoice(workspace: &Workspace, as_of: &str, row: &Row) -> Option<(String, Vec<u8>)> {
    let read = |path: &str| fs::read(workspace.path(&format!("output/{as_of}/{path}")));
    match (row.get("einvoice"), row.get("einvoice_format")) {
        (_, "") => None,
        ("", _) => {
            let path = row.get("pdf");
            let pdf = lopdf::Document::load_mem(&read(path).expect("a PDF")).expect("a PDF");
            let streams = pdf.objects.values().filter_map(|object| object.as_stream().ok());
            let is_file = |stream: &&lopdf::Stream| stream.dict.has_type(b"EmbeddedFile");
            let [file] = streams.filter(is_file).collect::<Vec<_>>()[..] else {
                panic!("{path} carries no file, or several");
            };
            Some((path.to_owned(), file.get_plain_content().expect("its content")))
        }
        (path, _) => Some((path.to_owned(), read(path).expect("a file"))),
    }
}

/// What the input says of parties, prices and taxes.
struct Input {
    accounts: BTreeMap<String, Row>,
    /// The unit codes of prices that have one.
    units: BTreeMap<String, String>,
    /// The VAT categories by tax code.
    categories: BTreeMap<String, String>,
    seller: toml::Table,
}

impl Input {
    fn of(workspace: &Workspace) -> Self {
        let columns = |file: &str, key: &str, value: &str| -> BTreeMap<String, String> {
            let rows = workspace.rows(&format!("input/{file}.csv")).into_iter();
            rows.map(|row| (row.get(key).to_owned(), row.get(value).to_owned())).collect()
        };
        let mut categories = columns("tax_rates", "code", "category");
        // Taxable, above 0 %.
        assert_eq!(categories.insert("standard".to_owned(), "S".to_owned()).as_deref(), Some(""));
        categories.insert(String::new(), "O".to_owned());
        let settings = workspace.read("input/billing.toml").parse::<toml::Table>();
        let settings = settings.expect("settings");
        Self {
            accounts: accounts(workspace),
            units: columns("prices", "price_id", "unit_code"),
            categories,
            seller: settings["seller"].as_table().expect("a table").clone(),
        }
    }

    fn seller(&self, key: &str) -> &str {
        self.seller[key].as_str().expect("a text")
    }

    fn category(&self, row: &Row) -> &str {
        &self.categories[row.get("tax_code")]
    }

    fn unit(&self, row: &Row) -> &str {
        let unit = self.units.get(row.get("price_id")).map_or("", |unit| unit);
        if unit.is_empty() { "C62" } else { unit }
    }
}

/// The rows of a close, by document.
struct Tables {
    invoices: Vec<Row>,
    lines: Vec<Row>,
    taxes: Vec<Row>,
}

impl Tables {
    fn of(workspace: &Workspace, as_of: &str) -> Self {
        let [invoices, lines, taxes] = ["invoices", "invoice_lines", "invoice_taxes"]
            .map(|name| table(workspace, as_of, name));
        Self { invoices, lines, taxes }
    }

    fn document<'a>(&'a self, number: &str, input: &'a Input) -> Document<'a> {
        let of = |rows: &'a [Row]| -> Vec<&'a Row> {
            rows.iter().filter(|row| row.get("invoice_number") == number).collect()
        };
        let [row] = of(&self.invoices)[..] else { panic!("{number} is not there once") };
        let account = &input.accounts[row.get("account_id")];
        Document { row, account, lines: of(&self.lines), taxes: of(&self.taxes), input }
    }
}

/// A document as the tables have it.
struct Document<'a> {
    row: &'a Row,
    account: &'a Row,
    lines: Vec<&'a Row>,
    taxes: Vec<&'a Row>,
    input: &'a Input,
}

impl Document<'_> {
    fn compare(&self, invoice: &Invoice) {
        self.compare_head(invoice);
        self.compare_parties(invoice);
        self.compare_payment(invoice);
        self.compare_totals(invoice);
        assert_eq!(parts_of(invoice), self.parts(), "{:?}", self.row);
        assert_eq!(invoice.lines.len(), self.lines.len(), "{:?}", self.row);
        for (line, row) in invoice.lines.iter().zip(&self.lines) {
            self.compare_line(line, row);
        }
    }

    fn is_credit(&self) -> bool {
        self.row.get("kind") != "invoice"
    }

    /// An amount of the tables with the sign of the e-invoice.
    fn signed(&self, amount: &str) -> Decimal {
        let amount = decimal(amount);
        if self.is_credit() { -amount } else { amount }
    }

    /// Whether nothing is subject to VAT: then nobody has a VAT number.
    fn is_untaxed(&self) -> bool {
        self.lines.iter().any(|line| line.get("tax_code").is_empty())
    }

    fn compare_head(&self, invoice: &Invoice) {
        let Self { row, account, .. } = self;
        assert_eq!(text(&invoice.number), row.get("invoice_number"));
        assert_eq!(day(invoice.issue_date), row.get("issue_date"));
        assert_eq!(day(invoice.due_date), row.get("due_date"));
        let code = invoice.type_code.as_ref().map(Code::as_str);
        assert_eq!(code, Some(if self.is_credit() { "381" } else { "380" }));
        assert_eq!(invoice.currency.as_ref().expect("one").as_str(), row.get("currency"));
        assert_eq!(text(&invoice.buyer_reference), account.get("buyer_reference"));
        let order = invoice.purchase_order_reference.as_ref();
        let order = order.map(ToString::to_string).unwrap_or_default();
        assert_eq!(order, account.get("purchase_order"));
        let mut concerned = vec![row.get("credits_invoice")];
        let columns = ["credits_invoice", "corrects_invoice"];
        concerned.extend(self.lines.iter().flat_map(|line| line.cells(columns)));
        concerned.retain(|number| self.is_credit() && !number.is_empty());
        concerned.dedup();
        let preceding = invoice.preceding_invoices.iter();
        let preceding: Vec<String> = preceding.map(|it| it.reference.to_string()).collect();
        assert_eq!(preceding, concerned);
        let period = invoice.invoicing_period.as_ref().expect("a period");
        let [first, last] =
            [service_start, service_end].map(|day| self.lines.iter().map(move |it| day(it)));
        assert_eq!(Some(day(period.start)), first.min());
        assert_eq!(Some(day(period.end)), last.max());
    }

    fn compare_parties(&self, invoice: &Invoice) {
        let Self { account, input, .. } = self;
        let seller = |key: &str| input.seller(key);
        let buyer = |key: &str| account.get(key);
        compare_party(&invoice.seller, &seller);
        compare_party(&invoice.buyer, &buyer);
        let contact = &invoice.seller.contact;
        for (found, key) in [
            (&contact.name, "contact_name"),
            (&contact.phone, "contact_phone"),
            (&contact.email, "contact_email"),
        ] {
            assert_eq!(text(found), seller(key));
        }
        // A number without the prefix of a country is no VAT number.
        let is_vat = |number: &str| number.starts_with(|c: char| c.is_ascii_uppercase());
        for (party, number) in
            [(&invoice.seller, seller("tax_id")), (&invoice.buyer, buyer("tax_id"))]
        {
            let stated = if self.is_untaxed() || !is_vat(number) { "" } else { number };
            assert_eq!(text(&party.vat_identifier), stated);
            assert_eq!(party.tax_registration, None);
        }
    }

    fn compare_payment(&self, invoice: &Invoice) {
        let Self { row, account, input, .. } = self;
        let payment = invoice.payment.as_ref().expect("the company has an IBAN");
        assert_eq!(text(&payment.remittance_information), row.get("invoice_number"));
        let code = payment.means_code.as_ref().expect("a means").as_str();
        match payment.means.as_ref().expect("details") {
            PaymentMeans::DirectDebit(debit) => {
                assert_eq!(code, "59");
                assert_eq!(text(&debit.mandate_reference), account.get("mandate_id"));
                assert_eq!(text(&debit.debited_account), account.get("mandate_iban"));
                assert_eq!(text(&debit.creditor_identifier), input.seller("creditor_id"));
            }
            PaymentMeans::CreditTransfer(transfers) => {
                assert_eq!((code, account.get("mandate_id")), ("58", ""));
                let [transfer] = &transfers[..] else { panic!("{transfers:?}") };
                assert_eq!(text(&transfer.account_identifier), input.seller("iban"));
                assert_eq!(text(&transfer.account_name), input.seller("account_name"));
                assert_eq!(text(&transfer.provider_identifier), input.seller("bic"));
            }
            PaymentMeans::Card(card) => panic!("{card:?}"),
        }
        let terms = text(&invoice.payment_terms);
        if self.is_credit() {
            assert!(!terms.is_empty(), "it says what becomes of the money");
        } else {
            assert_eq!(terms, input.seller("payment"));
        }
    }

    fn compare_totals(&self, invoice: &Invoice) {
        let row = self.row;
        let [total, tax] = ["total", "tax"].map(|column| self.signed(row.get(column)));
        let used = if self.is_credit() { "0" } else { row.get("credit_applied") };
        let due = if self.is_credit() { total } else { decimal(row.get("amount_due")) };
        let lines = self.lines.iter().map(|line| self.signed(line.get("net_amount")));
        let totals = &invoice.totals;
        let found = [
            totals.line_total,
            totals.taxable_total,
            totals.vat_total.expect("a tax"),
            totals.gross_total,
            totals.paid.unwrap_or_default(),
            totals.due,
        ];
        let expected = [lines.sum(), total - tax, tax, total, decimal(used), due];
        assert_eq!(found.map(en16931::InvoiceAmount::into_decimal), expected, "{row:?}");
        let others = [totals.allowance_total, totals.charge_total, totals.rounding];
        assert_eq!(others, [None; 3], "{row:?}");
        assert_eq!(totals.vat_total_accounting, None);
    }

    /// The net and the tax of each category and rate.
    fn parts(&self) -> Parts {
        let mut parts = Parts::new();
        let mut add = |category: &str, percent: Option<Decimal>, [net, tax]: [Decimal; 2]| {
            let part = parts.entry((category.to_owned(), percent)).or_default();
            (part.0, part.1) = (part.0 + net, part.1 + tax);
        };
        for row in &self.taxes {
            let sums = ["net_amount", "tax_amount"].map(|column| self.signed(row.get(column)));
            add(self.input.category(row), Some(decimal(row.get("tax_rate"))), sums);
        }
        for line in self.lines.iter().filter(|line| line.get("tax_code").is_empty()) {
            // For XRechnung, which asks for a rate of zero even where there is none.
            add("O", Some(Decimal::ZERO), [self.signed(line.get("amount")), Decimal::ZERO]);
        }
        parts
    }

    fn compare_line(&self, line: &InvoiceLine, row: &Row) {
        let net = self.signed(row.get("net_amount"));
        assert_eq!(line.id, row.get("line_number"));
        assert_eq!(line.net_amount.into_decimal(), net, "{row:?}");
        // Of discounts and adjustments there is one.
        let is_one = ["discount", "adjustment"].contains(&row.get("kind"));
        let units = if is_one { Decimal::ONE } else { decimal(row.get("quantity")) };
        let quantity = line.quantity.into_decimal();
        assert_eq!(quantity, if net < Decimal::ZERO { -units } else { units }, "{row:?}");
        assert_eq!(line.unit_code.as_str(), self.input.unit(row));
        let price = line.price.net_price.into_decimal();
        let off = (quantity * price - net).abs();
        assert!(price >= Decimal::ZERO && off <= LINE_TOLERANCE, "{price}: {row:?}");
        assert!(off.is_zero() || price.scale() >= 4, "{price} could be exacter: {row:?}");
        assert_eq!((line.allowances.len(), line.charges.len()), (0, 0));

        let category = self.input.category(row);
        assert_eq!(line.vat.category.as_str(), category);
        let percent = (category != "O").then(|| decimal(row.get("tax_rate")));
        assert_eq!(line.vat.rate.map(en16931::Percentage::into_decimal), percent);
        let period = line.period.as_ref().expect("a period");
        assert_eq!([day(period.start), day(period.end)], [service_start(row), service_end(row)]);
        assert_eq!(text(&line.item.name), row.get("product"));
        let description = text(&line.item.description);
        let own = if row.get("kind") == "adjustment" { row.get("description") } else { "" };
        let own = if own.is_empty() { row.get("product") } else { own };
        assert!(description.contains(own), "{description}: {row:?}");
        // The calculation, in the language of the account. There is none where price and quantity say
        // everything.
        let [part, whole] = row.cells(["prorated_numerator", "prorated_denominator"]);
        assert!(is_one || part == whole || line.note.is_some(), "{row:?}");
    }
}

fn compare_party<'a>(party: &Party, input: &impl Fn(&str) -> &'a str) {
    let address = &party.address;
    for (found, key) in [
        (&party.name, "name"),
        (&address.line1, "address_line1"),
        (&address.city, "city"),
        (&address.post_code, "postal_code"),
    ] {
        assert_eq!(text(found), input(key));
    }
    assert_eq!([&address.line2, &address.line3, &address.subdivision], [&None; 3]);
    assert_eq!(address.country.as_ref().expect("a country").as_str(), input("country_code"));
    for (found, [id, scheme]) in [
        (&party.electronic_address, ["endpoint_id", "endpoint_scheme"]),
        (&party.legal_registration, ["legal_id", "legal_id_scheme"]),
    ] {
        let found = found.as_ref();
        assert_eq!(found.map_or("", |it| it.content()), input(id));
        assert_eq!(found.and_then(|it| it.scheme()).unwrap_or_default(), input(scheme));
    }
}

/// Net and tax by category and rate.
type Parts = BTreeMap<(String, Option<Decimal>), (Decimal, Decimal)>;

fn parts_of(invoice: &Invoice) -> Parts {
    let parts = invoice.vat_breakdown.iter().map(|part| {
        let percent = part.rate.map(|rate| rate.into_decimal().normalize());
        let sums = (part.taxable_amount.into_decimal(), part.tax_amount.into_decimal());
        assert_eq!(part.has_exemption_reason(), part.category.as_str() != "S");
        ((part.category.as_str().to_owned(), percent), sums)
    });
    let found: Parts = parts.collect();
    assert_eq!(found.len(), invoice.vat_breakdown.len(), "a category and rate stands there twice");
    found
}

fn decimal(text: &str) -> Decimal {
    let decimal = text.parse::<Decimal>();
    decimal.unwrap_or_else(|error| panic!("{text:?}: {error}")).normalize()
}

#[expect(clippy::ref_option, reason = "the fields of the crate are options of texts")]
fn text(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or_default()
}

fn day(date: Option<Date>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}

fn service_start(row: &Row) -> String {
    row.get("service_start")[..10].to_owned()
}

/// The last day of a line: the day before, if it ends at midnight.
fn service_end(row: &Row) -> String {
    let end = row.get("service_end");
    let last = Date::parse(&end[..10]).expect("a date");
    let before = last.checked_add_days(-1).expect("a date").to_string();
    let is_midnight = &end[11..19] == "00:00:00";
    if is_midnight { before.max(service_start(row)) } else { last.to_string() }
}
