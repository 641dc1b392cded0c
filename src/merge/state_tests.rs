use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use chrono::Days;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::fixture_tests::{COUNTS, Shards, damage, staging};
use super::*;
use crate::accounting::tests::{account, date, line, tax};
use crate::hash::Digest;
use crate::ids::ById;
use crate::model::{
    BillingInput, Cause, Correction, CorrectionRole, LastBilled, Line, LineWording, Payment,
    PriceBreakdown, Reason, Receivable, Shard, TaxBehavior, TaxFacts, TaxHistory,
};
use crate::publish::Staging;
use crate::register::{
    AppliedChange, CREDITS_FILE, DOCUMENTS_FILE, LAST_BILLED_FILE, LINES_FILE, LOG_FILE,
    PAYMENTS_FILE, PublishedRef, RECEIVABLES_FILE, RatePart, State, StoredTier, SubscriptionState,
    last_bills_to_parquet, lines_to_parquet, log_to_parquet, parts_to_parquet, payments_to_parquet,
    receivables_to_parquet, state_files, state_tables,
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

fn minor(of: u64) -> Amount {
    Amount::from_minor(i64::try_from(of % 9000).expect("small") - 700)
}

fn seconds(of: u64) -> Instant {
    Instant::from_unix_seconds(1_600_000_000 + i64::try_from(of % 80_000_000).expect("small"))
}

fn currency(of: u64) -> Currency {
    Currency::from_code(["EUR", "JPY", "USD"][usize::try_from(of % 3).expect("small")])
        .expect("a currency")
}

fn digest(of: u64) -> Digest {
    Digest::of(&of.to_le_bytes())
}

/// A close of invented accounts. Everything about an account follows from the seed, so any shard of
/// it can be made alone.
struct Company {
    seed: u64,
    accounts: Vec<String>,
    /// For each document, in order: its account and its number.
    documents: Vec<(usize, String)>,
}

impl Company {
    fn of(seed: u64, accounts: usize) -> Self {
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
            (account, format!("{}-{place}", if dice % 5 == 0 { "CN" } else { "INV" }))
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
    fn write(&self, shard: Shard, shards: &[Shard], staging: &mut Staging) {
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
        if of % 3 == 0 {
            line.key.subscription_id = "".into();
            line.key.cause = Cause::Adjustment(format!("adj-{place}-{number}").into());
        } else {
            line.key.subscription_id = format!("{account}-s{}", of % 2).into();
        }
        if of % 5 == 0 {
            line.tax = Some(tax(i64::try_from(of % 30).expect("small"), TaxBehavior::Exclusive));
            line.wording = Some(Box::new(LineWording::default()));
        }
        if of % 7 == 0 {
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
            let part = |invoice_number, line_number| RatePart {
                invoice_number,
                line_number,
                account_id,
                currency: currency(of),
                terms: (of % 3 > 0).then(|| tax(i64::from(line_number), TaxBehavior::Inclusive)),
                base: minor(of),
                tax: minor(of / 9),
            };
            let (charged, credited) = (u32::try_from(of % 3).expect("small"), (of / 7 % 4));
            charges.extend((0..charged).map(|line| part(*number, line)));
            let credited = u32::try_from(credited).expect("small");
            credits.extend((0..credited).map(|line| {
                let invoice = self.dice(&[7, *place, line.into()]) % 50;
                part(&invoices[usize::try_from(invoice).expect("small")], line)
            }));
            places.push((*place, credited));
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
        }
    }

    fn payment(&self, (place, _, number): &(u64, &str, &str)) -> Payment {
        let of = self.dice(&[9, *place]);
        Payment {
            id: format!("pay-{of:x}").into(),
            account: (of % 2 == 0).then_some(0),
            invoice_number: Some((*number).into()),
            at: seconds(of),
            amount: minor(of),
            currency: currency(of),
            method: "".into(),
            line: *place,
        }
    }

    fn changes(&self, shard: Shard) -> Vec<AppliedChange> {
        let changes = self.accounts(shard).flat_map(|(account, id)| {
            (0..self.dice(&[10, account]) % 5).map(move |change| {
                let of = self.dice(&[11, account, change]);
                let subscription: Arc<str> = format!("{id}-s{}", of % 2).into();
                if of % 11 == 0 {
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
            if of % 3 == 0 {
                history.add(Some(seconds(of)), facts(of / 5));
            }
            taxpayers.add(id, Arc::new(history));
            if of % 4 == 0 {
                let credit =
                    BTreeMap::from([(currency(of), minor(of)), (currency(of + 1), minor(of / 2))]);
                state.credit.insert(id.to_owned(), credit);
            }
        }
        State { subscriptions, taxpayers: Arc::new(taxpayers), ..state }
    }

    /// Rows that shards share. A close of several shards uses the prices that any of them uses.
    fn shared(&self, shards: &[Shard]) -> State {
        let mut state = State::default();
        for id in 0..40 {
            let name = format!("p{id}");
            let of = self.dice(&[13, id]);
            let is_used =
                shards.iter().any(|shard| self.dice(&[14, id, shard.index.into()]) % 4 == 0);
            if is_used {
                // The price may have been changed, and the change accepted.
                let now = if of % 5 == 0 { of + 1 } else { of };
                state.prices.insert(name.clone(), digest(now));
                state.adjustments.insert(name.clone(), digest(of));
                state.tax_rates.insert(name.clone(), digest(of));
                state.discounts.insert(name.clone(), digest(of));
                if now % 2 == 0 {
                    state.price_tiers.insert(name.clone(), tiers(now));
                }
            } else if of % 3 == 0 {
                state.prices.insert(name.clone(), digest(of));
                if of % 2 == 0 {
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
    TaxFacts { code: (of % 2 == 0).then(|| "exempt".into()), country, region: "".into() }
}

fn tiers(of: u64) -> Vec<StoredTier> {
    let amount = Decimal::new(i64::try_from(of % 100).expect("small"), 1);
    vec![StoredTier { up_to: None, unit_amount: amount, flat_amount: amount }]
}

fn shards_of(count: usize) -> Vec<Shard> {
    Shard::all(u32::try_from(count).expect("few")).collect()
}

/// Writes what a close without shards writes.
fn whole(company: &Company, shards: &[Shard], folder: &Path) {
    let mut staging = staging(folder);
    company.write(Shard::WHOLE, shards, &mut staging);
    staging.keep();
}

/// Merges the state of shards, and returns the first file that differs from the close of all
/// accounts.
fn differs(company: &Company, count: usize) -> Option<String> {
    let all = shards_of(count);
    let shards = Shards::of(count, |shard, staging| {
        company.write(all[shard], &all[shard..=shard], staging);
    });
    let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    let [before, expected] = &folders;
    whole(company, &[], before.path());
    whole(company, &all, expected.path());
    let merged = shards.merged(|shards, staging| {
        let files = merge_states(shards, Some(before.path()), staging)?;
        staging.end_files(files);
        Ok::<_, MergeError>(())
    });
    let merged = merged.expect("they are merged");
    let read = |folder: &Path, path: &str| std::fs::read(folder.join(path)).expect("is written");
    let tables = state_tables();
    let differing = tables
        .iter()
        .find(|table| read(merged.path(), table.path) != read(expected.path(), table.path));
    differing.map(|table| table.path.to_owned())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]
    #[test]
    fn merged_state_is_that_of_a_close_of_all_accounts(seed: u64, accounts in 0..90_usize) {
        let company = Company::of(seed, accounts);
        for count in COUNTS {
            prop_assert_eq!(differs(&company, count), None, "of {} shards", count);
        }
    }
}

/// Rows of `last_billed`, a few kinds of them.
fn bills(ids: &[String]) -> Vec<u8> {
    let of = |(row, id): (u64, &'_ String)| {
        (id.clone(), LastBilled { currency: currency(row), as_of: seconds(row), total: minor(row) })
    };
    let rows: Vec<(String, LastBilled)> = (0..).zip(ids).map(of).collect();
    let rows: Vec<(&str, LastBilled)> = rows.iter().map(|(id, bill)| (&**id, *bill)).collect();
    last_bills_to_parquet(&rows).expect("encodes")
}

/// Merges `last_billed` alone.
fn merged_bills(shards: &Shards) -> Result<Vec<u8>, MergeError> {
    let tables = state_tables();
    let form = tables.iter().find(|form| form.path == LAST_BILLED_FILE).expect("is one");
    let folder = shards.merged(|shards, staging| {
        let file = merge_state(form, shards, None, staging)?;
        staging.end_file(file);
        Ok::<_, MergeError>(())
    })?;
    Ok(std::fs::read(folder.path().join(LAST_BILLED_FILE)).expect("is written"))
}

/// Shards with these ids.
fn with_ids(ids: &[&[&str]]) -> Shards {
    Shards::of(ids.len(), |shard, staging| {
        let ids: Vec<String> = ids[shard].iter().map(|id| (*id).to_owned()).collect();
        staging.write(LAST_BILLED_FILE, &bills(&ids)).expect("writes");
    })
}

#[test]
fn several_row_groups_of_several_shards_become_the_groups_of_one_file() {
    let ids = |shard: usize, of: usize| {
        let ids = (0..150_000).filter(move |it| it % of == shard);
        ids.map(|it| format!("a{it:06}")).collect::<Vec<String>>()
    };
    let rows = |ids: &[String]| {
        // What is billed follows from the id, wherever the row stands.
        let bill = |id: &String| {
            let of = id[1..].parse().expect("a number");
            LastBilled { currency: currency(of), as_of: seconds(of % 7), total: minor(of * of) }
        };
        let rows: Vec<(&str, LastBilled)> = ids.iter().map(|id| (&**id, bill(id))).collect();
        last_bills_to_parquet(&rows).expect("encodes")
    };
    let shards = Shards::of(2, |shard, staging| {
        staging.write(LAST_BILLED_FILE, &rows(&ids(shard, 2))).expect("writes");
    });
    assert!(merged_bills(&shards).expect("is merged") == rows(&ids(0, 1)));
}

#[test]
fn damaged_state_is_named_with_its_path() {
    let path = |shard: usize| format!("{shard}/{LAST_BILLED_FILE}");
    let shards = with_ids(&[&["a", "c"], &["b"]]);
    assert!(merged_bills(&shards).is_ok());

    std::fs::remove_file(shards.path(1, LAST_BILLED_FILE)).expect("is there");
    assert_eq!(damage(merged_bills(&shards)), (path(1), Damage::Missing));
    let other = bills(&["d".to_owned()]);
    std::fs::write(shards.path(1, LAST_BILLED_FILE), &other).expect("writes");
    assert_eq!(damage(merged_bills(&shards)), (path(1), Damage::Digest));

    let unordered = with_ids(&[&["a"], &["c", "b"]]);
    assert_eq!(damage(merged_bills(&unordered)), (path(1), Damage::Order));
    let repeated = with_ids(&[&["a", "b"], &["b", "c"]]);
    assert_eq!(damage(merged_bills(&repeated)).1, Damage::Twice);
    let unlisted = Shards::of(1, |_, _| ());
    assert_eq!(damage(merged_bills(&unlisted)), (path(0), Damage::Unlisted));

    let mut other_columns = with_ids(&[&["a"]]);
    let order = order_to_parquet(&[(0, "INV-1")]).expect("encodes");
    other_columns.rewrite(0, LAST_BILLED_FILE, &order);
    let error = merged_bills(&other_columns).expect_err("has other columns").to_string();
    assert!(error.ends_with("has other columns"), "{error}");
}

/// Merges one state file of a company's shards after a change to a file of the last shard.
fn merged_after(path: &str, file: &str, bytes: &[u8]) -> (String, Damage) {
    let company = Company::of(7, 60);
    let all = shards_of(2);
    let mut shards = Shards::of(2, |shard, staging| {
        company.write(all[shard], &all[shard..=shard], staging);
    });
    shards.rewrite(1, file, bytes);
    let tables = state_tables();
    let form = tables.iter().find(|form| form.path == path).expect("is one");
    let merged = shards.merged(|shards, staging| {
        let file = merge_state(form, shards, None, staging)?;
        staging.end_file(file);
        Ok(())
    });
    damage(merged)
}

#[test]
fn rows_of_documents_that_are_not_listed_are_refused() {
    let no_order = order_to_parquet(&[]).expect("encodes");
    for path in [DOCUMENTS_FILE, LINES_FILE] {
        let (file, damage) = merged_after(path, ORDER_FILE, &no_order);
        assert_eq!(file, format!("1/{path}"));
        assert!(matches!(damage, Damage::Unknown(_)), "{damage}");
    }
    let unordered = order_to_parquet(&[(2, "x"), (1, "y")]).expect("encodes");
    assert_eq!(merged_after(DOCUMENTS_FILE, ORDER_FILE, &unordered).1, Damage::Order);
    let list = format!("1/{CREDIT_PLACES_FILE}");
    let few = credit_places([(0, 1)].into_iter());
    assert_eq!(merged_after(CREDITS_FILE, CREDIT_PLACES_FILE, &few), (list.clone(), Damage::Cut));
    let many = credit_places([(0, u32::MAX)].into_iter());
    assert_eq!(merged_after(CREDITS_FILE, CREDIT_PLACES_FILE, &many), (list, Damage::Rest));
}

#[test]
fn shards_must_agree_on_rows_that_they_share() {
    let company = Company::of(3, 0);
    let write = |shard: usize, staging: &mut Staging| {
        let mut state = company.shared(&[Shard::WHOLE]);
        let of = shard as u64;
        state.discounts.insert("spring".to_owned(), digest(of));
        for (path, bytes) in state_files(&state) {
            staging.write(path, &bytes().expect("encodes")).expect("writes");
        }
    };
    let shards = Shards::of(2, write);
    let tables = state_tables();
    let form = tables.iter().find(|form| form.path == "state/discounts.parquet").expect("is one");
    let merged = |before: Option<&Path>| {
        shards.merged(|shards, staging| {
            let file = merge_state(form, shards, before, staging)?;
            staging.end_file(file);
            Ok(())
        })
    };
    assert_eq!(damage(merged(None)).1, Damage::Differs("spring".to_owned()));
    // Of two versions, one may be that of the close before.
    let before = tempfile::tempdir().expect("a folder");
    let mut to = staging(before.path());
    write(0, &mut to);
    to.keep();
    let found = merged(Some(before.path())).expect("one is old");
    let newest = std::fs::read(shards.path(1, form.path)).expect("is written");
    assert!(std::fs::read(found.path().join(form.path)).expect("is written") == newest);
}
