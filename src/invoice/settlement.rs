//! Who has paid what: credit on the account pays documents, oldest first, and negative totals
//! become credit.

use std::collections::BTreeMap;

use super::{Draft, Totals};
use crate::value::{Amount, Currency};

/// Settles one account's documents in their order, and leaves the credit afterwards in `credit`.
/// `None` if it does not fit 64 bits.
pub fn settle(drafts: &mut [Draft], credit: &mut BTreeMap<Currency, Amount>) -> Option<()> {
    for draft in drafts {
        let balance = credit.entry(draft.currency).or_default();
        draft.totals = pay(draft.totals, *balance)?;
        *balance = draft.totals.credit_balance;
    }
    Some(())
}

/// Credit pays what it can; a negative total becomes credit.
fn pay(totals: Totals, balance: Amount) -> Option<Totals> {
    let total = totals.total;
    let credit_applied = if total.is_negative() { Amount::ZERO } else { total.min(balance) };
    let amount_due = total.max(Amount::ZERO).checked_sub(credit_applied)?;
    let granted = total.min(Amount::ZERO);
    let credit_balance = balance.checked_sub(credit_applied)?.checked_sub(granted)?;
    Some(Totals { credit_applied, amount_due, credit_balance, ..totals })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paid(total: i64, balance: i64) -> (i64, i64, i64) {
        let totals = Totals { total: Amount::from_minor(total), ..Totals::default() };
        let paid = pay(totals, Amount::from_minor(balance)).expect("fits");
        (paid.credit_applied.minor(), paid.amount_due.minor(), paid.credit_balance.minor())
    }

    #[test]
    fn credit_pays_what_it_can() {
        assert_eq!(paid(1549, 47_581), (1549, 0, 46_032));
        assert_eq!(paid(1549, 1000), (1000, 549, 0));
        assert_eq!(paid(1549, 0), (0, 1549, 0));
    }

    #[test]
    fn a_negative_total_becomes_credit_and_asks_for_nothing() {
        assert_eq!(paid(-47_581, 100), (0, 0, 47_681));
    }
}
