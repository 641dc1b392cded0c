//! Reads the files of the input folder in the order of their references, and groups the rows.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::account_changes::{self, AccountChangeRows};
use super::group::{OptionalTables, group};
use super::known::{Known, KnownProducts};
use super::proposed::ProposedChanges;
use super::tax_codes::TaxCodes;
use super::tiers::{self, Tiers};
use super::{
    accounts, adjustments, changes, discounts, exceptions, other_payers, payments, price_changes,
    prices, subscriptions, tax_components, tax_rates, taxpayers, voids,
};
use crate::config::Settings;
use crate::model::{
    Account, Adjustment, AnsweredIds, Answers, BillingInput, Change, Discount, ExcludedAccounts,
    Payment, Price, PriceChange, Shard, Subscription, TaxTable, Void,
};
use crate::problem::Problems;
use crate::table::Warning;
use crate::table::{
    Files, Index, Opened, OwnerColumns, Part, RejectedIds, Reported, Source, SourceErrors,
    TableKey, TableReader, display_name, is_of,
};

/// The input of a run.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    /// All valid rows.
    pub(crate) book: BillingInput,
    /// The files that were read.
    pub(crate) sources: Vec<Source>,
    /// Ids of subscriptions with invalid changes. Their timelines have gaps, so nothing more is
    /// reported about them.
    pub(crate) gaps: HashSet<String>,
    /// The problems. If there are any, `book` is incomplete.
    pub(crate) problems: Problems,
    pub(crate) warnings: Vec<Warning>,
    /// The accounts left out.
    pub(crate) withheld: ExcludedAccounts,
    /// The rows of the register that this input is compared with, until they are read.
    pub(crate) answers: Answers,
}

impl Loaded {
    /// Whether every row of a file is valid. Otherwise a missing row may be one that was reported.
    pub(crate) fn is_whole(&self, file: &str) -> bool {
        self.problems.files().all(|wrong| !is_of(wrong, file))
    }
}

/// Reads and checks all files of the input folder, and leaves some accounts out. Of a shard it keeps
/// the rows of its accounts, and the rows that belong to no account.
///
/// # Errors
/// All required files that cannot be read. Problems *in* the files are in [`Loaded::problems`].
pub(crate) fn load(
    input: &Path,
    settings: &Settings,
    withheld: ExcludedAccounts,
    shard: Shard,
) -> Result<Loaded, SourceErrors> {
    TableReader { withheld, shard, ..TableReader::new(input) }.load(settings)
}

/// Sorts problems by file in reading order, then by line; billing.toml comes first.
pub(crate) fn sort(problems: &mut Problems) {
    problems.sort_by_key(|problem| {
        let file = super::FILES.iter().position(|name| is_of(&problem.file, name));
        (file.map_or(0, |place| place + 1), problem.line.unwrap_or_default())
    });
}

impl TableReader<'_> {
    /// Reads and checks all files of the input folder.
    pub(crate) fn load(self, settings: &Settings) -> Result<Loaded, SourceErrors> {
        self.load_with(settings, None)
    }

    /// Does the same, with changes that are not in the file.
    pub(super) fn load_with(
        mut self,
        settings: &Settings,
        proposed: Option<&ProposedChanges<'_>>,
    ) -> Result<Loaded, SourceErrors> {
        let input = self.input;
        self.settings = settings.input.clone();
        self.findings.problems.extend(exceptions::problems(&self.settings, input));
        let files = Files::open(input)?;
        let (taxes, tax_codes) = self.taxes(files.tax_rates);
        self.findings.problems.extend(tax_codes.check_default(settings, input));
        let dated = self.account_changes(files.account_changes);
        let (accounts, account_index) = self.accounts(files.accounts, settings, &tax_codes, &dated);
        let tiers = files.tiers.map(|content| self.tiers(content)).unwrap_or_default();
        let prices = self.prices(files.prices, &tiers, settings, &tax_codes);
        let (prices, price_index, products) = prices;
        let list = self.price_changes(files.price_changes, &prices, &price_index);
        let (subscriptions, subscription_index, of_subscriptions) =
            self.subscriptions(files.subscriptions, &accounts, &account_index, &price_index);
        let known = Known {
            accounts: &accounts,
            account_index: &account_index,
            price_index: &price_index,
            subscriptions: &subscriptions,
            subscription_index: &subscription_index,
            products: &products,
            tax_codes: &tax_codes,
            zone: settings.zone,
        };
        let (mut changes, gaps) = self.changes(files.changes, &known);
        if let Some(proposed) = proposed {
            changes.append(&mut proposed.read(&mut self, &known, &changes));
        }
        let price_changes = self.checked_list(list, &known, &prices, &changes);
        let changes = price_changes::spread(&price_changes, &accounts, &subscriptions, changes);
        let (discounts, of_discounts) = self.discounts(files.discounts, &known);
        let (adjustments, of_adjustments) = self.adjustments(files.adjustments, &known);
        let voids = self.voids(files.voids);
        let (payments, of_payments) = self.payments(files.payments, &known);
        let answers = Answers {
            shard: self.shard,
            subscriptions: of_subscriptions,
            discounts: of_discounts,
            adjustments: of_adjustments,
            payments: of_payments,
        };
        let around = OptionalTables { discounts, adjustments, payments };
        drop((account_index, subscription_index));
        let withheld = std::mem::take(&mut self.withheld);
        let (sources, mut findings) = self.finish()?;
        let book = BillingInput {
            taxes,
            voids,
            price_changes,
            ..group(accounts, prices, subscriptions, changes, around)
        };
        taxpayers::check(&book, settings, input, &mut findings);
        sort(&mut findings.problems);
        Ok(Loaded {
            book,
            sources,
            gaps,
            problems: findings.problems,
            warnings: findings.warnings,
            withheld,
            answers,
        })
    }

    /// The rates, and the codes that other files may use. Rows of one code differ by place and
    /// validity.
    fn taxes(&mut self, content: Option<Opened>) -> (TaxTable, TaxCodes) {
        let name = "tax_rates.csv";
        let Some(content) = content else { return (TaxTable::default(), TaxCodes::none()) };
        let mut rates = Vec::new();
        let mut broken = RejectedIds::default();
        let complete = self.each_row(name, content, &tax_rates::COLUMNS, |row| {
            match row.sound().and_then(|()| row.read(tax_rates::parse)) {
                Ok(rate) => rates.push(rate),
                Err(Reported) => broken.insert(&row.glimpse("code")),
            }
        });
        if !complete {
            broken.set_incomplete();
        }
        let file = display_name(self.input, name);
        self.findings.problems.extend(tax_rates::overlaps(&file, &rates));
        self.findings.problems.extend(tax_rates::ambiguous_categories(&file, &rates));
        self.findings.problems.extend(tax_rates::ambiguous_translations(&file, &rates));
        let codes = TaxCodes::new(&rates, broken);
        self.findings.problems.extend(tax_components::check(&file, &mut rates));
        self.findings.warnings.extend(tax_components::left_out(&file, &rates));
        (TaxTable::new(rates), codes)
    }

    fn account_changes(&mut self, content: Option<Opened>) -> AccountChangeRows {
        let name = account_changes::FILE;
        let mut rows = AccountChangeRows::new(display_name(self.input, name), &accounts::COLUMNS);
        if let Some(content) = content {
            self.each_row(name, content, &account_changes::COLUMNS, |row| rows.read(row));
        }
        rows
    }

    fn accounts(
        &mut self,
        content: Opened,
        settings: &Settings,
        tax_codes: &TaxCodes,
        changes: &AccountChangeRows,
    ) -> (Vec<Account>, Index) {
        let name = "accounts.csv";
        let key = TableKey {
            shard_by: OwnerColumns::ACCOUNT,
            ..TableKey::own("account_id", |item: &Account| (&item.id, item.line))
        };
        let mut rows = self.rows(name, content, &accounts::COLUMNS, &key, |row| {
            accounts::parse(row, settings, tax_codes, changes)
        });
        // Also leave out accounts that have no row.
        self.withheld.accounts.iter().for_each(|id| rows.broken.insert(id));
        let (accounts, index) = rows.indexed(name, &key);
        let (shard, part) = (self.shard, &self.part);
        let is_read = |id: &str| shard.has(id) && *part == Part::All;
        self.findings.problems.extend(changes.orphans(&index, is_read));
        (accounts, index)
    }

    fn prices(
        &mut self,
        content: Opened,
        tiers: &Tiers,
        settings: &Settings,
        tax_codes: &TaxCodes,
    ) -> (Vec<Price>, Index, KnownProducts) {
        let name = "prices.csv";
        let key = TableKey::own("price_id", |item: &Price| (&item.id, item.line));
        let rows = self.rows(name, content, &prices::COLUMNS, &key, |row| {
            prices::parse(row, tiers, settings, tax_codes)
        });
        let products = KnownProducts::new(&rows.items, !rows.broken.is_empty());
        let (prices, index) = rows.indexed(name, &key);
        let file = display_name(self.input, tiers::FILE);
        self.findings.problems.extend(tiers.orphans(&file, &index));
        (prices, index, products)
    }

    fn price_changes(
        &mut self,
        content: Option<Opened>,
        prices: &[Price],
        index: &Index,
    ) -> Vec<PriceChange> {
        let key = TableKey::own("price_change_id", |item: &PriceChange| (&item.id, item.line));
        let columns = &price_changes::COLUMNS;
        self.rows_if_any(price_changes::FILE, content, columns, &key, |row| {
            price_changes::parse(row, prices, index)
        })
        .items
    }

    /// The price list, of which the rows fit each other and the log.
    fn checked_list(
        &mut self,
        list: Vec<PriceChange>,
        known: &Known<'_>,
        prices: &[Price],
        changes: &[(u32, Change)],
    ) -> Vec<PriceChange> {
        let file = display_name(self.input, price_changes::FILE);
        let zones = known.accounts.iter().map(|account| account.zone);
        let problems = price_changes::contradictions(&file, &list, prices, zones);
        self.findings.problems.extend(problems);
        self.findings.problems.extend(price_changes::doubled_ids(&file, &list, changes));
        list
    }

    fn tiers(&mut self, content: Opened) -> Tiers {
        let mut tiers = Tiers::default();
        if !self.each_row(tiers::FILE, content, &tiers::COLUMNS, |row| tiers.read(row)) {
            tiers.set_incomplete();
        }
        self.findings.problems.extend(tiers.check(&display_name(self.input, tiers::FILE)));
        tiers
    }

    fn subscriptions(
        &mut self,
        content: Opened,
        accounts: &[Account],
        account_index: &Index,
        price_index: &Index,
    ) -> (Vec<Subscription>, Index, AnsweredIds) {
        let name = "subscriptions.csv";
        let key = TableKey {
            look_ahead: Some(&|header, records| {
                account_index
                    .look_ahead((header, records), "account_id", |place| accounts[place].zone);
            }),
            shard_by: OwnerColumns::ACCOUNT,
            ..TableKey::own("subscription_id", |item: &Subscription| (&item.id, item.line))
        };
        let rows = self.rows(name, content, &subscriptions::COLUMNS, &key, |row| {
            subscriptions::parse(row, accounts, account_index, price_index)
        });
        self.withheld.subscriptions = rows.broken.ids();
        let answered = rows.answered(&key);
        let (subscriptions, index) = rows.indexed(name, &key);
        (subscriptions, index, answered)
    }

    /// The changes, each with the index of its subscription, and the ids of subscriptions with
    /// invalid changes.
    fn changes(
        &mut self,
        content: Opened,
        known: &Known<'_>,
    ) -> (Vec<(u32, Change)>, HashSet<String>) {
        let subscriptions = known.subscriptions;
        let key = TableKey {
            owner: "subscription_id",
            look_ahead: Some(&|header, records| {
                let index = known.subscription_index;
                index.look_ahead((header, records), "subscription_id", |place| {
                    subscriptions[place].started_at
                });
            }),
            owned_by: Some(&|(place, _)| Arc::clone(&subscriptions[*place as usize].id)),
            shard_by: OwnerColumns::of_subscription(known.subscription_index),
            ..TableKey::own("change_id", |(_, change): &(u32, Change)| (&change.id, change.line))
        };
        let columns = &changes::COLUMNS;
        let rows =
            self.rows("changes.csv", content, columns, &key, |row| changes::parse(row, known));
        (rows.items, rows.broken.into_ids(subscriptions.iter().map(|item| &item.id)))
    }

    fn discounts(
        &mut self,
        content: Option<Opened>,
        known: &Known<'_>,
    ) -> (Vec<Discount>, AnsweredIds) {
        let payers = Mutex::new(Vec::new());
        let key = TableKey {
            shard_by: OwnerColumns::of_either(known.subscription_index),
            of_others: Some(&|row| {
                if let Some(payer) = discounts::look_at_other(row, known) {
                    payers.lock().expect("no thread panics").push(payer);
                }
            }),
            ..TableKey::own("discount_id", |item: &Discount| (&item.id, item.line))
        };
        let columns = &discounts::COLUMNS;
        let rows = self.rows_if_any("discounts.csv", content, columns, &key, |row| {
            discounts::parse(row, known)
        });
        self.withheld.discounts = rows.broken.ids();
        let answered = rows.answered(&key);
        let payers = payers.into_inner().expect("no thread panics");
        let found = (known.accounts, known.subscriptions);
        let problems = other_payers::problems((self.input, &self.settings), found, payers);
        self.findings.problems.extend(problems);
        (rows.items, answered)
    }

    fn adjustments(
        &mut self,
        content: Option<Opened>,
        known: &Known<'_>,
    ) -> (Vec<Adjustment>, AnsweredIds) {
        let key = TableKey {
            shard_by: OwnerColumns::ACCOUNT,
            ..TableKey::own("adjustment_id", |item: &Adjustment| (&item.id, item.line))
        };
        let columns = &adjustments::COLUMNS;
        let rows = self.rows_if_any("adjustments.csv", content, columns, &key, |row| {
            adjustments::parse(row, known)
        });
        self.withheld.adjustments = rows.broken.ids();
        let answered = rows.answered(&key);
        (rows.items, answered)
    }

    /// Every shard reads all of them, because only the register knows their accounts.
    fn voids(&mut self, content: Option<Opened>) -> Vec<Void> {
        let key = TableKey::own("invoice_number", |item: &Void| (&item.invoice_number, item.line));
        self.rows_if_any("voids.csv", content, &voids::COLUMNS, &key, voids::parse).items
    }

    fn payments(
        &mut self,
        content: Option<Opened>,
        known: &Known<'_>,
    ) -> (Vec<Payment>, AnsweredIds) {
        let key = TableKey {
            shard_by: OwnerColumns::PAYER,
            ..TableKey::own("payment_id", |item: &Payment| (&item.id, item.line))
        };
        let columns = &payments::COLUMNS;
        let rows = self
            .rows_if_any("payments.csv", content, columns, &key, |row| payments::parse(row, known));
        self.withheld.payments = rows.broken.ids();
        let answered = rows.answered(&key);
        (rows.items, answered)
    }
}
