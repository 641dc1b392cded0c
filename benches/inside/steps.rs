//! One step of a close at a time.

use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use crate::config::{self, Settings};
use crate::einvoice::EInvoices;
use crate::input;
use crate::invoice::{assign_numbers, bill_account};
use crate::model::{
    Account, BillingInput, BuyerDetails, CreditRules, EInvoiceFormat, ExcludedAccounts, History,
    Interval, IntervalUnit, Invoice, Quotes, SchemedId, SellerDetails, Shard, SubscriptionLog,
};
use crate::rating::rate;
use crate::register::{HistoryComparison, State};
use crate::render::csv::lines_csv;
use crate::render::pdf::PdfRenderer;
use crate::render::xml::e_invoice;
use crate::timeline::{ChargeReason, Cycle, ServicePeriod, Timeline, Window, timeline};
use crate::value::{Instant, Moment, Zone};

/// What a step works on, so that its speed can be told.
#[derive(Clone, Copy, Debug)]
pub enum Size {
    /// So many things.
    Elements(u64),
    /// So many bytes.
    Bytes(u64),
}

/// Hands a step on: its name, what it works on, and itself.
pub type Measure<'m> = dyn FnMut(&str, Size, &mut dyn FnMut()) + 'm;

/// All steps, of companies that are made in an empty folder.
pub fn all(folder: &Path, measure: &mut Measure<'_>) {
    let company = Company::of(500, &folder.join("small"));
    proration_line(&company, measure);
    boundaries(measure);
    subscription(&company, measure);
    table(&company, measure);
    receipt(&company, measure);
    einvoice(&company, measure);
    ingest(&folder.join("large"), measure);
}

/// One line of a receipt: the rest of a period on new terms, with its sentence.
fn proration_line(company: &Company, measure: &mut Measure<'_>) {
    let book = &company.book;
    let prorated = |it: &&ServicePeriod| matches!(it.cause, ChargeReason::Remaining(_));
    let found = ledgers(book).find_map(|ledger| {
        let stretches = walk(ledger, book).stretches;
        stretches.iter().find(prorated).map(|stretch| (ledger, *stretch))
    });
    let (ledger, stretch) = found.expect("somebody changes something");
    let quotes = Quotes::new(&book.prices);
    measure("proration line", Size::Elements(1), &mut || {
        black_box(rate(black_box(&stretch), ledger, &quotes).expect("it fits"));
    });
}

/// The next boundary after an instant, in a zone without and in one with summer time.
fn boundaries(measure: &mut Measure<'_>) {
    let instants: Vec<Instant> = (0..365)
        .map(|day| Instant::from_unix_seconds(at("2024-01-31").unix_seconds() + day * 86_400))
        .collect();
    for name in ["UTC", "Europe/Berlin", "Australia/Lord_Howe"] {
        let interval = Interval { unit: IntervalUnit::Month, count: 1 };
        let zone: Zone = name.parse().expect("a zone");
        let mut cycle = Cycle::new(at("2023-01-31").into(), interval, zone);
        let size = Size::Elements(instants.len() as u64);
        measure(&format!("boundary/{name}"), size, &mut || {
            for instant in &instants {
                black_box(cycle.period_from(black_box(*instant)));
            }
        });
    }
}

/// The longest log of the company, from its first day to its last: service periods, and their lines.
fn subscription(company: &Company, measure: &mut Measure<'_>) {
    let book = &company.book;
    let longest = ledgers(book).max_by_key(|ledger| ledger.changes.len());
    let ledger = longest.expect("there are subscriptions");
    let lines = walk(ledger, book).stretches.len() as u64;
    let name = format!("timeline/{lines} lines from {} changes", ledger.changes.len());
    let quotes = Quotes::new(&book.prices);
    measure(&name, Size::Elements(lines), &mut || {
        for stretch in &walk(black_box(ledger), book).stretches {
            black_box(rate(stretch, ledger, &quotes).expect("it fits"));
        }
    });
}

/// The input stage on a folder whose `accounts.csv` is large. Of the other tables only the prices
/// have rows.
fn ingest(folder: &Path, measure: &mut Measure<'_>) {
    let company = Company::of(20_000, folder);
    let input = &company.folder;
    for name in ["subscriptions", "changes", "discounts", "adjustments", "payments"] {
        let path = input.join(name).with_extension("csv");
        let text = fs::read_to_string(&path).expect("a file of the company");
        let header = text.lines().next().expect("a header").to_owned() + "\n";
        fs::write(path, header).expect("it can be written");
    }
    let bytes = fs::metadata(input.join("accounts.csv")).expect("a file").len();
    measure("ingest/accounts.csv", Size::Bytes(bytes), &mut || {
        let loaded =
            input::load(input, &company.settings, ExcludedAccounts::default(), Shard::WHOLE);
        // As at the end of a run, nothing is freed piece by piece.
        std::mem::forget(loaded.expect("the company is sound"));
    });
}

/// `invoice_lines.csv` of everything that the company has ever billed.
fn table(company: &Company, measure: &mut Measure<'_>) {
    let invoices = company.invoices();
    let accounts = &company.book.accounts;
    let bytes = lines_csv(&invoices, accounts).bytes().len() as u64;
    measure("csv/invoice_lines.csv", Size::Bytes(bytes), &mut || {
        black_box(lines_csv(black_box(&invoices), accounts).bytes());
    });
}

/// One receipt in memory: the longest that has one page.
fn receipt(company: &Company, measure: &mut Measure<'_>) {
    let invoices = company.invoices();
    let short = invoices.iter().filter(|invoice| invoice.lines.len() <= 6);
    let invoice = short.max_by_key(|invoice| invoice.lines.len()).expect("there are invoices");
    let account = &company.book.accounts[invoice.account];
    let press = PdfRenderer::new(&company.settings.seller, &company.settings.look, &[]);
    let press = press.expect("the bundled fonts");
    let name = format!("receipt/{} lines", invoice.lines.len());
    measure(&name, Size::Elements(1), &mut || {
        black_box(press.print(invoice, account).expect("it prints"));
    });
}

/// One e-invoice of as many lines: its terms, and each of both syntaxes.
fn einvoice(company: &Company, measure: &mut Measure<'_>) {
    let invoices = company.invoices();
    let short = invoices.iter().filter(|invoice| invoice.lines.len() <= 6);
    let invoice = short.max_by_key(|invoice| invoice.lines.len()).expect("there are invoices");
    let (settings, account) = asking(&company.settings, &company.book.accounts[invoice.account]);
    let einvoices = EInvoices::new(&settings, &company.book);
    let (view, lines) = (invoice.view(&account), invoice.lines.len());
    let compose = |format| einvoices.compose(&view, format).expect("it fits");
    measure(&format!("einvoice/terms, {lines} lines"), Size::Elements(1), &mut || {
        black_box(compose(EInvoiceFormat::Peppol));
    });
    for (syntax, format) in [("UBL", EInvoiceFormat::Peppol), ("CII", EInvoiceFormat::FacturX)] {
        let composed = compose(format);
        let bytes = e_invoice(&composed).len();
        let name = format!("einvoice/{syntax}, {lines} lines, {bytes} bytes");
        measure(&name, Size::Elements(1), &mut || {
            black_box(e_invoice(black_box(&composed)));
        });
    }
}

/// A seller and an account with all that an e-invoice asks for.
fn asking(settings: &Settings, account: &Account) -> (Settings, Account) {
    let endpoint = SchemedId { id: "DE123456789".into(), scheme: "9930".into() };
    let mut settings = settings.clone();
    settings.seller.tax_id = Some("DE123456789".to_owned());
    settings.seller.einvoice = SellerDetails {
        country_code: "DE".into(),
        endpoint: endpoint.clone(),
        legal: SchemedId { id: "HRB 12345 B".into(), ..SchemedId::default() },
        contact_name: "Accounts receivable".into(),
        contact_phone: "+49 30 1234567".into(),
        contact_email: "receivables@example.com".into(),
        iban: "DE02120300000000202051".into(),
        bic: "BYLADEM1001".into(),
        ..SellerDetails::default()
    };
    let details = BuyerDetails {
        country_code: "FR".into(),
        endpoint,
        buyer_reference: "04011000-12345-03".into(),
        ..BuyerDetails::default()
    };
    let account = Account { einvoice: Some(Box::new(details)), ..account.clone() };
    (settings, account)
}

/// A company that is in business for a year.
struct Company {
    folder: PathBuf,
    settings: Settings,
    book: BillingInput,
}

impl Company {
    fn of(accounts: u64, folder: &Path) -> Self {
        super::company(folder, accounts, 12);
        let (settings, book) = read(folder);
        Self { folder: folder.to_owned(), settings, book }
    }

    /// Everything it bills, as documents of one close.
    fn invoices(&self) -> Vec<Invoice> {
        let (book, settings) = (&self.book, &self.settings);
        let histories = vec![History::New; book.subscriptions.len()];
        let watch = HistoryComparison { histories, ..HistoryComparison::default() };
        let (issued, named) = (BTreeMap::new(), BTreeMap::new());
        let credits = CreditRules::OfTheirCharges;
        let state = &State::default();
        let known = watch.billing_history(state, (&issued, &named), credits);
        let window = Window { after: None, through: through() };
        let quotes = Quotes::new(&book.prices);
        let bills = (0..book.accounts.len())
            .map(|it| bill_account(it, book, &quotes, settings, known, window));
        let drafts = bills.flat_map(|bill| bill.drafts).collect();
        let numbered = assign_numbers(drafts, &book.accounts, settings, BTreeMap::default());
        numbered.expect("a series that does not end").0
    }
}

fn read(folder: &Path) -> (Settings, BillingInput) {
    let (settings, _) = config::load(folder).expect("settings");
    let loaded = input::load(folder, &settings, ExcludedAccounts::default(), Shard::WHOLE)
        .expect("all files are there");
    assert_eq!(loaded.problems.kept(), [], "the company is sound");
    (settings, loaded.book)
}

fn ledgers(book: &BillingInput) -> impl Iterator<Item = SubscriptionLog<'_>> {
    (0..book.subscriptions.len()).map(|index| book.ledger(index))
}

/// A whole life of a subscription.
fn walk(ledger: SubscriptionLog<'_>, book: &BillingInput) -> Timeline {
    let window = Window { after: None, through: through() };
    timeline(ledger, &book.prices, window).expect("the company is sound")
}

/// The end of the company's year.
fn through() -> Instant {
    at("2025-01-01")
}

fn at(text: &str) -> Instant {
    Moment::parse(text).expect("a date").at(Zone::UTC)
}
