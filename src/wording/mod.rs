//! Sentences about lines, made from [`LineWording`](crate::model::LineWording) and from nothing
//! else: [`english`] for tables, [`translated`] for documents.
//!
//! [`published`] goes the other way. It reads the sentences of old registers, which kept no data,
//! and is the only place in the program that does so.

pub mod english;
pub mod published;
pub mod translated;
