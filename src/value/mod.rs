//! Basic values: amounts of money, shares of a period, instants, zones.
//!
//! Nothing here depends on invoices or files. Money is exact and checked: overflow is `None` or an
//! error. Rounding is always explicit.

mod amount;
mod apportion;
mod as_of;
pub(crate) mod as_text;
mod clock_text;
mod clocks;
mod currency;
mod decimal;
mod decimal_text;
mod fraction;
mod fraction128;
mod instant;
mod month;
mod rounding;
mod visible;
mod wall_time;
mod written;
mod zone;

pub(crate) use amount::Amount;
pub(crate) use apportion::apportion;
pub use as_of::AsOf;
pub(crate) use clock_text::{clock_text, date_text, hours_text, month_text};
pub(crate) use clocks::DAY_SECONDS;
pub(crate) use currency::Currency;
pub(crate) use decimal::{DecimalError, Plain, largest, parse_decimal};
pub(crate) use decimal_text::DecimalText;
pub(crate) use fraction::{Fraction, TimeUnit};
pub(crate) use fraction128::{Fraction128, gcd64};
pub use instant::{Instant, Moment, MomentError};
pub(crate) use month::Month;
pub(crate) use rounding::Rounding;
pub(crate) use visible::{is_obeyed, visible_json, visible_line, visible_text};
pub(crate) use wall_time::WallTime;
pub use zone::Zone;
pub(crate) use zone::date_of;
