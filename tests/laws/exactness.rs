//! Laws 1 and 2: every line is the exact share of its price, rounded once, half away from zero;
//! lines sum to subtotals, totals less credit to amounts due, and the files agree.

use std::collections::BTreeMap;

use proptest::prelude::*;
use prorata::invoice::{Credit, Invoice, Settlement, payment_sums};
use prorata::model::{Book, Excess, Line};
use prorata::publish::{Proof, ProofError, prove};
use prorata::render::csv::{invoices_csv, lines_csv, payments_applied_csv, receivables_csv};
use prorata::value::{Amount, Zone};

use super::around::discounted;
use super::company::{END, any, bill_whole, credit, settled};

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
        let (invoices, settlement) = settled(&book, bill_whole(&book, END).drafts, Credit::new());
        let proof = proof(&book, &invoices, &invoices, &settlement);
        prop_assert!(proof.is_ok(), "{proof:?}");
    }

    #[test]
    fn a_cent_that_is_off_is_found(book in any(), cents in 1_i64..100) {
        let (invoices, settlement) = settled(&book, bill_whole(&book, END).drafts, Credit::new());
        prop_assume!(!invoices.is_empty());
        let mut wrong = invoices.clone();
        let subtotal = &mut wrong[0].totals.subtotal;
        *subtotal = subtotal.checked_add(Amount::from_minor(cents)).expect("fits");
        let proof = proof(&book, &wrong, &invoices, &settlement);
        let found = matches!(proof, Err(ProofError::Document { .. }));
        prop_assert!(found, "{proof:?}");
    }
}

/// Proves documents against the files of what was published.
fn proof(
    book: &Book,
    invoices: &[Invoice],
    published: &[Invoice],
    settlement: &Settlement,
) -> Result<Proof, ProofError> {
    let none = BTreeMap::new();
    let receivables = &settlement.standing.receivables;
    let sums = payment_sums(&none, &[], receivables).expect("fits");
    let invoices_file = invoices_csv(published, &book.accounts, |_| String::new());
    let lines_file = lines_csv(published, &book.accounts);
    let payments_file = payments_applied_csv(&[], &book.accounts);
    let receivables_file = receivables_csv(receivables, &book.accounts, Zone::UTC.date(END));
    prove(
        invoices,
        (&invoices_file, &lines_file),
        &none,
        &credit(settlement),
        (&sums, &payments_file, &receivables_file),
    )
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
