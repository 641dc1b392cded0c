//! Discounts, line by line.
//!
//! A discount applies to *invoices*: the first invoice, a number of first invoices, all until a date, or all.
//! It reduces the recurring lines that it covers, and everything prorated in their periods. So a
//! credit returns the price that was really paid. A percentage applies to each line. An amount is
//! split over the recurring lines and over their time. Discounts apply in the order of the file,
//! each to the remaining amount.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rust_decimal::Decimal;

use super::rated::RatedLine;
use crate::model::{
    Discount, DiscountValue, DiscountWording, Excess, Line, LineKind, LineWording, Off,
    PriceBreakdown, Quote,
};
use crate::rating::prorate;
use crate::value::{Amount, Currency, Fraction, Fraction128, Instant, TimeUnit, Zone, apportion};

/// The place of a line of an account: its subscription, and its index there.
type LinePlace = (usize, usize);

/// Applies the discounts of one account to its expected lines. `None` if something does not fit.
pub(crate) fn apply_discounts<'d>(
    subscriptions: &mut [Vec<RatedLine>],
    discounts: impl Iterator<Item = &'d Discount>,
    (account, zone): (usize, Zone),
) -> Option<()> {
    let documents = documents(subscriptions);
    let prorated = prorated(subscriptions);
    for discount in discounts {
        let mut bill = Discounting { discount, account, zone, subscriptions };
        bill.apply(&documents, &prorated)?;
    }
    Some(())
}

/// The lines of each invoice that open a period: recurring lines, or the first charge of a period
/// that began free.
fn documents(subscriptions: &[Vec<RatedLine>]) -> Vec<Vec<LinePlace>> {
    let mut documents: BTreeMap<(Instant, Currency), Vec<LinePlace>> = BTreeMap::new();
    for (place, rated) in places(subscriptions).filter(|(_, rated)| rated.opens) {
        documents.entry((rated.due, rated.line.currency)).or_default().push(place);
    }
    documents.into_values().collect()
}

/// The prorated lines in periods that other lines opened.
fn prorated(subscriptions: &[Vec<RatedLine>]) -> Vec<LinePlace> {
    places(subscriptions).filter(|(_, rated)| !rated.opens).map(|(place, _)| place).collect()
}

fn places(subscriptions: &[Vec<RatedLine>]) -> impl Iterator<Item = (LinePlace, &RatedLine)> {
    let numbered = subscriptions.iter().enumerate();
    numbered.flat_map(|(index, lines)| {
        lines.iter().enumerate().map(move |(line, rated)| ((index, line), rated))
    })
}

/// The application of one discount.
struct Discounting<'a> {
    discount: &'a Discount,
    account: usize,
    zone: Zone,
    subscriptions: &'a mut [Vec<RatedLine>],
}

/// The discount of a period, for the lines prorated in it.
#[derive(Clone, Copy)]
enum Allowance {
    /// The percentage of any amount.
    Percent,
    /// An amount for this share of the period.
    Amount(Amount, Fraction),
}

impl Discounting<'_> {
    fn apply(&mut self, documents: &[Vec<LinePlace>], prorated: &[LinePlace]) -> Option<()> {
        let mut allowances: HashMap<(usize, Instant), Allowance> = HashMap::new();
        let mut uses_left = self.discount.uses();
        for document in documents {
            let eligible: Vec<LinePlace> =
                document.iter().copied().filter(|place| self.is_eligible(*place)).collect();
            if uses_left == Some(0) {
                break;
            }
            // An invoice without any discount, not even a cent, does not count.
            let used = self.use_on(&eligible)?;
            if used.is_empty() {
                continue;
            }
            uses_left = uses_left.map(|left| left - 1);
            for (place, allowance) in used {
                let period_start = self.at(place).line.key.period_start;
                allowances.entry((place.0, period_start)).or_insert(allowance);
            }
        }
        for place in prorated {
            let line = &self.at(*place).line;
            if let Some(allowance) = allowances.get(&(place.0, line.key.period_start)).copied() {
                self.prorate(*place, allowance)?;
            }
        }
        Some(())
    }

    fn at(&self, (subscription, line): LinePlace) -> &RatedLine {
        &self.subscriptions[subscription][line]
    }

    fn is_eligible(&self, place: LinePlace) -> bool {
        let rated = self.at(place);
        self.discount.covers(self.account, &rated.line)
            && self.discount.is_open_at(rated.line.key.period_start, self.zone)
            && rated.left().is_some_and(|left| left > Amount::ZERO)
    }

    /// Discounts the period-opening lines of one invoice.
    fn use_on(&mut self, eligible: &[LinePlace]) -> Option<Vec<(LinePlace, Allowance)>> {
        let DiscountValue::Amount(amount, _) = self.discount.value else {
            let mut allowances = Vec::new();
            let mut takes = false;
            for place in eligible {
                takes |= self.take_percent(*place)?;
                allowances.push((*place, Allowance::Percent));
            }
            return Some(if takes { allowances } else { Vec::new() });
        };
        if eligible.is_empty() {
            return Some(Vec::new());
        }
        let left: Vec<Amount> =
            eligible.iter().map(|place| self.at(*place).left()).collect::<Option<_>>()?;
        let all = Amount::checked_sum(left.iter().copied())?;
        let given = match self.discount.excess {
            Excess::Drop => amount.min(all),
            Excess::Credit => amount,
        };
        let share = |part: &Amount| {
            let product = i128::from(given.minor()).checked_mul(i128::from(part.minor()))?;
            Some(Fraction128::new(product, i128::from(all.minor())))
        };
        let exact: Vec<Fraction128> = left.iter().map(share).collect::<Option<_>>()?;
        let parts = apportion(i128::from(given.minor()), &exact)?;
        let mut allowances = Vec::with_capacity(eligible.len());
        for (place, part) in eligible.iter().zip(parts) {
            let part = Amount::from_minor(i64::try_from(part).ok()?);
            let rated = self.at(*place);
            let breakdown = (given != part).then_some(PriceBreakdown::ShareOf(given));
            let (share, whole) = (rated.line.share, whole(rated.line.share.unit));
            let price = decimal(part, rated.line.currency)?;
            self.take(*place, part, (price, whole), breakdown.unwrap_or_default());
            allowances.push((*place, Allowance::Amount(part, share)));
        }
        Some(allowances)
    }

    /// Takes the percentage off a line. Returns whether it is more than zero.
    fn take_percent(&mut self, place: LinePlace) -> Option<bool> {
        let DiscountValue::Percent(percent) = self.discount.value else { return None };
        let rated = self.at(place);
        let (left, currency) = (rated.left()?, rated.line.currency);
        let price =
            decimal(left, currency)?.checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)?;
        let whole = whole(rated.line.share.unit);
        let amount = prorate(price, whole, currency, rated.rounding)?;
        let breakdown = PriceBreakdown::PercentOf { percent: percent.normalize(), of: left };
        self.take(place, amount, (price, whole), breakdown);
        Some(!amount.is_zero())
    }

    /// Discounts a line that is prorated in a discounted period.
    fn prorate(&mut self, place: LinePlace, allowance: Allowance) -> Option<()> {
        let rated = self.at(place);
        let left = rated.left()?;
        if left.is_zero() || !self.discount.covers(self.account, &rated.line) {
            return Some(());
        }
        let (amount, base) = match allowance {
            Allowance::Percent => return self.take_percent(place).map(|_| ()),
            Allowance::Amount(amount, base) => (amount, base),
        };
        if base.numerator <= 0 {
            return Some(());
        }
        let currency = rated.line.currency;
        // The share relative to the discounted share. After a change of price their units may
        // differ.
        let share = rated.line.share.of(base)?;
        let price = decimal(amount, currency)?;
        let price = if left.is_negative() { -price } else { price };
        let exact = prorate(price, share, currency, rated.rounding)?;
        if exact.minor().unsigned_abs() > left.minor().unsigned_abs() {
            let whole = whole(share.unit);
            self.take(place, left, (decimal(left, currency)?, whole), PriceBreakdown::None);
        } else {
            self.take(place, exact, (price, share), PriceBreakdown::None);
        }
        Some(())
    }

    /// Adds a line that takes `amount` off. Here the price follows from the amount: `amount = price
    /// × share`.
    fn take(
        &mut self,
        (subscription, line): LinePlace,
        amount: Amount,
        (price, share): (Decimal, Fraction),
        breakdown: PriceBreakdown,
    ) {
        if amount.is_zero() {
            return;
        }
        let rated = &mut self.subscriptions[subscription][line];
        let base = &rated.line;
        let mut taken = Line {
            kind: LineKind::Discount,
            wording: Some(Box::new(wording(self.discount, base))),
            quote: Arc::new(Quote {
                quantity: 1,
                unit_amount: None,
                amount: -price,
                breakdown,
                ..(*base.quote).clone()
            }),
            share,
            amount: Amount::from_minor(-amount.minor()),
            ..base.clone()
        };
        taken.key.discount = Some(Arc::clone(&self.discount.id));
        rated.discounts.push(taken);
    }
}

fn whole(unit: TimeUnit) -> Fraction {
    Fraction::new(1, 1, unit)
}

/// The wording of a discount line: the wording of the reduced line, and the discount.
fn wording(discount: &Discount, base: &Line) -> LineWording {
    let off = match discount.value {
        DiscountValue::Percent(percent) => Off::Percent(percent.normalize()),
        DiscountValue::Amount(amount, _) => Off::Amount(amount),
    };
    let discount = Some(Box::new(DiscountWording { name: (*discount.name).into(), off }));
    LineWording { discount, ..base.wording.as_deref().cloned().unwrap_or_default() }
}

/// An amount in major units.
fn decimal(amount: Amount, currency: Currency) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(i128::from(amount.minor()), currency.digits()).ok()
}
