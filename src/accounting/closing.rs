//! The close of a journal.

use chrono::NaiveDate;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Closing<'a> {
    pub(crate) name: &'a str,
    /// Its date. Months that end before it are over.
    pub(crate) date: NaiveDate,
    /// The date of the previous close, if there is one. It booked the months that were over then.
    pub(crate) previous: Option<NaiveDate>,
}
