//! NetSuite: invoices. One row per line, grouped by the external id, which is the invoice number.
//!
//! Invoices and credit memos are separate imports, so credits have their own files with negated
//! amounts. A tax amount is added to the columns of the template; NetSuite uses it instead of
//! computing the tax. A file has at most 25,000 rows, and a document 5,000 lines.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::ExportProblem;
use super::document::{Document, DocumentLine, extended};
use super::error::all;
use super::layout::{Cells, ExportFile, Layout, Limits};
use super::names::{NameBook, check_customers, customer};
use super::proof::ProofClaim;
use super::sheet::{cell, csv_bytes, csv_rows};
use super::tables::{parsed_amount, parsed_currency};
use super::taxes::{KnownTaxes, TaxBook};
use crate::config::{Entity, ExportSettings};

/// The decimals of a unit price.
const DECIMALS: u32 = 4;
/// The lines of one transaction.
const MOST_LINES: usize = 5_000;

const COLUMNS: [&str; 17] = [
    "External ID",
    "Entity",
    "Tran Date",
    "Due Date",
    "Terms",
    "Currency",
    "Exchange Rate",
    "Subsidiary",
    "Memo",
    "Item",
    "Quantity",
    "Rate",
    "Amount",
    "Tax Code",
    "Posting Period",
    "Location",
    "Tax Amount",
];

/// The NetSuite format.
pub(crate) struct NetSuite<'a> {
    pub(crate) settings: &'a ExportSettings,
    /// The name of every billed account, by id.
    pub(crate) accounts: &'a BTreeMap<String, String>,
    /// The billed taxes.
    pub(crate) taxes: &'a KnownTaxes,
}

impl<'a> NetSuite<'a> {
    fn items(&self) -> NameBook<'a> {
        let settings = self.settings;
        NameBook { own: &settings.netsuite.items, shared: &settings.items }
    }

    fn taxes(&self) -> TaxBook<'a> {
        let settings = self.settings;
        TaxBook {
            table: "export.netsuite.taxes",
            program: Self::PROGRAM,
            own: &settings.netsuite.taxes,
            shared: Some(&settings.taxes),
            known: self.taxes,
        }
    }

    fn entity<'b>(&'b self, document: &'b Document) -> Cow<'b, str> {
        let Document { account_id, account_name, .. } = document;
        let is_named = self.settings.customers.contains_key(account_id);
        if is_named || self.settings.netsuite.entity == Entity::Name {
            customer(self.settings, account_id, account_name)
        } else {
            Cow::Borrowed(account_id)
        }
    }

    fn head(&self, document: &Document) -> Cells {
        let settings = &self.settings.netsuite;
        let code = document.currency.code();
        let credited = match document.credits_invoice.as_str() {
            "" => String::new(),
            invoice => format!(" credits {invoice}"),
        };
        let due_date = document.due_date.map(|date| settings.date_format.write(date));
        vec![
            document.number.clone(),
            cell(&self.entity(document)),
            settings.date_format.write(document.issue_date),
            due_date.unwrap_or_default(),
            cell(&settings.terms),
            code.to_owned(),
            settings.exchange_rates.get(code).cloned().unwrap_or_default(),
            cell(&settings.subsidiary),
            format!("{}{credited}", document.number),
        ]
    }

    fn line(&self, document: &Document, line: &DocumentLine) -> Result<Cells, Vec<ExportProblem>> {
        let settings = &self.settings.netsuite;
        let priced = line.priced(document.currency, DECIMALS);
        let period = document.issue_date.format("%b %Y").to_string();
        let mut row = self.head(document);
        row.extend([
            cell(self.items().item(line)),
            priced.quantity.to_string(),
            priced.unit_price,
            line.net.to_decimal_string(document.currency),
            cell(self.taxes().tax(document, line, "").map_err(|fault| vec![fault])?),
            if settings.posting_period { period } else { String::new() },
            cell(&settings.location),
            line.tax.to_decimal_string(document.currency),
        ]);
        Ok(row)
    }
}

impl Layout for NetSuite<'_> {
    const PROGRAM: &'static str = "NetSuite";
    const LIMITS: Limits = Limits { documents: usize::MAX, rows: 25_000 };

    fn check(&self, _documents: &[&Document]) -> Vec<ExportProblem> {
        match self.settings.netsuite.entity {
            Entity::AccountId => Vec::new(),
            Entity::Name => check_customers(self.settings, self.accounts, Self::PROGRAM),
        }
    }

    fn part(&self, document: &Document) -> String {
        if document.is_credit() { "credits".to_owned() } else { String::new() }
    }

    fn rows(&self, document: &Document) -> Result<Vec<Cells>, Vec<ExportProblem>> {
        if document.lines.len() > MOST_LINES {
            let lines = document.lines.len();
            return Err(vec![ExportProblem::document(
                format!("{} has {lines} lines, and NetSuite takes {MOST_LINES}", document.number),
                "enter it there by hand, and export the others by currency with --currency",
            )]);
        }
        let document = document.as_memo();
        all(document.lines.iter().map(|line| self.line(&document, line)))
    }

    fn encode(&self, sheet: &ExportFile<'_>) -> Vec<u8> {
        csv_bytes(&COLUMNS.map(str::to_owned), &sheet.rows)
    }

    fn claims(&self, sheet: &ExportFile<'_>, bytes: &[u8]) -> Option<Vec<ProofClaim>> {
        let is_credit = sheet.documents.first()?.is_credit();
        let rows = csv_rows(bytes)?;
        let claims = rows.iter().map(|row| {
            let currency = parsed_currency(&row[5]).ok()?;
            let amount = parsed_amount("Amount", &row[12], currency).ok()?;
            let tax = parsed_amount("Tax Amount", &row[16], currency).ok()?;
            if extended(&row[10], &row[11], currency)? != amount {
                return None;
            }
            let claim = ProofClaim::new(&row[0], currency, amount, tax)?;
            if is_credit { claim.turned() } else { Some(claim) }
        });
        claims.collect()
    }
}
