//! Finds the charge of a credit: the latest charge with the same terms and period that began before
//! the credited time.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::model::{Cause, CorrectionRole, Line, LineKey, Published, PublishedCharge};
use crate::tax::Bearer;
use crate::value::Instant;

/// The subject of a charge: terms of a subscription in a period, to its end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Subject {
    subscription_id: Arc<str>,
    period_start: Instant,
    end: Instant,
    price_id: Arc<str>,
    quantity: u64,
}

impl Subject {
    /// The subject of a charge.
    fn charged(line: &Line) -> Self {
        Self {
            subscription_id: Arc::clone(&line.key.subscription_id),
            period_start: line.key.period_start,
            end: line.service_end,
            price_id: Arc::clone(&line.quote.price_id),
            quantity: line.quote.quantity,
        }
    }

    /// The subject of a credit. A net line credits the old terms.
    fn credited(line: &Line) -> Self {
        let subject = Self::charged(line);
        match &line.quote.halves {
            Some(halves) => Self {
                price_id: Arc::clone(&halves.old_price),
                quantity: halves.old_quantity,
                ..subject
            },
            None => subject,
        }
    }
}

/// Charges by subject, then by the start of the billed time. `B` is their place.
#[derive(Clone, Debug)]
pub(crate) struct ChargeIndex<B> {
    charges: HashMap<Subject, BTreeMap<Instant, B>>,
}

impl<B> Default for ChargeIndex<B> {
    fn default() -> Self {
        Self { charges: HashMap::new() }
    }
}

impl<B> ChargeIndex<B> {
    /// Adds a line, if it is a charge in advance. Of two with the same start the later one counts.
    pub(crate) fn add(&mut self, line: &Line, bearer: B) {
        if is_charge_in_advance(line) {
            self.insert(Subject::charged(line), line.service_start, bearer);
        }
    }

    /// Finds the charge of a credit.
    pub(crate) fn find(&self, credit: &Line) -> Option<&B> {
        let charges = self.charges.get(&Subject::credited(credit))?;
        charges.range(..=credit.service_start).next_back().map(|(_, bearer)| bearer)
    }

    fn insert(&mut self, subject: Subject, start: Instant, bearer: B) {
        self.charges.entry(subject).or_default().insert(start, bearer);
    }
}

impl ChargeIndex<Bearer> {
    /// Adds the charges of a subscription in the register.
    pub(crate) fn add_charges(&mut self, subscription_id: &Arc<str>, charges: &[PublishedCharge]) {
        for charge in charges.iter().filter(|charge| !charge.invoice_number.is_empty()) {
            let subject = Subject {
                subscription_id: Arc::clone(subscription_id),
                period_start: charge.period_start,
                end: charge.service.1,
                price_id: Arc::clone(&charge.price_id),
                quantity: charge.quantity,
            };
            let (number, line_number) = (Arc::clone(&charge.invoice_number), charge.line_number);
            self.insert(subject, charge.service.0, Bearer { number, line_number });
        }
    }

    /// The same for whole lines.
    pub(crate) fn add_published(&mut self, published: &[Published]) {
        for entry in published.iter().filter(|entry| !entry.invoice_number.is_empty()) {
            self.add(&entry.line, entry.into());
        }
    }
}

impl From<&Published> for Bearer {
    fn from(entry: &Published) -> Self {
        Self { number: Arc::clone(&entry.invoice_number), line_number: entry.line_number }
    }
}

/// Whether a line charges time in advance, which a later line may credit. A net line charges the
/// new terms, even if its amount is negative.
fn is_charge_in_advance(line: &Line) -> bool {
    let LineKey { cause, discount, .. } = &line.key;
    let is_reversal =
        line.correction.as_ref().is_some_and(|it| it.role == CorrectionRole::Reversal);
    discount.is_none()
        && !is_reversal
        && match cause {
            Cause::Period | Cause::Remaining(_) => !line.amount.is_negative(),
            Cause::Net(_) => true,
            Cause::Segment(_) | Cause::Unused(_) | Cause::Adjustment(_) => false,
        }
}
