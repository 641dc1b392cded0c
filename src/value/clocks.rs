//! A cache of the UTC offsets of zones, by day.
//!
//! Billing needs a hundred offsets for each account, and chrono-tz searches the whole history of a
//! zone each time. If a day starts and ends with one offset, it has that offset all day, because no
//! zone changes twice in a day. The cache has no answer for the few other days: ask chrono-tz
//! there.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{LazyLock, OnceLock};

use chrono::{DateTime, Offset as _, TimeZone as _};
use chrono_tz::{TZ_VARIANTS, Tz};

/// The seconds of a day of UTC.
pub(crate) const DAY_SECONDS: i64 = 86_400;

/// The number of days in one allocation.
const DAYS: usize = 512;

/// The number of allocations from 1970 on: up to the year 2149.
const BLOCKS: usize = 128;

/// The cached days of one allocation.
type DayBlock = OnceLock<Box<[AtomicU8]>>;

/// The cached days of each zone.
type Zones = LazyLock<Vec<OnceLock<Vec<DayBlock>>>>;

/// By days of UTC.
static DAYS_OF_UTC: Zones = LazyLock::new(|| many(TZ_VARIANTS.len()));

/// By days on the clocks of a zone. One such day touches up to three days of UTC, so it has its own
/// cache.
static DAYS_OF_CLOCKS: Zones = LazyLock::new(|| many(TZ_VARIANTS.len()));

/// Not cached yet. It is the default of the number.
const UNKNOWN: u8 = 0;

/// The clocks change on that day, or the offset is no multiple of a quarter of an hour.
const VARIES: u8 = 1;

/// The value for offset zero. Other values differ from it by quarters of an hour.
const NO_DIFFERENCE: i64 = 128;

const QUARTER_SECONDS: i64 = 900;

/// The offset at a time of UTC, in seconds; `None` if chrono-tz must decide.
pub(crate) fn ahead_at(zone: Tz, seconds: i64) -> Option<i64> {
    difference(known(&DAYS_OF_UTC, look_up, zone, seconds.div_euclid(DAY_SECONDS)))
}

/// The offset at a local time, in seconds; `None` if it may be near a change of the clocks.
pub(crate) fn ahead_of_local(zone: Tz, seconds: i64) -> Option<i64> {
    difference(known(&DAYS_OF_CLOCKS, look_around, zone, seconds.div_euclid(DAY_SECONDS)))
}

/// The cached value of a day. Calls `find` for a new day.
fn known(zones: &Zones, find: fn(Tz, i64) -> u8, zone: Tz, day: i64) -> u8 {
    let Some(kept) = kept(zones, zone, day) else { return VARIES };
    let known = kept.load(Ordering::Relaxed);
    if known != UNKNOWN {
        return known;
    }
    // Other threads find the same value.
    let found = find(zone, day);
    kept.store(found, Ordering::Relaxed);
    found
}

fn kept(zones: &Zones, zone: Tz, day: i64) -> Option<&AtomicU8> {
    let place = usize::try_from(day).ok()?;
    let blocks = zones.get(zone as usize)?.get_or_init(|| many(BLOCKS));
    let days = blocks.get(place / DAYS)?.get_or_init(|| many(DAYS));
    days.get(place % DAYS)
}

fn difference(known: u8) -> Option<i64> {
    (known != VARIES).then(|| (i64::from(known) - NO_DIFFERENCE) * QUARTER_SECONDS)
}

/// A collection of default values.
fn many<T: Default, Many: FromIterator<T>>(count: usize) -> Many {
    std::iter::repeat_with(T::default).take(count).collect()
}

/// Offsets are less than a day. So if the offset is the same on the day before and after, it holds
/// all day.
fn look_around(zone: Tz, day: i64) -> u8 {
    let on = |day: i64| known(&DAYS_OF_UTC, look_up, zone, day);
    let same = on(day);
    if on(day - 1) == same && on(day + 1) == same { same } else { VARIES }
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
