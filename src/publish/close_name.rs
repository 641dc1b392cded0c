//! The name of a close: its instant in a short form.

use crate::value::{Instant, Zone};

/// `2020-06-28` for a midnight of the billing zone, otherwise `2020-06-28T120000Z`.
pub(crate) fn close_name(as_of: Instant, zone: Zone) -> String {
    let date = zone.date(as_of);
    if zone.midnight(date) == as_of {
        date.to_string()
    } else {
        as_of.to_utc().format("%Y-%m-%dT%H%M%SZ").to_string()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn example_of_close_name() {
        use crate::{
            publish::close_name,
            value::{Moment, Zone},
        };
        let at = |text| Moment::parse(text).unwrap().at(Zone::UTC);
        assert_eq!(close_name(at("2020-06-28"), Zone::UTC), "2020-06-28");
        assert_eq!(close_name(at("2020-06-28T12:00:00Z"), Zone::UTC), "2020-06-28T120000Z");
    }
}
