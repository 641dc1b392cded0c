//! The state that a close leaves for the next one: the billed extent of every subscription, the
//! credit, and the rows that may no longer change.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::StoredTier;
use super::tax_histories::{histories_to_parquet, read_histories};
use crate::hash::Digest;
use crate::ids::{ById, order};
use crate::model::{AnsweredIds, Answers, ExcludedAccounts, Shard, TaxHistory};
use crate::table::parquet::{ColumnsError, StateColumns, StateTable};
use crate::tax::Taxpayers;
use crate::value::{Amount, Currency};

/// The state after a close; empty for an empty register.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// By `subscription_id`.
    pub(crate) subscriptions: ById<SubscriptionState>,
    /// Credit by `account_id`, then currency; zero is not listed.
    pub(crate) credit: BTreeMap<String, BTreeMap<Currency, Amount>>,
    /// The digest of every billed price, by `price_id`.
    pub(crate) prices: BTreeMap<String, Digest>,
    /// The tiers of billed prices as they were, by `price_id`.
    pub(crate) price_tiers: BTreeMap<String, Vec<StoredTier>>,
    /// The digest of every used row of `tax_rates.csv`, by its key.
    pub(crate) tax_rates: BTreeMap<String, Digest>,
    /// The digest of every discount that had begun, by `discount_id`.
    pub(crate) discounts: BTreeMap<String, Digest>,
    /// The digest of every adjustment that was billed, by `adjustment_id`.
    pub(crate) adjustments: BTreeMap<String, Digest>,
    /// The tax facts of accounts, by `account_id`; empty while nothing is taxed.
    pub(crate) taxpayers: Arc<Taxpayers>,
    /// The tax codes of prices, by `price_id`; the default code has the empty id.
    pub(crate) price_taxes: BTreeMap<String, TaxHistory>,
}

/// The rows of one account that the register may know, by their ids.
#[derive(Debug, Default)]
pub(crate) struct KnownAccount<'a> {
    pub(crate) account: &'a str,
    pub(crate) subscriptions: BTreeSet<&'a str>,
    pub(crate) discounts: BTreeSet<&'a str>,
    pub(crate) adjustments: BTreeSet<&'a str>,
}

/// The billed extent of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SubscriptionState {
    /// The digest of its opening terms.
    pub(crate) opening: Digest,
    /// The number of applied changes.
    pub(crate) applied: usize,
    /// The digest of the applied changes.
    pub(crate) log: Digest,
}

pub(super) const SUBSCRIPTIONS: &str = "state/subscriptions.parquet";
pub(super) const CREDIT: &str = "state/credit.parquet";
pub(super) const PRICES: &str = "state/prices.parquet";
pub(super) const TAX_RATES: &str = "state/tax_rates.parquet";
pub(super) const DISCOUNTS: &str = "state/discounts.parquet";
pub(super) const ADJUSTMENTS: &str = "state/adjustments.parquet";
pub(super) const TAXPAYERS: &str = "state/taxpayers.parquet";
pub(super) const PRICE_TAXES: &str = "state/price_taxes.parquet";

/// A state file: its path, and the function that makes its bytes.
pub(crate) type StateFile<'a> =
    (&'static str, Box<dyn Fn() -> Result<Vec<u8>, ColumnsError> + Send + Sync + 'a>);

pub(crate) fn state_files(state: &State) -> [StateFile<'_>; 8] {
    [
        (SUBSCRIPTIONS, Box::new(|| subscriptions_to_parquet(&state.subscriptions))),
        (CREDIT, Box::new(|| credit_to_parquet(&state.credit))),
        (PRICES, Box::new(|| prices_to_parquet(&state.prices, &state.price_tiers))),
        (TAX_RATES, Box::new(|| digests_to_parquet(&state.tax_rates))),
        (DISCOUNTS, Box::new(|| digests_to_parquet(&state.discounts))),
        (ADJUSTMENTS, Box::new(|| digests_to_parquet(&state.adjustments))),
        (TAXPAYERS, Box::new(|| state.taxpayers.to_parquet())),
        (PRICE_TAXES, Box::new(|| histories_to_parquet(&state.price_taxes))),
    ]
}

impl State {
    /// The files that it is read from.
    pub(crate) const FILES: [&str; 8] =
        [SUBSCRIPTIONS, CREDIT, PRICES, TAX_RATES, DISCOUNTS, ADJUSTMENTS, TAXPAYERS, PRICE_TAXES];

    /// Reads the state in a close's folder.
    pub(crate) fn read(close: &Path) -> Result<Self, ColumnsError> {
        Self::read_part(close, &Answers::default())
    }

    /// Reads the part that a shard answers for.
    pub(crate) fn read_part(close: &Path, part: &Answers) -> Result<Self, ColumnsError> {
        let taxpayers = || Taxpayers::read(&close.join(TAXPAYERS), part.shard);
        let (subscriptions, (taxpayers, others)) = rayon::join(
            || read_subscriptions(&close.join(SUBSCRIPTIONS), part),
            || rayon::join(taxpayers, || Self::read_others(close, part)),
        );
        let (subscriptions, taxpayers) = (subscriptions?, Arc::new(taxpayers?));
        Ok(Self { subscriptions, taxpayers, ..others? })
    }

    /// Reads the files that do not grow with subscriptions or accounts.
    fn read_others(close: &Path, part: &Answers) -> Result<Self, ColumnsError> {
        let whole = &AnsweredIds::default();
        let (prices, price_tiers) = read_prices(&close.join(PRICES))?;
        Ok(Self {
            credit: read_credit(&close.join(CREDIT), part.shard)?,
            prices,
            price_tiers,
            tax_rates: read_digests(&close.join(TAX_RATES), whole)?,
            discounts: read_digests(&close.join(DISCOUNTS), &part.discounts)?,
            adjustments: read_digests(&close.join(ADJUSTMENTS), &part.adjustments)?,
            price_taxes: read_histories(&close.join(PRICE_TAXES))?,
            ..Self::default()
        })
    }

    /// Reads the rows of one account.
    pub(crate) fn read_account(
        close: &Path,
        known: &KnownAccount<'_>,
    ) -> Result<Self, ColumnsError> {
        let KnownAccount { account, subscriptions, discounts, adjustments } = known;
        let of_account = BTreeSet::from([*account]);
        let table = |name: &str, key: &str, wanted: &BTreeSet<&str>| {
            StateTable::pieces_with(&close.join(name), key, wanted)
        };
        let (prices, price_tiers) = read_prices(&close.join(PRICES))?;
        let digests = |name: &str, wanted: &BTreeSet<&str>| {
            let mut digests = BTreeMap::new();
            for table in table(name, "id", wanted)? {
                digests.extend(digests_of(&table, |id| wanted.contains(id))?);
            }
            Ok::<_, ColumnsError>(digests)
        };
        let mut state = Self {
            prices,
            price_tiers,
            tax_rates: read_digests(&close.join(TAX_RATES), &AnsweredIds::default())?,
            discounts: digests(DISCOUNTS, discounts)?,
            adjustments: digests(ADJUSTMENTS, adjustments)?,
            price_taxes: read_histories(&close.join(PRICE_TAXES))?,
            ..Self::default()
        };
        for table in table(SUBSCRIPTIONS, "subscription_id", subscriptions)? {
            add_subscriptions(&table, |id| subscriptions.contains(id), &mut state.subscriptions)?;
        }
        for table in table(CREDIT, "account_id", &of_account)? {
            add_credit(&table, |id| id == *account, &mut state.credit)?;
        }
        let taxpayers = table(TAXPAYERS, "id", &of_account)?;
        state.taxpayers =
            Taxpayers::of_tables(taxpayers.into_iter().map(Ok), |id| id == *account)?.into();
        Ok(state)
    }

    pub(crate) fn read_credit(
        close: &Path,
    ) -> Result<BTreeMap<String, BTreeMap<Currency, Amount>>, ColumnsError> {
        read_credit(&close.join(CREDIT), Shard::WHOLE)
    }

    /// Keeps the last state of withheld accounts.
    pub(crate) fn keep(&mut self, before: &Self, withheld: &ExcludedAccounts) {
        for id in &withheld.subscriptions {
            if let Some(state) = before.subscriptions.get(id) {
                self.subscriptions.add(id, *state);
            }
        }
        let known = before.discounts.iter();
        let kept = known.filter(|(id, _)| withheld.discounts.contains(*id));
        self.discounts.extend(kept.map(|(id, digest)| (id.clone(), *digest)));
    }

    /// The sum of all credit by currency.
    ///
    /// # Errors
    /// The currency whose sum overflows 64 bits.
    pub(crate) fn credit_by_currency(&self) -> Result<BTreeMap<Currency, Amount>, Currency> {
        credit_by_currency(&self.credit)
    }
}

/// The sum of the credit of accounts by currency.
///
/// # Errors
/// The currency whose sum overflows 64 bits.
pub(crate) fn credit_by_currency(
    credit: &BTreeMap<String, BTreeMap<Currency, Amount>>,
) -> Result<BTreeMap<Currency, Amount>, Currency> {
    let mut sums: BTreeMap<Currency, Amount> = BTreeMap::new();
    for (currency, amount) in credit.values().flatten() {
        let sum = sums.entry(*currency).or_default();
        *sum = sum.checked_add(*amount).ok_or(*currency)?;
    }
    Ok(sums)
}

fn subscriptions_to_parquet(
    subscriptions: &ById<SubscriptionState>,
) -> Result<Vec<u8>, ColumnsError> {
    let rows: Vec<(&str, &SubscriptionState)> = subscriptions.iter().collect();
    subscription_columns(&order::by_id(&rows, |(id, _)| id)).to_parquet()
}

/// A subscription: its id and its state.
type SubscriptionRow<'a> = &'a (&'a str, &'a SubscriptionState);

pub(super) fn subscription_columns<'a>(
    rows: &'a [SubscriptionRow<'a>],
) -> StateColumns<'a, SubscriptionRow<'a>> {
    StateColumns::of(rows)
        .text("subscription_id", |(id, _)| Some(id))
        .digest("opening", |(_, state)| state.opening)
        .number("applied", |(_, state)| i64::try_from(state.applied).unwrap_or(i64::MAX))
        .digest("log", |(_, state)| state.log)
}

fn read_subscriptions(
    path: &Path,
    part: &Answers,
) -> Result<ById<SubscriptionState>, ColumnsError> {
    let is_whole = part.shard.is_whole();
    let mut subscriptions = ById::default();
    for table in StateTable::pieces(path, is_whole) {
        let table = table?;
        if is_whole {
            subscriptions = ById::with_room(table.height());
        }
        add_subscriptions(&table, |id| part.subscriptions.has(id), &mut subscriptions)?;
    }
    Ok(subscriptions)
}

fn add_subscriptions(
    table: &StateTable,
    is_wanted: impl Fn(&str) -> bool,
    subscriptions: &mut ById<SubscriptionState>,
) -> Result<(), ColumnsError> {
    let (opening, log) = (table.digests("opening")?, table.digests("log")?);
    let applied = table.numbers("applied")?;
    for (row, id) in table.texts("subscription_id")?.into_iter().enumerate() {
        let applied = usize::try_from(applied[row])
            .map_err(|_| table.damaged(format!("row {row} counts less than nothing")))?;
        let state = SubscriptionState { opening: opening[row], applied, log: log[row] };
        if is_wanted(id) {
            subscriptions.add(id, state);
        }
    }
    Ok(())
}

fn credit_to_parquet(
    credit: &BTreeMap<String, BTreeMap<Currency, Amount>>,
) -> Result<Vec<u8>, ColumnsError> {
    let rows: Vec<CreditRow<'_>> = credit
        .iter()
        .flat_map(|(account, balances)| {
            balances.iter().map(|(currency, amount)| (account.as_str(), currency, amount))
        })
        .collect();
    credit_columns(&rows).to_parquet()
}

/// The credit of an account in a currency.
type CreditRow<'a> = (&'a str, &'a Currency, &'a Amount);

pub(super) fn credit_columns<'a>(rows: &'a [CreditRow<'a>]) -> StateColumns<'a, CreditRow<'a>> {
    StateColumns::of(rows)
        .text("account_id", |(account, _, _)| Some(account))
        .word("currency", |(_, currency, _)| Some(currency.code()))
        .number("amount_minor", |(_, _, amount)| amount.minor())
}

fn read_credit(
    path: &Path,
    shard: Shard,
) -> Result<BTreeMap<String, BTreeMap<Currency, Amount>>, ColumnsError> {
    let mut credit = AccountCredit::new();
    for table in StateTable::pieces(path, shard.is_whole()) {
        add_credit(&table?, |account| shard.has(account), &mut credit)?;
    }
    Ok(credit)
}

/// Credit by account and currency.
type AccountCredit = BTreeMap<String, BTreeMap<Currency, Amount>>;

fn add_credit(
    table: &StateTable,
    is_wanted: impl Fn(&str) -> bool,
    credit: &mut AccountCredit,
) -> Result<(), ColumnsError> {
    let (accounts, currencies) = (table.texts("account_id")?, table.texts("currency")?);
    let amounts = table.numbers("amount_minor")?;
    for row in (0..table.height()).filter(|row| is_wanted(accounts[*row])) {
        let currency = Currency::from_code(currencies[row])
            .ok_or_else(|| table.damaged(format!("row {row} has no currency")))?;
        let balances = credit.entry(accounts[row].to_owned()).or_default();
        balances.insert(currency, Amount::from_minor(amounts[row]));
    }
    Ok(())
}

fn prices_to_parquet(
    prices: &BTreeMap<String, Digest>,
    tiers: &BTreeMap<String, Vec<StoredTier>>,
) -> Result<Vec<u8>, ColumnsError> {
    let text = |id: &String| tiers.get(id).map(|tiers| StoredTier::to_text(tiers));
    let rows: Vec<PriceRow<'_>> =
        prices.iter().map(|(id, digest)| (id, digest, text(id))).collect();
    price_columns(&rows).to_parquet()
}

/// A price: its id, its digest and its tiers.
type PriceRow<'a> = (&'a String, &'a Digest, Option<String>);

pub(super) fn price_columns<'a>(rows: &'a [PriceRow<'a>]) -> StateColumns<'a, PriceRow<'a>> {
    StateColumns::of(rows)
        .text("id", |(id, _, _)| Some(id))
        .digest("digest", |(_, digest, _)| **digest)
        .text("tiers", |(_, _, tiers)| tiers.as_deref())
}

/// Billed prices: their digests, and the tiers of those that have some.
type Prices = (BTreeMap<String, Digest>, BTreeMap<String, Vec<StoredTier>>);

fn read_prices(path: &Path) -> Result<Prices, ColumnsError> {
    let table = StateTable::read(path)?;
    let mut tiers = BTreeMap::new();
    // Closes of earlier versions did not keep tiers.
    if table.has("tiers") {
        for (id, text) in table.texts("id")?.into_iter().zip(table.optional_texts("tiers")?) {
            let Some(text) = text else { continue };
            let terms = StoredTier::parse(text);
            let terms = terms.ok_or_else(|| table.damaged(format!("tiers of {id} are none")))?;
            tiers.insert(id.to_owned(), terms);
        }
    }
    Ok((read_digests(path, &AnsweredIds::default())?, tiers))
}

fn digests_to_parquet(digests: &BTreeMap<String, Digest>) -> Result<Vec<u8>, ColumnsError> {
    digest_columns(&digests.iter().collect::<Vec<_>>()).to_parquet()
}

/// A row of a table that may no longer change: its id and its digest.
type DigestRow<'a> = (&'a String, &'a Digest);

pub(super) fn digest_columns<'a>(rows: &'a [DigestRow<'a>]) -> StateColumns<'a, DigestRow<'a>> {
    StateColumns::of(rows).text("id", |(id, _)| Some(id)).digest("digest", |(_, digest)| **digest)
}

/// The digests that a shard answers for. These files are small: rows of discounts, adjustments,
/// prices and tax rates.
fn read_digests(path: &Path, part: &AnsweredIds) -> Result<BTreeMap<String, Digest>, ColumnsError> {
    digests_of(&StateTable::read(path)?, |id| part.has(id))
}

fn digests_of(
    table: &StateTable,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, Digest>, ColumnsError> {
    let rows = table.texts("id")?.into_iter().zip(table.digests("digest")?);
    let wanted = rows.filter(|(id, _)| is_wanted(id));
    Ok(wanted.map(|(id, digest)| (id.to_owned(), digest)).collect())
}
