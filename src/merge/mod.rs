//! Merges the files that shards of a close wrote. The result is byte for byte what one close of
//! all accounts writes, and only a small part of each shard is in memory at a time.

mod error;
mod hashed_file;
mod key;
mod least;
mod order_list;
mod pdf_archive;
mod pdf_files;
mod runs;
mod runs_reader;
mod runs_writer;
mod shard_folder;
mod state;
mod state_part;
mod state_rows;
mod state_union;

#[cfg(test)]
mod company_tests;
#[cfg(test)]
mod fixture_tests;
#[cfg(test)]
mod pdf_tests;
#[cfg(test)]
mod runs_tests;
#[cfg(test)]
mod state_tests;

pub(crate) use error::MergeError;
pub(crate) use key::MergeKey;
pub(crate) use order_list::{FILE as ORDER_FILE, order_to_parquet};
pub(crate) use pdf_archive::merge_pdf_archive;
pub(crate) use pdf_files::merge_pdf_files;
pub(crate) use runs::merge_runs;
pub(crate) use runs_writer::{CREDIT_PLACES_FILE, RunsWriter, credit_places};
pub(crate) use shard_folder::ShardFolder;
pub(crate) use state::merge_states;
