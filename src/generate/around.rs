//! Draws discounts, one-off charges and credits, payments and changes of an account.
//!
//! Payments name accounts, not invoices, because invoice numbers are unknown before a close.

use super::account::DrawnAccount;
use super::clock::{DAY, date};
use super::company::Company;
use super::currencies::CURRENCIES;
use super::random::{Random, Stream};

/// A row, and the time of its arrival in Unix seconds.
pub(crate) type Arrival = (i64, Vec<String>);

/// The header of `discounts.csv`.
pub(crate) const DISCOUNT_COLUMNS: [&str; 13] = [
    "discount_id",
    "name",
    "account_id",
    "subscription_id",
    "product",
    "percent",
    "amount",
    "currency",
    "starts_at",
    "duration",
    "periods",
    "ends_at",
    "excess",
];

/// The header of `adjustments.csv`.
pub(crate) const ADJUSTMENT_COLUMNS: [&str; 9] = [
    "adjustment_id",
    "account_id",
    "at",
    "currency",
    "amount",
    "description",
    "product",
    "taxable",
    "timing",
];

/// The header of `payments.csv`.
pub(crate) const PAYMENT_COLUMNS: [&str; 6] =
    ["payment_id", "at", "account_id", "amount", "currency", "method"];

/// The header of `account_changes.csv`.
pub(crate) const ACCOUNT_CHANGE_COLUMNS: [&str; 4] = ["account_id", "at", "column", "value"];

const CREDITS: [&str; 3] = ["Goodwill for the outage", "Referral bonus, \"thank you\"", "お詫び"];
const CHARGES: [&str; 3] = ["Onboarding workshop, half a day", "Data migration", "Visite d'équipe"];
const METHODS: [&str; 4] = ["Visa •••• 4242", "bank transfer", "SEPA direct debit", ""];

/// A dollar, in the unit of [`DrawnCurrency::amount`](super::currencies::DrawnCurrency::amount).
const DOLLAR: i64 = 10_000;

impl DrawnAccount {
    /// Its rows of `discounts.csv`.
    pub(crate) fn discount_rows(&self, company: &Company) -> Vec<Arrival> {
        let mut random = self.around(company, 0);
        if !random.chance(30) {
            return Vec::new();
        }
        let at = random.between(self.since, company.end - DAY);
        let currency = &CURRENCIES[self.currency];
        let mut row = vec![String::new(); DISCOUNT_COLUMNS.len()];
        row[0] = format!("dis-{:07}", self.number);
        row[2] = self.id();
        row[8] = date(at);
        match random.below(4) {
            0 => {
                "Partner, 12.5 %".clone_into(&mut row[1]);
                "12.5".clone_into(&mut row[5]);
            }
            1 => {
                "Welcome".clone_into(&mut row[1]);
                row[6] = currency.amount(10 * DOLLAR);
                currency.code.clone_into(&mut row[7]);
                "once".clone_into(&mut row[9]);
                random.word(&["", "drop", "credit"]).clone_into(&mut row[12]);
            }
            2 => {
                "Three invoices at half price".clone_into(&mut row[1]);
                row[3] = format!("sub-{:07}-1", self.number);
                "50".clone_into(&mut row[5]);
                "periods".clone_into(&mut row[9]);
                "3".clone_into(&mut row[10]);
            }
            _ => {
                "Winback".clone_into(&mut row[1]);
                "Seats".clone_into(&mut row[4]);
                "20".clone_into(&mut row[5]);
                "until".clone_into(&mut row[9]);
                row[11] = date(at + 120 * DAY);
            }
        }
        vec![(at, row)]
    }

    /// Its rows of `adjustments.csv`.
    pub(crate) fn adjustment_rows(&self, company: &Company) -> Vec<Arrival> {
        let mut random = self.around(company, 1);
        let count = if random.chance(40) { random.tail(5) } else { 0 };
        (1..=count).map(|place| self.adjustment(company, &mut random, place)).collect()
    }

    fn adjustment(&self, company: &Company, random: &mut Random, place: u64) -> Arrival {
        let at = random.between(self.since, company.end - DAY);
        let currency = &CURRENCIES[self.currency];
        let is_credit = random.chance(500);
        let dollars = if is_credit { -random.between(5, 40) } else { random.between(50, 900) };
        let description = random.word(if is_credit { &CREDITS } else { &CHARGES });
        let row: [&str; _] = [
            &format!("adj-{:07}-{place}", self.number),
            &self.id(),
            &date(at),
            currency.code,
            &currency.amount(dollars * DOLLAR),
            description,
            if random.chance(300) { "Services" } else { "" },
            random.word(&["", "", "true", "false"]),
            random.word(&["", "next_invoice", "immediate"]),
        ];
        (at, row.map(str::to_owned).to_vec())
    }

    /// Its rows of `payments.csv`.
    pub(crate) fn payment_rows(&self, company: &Company) -> Vec<Arrival> {
        let mut random = self.around(company, 2);
        let count = if random.chance(50) { random.tail(12) } else { 0 };
        (1..=count).map(|place| self.payment(company, &mut random, place)).collect()
    }

    fn payment(&self, company: &Company, random: &mut Random, place: u64) -> Arrival {
        let at = random.between(self.since, company.end - DAY);
        let currency = &CURRENCIES[self.currency];
        let row: [&str; _] = [
            &format!("pay-{:07}-{place}", self.number),
            &date(at),
            &self.id(),
            &currency.amount(random.between(1, 30) * 10 * DOLLAR),
            currency.code,
            random.word(&METHODS),
        ];
        (at, row.map(str::to_owned).to_vec())
    }

    /// Its rows of `account_changes.csv`: every fiftieth account changes, and every fourth row is late.
    pub(crate) fn change_rows(self, company: &Company) -> Vec<Arrival> {
        let mut random = self.around(company, 3);
        if !random.chance(20) {
            return Vec::new();
        }
        let (since, number) = (self.since, self.number);
        let row = self.row();
        let [id, name, tax_code] = [0, 1, 12].map(|place| row[place].as_str());
        let code = if tax_code == "exempt" { "" } else { "exempt" };
        let changes = [
            ("name", format!("{name} Group")),
            ("billing_email", format!("payables@customer-{number}.example")),
            ("tax_code", code.to_owned()),
        ];
        let mut rows = Vec::new();
        for (column, value) in changes {
            let at = random.between(since, company.end - DAY);
            let delay = if random.chance(250) { random.between(DAY, 30 * DAY) } else { 0 };
            if random.chance(600) {
                let row = [id.to_owned(), date(at), column.to_owned(), value];
                rows.push((at + delay, row.to_vec()));
            }
        }
        rows
    }

    /// The random stream of one kind of row.
    fn around(&self, company: &Company, thing: u64) -> Random {
        Random::of(company.seed, Stream::Around, (self.number << 2) | thing)
    }
}
