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

pub use check::{CheckArgs, check};
pub use close::close;
pub use explain::explain;
pub use export::{ExportArgs, Exported, export, export_summary};
pub use generate::generate;
pub use history::history;
pub use init::init;
pub use list::ListFormat;
pub use open::{OpenArgs, open};
pub use owed::owed;
pub use preview::{Preview, PreviewArgs, preview};
pub use statement::statement;
pub use summary::{close_summary, open_summary, verify_summary};
pub use verified::Verified;
pub use verify::verify;
