//! `invoice_lines.csv`: one row per line, with the full arithmetic: `amount = round(price_amount ×
//! prorated_numerator ÷ prorated_denominator)`, unless `round_per` is `unit`, or the line is the
//! net of two.

use crate::model::{Account, Cause, DocumentView, Invoice, Line};
use crate::table::{CsvTable, CsvWriter};
use crate::wording::english;

pub(crate) const COLUMNS: [&str; 35] = [
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

pub(crate) fn lines_csv<'a>(invoices: &'a [Invoice], accounts: &'a [Account]) -> CsvTable<'a> {
    CsvTable::new(&COLUMNS, invoices, |invoice, rows| {
        let document = invoice.view(invoice.account_of(accounts));
        for (line, number) in document.lines.iter().zip(1..) {
            row(&document, (line, number), rows);
        }
    })
}

fn row(document: &DocumentView<'_>, (line, number): (&Line, u64), rows: &mut CsvWriter) {
    let DocumentView { account, currency, .. } = *document;
    let zone = account.zone;
    let correction = line.correction.as_ref();
    // Lines billed before the register was opened have no invoice number here.
    let numbered = correction.filter(|it| !it.invoice_number.is_empty());
    let tax = line.tax.as_deref();
    let adjustment = match &line.key.cause {
        Cause::Adjustment(id) => Some(&**id),
        _ => None,
    };
    rows.cell(document.number);
    rows.count(number);
    rows.text(&account.id);
    rows.text(&line.key.subscription_id);
    rows.optional(line.key.cause.change_id().map(|id| &**id));
    rows.composed(|key| line.key.write(key));
    rows.word(line.kind.as_str());
    if line.wording.is_none() && correction.is_none() {
        // Most lines show only their product.
        rows.text(&line.quote.product);
    } else {
        rows.composed(|text| english::describe(text, line));
    }
    rows.instant(line.service_start, zone);
    rows.instant(line.service_end, zone);
    rows.count(line.quote.quantity);
    rows.optional_decimal(line.quote.unit_amount);
    rows.whole(line.share.numerator);
    rows.whole(line.share.denominator);
    rows.money(line.amount, currency);
    rows.word(currency.code());
    rows.optional_decimal(tax.map(|terms| terms.percent));
    rows.money(line.tax_amount, currency);
    rows.text(&line.quote.price_id);
    rows.text(&line.quote.product);
    rows.decimal(line.quote.amount);
    rows.cell(correction.map_or("", |it| &it.invoice_number));
    rows.optional_plain(numbered.map(|it| it.line_number));
    match correction {
        Some(correction) => rows.composed(|text| english::add_reason(text, &correction.reason)),
        None => rows.word(""),
    }
    rows.word(line.share.unit.as_str());
    rows.optional_plain(line.quote.interval);
    rows.composed(|text| english::add_breakdown(text, &line.quote.breakdown, currency));
    rows.word(line.quote.round_per.as_str());
    rows.optional(line.key.discount.as_deref());
    rows.optional(adjustment);
    rows.optional(tax.map(|terms| &*terms.code));
    rows.optional(tax.map(|terms| &*terms.name));
    rows.word(tax.map_or("", |terms| terms.treatment.as_str()));
    rows.money(line.net(), currency);
    rows.cell(line.credits_invoice.as_deref().unwrap_or_default());
    rows.end();
}
