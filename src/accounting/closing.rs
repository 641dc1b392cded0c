//! Which close a journal belongs to.

use chrono::NaiveDate;

/// Which close it is, as the books see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its date; months that end before it are over.
    pub date: NaiveDate,
    /// The date of the close before, if there is one: it has booked the months that were over then.
    pub previous: Option<NaiveDate>,
}
