//! From a subscription and its changes to the stretches of time that are to be billed.
//!
//! A [`ServicePeriod`] says *what* is billed (terms, service time, share of a period) and *when* it
//! falls due; what it costs is for `rating`. Boundaries keep the anchor's wall-clock time, and the
//! stretches of a period tile it: nothing is billed twice, nothing is left out.

mod cycle;
mod error;
mod proration;
mod standing;
mod state;
mod stretch;
mod walk;
mod within;

pub use cycle::{Cycle, Period};
pub use error::{TimelineError, TimelineErrorKind};
pub use proration::share;
pub use standing::{Stood, SubscriptionStatus, standing, standings};
pub use state::Terms;
pub use stretch::{Charge, ChargeReason, ServicePeriod, Window};
pub use walk::{Timeline, timeline};
