//! Reviews a close: unusual amounts, and the movement of recurring revenue since the last close.

use std::path::Path;

use super::carried::CarriedAccounts;
use super::computed::ComputedClose;
use super::context::{CloseContext, Purpose};
use super::error::RunError;
use crate::ids::sorted_by_id;
use crate::model::{Account, BillingInput, LastBilled};
use crate::problem::Problem;
use crate::publish::ProofError;
use crate::register::{LastBills, OwnInvoice, cohorts, last_bills_to_parquet};
use crate::render::csv::Exception;
use crate::review::{
    AccountTotal, Cohorts, Finances, Finding, LineReview, RateQuestion, RateTooLarge,
    ReviewFindings, ReviewSummary, account_totals, first_documents, histograms, look_at_lines,
    moved_totals, negative_and_zero, run_rates, unused_prices,
};
use crate::table::display_name;
use crate::value::Amount;

/// The review of a close.
pub(crate) struct Review {
    /// Findings that need a second look.
    pub(crate) findings: ReviewFindings,
    /// What the report shows of it.
    pub(crate) summary: ReviewSummary,
    /// Prices that no subscription of a shard is on. For a whole close they are findings.
    pub(crate) unused_prices: Vec<Finding>,
    /// The last billed amount of every account, this close included, as a state file.
    pub(crate) last_billed: Vec<u8>,
}

/// Reviews a close, and adds up its money.
///
/// # Errors
/// Unreadable state, and run rates or sums that overflow.
pub(crate) fn review(context: &CloseContext, billed: &ComputedClose) -> Result<Review, RunError> {
    let mut review = findings(context, billed)?;
    let summary = &mut review.summary;
    let discounts = std::mem::take(&mut summary.finances.discounts);
    let book = (&context.loaded.book.accounts[..], context.date());
    let settlement = &billed.settled.settlement;
    let finances = Finances::of(&billed.invoices, settlement, &billed.state.credit, book);
    summary.finances = Finances { discounts, ..finances.map_err(ProofError::TooLarge)? };
    summary.cohorts = cohorts_if_short(context, billed)?;
    Ok(review)
}

/// Reviews a close, without its money. An opened register bills nothing, so it has no findings.
///
/// # Errors
/// Unreadable state, and run rates that overflow.
pub(crate) fn findings(context: &CloseContext, billed: &ComputedClose) -> Result<Review, RunError> {
    let newest = context.register.newest();
    let before = match newest {
        Some(close) => LastBills::read(&close.path, context.billing.shard)?,
        None => LastBills::default(),
    };
    let (book, invoices) = (&context.loaded.book, &billed.invoices[..]);
    let totals = account_totals(invoices);
    let bills = Bills::of(&book.accounts, &before, &totals);
    let documents =
        bills.now.iter().zip(&book.accounts).map(|(totals, account)| {
            !totals.is_empty() || billed.carried.contains_key(&*account.id)
        });
    let has_document: Vec<bool> = documents.collect();
    let rates = run_rates(RateQuestion {
        book,
        histories: &billed.histories,
        span: (context.last.newest, context.through),
        before: &bills.before,
        carried_before: newest.map_or(&CarriedAccounts::new(), |close| &close.manifest.carried),
        has_document: &has_document,
        came_to_nothing: &bills.came_to_nothing(&book.accounts, &billed.exceptions),
    });
    let rates = rates
        .map_err(|error| RunError::of_input(vec![rate_problem(error, book, &context.input)]))?;
    let settings = &context.settings.review;
    let documents = (invoices, &billed.places);
    let LineReview { products, discounts, corrections, findings: of_lines } =
        look_at_lines(documents, settings, billed.medians.as_ref());
    let (mut findings, mut unused) = (Vec::new(), Vec::new());
    if billed.last_elsewhere.is_none() {
        let look = (settings, context.settings.zone);
        let named = (invoices, &book.accounts[..]);
        findings.extend(moved_totals(&totals, &bills.before, named, look));
        findings.extend(of_lines);
        findings.extend(negative_and_zero(invoices, &billed.places));
        // In a first close every invoice is a first one, so that is no finding.
        if newest.is_some() {
            findings.extend(first_documents(&totals, &bills.before, named));
        }
        findings.extend(rates.idle);
        unused = unused_prices(&book.prices, &billed.state.prices);
    }
    if context.billing.purpose != Purpose::Shard {
        findings.append(&mut unused);
    }
    let elsewhere = billed.last_elsewhere.iter().flatten().map(|(id, bill)| (&**id, *bill));
    let now = bills.by_id.iter().flat_map(|account| {
        let of_account = bills.now[*account].iter();
        of_account.map(|total| (&*book.accounts[*account].id, total.last_billed(context.through)))
    });
    let findings = ReviewFindings::new(findings);
    Ok(Review {
        summary: ReviewSummary {
            products,
            corrections,
            histograms: histograms(invoices),
            finances: Finances { discounts, ..Finances::default() },
            ..ReviewSummary::of(&findings, &rates.bridges, &book.accounts)
        },
        findings,
        unused_prices: unused,
        last_billed: last_bills_to_parquet(&before.after(now.chain(elsewhere)))?,
    })
}

/// The longest register whose cohorts are in the report. Reading all of it must take less than a
/// second; `prorata index` does so for any register.
const MOST_CLOSES: usize = 36;
const MOST_INVOICES: u64 = 20_000;

/// The cohorts of a register that is short. How long it is does not depend on shards.
fn cohorts_if_short(context: &CloseContext, billed: &ComputedClose) -> Result<Cohorts, RunError> {
    let closes = &context.register.closes;
    let invoices = closes.iter().map(|close| close.manifest.counts.invoices).sum::<u64>();
    if closes.len() >= MOST_CLOSES || invoices + billed.places.count() > MOST_INVOICES {
        return Ok(Cohorts::new());
    }
    let accounts = &context.loaded.book.accounts;
    let own = billed.invoices.iter();
    let own: Vec<OwnInvoice<'_>> =
        own.map(|invoice| OwnInvoice::of(invoice, &accounts[invoice.account].id)).collect();
    Ok(cohorts(closes, &own, context.billing.shard)?)
}

fn rate_problem(error: RateTooLarge, book: &BillingInput, input: &Path) -> Problem {
    let account = &book.accounts[error.account];
    let most = Amount::from_minor(i64::MAX);
    Problem {
        file: display_name(input, "accounts.csv"),
        line: Some(account.line),
        column: Some("account_id"),
        value: Some(account.id.to_string()),
        rule: match error.sum_in {
            None => "pays more in a month than 64 bits hold".to_owned(),
            Some(currency) => format!(
                "pays most of what all accounts pay in a month in {currency}, which is more than the \
                 {} that 64 bits hold",
                most.to_decimal_string(currency)
            ),
        },
        hint: "check its prices and quantities".to_owned(),
    }
}

/// The last and the current bill of each account.
struct Bills<'a> {
    before: Vec<&'a [LastBilled]>,
    now: Vec<&'a [AccountTotal]>,
    /// Accounts by their ids.
    by_id: Vec<usize>,
}

impl<'a> Bills<'a> {
    fn of(accounts: &[Account], before: &'a LastBills, totals: &'a [AccountTotal]) -> Self {
        let places: Vec<usize> = (0..accounts.len()).collect();
        let id = |account: &usize| &*accounts[*account].id;
        let by_id = sorted_by_id(&places, id).into_iter().copied().collect();
        let mut bills =
            Self { before: vec![&[]; accounts.len()], now: vec![&[]; accounts.len()], by_id };
        let of_each = before.of_each(bills.by_id.iter().map(id));
        for (account, last) in bills.by_id.iter().zip(of_each) {
            bills.before[*account] = last;
        }
        for totals in totals.chunk_by(|a, b| a.account == b.account) {
            bills.now[totals[0].account] = totals;
        }
        bills
    }

    /// For each account, whether an invoice of zero was not published.
    fn came_to_nothing(&self, accounts: &[Account], exceptions: &[Exception]) -> Vec<bool> {
        let mut came_to_nothing = vec![false; accounts.len()];
        for exception in exceptions.iter().filter(|exception| exception.kind == "zero_amount") {
            let id = &*exception.account_id;
            let place = self.by_id.binary_search_by(|account| (*accounts[*account].id).cmp(id));
            if let Ok(place) = place {
                came_to_nothing[self.by_id[place]] = true;
            }
        }
        came_to_nothing
    }
}
