//! Compares discounts that had begun, billed adjustments, and used tax rates.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::comparison::{ACCEPT, Verdict, Watcher};
use super::digest::{adjustment_digest, discount_digest, tax_rate_digest, tax_rate_key};
use crate::hash::Digest;
use crate::model::Discount;
use crate::problem::Problem;
use crate::table::display_name;
use crate::value::Instant;

/// The invoice of a credit that comes from `voids.csv`.
fn voided(id: &str) -> Option<&str> {
    id.strip_prefix("void:")?.rsplit_once('/').map(|(number, _)| number)
}

impl Watcher<'_> {
    /// The indexes of discounts that had begun at the last close but were unknown then, and the
    /// problems of known ones.
    pub(super) fn discounts(&self) -> (Vec<usize>, Vec<Problem>) {
        let mut known: BTreeMap<&str, &Digest> =
            self.known.state.discounts.iter().map(|(id, digest)| (id.as_str(), digest)).collect();
        let (mut new, mut problems) = (Vec::new(), Vec::new());
        for (place, discount) in self.known.book.discounts.iter().enumerate() {
            match known.remove(&*discount.id) {
                None if self.had_begun(discount) => new.push(place),
                None => {}
                Some(digest) if *digest == self.discount_digest(discount) => {}
                Some(_) => problems.push(Problem {
                    line: Some(discount.line),
                    rule: "has been billed on and is not what it was".to_owned(),
                    ..self.discount_problem(&discount.id)
                }),
            }
        }
        known.retain(|id, _| !self.known.withheld.discounts.contains(*id));
        problems.extend(known.into_keys().map(|id| Problem {
            rule: "has been billed on and is no longer in the file".to_owned(),
            ..self.discount_problem(id)
        }));
        (new, problems)
    }

    fn had_begun(&self, discount: &Discount) -> bool {
        discount.start(&self.known.book.accounts) <= self.last_of_discount(discount)
    }

    fn discount_digest(&self, discount: &Discount) -> Digest {
        let account = discount.account.map_or("", |account| &self.known.book.accounts[account].id);
        discount_digest(
            discount,
            account,
            (self.last_of_discount(discount), self.known.settings.zone),
        )
    }

    /// The last close that recorded its digest.
    fn last_of_discount(&self, discount: &Discount) -> Instant {
        discount.account.map_or(self.newest, |account| self.last(account))
    }

    fn discount_problem(&self, id: &str) -> Problem {
        Problem {
            file: display_name(self.known.input, "discounts.csv"),
            line: None,
            column: Some("discount_id"),
            value: Some(id.to_owned()),
            rule: String::new(),
            hint: format!(
                "restore the row; to end it, write duration until and an ends_at that lies after \
                 the last close; {ACCEPT}"
            ),
        }
    }

    /// Whether one of some discounts applies to a subscription.
    pub(super) fn concerns(&self, discounts: &[usize], index: usize) -> bool {
        !self.arrived(discounts, index).is_empty()
    }

    /// The ids of the discounts that apply to a subscription.
    pub(super) fn arrived(&self, discounts: &[usize], index: usize) -> BTreeSet<Arc<str>> {
        let subscription = &self.known.book.subscriptions[index];
        let discounts = discounts.iter().map(|place| &self.known.book.discounts[*place]);
        let concerning =
            discounts.filter(|discount| discount.concerns(subscription.account, subscription));
        concerning.map(|discount| Arc::clone(&discount.id)).collect()
    }

    /// Marks further subscriptions of an account as changed. They share a discount or the rest of
    /// an invoice, so a change of one may move the amounts of the others.
    pub(super) fn spread(&self, verdicts: &mut [Verdict]) {
        for (account, range) in self.known.book.subscriptions_of.iter().enumerate() {
            let mut discounts = self.known.book.discounts_for(account);
            let is_shared = discounts.any(|discount| discount.subscription.is_none())
                || self.contested.has(account);
            // A late subscription takes part from its beginning.
            let is_changed = |index: usize| match verdicts[index] {
                Verdict::New => {
                    self.known.book.subscriptions[index].started_at <= self.last(account)
                }
                Verdict::Unchanged => false,
                Verdict::Changed { .. } => true,
            };
            if !is_shared || !range.clone().any(is_changed) {
                continue;
            }
            for verdict in &mut verdicts[range.clone()] {
                if matches!(verdict, Verdict::Unchanged) {
                    *verdict = Verdict::Changed { opening: false };
                }
            }
        }
    }

    /// The problems of billed adjustments.
    pub(super) fn adjustments(&self) -> Vec<Problem> {
        let mut known: BTreeMap<&str, &Digest> =
            self.known.state.adjustments.iter().map(|(id, digest)| (id.as_str(), digest)).collect();
        let problem = |id: &str, line: Option<u64>, rule: &str| match voided(id) {
            None => Problem {
                file: display_name(self.known.input, "adjustments.csv"),
                line,
                column: Some("adjustment_id"),
                value: Some(id.to_owned()),
                rule: rule.to_owned(),
                hint: "restore the row, and add another for the difference".to_owned(),
            },
            Some(number) => Problem {
                file: display_name(self.known.input, "voids.csv"),
                line,
                column: Some("invoice_number"),
                value: Some(number.to_owned()),
                rule: rule.to_owned(),
                hint: "restore the row: its credit note is published".to_owned(),
            },
        };
        let mut problems = Vec::new();
        for adjustment in &self.known.book.adjustments {
            let Some(digest) = known.remove(&*adjustment.id) else { continue };
            let account = &self.known.book.accounts[adjustment.account].id;
            if *digest != adjustment_digest(adjustment, account) {
                let rule = "has been billed and is not what it was";
                problems.push(problem(&adjustment.id, Some(adjustment.line), rule));
            }
        }
        known.retain(|id, _| !self.known.withheld.adjustments.contains(*id));
        let rule = "has been billed and is no longer in the file";
        problems.extend(known.into_keys().map(|id| problem(id, None, rule)));
        problems
    }

    /// The problems of used tax rates.
    pub(super) fn tax_rates(&self) -> Vec<Problem> {
        let date = self.known.settings.zone.date(self.newest);
        let rates = self.known.book.taxes.rates();
        let now: BTreeMap<String, (u64, Digest)> = rates
            .iter()
            .map(|rate| (tax_rate_key(rate), (rate.line, tax_rate_digest(rate, date))))
            .collect();
        let problem = |key: &str, line: Option<u64>, rule: &str| Problem {
            file: display_name(self.known.input, "tax_rates.csv"),
            line,
            column: Some("code"),
            value: Some(key.split(['/', ' ']).next().unwrap_or_default().to_owned()),
            rule: rule.to_owned(),
            hint: "restore the row; a new rate is a row of its own, valid from the day it comes \
                   into force"
                .to_owned(),
        };
        let known = self.known.state.tax_rates.iter();
        known
            .filter_map(|(key, digest)| match now.get(key) {
                None => Some(problem(key, None, "was charged and is no longer in the file")),
                Some((_, same)) if same == digest => None,
                Some((line, _)) => {
                    Some(problem(key, Some(*line), "was charged and is not what it was"))
                }
            })
            .collect()
    }
}
