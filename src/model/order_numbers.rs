//! The order numbers of a document whose subscriptions have orders of their own.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::{BillingInput, DocumentView, Invoice, Line};

/// The order of a document, and those of the lines that belong to another one. A document without one
/// of these has the order of its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OrderNumbers {
    /// The order that all lines share, or that of the account; may be empty.
    whole: Box<str>,
    /// The other orders, by subscription.
    others: BTreeMap<Arc<str>, Box<str>>,
}

impl OrderNumbers {
    /// The order of a subscription, if it is not that of the document.
    pub(crate) fn other(&self, subscription_id: &str) -> Option<&str> {
        self.others.get(subscription_id).map(|order| &**order)
    }
}

/// Gives each document the orders of its subscriptions.
pub(crate) fn name_orders<'a>(
    book: &BillingInput,
    invoices: impl IntoIterator<Item = &'a mut Invoice>,
) {
    let named = book.subscriptions.iter();
    let named: HashMap<&str, &str> =
        named.filter_map(|it| Some((&*it.id, it.purchase_order.as_deref()?))).collect();
    if named.is_empty() {
        return;
    }
    for invoice in invoices {
        let of_account = book.accounts[invoice.account].purchase_order();
        invoice.orders = orders(&invoice.lines, of_account, &named).map(Box::new);
    }
}

/// The orders of some lines; `None` if no subscription on them has one.
fn orders(lines: &[Line], of_account: &str, named: &HashMap<&str, &str>) -> Option<OrderNumbers> {
    let own = |line: &Line| named.get(&*line.key.subscription_id).copied();
    let first = lines.iter().find_map(own)?;
    let is_shared = lines.iter().all(|line| own(line).unwrap_or(of_account) == first);
    let whole = if is_shared { first } else { of_account };
    let other = |line: &Line| {
        let order = own(line).filter(|order| *order != whole)?;
        Some((Arc::clone(&line.key.subscription_id), Box::from(order)))
    };
    Some(OrderNumbers { whole: whole.into(), others: lines.iter().filter_map(other).collect() })
}

impl<'a> DocumentView<'a> {
    /// The order number of the document; empty if it has none.
    pub(crate) fn purchase_order(&self) -> &'a str {
        self.orders.map_or_else(|| self.account.purchase_order(), |orders| &orders.whole)
    }

    /// The order number of a line, if it is not that of the document; else empty.
    pub(crate) fn other_order(&self, line: &Line) -> &'a str {
        self.orders.and_then(|orders| orders.other(&line.key.subscription_id)).unwrap_or_default()
    }
}
