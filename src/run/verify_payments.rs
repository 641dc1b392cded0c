//! What `prorata verify` checks about payments: what is owed goes on from close to close, every
//! payment is the sum of its parts, and tables and state say the same as the manifest.

use std::collections::BTreeMap;
use std::path::Path;

use super::RunError;
use crate::invoice::{PaymentSums, open_by_currency};
use crate::publish::{ProofError, column_sums};
use crate::register::{
    Close, MANIFEST, PaymentTotals, Register, RegisterError, TotalsByCurrency, read_receivables,
};
use crate::value::{Amount, Currency};

type Sums = BTreeMap<Currency, Amount>;

/// Checks all closes of a register. Returns what is wrong.
pub fn check_payments(register: &Register) -> Result<Vec<String>, RunError> {
    let mut findings = Vec::new();
    let mut carried = Sums::new();
    for close in &register.closes {
        let manifest = close.path.join(MANIFEST).display().to_string();
        let found = Found::read(close)?;
        let mut closing = Sums::new();
        for (code, totals) in &close.manifest.totals {
            let Some((currency, sums, due)) = parse(code, totals) else {
                findings.push(format!("{manifest}: the sums in {code} are no amounts"));
                continue;
            };
            let opens = of(&carried, currency) == sums.opening_receivable;
            let broken = found.broken(currency, &sums, due);
            let broken = (!opens).then_some("opens otherwise than it closed").or(broken);
            findings.extend(broken.map(|law| format!("{manifest}: what is owed in {code} {law}")));
            closing.insert(currency, sums.closing_receivable);
        }
        carried = closing;
    }
    Ok(findings)
}

/// What the files of a close add up to.
struct Found {
    payments: Sums,
    receivables: Sums,
    state: Sums,
}

impl Found {
    fn read(close: &Close) -> Result<Self, RunError> {
        let state = open_by_currency(&read_receivables(&close.path)?);
        Ok(Self {
            payments: table_sums(&close.path, "payments_applied.csv", "amount")?,
            receivables: table_sums(&close.path, "receivables.csv", "open")?,
            state: state.map_err(ProofError::TooLarge)?,
        })
    }

    /// The first law that does not hold.
    fn broken(&self, currency: Currency, sums: &PaymentSums, due: Amount) -> Option<&'static str> {
        let closing = sums.closing_receivable;
        let received = sums.received.checked_sub(sums.returned);
        let laws = [
            (sums.add_up(), "was paid by payments that are not the sum of their parts"),
            (sums.expected_receivable(due) == Some(closing), "does not reconcile"),
            (of(&self.state, currency) == closing, "is not what the state holds"),
            (of(&self.receivables, currency) == closing, "is not what receivables.csv says"),
            (
                Some(of(&self.payments, currency)) == received,
                "was not paid as payments_applied.csv says",
            ),
        ];
        laws.into_iter().find(|(holds, _)| !holds).map(|(_, law)| law)
    }
}

fn of(sums: &Sums, currency: Currency) -> Amount {
    sums.get(&currency).copied().unwrap_or_default()
}

fn table_sums(close: &Path, table: &'static str, column: &str) -> Result<Sums, RunError> {
    let path = close.join(table);
    let content =
        std::fs::read(&path).map_err(|source| RegisterError::Unreadable { path, source })?;
    Ok(column_sums(table, &content, &[column])?.swap_remove(0))
}

/// The sums that a manifest has in a currency, and what its documents ask for.
fn parse(code: &str, totals: &TotalsByCurrency) -> Option<(Currency, PaymentSums, Amount)> {
    let currency = Currency::from_code(code)?;
    let amount = |text: &str| Amount::parse(text, currency).ok();
    let PaymentTotals {
        received,
        returned,
        paid,
        overpaid,
        taken_back,
        refunded,
        credited,
        opening_receivable,
        closing_receivable,
    } = &totals.payments;
    let sums = PaymentSums {
        received: amount(received)?,
        returned: amount(returned)?,
        paid: amount(paid)?,
        overpaid: amount(overpaid)?,
        taken_back: amount(taken_back)?,
        refunded: amount(refunded)?,
        credited: amount(credited)?,
        opening_receivable: amount(opening_receivable)?,
        closing_receivable: amount(closing_receivable)?,
    };
    Some((currency, sums, amount(&totals.amount_due)?))
}
