//! Computes a close shard by shard: on one machine with less memory, or on many machines.
//!
//! A round has five steps. `begin` fixes what is closed and with which options. `draft` bills a shard
//! and lists its documents. `number` merges the lists and gives every document its number. `close`
//! bills a shard again, settles it, and writes its files. `publish` merges these files into one
//! close. The close is byte for byte the one that `close` publishes without shards, so nothing after
//! it depends on shards.
//!
//! Billing twice costs less than a format for billed documents would. Every task may be repeated,
//! and may run twice at once.

mod begin;
mod close;
mod count;
mod draft;
mod in_turn;
mod lists;
mod number;
mod output;
mod plan;
mod publish;
mod round;
mod summary;
mod tables;

pub(crate) use begin::{abandon, begin};
pub(crate) use close::close_shard;
pub(crate) use count::{shards_for, shards_of};
pub(crate) use draft::draft_shard;
pub(crate) use in_turn::{close_in_turn, derive_in_turn};
pub(crate) use number::number_shards;
pub(crate) use plan::KeptBasis;
pub(crate) use publish::publish_shards;
pub(crate) use round::{TaskArgs, TaskResult};
