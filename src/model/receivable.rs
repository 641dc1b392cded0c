//! The payment state of an invoice.
//!
//! A published invoice and its amount due never change. Later payments are recorded here. `0 ≤ paid
//! ≤ amount_due` always holds, and the rest is open.

use std::sync::Arc;

use chrono::NaiveDate;

use super::payment::{PaidOtherwise, PaymentKind};
use crate::value::{Amount, Currency, Instant};

/// A published invoice and the payments for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Receivable {
    pub(crate) invoice_number: Arc<str>,
    /// The account that owes it.
    pub(crate) account_id: Arc<str>,
    /// The currency of every amount.
    pub(crate) currency: Currency,
    /// The date of the invoice, as an instant.
    pub(crate) instant: Instant,
    /// The date of `instant` in the account's calendar.
    pub(crate) issue_date: NaiveDate,
    /// The last day for a payment in time.
    pub(crate) due_date: NaiveDate,
    /// The total; negative if it grants credit.
    pub(crate) total: Amount,
    /// The amount due at publication, after credit.
    pub(crate) amount_due: Amount,
    /// The sum of the payments for it, less repayments.
    pub(crate) paid: Amount,
    /// The excess of payments for it, less repayments. It became credit.
    pub(crate) overpaid: Amount,
    /// The part of `paid` that was no money. Few invoices have any.
    pub(crate) otherwise: Option<Box<PaidOtherwise>>,
}

impl Receivable {
    /// The unpaid amount.
    pub(crate) fn open(&self) -> Amount {
        self.amount_due.checked_sub(self.paid).expect("no more is paid than was due, nor below 0")
    }

    pub(crate) fn status(&self) -> PaymentStatus {
        if self.open().is_zero() && self.is_written_off() {
            PaymentStatus::WrittenOff
        } else if self.open().is_zero() {
            PaymentStatus::Paid
        } else if self.paid.is_zero() {
            PaymentStatus::Open
        } else {
            PaymentStatus::PartlyPaid
        }
    }

    /// What rows of a kind that is no money have settled.
    pub(crate) fn settled_by(&self, kind: PaymentKind) -> Amount {
        self.otherwise.as_ref().map_or(Amount::ZERO, |sums| sums.of(kind))
    }

    /// Whether a part of it is written off.
    pub(crate) fn is_written_off(&self) -> bool {
        !self.settled_by(PaymentKind::WriteOff).is_zero()
    }

    /// Days since the due date, if something is open; 0 on the due date.
    pub(crate) fn days_overdue(&self, today: NaiveDate) -> i64 {
        let days = today.signed_duration_since(self.due_date).num_days();
        if self.open().is_zero() { 0 } else { days.max(0) }
    }

    /// The age of the open amount; `None` if nothing is open.
    pub(crate) fn age(&self, today: NaiveDate) -> Option<Age> {
        if self.open().is_zero() { None } else { Some(Age::of(self.days_overdue(today))) }
    }

    /// The sort key for the oldest invoice of an account: its instant, then its number. Within a
    /// series a longer number is later.
    pub(crate) fn seniority(&self) -> (Instant, usize, &str) {
        (self.instant, self.invoice_number.len(), &self.invoice_number)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PaymentStatus {
    /// Nothing is paid.
    Open,
    /// One part is paid, another is open.
    PartlyPaid,
    /// Nothing is open.
    Paid,
    /// Nothing is open, because the rest will not be paid.
    WrittenOff,
}

impl PaymentStatus {
    /// The word in tables.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::PartlyPaid => "partly_paid",
            Self::Paid => "paid",
            Self::WrittenOff => "written_off",
        }
    }
}

/// How long an amount is overdue. No name looks like a date, because a spreadsheet would convert
/// `1-30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Age {
    /// Not overdue.
    NotDue,
    /// 1 to 30 days.
    Days1To30,
    /// 31 to 60 days.
    Days31To60,
    /// 61 to 90 days.
    Days61To90,
    /// More than 90 days.
    Over90,
}

impl Age {
    /// All ages, youngest first.
    pub(crate) const ALL: [Self; 5] =
        [Self::NotDue, Self::Days1To30, Self::Days31To60, Self::Days61To90, Self::Over90];

    pub(crate) const fn of(days_overdue: i64) -> Self {
        match days_overdue {
            i64::MIN..=0 => Self::NotDue,
            1..=30 => Self::Days1To30,
            31..=60 => Self::Days31To60,
            61..=90 => Self::Days61To90,
            91.. => Self::Over90,
        }
    }

    /// The word in tables.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::NotDue => "not_due",
            Self::Days1To30 => "days_1_30",
            Self::Days31To60 => "days_31_60",
            Self::Days61To90 => "days_61_90",
            Self::Over90 => "over_90",
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn example_of_fn() {
        use crate::model::Age;
        let ages = [0, 1, 30, 31, 60, 61, 90, 91].map(|days| Age::of(days).as_str());
        assert_eq!(ages[..4], ["not_due", "days_1_30", "days_1_30", "days_31_60"]);
        assert_eq!(ages[4..], ["days_31_60", "days_61_90", "days_61_90", "over_90"]);
    }
}
