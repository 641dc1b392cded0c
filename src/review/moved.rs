//! Finds moved totals, first invoices, credits, zero invoices and unused prices.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::{AccountTotal, Finding, FindingKind, FindingRank};
use crate::config::ReviewSettings;
use crate::hash::Digest;
use crate::model::{Account, DocumentKind, DocumentPlaces, Invoice, LastBilled, Price};
use crate::value::{Amount, Zone};

/// Accounts whose total moved by more than the limit, the largest share first. `before` has the
/// last total of each account.
pub(crate) fn moved_totals(
    totals: &[AccountTotal],
    before: &[&[LastBilled]],
    (invoices, accounts): (&[Invoice], &[Account]),
    (settings, zone): (&ReviewSettings, Zone),
) -> Vec<Finding> {
    let mut moved = Vec::new();
    for (it, within) in totals.iter().zip(0..) {
        let last = before[it.account].iter().find(|last| last.currency == it.currency);
        let Some(last) = last else { continue };
        let difference = i128::from(it.total.minor()) - i128::from(last.total.minor());
        let at_least = i128::from(settings.at_least(it.currency).minor());
        let Some(percent) = percent(difference, last.total) else { continue };
        if difference.abs() < at_least || percent.abs() <= i128::from(settings.moved_by_percent) {
            continue;
        }
        let date = zone.date(last.as_of);
        moved.push(Finding {
            kind: FindingKind::Moved,
            rank: FindingRank {
                size: -percent.abs(),
                place: accounts[it.account].line,
                within,
                ..FindingRank::default()
            },
            account: Some(it.account),
            reference: Arc::clone(&invoices[it.document].number),
            currency: Some(it.currency),
            amount: Some(it.total),
            before: Some(last.total),
            message: match &*all_of(it.documents) {
                "" => movement(percent, last.total, date),
                all => format!("{}; {all}", movement(percent, last.total, date)),
            },
        });
    }
    moved
}

/// Describes the move of a total. A share of a negative total has no clear direction.
fn movement(percent: i128, before: Amount, date: NaiveDate) -> String {
    match percent {
        _ if before.is_negative() => format!("was a credit on {date}"),
        i128::MAX => format!("came to nothing on {date}"),
        0.. => format!("up {percent}% since {date}"),
        _ => format!("down {}% since {date}", -percent),
    }
}

/// Marks a total of several invoices.
fn all_of(documents: usize) -> String {
    if documents > 1 { format!("{documents} documents") } else { String::new() }
}

/// A difference as a percentage of the total before, cut off to a whole number. From zero it
/// exceeds every limit. `None` if both are zero.
fn percent(difference: i128, before: Amount) -> Option<i128> {
    match before.minor() {
        0 if difference == 0 => None,
        0 => Some(i128::MAX),
        before => Some(difference * 100 / i128::from(before).abs()),
    }
}

/// Accounts with their first invoice, the largest total first.
pub(crate) fn first_documents(
    totals: &[AccountTotal],
    before: &[&[LastBilled]],
    (invoices, accounts): (&[Invoice], &[Account]),
) -> Vec<Finding> {
    let first = totals.iter().filter(|it| before[it.account].is_empty());
    let finding = |it: &AccountTotal| Finding {
        kind: FindingKind::First,
        rank: FindingRank {
            currency: FindingRank::letters(it.currency),
            size: -i128::from(it.total.minor()),
            place: accounts[it.account].line,
            within: 0,
        },
        account: Some(it.account),
        reference: Arc::clone(&invoices[it.document].number),
        currency: Some(it.currency),
        amount: Some(it.total),
        before: None,
        message: all_of(it.documents),
    };
    first.map(finding).collect()
}

/// Documents that grant credit, the largest first, and invoices with a zero total.
pub(crate) fn negative_and_zero(invoices: &[Invoice], places: &DocumentPlaces) -> Vec<Finding> {
    let found = invoices.iter().enumerate();
    let found = found.filter(|(_, invoice)| invoice.totals.total <= Amount::ZERO);
    let finding = |(index, invoice): (usize, &Invoice)| Finding {
        rank: FindingRank {
            currency: FindingRank::letters(invoice.currency),
            size: invoice.totals.total.minor().into(),
            place: places.of(index),
            within: 0,
        },
        kind: if invoice.totals.total.is_zero() {
            FindingKind::Zero
        } else {
            FindingKind::Negative
        },
        account: Some(invoice.account),
        reference: Arc::clone(&invoice.number),
        currency: Some(invoice.currency),
        amount: Some(invoice.totals.total),
        before: None,
        message: match (&invoice.credits_invoice, invoice.kind) {
            (Some(number), _) => format!("credits {number}"),
            (None, DocumentKind::Invoice) => String::new(),
            (None, _) => "becomes credit on the account".to_owned(),
        },
    };
    found.map(finding).collect()
}

/// Prices that no subscription was ever on, by id. `used` has the others.
pub(crate) fn unused_prices(prices: &[Price], used: &BTreeMap<String, Digest>) -> Vec<Finding> {
    let mut unused: Vec<&Price> =
        prices.iter().filter(|price| !used.contains_key(&*price.id)).collect();
    unused.sort_by(|a, b| a.id.cmp(&b.id));
    let finding = |(place, price): (u64, &Price)| Finding {
        kind: FindingKind::UnusedPrice,
        rank: FindingRank { place, ..FindingRank::default() },
        account: None,
        reference: Arc::clone(&price.id),
        currency: Some(price.currency),
        amount: None,
        before: None,
        message: format!("{}, by the {}", price.product, price.interval),
    };
    (0..).zip(unused).map(finding).collect()
}
