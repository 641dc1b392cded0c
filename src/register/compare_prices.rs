//! Finds rows of `prices.csv` and `price_tiers.csv` that changed after they were billed.

use super::comparison::{ACCEPT, Watcher};
use super::digest::price_digest;
use super::tier_terms::StoredTier;
use crate::model::{Price, Scheme, Tier};
use crate::problem::Problem;
use crate::table::display_name;

impl Watcher<'_> {
    /// The problems of a price that changed after it was billed.
    pub(super) fn edited_price(&self, price: usize) -> Vec<Problem> {
        let price = &self.known.book.prices[price];
        let was = self.known.state.price_tiers.get(&*price.id).map_or(&[][..], Vec::as_slice);
        let now: Vec<StoredTier> = price.tiers().iter().map(StoredTier::of).collect();
        // If either side has no tiers, the row of the price is at fault.
        if was.is_empty() || now.is_empty() || was == now {
            return vec![self.edited_row(price)];
        }
        let mut problems = self.edited_tiers(price, was);
        if self.known.state.prices.get(&*price.id) != Some(&price_digest(&with_tiers(price, was))) {
            problems.push(self.edited_row(price));
        }
        problems
    }

    fn edited_row(&self, price: &Price) -> Problem {
        Problem {
            file: display_name(self.known.input, "prices.csv"),
            line: Some(price.line),
            column: Some("price_id"),
            value: Some(price.id.to_string()),
            rule: "has been billed on and is not what it was".to_owned(),
            hint: format!(
                "restore it (or proration and periods in billing.toml) and give the new price an id of its \
                 own; {ACCEPT}"
            ),
        }
    }

    fn edited_tiers(&self, price: &Price, was: &[StoredTier]) -> Vec<Problem> {
        let now = price.tiers();
        if was.len() == now.len() {
            let pairs = now.iter().zip(was);
            return pairs.flat_map(|(now, was)| self.edited_tier(price, now, was)).collect();
        }
        let differs = now.iter().zip(was).find(|(now, was)| StoredTier::of(now) != **was);
        // The last tier is open, so lists of different length differ in some tier.
        let tier = differs.map_or(&now[0], |(tier, _)| tier);
        let rule = format!(
            "of price {} is not the tier that was billed on: there were {} tiers, and are {}",
            price.id,
            was.len(),
            now.len()
        );
        vec![self.tier_problem(tier, ("up_to", up_to_text(tier.up_to)), rule)]
    }

    /// The problems of a changed tier.
    fn edited_tier(&self, price: &Price, tier: &Tier, was: &StoredTier) -> Vec<Problem> {
        let now = StoredTier::of(tier);
        let cells = [
            ("up_to", up_to_text(now.up_to), up_to_text(was.up_to)),
            ("unit_amount", now.unit_amount.to_string(), was.unit_amount.to_string()),
            ("flat_amount", now.flat_amount.to_string(), was.flat_amount.to_string()),
        ];
        let edited = cells.into_iter().filter(|(_, now, was)| now != was);
        let problem = |(column, now, was): (&'static str, String, String)| {
            let was = if was.is_empty() { "empty" } else { &was };
            let rule = format!("of price {} was {was} when it was billed on", price.id);
            self.tier_problem(tier, (column, now), rule)
        };
        edited.map(problem).collect()
    }

    fn tier_problem(
        &self,
        tier: &Tier,
        (column, value): (&'static str, String),
        rule: String,
    ) -> Problem {
        Problem {
            file: display_name(self.known.input, "price_tiers.csv"),
            line: Some(tier.line),
            column: Some(column),
            value: Some(value),
            rule,
            hint: format!("restore it and give the new price an id of its own; {ACCEPT}"),
        }
    }
}

fn up_to_text(up_to: Option<u64>) -> String {
    up_to.map_or_else(String::new, |last| last.to_string())
}

fn with_tiers(price: &Price, tiers: &[StoredTier]) -> Price {
    let tiers = tiers.iter().map(StoredTier::tier).collect();
    let scheme = match price.scheme {
        Scheme::Volume(_) => Scheme::Volume(tiers),
        _ => Scheme::Graduated(tiers),
    };
    Price { scheme, ..price.clone() }
}
