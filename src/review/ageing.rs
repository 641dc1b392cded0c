//! Open receivables by age, and the accounts that owe the most.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use super::{ListedAccount, MOST_LISTED};
use crate::model::{Account, Age, Receivable};
use crate::payments::AccountId;
use crate::value::{Amount, Currency};

/// The open receivables of one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ageing {
    /// One sum for each of [`Age::ALL`].
    pub(crate) by_age: [AgeSum; Age::ALL.len()],
    /// The number of accounts that owe something.
    pub(crate) debtors: u64,
    /// The accounts that owe the most.
    pub(crate) largest: Vec<Debtor>,
}

/// The invoices of one age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AgeSum {
    pub(crate) invoices: u64,
    pub(crate) open: Amount,
}

/// What an account owes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Debtor {
    pub(crate) account: ListedAccount,
    pub(crate) open: Amount,
    /// The part that is past its due date.
    pub(crate) overdue: Amount,
    /// The days since the earliest due date; 0 if nothing is overdue.
    pub(crate) days: i64,
}

impl Ageing {
    /// The open amount. `None` if it does not fit.
    pub(crate) fn open(&self) -> Option<Amount> {
        Amount::checked_sum(self.by_age.iter().map(|sum| sum.open))
    }

    /// Adds the receivables of a shard. `None` if a sum does not fit.
    pub(super) fn add(&mut self, shard: Self) -> Option<()> {
        for (sum, other) in self.by_age.iter_mut().zip(shard.by_age) {
            sum.invoices += other.invoices;
            sum.open = sum.open.checked_add(other.open)?;
        }
        self.debtors += shard.debtors;
        self.largest.extend(shard.largest);
        self.largest.sort_by(|a, b| rank(a).cmp(&rank(b)));
        self.largest.truncate(MOST_LISTED);
        Some(())
    }
}

/// The largest debts come first.
fn rank(debtor: &Debtor) -> (Reverse<Amount>, &str) {
    (Reverse(debtor.open), &debtor.account.id)
}

/// The debts of an account in a currency.
#[derive(Clone, Copy)]
struct Debt {
    /// The index of one of its receivables.
    receivable: usize,
    open: Amount,
    overdue: Amount,
    days: i64,
}

/// The open receivables of each currency. It takes receivables with their debtors; `today` is the
/// date of the close.
///
/// # Errors
/// The currency whose sums do not fit 64 bits.
pub(crate) fn ageing(
    (receivables, debtors): (&[Receivable], &[AccountId]),
    accounts: &[Account],
    today: NaiveDate,
) -> Result<BTreeMap<Currency, Ageing>, Currency> {
    let mut ageing: BTreeMap<Currency, Ageing> = BTreeMap::new();
    let mut debts: HashMap<(Currency, AccountId), Debt> = HashMap::new();
    for (row, (receivable, debtor)) in receivables.iter().zip(debtors).enumerate() {
        let Some(age) = receivable.age(today) else { continue };
        let (open, currency) = (receivable.open(), receivable.currency);
        let sum = &mut ageing.entry(currency).or_default().by_age[age as usize];
        sum.invoices += 1;
        sum.open = sum.open.checked_add(open).ok_or(currency)?;
        let nothing = Debt { receivable: row, open: Amount::ZERO, overdue: Amount::ZERO, days: 0 };
        let debt = debts.entry((currency, *debtor)).or_insert(nothing);
        debt.open = debt.open.checked_add(open).ok_or(currency)?;
        if age != Age::NotDue {
            // It is a part of what is open.
            debt.overdue = debt.overdue.checked_add(open).ok_or(currency)?;
            debt.days = debt.days.max(receivable.days_overdue(today));
        }
    }
    let mut by_currency: BTreeMap<Currency, Vec<(AccountId, Debt)>> = BTreeMap::new();
    for ((currency, debtor), debt) in debts {
        by_currency.entry(currency).or_default().push((debtor, debt));
    }
    for (currency, debts) in by_currency {
        let sums = ageing.get_mut(&currency).expect("a debt is part of a sum");
        sums.debtors = debts.len() as u64;
        sums.largest = largest(debts, receivables, accounts);
    }
    Ok(ageing)
}

fn largest(
    mut debts: Vec<(AccountId, Debt)>,
    receivables: &[Receivable],
    accounts: &[Account],
) -> Vec<Debtor> {
    let rank = |(_, debt): &(AccountId, Debt)| {
        (Reverse(debt.open), &*receivables[debt.receivable].account_id)
    };
    if debts.len() > MOST_LISTED {
        debts.select_nth_unstable_by(MOST_LISTED, |a, b| rank(a).cmp(&rank(b)));
        debts.truncate(MOST_LISTED);
    }
    debts.sort_unstable_by(|a, b| rank(a).cmp(&rank(b)));
    let debtor = |(account, debt): (AccountId, Debt)| Debtor {
        account: ListedAccount {
            id: receivables[debt.receivable].account_id.to_string(),
            // An account removed from accounts.csv may still have debts.
            name: accounts.get(account).map_or(String::new(), |it| it.name.to_string()),
        },
        open: debt.open,
        overdue: debt.overdue,
        days: debt.days,
    };
    debts.into_iter().map(debtor).collect()
}
