//! One document of every kind and every extreme, which tests check one by one and people look at:
//!
//! `SPECIMENS=/tmp/specimens cargo test --lib gallery -- --ignored` writes them there as PDFs.

use super::content::PaymentShown;
use super::specimens::{
    Change, JAPANESE, REMOVAL, account, adjustment, corrected, credit, credit_note, discount,
    discounted, exempt, in_arrears, inclusive, increased, invoice, kumu, line, long, payment,
    reverse_charge, set_part, switched, taxed, vat,
};
use crate::config::PageSize;
use crate::model::{Account, Cause, Invoice, Line, TaxTerms};
use crate::value::{Amount, Moment, Zone};

/// A document with its account, its payments and its paper.
pub(super) struct Specimen {
    pub(super) name: &'static str,
    pub(super) invoice: Invoice,
    pub(super) account: Account,
    pub(super) payments: Vec<PaymentShown>,
    pub(super) size: PageSize,
}

const NEXT: [&str; 2] = ["2020-06-27", "2020-07-27"];

/// All of them.
pub(super) fn gallery() -> Vec<Specimen> {
    let plain = |name, invoice| Specimen {
        name,
        invoice,
        account: account("Atlas Mapping Co-op"),
        payments: Vec::new(),
        size: PageSize::A4,
    };
    let paid = |name, invoice, payments| Specimen { payments, ..plain(name, invoice) };
    let mut specimens = vec![
        plain("simple", long(1)),
        plain("changed", kumu()),
        paid("changed-paid", kumu(), vec![payment("Visa •••• 4242", 2005)]),
        plain("days", invoice("USD", Change { new: 5, ..REMOVAL }.in_days(12, 31))),
        plain("increased-with-credit", increased()),
        plain("corrected", corrected()),
        plain("switched", switched()),
        plain("arrears", in_arrears()),
        plain("one-off", one_off()),
        plain("credit", credit()),
        plain("credit-note", credit_note()),
        plain("discounts", taxed(discounted(), &[vat("19"), vat("7")])),
        plain("inclusive", taxed(kumu(), &[inclusive("19"), inclusive("7")])),
        plain("exempt", taxed(long(3), &[exempt()])),
        plain("ten-rates", taxed(long(25), &ten_rates())),
        plain("many-changes", many_changes()),
        plain("500-lines", long(500)),
        plain("wide", wide()),
        foreign(plain("foreign", taxed(kumu(), &[reverse_charge()]))),
        paid("part-paid", increased(), vec![payment("Visa •••• 4242", 1000)]),
    ];
    let letter = ["changed", "discounts", "500-lines", "wide"].map(|name| {
        let own = gallery_on_letter(&specimens, name);
        Specimen { size: PageSize::Letter, ..own }
    });
    specimens.extend(letter);
    specimens
}

fn gallery_on_letter(specimens: &[Specimen], name: &str) -> Specimen {
    let own = specimens.iter().find(|own| own.name == name).expect("a specimen");
    let name = match name {
        "changed" => "changed-letter",
        "discounts" => "discounts-letter",
        "500-lines" => "500-lines-letter",
        _ => "wide-letter",
    };
    Specimen {
        name,
        invoice: own.invoice.clone(),
        account: own.account.clone(),
        payments: own.payments.clone(),
        size: own.size,
    }
}

/// A foreign customer with a tax number and a name in another script.
fn foreign(specimen: Specimen) -> Specimen {
    let mut account = account(&format!("{JAPANESE} Ελλάς Zażółć Ж"));
    account.tax_id = Some("DE123456789".into());
    set_part(&mut account.address, 0, "Schöneberger Straße 21a");
    set_part(&mut account.address, 2, "Łódź");
    Specimen { account, ..specimen }
}

/// A charge of an earlier day, and a credit for another invoice.
fn one_off() -> Invoice {
    let supplied = |mut line: Line, id: &str| {
        line.key.cause = Cause::Adjustment(id.into());
        line.key.period_start = Moment::parse("2020-06-12").expect("a date").at(Zone::UTC);
        line
    };
    let mut goodwill = supplied(adjustment("Goodwill", -1500), "a2");
    goodwill.credits_invoice = Some("INV-2020-00001".into());
    let workshop = supplied(adjustment("Onboarding workshop", 12_500), "a1");
    taxed(invoice("EUR", vec![workshop, goodwill]), &[vat("19")])
}

fn ten_rates() -> Vec<TaxTerms> {
    let rate = |number: usize| TaxTerms {
        name: format!("Regional tax {number}").into(),
        note: format!("Note {number}: charged under section {number} of the tax code.").into(),
        ..vat("8.25")
    };
    (1..=10).map(rate).collect()
}

/// Forty subscriptions that changed, of four products.
fn many_changes() -> Invoice {
    const NAMES: [&str; 8] = ["s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"];
    const PRODUCTS: [&str; 2] = ["Private projects", "Seats for members of the editorial team"];
    let mut lines = Vec::new();
    for (place, (subscription, product)) in
        NAMES.into_iter().zip(PRODUCTS.into_iter().cycle()).enumerate()
    {
        let old = u64::try_from(place).expect("small") * 3;
        let change = Change { subscription, product, old, new: old + 4, ..REMOVAL };
        lines.extend(change.lines());
        lines.extend(Change { id: "c2", at: "2020-06-22", old: old + 4, new: 2, ..change }.lines());
    }
    lines.extend(long(20).lines);
    invoice("USD", lines)
}

/// The widest possible values.
fn wide() -> Invoice {
    let name = "Wholesale membership for organisations with several offices";
    let most = 999_999_999_999;
    let mut lines =
        Change { product: name, old: 123_456_789, new: 987_654_321, unit: 1, ..REMOVAL }.lines();
    lines.extend([
        line(NEXT, name, 9_876_543_210, Some("1234567.891234"), most),
        discount(&format!("{name}: {}", "a discount with a long name ".repeat(4)), -most / 7),
        line(NEXT, &format!("{name}, {}", "and so on ".repeat(60)), 1, Some("0.5"), 50),
        adjustment(&"Data migration as agreed upon ".repeat(8), 123_456),
    ]);
    let mut invoice = taxed(invoice("USD", lines), &[vat("19"), vat("7.125"), exempt()]);
    invoice.totals.credit_applied = Amount::from_minor(100_000_000_000);
    invoice.totals.amount_due =
        invoice.totals.total.checked_sub(invoice.totals.credit_applied).expect("a sum");
    invoice.totals.credit_balance = Amount::from_minor(25_000);
    invoice
}

#[path = "law_tests.rs"]
mod law;
#[path = "gallery_tests.rs"]
pub(super) mod tests;
