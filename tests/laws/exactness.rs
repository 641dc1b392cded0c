//! Laws 1 and 2: every line is the exact share of its price, rounded once, half away from zero;
//! lines sum to subtotals, totals less credit to amounts due, and the files agree.

use std::collections::BTreeMap;

use proptest::prelude::*;
use prorata::invoice::{Draft, Invoice, assign_numbers};
use prorata::model::{Book, Excess, Line};
use prorata::publish::{ProofError, prove};
use prorata::render::csv::{invoices_csv, lines_csv};

use super::around::discounted;
use super::company::{END, any, bill_whole, settings};

proptest! {
    #![proptest_config(super::cases())]

    #[test]
    fn every_line_is_its_exact_share_rounded_once(
        book in prop_oneof![any(), discounted(any().boxed(), Excess::Drop)],
    ) {
        for line in bill_whole(&book, END).drafts.iter().flat_map(|draft| &draft.lines) {
            prop_assert!(is_rounded_half_up(line), "{line:?}");
            prop_assert!(line.share.numerator >= 0 && line.share.denominator > 0, "{line:?}");
            prop_assert!(line.service_start < line.service_end, "{line:?}");
        }
    }

    #[test]
    fn documents_and_files_add_up(book in any()) {
        let bill = bill_whole(&book, END);
        let closing = bill.credit.clone();
        let invoices = number(bill.drafts, &book);
        let invoices_file = invoices_csv(&invoices, &book.accounts, |_| String::new());
        let lines_file = lines_csv(&invoices, &book.accounts);
        let files = (&invoices_file[..], &lines_file[..]);
        let proof = prove(&invoices, files, &BTreeMap::new(), &closing);
        prop_assert!(proof.is_ok(), "{proof:?}");
    }

    #[test]
    fn a_cent_that_is_off_is_found(book in any(), cents in 1_i64..100) {
        let bill = bill_whole(&book, END);
        let closing = bill.credit.clone();
        let mut invoices = number(bill.drafts, &book);
        prop_assume!(!invoices.is_empty());
        let invoices_file = invoices_csv(&invoices, &book.accounts, |_| String::new());
        let lines_file = lines_csv(&invoices, &book.accounts);
        let wrong = prorata::value::Amount::from_minor(cents);
        invoices[0].totals.subtotal =
            invoices[0].totals.subtotal.checked_add(wrong).expect("fits");
        let proof =
            prove(&invoices, (&invoices_file, &lines_file), &BTreeMap::new(), &closing);
        let found = matches!(proof, Err(ProofError::Document { .. }));
        prop_assert!(found, "{proof:?}");
    }
}

fn number(drafts: Vec<Draft>, book: &Book) -> Vec<Invoice> {
    assign_numbers(drafts, &book.accounts, &settings(), &mut BTreeMap::new())
}

/// Checks `amount` against the exact ratio without dividing: no rounding of the test's own.
fn is_rounded_half_up(line: &Line) -> bool {
    let scale = 10_i128.pow(line.price_amount.scale());
    let minor_units = 10_i128.pow(line.currency.digits());
    let whole = scale * i128::from(line.share.denominator);
    let exact = line.price_amount.mantissa() * i128::from(line.share.numerator) * minor_units;
    let distance = 2 * (i128::from(line.amount.minor()) * whole - exact);
    let away_from_zero = distance.signum() * exact.signum() > 0;
    distance.abs() < whole || (distance.abs() == whole && away_from_zero)
}
