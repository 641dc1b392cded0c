//! Draws an account and its first day from its number.
//!
//! Accounts arrive in the order of their numbers, more each month: after the share *t* of the time,
//! the share (*t* + *t*²) ÷ 2 of them exists.

use super::clock::DAY;
use super::company::Company;
use super::currencies::place_of;
use super::places::{PLACES, Place};
use super::random::{Random, Stream};

/// One account.
#[derive(Debug)]
pub(crate) struct DrawnAccount {
    /// Its index in the order of arrival.
    pub(crate) number: u64,
    /// Its place.
    pub(crate) place: &'static Place,
    /// The index of its currency in [`super::currencies::CURRENCIES`].
    pub(crate) currency: usize,
    /// Its first instant, in Unix seconds.
    pub(crate) since: i64,
    /// How many subscriptions it takes over time: a long tail.
    pub(crate) subscriptions: u64,
    random: Random,
}

/// The most subscriptions of an account.
const MOST_SUBSCRIPTIONS: u64 = 400;

/// The header of `accounts.csv`.
pub(crate) const COLUMNS: [&str; 13] = [
    "account_id",
    "name",
    "email",
    "billing_email",
    "address_line1",
    "address_line2",
    "city",
    "region",
    "postal_code",
    "country",
    "tax_id",
    "timezone",
    "tax_code",
];

impl DrawnAccount {
    /// Draws the account of a number.
    pub(crate) fn draw(company: &Company, number: u64) -> Self {
        let mut random = Random::of(company.seed, Stream::Account, number);
        let place = random.pick(&PLACES);
        // The time until the next account belongs to this one, so that their order is fixed.
        let (first, next) = (company.share_of_time(number), company.share_of_time(number + 1));
        let since = random.between(first, (next - 1).max(first));
        let more = u64::from(random.chance(330));
        let subscriptions = random.tail(MOST_SUBSCRIPTIONS) + more;
        Self { number, place, currency: place_of(place.currency), since, subscriptions, random }
    }

    /// Its id in other files.
    pub(crate) fn id(&self) -> String {
        format!("acc-{:07}", self.number)
    }

    /// Its row of `accounts.csv`.
    pub(crate) fn row(mut self) -> Vec<String> {
        let random = &mut self.random;
        let [country, region, city, postal_code, street] = self.place.address.map(str::to_owned);
        let name = random.word(self.place.names);
        let number = self.number;
        let email = format!("office@customer-{number}.example");
        let billing_email = if random.chance(300) {
            format!("accounts-payable+{}@customer-{number}.example", random.below(100))
        } else {
            String::new()
        };
        let street = format!("{street} {}", random.between(1, 240));
        let floor =
            random.chance(150).then(|| format!("Floor {}, \"B\" wing", random.between(1, 40)));
        let (tax_id, tax_code) = taxes(random, self.place);
        let timezone = self.place.timezone.to_owned();
        let name = name.to_owned();
        let id = format!("acc-{number:07}");
        let address = [street, floor.unwrap_or_default(), city, region, postal_code, country];
        let mut row = vec![id, name, email, billing_email];
        row.extend(address);
        row.extend([tax_id, timezone, tax_code.to_owned()]);
        row
    }
}

/// A tax number and a tax code, if the account has them.
fn taxes(random: &mut Random, place: &Place) -> (String, &'static str) {
    let digits = random.between(100_000_000, 999_999_999);
    match place.reverse_charge {
        Some(prefix) if random.chance(600) => (registered(prefix, digits), "reverse"),
        _ if random.chance(20) => (String::new(), "exempt"),
        _ if random.chance(20) => (format!("{digits}"), "reduced"),
        _ if random.chance(200) => (format!("{digits}"), ""),
        _ => (String::new(), ""),
    }
}

/// A nine-digit number after a prefix, in the usual form.
fn registered(prefix: &str, digits: i64) -> String {
    match prefix {
        "IE" => format!("{prefix}{}A", digits / 100),
        "ES" => format!("{prefix}B{}", digits / 10),
        "FI" => format!("{prefix}{}", digits / 10),
        "FR" => format!("{prefix}{:02}{digits}", digits % 97),
        "PL" => format!("{prefix}{digits}{}", digits % 10),
        _ => format!("{prefix}{digits}"),
    }
}

impl Company {
    /// The earliest instant of an account.
    fn share_of_time(&self, number: u64) -> i64 {
        // t = (√(1 + 8x) − 1) ÷ 2 for the share x of the accounts, in units of 2⁻²⁶.
        let share = (u128::from(number) << 55) / u128::from(self.accounts);
        let root = ((1 << 52) + u64::try_from(share).expect("a share is at most 1")).isqrt();
        let elapsed = u128::try_from(self.lived_seconds()).expect("time passes");
        let seconds = elapsed * u128::from(root - (1 << 26)) / (1 << 27);
        self.start + i64::try_from(seconds).expect("it lies in the company's time")
    }

    /// The time in which accounts arrive. It ends before the last days, so that each account has
    /// some time.
    fn lived_seconds(&self) -> i64 {
        self.end - self.start - 2 * DAY
    }
}

impl Company {
    /// How many accounts are there: the first ones.
    pub(crate) fn known_accounts(&self) -> u64 {
        let is_known = |number| self.knows(DrawnAccount::draw(self, number).since);
        let (mut known, mut unknown) = (0, self.accounts);
        while known < unknown {
            let middle = known + (unknown - known) / 2;
            if is_known(middle) {
                known = middle + 1;
            } else {
                unknown = middle;
            }
        }
        known
    }
}
