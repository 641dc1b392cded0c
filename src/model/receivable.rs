//! An invoice as far as its payment is concerned.
//!
//! A published document never changes, and neither does what is due on it. What payments do to it
//! afterwards is kept here: `0 ≤ paid ≤ amount_due` always holds, and what is open is the rest.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::value::{Amount, Currency, Instant};

/// A published document and what payments have done to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Receivable {
    /// The document's number.
    pub(crate) invoice_number: Arc<str>,
    /// Who owes it.
    pub(crate) account_id: Arc<str>,
    /// The currency of every amount.
    pub(crate) currency: Currency,
    /// What the document is dated at.
    pub(crate) instant: Instant,
    /// That instant's date in the account's calendar.
    pub(crate) issue_date: NaiveDate,
    /// The last day on which it is paid in time.
    pub(crate) due_date: NaiveDate,
    /// What the document comes to; negative if it grants credit.
    pub(crate) total: Amount,
    /// What was to be paid when it was published, after credit had paid its part.
    pub(crate) amount_due: Amount,
    /// What payments have paid of that, less what was paid back.
    pub(crate) paid: Amount,
    /// What payments for it exceeded it by, less what was paid back: it went to the credit.
    pub(crate) overpaid: Amount,
}

impl Receivable {
    /// What is still to be paid.
    pub(crate) fn open(&self) -> Amount {
        self.amount_due.checked_sub(self.paid).expect("no more is paid than was due, nor below 0")
    }

    /// How far it is paid.
    pub(crate) fn status(&self) -> PaymentStatus {
        if self.open().is_zero() {
            PaymentStatus::Paid
        } else if self.paid.is_zero() {
            PaymentStatus::Open
        } else {
            PaymentStatus::PartlyPaid
        }
    }

    /// Days since the due date, if something is still open; on the due date itself none.
    pub(crate) fn days_overdue(&self, today: NaiveDate) -> i64 {
        let days = today.signed_duration_since(self.due_date).num_days();
        if self.open().is_zero() { 0 } else { days.max(0) }
    }

    /// How long what is open has been overdue; `None` if nothing is open.
    pub(crate) fn age(&self, today: NaiveDate) -> Option<Age> {
        if self.open().is_zero() { None } else { Some(Age::of(self.days_overdue(today))) }
    }

    /// What tells which of an account's invoices is older: its instant, then its number. Within a
    /// series a longer number is a later one.
    pub(crate) fn seniority(&self) -> (Instant, usize, &str) {
        (self.instant, self.invoice_number.len(), &self.invoice_number)
    }
}

/// How far an invoice is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PaymentStatus {
    /// No payment has paid anything of it.
    Open,
    /// Something is paid, and something open.
    PartlyPaid,
    /// Nothing is open.
    Paid,
}

impl PaymentStatus {
    /// As tables have it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::PartlyPaid => "partly_paid",
            Self::Paid => "paid",
        }
    }
}

/// How long something has been overdue. No name is one that a spreadsheet takes for a date, as it
/// would `1-30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Age {
    /// Not yet.
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
    /// All of them, youngest first.
    pub(crate) const ALL: [Self; 5] =
        [Self::NotDue, Self::Days1To30, Self::Days31To60, Self::Days61To90, Self::Over90];

    /// The age of what has been overdue for some days.
    pub(crate) const fn of(days_overdue: i64) -> Self {
        match days_overdue {
            i64::MIN..=0 => Self::NotDue,
            1..=30 => Self::Days1To30,
            31..=60 => Self::Days31To60,
            61..=90 => Self::Days61To90,
            91.. => Self::Over90,
        }
    }

    /// As tables have it.
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
