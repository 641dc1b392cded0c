//! Reads the files of the input folder in the order in which they refer to each other, and
//! groups what they say.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use super::field::Reported;
use super::group::{Around, group};
use super::index::{Broken, Index};
use super::known::{Known, Products};
use super::rows::{Key, Reader};
use super::source::{Files, Source, SourceErrors};
use super::table::Findings;
use super::tax_codes::TaxCodes;
use super::tiers::{self, Tiers};
use super::{
    accounts, adjustments, changes, discounts, display_name, payments, prices, subscriptions,
    tax_rates,
};
use crate::config::Settings;
use crate::model::{Account, Book, Change, Price, Subscription, TaxTable};
use crate::problem::Problem;

/// Something odd that does not stop the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning(pub String);

/// The input of a run.
#[derive(Debug)]
pub struct Loaded {
    /// Every row that could be understood.
    pub book: Book,
    /// The files that were read.
    pub sources: Vec<Source>,
    /// Ids of subscriptions some of whose changes could not be understood: their timelines have
    /// gaps, and nothing further can be said of them.
    pub gaps: HashSet<String>,
    /// Every row that could not, and why. If there are any, the book is not complete.
    pub problems: Vec<Problem>,
    /// What is odd.
    pub warnings: Vec<Warning>,
}

impl Loaded {
    /// Whether every row of a file could be understood. What seems to be missing from one of which
    /// that is not so may well be there, and has been reported.
    pub fn is_whole(&self, file: &str) -> bool {
        self.problems.iter().all(|problem| !problem.file.ends_with(file))
    }
}

/// Reads and checks all files of the input folder.
///
/// # Errors
/// Files that must be there and cannot be read, all of them. What is wrong *in* the files is in
/// [`Loaded::problems`].
pub fn load(input: &Path, settings: &Settings) -> Result<Loaded, SourceErrors> {
    let mut reader = Reader { input, findings: Findings::default(), sources: Vec::new() };
    let files = Files::read(input)?;

    let (taxes, tax_codes) = reader.taxes(files.tax_rates.as_deref());
    reader.findings.problems.extend(tax_codes.check_default(settings, input));
    let (accounts, broken) = reader.accounts(&files.accounts, settings, &tax_codes);
    let account_index = Index::new("accounts.csv", accounts.iter().map(|item| &item.id), broken);
    let (prices, price_index, products) = reader.prices(&files, settings, &tax_codes);
    let (subscriptions, broken) =
        reader.subscriptions(&files.subscriptions, &accounts, &account_index, &price_index);
    let ids = subscriptions.iter().map(|item| &item.id);
    let subscription_index = Index::new("subscriptions.csv", ids, broken);
    let (changes, gaps) = reader.changes(
        &files.changes,
        &accounts,
        &subscriptions,
        &subscription_index,
        &price_index,
    );

    let around = reader.around(
        &files,
        &Known {
            accounts: &accounts,
            account_index: &account_index,
            subscriptions: &subscriptions,
            subscription_index: &subscription_index,
            products: &products,
            tax_codes: &tax_codes,
            zone: settings.zone,
        },
    );

    sort(&mut reader.findings.problems);
    Ok(Loaded {
        book: Book { taxes, ..group(accounts, prices, subscriptions, changes, around) },
        sources: reader.sources,
        gaps,
        problems: reader.findings.problems,
        warnings: reader.findings.warnings,
    })
}

/// Puts problems in the order of the files, as they are read, and of their lines; those of
/// billing.toml come first.
pub fn sort(problems: &mut [Problem]) {
    problems.sort_by_key(|problem| {
        let file = super::FILES.iter().position(|name| problem.file.ends_with(name));
        (file.map_or(0, |place| place + 1), problem.line.unwrap_or_default())
    });
}

impl Reader<'_> {
    /// The rates, and the codes that other files may choose. Rows of one code are told apart by
    /// where and when they are valid.
    fn taxes(&mut self, content: Option<&[u8]>) -> (TaxTable, TaxCodes) {
        let name = "tax_rates.csv";
        let Some(content) = content else { return (TaxTable::default(), TaxCodes::none()) };
        let mut rates = Vec::new();
        let mut broken = Broken::default();
        let complete = self.each_row(name, content, &tax_rates::COLUMNS, |row| {
            match row.sound().and_then(|()| tax_rates::parse(row)) {
                Ok(rate) => rates.push(rate),
                Err(Reported) => broken.insert(&row.glimpse("code")),
            }
        });
        if !complete {
            broken.set_incomplete();
        }
        let file = display_name(self.input, name);
        self.findings.problems.extend(tax_rates::overlaps(&file, &rates));
        let codes = TaxCodes::new(&rates, broken);
        (TaxTable::new(rates), codes)
    }

    fn accounts(
        &mut self,
        content: &[u8],
        settings: &Settings,
        tax_codes: &TaxCodes,
    ) -> (Vec<Account>, Broken) {
        let key = Key { id: "account_id", owner: "account_id" };
        self.rows("accounts.csv", content, &accounts::COLUMNS, key, |row| {
            let account = accounts::parse(row, settings.zone, tax_codes)?;
            Ok((Arc::clone(&account.id), account))
        })
    }

    fn prices(
        &mut self,
        files: &Files,
        settings: &Settings,
        tax_codes: &TaxCodes,
    ) -> (Vec<Price>, Index, Products) {
        let tiers = files.tiers.as_ref().map(|content| self.tiers(content)).unwrap_or_default();
        let key = Key { id: "price_id", owner: "price_id" };
        let columns = &prices::COLUMNS;
        let (prices, broken) = self.rows("prices.csv", &files.prices, columns, key, |row| {
            let price = prices::parse(row, &tiers, settings, tax_codes)?;
            Ok((Arc::clone(&price.id), price))
        });
        let products = Products::new(&prices, !broken.is_empty());
        let index = Index::new("prices.csv", prices.iter().map(|item| &item.id), broken);
        let file = display_name(self.input, "price_tiers.csv");
        self.findings.problems.extend(tiers.orphans(&file, &index));
        (prices, index, products)
    }

    fn tiers(&mut self, content: &[u8]) -> Tiers {
        let name = "price_tiers.csv";
        let mut tiers = Tiers::default();
        if !self.each_row(name, content, &tiers::COLUMNS, |row| tiers.read(row)) {
            tiers.set_incomplete();
        }
        self.findings.problems.extend(tiers.check(&display_name(self.input, name)));
        tiers
    }

    fn subscriptions(
        &mut self,
        content: &[u8],
        accounts: &[Account],
        account_index: &Index,
        price_index: &Index,
    ) -> (Vec<Subscription>, Broken) {
        let columns = &subscriptions::COLUMNS;
        let key = Key { id: "subscription_id", owner: "subscription_id" };
        self.rows("subscriptions.csv", content, columns, key, |row| {
            let subscription = subscriptions::parse(row, accounts, account_index, price_index)?;
            Ok((Arc::clone(&subscription.id), subscription))
        })
    }

    fn changes(
        &mut self,
        content: &[u8],
        accounts: &[Account],
        subscriptions: &[Subscription],
        subscription_index: &Index,
        price_index: &Index,
    ) -> (Vec<(usize, Change)>, HashSet<String>) {
        let key = Key { id: "change_id", owner: "subscription_id" };
        let (changes, broken) = self.rows("changes.csv", content, &changes::COLUMNS, key, |row| {
            let change =
                changes::parse(row, accounts, subscriptions, subscription_index, price_index)?;
            Ok((Arc::clone(&change.1.id), change))
        });
        (changes, broken.into_ids(subscriptions.iter().map(|item| &item.id)))
    }

    /// The files around the lines.
    fn around(&mut self, files: &Files, known: &Known<'_>) -> Around {
        let (discounts, adjustments) = (files.discounts.as_deref(), files.adjustments.as_deref());
        let key = Key { id: "discount_id", owner: "discount_id" };
        let columns = &discounts::COLUMNS;
        let discounts = self.rows_if_any("discounts.csv", discounts, columns, key, |row| {
            let discount = discounts::parse(row, known)?;
            Ok((Arc::clone(&discount.id), discount))
        });
        let key = Key { id: "adjustment_id", owner: "adjustment_id" };
        let columns = &adjustments::COLUMNS;
        let adjustments = self.rows_if_any("adjustments.csv", adjustments, columns, key, |row| {
            let adjustment = adjustments::parse(row, known)?;
            Ok((Arc::clone(&adjustment.id), adjustment))
        });
        let key = Key { id: "payment_id", owner: "payment_id" };
        let (content, columns) = (files.payments.as_deref(), &payments::COLUMNS);
        let payments = self.rows_if_any("payments.csv", content, columns, key, |row| {
            let payment = payments::parse(row, known)?;
            Ok((Arc::clone(&payment.id), payment))
        });
        Around { discounts, adjustments, payments }
    }
}
