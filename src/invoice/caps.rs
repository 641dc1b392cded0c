//! Limits all credits of an invoice to its charges: unused time, adjustments that name it, and
//! corrections.
//!
//! The limits are computed on the expected lines. So they do not depend on the schedule of closes
//! or the order of arrival. An invoice here is everything due at one instant, in one currency, at
//! one tax rate. Its credits are served in the order in which they fall due. An adjustment counts
//! at its `at`, before unused time of the same instant.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rust_decimal::Decimal;

use super::charge_index::ChargeIndex;
use super::due_lines::Expected;
use super::rated::RatedLine;
use crate::model::{
    Adjustment, Cause, Line, LineKey, PriceBreakdown, PriceTerms, Published, TaxTerms,
};
use crate::value::{Amount, Currency, Fraction, Instant, Plain, TimeUnit};

/// An adjustment that credits an invoice.
pub(crate) struct NamedCredit<'a> {
    pub(crate) adjustment: &'a Adjustment,
    pub(crate) number: &'a Arc<str>,
    /// The rate of the credited charge.
    pub(crate) terms: Option<Arc<TaxTerms>>,
}

/// The limited credits.
#[derive(Debug, Default)]
pub(crate) struct Caps {
    /// The credited amount of each named credit, in order; positive.
    pub(crate) credited: Vec<Amount>,
    /// The lines with a limited credit.
    pub(crate) cut: HashMap<LineKey, Cut>,
}

impl Caps {
    /// Credits every named credit in full. `None` if that does not fit 64 bits.
    pub(crate) fn none(named: &[NamedCredit<'_>]) -> Option<Self> {
        let credited = named.iter().map(|it| it.adjustment.amount.checked_neg());
        Some(Self { credited: credited.collect::<Option<_>>()?, cut: HashMap::new() })
    }
}

/// The reduction of a credit line, and the due instant of its charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// The uncredited amount.
    pub(crate) amount: Amount,
    /// The instant of the invoice without a rest.
    pub(crate) charged_at: Instant,
}

/// The charges of one invoice at one rate.
type Pool = (Instant, Currency, Option<Arc<TaxTerms>>);

/// A credit that draws on pools.
struct CapClaim<'a> {
    /// The time of the credit; adjustments come first.
    order: (Instant, bool, Option<&'a LineKey>, Option<&'a Arc<str>>),
    amount: Amount,
    /// The pools to draw on, in order.
    pools: Vec<usize>,
    from: ClaimSource,
}

#[derive(Clone, Copy)]
enum ClaimSource {
    /// A line: its subscription, and its index there.
    Line(usize, usize),
    /// A named credit, by index.
    Named(usize),
}

/// Limits expected credits to the rest of their invoices. `on_invoices` has the lines of the
/// invoices that credits name. `None` if a sum does not fit 64 bits.
pub(crate) fn cap_credits(
    expected: &mut [Expected],
    named: &[NamedCredit<'_>],
    on_invoices: &BTreeMap<String, Vec<Published>>,
) -> Option<Caps> {
    let mut pools = Pools::default();
    pools.charge(expected)?;
    let mut claims = pools.unused(expected)?;
    for (place, credit) in named.iter().enumerate() {
        claims.push(pools.named(place, credit, on_invoices)?);
    }
    claims.sort_by(|a, b| a.order.cmp(&b.order));
    let mut caps = Caps { credited: vec![Amount::ZERO; named.len()], cut: HashMap::new() };
    let mut cuts = Vec::new();
    for claim in &claims {
        let served = pools.serve(claim)?;
        match claim.from {
            ClaimSource::Named(place) => caps.credited[place] = served,
            ClaimSource::Line(subscription, place) if served != claim.amount => {
                let charged_at = pools.due[claim.pools[0]];
                cuts.push(((subscription, place), (served, claim.amount), charged_at));
            }
            ClaimSource::Line(..) => {}
        }
    }
    for ((subscription, place), (served, claimed), charged_at) in cuts {
        let rated = &mut expected[subscription].rated[place];
        let amount = claimed.checked_sub(served)?;
        caps.cut.insert(rated.line.key.clone(), Cut { amount, charged_at });
        cut(rated, amount)?;
    }
    Some(caps)
}

#[derive(Default)]
struct Pools {
    left: Vec<Amount>,
    due: Vec<Instant>,
    by_name: HashMap<Pool, usize>,
    /// The pool of each charge, by subject and by key.
    charges: ChargeIndex<usize>,
    by_key: HashMap<LineKey, usize>,
    /// The pools of charges by adjustments, by invoice and rate.
    adjusted: HashMap<(Arc<str>, Option<Arc<TaxTerms>>), usize>,
}

impl Pools {
    /// Fills the pools with the charges.
    fn charge(&mut self, expected: &[Expected]) -> Option<()> {
        for rated in expected.iter().flat_map(|it| &it.rated).filter(|it| is_charge(&it.line)) {
            let line = &rated.line;
            let pool = self.pool((rated.due, line.currency, line.tax.clone()));
            self.left[pool] = self.left[pool].checked_add(rated.left()?)?;
            self.charges.add(line, pool);
            self.by_key.insert(line.key.clone(), pool);
        }
        Some(())
    }

    fn pool(&mut self, name: Pool) -> usize {
        let due = name.0;
        *self.by_name.entry(name).or_insert_with(|| {
            self.left.push(Amount::ZERO);
            self.due.push(due);
            self.left.len() - 1
        })
    }

    /// The claims of unused time on the invoices of its charges.
    fn unused<'e>(&self, expected: &'e [Expected]) -> Option<Vec<CapClaim<'e>>> {
        let mut claims = Vec::new();
        for (subscription, expected) in expected.iter().enumerate() {
            for (place, rated) in expected.rated.iter().enumerate() {
                let amount = rated.left()?.checked_neg()?;
                let is_credit = matches!(rated.line.key.cause, Cause::Unused(_));
                let pool = self.charges.find(&rated.line).filter(|_| is_credit);
                if let Some(pool) = pool.filter(|_| amount > Amount::ZERO) {
                    claims.push(CapClaim {
                        order: (rated.due, true, Some(&rated.line.key), None),
                        amount,
                        pools: vec![*pool],
                        from: ClaimSource::Line(subscription, place),
                    });
                }
            }
        }
        Some(claims)
    }

    /// The claims of adjustments. One claims the charges on the invoice it names, including charges
    /// by adjustments. Late charges count where they would have been on time.
    fn named<'e>(
        &mut self,
        place: usize,
        credit: &NamedCredit<'e>,
        on_invoices: &BTreeMap<String, Vec<Published>>,
    ) -> Option<CapClaim<'e>> {
        let lines = on_invoices.get(&**credit.number).map_or(&[][..], Vec::as_slice);
        let lines = lines.iter().map(|entry| &entry.line).filter(|line| line.tax == credit.terms);
        let mut pools = Vec::new();
        let mut adjusted = Amount::ZERO;
        for line in lines {
            match &line.key.cause {
                Cause::Adjustment(_) => {
                    adjusted = adjusted.checked_add(line.amount.max(Amount::ZERO))?;
                }
                _ => pools.extend(self.by_key.get(&charged_key(&line.key))),
            }
        }
        pools.sort_by_key(|pool| self.due[*pool]);
        pools.dedup();
        if adjusted > Amount::ZERO {
            // Each invoice has its own pool for these.
            pools.push(self.adjusted_pool(credit, adjusted));
        }
        let adjustment = credit.adjustment;
        Some(CapClaim {
            order: (adjustment.at, false, None, Some(&adjustment.id)),
            amount: adjustment.amount.checked_neg()?,
            pools,
            from: ClaimSource::Named(place),
        })
    }

    /// The pool of charges by adjustments on an invoice at a rate.
    fn adjusted_pool(&mut self, credit: &NamedCredit<'_>, charged: Amount) -> usize {
        // The first credit of the invoice fills it.
        let name = (Arc::clone(credit.number), credit.terms.clone());
        *self.adjusted.entry(name).or_insert_with(|| {
            self.left.push(charged);
            self.due.push(credit.adjustment.at);
            self.left.len() - 1
        })
    }

    /// Serves a claim, and returns the served amount.
    fn serve(&mut self, claim: &CapClaim<'_>) -> Option<Amount> {
        let mut rest = claim.amount;
        for pool in &claim.pools {
            let served = rest.min(self.left[*pool]).max(Amount::ZERO);
            self.left[*pool] = self.left[*pool].checked_sub(served)?;
            rest = rest.checked_sub(served)?;
        }
        claim.amount.checked_sub(rest)
    }
}

/// Whether a line is a charge that can be credited.
fn is_charge(line: &Line) -> bool {
    matches!(line.key.cause, Cause::Period | Cause::Segment(_) | Cause::Remaining(_))
}

/// The key of the charge in a published line. A net line charges the new terms.
fn charged_key(key: &LineKey) -> LineKey {
    let cause = match &key.cause {
        Cause::Net(change) => Cause::Remaining(Arc::clone(change)),
        other => other.clone(),
    };
    LineKey { cause, discount: None, ..key.clone() }
}

/// Reduces a credit, and shows the reduction: "241.89 − 1.94 = 239.95".
fn cut(rated: &mut RatedLine, less: Amount) -> Option<()> {
    let line = &mut rated.line;
    let (came_to, currency) = (line.amount, line.currency);
    line.amount = came_to.checked_add(less)?;
    let decimal = |amount: Amount| {
        Decimal::try_from_i128_with_scale(amount.minor().into(), currency.digits()).ok()
    };
    let (left, full, less) = (decimal(line.amount)?, decimal(came_to)?, decimal(less)?);
    line.share = Fraction::new(1, 1, TimeUnit::Period);
    let quote = line.quote_mut();
    let terms = PriceTerms::Cut { amount: Plain(-full), less: Plain(less) };
    quote.breakdown = PriceBreakdown::Sum { terms, total: Plain(-left) };
    (quote.amount, quote.unit_amount) = (left, None);
    rated.is_capped = true;
    Some(())
}
