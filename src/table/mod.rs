//! Tables: CSV, plain or compressed, and Parquet, read under the same rules; and the Parquet files
//! of the register's state.

mod amounts;
mod chunks;
mod column;
mod content;
mod damage;
mod damage_warnings;
mod decoding;
mod file_error;
mod findings;
mod foreign;
mod form;
mod hashed;
mod header;
mod index;
mod joined;
mod meanings;
mod names;
mod nulls;
mod one_part;
mod parallel_writer;
pub(crate) mod parquet;
pub(crate) mod parquet_writer;
mod quotes;
mod record;
mod records;
mod references;
mod remedy;
mod row;
mod rows;
mod selected;
mod separators;
mod source;
mod text_guard;
mod words;
mod writer;

#[cfg(test)]
pub(crate) use chunks::CHUNK_BYTES;
pub(crate) use column::{Column, optional, required};
pub(crate) use content::Opened;
pub(crate) use findings::{Diagnostics, Warning};
pub(crate) use form::{display_name, is_of, stem};
pub(crate) use index::{Index, RejectedIds};
pub(crate) use joined::TableKey;
pub(crate) use names::name_as_files_do;
pub(crate) use one_part::Part;
pub(crate) use parallel_writer::CsvTable;
pub(crate) use parquet_writer::{ParquetError, table_parquet};
pub(crate) use record::{Record, Records};
pub(crate) use row::{Reported, Row};
pub(crate) use rows::TableReader;
pub(crate) use selected::OwnerColumns;
pub(crate) use source::{Files, Source, SourceErrors, open_optional};
pub(crate) use text_guard::{plain_text, text_cell};
pub(crate) use writer::CsvWriter;
