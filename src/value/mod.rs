//! The values everything is made of: amounts of money, shares of a period, instants, zones.
//!
//! Nothing here knows of invoices or files. Every operation on money is exact and checked:
//! overflow is `None` or an error, never a wrap, and rounding happens only where it is named.

mod amount;
mod apportion;
mod as_of;
pub mod as_text;
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
mod wall_time;
mod written;
mod zone;

pub use amount::Amount;
pub use apportion::apportion;
pub use as_of::AsOf;
pub use clock_text::{clock_text, date_text, hours_text, month_text};
pub use clocks::DAY_SECONDS;
pub use currency::Currency;
pub use decimal::{DecimalError, Plain, parse_decimal};
pub use decimal_text::DecimalText;
pub use fraction::{Fraction, TimeUnit};
pub use fraction128::{Fraction128, gcd64};
pub use instant::{Instant, Moment, MomentError};
pub use month::Month;
pub use rounding::Rounding;
pub use wall_time::WallTime;
pub use zone::{Zone, date_of};
