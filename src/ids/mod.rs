//! Ids: as places in a table, in the order of their texts, and as keys of sorted lists.

mod by_id;
pub mod order;
mod table;

pub use by_id::ById;
pub use order::{arrange, by_id as sorted_by_id};
pub use table::{Hasher, IdTable};
