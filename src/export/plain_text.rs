//! hledger and beancount: double entry as plain text. The content is the same; only the lines above
//! the postings differ.
//!
//! Amounts are exact decimals, and every posting has one, so the program infers nothing. The
//! finished text is read back and must have the postings of `journal.csv`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use super::chart::AccountNumbers;
use super::document::Document;
use super::journal::{ExportedEntry, ExportedPosting, balances, check, mismatch};
use super::tables::parsed_currency;
use super::{ExportError, File, Format};
use crate::config::{JournalSettings, Opens};
use crate::value::{Amount, Currency};

/// The data of a journal.
pub(crate) struct JournalFormat<'a> {
    /// The name of the close.
    pub(crate) close: &'a str,
    /// Its entries, by date.
    pub(crate) entries: Vec<ExportedEntry>,
    /// Its invoices, for customer names and amounts due.
    pub(crate) documents: &'a [Document],
    /// The entries of earlier closes.
    pub(crate) earlier: Vec<ExportedEntry>,
    /// The names of accounts.
    pub(crate) settings: &'a JournalSettings,
}

/// The proved file; `None` without entries.
///
/// # Errors
/// An account without a name, or entries that do not balance.
pub(crate) fn file(
    journal: &JournalFormat<'_>,
    format: Format,
) -> Result<Option<File>, ExportError> {
    let entries = &journal.entries;
    if entries.is_empty() {
        return Ok(None);
    }
    check(entries, journal.documents)?;
    let chart = AccountNumbers::of(entries, journal.settings).map_err(ExportError::Faults)?;
    let earlier =
        AccountNumbers::of(&journal.earlier, journal.settings).map_err(ExportError::Faults)?;
    let mut text = format!("; Close {}, exported by prorata.\n\n", journal.close);
    let extension = if format == Format::Hledger { "journal" } else { "beancount" };
    text += &match format {
        Format::Hledger => hledger_header(entries, &chart),
        _ => beancount_header(&chart, &earlier, journal.settings.opens),
    };
    let writer = JournalWriter::new(journal, &chart);
    for entry in entries {
        let head = match format {
            Format::Hledger => writer.hledger_head(entry),
            _ => writer.beancount_head(entry),
        };
        let _ = write!(text, "\n{head}{}", writer.postings(entry));
    }
    prove(&text, entries, &chart)?;
    let name = format!("{}-{format}.{extension}", journal.close);
    let rows = entries.iter().map(|entry| entry.postings.len()).sum();
    Ok(Some(File { name, rows, bytes: text.into_bytes() }))
}

/// Declares currencies with their digits, and all accounts, for `hledger check --strict`.
fn hledger_header(entries: &[ExportedEntry], chart: &AccountNumbers) -> String {
    let postings = entries.iter().flat_map(|entry| &entry.postings);
    let currencies: BTreeSet<Currency> = postings.map(|posting| posting.currency).collect();
    let mut text = "decimal-mark .\n\n".to_owned();
    for currency in currencies {
        let decimals = "0".repeat(currency.digits() as usize);
        let _ = writeln!(text, "commodity 1000.{decimals} {currency}");
    }
    text.push('\n');
    for name in chart.names() {
        let _ = writeln!(text, "account {name}");
    }
    text
}

/// Opens accounts before their first possible posting.
fn beancount_header(chart: &AccountNumbers, earlier: &AccountNumbers, opens: Opens) -> String {
    let opened = match opens {
        Opens::All => Vec::new(),
        Opens::New => earlier.names(),
    };
    let mut text = String::new();
    for name in chart.names().into_iter().filter(|name| !opened.contains(name)) {
        let _ = writeln!(text, "1970-01-01 open {name}");
    }
    text
}

struct JournalWriter<'a> {
    chart: &'a AccountNumbers,
    customers: HashMap<&'a str, &'a str>,
    /// The lengths of the longest account and the longest amount.
    widths: (usize, usize),
}

impl<'a> JournalWriter<'a> {
    fn new(journal: &'a JournalFormat<'_>, chart: &'a AccountNumbers) -> Self {
        let postings = journal.entries.iter().flat_map(|entry| &entry.postings);
        let amounts = postings.map(|posting| money(posting).len());
        let accounts = chart.names().into_iter().map(|name| name.chars().count());
        let customers =
            journal.documents.iter().map(|it| (&*it.account_id, &*it.account_name)).collect();
        let widths = (accounts.max().unwrap_or_default(), amounts.max().unwrap_or_default());
        Self { chart, customers, widths }
    }

    /// The customer's name, or the account id.
    fn payee<'b>(&'b self, entry: &'b ExportedEntry) -> &'b str {
        self.customers.get(&*entry.account_id).copied().unwrap_or(&entry.account_id)
    }

    /// `2020-06-27 * (INV-2020-00019) Atlas | memo`
    fn hledger_head(&self, entry: &ExportedEntry) -> String {
        let clean = |text: &str| text.replace(';', ",").replace('|', "/");
        let mut text = format!("{} *", entry.date);
        if let [document] = entry.documents()[..] {
            let _ = write!(text, " ({})", document.replace(['(', ')', ';'], "-"));
        }
        let described = [self.payee(entry), memo(entry)].map(clean);
        let described: Vec<&str> = described.iter().map(|it| it.trim()).collect();
        let described = described.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>();
        let _ = write!(text, " {}", described.join(" | "));
        format!("{}\n    ; entry:{}\n", text.trim_end(), comment(&entry.id).replace(',', " "))
    }

    /// `2020-06-27 * "Atlas" "memo" ^INV-2020-00019`
    fn beancount_head(&self, entry: &ExportedEntry) -> String {
        let quoted =
            |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        let mut text =
            format!("{} * {} {}", entry.date, quoted(self.payee(entry)), quoted(memo(entry)));
        let is_link = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/' | '.');
        for document in entry.documents().into_iter().filter(|it| it.chars().all(is_link)) {
            let _ = write!(text, " ^{document}");
        }
        format!("{text}\n    entry: {}\n", quoted(&entry.id))
    }

    fn postings(&self, entry: &ExportedEntry) -> String {
        let (account_width, amount_width) = self.widths;
        let mut text = String::new();
        for posting in &entry.postings {
            let (account, amount) = (self.chart.name(&posting.ledger), money(posting));
            let currency = posting.currency;
            let _ =
                write!(text, "    {account:account_width$}  {amount:>amount_width$} {currency}");
            if posting.memo != memo(entry) && !posting.memo.is_empty() {
                let _ = write!(text, "  ; {}", comment(&posting.memo));
            }
            text.push('\n');
        }
        text
    }
}

/// Removes tags and dates that hledger would find in a text, because they would change the posting.
fn comment(text: &str) -> String {
    text.replace(':', " ").replace('[', "(").replace(']', ")")
}

fn money(posting: &ExportedPosting) -> String {
    posting.amount.to_decimal_string(posting.currency)
}

/// The purpose of an entry: that of its first posting.
fn memo(entry: &ExportedEntry) -> &str {
    entry.postings.first().map_or("", |posting| &posting.memo)
}

type AccountSums<'a> = BTreeMap<(&'a str, Currency), Option<Amount>>;

fn add<'a>(sums: &mut AccountSums<'a>, account: &'a str, currency: Currency, amount: Amount) {
    let sum = sums.entry((account, currency)).or_insert(Some(Amount::ZERO));
    *sum = sum.and_then(|sum| sum.checked_add(amount));
}

/// Checks that the finished text has the postings of the entries and balances.
fn prove(text: &str, entries: &[ExportedEntry], chart: &AccountNumbers) -> Result<(), ExportError> {
    let mut expected = AccountSums::new();
    for posting in entries.iter().flat_map(|entry| &entry.postings) {
        add(&mut expected, chart.name(&posting.ledger), posting.currency, posting.amount);
    }
    let (mut found, mut count) = (AccountSums::new(), 0);
    for block in text.split("\n\n").filter(|block| block.contains("\n    ")) {
        let postings: Option<Vec<_>> = block
            .lines()
            .skip(1)
            .filter(|line| !line.starts_with("    entry:") && !line.starts_with("    ;"))
            .map(read_back)
            .collect();
        let postings = postings.ok_or_else(|| mismatch("the file cannot be read back"))?;
        count += 1;
        if !balances(postings.iter().map(|(_, currency, amount)| (*currency, *amount))) {
            return Err(mismatch(&format!("the file does not balance: {block}")));
        }
        for (account, currency, amount) in postings {
            add(&mut found, account, currency, amount);
        }
    }
    if count != entries.len() || found != expected || found.values().any(Option::is_none) {
        return Err(mismatch("the file posts something else"));
    }
    Ok(())
}

/// Account, currency and amount of a posting.
fn read_back(line: &str) -> Option<(&str, Currency, Amount)> {
    let mut words = line.split_whitespace();
    let (account, amount, code) = (words.next()?, words.next()?, words.next()?);
    let currency = parsed_currency(code).ok()?;
    Some((account, currency, Amount::parse(amount, currency).ok()?))
}
