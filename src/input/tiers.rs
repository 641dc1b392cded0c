//! `price_tiers.csv`: the tiers of each price, ascending to an open last one.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::Tier;
use crate::problem::Problem;
use crate::table::{Column, Index, RejectedIds, Reported, Row, optional, required};

pub(crate) const FILE: &str = "price_tiers.csv";

/// The known columns.
pub(crate) const COLUMNS: [Column; 4] =
    [required("price_id"), required("up_to"), required("unit_amount"), optional("flat_amount")];

/// The tiers of all prices, in file order, each with its line.
#[derive(Debug, Default)]
pub(crate) struct Tiers {
    by_price: BTreeMap<Arc<str>, Vec<(u64, Tier)>>,
    broken: RejectedIds,
}

impl Tiers {
    pub(crate) fn read(&mut self, row: &mut Row<'_>) {
        match row.sound().and_then(|()| row.read(parse)) {
            Ok((price, tier)) => self.by_price.entry(price).or_default().push((row.line, tier)),
            Err(Reported) => self.broken.insert(&row.glimpse("price_id")),
        }
    }

    /// Notes that part of the file could not be read.
    pub(crate) fn set_incomplete(&mut self) {
        self.broken.set_incomplete();
    }

    /// The problems of each price's tiers as a whole; those prices count as reported.
    pub(crate) fn check(&mut self, file: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (price, tiers) in &self.by_price {
            let Some(flaw) = flaw(tiers).filter(|_| !self.broken.explains_absence(price)) else {
                continue;
            };
            self.broken.insert(price);
            problems.push(Problem {
                file: file.to_owned(),
                line: Some(flaw.line),
                column: Some("up_to"),
                value: flaw.up_to.map(|units| units.to_string()),
                rule: flaw.rule,
                hint: flaw.hint.to_owned(),
            });
        }
        problems
    }

    /// The tiers of a price, if it has any.
    pub(crate) fn of(&self, price: &str) -> Result<Option<Vec<Tier>>, Reported> {
        if self.broken.explains_absence(price) {
            return Err(Reported);
        }
        let rows = self.by_price.get(price);
        Ok(rows.map(|rows| rows.iter().map(|(_, tier)| *tier).collect()))
    }

    /// Tiers of unknown prices.
    pub(crate) fn orphans(&self, file: &str, prices: &Index) -> Vec<Problem> {
        let orphan = |(price, rows): (&Arc<str>, &Vec<(u64, Tier)>)| {
            Some(Problem {
                hint: prices.hint_at_unknown(price)?,
                file: file.to_owned(),
                line: rows.first().map(|(line, _)| *line),
                column: Some("price_id"),
                value: Some(price.to_string()),
                rule: "is not in prices.csv".to_owned(),
            })
        };
        self.by_price.iter().filter_map(orphan).collect()
    }
}

fn parse(row: &mut Row<'_>) -> Result<(Arc<str>, Tier), Reported> {
    let price = row.id("price_id");
    let up_to = row.optional("up_to", Row::positive);
    let unit_amount = row.unit_amount("unit_amount");
    let flat_amount = row.optional("flat_amount", Row::unit_amount);
    let tier = Tier {
        up_to: up_to?,
        unit_amount: unit_amount?,
        flat_amount: flat_amount?.unwrap_or_default(),
        line: row.line,
    };
    Ok((price?, tier))
}

/// A point where the tiers of a price leave units without an amount, or with two.
struct TierFlaw {
    line: u64,
    up_to: Option<u64>,
    rule: String,
    hint: &'static str,
}

/// The first flaw in the tiers of one price.
fn flaw(tiers: &[(u64, Tier)]) -> Option<TierFlaw> {
    let steps = tiers.windows(2).find_map(|pair| step_flaw(pair[0], pair[1]));
    steps.or_else(|| end_flaw(*tiers.last()?))
}

fn step_flaw((line, tier): (u64, Tier), (next_line, next): (u64, Tier)) -> Option<TierFlaw> {
    let Some(below) = tier.up_to else {
        return Some(TierFlaw {
            line,
            up_to: None,
            rule: format!("is empty, yet line {next_line} is another tier of the price"),
            hint: "write the last unit of the tier; only a price's last tier is open",
        });
    };
    let last = next.up_to.filter(|last| *last <= below)?;
    Some(TierFlaw {
        line: next_line,
        up_to: Some(last),
        rule: format!("does not rise above the {below} of line {line}"),
        hint: "order the tiers of a price by up_to; each ends higher than the one before",
    })
}

fn end_flaw((line, tier): (u64, Tier)) -> Option<TierFlaw> {
    let last = tier.up_to?;
    Some(TierFlaw {
        line,
        up_to: Some(last),
        rule: "ends the last tier of the price".to_owned(),
        hint: "leave up_to of the last tier empty, so that every quantity has an amount",
    })
}
