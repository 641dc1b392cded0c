//! `accounts.csv`.

use super::account_changes::AccountChangeRows;
use super::tax_codes::TaxCodes;
use crate::config::{Settings, is_email_address};
use crate::model::{
    Account, Address, BuyerDetails, DocumentDetails, EInvoiceChoice, PaymentTerms,
    PaymentTermsError, SchemedId,
};
use crate::table::{Column, Reported, Row, optional, required};

/// The known columns.
pub(crate) const COLUMNS: [Column; 28] = [
    required("account_id"),
    required("name"),
    required("email"),
    optional("billing_email"),
    optional("address_line1"),
    optional("address_line2"),
    optional("city"),
    optional("region"),
    optional("postal_code"),
    optional("country"),
    optional("tax_id"),
    optional("timezone"),
    optional("locale"),
    optional("tax_code"),
    optional("country_code"),
    optional("einvoice"),
    optional("endpoint_id"),
    optional("endpoint_scheme"),
    optional("buyer_reference"),
    optional("purchase_order"),
    optional("legal_id"),
    optional("legal_id_scheme"),
    optional("mandate_id"),
    optional("mandate_iban"),
    optional("payment_terms"),
    optional("reference"),
    optional("memo"),
    optional("copies"),
];

/// Reads one row; the settings supply a missing time zone and locale.
pub(crate) fn parse(
    row: &mut Row<'_>,
    settings: &Settings,
    tax_codes: &TaxCodes,
    changes: &AccountChangeRows,
) -> Result<Account, Reported> {
    let state = |row: &mut Row<'_>| state(row, settings, tax_codes);
    let account = state(row)?;
    changes.apply(row, account, &state)
}

/// Reads the account of a row as it is at one time.
fn state(
    row: &mut Row<'_>,
    settings: &Settings,
    tax_codes: &TaxCodes,
) -> Result<Account, Reported> {
    // Every field is read before the first failure returns, so that all problems are reported.
    let id = row.id("account_id");
    let name = row.required("name");
    let email = email(row, "email");
    let billing_email = email_if_any(row);
    let address = address(row);
    let tax_id = row.unshortened("tax_id");
    let tax_code = row.optional("tax_code", |row, column| tax_codes.find(row, column));
    let own_zone = row.optional("timezone", Row::zone);
    let own_locale = row.optional("locale", Row::locale);
    let einvoice = einvoice(row);
    let own_terms = row.optional("payment_terms", payment_terms);
    let documents = documents(row);
    Ok(Account {
        id: id?,
        name: name?.into(),
        email: email?,
        billing_email: billing_email?,
        address: address?,
        tax_id: Some(tax_id?).filter(|text| !text.is_empty()).map(Into::into),
        zone: own_zone?.unwrap_or(settings.zone),
        locale: own_locale?.unwrap_or(settings.locale),
        tax_code: tax_code?,
        einvoice: einvoice?,
        payment_terms: own_terms?.unwrap_or(settings.payment_terms),
        documents: documents?,
        line: row.line,
        changes: None,
    })
}

fn email_if_any(row: &mut Row<'_>) -> Result<Option<Box<str>>, Reported> {
    let email = email(row, "billing_email")?;
    Ok(Some(email).filter(|text| !text.is_empty()))
}

/// An e-mail address, or nothing. Whether it exists is not checked.
fn email(row: &mut Row<'_>, column: &'static str) -> Result<Box<str>, Reported> {
    let text = row.text(column)?;
    if text.is_empty() || is_email_address(text) {
        return Ok(text.into());
    }
    Err(row.report(
        column,
        text,
        "is not an e-mail address",
        "write one address, such as ap@example.com",
    ))
}

fn payment_terms(row: &mut Row<'_>, column: &'static str) -> Result<PaymentTerms, Reported> {
    let text = row.text(column)?;
    PaymentTerms::parse(text).map_err(|error| match error {
        PaymentTermsError::Form => {
            row.report(column, text, "are no terms of payment", PaymentTerms::HINT)
        }
        PaymentTermsError::TooLong => {
            row.report(column, text, "is more than a century", PaymentTerms::HINT)
        }
    })
}

/// What else documents say; `None` if all columns are empty, as in most files.
fn documents(row: &mut Row<'_>) -> Result<Option<Box<DocumentDetails>>, Reported> {
    let reference = code(row, "reference");
    let memo = row.text("memo").map(|memo| memo.trim().into());
    let copies = copies(row, "copies");
    let details = DocumentDetails { reference: reference?, memo: memo?, copies: copies? };
    Ok((details != DocumentDetails::default()).then(|| Box::new(details)))
}

/// E-mail addresses, separated by `;`.
fn copies(row: &mut Row<'_>, column: &'static str) -> Result<Box<str>, Reported> {
    let text = row.text(column)?;
    let addresses: Vec<&str> = text.split(';').map(str::trim).filter(|it| !it.is_empty()).collect();
    match addresses.iter().find(|address| !is_email_address(address)) {
        None => Ok(addresses.join(";").into()),
        Some(address) => Err(row.report(
            column,
            address,
            "is not an e-mail address",
            "write one or more addresses with a semicolon between them, such as \
             ap@example.com; cfo@example.com",
        )),
    }
}

fn address(row: &mut Row<'_>) -> Result<Address, Reported> {
    Ok(Address::new([
        row.text("address_line1")?,
        row.text("address_line2")?,
        row.text("city")?,
        row.text("region")?,
        row.unshortened("postal_code")?,
        row.text("country")?,
    ]))
}

/// What e-invoices need; `None` if all columns are empty, as in most files.
fn einvoice(row: &mut Row<'_>) -> Result<Option<Box<BuyerDetails>>, Reported> {
    let choice = row.optional("einvoice", |row, column| row.word(column, &EInvoiceChoice::WORDS));
    let country_code = code(row, "country_code");
    let endpoint = [code(row, "endpoint_id"), code(row, "endpoint_scheme")];
    let buyer_reference = code(row, "buyer_reference");
    let purchase_order = code(row, "purchase_order");
    let legal = [code(row, "legal_id"), code(row, "legal_id_scheme")];
    let mandate = [code(row, "mandate_id"), code(row, "mandate_iban")];
    let [mandate_id, mandate_iban] = mandate;
    let details = BuyerDetails {
        choice: choice?,
        country_code: country_code?,
        endpoint: schemed_id(endpoint)?,
        buyer_reference: buyer_reference?,
        purchase_order: purchase_order?,
        legal: schemed_id(legal)?,
        mandate_id: mandate_id?,
        mandate_iban: mandate_iban?,
    };
    Ok((details != BuyerDetails::default()).then(|| Box::new(details)))
}

fn schemed_id([id, scheme]: [Result<Box<str>, Reported>; 2]) -> Result<SchemedId, Reported> {
    Ok(SchemedId { id: id?, scheme: scheme? })
}

/// A code or number, without the blanks around it.
fn code(row: &mut Row<'_>, column: &'static str) -> Result<Box<str>, Reported> {
    Ok(row.unshortened(column)?.trim().into())
}
