//! The pipeline, end to end: the one module that knows every stage.

mod billing;
mod books;
mod close;
mod deep;
mod error;
mod explain;
mod export;
mod ground;
mod history;
mod list;
mod movement;
mod open;
mod owed;
mod parts;
mod publication;
mod published;
mod receipts;
mod settled;
mod state;
mod statement;
mod summary;
mod verify;
mod verify_payments;

pub use close::{CloseArgs, close};
pub use error::RunError;
pub use explain::explain;
pub use export::{ExportArgs, Exported, export, export_summary};
pub use ground::Places;
pub use history::history;
pub use list::ListFormat;
pub use open::{OpenArgs, open};
pub use owed::owed;
pub use publication::Outcome;
pub use statement::statement;
pub use summary::{close_summary, open_summary, verify_summary};
pub use verify::{Verified, verify};
