//! `--withhold`: accounts with something wrong are left out whole, and the others are billed.
//!
//! Leaving accounts out may bring up more: a payment, say, that only then is refused. So it is
//! repeated until nothing is wrong. What cannot be laid to accounts stops the close as ever: it may
//! concern anybody, and a row that vanished may be one of many.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::RunError;
use super::ground::Ground;
use super::publication::Billed;
use crate::input::{Concerned, Concerning, Withheld};
use crate::problem::Problem;
use crate::render::csv::Exception;

/// Bills with `bill`, and leaves out accounts until that succeeds. What was wrong comes back as
/// well.
///
/// # Errors
/// Those of `bill`, where they are about more than accounts, or about all of them.
pub fn bill_the_others(
    mut ground: Ground,
    input: &Path,
    mut bill: impl FnMut(&Ground) -> Result<Billed, RunError>,
) -> Result<(Ground, Billed, Vec<Problem>), RunError> {
    let mut wrong: Vec<Problem> = Vec::new();
    let mut exceptions = Vec::new();
    let mut payers = BTreeMap::new();
    loop {
        let mut found = match bill(&ground) {
            Err(RunError::Problems { problems, .. }) => problems,
            Err(other) => return Err(other),
            Ok(mut billed) => {
                billed.exceptions.append(&mut exceptions);
                return Ok((ground, billed, wrong));
            }
        };
        let concerning = Concerning::read(input, &found)?;
        payers.extend(payers_of(&ground, &concerning.invoices())?);
        let Concerned { accounts, anybody } = concerning.concerned(&payers);
        let mut withheld = ground.loaded.withheld.accounts.clone();
        let before = withheld.len();
        withheld.extend(accounts.keys().cloned());
        let left = ground.loaded.book.accounts.iter().filter(|it| !withheld.contains(&*it.id));
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
        wrong.append(&mut found);
        if let Some(note) = note {
            return Err(RunError::Problems { problems: wrong, listed: None, note: Some(note) });
        }
        let invoices = invoices_of(&ground, &withheld, &payers)?;
        let withheld = Withheld { accounts: withheld, invoices, ..Withheld::default() };
        ground = ground.without(input, withheld)?;
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
    let file = problem.file.rsplit('/').next().unwrap_or_default();
    let line = problem.line.map_or_else(String::new, |line| format!(":{line}"));
    Exception {
        kind: "withheld",
        account_id: account.into(),
        subscription_id: String::new(),
        reference: format!("{file}{line}").into(),
        message: format!(
            "the account was left out, and the next close catches up: {}",
            problem.message()
        )
        .into(),
        not_credited: None,
    }
}

/// Whose invoices these are.
fn payers_of(
    ground: &Ground,
    numbers: &BTreeSet<&str>,
) -> Result<BTreeMap<String, String>, RunError> {
    if numbers.is_empty() {
        return Ok(BTreeMap::new());
    }
    let receivables = ground.register.receivables(numbers)?;
    Ok(receivables
        .iter()
        .map(|it| (it.invoice_number.to_string(), it.account_id.to_string()))
        .collect())
}

/// The invoices of accounts by which payments name them.
fn invoices_of(
    ground: &Ground,
    accounts: &BTreeSet<String>,
    payers: &BTreeMap<String, String>,
) -> Result<BTreeSet<String>, RunError> {
    let nameless = ground.loaded.book.payments.iter().filter(|it| it.account.is_none());
    let named: BTreeSet<&str> = nameless.filter_map(|it| it.invoice_number.as_deref()).collect();
    let mut payers = payers.clone();
    payers.extend(payers_of(ground, &named)?);
    payers.retain(|_, account| accounts.contains(account));
    Ok(payers.into_keys().chain(ground.loaded.withheld.invoices.iter().cloned()).collect())
}
