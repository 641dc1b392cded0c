//! The recurring run rate: what the subscriptions in force at an instant cost in a month, and how it
//! moved from one close to the next.
//!
//! An interval of months is divided by its months; a week counts 52 / 12 times, a day 365 / 12 times
//! a month. The rate of an account in a currency is added up exactly and rounded once, so that all
//! moves add up. It is taken from prices: discounts, taxes and adjustments are not in it. What the
//! last close did not know yet, such as a change that arrived late, counts as a move of this one.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

use super::{Finding, Idle};
use crate::model::{
    BilledLines, BillingInput, Change, History, LastBilled, Length, Price, SubscriptionLog,
};
use crate::timeline::{Stood, SubscriptionStatus, status_at, statuses_at};
use crate::value::{Amount, Currency, Fraction128, Instant, Rounding};

/// What became of an account's run rate in a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MoveKind {
    /// It pays for the first time.
    New,
    /// It pays again.
    Reactivation,
    /// It pays more.
    Expansion,
    /// It pays less.
    Contraction,
    /// It pays nothing any more.
    Churn,
}

impl MoveKind {
    /// All of them, in the order of the bridge.
    pub const ALL: [Self; 5] =
        [Self::New, Self::Reactivation, Self::Expansion, Self::Contraction, Self::Churn];

    /// The word for it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::Reactivation => "Reactivation",
            Self::Expansion => "Expansion",
            Self::Contraction => "Contraction",
            Self::Churn => "Churn",
        }
    }
}

/// An account whose run rate is not what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// Index of the account.
    pub account: usize,
    /// What became of it.
    pub kind: MoveKind,
    /// The rate before, in a month.
    pub before: Amount,
    /// The rate now.
    pub after: Amount,
}

impl Move {
    /// By how much it moved, whichever way.
    pub fn size(&self) -> u64 {
        self.after.minor().abs_diff(self.before.minor())
    }
}

/// From the run rate of the last close to that of this one, in one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bridge {
    /// The rate before.
    pub before: Amount,
    /// The rate now.
    pub after: Amount,
    /// Accounts that pay now.
    pub accounts: u64,
    /// Every account that moved, the largest moves first.
    pub moves: Vec<Move>,
    /// The account that pays or paid most, and that.
    largest: Option<(Amount, Reverse<usize>)>,
}

impl Bridge {
    /// How many accounts moved in a way, and by how much together.
    pub fn sum(&self, kind: MoveKind) -> (usize, Amount) {
        let of = self.moves.iter().filter(|it| it.kind == kind);
        let difference = |it: &Move| it.after.checked_sub(it.before);
        let sum = of.clone().map(difference).try_fold(Amount::ZERO, |sum, it| sum.checked_add(it?));
        // The moves of one kind come to no more than what is paid, before or now.
        (of.count(), sum.expect("a part of sums that fit"))
    }
}

/// What the run rates of a close are asked of.
#[derive(Clone, Copy)]
pub struct RateQuestion<'a> {
    /// The log as it is known now.
    pub book: &'a BillingInput,
    /// What the last close knew of every subscription.
    pub histories: &'a [History],
    /// The instant of the last close and of this one.
    pub span: (Option<Instant>, Instant),
    /// What each account was billed before.
    pub before: &'a [&'a [LastBilled]],
    /// Which accounts get a document.
    pub has_document: &'a [bool],
    /// Which accounts' documents came to nothing and are not published.
    pub came_to_nothing: &'a [bool],
}

/// How the run rate moved in each currency.
pub type Bridges = BTreeMap<Currency, Bridge>;

/// A run rate that does not fit 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateTooLarge {
    /// Index of the account whose rate it is, or that has the largest part of the sum.
    pub account: usize,
    /// The currency of a sum over all accounts; `None` if it is the account's own rate.
    pub sum_in: Option<Currency>,
}

/// The run rates of a close, by currency, and the accounts with active subscriptions that get no
/// document.
#[derive(Clone, Debug, Default)]
pub struct RunRates {
    /// Currencies in which something is paid, or was.
    pub bridges: Bridges,
    /// Accounts without a document, in the order of the book.
    pub idle: Vec<Finding>,
}

/// Works out the run rates of all accounts, side by side.
///
/// # Errors
/// The first rate that does not fit.
pub fn run_rates(question: RateQuestion<'_>) -> Result<RunRates, RateTooLarge> {
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
        // Stable: moves of one size stay in the order of the book.
        bridge.moves.sort_by_key(|it| Reverse(it.size()));
    }
    Ok(rates)
}

/// Accounts whose answers are added up at once: so that few are held.
const CHUNK: usize = 1024;

impl RunRates {
    /// Adds those of the accounts that follow.
    fn follow(&mut self, next: Self) -> Result<(), RateTooLarge> {
        for (currency, bridge) in next.bridges {
            self.bridges.entry(currency).or_default().follow(bridge, currency)?;
        }
        self.idle.extend(next.idle);
        Ok(())
    }
}

/// What one account pays in a month in one currency, before and now, and whether it ever did.
#[derive(Clone, Copy, Default)]
struct RunRate {
    before: Amount,
    after: Amount,
    has_cost: bool,
}

impl Bridge {
    /// Adds what is paid before and now, of which `largest` pays most.
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

    /// Adds that of the accounts that follow.
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
        let RunRate { before, after, has_cost } = rate;
        let most = Some((before.max(after), Reverse(account)));
        self.sum_up((before, after), most, currency)?;
        self.accounts += u64::from(!after.is_zero());
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

/// The rates of an account by currency, and why it gets no document, if it gets none.
type Answer = (Vec<(Currency, RunRate)>, Option<Finding>);

impl RateQuestion<'_> {
    fn accounts(&self, accounts: Range<usize>) -> Result<RunRates, RateTooLarge> {
        let mut rates = RunRates::default();
        for account in accounts {
            // An account whose log contradicts itself is not billed: there is no close then.
            let too_large = RateTooLarge { account, sum_in: None };
            let (paid, idle) = self.account(account).ok_or(too_large)?;
            for (currency, rate) in paid {
                rates.bridges.entry(currency).or_default().add(account, rate, currency)?;
            }
            rates.idle.extend(idle);
        }
        Ok(rates)
    }

    /// `None` if what it pays in a month is beyond computing.
    fn account(&self, account: usize) -> Option<Answer> {
        let Self { book, .. } = *self;
        let (mut before, mut after): (Exact, Exact) = (Vec::new(), Vec::new());
        let mut costly: Vec<Currency> = Vec::new();
        let mut idle: Option<(Idle, usize)> = None;
        let was_billed = || !self.before[account].is_empty();
        for index in book.subscriptions_of[account].clone() {
            let ledger = book.ledger(index);
            let (then, now) = self.stands(index, ledger)?;
            let cost_now = cost(now, &book.prices)?;
            add(&mut after, currency(now, &book.prices), cost_now)?;
            if let Some((then, has_cost)) = then {
                // Most cost what they did.
                let cost =
                    if then.is_billed_as(now) { cost_now } else { cost(then, &book.prices)? };
                let paid_in = currency(then, &book.prices);
                add(&mut before, paid_in, cost)?;
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
        // Who pays for one thing is not idle because another is free.
        let idle = idle.filter(|(why, _)| {
            !is_running || matches!(why, Idle::CameToNothing | Idle::NeverDue(_))
        });
        let finding = idle.map(|(why, index)| why.finding(account, index, book));
        Some((rates(&before, &after, &costly)?, finding))
    }

    /// Where a subscription stood at the last close, as far as that knew, and where it stands now.
    /// `None` if its log contradicts itself.
    fn stands(
        &self,
        index: usize,
        ledger: SubscriptionLog<'_>,
    ) -> Option<(Option<Stood>, SubscriptionStatus)> {
        let (last, through) = self.span;
        let history = &self.histories[index];
        let is_known = matches!(history, History::Unchanged);
        let halfway = last.filter(|_| is_known);
        let (mut then, (now, _)) =
            statuses_at(ledger, &self.book.prices, (halfway, through)).ok()?;
        if let (History::Late(past), Some(last)) = (history, last) {
            then = self.stood(past, ledger, last);
        }
        Some((then, now))
    }

    /// Where a subscription stood that changes arrived late for, before they did.
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
        // A log that was repaired made no sense without the repair.
        then.or_else(|_| status_at(ledger, prices, last)).ok()
    }
}

/// The currency of what a subscription is on.
fn currency(status: SubscriptionStatus, prices: &[Price]) -> Option<Currency> {
    match status {
        SubscriptionStatus::Running { terms, .. } => Some(prices[terms.price].currency),
        SubscriptionStatus::NotBegun | SubscriptionStatus::Trial(_) | SubscriptionStatus::Ended => {
            None
        }
    }
}

/// What a subscription costs in a month. `None` if it is beyond computing.
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

/// Adds what a subscription costs in a month, if it is on anything. `None` if it cannot be added up.
fn add(rates: &mut Exact, currency: Option<Currency>, monthly: Fraction128) -> Option<()> {
    let Some(currency) = currency else { return Some(()) };
    match rates.iter_mut().find(|(other, _)| *other == currency) {
        Some((_, sum)) => *sum = sum.checked_add(monthly)?,
        None => rates.push((currency, monthly)),
    }
    Some(())
}

/// The rates of an account in each currency, rounded: accounts have few.
fn rates(before: &Exact, after: &Exact, costly: &[Currency]) -> Option<Vec<(Currency, RunRate)>> {
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
        rate.has_cost = costly.contains(currency);
    }
    Some(rates)
}

fn rounded(exact: Fraction128) -> Option<Amount> {
    let minor = exact.round(Rounding::HalfUp)?;
    i64::try_from(minor).ok().map(Amount::from_minor)
}

/// What a quantity costs in a month, in minor units. `None` if it is beyond computing.
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
