//! What each subcommand does: one file a subcommand.

mod check;
mod close;
mod explain;
mod export;
mod generate;
mod history;
mod init;
mod list;
mod open;
mod owed;
mod preview;
mod rederive;
mod statement;
mod summary;
mod verified;
mod verify;
mod verify_payments;

pub(crate) use check::{CheckArgs, check};
pub(crate) use close::close;
pub(crate) use explain::explain;
pub(crate) use export::{ExportArgs, Exported, export, export_summary};
pub(crate) use generate::generate;
pub(crate) use history::history;
pub(crate) use init::init;
pub(crate) use list::ListFormat;
pub(crate) use open::{OpenArgs, open};
pub(crate) use owed::owed;
pub(crate) use preview::{Preview, PreviewArgs, preview};
pub(crate) use statement::statement;
pub(crate) use summary::{close_summary, open_summary, verify_summary};
pub(crate) use verified::Verified;
pub(crate) use verify::verify;
