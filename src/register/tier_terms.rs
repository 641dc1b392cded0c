//! The billed terms of a tier, as `state/prices.parquet` stores them.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use crate::model::Tier;

/// A tier without its line; trailing zeros of amounts are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StoredTier {
    /// See [`Tier::up_to`].
    pub(crate) up_to: Option<u64>,
    /// See [`Tier::unit_amount`].
    pub(crate) unit_amount: Decimal,
    /// See [`Tier::flat_amount`].
    pub(crate) flat_amount: Decimal,
}

impl StoredTier {
    pub(crate) fn of(tier: &Tier) -> Self {
        let Tier { up_to, unit_amount, flat_amount, line: _ } = *tier;
        let (unit_amount, flat_amount) = (unit_amount.normalize(), flat_amount.normalize());
        Self { up_to, unit_amount, flat_amount }
    }

    /// A tier with these terms, without a line.
    pub(crate) fn tier(&self) -> Tier {
        let Self { up_to, unit_amount, flat_amount } = *self;
        Tier { up_to, unit_amount, flat_amount, line: 0 }
    }

    /// Writes each tier as a line: `100 0.1 5`, or `- 0.02 0` for an open one.
    pub(crate) fn to_text(tiers: &[Self]) -> String {
        tiers.iter().fold(String::new(), |mut text, tier| {
            let up_to = tier.up_to.map_or("-".to_owned(), |last| last.to_string());
            let _ = writeln!(text, "{up_to} {} {}", tier.unit_amount, tier.flat_amount);
            text
        })
    }

    /// Reads what [`StoredTier::to_text`] wrote.
    pub(crate) fn parse(text: &str) -> Option<Vec<Self>> {
        let parse = |line: &str| {
            let [up_to, unit_amount, flat_amount] =
                line.split(' ').collect::<Vec<_>>().try_into().ok()?;
            Some(Self {
                up_to: if up_to == "-" { None } else { Some(up_to.parse().ok()?) },
                unit_amount: unit_amount.parse().ok()?,
                flat_amount: flat_amount.parse().ok()?,
            })
        };
        text.lines().map(parse).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let tier = |up_to, unit: &str, flat: &str| {
            let amount = |text: &str| text.parse().expect("a decimal");
            let (unit_amount, flat_amount) = (amount(unit), amount(flat));
            StoredTier::of(&Tier { up_to, unit_amount, flat_amount, line: 2 })
        };
        let tiers = [tier(Some(100), "0.10", "5.00"), tier(None, "0.0000001", "0")];
        let text = StoredTier::to_text(&tiers);
        assert_eq!(text, "100 0.1 5\n- 0.0000001 0\n");
        assert_eq!(StoredTier::parse(&text), Some(tiers.to_vec()));
        for damaged in ["100 0.1", "x 0.1 5", "100 0.1 5 6", "100 one 5"] {
            assert_eq!(StoredTier::parse(damaged), None, "{damaged}");
        }
    }
}
