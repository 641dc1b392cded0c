//! Every sentence that invoices and tables contain, made from typed data.
//!
//! [`english`] writes the text of a line for tables, [`translated`] for documents. The words are in
//! `assets/languages`; numbers and dates follow the account's [`Locale`](crate::locale::Locale). The
//! other files have a theme each: changes, taxes, the calculation, the subject of the e-mail.
//!
//! [`published`] goes the other way: it reads the sentences of old registers, which have no data.
//! No other place in the program reads a sentence back.

mod amounts;
pub(crate) mod calculation;
pub(crate) mod changes;
mod document_texts;
pub(crate) mod english;
mod format;
mod formula;
mod payment_terms;
pub(crate) mod published;
mod subject;
pub(crate) mod taxes;
pub(crate) mod translated;

pub(crate) use amounts::{column_titles, listed, magnitude, with_code};
pub(crate) use document_texts::DocumentTexts;
pub(crate) use format::{grouped, money, period};
pub(crate) use formula::formula;
pub(crate) use payment_terms::in_words;
pub(crate) use subject::{DeliveryStatus, invoice_subject, receipt_subject};
