//! Draws the subscriptions of an account, with their terms and start.

use super::account::DrawnAccount;
use super::clock::{Clock, DAY, date};
use super::company::Company;
use super::currencies::{CURRENCIES, DrawnCurrency};
use super::plans::{PLANS, Plan};
use super::random::{Random, Stream};

/// One subscription at its start.
#[derive(Debug)]
pub(crate) struct DrawnSubscription {
    /// Its id in other files.
    pub(crate) id: String,
    /// The index of its plan in [`PLANS`].
    pub(crate) plan: usize,
    /// Its currency.
    pub(crate) currency: &'static DrawnCurrency,
    /// The quantity.
    pub(crate) quantity: u64,
    /// In Unix seconds.
    pub(crate) started_at: i64,
    /// The random stream of its changes.
    pub(crate) story: Random,
    trial_days: Option<i64>,
    anchor: Option<String>,
    clock: Clock,
}

/// The header of `subscriptions.csv`.
pub(crate) const COLUMNS: [&str; 7] =
    ["subscription_id", "account_id", "price_id", "quantity", "started_at", "anchor", "trial_end"];

/// The largest quantity, in multiples of the typical one.
const MOST_TYPICAL: u64 = 60;

impl DrawnAccount {
    pub(crate) fn draw_subscriptions<'a>(
        &'a self,
        company: &'a Company,
    ) -> impl Iterator<Item = DrawnSubscription> + 'a {
        (0..self.subscriptions).map(|place| DrawnSubscription::draw(company, self, place))
    }
}

impl DrawnSubscription {
    fn draw(company: &Company, account: &DrawnAccount, place: u64) -> Self {
        // No account has 2¹⁰ subscriptions, so the numbers are unique.
        let number = (account.number << 10) | place;
        let mut random = Random::of(company.seed, Stream::Subscription, number);
        let plan = draw_plan(&mut random);
        let latest = company.end - DAY;
        let started_at = match place {
            0 => account.since,
            _ if random.chance(500) => (account.since + random.between(0, 7_200)).min(latest),
            _ => random.between(account.since, latest),
        };
        let has_anchor = PLANS[plan].has_months() && random.chance(60);
        Self {
            id: format!("sub-{:07}-{}", account.number, place + 1),
            plan,
            currency: &CURRENCIES[if random.chance(10) { 0 } else { account.currency }],
            quantity: draw_quantity(&mut random, &PLANS[plan]),
            started_at,
            story: Random::of(company.seed, Stream::Story, number),
            trial_days: random.chance(150).then(|| *random.pick(&[7, 14, 14, 30])),
            anchor: has_anchor.then(|| month_end(&mut random, started_at)),
            clock: *random.pick(&[Clock::Utc, Clock::Utc, Clock::Office]),
        }
    }

    /// Its row of `subscriptions.csv`.
    pub(crate) fn row(&self, account: &DrawnAccount) -> Vec<String> {
        let trial_end = self.trial_days.map(|days| self.clock.write(self.started_at + days * DAY));
        vec![
            self.id.clone(),
            account.id(),
            PLANS[self.plan].price_id(self.currency),
            self.quantity.to_string(),
            self.clock.write(self.started_at),
            self.anchor.clone().unwrap_or_default(),
            trial_end.unwrap_or_default(),
        ]
    }
}

fn draw_plan(random: &mut Random) -> usize {
    let mut rest = random.below(1000);
    let fits = |plan: &Plan| match rest.checked_sub(plan.per_mille) {
        None => true,
        Some(less) => {
            rest = less;
            false
        }
    };
    PLANS.iter().position(fits).expect("the shares of all plans add up to 1000")
}

fn draw_quantity(random: &mut Random, plan: &Plan) -> u64 {
    if !plan.counts() {
        return 1;
    }
    let most = plan.typical * random.tail(MOST_TYPICAL);
    1 + random.below(most)
}

/// The last day of a long month in the year of the subscription's start.
fn month_end(random: &mut Random, started_at: i64) -> String {
    let year = &date(started_at)[..4];
    format!("{year}-{}", random.word(&["01-31", "03-31", "01-30", "05-31", "08-31"]))
}
