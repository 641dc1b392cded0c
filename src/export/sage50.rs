//! Sage 50: audit trail transactions. One row per line, `SI` or `SC`, with non-negative amounts.
//!
//! A line that credits is an `SC` with the number of its invoice. Sage joins consecutive rows of
//! the same type, account, date and reference into one transaction, so the charges of an invoice
//! come first. There is no currency column, so each currency has its own files. Customer references
//! have at most eight capitals and digits.

use std::collections::BTreeMap;

use super::document::{Document, DocumentLine};
use super::error::all;
use super::layout::{Cells, ExportFile, Layout, Limits};
use super::names::NameBook;
use super::proof::ProofClaim;
use super::sheet::{cell, csv_bytes, csv_rows, cut, from_windows_1252, windows_1252};
use super::tables::parsed_amount;
use super::taxes::{KnownTaxes, TaxBook};
use super::{ExportProblem, check_digits, check_number};
use crate::config::{DateFormat, ExportSettings};
use crate::value::Amount;

/// The length of an account reference.
const REFERENCE_LENGTH: usize = 8;
/// The length of a reference, which is the invoice number.
const NUMBER_LENGTH: usize = 30;
/// The length of the details.
const DETAILS_LENGTH: usize = 60;
/// The length of the extra reference.
const EXTRA_LENGTH: usize = 30;
/// The length of an amount: eight digits, the point, two decimals.
const AMOUNT_LENGTH: usize = 11;

const COLUMNS: [&str; 12] = [
    "Type",
    "Account Reference",
    "Nominal A/C Ref",
    "Department",
    "Date",
    "Reference",
    "Details",
    "Net Amount",
    "Tax Code",
    "Tax Amount",
    "Extra Reference",
    "User Name",
];

/// The Sage format.
pub(crate) struct Sage<'a> {
    pub(crate) settings: &'a ExportSettings,
    /// The name of every billed account, by id, because a reference always means the same customer.
    pub(crate) accounts: &'a BTreeMap<String, String>,
    /// The billed taxes.
    pub(crate) taxes: &'a KnownTaxes,
}

impl<'a> Sage<'a> {
    fn nominals(&self) -> NameBook<'a> {
        let settings = self.settings;
        NameBook { own: &settings.sage50.accounts, shared: &settings.accounts }
    }

    fn taxes(&self) -> TaxBook<'a> {
        let settings = self.settings;
        TaxBook {
            table: "export.sage50.taxes",
            program: Self::PROGRAM,
            own: &settings.sage50.taxes,
            shared: Some(&settings.taxes),
            known: self.taxes,
        }
    }

    /// The reference of an account: that of billing.toml, or the first eight ASCII letters and
    /// digits of its id in capitals.
    fn reference(&self, account_id: &str) -> String {
        let given = self.settings.sage50.account_references.get(account_id);
        given.cloned().unwrap_or_else(|| {
            let kept = account_id.chars().filter(char::is_ascii_alphanumeric);
            kept.take(REFERENCE_LENGTH).map(|c| c.to_ascii_uppercase()).collect()
        })
    }

    /// The Sage tax code of a line.
    fn tax_code(&self, document: &Document, line: &DocumentLine) -> Result<&'a str, ExportProblem> {
        self.taxes().check_is_one(document, line)?;
        let code = self.taxes().tax(document, line, "T9")?;
        if is_tax_code(code) {
            return Ok(code);
        }
        let name = if line.tax_code.is_empty() { "none" } else { &line.tax_code };
        Err(ExportProblem::setting(
            format!("{code:?}, which tax code {name:?} is called, is none of T0 to T99 of Sage 50"),
            format!("write it in billing.toml: [export.sage50.taxes] {name:?} = \"T1\""),
        ))
    }

    /// The row of a line. A line that credits is negated and of type `SC`.
    fn row(&self, document: &Document, line: &DocumentLine) -> Result<Cells, Vec<ExportProblem>> {
        let (kind, line) = if gives_back(line) { ("SC", &line.turned()) } else { ("SI", line) };
        let money = |amount: Amount| amount.to_decimal_string(document.currency);
        let (net, tax) = (money(line.net), money(line.tax));
        if net.len().max(tax.len()) > AMOUNT_LENGTH {
            return Err(vec![ExportProblem::document(
                format!("{} has the amount {net}, and Sage 50 takes 99999999.99", document.number),
                "enter it there by hand, and export the others by currency with --currency",
            )]);
        }
        let settings = &self.settings.sage50;
        let account = self.nominals().account(line).unwrap_or("4000");
        let code = self.tax_code(document, line).map_err(|fault| vec![fault])?.to_owned();
        let extra = match document.credits_invoice.as_str() {
            "" => &document.account_id,
            invoice => invoice,
        };
        Ok(vec![
            kind.to_owned(),
            self.reference(&document.account_id),
            cell(account),
            settings.department.to_string(),
            DateFormat::DayFirst.write(document.issue_date),
            document.number.clone(),
            cut(&line.description, DETAILS_LENGTH),
            net,
            cell(&code),
            tax,
            cut(extra, EXTRA_LENGTH),
            cell(&settings.user_name),
        ])
    }
}

/// Whether Sage has this tax code: T0 to T99.
fn is_tax_code(code: &str) -> bool {
    let number = code.strip_prefix('T').filter(|it| *it == "0" || !it.starts_with('0'));
    number.is_some_and(|it| {
        (1..=2).contains(&it.len()) && it.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Whether a line is a credit.
fn gives_back(line: &DocumentLine) -> bool {
    line.net.is_negative() || (line.net.is_zero() && line.tax.is_negative())
}

impl Layout for Sage<'_> {
    const PROGRAM: &'static str = "Sage 50";
    const LIMITS: Limits = Limits::NONE;

    fn check(&self, _documents: &[&Document]) -> Vec<ExportProblem> {
        let mut owners: BTreeMap<String, &str> = BTreeMap::new();
        let mut faults = Vec::new();
        for account in self.accounts.keys() {
            let reference = self.reference(account);
            let hint = format!("name it: [export.sage50.account_references] {account:?} = \"…\"");
            let is_well_formed = (1..=REFERENCE_LENGTH).contains(&reference.len())
                && reference.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit());
            if !is_well_formed {
                let what = format!("account {account:?} would be {reference:?} in Sage 50");
                let rule = "which is not 1 to 8 capitals and digits";
                faults.push(ExportProblem::setting(format!("{what}, {rule}"), hint));
            } else if let Some(other) = owners.insert(reference.clone(), account) {
                let both =
                    format!("accounts {other:?} and {account:?} would both be {reference:?}");
                faults.push(ExportProblem::setting(format!("{both} in Sage 50"), hint));
            }
        }
        faults
    }

    fn part(&self, document: &Document) -> String {
        document.currency.code().to_owned()
    }

    fn rows(&self, document: &Document) -> Result<Vec<Cells>, Vec<ExportProblem>> {
        check_digits(document, 2, Self::PROGRAM)?;
        check_number(document, NUMBER_LENGTH, Self::PROGRAM)?;
        let mut lines: Vec<&DocumentLine> =
            document.lines.iter().filter(|line| !line.is_zero()).collect();
        lines.sort_by_key(|line| gives_back(line));
        all(lines.into_iter().map(|line| self.row(document, line)))
    }

    fn encode(&self, sheet: &ExportFile<'_>) -> Vec<u8> {
        let bytes = csv_bytes(&COLUMNS.map(str::to_owned), &sheet.rows);
        windows_1252(&String::from_utf8(bytes).expect("cells are texts"))
    }

    fn claims(&self, sheet: &ExportFile<'_>, bytes: &[u8]) -> Option<Vec<ProofClaim>> {
        let currency = sheet.documents.first()?.currency;
        let rows = csv_rows(from_windows_1252(bytes)?.as_bytes())?;
        let claims = rows.iter().map(|row| {
            let net = parsed_amount("Net Amount", &row[7], currency).ok()?;
            let tax = parsed_amount("Tax Amount", &row[9], currency).ok()?;
            let claim = ProofClaim::new(&row[5], currency, net, tax)?;
            match &row[0] {
                "SI" => Some(claim),
                "SC" => claim.turned(),
                _ => None,
            }
        });
        claims.collect()
    }
}
