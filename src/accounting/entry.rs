//! A journal entry: its debits equal its credits.

use std::borrow::Cow;
#[cfg(test)]
use std::collections::BTreeMap;

use chrono::NaiveDate;
use thiserror::Error;

use super::LedgerAccount;
use crate::value::{Amount, Currency};

/// Postings of one day and one currency that sum to zero. It borrows the texts of an invoice,
/// because there are millions of entries and each lives only until it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JournalEntry<'a> {
    /// The id: the number of the invoice, `PAY-…`, `REV-…` or `OPEN-…`.
    pub(crate) id: Cow<'a, str>,
    pub(crate) date: NaiveDate,
    /// The customer, if there is one.
    pub(crate) account_id: Option<Cow<'a, str>>,
    pub(crate) currency: Currency,
    /// A description.
    pub(crate) memo: String,
    /// At least two.
    pub(crate) postings: Vec<Posting<'a>>,
}

/// An amount on one side of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Posting<'a> {
    pub(crate) account: Cow<'a, LedgerAccount>,
    /// A debit if positive, a credit if negative; never zero.
    pub(crate) amount: Amount,
    /// The number of the invoice, if there is one.
    pub(crate) document: Option<Cow<'a, str>>,
    /// The product, for revenue.
    pub(crate) product: Option<Cow<'a, str>>,
    /// The tax code, for tax.
    pub(crate) tax_code: Option<Cow<'a, str>>,
}

/// The reason why entries cannot be booked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum JournalError {
    /// The two sides differ.
    #[error("journal entry {entry}: debits and credits differ by {difference} {currency}")]
    Unbalanced {
        entry: String,
        /// Debits less credits, in major units.
        difference: String,
        currency: Currency,
    },
    /// An amount does not fit.
    #[error("journal entry {entry}: an amount does not fit 64 bits of minor units")]
    TooLarge {
        /// The id of the entry.
        entry: String,
    },
    /// The sum of an account does not fit.
    #[error("{what} in {currency} does not fit 64 bits of minor units")]
    SumTooLarge {
        /// The name of the account.
        what: String,
        currency: Currency,
    },
}

#[cfg(test)]
/// The sums of both sides of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct EntrySums {
    pub(crate) debit: Amount,
    pub(crate) credit: Amount,
}

impl Posting<'_> {
    /// The amount, if it is a debit.
    pub(crate) fn debit(&self) -> Option<Amount> {
        (!self.amount.is_negative()).then_some(self.amount)
    }

    /// The amount, if it is a credit.
    pub(crate) fn credit(&self) -> Option<Amount> {
        self.amount.checked_neg().filter(|_| self.amount.is_negative())
    }
}

impl<'a> JournalEntry<'a> {
    /// Debits an account; a negative amount is a credit. Zero is not posted.
    pub(super) fn debit(
        &mut self,
        account: Cow<'a, LedgerAccount>,
        amount: Amount,
    ) -> Result<Option<&mut Posting<'a>>, JournalError> {
        // The least amount of all has no opposite.
        amount.checked_neg().ok_or_else(|| self.too_large())?;
        if amount.is_zero() {
            return Ok(None);
        }
        self.postings.push(Posting {
            account,
            amount,
            document: None,
            product: None,
            tax_code: None,
        });
        Ok(self.postings.last_mut())
    }

    /// Credits an account; a negative amount is a debit. Zero is not posted.
    pub(super) fn credit(
        &mut self,
        account: Cow<'a, LedgerAccount>,
        amount: Amount,
    ) -> Result<Option<&mut Posting<'a>>, JournalError> {
        let amount = amount.checked_neg().ok_or_else(|| self.too_large())?;
        self.debit(account, amount)
    }

    pub(super) fn too_large(&self) -> JournalError {
        JournalError::TooLarge { entry: self.id.to_string() }
    }
}

/// Checks that the postings of every entry sum to zero.
///
/// # Errors
/// The first entry whose sides differ.
pub(crate) fn balances(entries: &[JournalEntry<'_>]) -> Result<(), JournalError> {
    for entry in entries {
        let amounts = entry.postings.iter().map(|posting| i128::from(posting.amount.minor()));
        let difference: i128 = amounts.sum();
        if difference != 0 {
            return Err(unbalanced(entry, difference));
        }
    }
    Ok(())
}

fn unbalanced(entry: &JournalEntry<'_>, difference: i128) -> JournalError {
    let Ok(minor) = i64::try_from(difference) else { return entry.too_large() };
    JournalError::Unbalanced {
        entry: entry.id.to_string(),
        difference: Amount::from_minor(minor).to_decimal_string(entry.currency),
        currency: entry.currency,
    }
}

#[cfg(test)]
/// The sums of each account, by currency, then number and name. If [`balances`] holds, debits equal
/// credits in each currency.
///
/// # Errors
/// A sum that does not fit.
pub(crate) fn trial_balance(
    entries: &[JournalEntry<'_>],
) -> Result<BTreeMap<(Currency, LedgerAccount), EntrySums>, JournalError> {
    let mut balance: BTreeMap<(Currency, LedgerAccount), EntrySums> = BTreeMap::new();
    for entry in entries {
        for posting in &entry.postings {
            let sums =
                balance.entry((entry.currency, posting.account.clone().into_owned())).or_default();
            *sums = sums.with(posting).ok_or_else(|| JournalError::SumTooLarge {
                what: posting.account.name.to_string(),
                currency: entry.currency,
            })?;
        }
    }
    Ok(balance)
}

#[cfg(test)]
impl EntrySums {
    fn with(self, posting: &Posting<'_>) -> Option<Self> {
        Some(Self {
            debit: self.debit.checked_add(posting.debit().unwrap_or_default())?,
            credit: self.credit.checked_add(posting.credit().unwrap_or_default())?,
        })
    }

    pub(crate) fn balance(self) -> Option<Amount> {
        self.debit.checked_sub(self.credit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(number: &str) -> Cow<'static, LedgerAccount> {
        let name = format!("Account {number}").into();
        Cow::Owned(LedgerAccount { number: number.into(), name })
    }

    fn entry(postings: &[(&str, i64)]) -> JournalEntry<'static> {
        let mut entry = JournalEntry {
            id: "E-1".into(),
            date: "2020-06-27".parse().expect("a date"),
            account_id: None,
            currency: Currency::from_code("KWD").expect("a currency"),
            memo: String::new(),
            postings: Vec::new(),
        };
        for (number, minor) in postings {
            entry.debit(account(number), Amount::from_minor(*minor)).expect("fits");
        }
        entry
    }

    #[test]
    fn an_entry_that_is_a_fils_off_is_found() {
        let even = entry(&[("1", 2005), ("2", -1005), ("3", -1000)]);
        assert_eq!(balances(std::slice::from_ref(&even)), Ok(()));
        let odd = entry(&[("1", 2005), ("2", -1005), ("3", -1001)]);
        let error = balances(&[even, odd]).expect_err("is off");
        assert_eq!(error.to_string(), "journal entry E-1: debits and credits differ by -0.001 KWD");
        // Sums that do not fit do not balance.
        assert!(balances(&[entry(&[("1", i64::MAX), ("2", i64::MAX)])]).is_err());
    }

    #[test]
    fn sides_are_told_by_the_sign_and_nothing_is_not_posted() {
        let entry = entry(&[("1", 5), ("2", 0), ("3", -5)]);
        let sides = entry.postings.iter().map(|it| (it.debit(), it.credit()));
        let five = Some(Amount::from_minor(5));
        assert_eq!(sides.collect::<Vec<_>>(), [(five, None), (None, five)]);
    }

    #[test]
    fn the_least_amount_has_no_other_side() {
        let mut entry = entry(&[]);
        let least = Amount::from_minor(i64::MIN);
        assert!(entry.debit(account("1"), least).is_err());
        assert!(entry.credit(account("1"), least).is_err());
    }

    #[test]
    fn a_trial_balance_keeps_both_sides() {
        let entries = [entry(&[("1", 5), ("2", -5)]), entry(&[("1", -2), ("2", 2)])];
        let balance = trial_balance(&entries).expect("fits");
        let sums: Vec<_> = balance
            .iter()
            .map(|((_, account), sums)| (&*account.number, sums.debit.minor(), sums.credit.minor()))
            .collect();
        assert_eq!(sums, [("1", 5, 2), ("2", 2, 5)]);
        assert!(
            balance.values().all(|sums| sums.balance().is_some_and(|it| it.minor().abs() == 3))
        );
        let full = [entry(&[("1", i64::MAX)]), entry(&[("1", 1)])];
        assert!(trial_balance(&full).is_err());
    }
}
