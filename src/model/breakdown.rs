//! The calculation of a price, as data. [`wording`](crate::wording) turns it into a sum that
//! customers can read.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Price, Scheme, Tier};
use crate::value::{Amount, Plain, as_text};

/// The calculation of a price.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PriceBreakdown {
    /// No calculation.
    #[default]
    None,
    /// Terms and their total: `3 × 20.00 = 60.00`.
    Sum {
        /// The terms.
        terms: PriceTerms,
        /// The total.
        total: Plain,
    },
    /// New terms less old ones.
    Difference(Box<[PriceBreakdown; 2]>),
    /// A percentage of an amount in the currency of the line.
    PercentOf {
        /// The rate, without zeros at the end.
        #[serde(with = "as_text")]
        percent: Decimal,
        /// The amount.
        of: Amount,
    },
    /// A share of an amount in the currency of the line.
    ShareOf(Amount),
    /// A sum of an old register that cannot be parsed.
    Written {
        /// The terms.
        terms: Box<str>,
        /// The total, if the text has one.
        total: Option<Box<str>>,
    },
}

/// The terms of a price.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PriceTerms {
    /// One amount, whatever the quantity.
    Flat(Plain),
    /// Units at a price each.
    Units(UnitTerms),
    /// Units with a price each. Some of them are free.
    WithFree {
        /// The units.
        quantity: u64,
        /// The free units.
        free: u64,
        /// The price of each other unit.
        unit_amount: Plain,
    },
    /// Whole packages.
    Packages {
        /// The number of packages.
        count: u64,
        /// The units in each.
        size: u64,
        /// The price of each.
        amount: Plain,
    },
    /// Tiers: the units in each, and its flat amount.
    Tiers(Vec<TierTerms>),
    /// A credit larger than the rest of its invoice.
    Cut {
        /// The whole credit.
        amount: Plain,
        /// The part that is not credited.
        less: Plain,
    },
}

/// Units at a price each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct UnitTerms {
    /// The units.
    pub(crate) quantity: u64,
    /// The price of each.
    pub(crate) unit_amount: Plain,
}

/// The price of a tier: units, a flat amount, or both. Free parts are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct TierTerms {
    /// The units, unless they are free.
    pub(crate) units: Option<UnitTerms>,
    /// The flat amount, unless it is zero and there are units.
    pub(crate) flat_amount: Option<Plain>,
}

impl PriceBreakdown {
    /// One amount that needs no sum.
    pub(crate) fn flat(amount: Decimal) -> Self {
        Self::Sum { terms: PriceTerms::Flat(Plain(amount)), total: Plain(amount) }
    }

    /// Whether there is no calculation: one amount, or none.
    pub(crate) fn is_bare(&self) -> bool {
        match self {
            Self::None => true,
            Self::Sum { terms, total } => terms.alone() == Some(*total),
            Self::Difference(_) | Self::PercentOf { .. } | Self::ShareOf(_) => false,
            Self::Written { terms, total } => total.is_none() && !terms.contains(' '),
        }
    }
}

impl PriceTerms {
    /// The only amount, if there is just one.
    pub(crate) fn alone(&self) -> Option<Plain> {
        let of_units = |it: &UnitTerms| (it.quantity == 1).then_some(it.unit_amount);
        match self {
            Self::Flat(amount) => Some(*amount),
            Self::Units(units) => of_units(units),
            Self::Tiers(tiers) => match tiers[..] {
                [TierTerms { units: None, flat_amount }] => flat_amount,
                [TierTerms { units: Some(units), flat_amount: None }] => of_units(&units),
                _ => None,
            },
            Self::WithFree { .. } | Self::Packages { .. } | Self::Cut { .. } => None,
        }
    }
}

impl Price {
    /// The calculation of the price of a quantity.
    pub(crate) fn breakdown(&self, quantity: u64) -> PriceBreakdown {
        match self.amount_for(quantity) {
            Some(total) => PriceBreakdown::Sum { terms: self.terms(quantity), total: Plain(total) },
            None => PriceBreakdown::None,
        }
    }

    fn terms(&self, quantity: u64) -> PriceTerms {
        let unit_amount = Plain(self.unit_amount);
        match &self.scheme {
            Scheme::PerUnit if self.free_quantity == 0 => {
                PriceTerms::Units(UnitTerms { quantity, unit_amount })
            }
            Scheme::PerUnit => {
                PriceTerms::WithFree { quantity, free: self.free_quantity, unit_amount }
            }
            Scheme::Flat => PriceTerms::Flat(unit_amount),
            Scheme::Package { size } => PriceTerms::Packages {
                count: self.charged(quantity).div_ceil(*size),
                size: *size,
                amount: unit_amount,
            },
            Scheme::Volume(tiers) => {
                let tier = tiers.iter().find(|tier| tier.up_to.is_none_or(|last| quantity <= last));
                PriceTerms::Tiers(tier.map(|tier| tier.terms(quantity)).into_iter().collect())
            }
            Scheme::Graduated(tiers) => PriceTerms::Tiers(graduated(tiers, quantity)),
        }
    }
}

impl Tier {
    fn terms(&self, quantity: u64) -> TierTerms {
        let units = UnitTerms { quantity, unit_amount: Plain(self.unit_amount) };
        let units = Some(units).filter(|_| !self.unit_amount.is_zero());
        let is_shown = units.is_none() || !self.flat_amount.is_zero();
        TierTerms { units, flat_amount: is_shown.then_some(Plain(self.flat_amount)) }
    }
}

fn graduated(tiers: &[Tier], quantity: u64) -> Vec<TierTerms> {
    let mut below = 0;
    let mut terms = Vec::new();
    for tier in tiers {
        if quantity <= below {
            break;
        }
        let last = tier.up_to.map_or(quantity, |last| last.min(quantity));
        terms.push(tier.terms(last - below));
        below = last;
    }
    terms
}
