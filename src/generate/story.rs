//! Draws the changes of a subscription: quantities, plans, pauses, cancellations and their
//! reversals.
//!
//! Every story is valid in the log. The quantity before each change is known. All changes lie after
//! the start, far enough apart that a bare date is in order in any time zone. A late row never
//! arrives after a row that depends on it.

use super::clock::{Clock, DAY};
use super::company::Company;
use super::plans::PLANS;
use super::random::Random;
use super::subscription::DrawnSubscription;

/// One row of the log.
#[derive(Debug)]
pub(crate) struct DrawnChange {
    /// The time of its arrival in Unix seconds: at once, or days to weeks later.
    pub(crate) arrives_at: i64,
    id: String,
    at: i64,
    clock: Clock,
    what: What,
    previous_quantity: Option<u64>,
    note: &'static str,
}

#[derive(Debug)]
enum What {
    Quantity(u64),
    Delta(i64),
    Price { price_id: String, quantity: Option<u64> },
    Cancel(&'static str),
    Uncancel,
    Pause,
    Resume,
    Anchor(i64),
}

/// The header of `changes.csv`.
pub(crate) const COLUMNS: [&str; 11] = [
    "change_id",
    "at",
    "subscription_id",
    "kind",
    "quantity",
    "delta",
    "price_id",
    "previous_quantity",
    "anchor",
    "policy",
    "note",
];

/// The smallest distance of changes: it covers two midnights and all time zones.
const APART: i64 = 3 * DAY;

/// The longest log.
const MOST_CHANGES: u64 = 60;

const NOTES: [&str; 6] = [
    "seats for the new team",
    "by phone, see ticket \"A-17\"",
    "budget cut, review in spring",
    "asked for by the customer's reseller\nconfirmed by e-mail",
    "サポート経由",
    "l'équipe d'été",
];

impl DrawnSubscription {
    pub(crate) fn draw_changes(&self, company: &Company) -> Vec<DrawnChange> {
        let mut random = self.story.clone();
        let wanted =
            random.tail(MOST_CHANGES) - 1 + u64::from(random.chance(950)) + random.below(2);
        let room = (company.end - self.started_at) / (2 * APART) - 1;
        let count = i64::try_from(wanted).expect("a log is short").min(room);
        let mut teller = Teller {
            subscription: self,
            random,
            plan: self.plan,
            quantity: self.quantity,
            is_paused: false,
            newest_arrival: i64::MIN,
            changes: Vec::new(),
        };
        for place in 0..count {
            // Each change has its own range of time, and keeps its distance to the next.
            let stretch = (company.end - self.started_at - APART) / count;
            let at = self.started_at + APART + place * stretch;
            let at = at + teller.random.between(0, stretch - APART);
            if !teller.tell(at) {
                break;
            }
        }
        teller.changes
    }
}

/// Draws a story change by change.
struct Teller<'a> {
    subscription: &'a DrawnSubscription,
    random: Random,
    plan: usize,
    quantity: u64,
    is_paused: bool,
    /// The time when all rows so far have arrived.
    newest_arrival: i64,
    changes: Vec<DrawnChange>,
}

impl Teller<'_> {
    /// Draws the change at an instant. Returns whether the story continues.
    fn tell(&mut self, at: i64) -> bool {
        if self.is_paused && self.random.chance(800) {
            self.is_paused = false;
            self.push(at, What::Resume);
            return true;
        }
        match self.random.below(100) {
            0..7 if !PLANS[self.plan].switches.is_empty() => self.switch(at),
            7..13 if !self.is_paused => {
                self.is_paused = true;
                self.push(at, What::Pause);
            }
            13..24 => return self.cancel(at),
            24..26 if PLANS[self.plan].has_months() => self.push(at, What::Anchor(at + 40 * DAY)),
            _ if PLANS[self.plan].counts() => self.resize(at),
            _ => {}
        }
        true
    }

    fn switch(&mut self, at: i64) {
        self.plan = *self.random.pick(PLANS[self.plan].switches);
        let plan = &PLANS[self.plan];
        let price_id = plan.price_id(self.subscription.currency);
        let quantity =
            plan.counts().then(|| self.quantity.max(1)).filter(|_| self.random.chance(500));
        self.push(at, What::Price { price_id, quantity });
        self.quantity = quantity.unwrap_or(self.quantity);
    }

    /// Cancels; one of four cancellations is reversed within a day.
    fn cancel(&mut self, at: i64) -> bool {
        if self.random.chance(250) {
            self.push(at, What::Cancel("period_end"));
            let later = at + self.random.between(600, DAY);
            self.push(later, What::Uncancel);
            return true;
        }
        let policy = self.random.word(&["", "", "", "immediate", "immediate_no_credit"]);
        self.push(at, What::Cancel(policy));
        false
    }

    /// Changes the quantity; increases are more frequent.
    fn resize(&mut self, at: i64) {
        let step = 1 + self.random.below(1 + self.quantity / 3);
        let next = if self.random.chance(600) {
            self.quantity + step
        } else {
            self.quantity.saturating_sub(step)
        };
        let delta = next.cast_signed() - self.quantity.cast_signed();
        // A difference to an unknown quantity might give a negative one.
        let is_delta = delta != 0 && self.is_in_order(at) && self.random.chance(150);
        self.push(at, if is_delta { What::Delta(delta) } else { What::Quantity(next) });
        self.quantity = next;
    }

    /// Whether all earlier rows have arrived at an instant.
    fn is_in_order(&self, at: i64) -> bool {
        self.newest_arrival <= at
    }

    fn push(&mut self, at: i64, what: What) {
        let random = &mut self.random;
        let is_date = !matches!(what, What::Uncancel) && random.chance(60);
        let clocks = [Clock::Utc, Clock::Utc, Clock::Office, Clock::Milliseconds];
        // A cancellation with a date and a reversal with a time could be out of order.
        let is_moment = !is_date || matches!(what, What::Cancel("period_end"));
        let clock = if is_moment { *random.pick(&clocks) } else { Clock::Date };
        let delay =
            if random.chance(20) { random.between(DAY, 30 * DAY) } else { random.between(0, 120) };
        let arrives_at = at + delay;
        let note = if random.chance(80) { random.word(&NOTES) } else { "" };
        let knows = matches!(what, What::Quantity(_) | What::Delta(_) | What::Price { .. });
        let previous = knows && random.chance(500);
        let previous_quantity = (previous && self.is_in_order(at)).then_some(self.quantity);
        self.newest_arrival = self.newest_arrival.max(arrives_at);
        let suffix = self.subscription.id.trim_start_matches("sub-");
        let id = format!("chg-{suffix}-{}", self.changes.len() + 1);
        self.changes.push(DrawnChange { arrives_at, id, at, clock, what, previous_quantity, note });
    }
}

impl DrawnChange {
    /// Its row of `changes.csv`.
    pub(crate) fn row(self, subscription: &DrawnSubscription) -> Vec<String> {
        let mut row = vec![String::new(); COLUMNS.len()];
        let (kind, [quantity, delta, price_id, anchor, policy]) = self.what.cells();
        row[0] = self.id;
        row[1] = self.clock.write(self.at);
        row[2].clone_from(&subscription.id);
        kind.clone_into(&mut row[3]);
        [row[4], row[5], row[6], row[8], row[9]] = [quantity, delta, price_id, anchor, policy];
        row[7] = self.previous_quantity.map(|units| units.to_string()).unwrap_or_default();
        self.note.clone_into(&mut row[10]);
        row
    }
}

impl What {
    /// The kind, and the cells for quantity, delta, price, anchor and policy.
    fn cells(self) -> (&'static str, [String; 5]) {
        let mut cells = [const { String::new() }; 5];
        let kind = match self {
            Self::Quantity(total) => {
                cells[0] = total.to_string();
                "quantity"
            }
            Self::Delta(delta) => {
                cells[1] = delta.to_string();
                "quantity"
            }
            Self::Price { price_id, quantity } => {
                cells[0] = quantity.map(|units| units.to_string()).unwrap_or_default();
                cells[2] = price_id;
                "price"
            }
            Self::Cancel(policy) => {
                policy.clone_into(&mut cells[4]);
                "cancel"
            }
            Self::Anchor(anchor) => {
                cells[3] = Clock::Date.write(anchor);
                "anchor"
            }
            Self::Uncancel => "uncancel",
            Self::Pause => "pause",
            Self::Resume => "resume",
        };
        (kind, cells)
    }
}
