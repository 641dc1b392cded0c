//! The sums of each kind of document, in order.

use super::super::content::PaymentShown;
use super::super::specimens::{
    account, credit, discounted, exempt, inclusive, kumu, payment, reverse_charge, taxed, vat,
};
use super::*;
use crate::model::{Invoice, TaxTerms};

/// "label number", with a star for a result and brackets for an aside; the last sum too.
fn shown(invoice: &Invoice, payments: &[PaymentShown]) -> Vec<String> {
    let account = account("Acme");
    let manuscript = PdfContent::receipt(invoice, &account, payments).expect("small sums");
    let (label, number) = last(&manuscript);
    let sums =
        sums(&manuscript).into_iter().map(|ShownSum { rank, label, number, .. }| match rank {
            SumRank::Start | SumRank::Step => format!("{label} {number}"),
            SumRank::Result => format!("{label} {number}*"),
            SumRank::Aside => format!("({label} {number})"),
        });
    let sums = sums.chain([format!("{label} {number}")]);
    sums.map(|sum| sum.replace('\u{a0}', " ")).collect()
}

#[test]
fn sums_that_are_nothing_are_left_out() {
    assert_eq!(shown(&kumu(), &[]), ["Amount due USD 20.05"]);
}

#[test]
fn discount_tax_and_credit_lead_to_what_is_due() {
    let mut invoice = taxed(discounted(), &[vat("19.00"), vat("7.0")]);
    invoice.totals.credit_applied = Amount::from_minor(500);
    invoice.totals.amount_due = Amount::from_minor(18_155);
    assert_eq!(
        shown(&invoice, &[]),
        [
            "Subtotal 218.00",
            "Discount \u{2212}45.00",
            "Total without tax 173.00*",
            "VAT 19% on 12.00 2.28",
            "VAT 7% on 161.00 11.27",
            "Total tax 13.55",
            "Total 186.55*",
            "Credit applied \u{2212}5.00",
            "Amount due EUR 181.55",
        ]
    );
}

#[test]
fn tax_that_prices_hold_is_not_added() {
    assert_eq!(
        shown(&taxed(kumu(), &[inclusive("19")]), &[]),
        ["(including VAT 19% on 16.85 3.20)", "(Total without tax 16.85)", "Amount due USD 20.05"]
    );
}

#[test]
fn one_rate_on_everything_says_all_there_is_to_say() {
    let shown = shown(&taxed(kumu(), &[vat("20")]), &[]);
    assert_eq!(shown, ["Subtotal 20.05", "VAT 20% on 20.05 4.01", "Amount due USD 24.06"]);
}

#[test]
fn rates_without_tax_are_named() {
    let none = |terms: &[TaxTerms]| {
        let shown = shown(&taxed(kumu(), terms), &[]);
        let rates = shown.iter().filter(|sum| sum.contains(" on "));
        rates.cloned().collect::<Vec<_>>().join("; ")
    };
    assert_eq!(
        none(&[exempt(), reverse_charge(), vat("0")]),
        "VAT exempt on 0.00 0.00; VAT reverse charge on \u{2212}4.93 0.00; VAT 0% on 24.98 0.00"
    );
    let named = TaxTerms { name: "Reverse Charge".into(), ..reverse_charge() };
    assert_eq!(none(&[named]), "Reverse Charge on 20.05 0.00");
}

#[test]
fn a_credit_ends_in_what_is_credited() {
    let shown = shown(&credit(), &[]);
    assert_eq!(shown, ["Credited to your account USD 3.40"]);
}

#[test]
fn payments_lead_to_the_balance() {
    assert_eq!(
        shown(&kumu(), &[payment("Visa •••• 4242", 1000), payment("", 1500)]),
        [
            "Total 20.05*",
            "Paid 27 Jun 2020 · Visa •••• 4242 \u{2212}10.00",
            "Paid 27 Jun 2020 \u{2212}15.00",
            "Credited to your account 4.95",
            "Balance due USD 0.00",
        ]
    );
}

#[test]
fn payments_after_credit_lead_from_what_was_due() {
    let mut credited = kumu();
    credited.totals.credit_applied = Amount::from_minor(500);
    credited.totals.amount_due = Amount::from_minor(1505);
    assert_eq!(
        shown(&credited, &[payment("Cheque", 1000), payment("Cheque", -200)]),
        [
            "Total 20.05*",
            "Credit applied \u{2212}5.00",
            "Amount due 15.05*",
            "Paid 27 Jun 2020 · Cheque \u{2212}10.00",
            "Paid back 27 Jun 2020 · Cheque 2.00",
            "Balance due USD 7.05",
        ]
    );
}
