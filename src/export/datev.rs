//! DATEV: a booking batch (EXTF, Buchungsstapel). Each row has the gross amount of an invoice for
//! one revenue account and one tax key; DATEV deducts the tax again.
//!
//! Konto is the customer's account and Gegenkonto the revenue account. `S` is an invoice and `H` a
//! credit, and amounts are never negative. DATEV takes the day and month from the row and the year
//! from the header. So each month has its own file, as DATEV recommends, with at most 99,999 rows.

use chrono::{Datelike as _, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

use super::datev_format::{
    COLUMN_COUNT, DatevHeader, columns, from_belegfeld, place, quoted, to_belegfeld, vat_id,
    written,
};
use super::document::{Document, DocumentLine};
use super::error::all;
use super::layout::{Cells, ExportFile, Layout, Limits};
use super::names::NameBook;
use super::proof::ProofClaim;
use super::sheet::{cut, from_windows_1252, is_legible, windows_1252};
use super::tables::{parsed_amount, parsed_currency};
use super::taxes::{KnownTaxes, TaxBook};
use super::{ExportProblem, check_digits, check_number};
use crate::config::{ExportSettings, TaxNames};
use crate::model::TaxTreatment;
use crate::value::{Amount, Instant, parse_decimal};

/// The length of Belegfeld 1, which has the invoice number.
const NUMBER_LENGTH: usize = 36;
/// The length of the Buchungstext.
const TEXT_LENGTH: usize = 60;
/// The length of an amount: ten digits, the comma, two decimals.
const AMOUNT_LENGTH: usize = 13;

/// The DATEV format.
pub(crate) struct Datev<'a> {
    pub(crate) settings: &'a ExportSettings,
    /// The name of the close.
    pub(crate) close: &'a str,
    /// The instant of the close, used as creation time, so that the same close gives the same
    /// bytes.
    pub(crate) as_of: Instant,
    /// The billed taxes.
    pub(crate) taxes: &'a KnownTaxes,
}

/// The gross amount of an invoice for one revenue account and one tax key.
struct Booking<'a> {
    account: &'a str,
    tax_key: &'a str,
    is_reverse_charge: bool,
    gross: Amount,
}

impl<'a> Datev<'a> {
    fn accounts(&self) -> NameBook<'a> {
        let settings = self.settings;
        NameBook { own: &settings.datev.accounts, shared: &settings.accounts }
    }

    /// The tax key. Keys are digits that no other program uses, so shared names do not apply. If
    /// the tax code has its own account, the account implies the tax, and there is no key.
    fn tax_key(
        &self,
        document: &Document,
        line: &DocumentLine,
        has_account: bool,
    ) -> Result<&'a str, ExportProblem> {
        let keys = self.by_tax("export.datev.taxes", &self.settings.datev.taxes);
        keys.check_is_one(document, line)?;
        if has_account && keys.find(document, line)?.is_none() {
            return Ok("");
        }
        keys.tax(document, line, "")
    }

    fn by_tax(&self, table: &'static str, own: &'a TaxNames) -> TaxBook<'a> {
        TaxBook { table, program: Self::PROGRAM, own, shared: None, known: self.taxes }
    }

    fn debtor<'b>(&'b self, document: &Document) -> &'b str {
        let settings = &self.settings.datev;
        settings.debtors.get(&document.account_id).unwrap_or(&settings.receivable_account)
    }

    /// The revenue account and the tax key of a line.
    fn codes(
        &self,
        document: &Document,
        line: &DocumentLine,
    ) -> Result<(&'a str, &'a str), Vec<ExportProblem>> {
        let length = self.settings.datev.account_length as usize;
        let accounts = &self.settings.datev.accounts_by_tax;
        let accounts = self.by_tax("export.datev.accounts_by_tax", accounts);
        let by_tax = accounts.find(document, line).map_err(|fault| vec![fault])?;
        let account = by_tax.or_else(|| self.accounts().account(line)).ok_or_else(|| {
            vec![ExportProblem::setting(
                format!("product {:?} has no revenue account in DATEV", line.product),
                "write it in billing.toml: [export.datev.accounts] default = \"8400\"",
            )]
        })?;
        check_account(account, length, "revenue account")?;
        let key = self.tax_key(document, line, by_tax.is_some()).map_err(|fault| vec![fault])?;
        if key.len() > 4 || !key.bytes().all(|it| it.is_ascii_digit()) {
            let hint = "write the digits of the BU-Schlüssel under [export.datev.taxes]";
            return Err(vec![ExportProblem::setting(
                format!("{key:?} is no tax key of DATEV"),
                hint,
            )]);
        }
        Ok((account, key))
    }

    fn bookings(&self, document: &Document) -> Result<Vec<Booking<'a>>, Vec<ExportProblem>> {
        let codes = all(document.lines.iter().map(|line| self.codes(document, line)))?;
        let mut bookings: Vec<Booking<'a>> = Vec::new();
        for (line, (account, tax_key)) in document.lines.iter().zip(codes) {
            let is_reverse_charge = line.tax_treatment == Some(TaxTreatment::ReverseCharge);
            let is_same = |it: &&mut Booking<'_>| {
                (it.account, it.tax_key, it.is_reverse_charge)
                    == (account, tax_key, is_reverse_charge)
            };
            let gross = line.net.checked_add(line.tax);
            match bookings.iter_mut().find(is_same) {
                Some(same) => {
                    let sum = gross.and_then(|gross| same.gross.checked_add(gross));
                    same.gross = sum.ok_or_else(|| too_large(document))?;
                }
                None => bookings.push(Booking {
                    account,
                    tax_key,
                    is_reverse_charge,
                    gross: gross.ok_or_else(|| too_large(document))?,
                }),
            }
        }
        // DATEV refuses zero bookings.
        bookings.retain(|booking| !booking.gross.is_zero());
        Ok(bookings)
    }

    fn row(&self, document: &Document, booking: &Booking<'_>) -> Result<Cells, Vec<ExportProblem>> {
        let side = if booking.gross.is_negative() { "H" } else { "S" };
        let turned = booking.gross.checked_neg().ok_or_else(|| too_large(document))?;
        let amount = decimal(booking.gross.max(turned), document);
        let mut row = vec![String::new(); COLUMN_COUNT];
        row[place::AMOUNT] = written(amount);
        if row[place::AMOUNT].len() > AMOUNT_LENGTH {
            return Err(too_large(document));
        }
        row[place::SIDE] = quoted(side);
        row[place::CURRENCY] = quoted(document.currency.code());
        self.convert(document, amount, &mut row)?;
        self.debtor(document).clone_into(&mut row[place::ACCOUNT]);
        booking.account.clone_into(&mut row[place::CONTRA_ACCOUNT]);
        row[place::TAX_KEY] = quoted(booking.tax_key);
        row[place::DATE] = document.issue_date.format("%d%m").to_string();
        row[place::NUMBER] = quoted(&to_belegfeld(&document.number));
        row[place::TEXT] = quoted(&cut(customer(document), TEXT_LENGTH));
        if booking.is_reverse_charge {
            row[place::VAT_ID] = quoted(&vat_id(&document.tax_id).unwrap_or_default());
        }
        "0".clone_into(&mut row[place::LOCKED]);
        if let Some(date) = document.due_date {
            row[place::DUE_DATE] = date.format("%d%m%Y").to_string();
        }
        Ok(row)
    }

    /// Foreign amounts need the rate and the amount in the currency of the books.
    fn convert(
        &self,
        document: &Document,
        amount: Decimal,
        row: &mut Cells,
    ) -> Result<(), Vec<ExportProblem>> {
        let (settings, code) = (&self.settings.datev, document.currency.code());
        if code == settings.currency {
            return Ok(());
        }
        let fault = |message: String| {
            let hint = format!(
                "write how many {code} one {} buys: [export.datev.exchange_rates] {code} = \"…\"; \
                 or leave them out with --currency {}",
                settings.currency, settings.currency
            );
            vec![ExportProblem::setting(message, hint)]
        };
        let rate = settings.exchange_rates.get(code).and_then(|rate| parse_decimal(rate).ok());
        let rate = rate.ok_or_else(|| {
            fault(format!("the books are in {}, and {code} has no rate", settings.currency))
        })?;
        if rate < Decimal::ONE || rate >= Decimal::from(10_000) || rate.normalize().scale() > 6 {
            let rule = "is not between 1 and 9999.999999, as DATEV writes it";
            return Err(fault(format!("the rate of {code}, {rate}, {rule}")));
        }
        let base = amount.checked_div(rate).ok_or_else(|| too_large(document))?;
        row[place::RATE] = format!("{:.6}", rate.normalize()).replace('.', ",");
        row[place::BASE_AMOUNT] =
            written(base.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero));
        row[place::BASE_CURRENCY] = quoted(&settings.currency);
        Ok(())
    }

    /// The first line of the file of a month.
    fn header(&self, month: NaiveDate) -> Option<String> {
        let settings = &self.settings.datev;
        let this_year = settings.fiscal_year_in(month.year())?;
        let last_year = settings.fiscal_year_in(month.year() - 1)?;
        let header = DatevHeader {
            created: self.as_of.to_utc().format("%Y%m%d%H%M%S000").to_string(),
            consultant: settings.consultant_number?,
            client: settings.client_number?,
            fiscal_year: if this_year <= month { this_year } else { last_year },
            account_length: settings.account_length,
            from: month,
            until: last_day(month)?,
            label: quoted(&cut(&format!("prorata {}", self.close), 30)),
            currency: quoted(&settings.currency),
            chart: quoted(&settings.chart),
        };
        Some(header.to_string())
    }
}

impl Layout for Datev<'_> {
    const PROGRAM: &'static str = "DATEV";
    const LIMITS: Limits = Limits { documents: usize::MAX, rows: 99_999 };
    const PREFIX: &'static str = "EXTF_";

    fn check(&self, documents: &[&Document]) -> Vec<ExportProblem> {
        let settings = &self.settings.datev;
        let missing = |key: &str, german: &str| {
            let message = format!("DATEV wants the {german}, and billing.toml has none");
            ExportProblem::setting(
                message,
                format!("write it in billing.toml: [export.datev] {key} = …"),
            )
        };
        let mut faults = Vec::new();
        if settings.consultant_number.is_none() {
            faults.push(missing("consultant_number", "consultant's number (Beraternummer)"));
        }
        if settings.client_number.is_none() {
            faults.push(missing("client_number", "client's number (Mandantennummer)"));
        }
        let length = settings.account_length as usize + 1;
        for document in documents {
            let checked = check_account(self.debtor(document), length, "customer account");
            faults.extend(checked.err().unwrap_or_default());
        }
        faults
    }

    fn part(&self, document: &Document) -> String {
        document.issue_date.format("%Y-%m").to_string()
    }

    fn rows(&self, document: &Document) -> Result<Vec<Cells>, Vec<ExportProblem>> {
        check_digits(document, 2, Self::PROGRAM)?;
        check_number(document, NUMBER_LENGTH, Self::PROGRAM)?;
        all(self.bookings(document)?.iter().map(|booking| self.row(document, booking)))
    }

    fn encode(&self, sheet: &ExportFile<'_>) -> Vec<u8> {
        let month = sheet.documents.first().and_then(|first| first.issue_date.with_day(1));
        let header = month.and_then(|month| self.header(month));
        let header = header.expect("settings were checked, and a file has documents");
        let mut text = format!("{header}\r\n{}\r\n", columns().join(";"));
        for row in &sheet.rows {
            text.push_str(&row.join(";"));
            text.push_str("\r\n");
        }
        windows_1252(&text)
    }

    fn claims(&self, _sheet: &ExportFile<'_>, bytes: &[u8]) -> Option<Vec<ProofClaim>> {
        let text = from_windows_1252(bytes)?;
        let (_, table) = text.split_once("\r\n")?;
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(table.as_bytes());
        let claims = reader.records().map(|row| {
            let row = row.ok()?;
            let currency = parsed_currency(&row[place::CURRENCY]).ok()?;
            let amount = parsed_amount("Umsatz", &row[place::AMOUNT].replace(',', "."), currency);
            let document = from_belegfeld(&row[place::NUMBER]);
            let claim = ProofClaim { document, currency, total: amount.ok()?, tax: None };
            match &row[place::SIDE] {
                "S" => Some(claim),
                "H" => claim.turned(),
                _ => None,
            }
        });
        claims.collect()
    }
}

/// The customer's name; the account id if Windows-1252 lacks all letters of the name.
fn customer(document: &Document) -> &str {
    let name = &document.account_name;
    if is_legible(name) { name } else { &document.account_id }
}

fn check_account(account: &str, length: usize, what: &str) -> Result<(), Vec<ExportProblem>> {
    let is_number = account.bytes().all(|it| it.is_ascii_digit());
    if is_number && account.len() <= length && account.bytes().any(|it| it != b'0') {
        return Ok(());
    }
    Err(vec![ExportProblem::setting(
        format!("{what} {account:?} is no number of at most {length} digits"),
        "see account_length and the accounts under [export.datev] in billing.toml",
    )])
}

fn too_large(document: &Document) -> Vec<ExportProblem> {
    vec![ExportProblem::document(
        format!("{} has an amount beyond the ten digits that DATEV takes", document.number),
        "enter it there by hand, and export the others by currency with --currency",
    )]
}

/// A non-negative amount as a decimal in major units.
fn decimal(amount: Amount, document: &Document) -> Decimal {
    Decimal::from_i128_with_scale(i128::from(amount.minor()), document.currency.digits())
}

fn last_day(month: NaiveDate) -> Option<NaiveDate> {
    month.checked_add_months(chrono::Months::new(1))?.pred_opt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_on_their_last_day() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        assert_eq!(last_day(day("2024-02-01")), Some(day("2024-02-29")));
        assert_eq!(last_day(day("2025-12-01")), Some(day("2025-12-31")));
    }
}
