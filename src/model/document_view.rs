//! A document as its writers get it: tables, PDF and e-invoices show these values, and none computes
//! an amount.

use chrono::NaiveDate;

use super::{Account, DocumentKind, Invoice, Line, OrderNumbers, Related, TaxTotal, Totals};
use crate::value::{Currency, Instant};

/// A document with its account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DocumentView<'a> {
    /// The number; empty before it has one.
    pub(crate) number: &'a str,
    pub(crate) kind: DocumentKind,
    pub(crate) account: &'a Account,
    /// The currency of every amount.
    pub(crate) currency: Currency,
    pub(crate) issue_date: NaiveDate,
    /// The last day to pay; `None` if nothing is to be paid.
    pub(crate) due_date: Option<NaiveDate>,
    /// In print order.
    pub(crate) lines: &'a [Line],
    /// The sums at each rate.
    pub(crate) taxes: &'a [TaxTotal],
    pub(crate) totals: &'a Totals,
    /// The invoice that a credit note credits.
    pub(crate) credits_invoice: Option<&'a str>,
    /// Documents that share a change with it.
    pub(crate) related: Option<&'a Related>,
    /// Its orders, if subscriptions on it have their own.
    pub(crate) orders: Option<&'a OrderNumbers>,
}

impl Invoice {
    /// The account as it was when the document was made.
    pub(crate) fn account_of<'a>(&self, accounts: &'a [Account]) -> &'a Account {
        accounts[self.account].at(self.instant)
    }

    /// The view of its writers.
    pub(crate) fn view<'a>(&'a self, account: &'a Account) -> DocumentView<'a> {
        DocumentView {
            number: &self.number,
            kind: self.kind,
            account,
            currency: self.currency,
            issue_date: self.issue_date,
            due_date: (self.kind == DocumentKind::Invoice).then_some(self.due_date),
            lines: &self.lines,
            taxes: &self.taxes,
            totals: &self.totals,
            credits_invoice: self.credits_invoice.as_deref(),
            related: self.related.as_deref(),
            orders: self.orders.as_deref(),
        }
    }
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

    /// The first and the last day of a line in the calendar of the account.
    pub(crate) fn days_of(&self, line: &Line) -> (NaiveDate, NaiveDate) {
        let zone = self.account.zone;
        let first = zone.date(line.service_start);
        let last = Instant::from_unix_seconds(line.service_end.unix_seconds() - 1);
        (first, zone.date(last).max(first))
    }

    /// The invoices that it credits or corrects, each once, in the order of the lines.
    pub(crate) fn concerns(&self) -> Vec<&'a str> {
        let of_line = |line: &'a Line| {
            let corrected = line.correction.as_ref().map(|it| &*it.invoice_number);
            line.credits_invoice.as_deref().or(corrected)
        };
        let named = self.credits_invoice.into_iter().chain(self.lines.iter().filter_map(of_line));
        let mut numbers: Vec<&str> = Vec::new();
        for number in named.filter(|number| !number.is_empty() && *number != self.number) {
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        numbers
    }
}
