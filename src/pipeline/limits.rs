//! Checks that sums over all accounts fit 64 bits. If not, the run names the accounts that make
//! them too large.
//!
//! The check adds absolute amounts in each currency: the lines of this close, and the balances of
//! the last close with the payments that increase them. If these sums fit, every sum of a close
//! fits, in any order. So one check before all additions is enough.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use rust_decimal::Decimal;

use super::context::CloseContext;
use super::error::RunError;
use crate::input;
use crate::model::{
    BillingInput, Cause, Deferred, INVOICES_IN_A_PIECE, Invoice, Line, Payment, Receivable,
};
use crate::payments::{Credit, with_lines_at_hand};
use crate::problem::{Problem, Problems};
use crate::publish::ProofError;
use crate::table::display_name;
use crate::value::{Amount, Currency};

/// The most minor units that an amount can hold.
const MOST: u128 = i64::MAX as u128;

/// Sums of absolute minor units by currency.
pub(crate) type SizeSums = BTreeMap<Currency, u128>;

/// The balances of the last close.
pub(crate) struct Before<'a> {
    /// The open receivables, and those that payments name.
    pub(crate) receivables: &'a [Receivable],
    /// The credit of accounts.
    pub(crate) credit: &'a Credit,
    /// The deferred revenue.
    pub(crate) deferred: &'a Deferred,
}

/// Refuses invoices and payments whose sums would overflow. Returns the sums.
///
/// # Errors
/// The accounts that make a sum too large, each at its largest row.
pub(crate) fn refuse_too_much(
    context: &CloseContext,
    invoices: &[Invoice],
    before: &Before<'_>,
) -> Result<Vec<SizeSums>, RunError> {
    let billed = billed_sizes(invoices);
    let due = context.payments.due(&context.loaded.book, context.through);
    let mut beyond: BTreeMap<Currency, Beyond> = BTreeMap::new();
    let mut all = Vec::new();
    for Taken { what, mut sizes, adds } in before.taken() {
        for payment in due.iter().filter(|payment| adds(payment.amount)) {
            *sizes.entry(payment.currency).or_default() += size(payment.amount);
        }
        for (currency, size) in &billed {
            *sizes.entry(*currency).or_default() += size;
        }
        for (currency, sum) in sizes.clone().into_iter().filter(|(_, sum)| *sum > MOST) {
            // Only the first sum of a currency is reported, because the other sums include the
            // billed amounts too.
            beyond.entry(currency).or_insert(Beyond { what, currency, sum, adds });
        }
        all.push(sizes);
    }
    let (book, input) = (&context.loaded.book, &context.input);
    let beyond = beyond.values();
    let mut problems = Problems::default();
    problems.extend(beyond.flat_map(|it| it.problems((invoices, &due), book, input)));
    input::sort(&mut problems);
    if problems.is_empty() { Ok(all) } else { Err(RunError::of_input(problems)) }
}

/// Refuses shards whose sums do not fit together. No shard knows the revenue deferred `before`.
///
/// # Errors
/// The currency of a sum that is too large.
pub(crate) fn refuse_sums(shards: &[Vec<SizeSums>], before: &Deferred) -> Result<(), RunError> {
    let mut sums: Vec<SizeSums> = Vec::new();
    let known = Before { receivables: &[], credit: &Credit::new(), deferred: before };
    let known: Vec<SizeSums> = known.taken().into_iter().map(|it| it.sizes).collect();
    for shard in shards.iter().chain([&known]) {
        sums.resize(sums.len().max(shard.len()), SizeSums::new());
        for (sum, sizes) in sums.iter_mut().zip(shard) {
            for (currency, size) in sizes {
                *sum.entry(*currency).or_default() += size;
            }
        }
    }
    let beyond = sums.iter().flatten().find(|(_, sum)| **sum > MOST);
    beyond.map_or(Ok(()), |(currency, _)| Err(ProofError::TooLarge(*currency).into()))
}

/// Refuses opening credit whose sum would overflow.
///
/// # Errors
/// The accounts that make the sum too large.
pub(crate) fn refuse_too_much_credit(
    credit: &Credit,
    book: &BillingInput,
    input: &Path,
) -> Result<(), RunError> {
    let mut problems = Problems::default();
    for (currency, sum) in credit_sizes(credit).into_iter().filter(|(_, sum)| *sum > MOST) {
        let of_it = |balances: &BTreeMap<Currency, Amount>| balances.get(&currency).copied();
        let accounts = book.accounts.iter().enumerate();
        let shares = accounts.filter_map(|(index, account)| {
            let amount = of_it(credit.get(&*account.id)?)?;
            Some(Share { size: size(amount), row: ShareRow::Account(index), of_row: size(amount) })
        });
        let what = "the credit that balances.csv brings along";
        let beyond = Beyond { what, currency, sum, adds: |_| false };
        problems.extend(beyond.named(shares.collect(), book, input));
    }
    input::sort(&mut problems);
    if problems.is_empty() { Ok(()) } else { Err(RunError::of_input(problems)) }
}

/// A balance that billed amounts are added to.
struct Taken {
    what: &'static str,
    /// The balance before the close.
    sizes: SizeSums,
    /// Which payments increase it.
    adds: fn(Amount) -> bool,
}

impl Before<'_> {
    fn taken(&self) -> [Taken; 4] {
        let mut owed = SizeSums::new();
        for receivable in self.receivables {
            *owed.entry(receivable.currency).or_default() += size(receivable.open());
        }
        let mut deferred = SizeSums::new();
        for (key, amount) in self.deferred.amounts() {
            *deferred.entry(key.currency).or_default() += size(*amount);
        }
        let credit = credit_sizes(self.credit);
        [
            Taken { what: "what this close bills", sizes: SizeSums::new(), adds: |_| false },
            Taken { what: "what is owed", sizes: owed, adds: Amount::is_negative },
            Taken {
                what: "what is billed, paid and in credit",
                sizes: credit,
                adds: |amount| !amount.is_negative(),
            },
            Taken { what: "the revenue not earned yet", sizes: deferred, adds: |_| false },
        ]
    }
}

fn credit_sizes(credit: &Credit) -> SizeSums {
    let mut sizes = SizeSums::new();
    for (currency, amount) in credit.values().flatten() {
        *sizes.entry(*currency).or_default() += size(*amount);
    }
    sizes
}

fn size(amount: Amount) -> u128 {
    amount.minor().unsigned_abs().into()
}

/// The absolute net amount of a line plus its tax.
fn line_size(line: &Line) -> u128 {
    let net = line.net_amount().map_or(u128::from(u64::MAX), size);
    net + size(line.tax_amount)
}

/// The sizes of the billed lines, computed on all threads.
fn billed_sizes(invoices: &[Invoice]) -> SizeSums {
    let pieces = invoices.par_chunks(INVOICES_IN_A_PIECE).map(|piece| {
        let mut sizes = SizeSums::new();
        for invoice in with_lines_at_hand(piece) {
            let lines = invoice.lines.iter().map(line_size);
            *sizes.entry(invoice.currency).or_default() += lines.sum::<u128>();
        }
        sizes
    });
    pieces.reduce(SizeSums::new, |mut sums, piece| {
        for (currency, size) in piece {
            *sums.entry(currency).or_default() += size;
        }
        sums
    })
}

/// A sum that overflows.
struct Beyond {
    what: &'static str,
    currency: Currency,
    sum: u128,
    adds: fn(Amount) -> bool,
}

/// The part of a sum that one account adds, and its largest row.
#[derive(Clone, Copy)]
struct Share {
    size: u128,
    row: ShareRow,
    of_row: u128,
}

/// A row of the input, by its index.
#[derive(Clone, Copy)]
enum ShareRow {
    Account(usize),
    Adjustment(usize),
    Payment(usize),
}

impl Beyond {
    fn problems(
        &self,
        (invoices, due): (&[Invoice], &[&Payment]),
        book: &BillingInput,
        input: &Path,
    ) -> Vec<Problem> {
        // By account. Payments without an account count on their own.
        let mut shares: BTreeMap<(Option<usize>, u64), Share> = BTreeMap::new();
        let mut add = |key, size, row| {
            let share = shares.entry(key).or_insert(Share { size: 0, row, of_row: 0 });
            share.size += size;
            if size > share.of_row {
                (share.row, share.of_row) = (row, size);
            }
        };
        for invoice in invoices.iter().filter(|invoice| invoice.currency == self.currency) {
            for line in &invoice.lines {
                let row = row_of(line, invoice.account, book);
                add((Some(invoice.account), 0), line_size(line), row);
            }
        }
        let due = due.iter().filter(|payment| payment.currency == self.currency);
        for payment in due.filter(|payment| (self.adds)(payment.amount)) {
            let place = book.payments.iter().position(|it| std::ptr::eq(it, *payment));
            let key = (payment.account, if payment.account.is_some() { 0 } else { payment.line });
            add(key, size(payment.amount), ShareRow::Payment(place.unwrap_or_default()));
        }
        self.named(shares.into_values().collect(), book, input)
    }

    /// Names the largest shares until the rest of the sum fits.
    fn named(&self, mut shares: Vec<Share>, book: &BillingInput, input: &Path) -> Vec<Problem> {
        // A stable sort keeps the input order of equal shares.
        shares.sort_by_key(|share| Reverse(share.size));
        let mut left = self.sum;
        let mut named = Vec::new();
        for share in shares {
            if left <= MOST {
                break;
            }
            left -= share.size;
            named.push(self.problem(share, book, input));
        }
        named
    }

    fn problem(&self, share: Share, book: &BillingInput, input: &Path) -> Problem {
        let Self { what, currency, sum, .. } = self;
        let own = if let ShareRow::Account(_) = share.row { share.size } else { share.of_row };
        let (file, line, column, value) = match share.row {
            ShareRow::Account(index) => {
                let account = &book.accounts[index];
                ("accounts.csv", account.line, "account_id", account.id.to_string())
            }
            ShareRow::Adjustment(index) => {
                let it = &book.adjustments[index];
                let amount = it.amount.to_decimal_string(*currency);
                (it.text_place().0, it.line, "amount", amount)
            }
            ShareRow::Payment(index) => {
                let it = &book.payments[index];
                ("payments.csv", it.line, "amount", it.amount.to_decimal_string(*currency))
            }
        };
        Problem {
            file: display_name(input, file),
            line: Some(line),
            column: Some(column),
            value: Some(value),
            rule: format!(
                "adds {} to {what} in {currency}, which comes to {}, credits counted like charges: \
                 64 bits hold {}",
                shown(own, *currency),
                shown(*sum, *currency),
                shown(MOST, *currency)
            ),
            hint: match share.row {
                ShareRow::Account(_) => "check the prices, quantities and balances of this account",
                ShareRow::Adjustment(_) | ShareRow::Payment(_) => "check the amount",
            }
            .to_owned(),
        }
    }
}

/// The row that a line comes from: the adjustment's row or the account's row.
fn row_of(line: &Line, account: usize, book: &BillingInput) -> ShareRow {
    let Cause::Adjustment(id) = &line.key.cause else { return ShareRow::Account(account) };
    let first = book.adjustments_of.get(account).map_or(0, |range| range.start);
    let place = book.adjustments_for(account).iter().position(|it| it.id == *id);
    place.map_or(ShareRow::Account(account), |place| ShareRow::Adjustment(first + place))
}

/// Formats minor units as major units.
fn shown(minor: u128, currency: Currency) -> String {
    let minor = i128::try_from(minor).unwrap_or(i128::MAX);
    Decimal::try_from_i128_with_scale(minor, currency.digits())
        .map_or_else(|_| "more than can be shown".to_owned(), |sum| sum.to_string())
}
