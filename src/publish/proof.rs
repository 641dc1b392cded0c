//! Adds up a close twice: from the computed invoices, and from the CSV files to be published. The
//! close is published only if both agree and every law of the totals holds.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::table_sums::{TableSums, difference, expected};
use crate::model::{INVOICES_IN_A_PIECE, Invoice, LineKind, Totals};
use crate::payments::{PaymentSums, with_lines_at_hand};
use crate::publish::ProofError;
use crate::register::{PaymentTotals, TotalsByCurrency};
use crate::value::{Amount, Currency};

/// The sums, by currency code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Proof {
    /// The sums, as the manifest shows them.
    pub(crate) totals: BTreeMap<String, TotalsByCurrency>,
}

impl Proof {
    /// Adds the amounts that could not be credited because their invoices have nothing left.
    ///
    /// # Errors
    /// The sum overflows 64 bits.
    pub(crate) fn note_over_credits(
        &mut self,
        amounts: impl Iterator<Item = (Currency, Amount)>,
    ) -> Result<(), ProofError> {
        let mut sums: BTreeMap<Currency, Amount> = BTreeMap::new();
        for (currency, amount) in amounts {
            let sum = sums.entry(currency).or_default();
            add_to(sum, amount).ok_or(ProofError::TooLarge(currency))?;
        }
        for (currency, sum) in sums {
            let nothing = || InvoiceSums::default().totals(currency, Amount::ZERO, Amount::ZERO);
            let totals = self.totals.entry(currency.code().to_owned()).or_insert_with(nothing);
            totals.over_credit = sum.to_decimal_string(currency);
        }
        Ok(())
    }
}

/// The payment sums of each currency.
pub(crate) type PaymentsByCurrency = BTreeMap<Currency, PaymentSums>;

/// Adds up the invoices, and checks the laws of their sums.
///
/// # Errors
/// The first law that does not hold.
pub(crate) fn add_up(
    invoices: &[Invoice],
    credit: &CreditBalances,
    payments: &PaymentsByCurrency,
) -> Result<Proof, ProofError> {
    CloseSums::of(invoices, payments)?.proof(credit)
}

/// The sums of a close or of a shard, by currency.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct CloseSums(BTreeMap<Currency, InvoiceSums>);

impl CloseSums {
    /// Adds up invoices, and checks the laws of each.
    ///
    /// # Errors
    /// The first law that does not hold, or sums that overflow.
    pub(crate) fn of(
        invoices: &[Invoice],
        payments: &PaymentsByCurrency,
    ) -> Result<Self, ProofError> {
        let mut sums = sums_of(invoices)?;
        for (currency, payments) in payments {
            sums.entry(*currency).or_default().payments = *payments;
        }
        Ok(Self(sums))
    }

    /// Adds the sums of another shard.
    ///
    /// # Errors
    /// The currency whose sums overflow.
    pub(crate) fn add(&mut self, shard: &Self) -> Result<(), ProofError> {
        for (currency, piece) in &shard.0 {
            let sum = self.0.entry(*currency).or_default();
            let added = sum.add_piece(piece).and_then(|()| sum.payments.add_all(&piece.payments));
            added.ok_or(ProofError::TooLarge(*currency))?;
        }
        Ok(())
    }

    /// Checks the laws of the sums.
    ///
    /// # Errors
    /// The first law that does not hold.
    pub(crate) fn proof(mut self, credit: &CreditBalances) -> Result<Proof, ProofError> {
        let CreditBalances { opening: opening_credit, closing: closing_credit, .. } = credit;
        for currency in opening_credit.keys().chain(closing_credit.keys()) {
            self.0.entry(*currency).or_default();
        }
        let mut proof = Proof::default();
        for (currency, sum) in &self.0 {
            let balance = |credit: &BTreeMap<Currency, Amount>| {
                credit.get(currency).copied().unwrap_or_default()
            };
            let (opening, closing) = (balance(opening_credit), balance(closing_credit));
            sum.check_credit(*currency, opening, closing)?;
            sum.check_payments(*currency)?;
            let totals = sum.totals(*currency, opening, closing);
            proof.totals.insert(currency.code().to_owned(), totals);
        }
        Ok(proof)
    }
}

/// Checks the invoices and adds them up on all threads.
fn sums_of(invoices: &[Invoice]) -> Result<BTreeMap<Currency, InvoiceSums>, ProofError> {
    let pieces = invoices.par_chunks(INVOICES_IN_A_PIECE).map(|piece| {
        let mut sums: BTreeMap<Currency, InvoiceSums> = BTreeMap::new();
        for invoice in with_lines_at_hand(piece) {
            check_document(invoice)?;
            let sum = sums.entry(invoice.currency).or_default();
            sum.add(invoice).ok_or(ProofError::TooLarge(invoice.currency))?;
        }
        Ok(sums)
    });
    let mut sums: BTreeMap<Currency, InvoiceSums> = BTreeMap::new();
    for piece in pieces.collect::<Result<Vec<_>, ProofError>>()? {
        for (currency, piece) in piece {
            let sum = sums.entry(currency).or_default();
            sum.add_piece(&piece).ok_or(ProofError::TooLarge(currency))?;
        }
    }
    Ok(sums)
}

/// Proves that the tables add up to the same sums as the invoices.
///
/// # Errors
/// The first sum that differs.
pub(crate) fn prove(
    proof: &Proof,
    found: &TableSums,
    credit: &CreditBalances,
) -> Result<(), ProofError> {
    for (code, totals) in &proof.totals {
        let currency = Currency::from_code(code).expect("it was a currency");
        let expected = expected(totals, currency, credit.is_brought_along)
            .ok_or(ProofError::TooLarge(currency))?;
        if let Some((file, what, found, expected)) = difference(&expected, &found.sums(currency)?) {
            return Err(ProofError::File {
                file,
                what: format!("{what} in {currency}"),
                found: found.to_decimal_string(currency),
                expected: expected.to_decimal_string(currency),
            });
        }
    }
    Ok(())
}

/// The credit of all accounts, before and after a close.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct CreditBalances {
    /// Before.
    pub(crate) opening: BTreeMap<Currency, Amount>,
    /// Afterwards.
    pub(crate) closing: BTreeMap<Currency, Amount>,
    /// Whether opening a register brought in all of it.
    pub(crate) is_brought_along: bool,
}

fn add_to(sum: &mut Amount, amount: Amount) -> Option<()> {
    *sum = sum.checked_add(amount)?;
    Some(())
}

/// Checks the laws of one invoice.
fn check_document(invoice: &Invoice) -> Result<(), ProofError> {
    let Totals {
        subtotal,
        discount,
        tax,
        tax_included,
        total,
        credit_applied,
        amount_due,
        credit_balance,
    } = invoice.totals;
    let fail = |law| Err(ProofError::Document { number: invoice.number.to_string(), law });
    let lines = Amount::checked_sum(invoice.lines.iter().map(|line| line.amount));
    if lines != subtotal.checked_sub(discount) {
        return fail("its lines are not its subtotal less discount");
    }
    let taxed =
        lines.and_then(|sum| sum.checked_add(tax)).and_then(|sum| sum.checked_sub(tax_included));
    if taxed != Some(total) {
        return fail("its subtotal less discount plus tax is not its total");
    }
    if total.max(Amount::ZERO).checked_sub(credit_applied) != Some(amount_due) {
        return fail("its total less credit is not its amount due");
    }
    if amount_due.is_negative() || credit_applied.is_negative() || credit_balance.is_negative() {
        return fail("an amount due, a credit or a balance is negative");
    }
    if invoice.lines.iter().any(|line| line.currency != invoice.currency) {
        return fail("it mixes currencies");
    }
    Ok(())
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct InvoiceSums {
    invoices: u64,
    lines: BTreeMap<LineKind, Amount>,
    /// The totals of invoices. Their remaining credit is not summed.
    totals: Totals,
    taxes: BTreeMap<Box<str>, Amount>,
    credit_granted: Amount,
    payments: PaymentSums,
}

impl InvoiceSums {
    fn add(&mut self, invoice: &Invoice) -> Option<()> {
        self.invoices += 1;
        for line in &invoice.lines {
            add_to(self.lines.entry(line.kind).or_default(), line.amount)?;
        }
        for total in &invoice.taxes {
            match self.taxes.get_mut(&*total.terms.code) {
                Some(sum) => add_to(sum, total.tax)?,
                None => drop(self.taxes.insert((*total.terms.code).into(), total.tax)),
            }
        }
        let granted = invoice.totals.total.min(Amount::ZERO).checked_neg()?;
        add_to(&mut self.credit_granted, granted)?;
        self.add_totals(&invoice.totals)
    }

    /// Adds the sums of other invoices.
    fn add_piece(&mut self, piece: &Self) -> Option<()> {
        self.invoices += piece.invoices;
        for (kind, amount) in &piece.lines {
            add_to(self.lines.entry(*kind).or_default(), *amount)?;
        }
        for (code, amount) in &piece.taxes {
            add_to(self.taxes.entry(code.clone()).or_default(), *amount)?;
        }
        add_to(&mut self.credit_granted, piece.credit_granted)?;
        self.add_totals(&piece.totals)
    }

    fn add_totals(&mut self, totals: &Totals) -> Option<()> {
        let sums = &mut self.totals;
        add_to(&mut sums.subtotal, totals.subtotal)?;
        add_to(&mut sums.discount, totals.discount)?;
        add_to(&mut sums.tax, totals.tax)?;
        add_to(&mut sums.tax_included, totals.tax_included)?;
        add_to(&mut sums.total, totals.total)?;
        add_to(&mut sums.credit_applied, totals.credit_applied)?;
        add_to(&mut sums.amount_due, totals.amount_due)
    }

    fn check_credit(
        &self,
        currency: Currency,
        opening: Amount,
        closing: Amount,
    ) -> Result<(), ProofError> {
        let (granted, applied) = (self.credit_granted, self.totals.credit_applied);
        let expected = self.payments.expected_credit(opening, granted, applied);
        if expected == Some(closing) {
            return Ok(());
        }
        let text = |amount: Amount| amount.to_decimal_string(currency);
        let (overpaid, refunded) = (self.payments.overpaid, self.payments.refunded);
        Err(ProofError::Credit {
            currency,
            arithmetic: format!(
                "{} + {} + {} - {} - {} - {} is not {}",
                text(opening),
                text(granted),
                text(overpaid),
                text(applied),
                text(refunded),
                text(self.payments.credited),
                text(closing)
            ) + &self.payments.otherwise_in_words(currency),
        })
    }

    fn check_payments(&self, currency: Currency) -> Result<(), ProofError> {
        let payments = &self.payments;
        if !payments.add_up() {
            return Err(ProofError::Payments(currency));
        }
        if payments.expected_receivable(self.totals.amount_due) == Some(payments.closing_receivable)
        {
            return Ok(());
        }
        let text = |amount: Amount| amount.to_decimal_string(currency);
        Err(ProofError::Receivable {
            currency,
            arithmetic: format!(
                "{} + {} - {} + {} - {} is not {}",
                text(payments.opening_receivable),
                text(self.totals.amount_due),
                text(payments.paid),
                text(payments.taken_back),
                text(payments.credited),
                text(payments.closing_receivable)
            ) + &payments.otherwise_in_words(currency),
        })
    }

    fn totals(&self, currency: Currency, opening: Amount, closing: Amount) -> TotalsByCurrency {
        let text = |amount: Amount| amount.to_decimal_string(currency);
        let unless_zero =
            |amount: Amount| if amount.is_zero() { String::new() } else { text(amount) };
        let lines = self.lines.iter().map(|(kind, sum)| (kind.as_str().to_owned(), text(*sum)));
        TotalsByCurrency {
            invoices: self.invoices,
            lines: lines.collect(),
            subtotal: text(self.totals.subtotal),
            discount: text(self.totals.discount),
            tax: text(self.totals.tax),
            taxes: self.taxes.iter().map(|(code, sum)| (code.to_string(), text(*sum))).collect(),
            tax_included: text(self.totals.tax_included),
            total: text(self.totals.total),
            credit_applied: text(self.totals.credit_applied),
            credit_granted: text(self.credit_granted),
            amount_due: text(self.totals.amount_due),
            opening_credit: text(opening),
            closing_credit: text(closing),
            payments: PaymentTotals {
                received: text(self.payments.received),
                returned: text(self.payments.returned),
                paid: text(self.payments.paid),
                overpaid: text(self.payments.overpaid),
                taken_back: text(self.payments.taken_back),
                refunded: text(self.payments.refunded),
                credited: text(self.payments.credited),
                written_off: unless_zero(self.payments.otherwise.written_off),
                bank_fees: unless_zero(self.payments.otherwise.bank_fees),
                exchange_difference: unless_zero(self.payments.otherwise.exchange_difference),
                otherwise_to_credit: unless_zero(self.payments.otherwise_to_credit),
                refundable: unless_zero(self.payments.refundable),
                opening_receivable: text(self.payments.opening_receivable),
                closing_receivable: text(self.payments.closing_receivable),
            },
            over_credit: String::new(),
        }
    }
}
