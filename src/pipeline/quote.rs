//! Quotes a change of a subscription: bills its account as closes do, with the change and without it.
//! Nothing is written, and the rows of other accounts are not read.

use std::collections::BTreeSet;

use super::compute::bill;
use super::context::{CloseContext, Folders};
use super::error::RunError;
use super::number::number;
use super::settle::settle;
use crate::config;
use crate::input::{Payer, ProposedChange, ProposedChanges, payer_of};
use crate::invoice::{ChangeQuestion, ChangeQuote, Unquotable, quote_change};
use crate::model::{Account, BillingInput, Invoice, Price};
use crate::payments::AccountIds;
use crate::problem::{Problem, Problems};
use crate::register::Register;
use crate::table::{Warning, display_name, is_of};
use crate::value::{AsOf, Instant};

/// What is asked.
pub(crate) struct QuoteQuestion<'a> {
    pub(crate) places: &'a Folders,
    pub(crate) subscription: &'a str,
    /// The changes, all at one instant.
    pub(crate) changes: &'a [ProposedChange],
    pub(crate) at: AsOf,
    pub(crate) now: Instant,
}

/// A quote, and what its words need.
pub(crate) struct Quoted {
    pub(crate) quote: ChangeQuote,
    pub(crate) at: Instant,
    pub(crate) account: Account,
    pub(crate) prices: Vec<Price>,
    pub(crate) warnings: Vec<Warning>,
}

/// Quotes a change.
///
/// # Errors
/// Problems of the change and of the account's rows, and a change that comes before the newest close.
pub(crate) fn quote(question: &QuoteQuestion<'_>) -> Result<Quoted, RunError> {
    let input = &question.places.input;
    let (settings, _) = config::load(input)?;
    let (register, payer) = rayon::join(
        || Register::open(&question.places.output),
        || payer_of(input, &settings, question.subscription),
    );
    let register = register?.remembering();
    let account = match payer? {
        Payer::Account(account) => account,
        Payer::Unclear(problems) => return Err(RunError::of_input(problems)),
        Payer::Unknown => {
            let what = format!("subscription {}", question.subscription);
            return Err(RunError::NotInInput {
                file: display_name(input, "subscriptions.csv"),
                what,
            });
        }
    };
    let proposed = ProposedChanges {
        subscription: question.subscription,
        at: question.at,
        now: question.now,
        changes: question.changes,
    };
    let context = CloseContext::of_account(input, settings, register, (&account, &proposed))?;
    if !context.loaded.problems.is_empty() {
        return Err(RunError::of_input(context.loaded.problems));
    }
    Biller::new(context, &proposed)?.quote()
}

/// Bills one account by several logs.
struct Biller<'q> {
    context: CloseContext,
    proposed: &'q ProposedChanges<'q>,
    /// Index of the subscription.
    subscription: usize,
    at: Instant,
}

impl<'q> Biller<'q> {
    fn new(mut context: CloseContext, proposed: &'q ProposedChanges<'q>) -> Result<Self, RunError> {
        let CloseContext { loaded, register, last, .. } = &mut context;
        let book = &mut loaded.book;
        let is_it = |id: &str| id == proposed.subscription;
        let subscription = book.subscriptions.iter().position(|item| is_it(&item.id));
        let subscription = subscription.expect("a row without problems was read");
        let account = &book.accounts[book.subscriptions[subscription].account];
        let at = proposed.at.at(account.zone, proposed.now);
        if let Some(last) = last.of_account(&account.id).filter(|last| at <= *last) {
            let (at, newest) = (at.to_string(), last.to_string());
            return Err(RunError::QuoteBeforeNewest { at, newest });
        }
        leave_out_payments_of_others(book, register)?;
        Ok(Self { context, proposed, subscription, at })
    }

    fn quote(mut self) -> Result<Quoted, RunError> {
        let with = std::mem::take(&mut self.context.loaded.book);
        let is_proposed = |line| ProposedChanges::place_of(line).is_some();
        let without = with.with_some_changes(|_, change| !is_proposed(change.line));
        let tax = self.context.settings.tax.clone();
        let (subscription, at) = (self.subscription, self.at);
        let question =
            ChangeQuestion { with: &with, without: &without, subscription, at, tax: &tax };
        let quote = quote_change(question, |book, through| self.documents(book, through));
        let quote = quote.map_err(|error| match error {
            Unquotable::Bill(error) => error,
            Unquotable::Late => {
                RunError::QuoteBeforeCorrections { account: with.accounts[0].id.to_string() }
            }
            Unquotable::TooLarge => RunError::of_input(self.too_large()),
        })?;
        let BillingInput { accounts, prices, .. } = with;
        let account = accounts.into_iter().next().expect("the account that pays");
        let warnings = self.context.loaded.warnings;
        Ok(Quoted { quote, at, account, prices, warnings })
    }

    /// The documents of a close, numbered and settled.
    fn documents(
        &mut self,
        book: &BillingInput,
        through: Instant,
    ) -> Result<Vec<Invoice>, RunError> {
        self.context.loaded.book = book.clone();
        self.context.through = through;
        let context = &self.context;
        let billed = bill(context).map_err(|error| self.of_the_change(error))?;
        let no_effect = billed.exceptions.iter().filter(|it| it.kind == "no_effect");
        let ours = no_effect.filter_map(|it| {
            let changes = &book.changes[book.changes_of[self.subscription].clone()];
            let change = changes.iter().find(|change| change.id == it.reference)?;
            Some((ProposedChanges::place_of(change.line)?, it))
        });
        let refused = ours.map(|(place, it)| Problem {
            file: self.proposed.name(place),
            line: None,
            column: None,
            value: None,
            rule: format!("has no effect: {}", it.message),
            hint: "quote a subscription that runs; a new one has a row in subscriptions.csv".into(),
        });
        let refused: Vec<Problem> = refused.collect();
        if !refused.is_empty() {
            return Err(RunError::of_input(refused));
        }
        let (mut invoices, _) = number(context, billed.drafts)?;
        let due = context.payments.due(book, through);
        // Payments and credit notes pay open invoices; others have nothing to do with them.
        let has_notes = invoices.iter().any(|invoice| invoice.credits_invoice.is_some());
        let receivables = if due.is_empty() && !has_notes {
            Vec::new()
        } else {
            let named = due.iter().filter_map(|payment| payment.invoice_number.as_deref());
            context.register.receivables_of(&book.accounts[0].id, &named.collect())?
        };
        let mut settled =
            settle(context, &invoices, (receivables, AccountIds::of(&book.accounts)))?;
        settled.settlement.note_in(&mut invoices);
        Ok(invoices)
    }

    /// The same error, with the proposals in the place of their rows.
    fn of_the_change(&self, error: RunError) -> RunError {
        let RunError::Problems { problems, .. } = error else { return error };
        let mut named = Problems::default();
        named.extend(problems.kept().iter().cloned().map(|problem| {
            let is_change = is_of(&problem.file, "changes.csv");
            match problem.line.filter(|_| is_change).and_then(ProposedChanges::place_of) {
                Some(place) => Problem { file: self.proposed.name(place), line: None, ..problem },
                None => problem,
            }
        }));
        RunError::of_input(named)
    }

    fn too_large(&self) -> Vec<Problem> {
        vec![Problem {
            file: self.proposed.name(0),
            line: None,
            column: None,
            value: None,
            rule: "leads to sums that do not fit 64 bits".to_owned(),
            hint: "check its price and its quantity".to_owned(),
        }]
    }
}

/// Leaves out payments that name no account, and an invoice of another one.
fn leave_out_payments_of_others(
    book: &mut BillingInput,
    register: &Register,
) -> Result<(), RunError> {
    let nameless = book.payments.iter().filter(|payment| payment.account.is_none());
    let named: BTreeSet<&str> =
        nameless.filter_map(|payment| payment.invoice_number.as_deref()).collect();
    if named.is_empty() {
        return Ok(());
    }
    let account = &book.accounts[0].id;
    let receivables = register.receivables_of(account, &named)?;
    let own: BTreeSet<String> = receivables
        .iter()
        .filter(|it| it.account_id == *account)
        .map(|it| it.invoice_number.to_string())
        .collect();
    book.payments.retain(|payment| {
        payment.account.is_some()
            || payment.invoice_number.as_deref().is_some_and(|number| own.contains(number))
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_folder_without_input_is_said() {
        let places = Folders { input: "nowhere".into(), output: "nowhere".into() };
        let now = Instant::from_unix_seconds(0);
        let changes = [ProposedChange::parse("cancel").expect("a change")];
        let question = QuoteQuestion {
            places: &places,
            subscription: "s",
            changes: &changes,
            at: AsOf::Today,
            now,
        };
        let error = quote(&question).err().expect("an error");
        assert_eq!(error.exit_code(), 66, "{error}");
        assert!(!Path::new("nowhere").exists());
    }
}
