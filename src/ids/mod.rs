//! Ids: positions in a table, sorting, and keys of sorted lists.

mod by_id;
pub(crate) mod order;
mod table;

pub(crate) use by_id::ById;
pub(crate) use order::{arrange, by_id as sorted_by_id};
pub(crate) use table::{Hasher, IdTable};
