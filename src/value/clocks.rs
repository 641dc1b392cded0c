//! By how much a zone's clocks are ahead of UTC, remembered for each day that was asked for.
//!
//! Billing asks a hundred times for each account, and chrono-tz searches all that a zone's clocks
//! ever did at every question. A day whose two ends have one offset has it all day, because no
//! zone changes its clocks twice within a day. Of other days, which are few, nothing is said:
//! there chrono-tz has to be asked.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{LazyLock, OnceLock};

use chrono::{DateTime, Offset as _, TimeZone as _};
use chrono_tz::{TZ_VARIANTS, Tz};

/// The seconds of a day of UTC.
pub const DAY_SECONDS: i64 = 86_400;

/// Days that are made room for at once, when one of them is asked for.
const DAYS: usize = 512;

/// So many times as many days from 1970 on are remembered: into the year 2149.
const BLOCKS: usize = 128;

/// What is known of some days on end.
type Block = OnceLock<Box<[AtomicU8]>>;

/// For each zone that was asked for, its days.
static ZONES: LazyLock<Vec<OnceLock<Vec<Block>>>> = LazyLock::new(|| many(TZ_VARIANTS.len()));

/// Nobody has asked yet: the default of a number.
const UNKNOWN: u8 = 0;

/// The clocks change on that day, or differ from UTC by something finer than quarters of an hour.
const VARIES: u8 = 1;

/// What stands for no difference; others are so many quarters of an hour away from it.
const NO_DIFFERENCE: i64 = 128;

const QUARTER_SECONDS: i64 = 900;

/// The seconds by which clocks are ahead at a time of UTC in seconds; `None` if chrono-tz has to be
/// asked.
pub fn ahead_at(zone: Tz, seconds: i64) -> Option<i64> {
    on_day(zone, seconds.div_euclid(DAY_SECONDS))
}

/// The seconds by which clocks that show a local time in seconds are ahead of UTC; `None` if it may
/// lie near a change of the clocks.
pub fn ahead_of_local(zone: Tz, seconds: i64) -> Option<i64> {
    // Clocks are never a whole day ahead or behind.
    let day = seconds.div_euclid(DAY_SECONDS);
    let ahead = on_day(zone, day)?;
    let is_same = |other: i64| on_day(zone, other) == Some(ahead);
    (is_same(day - 1) && is_same(day + 1)).then_some(ahead)
}

fn on_day(zone: Tz, day: i64) -> Option<i64> {
    let place = usize::try_from(day).ok()?;
    let blocks = ZONES.get(zone as usize)?.get_or_init(|| many(BLOCKS));
    let days = blocks.get(place / DAYS)?.get_or_init(|| many(DAYS));
    let kept = &days[place % DAYS];
    let mut known = kept.load(Ordering::Relaxed);
    if known == UNKNOWN {
        // Whoever else asks meanwhile finds the same.
        known = look_up(zone, day);
        kept.store(known, Ordering::Relaxed);
    }
    (known != VARIES).then(|| (i64::from(known) - NO_DIFFERENCE) * QUARTER_SECONDS)
}

/// As many as that, of which nothing is known.
fn many<T: Default, Many: FromIterator<T>>(count: usize) -> Many {
    std::iter::repeat_with(T::default).take(count).collect()
}

fn look_up(zone: Tz, day: i64) -> u8 {
    let ahead = |seconds: i64| {
        let time = DateTime::from_timestamp(seconds, 0)?.naive_utc();
        Some(i64::from(zone.offset_from_utc_datetime(&time).fix().local_minus_utc()))
    };
    let first = day * DAY_SECONDS;
    match (ahead(first), ahead(first + DAY_SECONDS - 1)) {
        (Some(start), Some(end)) if start == end && start % QUARTER_SECONDS == 0 => {
            u8::try_from(start / QUARTER_SECONDS + NO_DIFFERENCE).unwrap_or(VARIES)
        }
        _ => VARIES,
    }
}
