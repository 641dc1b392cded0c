//! The basis of a run: settings, input, register and state.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::error::RunError;
use super::seller;
use super::void_credits;
use crate::config::{self, SellerLines, Settings};
use crate::console::Stage;
use crate::failpoint;
use crate::input::{self, Loaded, ProposedChanges};
use crate::model::{CreditRules, ExcludedAccounts, Shard};
use crate::register::{KnownAccount, LastCloses, PaymentLog, Register, State};
use crate::table::{Source, Warning};
use crate::value::Instant;

/// Where a run reads and writes.
#[derive(Clone, Debug)]
pub struct Folders {
    /// The input folder.
    pub input: PathBuf,
    /// The output folder.
    pub output: PathBuf,
}

impl Folders {
    /// Whether a path lies in the output folder, or is it. The path need not exist.
    pub(crate) fn output_holds(&self, path: &Path) -> bool {
        whole_path(path).starts_with(whole_path(&self.output))
    }
}

/// The absolute path, without links in the part that exists.
pub(crate) fn whole_path(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = path.ancestors().find_map(|it| Some((it, it.canonicalize().ok()?)));
    there.map_or(path.clone(), |(part, real)| {
        real.join(path.strip_prefix(part).expect("an ancestor is a prefix"))
    })
}

/// The purpose of a run, and its permissions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Billing {
    /// Which results are published.
    pub(crate) purpose: Purpose,
    /// Whether a changed history becomes corrections.
    pub(crate) accept_history_change: bool,
    /// Whether a first close may go back more than a year.
    pub(crate) bill_from_start: bool,
    /// The accounts that are billed.
    pub(crate) shard: Shard,
}

/// Which results of a run are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Invoices.
    Documents,
    /// Invoices of a shard. What belongs to no shard is left to the whole close.
    Shard,
    /// The start of a register, without invoices.
    Opening,
    /// Nothing, because the close is already published.
    Nothing,
}

/// Everything that a run knows before it bills.
pub(crate) struct CloseContext {
    /// The input folder, as messages name it.
    pub(crate) input: PathBuf,
    pub(crate) settings: Settings,
    /// The lines of billing.toml that define the seller.
    pub(crate) seller_lines: SellerLines,
    pub(crate) loaded: Loaded,
    pub(crate) sources: Vec<Source>,
    pub(crate) register: Register,
    /// When each account was billed last.
    pub(crate) last: LastCloses,
    pub(crate) state: State,
    pub(crate) payments: PaymentLog,
    pub(crate) through: Instant,
    pub(crate) name: String,
    /// The rules for credits.
    pub(crate) credits: CreditRules,
    pub(crate) billing: Billing,
    /// Where files are that `billing.toml` names outside of the input folder, if not there.
    pub(crate) elsewhere: BTreeMap<PathBuf, PathBuf>,
}

impl CloseContext {
    /// Reads the input and the state of the newest close.
    pub(crate) fn read(
        input: &Path,
        mut settings: Settings,
        settings_bytes: &[u8],
        register: Register,
        through: Instant,
        name: String,
        billing: Billing,
    ) -> Result<Self, RunError> {
        if billing.purpose == Purpose::Opening {
            // Another system made these documents.
            settings.max_lines = usize::MAX;
            settings.minimum.clear();
        }
        let reading = Stage::begin("input");
        let (mut loaded, mut state) =
            load_with_state(input, &settings, &register, (billing.shard, through))?;
        for source in &loaded.sources {
            let (rows, bytes) = (source.rows, source.bytes);
            log::trace!(target: "prorata::input", rows, bytes; "{}: {rows} rows", source.name);
        }
        reading.end(loaded.sources.iter().map(|source| source.rows).sum::<u64>(), "row", "read");
        failpoint::point("input-read");
        let mut sources = vec![Source::describe(config::FILE_NAME, settings_bytes, 0)];
        sources.extend(loaded.sources.iter().cloned());
        let recalling = Stage::begin("state");
        let last = LastCloses::of(&register);
        // Nothing else needs the ids, so their memory is free for billing.
        let answers = std::mem::take(&mut loaded.answers);
        state.note_taxes(&loaded.book, &settings, &last, through);
        let payments = PaymentLog::read_part(&register, &answers.payments)?;
        recalling.end(state.subscriptions.len(), "subscription", "billed before");
        let credits = CreditRules::OfTheirCharges;
        let seller_lines = SellerLines::of(&String::from_utf8_lossy(settings_bytes));
        Ok(Self {
            input: input.to_owned(),
            settings,
            seller_lines,
            loaded,
            sources,
            register,
            last,
            state,
            payments,
            through,
            name,
            credits,
            billing,
            elsewhere: BTreeMap::new(),
        })
    }

    /// Reads the rows of one account and its part of the state, for a run that publishes nothing.
    /// Proposed changes follow the log.
    pub(crate) fn of_account(
        input: &Path,
        settings: Settings,
        register: Register,
        (account, proposed): (&str, &ProposedChanges<'_>),
    ) -> Result<Self, RunError> {
        let mut loaded = input::load_account(input, &settings, account, proposed)?;
        loaded.book.rules = register.rules();
        void_credits::resolve(&mut loaded, &register)?;
        let last = LastCloses::of(&register);
        let book = &loaded.book;
        let mut state = register.state_of_account(&KnownAccount {
            account,
            subscriptions: book.subscriptions.iter().map(|item| &*item.id).collect(),
            discounts: book.discounts.iter().map(|item| &*item.id).collect(),
            adjustments: book.adjustments.iter().map(|item| &*item.id).collect(),
        })?;
        // A quote asks for dates to come.
        state.note_taxes(book, &settings, &last, Instant::from_unix_seconds(i64::MAX));
        let paid: BTreeSet<&str> = book.payments.iter().map(|payment| &*payment.id).collect();
        let payments = PaymentLog::read_some(&register, &paid)?;
        let billing = Billing {
            purpose: Purpose::Nothing,
            accept_history_change: false,
            bill_from_start: true,
            shard: Shard::WHOLE,
        };
        Ok(Self {
            input: input.to_owned(),
            settings,
            seller_lines: SellerLines::default(),
            loaded,
            sources: Vec::new(),
            last,
            register,
            state,
            payments,
            through: Instant::from_unix_seconds(0),
            name: String::new(),
            credits: CreditRules::OfTheirCharges,
            billing,
            elsewhere: BTreeMap::new(),
        })
    }

    /// The basis of a close whose input its shards have read.
    pub(crate) fn of_shards(
        input: &Path,
        settings: Settings,
        register: Register,
        through: Instant,
        name: String,
        sources: Vec<Source>,
        billing: Billing,
    ) -> Self {
        Self {
            input: input.to_owned(),
            settings,
            seller_lines: SellerLines::default(),
            loaded: Loaded::default(),
            sources,
            last: LastCloses::of(&register),
            register,
            state: State::default(),
            payments: PaymentLog::default(),
            through,
            name,
            credits: CreditRules::OfTheirCharges,
            billing,
            elsewhere: BTreeMap::new(),
        }
    }

    /// Reads the input again without some accounts.
    pub(crate) fn without(mut self, withheld: ExcludedAccounts) -> Result<Self, RunError> {
        let shard = self.billing.shard;
        let through = self.through;
        self.loaded =
            load(&self.input, &self.settings, &self.register, (withheld, shard), through)?;
        // The first source is billing.toml.
        self.sources.truncate(1);
        self.sources.extend(self.loaded.sources.iter().cloned());
        self.state = self.register.state_of(&std::mem::take(&mut self.loaded.answers))?;
        self.state.note_taxes(&self.loaded.book, &self.settings, &self.last, self.through);
        Ok(self)
    }

    /// The name of an input file, as billing.toml would write its path.
    pub(crate) fn name_of(&self, path: &Path) -> String {
        let moved = self.elsewhere.iter().find(|(_, place)| *place == path);
        let name = moved.map_or_else(
            || path.strip_prefix(&self.input).unwrap_or(path),
            |(name, _)| name.as_path(),
        );
        name.to_string_lossy().into_owned()
    }

    /// The place of an input file.
    pub(crate) fn place_of(&self, name: &str) -> PathBuf {
        self.elsewhere.get(Path::new(name)).cloned().unwrap_or_else(|| self.input.join(name))
    }

    /// The date of the close, which its name begins with.
    pub(crate) fn date(&self) -> NaiveDate {
        let named = self.name.get(..10).and_then(|date| date.parse().ok());
        // A check has no name.
        named.unwrap_or_else(|| self.settings.zone.date(self.through))
    }
}

/// Reads the tables and the state. The rows of a shard decide which part of the state it reads.
fn load_with_state(
    input: &Path,
    settings: &Settings,
    register: &Register,
    (shard, through): (Shard, Instant),
) -> Result<(Loaded, State), RunError> {
    let nobody = ExcludedAccounts::default();
    let load = || load(input, settings, register, (nobody, shard), through);
    if shard.is_whole() {
        let (loaded, state) = rayon::join(load, || register.state());
        return Ok((loaded?, state?));
    }
    let loaded = load()?;
    let state = register.state_of(&loaded.answers)?;
    Ok((loaded, state))
}

/// Reads the tables, under the rules of the register.
fn load(
    input: &Path,
    settings: &Settings,
    register: &Register,
    (withheld, shard): (ExcludedAccounts, Shard),
    through: Instant,
) -> Result<Loaded, RunError> {
    let mut loaded = input::load(input, settings, withheld, shard)?;
    loaded.book.rules = register.rules();
    loaded.book.accounts.iter_mut().for_each(|account| account.become_as_of(through));
    void_credits::resolve(&mut loaded, register)?;
    loaded.warnings.extend(seller::doubt(settings, &loaded.book).map(Warning));
    Ok(loaded)
}
