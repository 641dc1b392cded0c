//! Gives documents the orders of their subscriptions.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{BillingInput, Invoice, Line, OrderNumbers};

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
        let of_account = invoice.account_of(&book.accounts).purchase_order();
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
