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

pub(crate) use cycle::{Cycle, Period};
pub(crate) use error::{TimelineError, TimelineErrorKind};
pub(crate) use proration::share;
pub(crate) use service_period::{Charge, ChargeReason, ServicePeriod, Window};
pub(crate) use state::Terms;
pub(crate) use status::{Stood, SubscriptionStatus, status_at, statuses_at};
pub(crate) use walk::{Timeline, timeline};
