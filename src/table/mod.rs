//! Tables: CSV, plain or compressed, and Parquet, row by row under the same rules; and the columns of
//! Parquet files that this program writes and reads back.

mod amounts;
mod chunks;
mod column;
mod content;
mod damage;
mod damage_warnings;
mod file_error;
mod findings;
mod foreign;
mod form;
mod hashed;
mod header;
mod index;
mod joined;
mod meanings;
mod nulls;
mod parallel_writer;
pub mod parquet;
pub mod parquet_writer;
mod quotes;
mod record;
mod records;
mod references;
mod remedy;
mod row;
mod rows;
mod separators;
mod source;
mod text_guard;
mod writer;

pub use chunks::CHUNK_BYTES;
pub use column::{Column, optional, required};
pub use content::Opened;
pub use findings::{Diagnostics, Warning};
pub use form::{display_name, is_of, stem};
pub use index::{Index, RejectedIds};
pub use joined::TableKey;
pub use parallel_writer::CsvTable;
pub use parquet_writer::{ParquetError, table_parquet};
pub use record::{Record, Records};
pub use row::{Reported, Row};
pub use rows::TableReader;
pub use source::{Files, Source, SourceErrors, open_optional};
pub use text_guard::{plain_text, text_cell};
pub use writer::CsvWriter;
