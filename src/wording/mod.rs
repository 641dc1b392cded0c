//! Sentences about lines, made from [`LineWording`](crate::model::LineWording): [`english`] for
//! tables, [`translated`] for documents.
//!
//! [`published`] goes the other way: it reads the sentences of old registers, which have no data.
//! No other place in the program reads a sentence back.

pub(crate) mod english;
pub(crate) mod published;
pub(crate) mod translated;
