//! The pipeline, end to end: the one module that knows every stage.

mod billing;
mod close;
mod error;
mod state;
mod summary;

pub use close::{CloseArgs, Outcome, close};
pub use error::RunError;
pub use summary::summary;
