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
type DayBlock = OnceLock<Box<[AtomicU8]>>;

/// For each zone that was asked for, its days.
type Zones = LazyLock<Vec<OnceLock<Vec<DayBlock>>>>;

/// Days of UTC.
static DAYS_OF_UTC: Zones = LazyLock::new(|| many(TZ_VARIANTS.len()));

/// Days as the clocks of a zone show them: they lie in up to three days of UTC, none of which has to
/// be looked at again.
static DAYS_OF_CLOCKS: Zones = LazyLock::new(|| many(TZ_VARIANTS.len()));

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
    difference(known(&DAYS_OF_UTC, look_up, zone, seconds.div_euclid(DAY_SECONDS)))
}

/// The seconds by which clocks that show a local time in seconds are ahead of UTC; `None` if it may
/// lie near a change of the clocks.
pub fn ahead_of_local(zone: Tz, seconds: i64) -> Option<i64> {
    difference(known(&DAYS_OF_CLOCKS, look_around, zone, seconds.div_euclid(DAY_SECONDS)))
}

/// What is known of a day of a zone; of one that is not remembered yet, what `find` says of it.
fn known(zones: &Zones, find: fn(Tz, i64) -> u8, zone: Tz, day: i64) -> u8 {
    let Some(kept) = kept(zones, zone, day) else { return VARIES };
    let known = kept.load(Ordering::Relaxed);
    if known != UNKNOWN {
        return known;
    }
    // Whoever else asks meanwhile finds the same.
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

/// As many as that, of which nothing is known.
fn many<T: Default, Many: FromIterator<T>>(count: usize) -> Many {
    std::iter::repeat_with(T::default).take(count).collect()
}

/// Clocks are never a whole day ahead or behind: where they do not change from the day before to the
/// one after, they are as far ahead all the day that they show.
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
