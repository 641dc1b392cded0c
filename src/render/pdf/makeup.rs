//! The sums that make up an invoice with changes or corrections.

use crate::model::{Cause, Line, Totals};
use crate::wording::changes::Makeup;

/// The parts; `None` if there are fewer than two, or if they overflow.
pub(super) fn makeup(lines: &[Line], totals: &Totals) -> Option<Makeup> {
    if !lines.iter().any(|line| is_change(line) || line.correction.is_some()) {
        return None;
    }
    let tax = totals.tax.checked_sub(totals.tax_included)?;
    let mut parts = Makeup { tax, ..Makeup::default() };
    for line in lines {
        let part = if line.correction.is_some() {
            &mut parts.corrections
        } else if is_change(line) {
            &mut parts.changes
        } else {
            &mut parts.charges
        };
        *part = part.checked_add(line.amount)?;
    }
    let Makeup { charges, changes, corrections, tax } = parts;
    let count = [charges, changes, corrections, tax].into_iter().filter(|part| !part.is_zero());
    (count.count() > 1).then_some(parts)
}

/// Whether it comes from a change inside a period.
fn is_change(line: &Line) -> bool {
    matches!(line.key.cause, Cause::Remaining(_) | Cause::Unused(_) | Cause::Net(_))
}

#[cfg(test)]
mod tests {
    use super::super::specimens::{corrected, kumu, long, taxed, vat};
    use super::*;
    use crate::model::Invoice;
    use crate::value::Amount;

    fn minor(invoice: &Invoice) -> Option<[i64; 4]> {
        let Makeup { charges, changes, corrections, tax } =
            makeup(&invoice.lines, &invoice.totals)?;
        Some([charges, changes, corrections, tax].map(Amount::minor))
    }

    #[test]
    fn the_parts_come_to_the_total() {
        assert_eq!(minor(&kumu()), Some([3000, -995, 0, 0]));
        let invoice = taxed(kumu(), &[vat("20")]);
        assert_eq!(minor(&invoice), Some([3000, -995, 0, 401]));
        let corrected = corrected();
        let parts = minor(&corrected).expect("parts");
        assert_eq!(parts.iter().sum::<i64>(), corrected.totals.total.minor());
        assert_ne!(parts[2], 0);
    }

    #[test]
    fn a_document_without_changes_needs_no_parts() {
        assert_eq!(minor(&long(3)), None);
    }
}
