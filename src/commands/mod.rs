//! The subcommands, one file each, and the part of them that the library offers.
//!
//! ```no_run
//! use prorata::commands::{CloseArgs, Folders, close};
//! use prorata::value::{AsOf, Instant};
//!
//! let places = Folders { input: "input".into(), output: "output".into() };
//! let as_of = AsOf::parse("2020-06-28").expect("a date");
//! let now = Instant::from_unix_seconds(1_593_302_400);
//! let result = close(&CloseArgs::new(places, as_of, now))?;
//! println!("{} invoices", result.manifest.counts.invoices);
//! # Ok::<(), prorata::commands::Error>(())
//! ```

mod anchors;
mod api;
mod check;
mod close;
mod compare;
mod compared_cells;
mod derive;
mod derive_older;
mod differences;
mod empty_input;
mod explain;
mod export;
#[cfg(feature = "generate")]
mod generate;
mod history;
mod import;
mod index;
mod init;
mod list;
mod open;
mod owed;
mod preview;
mod quote;
mod shard;
mod statement;
mod summary;
mod verified;
mod verify;
mod verify_payments;

pub use crate::model::NumberRange;
pub use crate::pipeline::{CloseArgs, CloseResult, Folders, StageTimings, TableFormat, Witnessing};
pub use crate::problem::{Problem, Problems};
pub use crate::register::{
    CloseRef, Counts, DocumentSettings, InputFile, Manifest, Options, OutputFile, PaymentTotals,
    Tool, TotalsByCurrency,
};
pub use api::{Error, check, close, open, preview, verify};
pub use check::{CheckArgs, EInvoiceCheck};
pub use open::OpenArgs;
pub use preview::{Preview, PreviewArgs};
pub use verified::Verified;

pub(crate) use anchors::Anchors;
pub(crate) use compare::{Billed, CompareArgs};
pub(crate) use export::ExportArgs;
pub(crate) use import::ImportArgs;
pub(crate) use index::IndexArgs;
pub(crate) use list::ListFormat;
pub(crate) use quote::{ProposedChange, QuoteArgs, QuoteFormat};
pub(crate) use shard::{ShardStep, StepResult};

/// The subcommands as the command line calls them: with errors that it can take apart.
pub(crate) mod run {
    pub(crate) use super::anchors::check_anchors;
    pub(crate) use super::check::check;
    pub(crate) use super::close::close;
    pub(crate) use super::compare::compare;
    pub(crate) use super::explain::explain;
    pub(crate) use super::export::{export, export_summary};
    #[cfg(feature = "generate")]
    pub(crate) use super::generate::generate;
    pub(crate) use super::history::history;
    pub(crate) use super::import::import;
    pub(crate) use super::index::index;
    pub(crate) use super::init::init;
    pub(crate) use super::open::open;
    pub(crate) use super::owed::owed;
    pub(crate) use super::preview::preview;
    pub(crate) use super::quote::quote;
    pub(crate) use super::shard::{shard, step_summary};
    pub(crate) use super::statement::statement;
    pub(crate) use super::summary::{
        close_summary, exceptions_summary, open_summary, verify_summary,
    };
    pub(crate) use super::verify::verify;
}
