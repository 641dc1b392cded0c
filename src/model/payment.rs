//! Money received, or paid back, and what else settles an invoice.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::value::{Amount, Currency, Instant};

/// One row of `payments.csv`.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    /// `payment_id`.
    pub(crate) id: Arc<str>,
    /// Index of the account, if the row has one.
    pub(crate) account: Option<usize>,
    /// The paid invoice, if the row has one. A row has an account, an invoice or both.
    pub(crate) invoice_number: Option<Arc<str>>,
    /// When the money moved.
    pub(crate) at: Instant,
    /// The received amount; negative if it was paid back. Never zero.
    pub(crate) amount: Amount,
    pub(crate) currency: Currency,
    /// The method as printed: "Visa •••• 4242"; may be empty.
    pub(crate) method: Box<str>,
    pub(crate) kind: PaymentKind,
    /// What was really paid, if it was in another currency.
    pub(crate) paid: Option<PaidAmount>,
    /// The line in the file.
    pub(crate) line: u64,
}

impl Payment {
    /// The method, with the amount that was really paid: "SEPA, USD 110.00".
    pub(crate) fn method_shown(&self) -> Box<str> {
        let Some(PaidAmount { amount, currency }) = self.paid else { return self.method.clone() };
        let paid = format!("{currency} {}", amount.to_decimal_string(currency));
        if self.method.is_empty() { paid.into() } else { format!("{}, {paid}", self.method).into() }
    }
}

/// An amount in the currency in which it was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PaidAmount {
    pub(crate) amount: Amount,
    pub(crate) currency: Currency,
}

/// What a row of `payments.csv` records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum PaymentKind {
    /// Money received or, if negative, taken back from the invoice that it paid or from credit.
    #[default]
    Money,
    /// Money paid back out of credit.
    Refund,
    /// Money that a bank or card scheme took back.
    Chargeback,
    /// A debt that will not be paid.
    WriteOff,
    /// The part of what a customer paid that a bank or payment provider kept.
    BankFee,
    /// What remains because a payment arrived in another currency.
    ExchangeDifference,
}

impl PaymentKind {
    /// The words in tables.
    pub(crate) const WORDS: [(&'static str, Self); 6] = [
        ("payment", Self::Money),
        ("refund", Self::Refund),
        ("chargeback", Self::Chargeback),
        ("write_off", Self::WriteOff),
        ("bank_fee", Self::BankFee),
        ("exchange_difference", Self::ExchangeDifference),
    ];

    /// The word in tables.
    pub(crate) fn as_str(self) -> &'static str {
        let found = Self::WORDS.iter().find(|(_, kind)| *kind == self);
        found.map_or("", |(word, _)| word)
    }

    /// Whether money moved. The other kinds settle an invoice without any.
    pub(crate) const fn is_money(self) -> bool {
        matches!(self, Self::Money | Self::Refund | Self::Chargeback)
    }
}

/// The net sums of an invoice's rows that are no money, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PaidOtherwise {
    pub(crate) written_off: Amount,
    pub(crate) bank_fees: Amount,
    pub(crate) exchange_difference: Amount,
}

impl PaidOtherwise {
    /// The sum of a kind; zero for money.
    pub(crate) const fn of(&self, kind: PaymentKind) -> Amount {
        match kind {
            PaymentKind::WriteOff => self.written_off,
            PaymentKind::BankFee => self.bank_fees,
            PaymentKind::ExchangeDifference => self.exchange_difference,
            PaymentKind::Money | PaymentKind::Refund | PaymentKind::Chargeback => Amount::ZERO,
        }
    }

    /// Adds a row; money is not counted. `None` if the sum does not fit.
    pub(crate) fn add(&mut self, kind: PaymentKind, amount: Amount) -> Option<()> {
        let sum = match kind {
            PaymentKind::WriteOff => &mut self.written_off,
            PaymentKind::BankFee => &mut self.bank_fees,
            PaymentKind::ExchangeDifference => &mut self.exchange_difference,
            PaymentKind::Money | PaymentKind::Refund | PaymentKind::Chargeback => return Some(()),
        };
        *sum = sum.checked_add(amount)?;
        Some(())
    }
}
