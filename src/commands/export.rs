//! `prorata export`: writes a published close as files for an accounting program.
//!
//! It reads only published tables, and checks each against the manifest. An export changes nothing
//! in the register and can be repeated at any time.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use super::list::indented;
use crate::config::{self, BilledRate, ExportSettings, Opens, Settings};
use crate::export::{self, Export, Format, KnownTaxes, WrittenFile};
use crate::hash::sha256_hex;
use crate::input;
use crate::model::{TaxHistory, TaxTable, TaxTreatment};
use crate::pipeline::{Folders, PublishedRow, RESTORE, RunError, each_row};
use crate::register::{Close, LATEST, Register, RegisterError, State};
use crate::value::{Currency, parse_decimal};

const JOURNAL: &str = "journal.csv";
const TAXES: &str = "invoice_taxes.csv";

/// The options of `prorata export`.
#[derive(Clone, Debug)]
pub(crate) struct ExportArgs {
    /// The folders of billing.toml and the closes.
    pub(crate) places: Folders,
    /// The format of the accounting program.
    pub(crate) format: Format,
    /// The name of the close, or `latest`.
    pub(crate) close: String,
    /// Export only invoices in these currencies; all if empty.
    pub(crate) currencies: Vec<Currency>,
    /// The folder for the files.
    pub(crate) to: PathBuf,
}

/// The result of an export.
#[derive(Clone, Debug)]
pub(crate) struct Exported {
    /// The name of the close.
    pub(crate) close: String,
    /// The format of the accounting program.
    pub(crate) format: Format,
    /// The files, sorted by name.
    pub(crate) files: Vec<WrittenFile>,
    /// Their content.
    pub(crate) export: Export,
}

/// Exports a close.
///
/// # Errors
/// See [`RunError`]; no file is written then.
pub(crate) fn export(args: &ExportArgs) -> Result<Exported, RunError> {
    let (settings, _) = config::load(&args.places.input)?;
    let register = Register::open(&args.places.output)?;
    let place = find(&register, &args.close)?;
    let close = &register.closes[place];
    let journal = if args.format.is_journal() { journal(close)? } else { Vec::new() };
    let earlier_journals = if needs_earlier(args.format, &settings.export) {
        register.closes[..place].iter().map(journal_if_any).collect::<Result<Vec<_>, _>>()?
    } else {
        Vec::new()
    };
    let accounts = accounts(&register)?;
    let export = export::export(
        args.format,
        &export::ExportedClose {
            name: &close.manifest.close,
            as_of: close.as_of,
            invoices: &table(close, "invoices.csv")?,
            lines: &table(close, "invoice_lines.csv")?,
            journal: &journal,
            earlier_journals: &earlier_journals.into_iter().flatten().collect::<Vec<_>>(),
            accounts: &accounts,
            taxes: taxes(args, &register, close, accounts.keys(), &settings)?,
            currencies: &args.currencies,
        },
        &settings.export,
    )?;
    let files = export::write(&args.to, &export.files, settings.output.mode)?;
    Ok(Exported { close: close.manifest.close.clone(), format: args.format, files, export })
}

/// The index of a close by name; `latest` is the newest.
pub(super) fn find(register: &Register, name: &str) -> Result<usize, RunError> {
    let place = if name == LATEST {
        register.closes.len().checked_sub(1)
    } else {
        register.closes.iter().position(|close| close.manifest.close == name)
    };
    place.ok_or_else(|| RunError::NotFound {
        what: format!("close {name}"),
        hint: "closes are the folders in the output folder; latest is the newest",
    })
}

/// A table of a close, checked against the manifest.
pub(super) fn table(close: &Close, name: &str) -> Result<Vec<u8>, RunError> {
    let path = close.path.join(name);
    let bytes =
        std::fs::read(&path).map_err(|source| RegisterError::unread(path.clone(), source))?;
    let published = close.manifest.outputs.iter().find(|file| file.path == name);
    if published.is_some_and(|file| file.sha256 == sha256_hex(&bytes)) {
        return Ok(bytes);
    }
    let finding = format!("{}: has been changed since it was published", path.display());
    Err(RunError::Findings(vec![finding], RESTORE))
}

fn journal(close: &Close) -> Result<Vec<u8>, RunError> {
    journal_if_any(close)?.ok_or_else(|| RunError::NotFound {
        what: format!("{JOURNAL} in close {}", close.manifest.close),
        hint: "closes of earlier versions have none; export their documents instead",
    })
}

fn journal_if_any(close: &Close) -> Result<Option<Vec<u8>>, RunError> {
    let has_one = close.manifest.outputs.iter().any(|file| file.path == JOURNAL);
    if has_one { table(close, JOURNAL).map(Some) } else { Ok(None) }
}

fn needs_earlier(format: Format, settings: &ExportSettings) -> bool {
    format == Format::Beancount && settings.journal.opens == Opens::New
}

/// The name of every billed account, by id; the newest name counts.
fn accounts(register: &Register) -> Result<BTreeMap<String, String>, RunError> {
    let mut accounts = BTreeMap::new();
    for close in &register.closes {
        each_row(&close.path, "invoices.csv", |row| {
            accounts.insert(row.text("account_id").to_owned(), row.text("account_name").to_owned());
        })?;
    }
    Ok(accounts)
}

/// The billed rates and their places. If tax names depend on places, it also returns the places of
/// the accounts.
fn taxes<'a>(
    args: &ExportArgs,
    register: &Register,
    close: &Close,
    accounts: impl Iterator<Item = &'a String>,
    settings: &Settings,
) -> Result<KnownTaxes, RunError> {
    let mut taxes = KnownTaxes::default();
    if args.format.is_journal() {
        return Ok(taxes);
    }
    for close in &register.closes {
        if !close.manifest.outputs.iter().any(|file| file.path == TAXES) {
            continue;
        }
        let mut damaged = None;
        each_row(&close.path, TAXES, |row| match billed_rate(row) {
            Some(rate) => taxes.add_billed(row.text("tax_code"), rate),
            None => damaged = Some(row.get("tax_rate").to_owned()),
        })?;
        if let Some(rate) = damaged {
            let reason = format!("{rate:?} is no tax rate");
            return Err(RegisterError::Damaged { path: close.path.join(TAXES), reason }.into());
        }
    }
    let (rates, problems) = input::load_tax_rates(&args.places.input, &settings.input)?;
    if !problems.is_empty() {
        return Err(RunError::of_input(problems));
    }
    taxes.add_places(TaxTable::new(rates).rates());
    if settings.export.has_places() {
        let state = state(close)?;
        for id in accounts {
            if let Some(facts) = state.taxpayers.get(id, 0).and_then(TaxHistory::latest) {
                taxes.add_account(id, &facts.country, &facts.region);
            }
        }
    }
    Ok(taxes)
}

/// The state of a close, checked against the manifest.
fn state(close: &Close) -> Result<State, RunError> {
    let files = close.manifest.outputs.iter().filter(|file| file.path.starts_with("state/"));
    files.map(|file| table(close, &file.path)).collect::<Result<Vec<_>, _>>()?;
    State::read(&close.path).map_err(|error| RegisterError::from(error).into())
}

fn billed_rate(row: &PublishedRow<'_>) -> Option<BilledRate> {
    let percent = parse_decimal(row.get("tax_rate")).ok()?;
    let treatment = TaxTreatment::parse(row.get("tax_treatment")).unwrap_or(TaxTreatment::Taxable);
    Some(BilledRate::new(treatment, percent))
}

/// The summary that `prorata export` prints.
pub(crate) fn export_summary(exported: &Exported) -> String {
    let Exported { close, format, files, export } = exported;
    let documents: usize = export.sums.values().map(|sum| sum.documents).sum();
    let mut text = match (documents, files.is_empty()) {
        (_, true) => format!("Close {close} has nothing to export for {format}\n"),
        (1, _) => format!("Exported 1 document of close {close} for {format}\n"),
        (count, _) => format!("Exported {count} documents of close {close} for {format}\n"),
    };
    if !files.is_empty() {
        text.push('\n');
    }
    for file in files {
        let rows = if file.rows == 1 { "row" } else { "rows" };
        let note = if file.was_there { "; it was there already, the same" } else { "" };
        let _ = writeln!(text, "  {}  ({} {rows}{note})", file.path.display(), file.rows);
    }
    let mut table = vec![["", "documents", "net", "tax", "total"].map(str::to_owned)];
    table.extend(export.sums.iter().map(|(currency, sum)| {
        let money = [sum.net, sum.tax, sum.total].map(|it| it.to_decimal_string(*currency));
        let [net, tax, total] = money;
        [currency.to_string(), sum.documents.to_string(), net, tax, total]
    }));
    if table.len() > 1 { text + "\n" + &indented(&table, 0..5) } else { text }
}
