//! Finds the time zone behind a wrong zone name.

/// The zones of Windows with their zones in the CLDR (windowsZones.xml, territory 001).
const OF_WINDOWS: [(&str, &str); 107] = [
    ("AUS Central Standard Time", "Australia/Darwin"),
    ("AUS Eastern Standard Time", "Australia/Sydney"),
    ("Afghanistan Standard Time", "Asia/Kabul"),
    ("Alaskan Standard Time", "America/Anchorage"),
    ("Aleutian Standard Time", "America/Adak"),
    ("Arab Standard Time", "Asia/Riyadh"),
    ("Arabian Standard Time", "Asia/Dubai"),
    ("Arabic Standard Time", "Asia/Baghdad"),
    ("Argentina Standard Time", "America/Argentina/Buenos_Aires"),
    ("Astrakhan Standard Time", "Europe/Astrakhan"),
    ("Atlantic Standard Time", "America/Halifax"),
    ("Aus Central W. Standard Time", "Australia/Eucla"),
    ("Azerbaijan Standard Time", "Asia/Baku"),
    ("Azores Standard Time", "Atlantic/Azores"),
    ("Bahia Standard Time", "America/Bahia"),
    ("Bangladesh Standard Time", "Asia/Dhaka"),
    ("Belarus Standard Time", "Europe/Minsk"),
    ("Canada Central Standard Time", "America/Regina"),
    ("Cape Verde Standard Time", "Atlantic/Cape_Verde"),
    ("Caucasus Standard Time", "Asia/Yerevan"),
    ("Cen. Australia Standard Time", "Australia/Adelaide"),
    ("Central America Standard Time", "America/Guatemala"),
    ("Central Asia Standard Time", "Asia/Bishkek"),
    ("Central Brazilian Standard Time", "America/Cuiaba"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("Central Pacific Standard Time", "Pacific/Guadalcanal"),
    ("Central Standard Time", "America/Chicago"),
    ("Central Standard Time (Mexico)", "America/Mexico_City"),
    ("China Standard Time", "Asia/Shanghai"),
    ("Cuba Standard Time", "America/Havana"),
    ("E. Africa Standard Time", "Africa/Nairobi"),
    ("E. Australia Standard Time", "Australia/Brisbane"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("E. South America Standard Time", "America/Sao_Paulo"),
    ("Eastern Standard Time", "America/New_York"),
    ("Eastern Standard Time (Mexico)", "America/Cancun"),
    ("Egypt Standard Time", "Africa/Cairo"),
    ("Ekaterinburg Standard Time", "Asia/Yekaterinburg"),
    ("FLE Standard Time", "Europe/Kiev"),
    ("Fiji Standard Time", "Pacific/Fiji"),
    ("GMT Standard Time", "Europe/London"),
    ("GTB Standard Time", "Europe/Bucharest"),
    ("Georgian Standard Time", "Asia/Tbilisi"),
    ("Greenland Standard Time", "America/Nuuk"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("Haiti Standard Time", "America/Port-au-Prince"),
    ("Hawaiian Standard Time", "Pacific/Honolulu"),
    ("India Standard Time", "Asia/Kolkata"),
    ("Iran Standard Time", "Asia/Tehran"),
    ("Israel Standard Time", "Asia/Jerusalem"),
    ("Jordan Standard Time", "Asia/Amman"),
    ("Kaliningrad Standard Time", "Europe/Kaliningrad"),
    ("Korea Standard Time", "Asia/Seoul"),
    ("Libya Standard Time", "Africa/Tripoli"),
    ("Line Islands Standard Time", "Pacific/Kiritimati"),
    ("Lord Howe Standard Time", "Australia/Lord_Howe"),
    ("Magadan Standard Time", "Asia/Magadan"),
    ("Marquesas Standard Time", "Pacific/Marquesas"),
    ("Mauritius Standard Time", "Indian/Mauritius"),
    ("Middle East Standard Time", "Asia/Beirut"),
    ("Montevideo Standard Time", "America/Montevideo"),
    ("Morocco Standard Time", "Africa/Casablanca"),
    ("Mountain Standard Time", "America/Denver"),
    ("Mountain Standard Time (Mexico)", "America/Mazatlan"),
    ("Myanmar Standard Time", "Asia/Yangon"),
    ("N. Central Asia Standard Time", "Asia/Novosibirsk"),
    ("Namibia Standard Time", "Africa/Windhoek"),
    ("Nepal Standard Time", "Asia/Kathmandu"),
    ("New Zealand Standard Time", "Pacific/Auckland"),
    ("Newfoundland Standard Time", "America/St_Johns"),
    ("North Asia East Standard Time", "Asia/Irkutsk"),
    ("North Asia Standard Time", "Asia/Krasnoyarsk"),
    ("Omsk Standard Time", "Asia/Omsk"),
    ("Pacific SA Standard Time", "America/Santiago"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("Pacific Standard Time (Mexico)", "America/Tijuana"),
    ("Pakistan Standard Time", "Asia/Karachi"),
    ("Paraguay Standard Time", "America/Asuncion"),
    ("Romance Standard Time", "Europe/Paris"),
    ("Russia Time Zone 3", "Europe/Samara"),
    ("Russian Standard Time", "Europe/Moscow"),
    ("SA Eastern Standard Time", "America/Cayenne"),
    ("SA Pacific Standard Time", "America/Bogota"),
    ("SA Western Standard Time", "America/La_Paz"),
    ("SE Asia Standard Time", "Asia/Bangkok"),
    ("Samoa Standard Time", "Pacific/Apia"),
    ("Singapore Standard Time", "Asia/Singapore"),
    ("South Africa Standard Time", "Africa/Johannesburg"),
    ("Sri Lanka Standard Time", "Asia/Colombo"),
    ("Syria Standard Time", "Asia/Damascus"),
    ("Taipei Standard Time", "Asia/Taipei"),
    ("Tasmania Standard Time", "Australia/Hobart"),
    ("Tokyo Standard Time", "Asia/Tokyo"),
    ("Tonga Standard Time", "Pacific/Tongatapu"),
    ("Turkey Standard Time", "Europe/Istanbul"),
    ("US Eastern Standard Time", "America/Indiana/Indianapolis"),
    ("US Mountain Standard Time", "America/Phoenix"),
    ("Ulaanbaatar Standard Time", "Asia/Ulaanbaatar"),
    ("Venezuela Standard Time", "America/Caracas"),
    ("Vladivostok Standard Time", "Asia/Vladivostok"),
    ("W. Australia Standard Time", "Australia/Perth"),
    ("W. Central Africa Standard Time", "Africa/Lagos"),
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("West Asia Standard Time", "Asia/Tashkent"),
    ("West Pacific Standard Time", "Pacific/Port_Moresby"),
    ("Yakutsk Standard Time", "Asia/Yakutsk"),
];

/// Names of Rails, Windows and everyday use for the zones of the United States.
const OF_AMERICA: [(&str, &str); 6] = [
    ("Eastern Time", "America/New_York"),
    ("Central Time", "America/Chicago"),
    ("Mountain Time", "America/Denver"),
    ("Pacific Time", "America/Los_Angeles"),
    ("Alaska Time", "America/Anchorage"),
    ("Hawaii Time", "Pacific/Honolulu"),
];

/// The areas whose zones have the name of a town.
const AREAS: [&str; 10] = [
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
];

/// The remedy for a name that is no time zone.
pub(crate) fn zone_hint(name: &str) -> String {
    const ANY: &str = "write the IANA name of the place, such as Europe/Berlin, or UTC";
    let name = name.trim();
    if let Some(offset) = offset(name) {
        return offset_hint(offset);
    }
    // `(GMT+01:00) Berlin`, as in menus.
    let place = match name.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((shown, place)) if offset(shown).is_some() => place.trim(),
        _ => name,
    };
    match same_zone(place) {
        Some(zone) => format!("write {zone} if that is meant, or another IANA name"),
        None if is_abbreviation(place) => {
            format!("{ANY}; clocks of several places are called {place}")
        }
        None => ANY.to_owned(),
    }
}

/// The minutes that `GMT+2`, `UTC+02:00`, `+0530` or `UTC-5` are ahead of UTC.
fn offset(name: &str) -> Option<i32> {
    let name = name.to_ascii_uppercase().replace(' ', "").replace('\u{2212}', "-");
    let name = name.strip_prefix("GMT").or_else(|| name.strip_prefix("UTC")).unwrap_or(&name);
    let digits = name.strip_prefix(['+', '-'])?;
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 => digits.split_at(2),
        None => (digits, "0"),
    };
    let is_number = |part: &str| (1..=2).contains(&part.len());
    if !is_number(hours) || !is_number(minutes) {
        return None;
    }
    let offset = hours.parse::<i32>().ok()? * 60 + minutes.parse::<i32>().ok()?;
    (offset <= 14 * 60).then_some(if name.starts_with('-') { -offset } else { offset })
}

/// Suggests a place first, because few places have one offset all year. The sign of `Etc/GMT-2`
/// follows POSIX: it is ahead of UTC.
fn offset_hint(offset: i32) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
    let shown = format!("UTC{sign}{hours:02}:{minutes:02}");
    let place =
        "write the IANA name of the place, such as Europe/Berlin: an offset has no summer time";
    let turned = if offset < 0 { '+' } else { '-' };
    // No zone is further behind UTC.
    let has_zone = minutes == 0 && offset >= -12 * 60;
    match (hours, minutes) {
        (0, 0) => "write UTC".to_owned(),
        _ if has_zone => {
            format!("{place}; {shown} in summer and winter is Etc/GMT{turned}{hours}")
        }
        _ => place.to_owned(),
    }
}

/// The zone behind a name: other case, a town, a name of Windows or Rails, or one wrong letter.
fn same_zone(name: &str) -> Option<&'static str> {
    let name = name.replace(' ', "_");
    let all = || chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let same = |zone: &&str| zone.eq_ignore_ascii_case(&name);
    all().find(same).or_else(|| of_others(&name)).or_else(|| of_town(&name)).or_else(|| {
        let near = all().filter(|zone| is_slip(&name, zone));
        only(near)
    })
}

fn of_others(name: &str) -> Option<&'static str> {
    let same = |known: &str| known.replace(' ', "_").eq_ignore_ascii_case(name);
    let bare = name.split("_(US").next().unwrap_or(name);
    let american = OF_AMERICA
        .into_iter()
        .find(|(known, _)| known.replace(' ', "_").eq_ignore_ascii_case(bare));
    let of_windows = OF_WINDOWS.into_iter().find(|(known, _)| same(known));
    of_windows.or(american).map(|(_, zone)| zone)
}

/// The only zone of a town. `Central` and `West` are parts of old names, not towns.
fn of_town(name: &str) -> Option<&'static str> {
    const PARTS: [&str; 4] = ["north", "south", "west", "east"];
    let zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let zones = zones.filter(|zone| AREAS.iter().any(|area| zone.starts_with(area)));
    let is_town = |zone: &&str| {
        let town = zone.rsplit('/').next().unwrap_or_default();
        town.eq_ignore_ascii_case(name)
    };
    let is_part = PARTS.iter().any(|part| part.eq_ignore_ascii_case(name)) || name.len() < 4;
    only(zones.filter(is_town)).filter(|_| !is_part)
}

/// Whether two names differ by one letter only. A different digit or sign does not count: `GMT+2`
/// is near `Etc/GMT+2` but four hours off.
fn is_slip(name: &str, zone: &str) -> bool {
    const LONG: usize = 8;
    let is_named = zone.contains('/') && !zone.starts_with("Etc/");
    let digits = |text: &str| text.contains(|c: char| c.is_ascii_digit());
    is_named
        && name.len() >= LONG
        && !digits(name)
        && !digits(zone)
        && strsim::osa_distance(&name.to_ascii_lowercase(), &zone.to_ascii_lowercase()) <= 2
}

fn only<T>(mut found: impl Iterator<Item = T>) -> Option<T> {
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn is_abbreviation(name: &str) -> bool {
    (2..=5).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_mean_a_zone_are_known() {
        for (name, zone) in [
            ("Europe/Berln", "write Europe/Berlin "),
            ("Berlin", "write Europe/Berlin "),
            ("new york", "write America/New_York "),
            ("europe/paris", "write Europe/Paris "),
            ("(GMT+01:00) Berlin", "write Europe/Berlin "),
            ("(UTC-05:00) Eastern Time (US & Canada)", "write America/New_York "),
            ("W. Europe Standard Time", "write Europe/Berlin "),
            ("pacific standard time", "write America/Los_Angeles "),
            ("utc", "write UTC "),
        ] {
            assert!(zone_hint(name).starts_with(zone), "{name}: {}", zone_hint(name));
        }
    }

    #[test]
    fn an_offset_keeps_its_sign() {
        for (name, zone) in [
            ("GMT+2", "UTC+02:00 in summer and winter is Etc/GMT-2"),
            ("UTC+02:00", "is Etc/GMT-2"),
            ("+0200", "is Etc/GMT-2"),
            ("UTC +2", "is Etc/GMT-2"),
            ("GMT-5", "UTC-05:00 in summer and winter is Etc/GMT+5"),
            ("UTC+14", "is Etc/GMT-14"),
        ] {
            assert!(zone_hint(name).ends_with(zone), "{name}: {}", zone_hint(name));
        }
        for name in ["+05:30", "UTC-13"] {
            assert!(!zone_hint(name).contains("Etc/"), "{name}");
        }
        assert_eq!(zone_hint("+00:00"), "write UTC");
    }

    #[test]
    fn zones_that_are_proposed_exist() {
        for (name, zone) in OF_WINDOWS.into_iter().chain(OF_AMERICA) {
            assert!(zone.parse::<chrono_tz::Tz>().is_ok(), "{name}");
        }
    }

    #[test]
    fn nothing_is_proposed_where_several_zones_may_be_meant() {
        for name in ["PST", "CEST", "IST", "Central", "West", "South", "GMT+25", "Mars", ""] {
            assert!(zone_hint(name).starts_with("write the IANA name of the place"), "{name}");
        }
    }
}
