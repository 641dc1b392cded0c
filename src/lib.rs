//! prorata turns a product's change log into invoices: exact proration, CSV for finance, PDF for
//! customers, published exactly once.
//!
//! The modules follow the data. Each knows those above it and none below:
//!
//! | stage | what it does |
//! |---|---|
//! | [`value`] | amounts, currencies, instants, zones |
//! | [`locale`] | languages, and how they write numbers and dates |
//! | [`model`] | accounts, prices, subscriptions, changes, lines |
//! | [`config`] | `billing.toml` |
//! | [`wording`] | sentences about lines, in English and in the language of the account |
//! | [`input`] | CSV files into a checked [`model::Book`], or into [`problem`]s |
//! | [`register`] | what earlier closes billed |
//! | [`timeline`] | billing periods, and the stretches of them that are to be billed |
//! | [`rating`] | what a stretch costs, to the minor unit |
//! | [`invoice`] | what is due, as documents with numbers |
//! | [`accounting`] | what documents and payments post to the ledger, and when revenue is earned |
//! | [`review`] | what a close means to those who look at it before it is sent |
//! | [`render`] | documents as CSV and PDF bytes |
//! | [`publish`] | bytes as a close: all of it or nothing |
//! | [`export`] | a published close in the words of accounting programs |
//! | [`generate`] | invented companies, as input folders |
//! | [`run`] | the pipeline, end to end |
//!
//! Beside them stand [`console`], what is said on stderr, [`stop`], when the system wants an end, and
//! [`cli`], the command line.
//!
//! From [`timeline`] to [`render`] everything is pure: no files, no clock, no environment.

pub mod value;

pub mod locale;

pub mod model;

pub mod problem;

pub mod config;

pub mod input;

pub mod wording;

pub mod register;

pub mod timeline;

pub mod rating;

pub mod invoice;

pub mod accounting;

pub mod review;

pub mod render;

pub mod fault;
pub mod stop;

pub mod console;

pub mod publish;

pub mod export;
pub mod generate;

pub mod cli;
pub mod run;
