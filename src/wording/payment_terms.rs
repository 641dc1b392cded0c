//! Terms of payment in words.

use crate::locale::Texts;
use crate::model::PaymentTerms;

/// Terms that the calendar decides; `None` for days after the issue, which the due date says.
pub(crate) fn in_words(terms: PaymentTerms, texts: Texts) -> Option<String> {
    match terms {
        PaymentTerms::Days(_) => None,
        PaymentTerms::EndOfMonth(0) => Some(texts.end_of_month().to_owned()),
        PaymentTerms::EndOfMonth(days) => Some(texts.days_after_month(days.into())),
        PaymentTerms::DayOfNextMonth(day) => Some(texts.day_of_next_month(&day.to_string())),
    }
}
