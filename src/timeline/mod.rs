//! From a subscription and its changes to the stretches of time that are to be billed.
//!
//! A [`ServicePeriod`] says *what* is billed (terms, service time, share of a period) and *when* it
//! falls due; what it costs is for `rating`. Boundaries keep the anchor's wall-clock time, and the
//! stretches of a period tile it: nothing is billed twice, nothing is left out.

mod cycle;
mod error;
mod proration;
mod service_period;
mod state;
mod status;
mod walk;
mod within;

pub use cycle::{Cycle, Period};
pub use error::{TimelineError, TimelineErrorKind};
pub use proration::share;
pub use service_period::{Charge, ChargeReason, ServicePeriod, Window};
pub use state::Terms;
pub use status::{Stood, SubscriptionStatus, status_at, statuses_at};
pub use walk::{Timeline, timeline};
