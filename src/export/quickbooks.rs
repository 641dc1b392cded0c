//! QuickBooks Online: invoices. One row per line, with the invoice number on each.
//!
//! The template of the United States has no tax column. So the tax of an invoice is an extra item
//! there, and the invoice reaches its total. It has no currency column either, so each currency has
//! its own files. Elsewhere both columns exist. The importer accepts only invoices: credits have
//! their own files with negated amounts, as credit memos. A file has at most 100 invoices and 1,000
//! rows, including the header.

use std::collections::BTreeMap;

use super::document::{Document, DocumentLine, extended};
use super::error::all;
use super::layout::{Cells, ExportFile, Layout, Limits};
use super::names::{NameBook, check_customers, customer};
use super::proof::ProofClaim;
use super::sheet::{cell, csv_bytes, csv_rows};
use super::tables::{parsed_amount, parsed_currency};
use super::taxes::{KnownTaxes, TaxBook};
use super::{ExportProblem, check_digits, check_number};
use crate::config::{DateFormat, ExportSettings, QuickBooksRegion};
use crate::value::{Amount, Currency};

/// The decimals of a unit price.
const DECIMALS: u32 = 7;
/// The length of an invoice number.
const NUMBER_LENGTH: usize = 21;

const COLUMNS: [&str; 13] = [
    "*InvoiceNo",
    "*Customer",
    "*InvoiceDate",
    "*DueDate",
    "Terms",
    "Location",
    "Memo",
    "Item(Product/Service)",
    "ItemDescription",
    "ItemQuantity",
    "ItemRate",
    "*ItemAmount",
    "Service Date",
];

const GLOBAL_COLUMNS: [&str; 3] = ["Item Tax Amount", "*Item Tax Code", "Currency"];

/// The QuickBooks Online format.
pub(crate) struct QuickBooks<'a> {
    pub(crate) settings: &'a ExportSettings,
    /// The name of every billed account, by id.
    pub(crate) accounts: &'a BTreeMap<String, String>,
    /// The billed taxes.
    pub(crate) taxes: &'a KnownTaxes,
}

impl<'a> QuickBooks<'a> {
    fn is_global(&self) -> bool {
        self.settings.quickbooks.region == QuickBooksRegion::Global
    }

    fn dates(&self) -> DateFormat {
        let regional = if self.is_global() { DateFormat::DayFirst } else { DateFormat::MonthFirst };
        self.settings.quickbooks.date_format.unwrap_or(regional)
    }

    fn items(&self) -> NameBook<'a> {
        let settings = self.settings;
        NameBook { own: &settings.quickbooks.items, shared: &settings.items }
    }

    fn taxes(&self) -> TaxBook<'a> {
        let settings = self.settings;
        TaxBook {
            table: "export.quickbooks.taxes",
            program: Self::PROGRAM,
            own: &settings.quickbooks.taxes,
            shared: Some(&settings.taxes),
            known: self.taxes,
        }
    }

    fn head(&self, document: &Document) -> Cells {
        let settings = &self.settings.quickbooks;
        let memo = match document.credits_invoice.as_str() {
            "" => String::new(),
            invoice => format!("Credits {invoice}"),
        };
        vec![
            document.number.clone(),
            cell(&customer(self.settings, &document.account_id, &document.account_name)),
            self.dates().write(document.issue_date),
            self.dates().write(document.due_date_or_issue()),
            cell(&settings.terms),
            cell(&settings.location),
            memo,
        ]
    }

    fn line(&self, document: &Document, line: &DocumentLine) -> Result<Cells, Vec<ExportProblem>> {
        let priced = line.priced(document.currency, DECIMALS);
        let mut row = self.head(document);
        row.extend([
            cell(self.items().item(line)),
            cell(&line.text(&priced)),
            priced.quantity.to_string(),
            priced.unit_price,
            line.net.to_decimal_string(document.currency),
            self.dates().write(line.service_start),
        ]);
        if self.is_global() {
            row.extend([
                line.tax.to_decimal_string(document.currency),
                cell(self.taxes().tax(document, line, "No Tax").map_err(|fault| vec![fault])?),
                document.currency.code().to_owned(),
            ]);
        }
        Ok(row)
    }

    /// The tax of an invoice as an item, if there is no tax column.
    fn tax_line(&self, document: &Document) -> Option<Cells> {
        if self.is_global() || document.tax.is_zero() {
            return None;
        }
        let tax = document.tax.to_decimal_string(document.currency);
        let mut row = self.head(document);
        row.extend([
            cell(&self.settings.quickbooks.tax_item),
            "Tax".to_owned(),
            "1".to_owned(),
            tax.clone(),
            tax,
            self.dates().write(document.issue_date),
        ]);
        Some(row)
    }
}

impl Layout for QuickBooks<'_> {
    const PROGRAM: &'static str = "QuickBooks Online";
    const LIMITS: Limits = Limits { documents: 100, rows: 999 };

    fn check(&self, _documents: &[&Document]) -> Vec<ExportProblem> {
        let mut faults = check_customers(self.settings, self.accounts, Self::PROGRAM);
        faults.extend(self.settings.quickbooks.columns.keys().filter_map(|title| {
            let known = COLUMNS.iter().chain(&GLOBAL_COLUMNS);
            (!known.clone().any(|it| it == title)).then(|| {
                let titles = known.copied().collect::<Vec<_>>().join(", ");
                ExportProblem::setting(
                    format!("[export.quickbooks.columns] renames {title:?}, which is no column"),
                    format!("the columns are {titles}"),
                )
            })
        }));
        faults
    }

    fn part(&self, document: &Document) -> String {
        let currency = if self.is_global() { "" } else { document.currency.code() };
        let kind = if document.is_credit() { "credits" } else { "" };
        [currency, kind].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("-")
    }

    fn rows(&self, document: &Document) -> Result<Vec<Cells>, Vec<ExportProblem>> {
        check_digits(document, 2, Self::PROGRAM)?;
        check_number(document, NUMBER_LENGTH, Self::PROGRAM)?;
        let document = document.as_memo();
        let mut rows = all(document.lines.iter().map(|line| self.line(&document, line)))?;
        rows.extend(self.tax_line(&document));
        Ok(rows)
    }

    fn encode(&self, sheet: &ExportFile<'_>) -> Vec<u8> {
        let more: &[&str] = if self.is_global() { &GLOBAL_COLUMNS } else { &[] };
        let renamed = |title: &&str| {
            self.settings.quickbooks.columns.get(*title).map_or((*title).to_owned(), Clone::clone)
        };
        let header: Vec<String> = COLUMNS.iter().chain(more).map(renamed).collect();
        csv_bytes(&header, &sheet.rows)
    }

    fn claims(&self, sheet: &ExportFile<'_>, bytes: &[u8]) -> Option<Vec<ProofClaim>> {
        let first = sheet.documents.first()?;
        let rows = csv_rows(bytes)?;
        let claims = rows.iter().map(|row| {
            let claim = self.claim(row, first.currency)?;
            if first.is_credit() { claim.turned() } else { Some(claim) }
        });
        claims.collect()
    }
}

impl QuickBooks<'_> {
    /// The claim of a row; in the United States it has no tax.
    fn claim(&self, row: &csv::StringRecord, currency: Currency) -> Option<ProofClaim> {
        let currency = row.get(15).map_or(Some(currency), |code| parsed_currency(code).ok())?;
        let amount = parsed_amount("ItemAmount", &row[11], currency).ok()?;
        if extended(&row[9], &row[10], currency)? != amount {
            return None;
        }
        if !self.is_global() {
            let claim = ProofClaim::new(&row[0], currency, amount, Amount::ZERO)?;
            return Some(ProofClaim { tax: None, ..claim });
        }
        let tax = parsed_amount("Item Tax Amount", &row[13], currency).ok()?;
        ProofClaim::new(&row[0], currency, amount, tax)
    }
}
