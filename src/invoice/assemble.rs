//! One account's documents of a close: its lines grouped by boundary and currency, and summed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::due::{DueError, dues};
use super::settlement::settle;
use super::{TaxTotal, Totals};
use crate::config::Settings;
use crate::model::{Book, Cause, Line, LineKind};
use crate::register::History;
use crate::value::{Amount, Currency, Instant};

/// A document that has everything but its number.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Index of the account.
    pub account: usize,
    /// The currency of every line.
    pub currency: Currency,
    /// The boundary or change it is dated at.
    pub instant: Instant,
    /// In print order.
    pub lines: Vec<Line>,
    /// The tax at each rate.
    pub taxes: Vec<TaxTotal>,
    /// The sums. What credit pays is filled in by [`settle`].
    pub totals: Totals,
    /// The published invoice that it credits, if it is a credit note.
    pub credits_invoice: Option<Arc<str>>,
}

/// A document that is not published, because every line on it is nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// Index of the account.
    pub account: usize,
    /// Its currency.
    pub currency: Currency,
    /// The instant it would have been dated at.
    pub instant: Instant,
}

/// Everything one account gets in a close.
#[derive(Clone, Debug, Default)]
pub struct AccountBill {
    /// Its documents, oldest first.
    pub drafts: Vec<Draft>,
    /// Documents that come to nothing.
    pub suppressed: Vec<Suppressed>,
    /// Credit in each currency afterwards; currencies without credit are left out.
    pub credit: BTreeMap<Currency, Amount>,
    /// Changes without effect: index of the subscription and of the change among its own.
    pub ineffective: Vec<(usize, usize)>,
    /// What cannot be billed.
    pub errors: Vec<BillError>,
}

/// Why an account cannot be billed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BillError {
    /// One of its subscriptions makes no sense.
    Subscription {
        /// Its index.
        index: usize,
        /// Why.
        error: DueError,
    },
    /// Credit on the account does not fit 64 bits.
    Balance {
        /// Index of the account.
        account: usize,
    },
    /// The lines of a document do not add up within 64 bits.
    Total {
        /// Index of the account.
        account: usize,
        /// The document's currency.
        currency: Currency,
    },
}

/// Bills one account up to `through`, when the last close was at `last`.
///
/// `history` tells what the register knows of a subscription, `credit` what the account had.
pub fn bill_account<'h>(
    account: usize,
    book: &Book,
    settings: &Settings,
    history: impl Fn(usize) -> &'h History,
    credit: BTreeMap<Currency, Amount>,
    (last, through): (Option<Instant>, Instant),
) -> AccountBill {
    let mut bill = AccountBill { credit, ..AccountBill::default() };
    let mut documents = Documents::new();
    let mut late: BTreeMap<Currency, Vec<Ranked>> = BTreeMap::new();
    for index in book.subscriptions_of[account].clone() {
        let ledger = book.ledger(index);
        let owed = dues(ledger, &book.prices, settings, history(index), (last, through));
        let owed = match owed {
            Ok(owed) => owed,
            Err(error) => {
                bill.errors.push(BillError::Subscription { index, error });
                continue;
            }
        };
        let rank = (ledger.subscription.price, index);
        for (due, line) in owed.regular {
            documents.entry((due, line.currency)).or_default().push((rank, line));
        }
        for line in owed.late {
            late.entry(line.currency).or_default().push((rank, line));
        }
        bill.ineffective.extend(owed.ineffective.into_iter().map(|change| (index, change)));
    }
    place_late(&mut documents, late, through);
    for ((instant, currency), lines) in documents {
        add_document(&mut bill, settings, (account, currency, instant), lines);
    }
    if settle(&mut bill.drafts, &mut bill.credit).is_none() {
        bill.errors.push(BillError::Balance { account });
    }
    bill
}

/// Where a line stands among those of the same service time: in the order of the price list, then
/// of the subscriptions.
type Ranked = ((usize, usize), Line);

type Documents = BTreeMap<(Instant, Currency), Vec<Ranked>>;

/// Late lines go on the next document in their currency; without one, on their own at the close.
fn place_late(documents: &mut Documents, late: BTreeMap<Currency, Vec<Ranked>>, through: Instant) {
    for (currency, lines) in late {
        let next = documents.keys().find(|(_, other)| *other == currency).copied();
        documents.entry(next.unwrap_or((through, currency))).or_default().extend(lines);
    }
}

fn add_document(
    bill: &mut AccountBill,
    settings: &Settings,
    (account, currency, instant): (usize, Currency, Instant),
    mut ranked: Vec<Ranked>,
) {
    if !settings.publish_zero_amount && ranked.iter().all(|(_, line)| says_nothing(line)) {
        bill.suppressed.push(Suppressed { account, currency, instant });
        return;
    }
    // Stable: the lines of a change, or of a correction, stay together.
    ranked.sort_by_key(|(rank, line)| (line.service_start, *rank));
    let lines: Vec<Line> = ranked.into_iter().map(|(_, line)| line).collect();
    match sum_up(&lines) {
        Some(totals) => bill.drafts.push(Draft {
            account,
            currency,
            instant,
            lines,
            taxes: Vec::new(),
            totals,
            credits_invoice: None,
        }),
        None => bill.errors.push(BillError::Total { account, currency }),
    }
}

/// Whether a line is nothing. A net line is two that are something, even if they cancel out.
fn says_nothing(line: &Line) -> bool {
    line.amount.is_zero() && !matches!(line.key.cause, Cause::Net(_))
}

/// The sums of a document, before credit pays anything.
fn sum_up(lines: &[Line]) -> Option<Totals> {
    let (discounts, others): (Vec<&Line>, Vec<&Line>) =
        lines.iter().partition(|line| line.kind == LineKind::Discount);
    let sum = |lines: Vec<&Line>| Amount::checked_sum(lines.into_iter().map(|line| line.amount));
    let subtotal = sum(others)?;
    let discount = sum(discounts)?.checked_neg()?;
    let total = subtotal.checked_sub(discount)?;
    Some(Totals { subtotal, discount, total, ..Totals::default() })
}
