//! Finds texts that cannot be read as intended: texts with invisible characters, and texts with
//! characters that no font has.
//!
//! Invisible characters are refused in every row. Missing characters matter only on invoices, so
//! only printed texts are checked. Nearly all texts are ASCII and pass after one look at each byte.

use std::collections::BTreeSet;
use std::path::Path;

use rayon::prelude::*;

use super::context::CloseContext;
use super::error::RunError;
use super::print::press;
use crate::config::{FILE_NAME, LocalText, MissingCharacters, Packing, Seller, Settings};
use crate::input::translated::{self, LanguageColumns};
use crate::invoice::AccountBill;
use crate::locale::Locale;
use crate::model::Invoice;
use crate::model::{Account, BillingInput, Line, Translated};
use crate::pipeline::missing_characters::{on_a_document, remedy};
use crate::pipeline::scripts;
use crate::problem::Problem;
use crate::render::pdf::PdfRenderer;
use crate::table::display_name;

/// A text of the input and its place.
struct Text<'a> {
    file: &'static str,
    line: Option<u64>,
    column: &'static str,
    words: &'a str,
    /// Where documents show it.
    shown: Shown<'a>,
}

/// Where documents show a text.
#[derive(Clone, Copy)]
enum Shown<'a> {
    /// Where a line has it.
    AsItIs,
    /// Instead of this text of a line, in a language.
    Instead(&'a str, &'static str),
    /// On the lines of this subscription.
    Subscription(&'a str),
    /// On the first line after this price change, in a language or in all.
    Notice(&'a str, Option<&'static str>),
}

impl Text<'_> {
    fn problem(&self, input: &Path, rule: String, hint: String) -> Problem {
        Problem {
            file: display_name(input, self.file),
            line: self.line,
            column: Some(self.column),
            value: Some(self.words.to_owned()),
            rule,
            hint,
        }
    }
}

/// Finds every text with an invisible character that changes its reading.
pub(crate) fn hidden(settings: &Settings, book: &BillingInput, input: &Path) -> Vec<Problem> {
    let accounts = book.accounts.par_iter().flat_map_iter(Account::states);
    let accounts = accounts.filter(|account| !is_clean(account));
    let accounts = accounts
        .flat_map_iter(|account| account_texts(account).into_iter().chain(buyer_texts(account)));
    let mut problems: Vec<Problem> =
        accounts.filter_map(|text| hidden_problem(&text, input)).collect();
    let seller = seller_texts(&settings.seller).into_iter();
    let others = seller.chain(seller_details(&settings.seller)).chain(table_texts(book));
    problems.extend(others.filter_map(|text| hidden_problem(&text, input)));
    problems
}

/// Whether an account has only visible ASCII, as most have.
fn is_clean(account: &Account) -> bool {
    let texts = [&*account.name, account.address.whole(), &*account.email];
    let more = [account.billing_email.as_deref(), account.tax_id.as_deref()];
    let texts = texts.into_iter().chain(more.into_iter().flatten()).chain(references(account));
    let mut texts = texts.chain(buyer_texts(account).map(|text| text.words));
    texts.all(|text| text.bytes().all(|byte| (b' '..=b'~').contains(&byte)))
}

fn hidden_problem(text: &Text<'_>, input: &Path) -> Option<Problem> {
    let character = text.words.chars().find(|character| is_hidden(*character))?;
    let code = format!("U+{:04X}", u32::from(character));
    let what = match character {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => "turns the text around it",
        '\u{80}'..='\u{9f}' => "comes from a text that was read in the wrong encoding",
        _ => "shows nothing",
    };
    Some(text.problem(
        input,
        format!("has the invisible character {code}"),
        format!("remove {code}, which {what}; to find it, type the text anew"),
    ))
}

/// Matches controls except tab and line ends, direction overrides and isolates, the zero-width
/// space, the byte order mark, markup characters, and the two that no XML may have. It does not match
/// joiners, which Persian and Indic scripts need, or direction marks, which change nothing else.
const fn is_hidden(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => false,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        _ => matches!(character, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2061}'..='\u{2064}'
            | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}'),
    }
}

/// The texts of an account that invoices show.
fn account_texts(account: &Account) -> Vec<Text<'_>> {
    const ADDRESS: [&str; 6] =
        ["address_line1", "address_line2", "city", "region", "postal_code", "country"];
    let billing_email = account.billing_email.as_deref().unwrap_or_default();
    let named = [
        ("name", &*account.name),
        ("tax_id", account.tax_id.as_deref().unwrap_or_default()),
        ("email", if billing_email.is_empty() { &account.email } else { "" }),
        ("billing_email", billing_email),
        ("buyer_reference", account.buyer_reference()),
        ("purchase_order", account.purchase_order()),
        ("reference", account.reference()),
        ("memo", account.memo()),
    ];
    let texts = named.into_iter().chain(ADDRESS.into_iter().zip(account.address.parts()));
    texts.map(|(column, words)| account_text(account, column, words)).collect()
}

/// A text of an account, where it is written.
fn account_text<'a>(account: &'a Account, column: &'static str, words: &'a str) -> Text<'a> {
    let (file, line, column) = account.place_of(column, words);
    Text { file, line: Some(line), column, words, shown: Shown::AsItIs }
}

fn seller_texts(seller: &Seller) -> Vec<Text<'_>> {
    const ADDRESS: [&str; 6] = [
        "seller.address_line1",
        "seller.address_line2",
        "seller.city",
        "seller.region",
        "seller.postal_code",
        "seller.country",
    ];
    let named = [
        ("seller.name", &*seller.name),
        ("seller.tax_id", seller.tax_id.as_deref().unwrap_or_default()),
        ("seller.email", seller.email.as_deref().unwrap_or_default()),
        ("seller.web", seller.web.as_deref().unwrap_or_default()),
    ];
    let payment = seller.payment.iter().flat_map(LocalText::texts);
    let named = named.into_iter().chain(payment.map(|text| ("seller.payment", text)));
    let texts = named.chain(ADDRESS.into_iter().zip(seller.address.parts()));
    texts
        .map(|(column, words)| Text {
            file: FILE_NAME,
            line: None,
            column,
            words,
            shown: Shown::AsItIs,
        })
        .collect()
}

/// The texts of an account that only e-invoices show: no font needs their characters.
fn buyer_texts(account: &Account) -> impl Iterator<Item = Text<'_>> {
    let details = account.einvoice.as_deref().into_iter();
    let named = details.flat_map(|details| {
        [
            ("country_code", &*details.country_code),
            ("endpoint_id", &*details.endpoint.id),
            ("endpoint_scheme", &*details.endpoint.scheme),
            ("legal_id", &*details.legal.id),
            ("legal_id_scheme", &*details.legal.scheme),
            ("mandate_id", &*details.mandate_id),
            ("mandate_iban", &*details.mandate_iban),
        ]
    });
    named.map(|(column, words)| account_text(account, column, words))
}

/// The texts of the seller that only e-invoices show.
fn seller_details(seller: &Seller) -> impl Iterator<Item = Text<'_>> {
    let details = &seller.einvoice;
    let named = [
        ("seller.country_code", &*details.country_code),
        ("seller.endpoint_id", &*details.endpoint.id),
        ("seller.endpoint_scheme", &*details.endpoint.scheme),
        ("seller.legal_id", &*details.legal.id),
        ("seller.legal_id_scheme", &*details.legal.scheme),
        ("seller.contact_name", &*details.contact_name),
        ("seller.contact_phone", &*details.contact_phone),
        ("seller.contact_email", &*details.contact_email),
        ("seller.iban", &*details.iban),
        ("seller.bic", &*details.bic),
        ("seller.account_name", &*details.account_name),
        ("seller.creditor_id", &*details.creditor_id),
        ("seller.payment_means", &*details.payment_means),
    ];
    named.into_iter().map(|(column, words)| Text {
        file: FILE_NAME,
        line: None,
        column,
        words,
        shown: Shown::AsItIs,
    })
}

/// The texts of the other tables that invoices show.
fn table_texts(book: &BillingInput) -> impl Iterator<Item = Text<'_>> {
    let text = |file, line, column, words| Text {
        file,
        line: Some(line),
        column,
        words,
        shown: Shown::AsItIs,
    };
    let prices =
        book.prices.iter().map(move |it| text("prices.csv", it.line, "product", &*it.product));
    let taxes = book.taxes.rows().flat_map(move |it| {
        let terms = &it.terms;
        [("name", &*terms.name), ("note", &*terms.note)]
            .map(|(column, words)| text("tax_rates.csv", it.line, column, words))
    });
    let discounts =
        book.discounts.iter().map(move |it| text("discounts.csv", it.line, "name", &*it.name));
    let notes = book.taxes.rows().flat_map(move |it| {
        let shown = move |language| Shown::Instead(&it.terms.note, language);
        translations(("tax_rates.csv", it.line), &translated::NOTES, &it.notes, shown)
    });
    let names = book.discounts.iter().flat_map(move |it| {
        let shown = move |language| Shown::Instead(&it.name, language);
        translations(("discounts.csv", it.line), &translated::NAMES, &it.names, shown)
    });
    let labels = book.subscriptions.iter().filter_map(move |it| {
        let shown = Shown::Subscription(&it.id);
        let words = it.label.as_deref()?;
        Some(Text { shown, ..text("subscriptions.csv", it.line, "label", words) })
    });
    let orders = book.subscriptions.iter().filter_map(move |it| {
        let shown = Shown::Subscription(&it.id);
        let words = it.purchase_order.as_deref()?;
        Some(Text { shown, ..text("subscriptions.csv", it.line, "purchase_order", words) })
    });
    let adjustments = book
        .adjustments
        .iter()
        .map(move |it| text(it.text_place().0, it.line, it.text_place().1, &*it.description));
    let payments =
        book.payments.iter().map(move |it| text("payments.csv", it.line, "method", &*it.method));
    let list = notices(book);
    let translated = notes.chain(names).chain(labels).chain(orders).chain(list);
    taxes.chain(prices).chain(discounts).chain(adjustments).chain(payments).chain(translated)
}

/// The notices of price changes.
fn notices(book: &BillingInput) -> impl Iterator<Item = Text<'_>> {
    let file = "price_changes.csv";
    book.price_changes.iter().flat_map(move |it| {
        let own = Text {
            file,
            line: Some(it.line),
            column: "notice",
            words: &it.notice,
            shown: Shown::Notice(&it.id, None),
        };
        let shown = move |language| Shown::Notice(&it.id, Some(language));
        let others = translations((file, it.line), &translated::NOTICES, &it.notices, shown);
        std::iter::once(own).chain(others)
    })
}

/// The translations of a text of a row.
fn translations<'a>(
    (file, line): (&'static str, u64),
    columns: &'static LanguageColumns,
    translated: &'a Translated,
    shown: impl Fn(&'static str) -> Shown<'a> + 'a,
) -> impl Iterator<Item = Text<'a>> {
    translated.iter().map(move |(language, words)| {
        let column = columns.iter().find(|(known, _)| *known == language);
        let column = column.map_or("", |(_, column)| *column);
        Text { file, line: Some(line), column, words, shown: shown(language) }
    })
}

/// The lines of each account's invoices.
pub(crate) fn lines_of_bills(bills: &[AccountBill]) -> Vec<Vec<&[Line]>> {
    let lines = bills.iter().map(|bill| bill.drafts.iter().map(|draft| &draft.lines[..]));
    lines.map(Iterator::collect).collect()
}

/// Like [`lines_of_bills`], for numbered invoices.
pub(crate) fn lines_of_invoices(invoices: &[Invoice], accounts: usize) -> Vec<Vec<&[Line]>> {
    let mut documents = vec![Vec::new(); accounts];
    for invoice in invoices {
        documents[invoice.account].push(&invoice.lines[..]);
    }
    documents
}

/// Finds every text with missing characters on invoices. `documents` holds the lines by account.
///
/// # Errors
/// Fonts that cannot be read.
pub(crate) fn unprintable(
    context: &CloseContext,
    documents: &[Vec<&[Line]>],
) -> Result<Vec<Problem>, RunError> {
    let (settings, book, input) = (&context.settings, &context.loaded.book, &*context.input);
    let receivers: Vec<&Account> = (0..book.accounts.len())
        .filter(|account| !documents[*account].is_empty())
        .flat_map(|account| book.accounts[account].states())
        .collect();
    if receivers.is_empty() {
        return Ok(Vec::new());
    }
    let unusual: Vec<&Account> =
        receivers.par_iter().copied().filter(|account| !is_ordinary_account(account)).collect();
    let locales = locales(&receivers);
    let texts: Vec<Text<'_>> = seller_texts(&settings.seller)
        .into_iter()
        .chain(table_texts(book).filter(|text| text.file != "payments.csv"))
        .filter(|text| !is_ordinary(text.words))
        .collect();
    let is_usual = |locale: &Locale| locale.wording().into_iter().all(is_ordinary);
    if unusual.is_empty() && texts.is_empty() && locales.iter().all(is_usual) {
        return Ok(Vec::new());
    }
    let look = DocumentReader { press: press(settings)?, input };
    let mut problems = look.languages(&locales, &receivers, settings);
    problems.extend(texts.iter().flat_map(|text| look.problems(text, book, documents)));
    problems.par_extend(unusual.par_iter().flat_map_iter(|account| {
        let whose = format!("account {}: ", account.id);
        let texts = account_texts(account).into_iter();
        texts.filter_map(|text| look.problem(&text, &whose)).collect::<Vec<_>>()
    }));
    Ok(problems)
}

/// Whether missing characters stop the close.
pub(crate) fn must_be_printable(settings: &Settings) -> bool {
    settings.look.missing_characters == MissingCharacters::Stop
}

/// Whether the close prints PDFs.
pub(crate) fn are_printed(settings: &Settings) -> bool {
    settings.look.packing != Packing::None
}

impl Text<'_> {
    /// Whether a line shows this text. A price that billed nothing is on no line.
    fn is_on(&self, line: &Line) -> bool {
        let words = match self.shown {
            Shown::AsItIs => self.words,
            Shown::Instead(words, _) => words,
            Shown::Subscription(id) => return *line.key.subscription_id == *id,
            Shown::Notice(id, _) => {
                let notice = line.wording.as_ref().and_then(|wording| wording.notice.as_ref());
                return notice.is_some_and(|notice| notice.is_of(id));
            }
        };
        match (self.file, &line.tax) {
            ("tax_rates.csv", Some(terms)) => {
                let components = terms.components.iter().map(|part| &*part.terms);
                let mut shown = components.chain([&**terms]);
                shown.any(|terms| [&*terms.name, &*terms.note].contains(&words))
            }
            ("tax_rates.csv", None) => false,
            ("prices.csv", _) if *line.quote.product == *words => true,
            _ => line.wording.as_ref().is_some_and(|wording| wording.has(words)),
        }
    }

    /// The accounts, by index, whose invoices show this text.
    fn readers(&self, book: &BillingInput, documents: &[Vec<&[Line]>]) -> Vec<usize> {
        let reads = |account: &usize| match self.shown {
            Shown::Instead(_, language) => book.accounts[*account].locale.language() == language,
            Shown::Notice(_, Some(language)) => {
                book.accounts[*account].locale.language() == language
            }
            Shown::AsItIs | Shown::Subscription(_) | Shown::Notice(_, None) => true,
        };
        let shows = |account: &usize| {
            reads(account)
                && documents[*account].iter().copied().flatten().any(|line| self.is_on(line))
        };
        (0..documents.len()).into_par_iter().filter(shows).collect()
    }
}

/// A text on the invoices of more accounts is reported only once, because it is one mistake.
const MOST_TOLD_ONE_BY_ONE: usize = 1000;

/// What the documents of an account say beside its name and address.
fn references(account: &Account) -> [&str; 4] {
    [account.buyer_reference(), account.purchase_order(), account.reference(), account.memo()]
}

fn is_ordinary_account(account: &Account) -> bool {
    let tax_id = account.tax_id.as_deref().unwrap_or_default();
    let texts = [&*account.name, account.address.whole(), tax_id, account.recipient_email()];
    texts.into_iter().chain(references(account)).all(is_ordinary)
}

/// Whether the bundled Latin, Greek and Cyrillic fonts surely have every character of a text.
fn is_ordinary(text: &str) -> bool {
    text.is_ascii()
        || text.chars().all(|character| {
            matches!(character, '\0'..='\u{24f}' | 'Α'..='Ρ' | 'Σ'..='ώ' | '\u{400}'..='\u{52f}'
                | '\u{1ea0}'..='\u{1ef9}' | '\u{200c}'..='\u{200f}' | '\u{2010}'..='\u{2027}'
                | '\u{2030}'..='\u{205e}' | '\u{20a0}'..='\u{20bf}' | '\u{2212}')
        })
}

/// The distinct locales of some accounts.
fn locales(accounts: &[&Account]) -> Vec<Locale> {
    let mut locales: Vec<Locale> = Vec::new();
    for account in accounts {
        if locales.last() != Some(&account.locale) && !locales.contains(&account.locale) {
            locales.push(account.locale);
        }
    }
    locales
}

/// Checks texts as the printed invoices show them.
struct DocumentReader<'a> {
    press: PdfRenderer,
    input: &'a Path,
}

impl DocumentReader<'_> {
    /// The problem with a text, if any; the hint begins with `whose`.
    fn problem(&self, text: &Text<'_>, whose: &str) -> Option<Problem> {
        let missing = self.press.missing(text.words);
        if missing.is_empty() {
            return None;
        }
        let rule = format!("has characters that no font here has: {}", scripts(&missing));
        Some(text.problem(self.input, rule, format!("{whose}{}", remedy(&missing))))
    }

    /// The problems of a text on several accounts' invoices. Each account gets its own problem, so
    /// that it can be withheld, unless there are too many.
    fn problems(
        &self,
        text: &Text<'_>,
        book: &BillingInput,
        documents: &[Vec<&[Line]>],
    ) -> Vec<Problem> {
        let Some(problem) = self.problem(text, "") else { return Vec::new() };
        if text.file == FILE_NAME {
            return vec![problem];
        }
        let readers = text.readers(book, documents);
        if ["adjustments.csv", "voids.csv"].contains(&text.file)
            || readers.len() > MOST_TOLD_ONE_BY_ONE
        {
            return if readers.is_empty() { Vec::new() } else { vec![problem] };
        }
        let missing = self.press.missing(text.words);
        let Text { file, line, column, words, .. } = text;
        let place = line.map_or_else(|| (*file).to_owned(), |line| format!("{file}:{line}"));
        let told = |account: usize| {
            let account = &book.accounts[account];
            let id = Text {
                file: "accounts.csv",
                line: Some(account.line),
                column: "account_id",
                words: &account.id,
                shown: Shown::AsItIs,
            };
            let rule = on_a_document(&missing);
            id.problem(
                self.input,
                rule,
                format!("{column} {words:?} of {place}: {}", remedy(&missing)),
            )
        };
        readers.into_iter().map(told).collect()
    }

    /// Finds languages whose fixed words cannot be printed. It reports once for billing.toml and
    /// once for each account with its own language.
    fn languages(
        &self,
        locales: &[Locale],
        receivers: &[&Account],
        settings: &Settings,
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        for locale in locales {
            let missing: BTreeSet<char> =
                locale.wording().into_iter().flat_map(|words| self.press.missing(words)).collect();
            let missing: Vec<char> = missing.into_iter().filter(|it| !it.is_control()).collect();
            if missing.is_empty() {
                continue;
            }
            let rule = format!("needs characters that no font here has: {}", scripts(&missing));
            let problem = |file, line, whose: &str| {
                let shown = Shown::AsItIs;
                let text = Text { file, line, column: "locale", words: locale.tag(), shown };
                text.problem(self.input, rule.clone(), format!("{whose}{}", remedy(&missing)))
            };
            if *locale == settings.locale {
                problems.push(problem(FILE_NAME, None, ""));
                continue;
            }
            let theirs = receivers.iter().filter(|account| account.locale == *locale);
            problems.extend(theirs.map(|account| {
                problem("accounts.csv", Some(account.line), &format!("account {}: ", account.id))
            }));
        }
        problems
    }
}
