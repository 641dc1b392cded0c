//! The amounts of several taxes on a line.

use crate::value::Amount;

/// The amounts of several taxes, in the order of their components; none for one tax.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct TaxParts(Box<[Amount]>);

impl TaxParts {
    pub(crate) fn new(parts: Vec<Amount>) -> Self {
        Self(parts.into())
    }

    pub(crate) fn amounts(&self) -> &[Amount] {
        &self.0
    }

    /// The sums, part by part. `None` if they do not fit.
    pub(crate) fn plus(&self, other: &[Amount]) -> Option<Self> {
        if other.is_empty() {
            return Some(self.clone());
        }
        let own = self.0.iter().copied().chain(std::iter::repeat(Amount::ZERO));
        let sums = other.iter().zip(own).map(|(more, own)| own.checked_add(*more));
        sums.collect::<Option<_>>().map(Self)
    }

    /// The opposite amounts. `None` if they do not fit.
    pub(crate) fn negated(&self) -> Option<Self> {
        self.0.iter().map(|part| part.checked_neg()).collect::<Option<_>>().map(Self)
    }
}
