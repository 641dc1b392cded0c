//! The discounts of a close by name.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::model::{Invoice, Line, LineKind};
use crate::value::{Amount, Currency};

/// What a discount took off in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DiscountTotal {
    /// Its name; empty if an old register has none.
    pub(crate) name: String,
    /// The number of lines.
    pub(crate) lines: u64,
    /// The amount taken off: positive, unless credits took more of it back.
    pub(crate) amount: Amount,
}

/// Adds up discounts, invoice by invoice.
#[derive(Default)]
pub(crate) struct DiscountSums<'l> {
    sums: HashMap<(Currency, &'l str), DiscountTotal>,
}

impl<'l> DiscountSums<'l> {
    pub(super) fn add(&mut self, invoice: &'l Invoice) {
        for line in invoice.lines.iter().filter(|line| line.kind == LineKind::Discount) {
            let name = name(line);
            let sum = self.sums.entry((invoice.currency, name)).or_insert_with(|| DiscountTotal {
                name: name.to_owned(),
                lines: 0,
                amount: Amount::ZERO,
            });
            sum.lines += 1;
            // The sum of all lines fits, as proved before. A partial sum can only overflow near 64
            // bits with large credits.
            sum.amount = sum.amount.checked_sub(line.amount).unwrap_or(sum.amount);
        }
    }

    /// The discounts by currency, the largest first.
    pub(super) fn totals(self) -> BTreeMap<Currency, Vec<DiscountTotal>> {
        let mut totals: BTreeMap<Currency, Vec<DiscountTotal>> = BTreeMap::new();
        for ((currency, _), total) in self.sums {
            totals.entry(currency).or_default().push(total);
        }
        for of_currency in totals.values_mut() {
            sort(of_currency);
        }
        totals
    }
}

fn name(line: &Line) -> &str {
    let wording = line.wording.as_ref().and_then(|wording| wording.discount.as_ref());
    wording.map_or("", |discount| &discount.name)
}

impl DiscountTotal {
    /// Adds the totals of a shard. `None` if a sum does not fit.
    pub(super) fn add_all(sums: &mut Vec<Self>, totals: Vec<Self>) -> Option<()> {
        for total in totals {
            match sums.iter_mut().find(|sum| sum.name == total.name) {
                Some(sum) => {
                    sum.lines += total.lines;
                    sum.amount = sum.amount.checked_add(total.amount)?;
                }
                None => sums.push(total),
            }
        }
        sort(sums);
        Some(())
    }
}

fn sort(totals: &mut [DiscountTotal]) {
    totals.sort_by(|a, b| (Reverse(a.amount), &a.name).cmp(&(Reverse(b.amount), &b.name)));
}
