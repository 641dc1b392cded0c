//! The credit that customers hold.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::parts::{CHARTED, account, cell, folded, ordered, section as part, signed, table};
use super::{Report, parts};
use crate::register::TotalsByCurrency;
use crate::review::CreditHeld;
use crate::value::{Amount, Currency};
use crate::wording::{grouped, money};

/// How many holders are shown in each currency.
const SHOWN: usize = 10;

const HEADINGS: [parts::Heading; 9] = [
    ("Currency", false),
    ("Before", true),
    ("Granted", true),
    ("Overpaid", true),
    ("Used", true),
    ("Paid out", true),
    ("Credit notes", true),
    ("Now", true),
    ("Accounts", true),
];

const HOLDER_HEADINGS: [parts::Heading; 2] = [("Account", false), ("Credit", true)];

pub(super) fn section(report: &Report<'_>) -> Option<Markup> {
    let held = &report.review.finances.credit;
    let row = |code: &str| row(code, report.totals.get(code)?, held);
    let rows: Vec<_> = parts::code_order(report.totals).into_iter().filter_map(row).collect();
    if rows.is_empty() {
        return None;
    }
    let content = html! {
        p.muted {
            "Balances of customers, from negative documents and overpaid invoices: a liability. \
             The next documents use them."
        }
        (table("Credit of customers", &HEADINGS, &rows))
        @for (currency, held) in ordered(report.totals, held).iter().take(CHARTED) {
            (holders(*currency, held))
        }
    };
    Some(part("credit", "Credit that customers hold", &content))
}

/// `None` if there was never any credit.
fn row(
    code: &str,
    totals: &TotalsByCurrency,
    held: &BTreeMap<Currency, CreditHeld>,
) -> Option<Vec<Markup>> {
    let currency = Currency::from_code(code)?;
    let amount = |text: &str| Amount::parse(text, currency).ok();
    let payments = &totals.payments;
    // Fees and exchange differences that became credit were paid too much as well.
    let otherwise = match &*payments.otherwise_to_credit {
        "" => Amount::ZERO,
        text => amount(text)?,
    };
    let overpaid = amount(&payments.overpaid)?.checked_add(otherwise)?;
    let moves = [
        amount(&totals.credit_granted)?,
        overpaid,
        amount(&totals.credit_applied)?.checked_neg()?,
        amount(&payments.refunded)?.checked_neg()?,
        amount(&payments.credited)?.checked_neg()?,
    ];
    let (before, now) = (amount(&totals.opening_credit)?, amount(&totals.closing_credit)?);
    if before.is_zero() && now.is_zero() && moves.iter().all(|it| it.is_zero()) {
        return None;
    }
    let shown = |it: Amount| if it.is_zero() { cell("") } else { cell(signed(it, currency)) };
    let accounts = held.get(&currency).map_or(0, |held| held.accounts);
    let mut cells = vec![cell(code), cell(money(before, currency))];
    cells.extend(moves.map(shown));
    cells.extend([cell(money(now, currency)), cell(grouped(&accounts.to_string()))]);
    Some(cells)
}

fn holders(currency: Currency, held: &CreditHeld) -> Markup {
    let rows: Vec<_> = held
        .largest
        .iter()
        .take(SHOWN)
        .map(|it| vec![account(&it.account), cell(money(it.credit, currency))])
        .collect();
    let code = currency.code();
    let words = format!("Largest balances in {code}");
    folded(&words, &format!("what accounts hold in {code}"), &HOLDER_HEADINGS, &rows)
}
