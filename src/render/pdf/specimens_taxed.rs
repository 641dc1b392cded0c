//! Taxes for the tests: rates of every kind, and their sums.

use std::sync::Arc;

use crate::model::{
    Invoice, Line, LineKind, TaxBehavior, TaxTerms, TaxTotal, TaxTreatment, Totals,
};
use crate::value::Amount;

/// VAT, added to prices.
pub(in super::super) fn vat(percent: &str) -> TaxTerms {
    TaxTerms {
        code: format!("vat-{percent}").into(),
        name: "VAT".into(),
        percent: percent.parse().expect("a decimal"),
        behavior: TaxBehavior::Exclusive,
        treatment: TaxTreatment::Taxable,
        note: "".into(),
        components: Box::default(),
    }
}

/// VAT included in prices.
pub(in super::super) fn inclusive(percent: &str) -> TaxTerms {
    TaxTerms { behavior: TaxBehavior::Inclusive, ..vat(percent) }
}

pub(in super::super) fn reverse_charge() -> TaxTerms {
    let note = "Reverse charge: VAT is accounted for by the customer under article 196 of Council \
                Directive 2006/112/EC.";
    TaxTerms { treatment: TaxTreatment::ReverseCharge, note: note.into(), ..vat("0") }
}

pub(in super::super) fn exempt() -> TaxTerms {
    let note = "Exempt from VAT under article 135(1) of Council Directive 2006/112/EC.";
    TaxTerms { treatment: TaxTreatment::Exempt, note: note.into(), ..vat("0") }
}

/// The invoice with these terms alternating on its lines, and the taxes summed.
pub(in super::super) fn taxed(mut invoice: Invoice, terms: &[TaxTerms]) -> Invoice {
    let terms: Vec<Arc<TaxTerms>> = terms.iter().cloned().map(Arc::new).collect();
    let mut wanted = terms.iter().cycle();
    for index in 0..invoice.lines.len() {
        // A discount has the rate of the line above it.
        let above = index.checked_sub(1).and_then(|above| invoice.lines[above].tax.clone());
        let line = &mut invoice.lines[index];
        let own = if line.kind == LineKind::Discount { above } else { wanted.next().cloned() };
        line.tax = own;
    }
    invoice.taxes = terms.iter().filter_map(|terms| tax_total(&invoice.lines, terms)).collect();
    sum_up(&mut invoice);
    invoice
}

/// The tax at a rate, to the nearest minor unit.
fn tax_total(lines: &[Line], terms: &Arc<TaxTerms>) -> Option<TaxTotal> {
    let at_rate = |line: &&Line| line.tax.as_ref() == Some(terms);
    let mut amounts = lines.iter().filter(at_rate).map(|line| line.amount.minor()).peekable();
    amounts.peek()?;
    let gross: i64 = amounts.sum();
    let hundredths = (terms.percent * rust_decimal::Decimal::ONE_HUNDRED).normalize();
    let rate = i128::from(i64::try_from(hundredths).expect("whole hundredths"));
    let whole = if terms.is_inclusive() { 10_000 + rate } else { 10_000 };
    let tax = (i128::from(gross) * rate * 2 + whole).div_euclid(whole * 2);
    let tax = i64::try_from(tax).expect("below the amount");
    let net = if terms.is_inclusive() { gross - tax } else { gross };
    Some(TaxTotal {
        terms: Arc::clone(terms),
        net: Amount::from_minor(net),
        base: Amount::from_minor(net),
        tax: Amount::from_minor(tax),
    })
}

/// Computes the sums of the invoice.
pub(super) fn sum_up(invoice: &mut Invoice) {
    let sum = |amounts: &mut dyn Iterator<Item = Amount>| amounts.map(Amount::minor).sum::<i64>();
    let is_discount = |line: &&Line| line.kind == LineKind::Discount;
    let lines = sum(&mut invoice.lines.iter().map(|line| line.amount));
    let discount = -sum(&mut invoice.lines.iter().filter(is_discount).map(|line| line.amount));
    let tax = sum(&mut invoice.taxes.iter().map(|total| total.tax));
    let included = invoice.taxes.iter().filter(|total| total.terms.is_inclusive());
    let included = sum(&mut included.map(|total| total.tax));
    let total = lines + tax - included;
    let amount = Amount::from_minor;
    invoice.totals = Totals {
        subtotal: amount(lines + discount),
        discount: amount(discount),
        tax: amount(tax),
        tax_included: amount(included),
        total: amount(total),
        amount_due: amount(total.max(0)),
        credit_balance: amount((-total).max(0)),
        ..Totals::default()
    };
}
