//! `invoice_lines.csv`: one row a line, with the whole arithmetic:
//! `amount = round(price_amount × prorated_numerator ÷ prorated_denominator)`, unless `round_per` is
//! `unit`, or the line is the net of two.

use std::borrow::Cow;

use super::{table, text_cell};
use crate::invoice::Invoice;
use crate::model::{Account, Cause, Line};

/// Its columns.
pub const COLUMNS: [&str; 35] = [
    "invoice_number",
    "line_number",
    "account_id",
    "subscription_id",
    "change_id",
    "line_key",
    "kind",
    "description",
    "service_start",
    "service_end",
    "quantity",
    "unit_amount",
    "prorated_numerator",
    "prorated_denominator",
    "amount",
    "currency",
    "tax_rate",
    "tax_amount",
    "price_id",
    "product",
    "price_amount",
    "corrects_invoice",
    "corrects_line",
    "correction_reason",
    "prorated_unit",
    "interval",
    "price_detail",
    "round_per",
    "discount_id",
    "adjustment_id",
    "tax_code",
    "tax_name",
    "tax_treatment",
    "net_amount",
    "credits_invoice",
];

/// The bytes of the file.
pub fn lines_csv(invoices: &[Invoice], accounts: &[Account]) -> Vec<u8> {
    let rows = invoices.iter().flat_map(|invoice| {
        let account = &accounts[invoice.account];
        let numbered = invoice.lines.iter().zip(1..);
        numbered.map(move |(line, number)| row(invoice, account, line, number))
    });
    table(COLUMNS, rows)
}

fn row<'a>(
    invoice: &'a Invoice,
    account: &'a Account,
    line: &'a Line,
    number: u32,
) -> [Cow<'a, str>; 35] {
    let zone = account.zone;
    let currency = invoice.currency;
    let correction = line.correction.as_ref();
    // What was billed before the register was opened has no number here.
    let numbered = correction.filter(|it| !it.invoice_number.is_empty());
    let tax = line.tax.as_deref();
    let net = line.net_amount().expect("a document's lines were summed up without their tax");
    let adjustment = match &line.key.cause {
        Cause::Adjustment(id) => Some(id),
        _ => None,
    };
    let of_correction = |text: Option<Cow<'a, str>>| text.unwrap_or_default();
    [
        Cow::Borrowed(&invoice.number),
        Cow::Owned(number.to_string()),
        text_cell(&account.id),
        text_cell(&line.key.subscription_id),
        line.key.cause.change_id().map_or(Cow::Borrowed(""), |id| text_cell(id)),
        Cow::Owned(text_cell(&line.key.to_string()).into_owned()),
        Cow::Borrowed(line.kind.as_str()),
        text_cell(&line.description),
        Cow::Owned(zone.rfc3339(line.service_start)),
        Cow::Owned(zone.rfc3339(line.service_end)),
        Cow::Owned(line.quantity.to_string()),
        line.unit_amount.map_or(Cow::Borrowed(""), |amount| Cow::Owned(amount.to_string())),
        Cow::Owned(line.share.numerator.to_string()),
        Cow::Owned(line.share.denominator.to_string()),
        Cow::Owned(line.amount.to_decimal_string(currency)),
        Cow::Borrowed(currency.code()),
        tax.map_or(Cow::Borrowed(""), |terms| Cow::Owned(terms.percent.to_string())),
        Cow::Owned(line.tax_amount.to_decimal_string(currency)),
        text_cell(&line.price_id),
        text_cell(&line.product),
        Cow::Owned(line.price_amount.to_string()),
        of_correction(correction.map(|it| Cow::Borrowed(&*it.invoice_number))),
        of_correction(numbered.map(|it| Cow::Owned(it.line_number.to_string()))),
        of_correction(correction.map(|it| text_cell(&it.reason))),
        Cow::Borrowed(line.share.unit.as_str()),
        line.interval.map_or(Cow::Borrowed(""), |interval| Cow::Owned(interval.to_string())),
        text_cell(&line.price_detail),
        Cow::Borrowed(line.round_per.as_str()),
        line.key.discount.as_deref().map_or(Cow::Borrowed(""), text_cell),
        adjustment.map_or(Cow::Borrowed(""), |id| text_cell(id)),
        tax.map_or(Cow::Borrowed(""), |terms| text_cell(&terms.code)),
        tax.map_or(Cow::Borrowed(""), |terms| text_cell(&terms.name)),
        tax.map_or(Cow::Borrowed(""), |terms| Cow::Borrowed(terms.treatment.as_str())),
        Cow::Owned(net.to_decimal_string(currency)),
        line.credits_invoice.as_deref().map_or(Cow::Borrowed(""), Cow::Borrowed),
    ]
}
