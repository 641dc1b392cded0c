//! Which rates are distinguished, and which are merged.

use super::super::specimens::{exempt, inclusive, kumu, reverse_charge, taxed, vat};
use super::*;
use crate::model::{Invoice, TaxComponent};

/// The invoice with these rates, and the words in its table.
fn words(terms: &[TaxTerms]) -> (Invoice, Vec<String>) {
    let invoice = taxed(kumu(), terms);
    let rates = Rates::new(&invoice.lines, Locale::default());
    let words = invoice.lines.iter().map(|line| rates.word(line).to_owned()).collect();
    (invoice, words)
}

fn named(name: &str, percent: &str) -> TaxTerms {
    TaxTerms { name: name.into(), code: name.into(), ..vat(percent) }
}

#[test]
fn one_rate_needs_no_word() {
    assert_eq!(words(&[vat("19")]).1, [""; 6]);
    assert_eq!(words(&[]).1, [""; 6]);
}

#[test]
fn a_line_without_tax_is_told_from_one_with() {
    let mut invoice = taxed(kumu(), &[vat("19")]);
    invoice.lines[0].tax = None;
    let rates = Rates::new(&invoice.lines, Locale::default());
    assert_eq!([rates.word(&invoice.lines[0]), rates.word(&invoice.lines[1])], ["–", "19%"]);
}

#[test]
fn rates_are_told_apart_by_percentage() {
    let words = words(&[vat("19"), vat("5.50"), reverse_charge(), exempt()]).1;
    assert_eq!(words, ["19%", "5.5%", "Reverse", "Exempt", "19%", "5.5%"]);
}

#[test]
fn then_by_whether_prices_hold_them() {
    assert_eq!(words(&[vat("19"), inclusive("19")]).1[..2], ["19%", "19% incl."]);
    assert_eq!(words(&[inclusive("7"), inclusive("19")]).1[..2], ["7%", "19%"]);
}

#[test]
fn then_by_name() {
    let words = words(&[named("GST", "5"), named("PST", "5"), vat("9")]).1;
    assert_eq!(words[..3], ["GST 5%", "PST 5%", "9%"]);
}

#[test]
fn then_by_number_in_table_and_sums() {
    let terms = [vat("9"), named("Sales and use tax", "5"), named("County tax", "5")];
    let (invoice, words) = words(&terms);
    assert_eq!(words[..3], ["9%", "5% (2)", "5% (3)"]);
    let labels: Vec<_> = rate_sums(&invoice.lines, &invoice.taxes, Locale::default())
        .iter()
        .map(|sum| sum.label(invoice.currency, Locale::default()))
        .collect();
    assert_eq!(
        labels,
        [
            "VAT 9% on 0.00",
            "Sales and use tax 5% (2) on \u{2212}4.93",
            "County tax 5% (3) on 24.98"
        ]
    );
}

#[test]
fn rates_that_read_the_same_are_one() {
    let goods = TaxTerms { code: "goods".into(), ..vat("19") };
    let (invoice, words) = words(&[goods, vat("19.0")]);
    assert_eq!(words, [""; 6]);
    assert_eq!(invoice.taxes.len(), 2);
    let sums = rate_sums(&invoice.lines, &invoice.taxes, Locale::default());
    assert_eq!(
        (sums.len(), &*sums[0].label(invoice.currency, Locale::default())),
        (1, "VAT 19% on 20.05")
    );
    assert_eq!(sums[0].tax, Amount::from_minor(381));
}

#[test]
fn notes_are_said_once() {
    let same = TaxTerms { note: " Art. 44 ".into(), ..vat("1") };
    let other = TaxTerms { note: "Art. 44".into(), ..vat("2") };
    assert_eq!(
        notes(&taxed(kumu(), &[same, other, vat("3")]).taxes, Locale::default().texts()),
        ["Art. 44"]
    );
}

#[test]
fn reverse_charge_is_said_even_without_a_note() {
    let bare = TaxTerms { note: "".into(), ..reverse_charge() };
    assert_eq!(
        notes(&taxed(kumu(), &[bare]).taxes, Locale::default().texts()),
        ["Reverse charge: the customer accounts for the tax."]
    );
    assert!(
        notes(
            &taxed(kumu(), &[TaxTerms { note: "".into(), ..exempt() }]).taxes,
            Locale::default().texts()
        )
        .is_empty()
    );
}

#[test]
fn several_taxes_on_a_line_are_said_in_their_order() {
    let component = |terms: TaxTerms| TaxComponent {
        effective: terms.percent,
        terms: std::sync::Arc::new(terms),
    };
    let components = [named("GST", "5"), named("QST", "9.975")].map(component);
    let both = TaxTerms { components: components.into(), ..named("GST + QST", "14.975") };
    assert_eq!(words(&[both, vat("9")]).1[..2], ["5% + 9.975%", "9%"]);
}
