//! A close of invented accounts, written whole or in shards.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Days;
use rust_decimal::Decimal;

use super::*;
use crate::accounting::tests::{account, date, line, tax};
use crate::hash::Digest;
use crate::ids::ById;
use crate::model::{
    BillingInput, Cause, Correction, CorrectionRole, LastBilled, Line, LineWording, Payment,
    PaymentKind, PriceBreakdown, Reason, Receivable, Shard, TaxBehavior, TaxComponent, TaxFacts,
    TaxHistory, TaxParts, TaxTerms,
};
use crate::publish::Staging;
use crate::register::{
    AppliedChange, CREDITS_FILE, DOCUMENTS_FILE, LAST_BILLED_FILE, LINES_FILE, LOG_FILE,
    PAYMENTS_FILE, PublishedRef, RECEIVABLES_FILE, RatePart, State, StoredTier, SubscriptionState,
    last_bills_to_parquet, lines_to_parquet, log_to_parquet, parts_to_parquet, payments_to_parquet,
    receivables_to_parquet, state_files,
};
use crate::tax::Taxpayers;
use crate::value::{Amount, Currency, Instant};

/// Numbers that look random, from a seed and a few coordinates.
fn dice(seed: u64, at: &[u64]) -> u64 {
    at.iter().fold(seed, |state, part| {
        let mixed = (state ^ part.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_add(0x1234_5678);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed ^ (mixed >> 27)
    })
}

pub(super) fn minor(of: u64) -> Amount {
    Amount::from_minor(i64::try_from(of % 9000).expect("small") - 700)
}

pub(super) fn seconds(of: u64) -> Instant {
    Instant::from_unix_seconds(1_600_000_000 + i64::try_from(of % 80_000_000).expect("small"))
}

pub(super) fn currency(of: u64) -> Currency {
    Currency::from_code(["EUR", "JPY", "USD"][usize::try_from(of % 3).expect("small")])
        .expect("a currency")
}

pub(super) fn digest(of: u64) -> Digest {
    Digest::of(&of.to_le_bytes())
}

/// A close of invented accounts. Everything about an account follows from the seed, so any shard of
/// it can be made alone.
pub(super) struct Company {
    seed: u64,
    accounts: Vec<String>,
    /// For each document, in order: its account and its number.
    documents: Vec<(usize, String)>,
}

impl Company {
    pub(super) fn of(seed: u64, accounts: usize) -> Self {
        let mut ids: Vec<String> =
            (0..accounts).map(|it| format!("{}ü{it}", dice(seed, &[it as u64]) % 1000)).collect();
        ids.sort();
        let mut documents: Vec<(u64, usize)> = (0..accounts)
            .flat_map(|account| {
                let of = move |document| dice(seed, &[1, account as u64, document]);
                (0..of(9) % 4).map(move |document| (of(document), account))
            })
            .collect();
        documents.sort_unstable();
        let number = |(place, (dice, account)): (usize, (u64, usize))| {
            (account, format!("{}-{place}", if dice.is_multiple_of(5) { "CN" } else { "INV" }))
        };
        let documents = documents.into_iter().enumerate().map(number).collect();
        Self { seed, accounts: ids, documents }
    }

    fn dice(&self, at: &[u64]) -> u64 {
        dice(self.seed, at)
    }

    /// The accounts of a shard, in order.
    fn accounts(&self, shard: Shard) -> impl Iterator<Item = (u64, &str)> {
        let accounts = (0..).zip(&self.accounts).map(|(place, id)| (place, &**id));
        accounts.filter(move |(_, id)| shard.has(id))
    }

    /// The documents of a shard: place, account and number.
    fn documents(&self, shard: Shard) -> Vec<(u64, &str, &str)> {
        let documents = (0..).zip(&self.documents);
        let documents = documents
            .map(|(place, (account, number))| (place, &*self.accounts[*account], &**number));
        documents.filter(|(_, account, _)| shard.has(account)).collect()
    }

    /// Writes all state files. `shards` are those that use prices here.
    pub(super) fn write(&self, shard: Shard, shards: &[Shard], staging: &mut Staging) {
        let documents = self.documents(shard);
        let mut put = |path: &str, bytes: Vec<u8>| staging.write(path, &bytes).expect("writes");
        let order: Vec<(u64, &str)> =
            documents.iter().map(|(place, _, number)| (*place, *number)).collect();
        put(ORDER_FILE, order_to_parquet(&order).expect("encodes"));
        put(LINES_FILE, self.lines(&documents));
        self.write_parts(&documents, &mut put);
        let receivables: Vec<Receivable> =
            documents.iter().map(|document| self.receivable(document)).collect();
        put(RECEIVABLES_FILE, receivables_to_parquet(&receivables).expect("encodes"));
        put(LOG_FILE, log_to_parquet(&self.changes(shard)).expect("encodes"));
        let payments: Vec<Payment> =
            documents.iter().map(|document| self.payment(document)).collect();
        let book = BillingInput { accounts: vec![account()], ..BillingInput::default() };
        let payments: Vec<&Payment> = payments.iter().collect();
        put(PAYMENTS_FILE, payments_to_parquet(&payments, &book).expect("encodes"));
        let bills: Vec<(&str, LastBilled)> = self
            .accounts(shard)
            .flat_map(|(account, id)| {
                let mut codes: Vec<Currency> =
                    (0..self.dice(&[2, account]) % 3).map(currency).collect();
                codes.sort();
                codes.into_iter().map(move |currency| (id, currency, self.dice(&[3, account])))
            })
            .map(|(id, currency, of)| {
                (id, LastBilled { currency, as_of: seconds(of % 7), total: minor(of) })
            })
            .collect();
        put(LAST_BILLED_FILE, last_bills_to_parquet(&bills).expect("encodes"));
        for (path, bytes) in state_files(&self.state(shard, shards)) {
            put(path, bytes().expect("encodes"));
        }
    }

    fn lines(&self, documents: &[(u64, &str, &str)]) -> Vec<u8> {
        let lines: Vec<(&str, Vec<Line>)> = documents
            .iter()
            .map(|(place, account, number)| {
                let count = 1 + self.dice(&[4, *place]) % 4;
                (*number, (0..count).map(|it| self.line(account, *place, it)).collect())
            })
            .collect();
        let published = lines.iter().flat_map(|(invoice_number, lines)| {
            lines.iter().zip(1..).map(|(line, line_number)| PublishedRef {
                invoice_number,
                line_number,
                line,
            })
        });
        lines_to_parquet(published.collect()).expect("encodes")
    }

    fn line(&self, account: &str, place: u64, number: u64) -> Line {
        let of = self.dice(&[5, place, number]);
        let mut line =
            line(["Seats", "Größe \"L\""][(of % 2) as usize], 0, "2020-06-01", "2020-07-01");
        line.amount = minor(of);
        line.key.period_start = seconds(of);
        line.quote_mut().amount = Decimal::new(i64::try_from(of % 900).expect("small"), 2);
        line.quote_mut().breakdown = PriceBreakdown::flat(line.quote.amount);
        if of.is_multiple_of(3) {
            line.key.subscription_id = "".into();
            line.key.cause = Cause::Adjustment(format!("adj-{place}-{number}").into());
        } else {
            line.key.subscription_id = format!("{account}-s{}", of % 2).into();
        }
        if of.is_multiple_of(5) {
            line.tax = Some(tax(i64::try_from(of % 30).expect("small"), TaxBehavior::Exclusive));
            line.wording = Some(Box::new(LineWording::default()));
        }
        if of.is_multiple_of(7) {
            line.credits_invoice = Some(format!("INV-{}", of % 50).into());
            line.correction = Some(Box::new(Correction {
                role: CorrectionRole::Reversal,
                invoice_number: format!("INV-{}", of % 60).into(),
                line_number: 3,
                reason: Reason::HistoryChanged,
            }));
        }
        line
    }

    /// Writes charges and credits, and the list of the documents that credit.
    fn write_parts(&self, documents: &[(u64, &str, &str)], put: &mut impl FnMut(&str, Vec<u8>)) {
        let invoices: Vec<String> = (0..50).map(|it| format!("OLD-{it}")).collect();
        let (mut charges, mut credits, mut places) = (Vec::new(), Vec::new(), Vec::new());
        for (place, account_id, number) in documents {
            let of = self.dice(&[6, *place]);
            // Only some shards have several taxes on a line.
            let parts = usize::from(of.is_multiple_of(41)) * 2;
            let several = || {
                let terms = tax(7, TaxBehavior::Exclusive);
                let component = TaxComponent { terms: Arc::clone(&terms), effective: 7.into() };
                Arc::new(TaxTerms { components: vec![component; 2].into(), ..(*terms).clone() })
            };
            let part = |invoice_number, line_number| RatePart {
                invoice_number,
                line_number,
                account_id,
                currency: currency(of),
                terms: if parts > 0 {
                    Some(several())
                } else {
                    (!of.is_multiple_of(3))
                        .then(|| tax(i64::from(line_number), TaxBehavior::Inclusive))
                },
                base: minor(of),
                tax: minor(of / 9),
                tax_parts: TaxParts::new(vec![minor(of); parts]),
            };
            let (charge_count, credit_count) =
                (u32::try_from(of % 3).expect("small"), (of / 7 % 4));
            charges.extend((0..charge_count).map(|line| part(*number, line)));
            let credit_count = u32::try_from(credit_count).expect("small");
            credits.extend((0..credit_count).map(|line| {
                let invoice = self.dice(&[7, *place, line.into()]) % 50;
                part(&invoices[usize::try_from(invoice).expect("small")], line)
            }));
            places.push((*place, credit_count));
        }
        put(DOCUMENTS_FILE, parts_to_parquet(&charges).expect("encodes"));
        put(CREDITS_FILE, parts_to_parquet(&credits).expect("encodes"));
        put(CREDIT_PLACES_FILE, credit_places(places.into_iter()));
    }

    fn receivable(&self, (place, account, number): &(u64, &str, &str)) -> Receivable {
        let of = self.dice(&[8, *place]);
        let issue_date = date("2020-06-30") + Days::new(of % 40);
        Receivable {
            invoice_number: (*number).into(),
            account_id: (*account).into(),
            currency: currency(of),
            instant: seconds(of),
            issue_date,
            due_date: issue_date + Days::new(of % 9),
            total: minor(of),
            amount_due: minor(of / 2),
            paid: Amount::ZERO,
            overpaid: minor(of / 3),
            otherwise: None,
        }
    }

    fn payment(&self, (place, _, number): &(u64, &str, &str)) -> Payment {
        let of = self.dice(&[9, *place]);
        Payment {
            id: format!("pay-{of:x}").into(),
            account: (of.is_multiple_of(2)).then_some(0),
            invoice_number: Some((*number).into()),
            at: seconds(of),
            amount: minor(of),
            currency: currency(of),
            method: "".into(),
            kind: PaymentKind::default(),
            paid: None,
            line: *place,
        }
    }

    fn changes(&self, shard: Shard) -> Vec<AppliedChange> {
        let changes = self.accounts(shard).flat_map(|(account, id)| {
            (0..self.dice(&[10, account]) % 5).map(move |change| {
                let of = self.dice(&[11, account, change]);
                let subscription: Arc<str> = format!("{id}-s{}", of % 2).into();
                if of.is_multiple_of(11) {
                    return AppliedChange::restart(&subscription);
                }
                AppliedChange {
                    subscription_id: subscription,
                    change_id: format!("c{of}").into(),
                    at: seconds(of).unix_seconds(),
                    digest: digest(of),
                    restarts: false,
                }
            })
        });
        changes.collect()
    }

    fn state(&self, shard: Shard, shards: &[Shard]) -> State {
        let mut state = self.shared(shards);
        let mut subscriptions = ById::with_room(0);
        let mut taxpayers = Taxpayers::default();
        for (account, id) in self.accounts(shard) {
            let of = self.dice(&[12, account]);
            for subscription in 0..of % 3 {
                let applied = usize::try_from(of % 7).expect("small");
                let known =
                    SubscriptionState { opening: digest(of), applied, log: digest(applied as u64) };
                subscriptions.add(&format!("{id}-s{subscription}"), known);
            }
            let mut history = TaxHistory::always(facts(of));
            if of.is_multiple_of(3) {
                history.add(Some(seconds(of)), facts(of / 5));
            }
            taxpayers.add(id, Arc::new(history));
            if of.is_multiple_of(4) {
                let credit =
                    BTreeMap::from([(currency(of), minor(of)), (currency(of + 1), minor(of / 2))]);
                state.credit.insert(id.to_owned(), credit);
            }
        }
        State { subscriptions, taxpayers: Arc::new(taxpayers), ..state }
    }

    /// Rows that shards share. A close of several shards uses the prices that any of them uses.
    pub(super) fn shared(&self, shards: &[Shard]) -> State {
        let mut state = State::default();
        for id in 0..40 {
            let name = format!("p{id}");
            let of = self.dice(&[13, id]);
            let is_used = shards
                .iter()
                .any(|shard| self.dice(&[14, id, shard.index.into()]).is_multiple_of(4));
            if is_used {
                // The price may have been changed, and the change accepted.
                let now = if of.is_multiple_of(5) { of + 1 } else { of };
                state.prices.insert(name.clone(), digest(now));
                state.adjustments.insert(name.clone(), digest(of));
                state.tax_rates.insert(name.clone(), digest(of));
                state.discounts.insert(name.clone(), digest(of));
                if now.is_multiple_of(2) {
                    state.price_tiers.insert(name.clone(), tiers(now));
                }
            } else if of.is_multiple_of(3) {
                state.prices.insert(name.clone(), digest(of));
                if of.is_multiple_of(2) {
                    state.price_tiers.insert(name.clone(), tiers(of));
                }
                state.adjustments.insert(name.clone(), digest(of));
            }
            let mut history = TaxHistory::always(facts(of));
            history.add(Some(seconds(of)), facts(of / 3));
            state.price_taxes.insert(name, history);
        }
        state
    }
}

fn facts(of: u64) -> TaxFacts {
    let country = ["DE", "FR", "US"][usize::try_from(of % 3).expect("small")].into();
    TaxFacts { code: (of.is_multiple_of(2)).then(|| "exempt".into()), country, region: "".into() }
}

fn tiers(of: u64) -> Vec<StoredTier> {
    let amount = Decimal::new(i64::try_from(of % 100).expect("small"), 1);
    vec![StoredTier { up_to: None, unit_amount: amount, flat_amount: amount }]
}
