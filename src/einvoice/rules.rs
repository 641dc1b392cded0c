//! The rules that a document may break although everything is filled in. What holds by construction
//! is not checked: the sums, the signs, the periods of the lines.

use rust_decimal::Decimal;

use super::document::{EInvoice, TaxPart};
use super::flaw::{Flaw, Place};
use crate::model::{EInvoiceFormat, TaxCategory};
use crate::value::Currency;

/// The decimals of an amount in EN 16931 (BR-DEC-01 and its like).
const MOST_DECIMALS: u32 = 2;

/// The rules that a document breaks.
pub(crate) fn flaws_of_document(invoice: &EInvoice<'_>) -> Vec<Flaw> {
    let found = [
        decimals(invoice),
        mixed(invoice),
        totals(invoice),
        reverse_charge(invoice),
        numbers(invoice),
        unsubject(invoice),
        reference(invoice),
        payment_terms(invoice),
    ];
    let rounded = invoice.taxes.iter().filter_map(|part| rounded_tax(invoice, part));
    let reasons = invoice.taxes.iter().filter_map(|part| reason(invoice, part));
    let swedish = invoice.taxes.iter().filter_map(|part| swedish_rate(invoice, part));
    found.into_iter().flatten().chain(rounded).chain(reasons).chain(swedish).collect()
}

fn flaw(rule: &'static str, (place, value): (Place, &str), what: &str, hint: &str) -> Flaw {
    Flaw { place, rule, value: value.to_owned(), what: what.to_owned(), hint: hint.to_owned() }
}

/// A flaw of the document itself, which the choice of an e-invoice brings about.
fn of_choice(invoice: &EInvoice<'_>, rule: &'static str, what: &str, hint: &str) -> Flaw {
    let place = (Place::Account("einvoice"), invoice.format.as_str());
    flaw(rule, place, &format!("{what} (document of {})", invoice.issue_date), hint)
}

fn decimals(invoice: &EInvoice<'_>) -> Option<Flaw> {
    let digits = invoice.currency.digits();
    let rule = if invoice.format.is_a_file() { "UBL-DT-01" } else { "BR-DEC-09" };
    let what = format!(
        "cannot state amounts in {}: they have {digits} decimals, and EN 16931 allows \
         {MOST_DECIMALS}",
        invoice.currency
    );
    let hint = "write none: this account can only get PDFs in this currency";
    (digits > MOST_DECIMALS).then(|| of_choice(invoice, rule, &what, hint))
}

/// Lines that are not subject to VAT must be alone (BR-O-11 to BR-O-14).
fn mixed(invoice: &EInvoice<'_>) -> Option<Flaw> {
    let is_outside = |part: &TaxPart<'_>| part.category == TaxCategory::O;
    if invoice.taxes.len() < 2 || !invoice.taxes.iter().any(is_outside) {
        return None;
    }
    let hint = "give the lines without a tax code one: exempt, or taxable with 0 %";
    Some(of_choice(invoice, "BR-O-11", "cannot have lines without tax beside taxed ones", hint))
}

/// The sums of the parts are those of the document. They always are; a difference is a fault of this
/// program and must not be sent.
fn totals(invoice: &EInvoice<'_>) -> Option<Flaw> {
    let by_rate = invoice.taxes.iter().map(|part| part.net.minor()).map(i128::from).sum::<i128>();
    let net = i128::from(invoice.net.minor());
    let total = net + i128::from(invoice.tax.minor());
    let payable = i128::from(invoice.payable.minor()) + i128::from(invoice.prepaid.minor());
    let is_right = by_rate == net && total == i128::from(invoice.total.minor()) && payable == total;
    let hint = "this is a fault of prorata: please report it";
    (!is_right).then(|| of_choice(invoice, "BR-CO-15", "does not add up", hint))
}

/// Reverse charge needs a number of both parties (BR-AE-02 to BR-AE-04).
fn reverse_charge(invoice: &EInvoice<'_>) -> Option<Flaw> {
    let is_reverse = invoice.taxes.iter().any(|part| part.category == TaxCategory::AE);
    let buyer = &invoice.buyer;
    if !is_reverse || !buyer.vat_id.is_empty() || !buyer.legal.id.is_empty() {
        return None;
    }
    let hint = "write the VAT number with the prefix of its country in tax_id, or the number of the \
                company in legal_id";
    let what = "is no VAT number, and reverse charge asks for one of the buyer";
    Some(flaw("BR-AE-02", (Place::Account("tax_id"), ""), what, hint))
}

/// Taxed lines need a tax number of the seller (BR-S-02 and its like, BR-DE-16).
fn numbers(invoice: &EInvoice<'_>) -> Option<Flaw> {
    let seller = &invoice.seller;
    let has_number = !seller.vat_id.is_empty() || !seller.tax_registration.is_empty();
    if invoice.taxes.iter().any(|part| part.category == TaxCategory::O) {
        return None;
    }
    let rule = match invoice.taxes.first()?.category {
        TaxCategory::O | TaxCategory::S => "BR-S-02",
        TaxCategory::Z => "BR-Z-02",
        TaxCategory::E => "BR-E-02",
        TaxCategory::AE => "BR-AE-02",
        TaxCategory::G => "BR-G-02",
        TaxCategory::L => "BR-AF-02",
        TaxCategory::M => "BR-AG-02",
    };
    let needs_vat_id = invoice.taxes.iter().any(|part| part.category == TaxCategory::G)
        && seller.vat_id.is_empty();
    if has_number && !needs_vat_id {
        return None;
    }
    let hint = "write tax_id under [seller], with the prefix of its country";
    let what = "is empty, and documents with VAT state the seller's number";
    Some(flaw(rule, (Place::Setting("seller.tax_id"), ""), what, hint))
}

/// What is not subject to VAT names no VAT number, so another one must identify the seller.
fn unsubject(invoice: &EInvoice<'_>) -> Option<Flaw> {
    let is_outside = invoice.taxes.iter().any(|part| part.category == TaxCategory::O);
    if !is_outside || invoice.taxes.len() > 1 || !invoice.seller.legal.id.is_empty() {
        return None;
    }
    let hint = "write the number of the company under [seller]";
    let what = "is empty, and documents without VAT state no VAT number (BR-O-02)";
    Some(flaw("BR-CO-26", (Place::Setting("seller.legal_id"), ""), what, hint))
}

/// A tax that is a whole unit or more off its base times its rate.
fn rounded_tax(invoice: &EInvoice<'_>, part: &TaxPart<'_>) -> Option<Flaw> {
    let exact = in_units(part.net.minor(), invoice.currency)
        .checked_mul(part.percent.unwrap_or_default())?
        .checked_div(Decimal::ONE_HUNDRED)?;
    let stated = in_units(part.tax.minor(), invoice.currency);
    if (stated - exact).abs() < Decimal::ONE {
        return None;
    }
    let what = format!(
        "states a tax of {stated} {} that is off {} % of {} by one or more",
        invoice.currency,
        part.percent.unwrap_or_default(),
        in_units(part.net.minor(), invoice.currency)
    );
    let hint = "round tax per rate (tax.round_per in billing.toml), or write none for this account";
    Some(of_choice(invoice, "BR-CO-17", &what, hint))
}

fn in_units(minor: i64, currency: Currency) -> Decimal {
    Decimal::from_i128_with_scale(minor.into(), currency.digits())
}

/// Whatever is not taxed says why (BR-E-10, BR-AE-10, BR-G-10, BR-O-10).
fn reason(invoice: &EInvoice<'_>, part: &TaxPart<'_>) -> Option<Flaw> {
    let is_missing = part.reason.is_empty() && part.reason_code.is_empty();
    if !part.category.needs_reason() || !is_missing {
        return None;
    }
    let hint = "write a note or an exemption_code in the row of tax_rates.csv";
    Some(of_choice(invoice, "BR-E-10", "has no reason for the exemption from tax", hint))
}

fn swedish_rate(invoice: &EInvoice<'_>, part: &TaxPart<'_>) -> Option<Flaw> {
    let is_swedish =
        invoice.format == EInvoiceFormat::Peppol && invoice.seller.country_code == "SE";
    let known = [6, 12, 25].map(Decimal::from);
    let is_known = part.percent.is_some_and(|percent| known.contains(&percent));
    if !is_swedish || part.category != TaxCategory::S || is_known {
        return None;
    }
    let what = "has a rate that Swedish sellers do not have: theirs are 6, 12 and 25 %";
    Some(of_choice(invoice, "SE-R-006", what, "correct the rate, or write none for this account"))
}

/// A credit note of a Dutch seller names the invoice.
fn reference(invoice: &EInvoice<'_>) -> Option<Flaw> {
    let is_dutch = invoice.format == EInvoiceFormat::Peppol && invoice.seller.country_code == "NL";
    if !is_dutch || !invoice.is_credit || !invoice.preceding.is_empty() {
        return None;
    }
    let hint = "name the invoice in credits_invoice of adjustments.csv, or write none here";
    Some(of_choice(invoice, "NL-R-001", "is a credit that names no invoice", hint))
}

/// Lines that begin with # are terms of cash discount in German documents.
fn payment_terms(invoice: &EInvoice<'_>) -> Option<Flaw> {
    let is_german = invoice.format == EInvoiceFormat::XRechnung;
    let line = invoice.payment_terms.lines().find(|line| line.trim_start().starts_with('#'));
    let line = line.filter(|_| is_german)?;
    let place = (Place::Setting("seller.payment"), line);
    let what = "begins with #, which XRechnung keeps for terms of cash discount";
    Some(flaw("BR-DE-18", place, what, "begin the line with another character"))
}
