//! prorata turns a product's change log into invoices: exact proration, CSV for finance, PDF for
//! customers, published exactly once.
//!
//! The modules stand in five belts. Each module imports only modules that stand above it; a test
//! reads every import and says where one runs backward.
//!
//! | belt | module | what it does |
//! |---|---|---|
//! | ground | [`value`] | amounts, currencies, instants, zones |
//! | | [`hash`] | digests |
//! | | [`stop`] | the wish of the system that the run ends |
//! | | [`failpoint`] | where a test makes the run fail |
//! | | [`ids`] | ids as places in a table, and in order |
//! | | [`locale`] | languages, and how they write numbers and dates |
//! | core | [`problem`] | what is wrong with an input, where, and what to do |
//! | | [`config`] | `billing.toml` |
//! | | [`model`] | accounts, prices, subscriptions, changes, lines, invoices |
//! | | [`wording`] | sentences about lines, in English and in the language of the account |
//! | | [`timeline`] | billing periods, and the parts of them that are to be billed |
//! | | [`rating`] | what such a part costs, to the minor unit |
//! | | [`tax`] | the rate of a line, the tax of a document, the tax of a credit |
//! | | [`invoice`] | the lines that are due, as documents with numbers |
//! | | [`payments`] | credit and payments, applied to invoices |
//! | | [`accounting`] | postings to the ledger, and when revenue is earned |
//! | | [`review`] | what an operator looks at before a close is sent |
//! | | [`wording`] | sentences about lines, in English and in the language of the account |
//! | formats | [`table`] | CSV and Parquet, read and written |
//! | | [`input`] | the tables of the input folder, checked |
//! | | [`register`] | what earlier closes billed |
//! | | [`render`] | invoices as CSV, PDF and report |
//! | | [`export`] | a published close in the words of accounting programs |
//! | acts | [`publish`] | all files of a close or none |
//! | program | [`console`] | messages on stderr |
//! | | [`pipeline`] | a close, stage by stage |
//! | | [`commands`] | what each subcommand does |
//! | | [`cli`] | the command line |
//!
//! The core is pure: no files, no clock, no environment.

#[doc(hidden)]
pub use cli::main;

mod accounting;
mod cli;
pub mod commands;
mod config;
mod console;
mod export;
mod failpoint;
#[cfg(feature = "generate")]
mod generate;
mod hash;
mod ids;
mod input;
mod invoice;
mod locale;
mod model;
mod payments;
mod pipeline;
mod problem;
mod publish;
mod rating;
mod register;
mod render;
mod review;
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
