//! The pipeline, end to end: the one module that knows every stage.

mod billing;
mod close;
mod deep;
mod error;
mod explain;
mod generate;
mod ground;
mod history;
mod open;
mod parts;
mod publication;
mod published;
mod state;
mod summary;
mod verify;

pub use close::{CloseArgs, close};
pub use error::RunError;
pub use explain::explain;
pub use generate::generate;
pub use ground::Places;
pub use history::{HistoryFormat, history};
pub use open::{OpenArgs, open};
pub use publication::Outcome;
pub use summary::{close_summary, open_summary, verify_summary};
pub use verify::{Verified, verify};
