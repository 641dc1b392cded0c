//! The recurring run rate: the monthly price of all subscriptions in force at an instant, and its
//! moves between two closes.
//!
//! Prices of several months are divided by the months. A month has 52 / 12 weeks or 365 / 12 days.
//! The rate of an account in a currency is exact and rounded once, so that all moves add up. It
//! uses prices only, without discounts, taxes and adjustments. Facts that the last close did not
//! know, such as late changes, count as moves of this close.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Finding, Idle};
use crate::model::{
    BilledLines, BillingInput, Change, History, LastBilled, Length, Price, SubscriptionLog,
    moved_price,
};
use crate::timeline::{Stood, SubscriptionStatus, status_at, statuses_at};
use crate::value::{Amount, Currency, Fraction128, Instant, Rounding};

/// The kind of move of an account's run rate in a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum MoveKind {
    /// It pays for the first time.
    New,
    /// It pays again.
    Reactivation,
    /// A price change for all customers made its price another one.
    PriceChange,
    /// It pays more.
    Expansion,
    /// It pays less.
    Contraction,
    /// It pays nothing any more.
    Churn,
}

impl MoveKind {
    /// All kinds, in the order of the bridge.
    pub(crate) const ALL: [Self; 6] = [
        Self::New,
        Self::Reactivation,
        Self::PriceChange,
        Self::Expansion,
        Self::Contraction,
        Self::Churn,
    ];

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::Reactivation => "Reactivation",
            Self::PriceChange => "Price change",
            Self::Expansion => "Expansion",
            Self::Contraction => "Contraction",
            Self::Churn => "Churn",
        }
    }
}

/// An account whose run rate changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) account: usize,
    pub(crate) kind: MoveKind,
    /// The monthly rate before.
    pub(crate) before: Amount,
    /// The monthly rate now.
    pub(crate) after: Amount,
}

impl Move {
    /// The absolute size of the move.
    pub(crate) fn size(&self) -> u64 {
        self.after.minor().abs_diff(self.before.minor())
    }
}

/// The moves from the last close's run rate to this one's, in one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bridge {
    pub(crate) before: Amount,
    pub(crate) after: Amount,
    /// Accounts that pay now.
    pub(crate) accounts: u64,
    /// Every account that moved, the largest first.
    pub(crate) moves: Vec<Move>,
    /// The largest rate of an account, before or now, and the account.
    largest: Option<(Amount, Reverse<usize>)>,
}

impl Bridge {
    /// The number of accounts with a kind of move, and the sum.
    pub(crate) fn sum(&self, kind: MoveKind) -> (usize, Amount) {
        let of = self.moves.iter().filter(|it| it.kind == kind);
        let difference = |it: &Move| it.after.checked_sub(it.before);
        let sum = of.clone().map(difference).try_fold(Amount::ZERO, |sum, it| sum.checked_add(it?));
        // The moves of one kind never exceed the rate before or now.
        (of.count(), sum.expect("a part of sums that fit"))
    }
}

/// The input for the run rates of a close.
#[derive(Clone, Copy)]
pub(crate) struct RateQuestion<'a> {
    /// The current log.
    pub(crate) book: &'a BillingInput,
    /// The history of every subscription at the last close.
    pub(crate) histories: &'a [History],
    /// The instants of the last close and this one.
    pub(crate) span: (Option<Instant>, Instant),
    /// The last billed totals of each account.
    pub(crate) before: &'a [&'a [LastBilled]],
    /// Accounts of which the last close carried documents. It knew their subscriptions, although it
    /// billed none of them.
    pub(crate) carried_before: &'a BTreeMap<String, Option<i64>>,
    /// Which accounts get an invoice, or have one that waits.
    pub(crate) has_document: &'a [bool],
    /// Which accounts have only unpublished zero invoices.
    pub(crate) came_to_nothing: &'a [bool],
}

/// The moves of each currency.
pub(crate) type Bridges = BTreeMap<Currency, Bridge>;

/// A run rate that does not fit 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RateTooLarge {
    /// Index of the account with this rate, or with the largest part of the sum.
    pub(crate) account: usize,
    /// The currency of a sum over all accounts; `None` if it is the account's own rate.
    pub(crate) sum_in: Option<Currency>,
}

/// The run rates of a close by currency, and the accounts with active subscriptions and no invoice.
#[derive(Clone, Debug, Default)]
pub(crate) struct RunRates {
    /// Only currencies with a rate before or now.
    pub(crate) bridges: Bridges,
    /// Accounts without an invoice, in the order of the input.
    pub(crate) idle: Vec<Finding>,
}

/// Computes the run rates of all accounts in parallel.
///
/// # Errors
/// The first rate that does not fit.
pub(crate) fn run_rates(question: RateQuestion<'_>) -> Result<RunRates, RateTooLarge> {
    let accounts = question.book.accounts.len();
    let chunks: Vec<Result<RunRates, RateTooLarge>> = (0..accounts.div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| question.accounts(chunk * CHUNK..accounts.min((chunk + 1) * CHUNK)))
        .collect();
    let mut rates = RunRates::default();
    for chunk in chunks {
        rates.follow(chunk?)?;
    }
    rates.bridges.retain(|_, bridge| bridge.accounts > 0 || !bridge.before.is_zero());
    for bridge in rates.bridges.values_mut() {
        // The sort is stable, so moves of equal size stay in the order of the input.
        bridge.moves.sort_by_key(|it| Reverse(it.size()));
    }
    Ok(rates)
}

/// The number of accounts in one batch, so that few answers are in memory.
const CHUNK: usize = 1024;

impl RunRates {
    /// Appends the result of the next accounts.
    fn follow(&mut self, next: Self) -> Result<(), RateTooLarge> {
        for (currency, bridge) in next.bridges {
            self.bridges.entry(currency).or_default().follow(bridge, currency)?;
        }
        self.idle.extend(next.idle);
        Ok(())
    }
}

/// The monthly rate of one account in one currency, before and now, and whether it ever paid.
#[derive(Clone, Copy, Default)]
struct RunRate {
    before: Amount,
    after: Amount,
    /// The part of the difference that price changes for all customers made.
    repriced: Amount,
    has_cost: bool,
}

impl Bridge {
    /// Adds the rates before and now. `largest` is the account that pays most of them.
    fn sum_up(
        &mut self,
        (before, after): (Amount, Amount),
        largest: Option<(Amount, Reverse<usize>)>,
        currency: Currency,
    ) -> Result<(), RateTooLarge> {
        self.largest = self.largest.max(largest);
        let sums = self.before.checked_add(before).zip(self.after.checked_add(after));
        let account = self.largest.map_or(0, |(_, Reverse(account))| account);
        let too_large = RateTooLarge { account, sum_in: Some(currency) };
        (self.before, self.after) = sums.ok_or(too_large)?;
        Ok(())
    }

    /// Appends the rates of the next accounts.
    fn follow(&mut self, next: Self, currency: Currency) -> Result<(), RateTooLarge> {
        self.sum_up((next.before, next.after), next.largest, currency)?;
        self.accounts += next.accounts;
        self.moves.extend(next.moves);
        Ok(())
    }

    fn add(
        &mut self,
        account: usize,
        rate: RunRate,
        currency: Currency,
    ) -> Result<(), RateTooLarge> {
        let RunRate { before, after, repriced, has_cost } = rate;
        let most = Some((before.max(after), Reverse(account)));
        self.sum_up((before, after), most, currency)?;
        self.accounts += u64::from(!after.is_zero());
        let goes_on = !before.is_zero() && !after.is_zero() && !repriced.is_zero();
        let before = match before.checked_add(repriced).filter(|_| goes_on) {
            Some(after) => {
                self.moves.push(Move { account, kind: MoveKind::PriceChange, before, after });
                after
            }
            None => before,
        };
        let kind = match (before.is_zero(), after.is_zero()) {
            _ if before == after => return Ok(()),
            (true, _) if has_cost => MoveKind::Reactivation,
            (true, _) => MoveKind::New,
            (_, true) => MoveKind::Churn,
            _ if after > before => MoveKind::Expansion,
            _ => MoveKind::Contraction,
        };
        self.moves.push(Move { account, kind, before, after });
        Ok(())
    }
}

type Exact = Vec<(Currency, Fraction128)>;

/// The rates of an account by currency, and the reason for no invoice, if it gets none.
type Answer = (Vec<(Currency, RunRate)>, Option<Finding>);

impl RateQuestion<'_> {
    fn accounts(&self, accounts: Range<usize>) -> Result<RunRates, RateTooLarge> {
        let mut rates = RunRates::default();
        for account in accounts {
            // An account whose log contradicts itself has stopped the close already.
            let too_large = RateTooLarge { account, sum_in: None };
            let (paid, idle) = self.account(account).ok_or(too_large)?;
            for (currency, rate) in paid {
                rates.bridges.entry(currency).or_default().add(account, rate, currency)?;
            }
            rates.idle.extend(idle);
        }
        Ok(rates)
    }

    /// `None` if its rate cannot be computed.
    fn account(&self, account: usize) -> Option<Answer> {
        let Self { book, .. } = *self;
        let (mut before, mut after): (Exact, Exact) = (Vec::new(), Vec::new());
        let (mut costly, mut repriced): (Vec<Currency>, Exact) = (Vec::new(), Vec::new());
        let mut idle: Option<(Idle, usize)> = None;
        let was_billed = || !self.before[account].is_empty();
        for index in book.subscriptions_of[account].clone() {
            let ledger = book.ledger(index);
            let (then, now) = self.stands(index, ledger)?;
            let cost_now = cost(now, &book.prices)?;
            add(&mut after, currency(now, &book.prices), cost_now)?;
            if let Some((then, has_cost)) = then {
                // Most rates have not changed.
                let cost =
                    if then.is_billed_as(now) { cost_now } else { cost(then, &book.prices)? };
                let paid_in = currency(then, &book.prices);
                add(&mut before, paid_in, cost)?;
                add(&mut repriced, paid_in, self.repriced(index, (then, now), cost_now)?)?;
                let opening = book.prices[ledger.subscription.price].currency;
                costly.extend(has_cost.then_some(paid_in.unwrap_or(opening)));
            }
            if !self.has_document[account]
                && let Some(why) = Idle::of(now, cost_now != Fraction128::ZERO, was_billed)
            {
                idle = Some(idle.map_or((why, index), |known| known.min((why, index))));
            }
        }
        if self.came_to_nothing[account] {
            idle = idle.map(|(_, index)| (Idle::CameToNothing, index));
        }
        let is_running = after.iter().any(|(_, rate)| *rate != Fraction128::ZERO);
        // An account that pays for one subscription is not idle because of a free one.
        let idle = idle.filter(|(why, _)| {
            !is_running || matches!(why, Idle::CameToNothing | Idle::NeverDue(_))
        });
        let finding = idle.map(|(why, index)| why.finding(account, index, book));
        Some((rates((&before, &after), &repriced, &costly)?, finding))
    }

    /// What price changes for all customers add to the monthly rate of a subscription: its units at
    /// the new price less the same units at the old one. `None` if it cannot be computed.
    fn repriced(
        &self,
        index: usize,
        (then, now): (SubscriptionStatus, SubscriptionStatus),
        cost_now: Fraction128,
    ) -> Option<Fraction128> {
        let (
            SubscriptionStatus::Running { terms: old, .. },
            SubscriptionStatus::Running { terms: new, .. },
        ) = (then, now)
        else {
            return Some(Fraction128::ZERO);
        };
        if old.price == new.price || self.book.price_changes.is_empty() {
            return Some(Fraction128::ZERO);
        }
        let zone = self.book.ledger(index).account.zone;
        let list = &self.book.price_changes;
        if moved_price(list, old.price, (zone, self.span.1)) != new.price {
            return Some(Fraction128::ZERO);
        }
        let at_old_price = monthly(&self.book.prices[old.price], new.billed_quantity())?;
        cost_now.checked_add(at_old_price.checked_neg()?)
    }

    /// The status at the last close, as known then, and now. `None` if its log contradicts itself.
    fn stands(
        &self,
        index: usize,
        ledger: SubscriptionLog<'_>,
    ) -> Option<(Option<Stood>, SubscriptionStatus)> {
        let (last, through) = self.span;
        let history = &self.histories[index];
        let is_carried = || self.carried_before.contains_key(&*ledger.account.id);
        let is_known = match history {
            History::Unchanged => true,
            History::New => is_carried(),
            History::Late(_) => false,
        };
        let halfway = last.filter(|_| is_known);
        let (mut then, (now, _)) =
            statuses_at(ledger, &self.book.prices, (halfway, through)).ok()?;
        if let (History::Late(past), Some(last)) = (history, last) {
            then = self.stood(past, ledger, last);
        }
        Some((then, now))
    }

    /// The status at the last close, before late changes arrived.
    fn stood(
        &self,
        past: &BilledLines,
        ledger: SubscriptionLog<'_>,
        last: Instant,
    ) -> Option<Stood> {
        let prices = &self.book.prices;
        let is_known = |change: &&Change| !past.arrived.contains(&change.id);
        let known: Vec<Change> = ledger.changes.iter().filter(is_known).cloned().collect();
        let then = status_at(SubscriptionLog { changes: &known, ..ledger }, prices, last);
        // A repaired log may contradict itself without the repair.
        then.or_else(|_| status_at(ledger, prices, last)).ok()
    }
}

/// The currency of the current price.
fn currency(status: SubscriptionStatus, prices: &[Price]) -> Option<Currency> {
    match status {
        SubscriptionStatus::Running { terms, .. } => Some(prices[terms.price].currency),
        SubscriptionStatus::NotBegun | SubscriptionStatus::Trial(_) | SubscriptionStatus::Ended => {
            None
        }
    }
}

/// The monthly price of a subscription. `None` if it cannot be computed.
fn cost(status: SubscriptionStatus, prices: &[Price]) -> Option<Fraction128> {
    match status {
        SubscriptionStatus::Running { terms, .. } => {
            monthly(&prices[terms.price], terms.billed_quantity())
        }
        SubscriptionStatus::NotBegun | SubscriptionStatus::Trial(_) | SubscriptionStatus::Ended => {
            Some(Fraction128::ZERO)
        }
    }
}

/// Adds the monthly price of a subscription, if it has a currency. `None` if the sum cannot be
/// computed.
fn add(rates: &mut Exact, currency: Option<Currency>, monthly: Fraction128) -> Option<()> {
    let Some(currency) = currency else { return Some(()) };
    match rates.iter_mut().find(|(other, _)| *other == currency) {
        Some((_, sum)) => *sum = sum.checked_add(monthly)?,
        None => rates.push((currency, monthly)),
    }
    Some(())
}

/// The rounded rates of an account by currency. Accounts have few currencies.
fn rates(
    (before, after): (&Exact, &Exact),
    repriced: &Exact,
    costly: &[Currency],
) -> Option<Vec<(Currency, RunRate)>> {
    let mut rates: Vec<(Currency, RunRate)> = Vec::with_capacity(before.len().max(after.len()));
    for (currency, exact) in before {
        rates.push((*currency, RunRate { before: rounded(*exact)?, ..RunRate::default() }));
    }
    for (currency, exact) in after {
        let after = rounded(*exact)?;
        if let Some((_, rate)) = rates.iter_mut().find(|(other, _)| other == currency) {
            rate.after = after;
        } else {
            rates.push((*currency, RunRate { after, ..RunRate::default() }));
        }
    }
    for (currency, rate) in &mut rates {
        if let Some((_, exact)) = repriced.iter().find(|(known, _)| known == currency) {
            rate.repriced = rounded(*exact)?;
        }
        rate.has_cost = costly.contains(currency);
    }
    Some(rates)
}

fn rounded(exact: Fraction128) -> Option<Amount> {
    let minor = exact.round(Rounding::HalfUp)?;
    i64::try_from(minor).ok().map(Amount::from_minor)
}

/// The monthly price of a quantity in minor units. `None` if it cannot be computed.
fn monthly(price: &Price, quantity: u64) -> Option<Fraction128> {
    let amount = price.amount_for(quantity)?.normalize();
    let (times, of): (i64, i64) = match price.interval.length() {
        Length::Months(months) => (1, months),
        Length::Days(days) if days % 7 == 0 => (52, 12 * days / 7),
        Length::Days(days) => (365, 12 * days),
    };
    let minor = 10_i128.pow(price.currency.digits());
    let numerator = amount.mantissa().checked_mul(minor)?.checked_mul(times.into())?;
    let denominator = 10_i128.checked_pow(amount.scale())?.checked_mul(of.into())?;
    Some(Fraction128::new(numerator, denominator))
}

#[cfg(test)]
#[path = "run_rate_tests.rs"]
mod tests;
