//! `--withhold`: leaves out accounts with problems entirely, and bills the others.
//!
//! Leaving accounts out may cause new problems; a payment, for example, may then be refused. So the
//! run repeats until no problems remain. Problems not tied to an account still stop the close,
//! because they may concern any account. A missing row may also be one of many.

use std::collections::{BTreeMap, BTreeSet};

use super::compute::compute;
use super::computed::ComputedClose;
use super::context::CloseContext;
use super::error::RunError;
use super::timings::StageTimings;
use crate::input::{AffectedAccounts, AffectedRows};
use crate::model::ExcludedAccounts;
use crate::problem::{Problem, Problems};
use crate::render::csv::Exception;

/// Computes a close. If withholding is allowed, it leaves out accounts with problems and returns
/// those problems.
///
/// # Errors
/// The errors of [`compute`] that concern more than accounts, or all accounts.
pub(crate) fn compute_or_withhold(
    mut context: CloseContext,
    may_withhold: bool,
    stages: &mut StageTimings,
) -> Result<(CloseContext, ComputedClose, Problems), RunError> {
    let mut wrong = Problems::default();
    let mut exceptions = Vec::new();
    let mut payers = BTreeMap::new();
    loop {
        let found = match compute(&context, stages) {
            Err(RunError::Problems { problems, .. }) if may_withhold => problems,
            Err(other) => return Err(other),
            Ok(mut billed) => {
                billed.exceptions.append(&mut exceptions);
                return Ok((context, billed, wrong));
            }
        };
        let concerning = AffectedRows::read(&context.input, &context.settings.input, found.kept())?;
        payers.extend(payers_of(&context, &concerning.invoices())?);
        let AffectedAccounts { accounts, anybody } = concerning.concerned(&payers);
        let mut withheld = context.loaded.withheld.accounts.clone();
        let before = withheld.len();
        withheld.extend(accounts.keys().cloned());
        let left = context.loaded.book.accounts.iter().filter(|it| !withheld.contains(&*it.id));
        let note = if !anybody.is_empty() {
            Some(format!("{} may concern any account", shown(&anybody)))
        } else if left.count() == 0 || withheld.len() == before {
            Some("no account is without problems".to_owned())
        } else {
            None
        };
        for (account, problems) in &accounts {
            exceptions.extend(problems.iter().map(|problem| exception(account, problem)));
        }
        if let Some(note) = note {
            wrong.append(found);
            return Err(RunError::Problems { problems: wrong, listed: None, note: Some(note) });
        }
        // The next round finds the problems that are only counted here.
        wrong.extend(found.kept().iter().cloned());
        let invoices = invoices_of(&context, &withheld, &payers)?;
        let withheld =
            ExcludedAccounts { accounts: withheld, invoices, ..ExcludedAccounts::default() };
        context = context.without(withheld)?;
    }
}

fn shown(anybody: &[&Problem]) -> String {
    let first = anybody[0].message();
    match anybody.len() {
        1 => format!("this one ({first})"),
        count => format!("{count} of them (the first: {first})"),
    }
}

fn exception(account: &str, problem: &Problem) -> Exception {
    // What is published does not depend on where the inputs are.
    let file = problem.file.rsplit('/').next().unwrap_or_default();
    let problem = Problem { file: file.to_owned(), ..problem.clone() };
    let line = problem.line.map_or_else(String::new, |line| format!(":{line}"));
    Exception {
        kind: "withheld",
        account_id: account.into(),
        subscription_id: String::new(),
        reference: format!("{}{line}", problem.file).into(),
        message: format!(
            "the account was left out, and the next close catches up: {}",
            problem.message()
        )
        .into(),
        not_credited: None,
    }
}

/// The payers of some invoices.
fn payers_of(
    context: &CloseContext,
    numbers: &BTreeSet<&str>,
) -> Result<BTreeMap<String, String>, RunError> {
    if numbers.is_empty() {
        return Ok(BTreeMap::new());
    }
    let receivables = context.register.receivables(numbers, context.billing.shard)?;
    Ok(receivables
        .iter()
        .map(|it| (it.invoice_number.to_string(), it.account_id.to_string()))
        .collect())
}

/// The invoices of accounts, by the number that payments use.
fn invoices_of(
    context: &CloseContext,
    accounts: &BTreeSet<String>,
    payers: &BTreeMap<String, String>,
) -> Result<BTreeSet<String>, RunError> {
    let nameless = context.loaded.book.payments.iter().filter(|it| it.account.is_none());
    let named: BTreeSet<&str> = nameless.filter_map(|it| it.invoice_number.as_deref()).collect();
    let mut payers = payers.clone();
    payers.extend(payers_of(context, &named)?);
    payers.retain(|_, account| accounts.contains(account));
    Ok(payers.into_keys().chain(context.loaded.withheld.invoices.iter().cloned()).collect())
}
