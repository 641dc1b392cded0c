//! Xero: sales invoices. One row per line, with the invoice number on each.
//!
//! Amounts are net, each with a tax amount. A document with a negative total is imported as a
//! credit note. A file has at most 500 invoices.

use std::collections::BTreeMap;

use super::document::Document;
use super::layout::{Cells, ExportFile, Layout, Limits};
use super::names::{NameBook, check_customers, customer};
use super::proof::ProofClaim;
use super::sheet::{cell, csv_bytes, csv_rows};
use super::tables::{parsed_amount, parsed_currency};
use super::taxes::{KnownTaxes, TaxBook};
use super::{ExportProblem, check_digits, document::extended, error::all};
use crate::config::ExportSettings;

/// The decimals of a unit price.
const DECIMALS: u32 = 4;

const COLUMNS: [&str; 29] = [
    "*ContactName",
    "EmailAddress",
    "POAddressLine1",
    "POAddressLine2",
    "POAddressLine3",
    "POAddressLine4",
    "POCity",
    "PORegion",
    "POPostalCode",
    "POCountry",
    "*InvoiceNumber",
    "Reference",
    "*InvoiceDate",
    "*DueDate",
    "Total",
    "InventoryItemCode",
    "*Description",
    "*Quantity",
    "*UnitAmount",
    "Discount",
    "*AccountCode",
    "*TaxType",
    "TaxAmount",
    "TrackingName1",
    "TrackingOption1",
    "TrackingName2",
    "TrackingOption2",
    "Currency",
    "BrandingTheme",
];

/// The Xero format.
pub(crate) struct Xero<'a> {
    pub(crate) settings: &'a ExportSettings,
    /// The name of every billed account, by id.
    pub(crate) accounts: &'a BTreeMap<String, String>,
    /// The billed taxes.
    pub(crate) taxes: &'a KnownTaxes,
}

impl<'a> Xero<'a> {
    fn accounts(&self) -> NameBook<'a> {
        let settings = self.settings;
        NameBook { own: &settings.xero.accounts, shared: &settings.accounts }
    }

    fn taxes(&self) -> TaxBook<'a> {
        let settings = self.settings;
        TaxBook {
            table: "export.xero.taxes",
            program: Self::PROGRAM,
            own: &settings.xero.taxes,
            shared: Some(&settings.taxes),
            known: self.taxes,
        }
    }

    /// The cells that are the same on every row of a document, up to the total.
    fn head(&self, document: &Document) -> Cells {
        let dates = self.settings.xero.date_format;
        let mut row = vec![
            cell(&customer(self.settings, &document.account_id, &document.account_name)),
            cell(&document.email),
        ];
        // Addresses are not published; Xero keeps those of its contacts.
        row.resize(10, String::new());
        row.extend([
            document.number.clone(),
            match document.credits_invoice.as_str() {
                "" => cell(&document.account_id),
                invoice => invoice.to_owned(),
            },
            dates.write(document.issue_date),
            dates.write(document.due_date_or_issue()),
            document.total.to_decimal_string(document.currency),
        ]);
        row
    }

    /// The cells that are the same on every row, from the tracking on.
    fn tail(&self, document: &Document) -> Cells {
        let mut row: Cells = self
            .settings
            .xero
            .tracking
            .iter()
            .flat_map(|tracking| [cell(&tracking.name), cell(&tracking.option)])
            .collect();
        row.resize(4, String::new());
        row.extend([document.currency.code().to_owned(), cell(&self.settings.xero.branding_theme)]);
        row
    }
}

impl Layout for Xero<'_> {
    const PROGRAM: &'static str = "Xero";
    const LIMITS: Limits = Limits { documents: 500, rows: usize::MAX };

    fn check(&self, _documents: &[&Document]) -> Vec<ExportProblem> {
        check_customers(self.settings, self.accounts, Self::PROGRAM)
    }

    fn part(&self, _document: &Document) -> String {
        String::new()
    }

    fn rows(&self, document: &Document) -> Result<Vec<Cells>, Vec<ExportProblem>> {
        check_digits(document, 2, Self::PROGRAM)?;
        let (head, tail) = (self.head(document), self.tail(document));
        all(document.lines.iter().map(|line| {
            let priced = line.priced(document.currency, DECIMALS);
            let tax =
                self.taxes().tax(document, line, "Tax Exempt").map_err(|fault| vec![fault])?;
            let own = [
                String::new(),
                cell(&line.text(&priced)),
                priced.quantity.to_string(),
                priced.unit_price,
                String::new(),
                cell(self.accounts().account(line).unwrap_or("200")),
                cell(tax),
                line.tax.to_decimal_string(document.currency),
            ];
            Ok(head.iter().chain(&own).chain(&tail).cloned().collect())
        }))
    }

    fn encode(&self, sheet: &ExportFile<'_>) -> Vec<u8> {
        csv_bytes(&COLUMNS.map(str::to_owned), &sheet.rows)
    }

    fn claims(&self, _sheet: &ExportFile<'_>, bytes: &[u8]) -> Option<Vec<ProofClaim>> {
        let rows = csv_rows(bytes)?;
        rows.iter()
            .map(|row| {
                let currency = parsed_currency(&row[27]).ok()?;
                let tax = parsed_amount("TaxAmount", &row[22], currency).ok()?;
                ProofClaim::new(&row[10], currency, extended(&row[17], &row[18], currency)?, tax)
            })
            .collect()
    }
}
