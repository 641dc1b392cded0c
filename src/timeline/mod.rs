//! Turns a subscription and its changes into service periods to bill.
//!
//! A [`ServicePeriod`] has the terms, the service time, the share of the period and the due
//! instant. `rating` computes its amount. Boundaries keep the anchor's wall-clock time. The service
//! periods cover each billing period exactly once.

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
