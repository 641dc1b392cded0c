//! The headline of a document and its terms of payment. Other sentences are in
//! [`wording`](crate::wording).

pub(super) mod headline;
pub(super) mod terms;
