//! Words that several sections need: counts, months and times.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use crate::value::{Instant, Month, Zone};
use crate::wording::grouped;

/// An instant in the zone of the company: "28 Jun 2020, 00:00 (Europe/Berlin)".
pub(super) fn local_time(instant: Instant, zone: Zone) -> Markup {
    html! { (wall_time(instant, zone)) " (" (zone) ")" }
}

/// An instant in a zone that is named elsewhere.
pub(super) fn wall_time(instant: Instant, zone: Zone) -> Markup {
    let local: NaiveDateTime = zone.local(instant);
    let seconds = if local.format("%S").to_string() == "00" { "" } else { ":%S" };
    let text = local.format(&format!("%-d %b %Y, %H:%M{seconds}")).to_string();
    html! { time.nowrap datetime=(instant) { (text) } }
}

/// "1 line", "28 lines".
pub(super) fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(&number.to_string()))
}

/// "Jun 2020".
pub(super) fn month_words(month: Month) -> String {
    month.first_day().format("%b %Y").to_string()
}
