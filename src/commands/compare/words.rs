//! Differences for people, as CSV and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::difference::{Cause, Difference, Service};
use crate::commands::list::{ListFormat, csv_text, indented, json_text};
use crate::commands::summary::counted;
use crate::value::{Amount, Currency, Zone};

/// A comparison.
pub(super) struct Comparison {
    /// What the old invoices were compared with, as the sentence names it.
    pub(super) what: String,
    /// How many accounts have documents on either side.
    pub(super) accounts: usize,
    /// How many old invoices were issued before or after the close, and count not.
    pub(super) outside: usize,
    pub(super) differences: Vec<Difference>,
}

/// A row of the list. The fields are the columns.
#[derive(Serialize)]
struct DifferenceRow {
    account_id: String,
    currency: &'static str,
    subscription_id: String,
    difference: &'static str,
    here: String,
    there: String,
    old_invoices: String,
    words: String,
}

const COLUMNS: [&str; 8] = [
    "account_id",
    "currency",
    "subscription_id",
    "difference",
    "here",
    "there",
    "old_invoices",
    "words",
];

impl Comparison {
    /// The comparison in a format.
    pub(super) fn text(&self, format: ListFormat) -> String {
        let rows: Vec<DifferenceRow> = self.differences.iter().map(row).collect();
        match format {
            ListFormat::Csv => csv_text(&COLUMNS, &rows),
            ListFormat::Json => json_text(&rows),
            ListFormat::Table => self.summary(&rows),
        }
    }

    fn summary(&self, rows: &[DifferenceRow]) -> String {
        let mut differing: Vec<&str> = rows.iter().map(|row| row.account_id.as_str()).collect();
        differing.dedup();
        let same = self.accounts - differing.len();
        let mut text = format!(
            "{} compared with {}: {} the same, {} with differences\n",
            counted(self.accounts, "account"),
            self.what,
            same,
            differing.len()
        );
        if self.outside > 0 {
            let _ = writeln!(
                text,
                "{} left out: issued before or after the close",
                counted(self.outside, "old invoice")
            );
        }
        if rows.is_empty() {
            return text;
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for row in rows {
            *counts.entry(row.difference).or_default() += 1;
        }
        text.push('\n');
        for (name, count) in counts {
            let _ = writeln!(text, "  {count} × {name}");
        }
        let mut table =
            vec![["account", "subscription", "", "here", "there", ""].map(str::to_owned).to_vec()];
        table.extend(rows.iter().map(|row| {
            vec![
                row.account_id.clone(),
                row.subscription_id.clone(),
                row.currency.to_owned(),
                row.here.clone(),
                row.there.clone(),
                row.words.clone(),
            ]
        }));
        text + "\n" + &indented(&table, 3..5)
    }
}

fn row(difference: &Difference) -> DifferenceRow {
    let Difference { account, currency, subscription, cause, here, there, invoices } = difference;
    let old = match cause {
        Cause::OtherCurrency(old) => *old,
        _ => *currency,
    };
    DifferenceRow {
        account_id: account.clone(),
        currency: currency.code(),
        subscription_id: subscription.clone(),
        difference: cause.name(),
        here: text_of(*here, *currency),
        there: text_of(*there, old),
        old_invoices: invoices.join(" "),
        words: words(cause, *currency),
    }
}

fn text_of(amount: Option<Amount>, currency: Currency) -> String {
    amount.map(|amount| amount.to_decimal_string(currency)).unwrap_or_default()
}

fn words(cause: &Cause, currency: Currency) -> String {
    match cause {
        Cause::MissingHere => "only the old system billed it".to_owned(),
        Cause::MissingThere => "the old system did not bill it".to_owned(),
        Cause::OtherCurrency(old) => format!("the old system billed in {old}"),
        Cause::OtherTax { here, there } => format!(
            "tax {} instead of {}",
            here.to_decimal_string(currency),
            there.to_decimal_string(currency)
        ),
        Cause::Rounding => "rounded otherwise".to_owned(),
        Cause::OtherQuantity { here, there } => {
            format!("quantity {} instead of {}", list(here), list(there))
        }
        Cause::OtherPeriod { here, there } => {
            format!("period {} instead of {}", services(here), services(there))
        }
        Cause::OtherProration => "parts of a period come to something else".to_owned(),
        Cause::OtherAmount => "another price or discount".to_owned(),
    }
}

fn list(items: &[impl ToString]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn services(periods: &[Service]) -> String {
    let each = periods
        .iter()
        .map(|(start, end)| format!("{}/{}", Zone::UTC.rfc3339(*start), Zone::UTC.rfc3339(*end)));
    each.collect::<Vec<_>>().join(", ")
}
