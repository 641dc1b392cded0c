//! Checks payments for `prorata verify`: receivables carry over from close to close, every payment
//! is the sum of its parts, and the state agrees with the manifest.

use std::collections::BTreeMap;

use crate::model::PaidOtherwise;
use crate::payments::{PaymentSums, open_by_currency};
use crate::pipeline::{REFUNDS, RunError, each_row};
use crate::publish::ProofError;
use crate::register::{
    Close, MANIFEST, PaymentTotals, Register, State, TotalsByCurrency, receivable_pieces,
};
use crate::value::{Amount, Currency};

type PaymentSumsByCurrency = BTreeMap<Currency, Amount>;

/// Checks all closes of a register, and returns the findings.
pub(crate) fn check_payments(register: &Register) -> Result<Vec<String>, RunError> {
    let mut findings = Vec::new();
    let mut carried = PaymentSumsByCurrency::new();
    for close in &register.closes {
        let manifest = close.path.join(MANIFEST).display().to_string();
        let mut state = PaymentSumsByCurrency::new();
        for receivables in receivable_pieces(&close.path) {
            let open = open_by_currency(&receivables?).map_err(ProofError::TooLarge)?;
            for (currency, amount) in open {
                let sum = state.entry(currency).or_default();
                *sum = sum.checked_add(amount).ok_or(ProofError::TooLarge(currency))?;
            }
        }
        let mut closing = PaymentSumsByCurrency::new();
        for (code, totals) in &close.manifest.totals {
            let Some((currency, sums, due)) = payments_of(code, totals) else {
                findings.push(format!("{manifest}: the sums in {code} are no amounts"));
                continue;
            };
            let opens = of(&carried, currency) == sums.opening_receivable;
            let broken = broken(of(&state, currency), &sums, due);
            let broken = (!opens).then_some("opens otherwise than it closed").or(broken);
            findings.extend(broken.map(|law| format!("{manifest}: what is owed in {code} {law}")));
            closing.insert(currency, sums.closing_receivable);
        }
        carried = closing;
        findings.extend(check_refunds(close)?);
    }
    Ok(findings)
}

/// Checks that what a close lists to be paid back is credit in its state.
fn check_refunds(close: &Close) -> Result<Vec<String>, RunError> {
    let path = close.path.join(REFUNDS);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let credit = State::read_credit(&close.path)?;
    let mut findings = Vec::new();
    each_row(&close.path, REFUNDS, |row| {
        let account_id = row.text("account_id");
        let held = row.currency().and_then(|currency| credit.get(account_id)?.get(&currency));
        if held.is_none() || row.money("amount").as_ref() != held {
            let path = path.display();
            findings.push(format!("{path}: what {account_id} gets back is not its credit"));
        }
    })?;
    Ok(findings)
}

/// The first law that does not hold. `state` is the open amount of the state. The tables are proved
/// with the other sums.
fn broken(state: Amount, sums: &PaymentSums, due: Amount) -> Option<&'static str> {
    let closing = sums.closing_receivable;
    let laws = [
        (sums.add_up(), "was paid by payments that are not the sum of their parts"),
        (sums.expected_receivable(due) == Some(closing), "does not reconcile"),
        (state == closing, "is not what the state holds"),
    ];
    laws.into_iter().find(|(holds, _)| !holds).map(|(_, law)| law)
}

fn of(sums: &PaymentSumsByCurrency, currency: Currency) -> Amount {
    sums.get(&currency).copied().unwrap_or_default()
}

/// The payment sums of a manifest in a currency, and the amount due on its invoices.
pub(crate) fn payments_of(
    code: &str,
    totals: &TotalsByCurrency,
) -> Option<(Currency, PaymentSums, Amount)> {
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
        written_off,
        bank_fees,
        exchange_difference,
        otherwise_to_credit,
        refundable,
        opening_receivable,
        closing_receivable,
    } = &totals.payments;
    // Closes without such rows do not have their sums.
    let amount_or_none =
        |text: &str| if text.is_empty() { Some(Amount::ZERO) } else { amount(text) };
    let sums = PaymentSums {
        received: amount(received)?,
        returned: amount(returned)?,
        paid: amount(paid)?,
        overpaid: amount(overpaid)?,
        taken_back: amount(taken_back)?,
        refunded: amount(refunded)?,
        credited: amount(credited)?,
        otherwise: PaidOtherwise {
            written_off: amount_or_none(written_off)?,
            bank_fees: amount_or_none(bank_fees)?,
            exchange_difference: amount_or_none(exchange_difference)?,
        },
        otherwise_to_credit: amount_or_none(otherwise_to_credit)?,
        refundable: amount_or_none(refundable)?,
        opening_receivable: amount(opening_receivable)?,
        closing_receivable: amount(closing_receivable)?,
    };
    Some((currency, sums, amount(&totals.amount_due)?))
}
