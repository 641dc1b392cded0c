//! Looks at a close as a careful clerk does, and at how recurring revenue moved since the last one.

use std::collections::HashSet;

use super::RunError;
use super::ground::Ground;
use super::publication::Billed;
use crate::register::LastBills;
use crate::render::csv::Exception;
use crate::review::{
    Bridges, Findings, RateQuestion, account_totals, corrections, first_documents, large_lines,
    moved_totals, negative_and_zero, run_rates, unused_prices,
};

/// A close as it is looked at.
pub struct Review {
    /// What is worth a second look.
    pub findings: Findings,
    /// How the recurring run rate moved.
    pub bridges: Bridges,
    /// What every account was billed last, this close included.
    pub last_billed: LastBills,
}

/// Looks at a close. Of an opened register, which bills nothing, there is nothing to list.
pub fn review(ground: &Ground, billed: &Billed) -> Result<Review, RunError> {
    let newest = ground.register.newest();
    let before = match newest {
        Some(close) => LastBills::read(&close.path)?,
        None => LastBills::default(),
    };
    let book = &ground.loaded.book;
    let mut has_document = vec![false; book.accounts.len()];
    for invoice in &billed.invoices {
        has_document[invoice.account] = true;
    }
    let rates = run_rates(RateQuestion {
        book,
        histories: &billed.histories,
        span: (ground.last.newest, ground.through),
        before: &before,
        has_document: &has_document,
        came_to_nothing: &came_to_nothing(ground, &billed.exceptions),
    });
    let totals = account_totals(&billed.invoices);
    let settings = &ground.settings.review;
    let mut findings = Vec::new();
    if billed.last_elsewhere.is_none() {
        let look = (settings, ground.settings.zone);
        findings.extend(moved_totals(&totals, &before, &book.accounts, look));
        findings.extend(large_lines(&billed.invoices, settings));
        findings.extend(negative_and_zero(&billed.invoices));
        findings.extend(corrections(&billed.invoices));
        // Of a first close every document is the first.
        if newest.is_some() {
            findings.extend(first_documents(&totals, &before, &book.accounts));
        }
        findings.extend(rates.idle);
        findings.extend(unused_prices(&book.prices, &billed.state.prices));
    }
    let through = ground.through;
    let now = totals.iter().map(|total| total.last_billed(&book.accounts, through));
    let now = now.chain(billed.last_elsewhere.iter().flatten().cloned()).collect();
    Ok(Review {
        findings: Findings::new(findings),
        bridges: rates.bridges,
        last_billed: before.after(now),
    })
}

/// For each account, whether a document of it came to nothing and is not published.
fn came_to_nothing(ground: &Ground, exceptions: &[Exception]) -> Vec<bool> {
    let of_nothing = exceptions.iter().filter(|exception| exception.kind == "zero_amount");
    let ids: HashSet<&str> = of_nothing.map(|exception| &*exception.account_id).collect();
    let accounts = ground.loaded.book.accounts.iter();
    accounts.map(|account| ids.contains(&*account.id)).collect()
}
