//! When an invoice is due: days after its issue, after the end of its month, or a day of the next month.

use std::fmt;

use chrono::{Datelike as _, Days, Months, NaiveDate};

/// Terms of payment, counted in the calendar of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PaymentTerms {
    /// Days after the date of issue.
    Days(u32),
    /// Days after the end of the month of issue.
    EndOfMonth(u32),
    /// A day of the month after that of issue. Shorter months end on their last day.
    DayOfNextMonth(u32),
}

/// Why a text is no terms of payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PaymentTermsError {
    /// It is not of the grammar.
    Form,
    /// More than [`PaymentTerms::LONGEST`] days.
    TooLong,
}

impl Default for PaymentTerms {
    fn default() -> Self {
        Self::Days(14)
    }
}

impl PaymentTerms {
    /// A term of more than a century is a typing error, and would exceed the calendar.
    pub(crate) const LONGEST: u32 = 36_500;
    /// The grammar, for messages.
    pub(crate) const HINT: &'static str = "write days after the date of issue, such as 30; days after the \
         end of its month, such as eom+30; or a day of the next month, such as day 15";

    /// Reads `30`, `eom`, `eom+30` or `day 15`.
    ///
    /// # Errors
    /// Any other text.
    pub(crate) fn parse(text: &str) -> Result<Self, PaymentTermsError> {
        let number = |digits: &str| {
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| digits.parse().unwrap_or(u32::MAX)).ok_or(PaymentTermsError::Form)
        };
        let days = |digits: &str| match number(digits)? {
            days if days <= Self::LONGEST => Ok(days),
            _ => Err(PaymentTermsError::TooLong),
        };
        let text = text.trim().to_ascii_lowercase();
        if let Some(rest) = text.strip_prefix("eom") {
            return match rest.trim() {
                "" => Ok(Self::EndOfMonth(0)),
                rest => {
                    let digits = rest.strip_prefix('+').ok_or(PaymentTermsError::Form)?;
                    Ok(Self::EndOfMonth(days(digits.trim())?))
                }
            };
        }
        match text.strip_prefix("day ") {
            Some(day) => match number(day.trim())? {
                day @ 1..=31 => Ok(Self::DayOfNextMonth(day)),
                _ => Err(PaymentTermsError::Form),
            },
            None => days(&text).map(Self::Days),
        }
    }

    /// The last day to pay an invoice of a date.
    pub(crate) fn due_date(self, issued: NaiveDate) -> NaiveDate {
        let next_month = || issued.with_day(1)?.checked_add_months(Months::new(1));
        let due = match self {
            Self::Days(days) => issued.checked_add_days(Days::new(days.into())),
            Self::EndOfMonth(days) => next_month()
                .and_then(|first| first.pred_opt()?.checked_add_days(Days::new(days.into()))),
            Self::DayOfNextMonth(day) => {
                next_month().and_then(|first| (1..=day).rev().find_map(|day| first.with_day(day)))
            }
        };
        due.expect("terms are at most a century")
    }
}

impl fmt::Display for PaymentTerms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => write!(f, "{days}"),
            Self::EndOfMonth(0) => f.write_str("eom"),
            Self::EndOfMonth(days) => write!(f, "eom+{days}"),
            Self::DayOfNextMonth(day) => write!(f, "day {day}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_read_and_decides_the_date() {
        let issued = |date: &str| date.parse::<NaiveDate>().expect("a date");
        for (text, date, due) in [
            ("0", "2024-01-31", "2024-01-31"),
            ("30", "2024-01-31", "2024-03-01"),
            ("eom", "2024-02-01", "2024-02-29"),
            ("EOM", "2024-02-29", "2024-02-29"),
            ("eom + 30", "2024-01-15", "2024-03-01"),
            ("eom+45", "2024-12-01", "2025-02-14"),
            ("day 15", "2024-01-31", "2024-02-15"),
            ("day 15", "2024-01-01", "2024-02-15"),
            ("Day 31", "2023-01-31", "2023-02-28"),
            ("day 1", "2024-12-31", "2025-01-01"),
        ] {
            let terms = PaymentTerms::parse(text).expect(text);
            assert_eq!(terms.due_date(issued(date)), issued(due), "{text} {date}");
            assert_eq!(PaymentTerms::parse(&terms.to_string()), Ok(terms), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in
            ["", "-1", "30 days", "net 30", "eom-1", "eom+", "day", "day 0", "day 32", "1.5", "+3"]
        {
            assert_eq!(PaymentTerms::parse(text), Err(PaymentTermsError::Form), "{text}");
        }
        for text in ["36501", "eom+36501", "99999999999"] {
            assert_eq!(PaymentTerms::parse(text), Err(PaymentTermsError::TooLong), "{text}");
        }
    }
}
