//! prorata turns a product's change log into invoices: exact proration, CSV for finance, PDF for
//! customers, published exactly once.
//!
//! The modules form five layers. A module imports only from modules above it; a test checks every
//! import.
//!
//! | layer | module | what it does |
//! |---|---|---|
//! | ground | [`value`] | amounts, currencies, instants, zones |
//! | | `hash` | digests |
//! | | `stop` | signals that end a process |
//! | | `failpoint` | places at which a test ends the run |
//! | | `access` | who may read the files that are created |
//! | | `files` | files that other people wrote, opened with care |
//! | | `ids` | ids as positions in a table, and sorted |
//! | | `locale` | languages, and their formats of numbers and dates |
//! | core | `problem` | problems of the input, with place and remedy |
//! | | `model` | accounts, prices, subscriptions, changes, lines, invoices |
//! | | `config` | `billing.toml` |
//! | | `timeline` | billing periods, and their parts to bill |
//! | | `rating` | the amount of such a part, in minor units |
//! | | `tax` | the tax of a line, of an invoice and of a credit |
//! | | `invoice` | the due lines, as invoices with numbers |
//! | | `payments` | credit and payments, applied to invoices |
//! | | `accounting` | postings to the ledger, and when revenue is earned |
//! | | `review` | points to check before a close is sent |
//! | | `wording` | the sentences of invoices and tables, in English and in the language of the account |
//! | | `einvoice` | documents in the terms of EN 16931, and what keeps them from being valid |
//! | formats | `table` | CSV and Parquet, read and written |
//! | | `input` | the tables of the input folder, checked |
//! | | `register` | the data of earlier closes |
//! | | `render` | invoices as CSV, PDF, e-invoice and report |
//! | | `export` | a published close in the formats of accounting programs |
//! | acts | `publish` | all files of a close or none |
//! | | `merge` | the files of shards, merged into those of a close |
//! | program | `console` | messages on stderr |
//! | | `pipeline` | a close, stage by stage |
//! | | `shards` | a close in shards, on one machine or many |
//! | | [`commands`] | what each subcommand does |
//! | | `cli` | the command line |
//!
//! The core is pure: no files, no clock, no environment.

#[doc(hidden)]
pub use cli::main;

mod access;
mod accounting;
mod cli;
pub mod commands;
mod config;
mod console;
mod einvoice;
mod export;
mod failpoint;
mod files;
#[cfg(feature = "generate")]
mod generate;
mod hash;
mod ids;
mod import;
mod input;
mod invoice;
mod locale;
mod merge;
mod model;
mod payments;
mod pipeline;
mod problem;
mod publish;
mod rating;
mod register;
mod render;
mod review;
mod shards;
mod stop;
mod table;
mod tax;
mod timeline;
pub mod value;
mod wording;

#[cfg(test)]
#[path = "../tests/inside.rs"]
mod inside;

#[cfg(feature = "internals")]
#[doc(hidden)]
#[path = "../benches/inside/mod.rs"]
pub mod internals;
