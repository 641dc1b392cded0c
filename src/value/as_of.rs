//! The values of `--as-of`: an instant, or a midnight relative to the clock.

use chrono::Datelike as _;

use super::{Instant, Moment, MomentError, Zone};

/// The instant up to which the run bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// An instant, or the midnight of a date.
    At(Moment),
    /// The first midnight of today.
    Today,
    /// The midnight before that.
    Yesterday,
    /// The first midnight of this month.
    MonthStart,
}

impl AsOf {
    /// Reads `2020-06-28`, `2020-06-28T12:00:00Z`, `today`, `yesterday` or `month-start`.
    ///
    /// # Errors
    /// Those of [`Moment::parse`].
    pub fn parse(text: &str) -> Result<Self, MomentError> {
        match text {
            "today" => Ok(Self::Today),
            "yesterday" => Ok(Self::Yesterday),
            "month-start" => Ok(Self::MonthStart),
            other => Moment::parse(other).map(Self::At),
        }
    }

    /// The instant, for a zone and the current time. If the clocks skip a midnight, it is the first
    /// instant of the day.
    ///
    /// ```
    /// # use prorata::value::{AsOf, Instant, Moment, Zone};
    /// let zone: Zone = "America/Los_Angeles".parse().unwrap();
    /// let now = Moment::parse("2020-07-01T06:30:00Z").unwrap().at(zone);
    /// assert_eq!(AsOf::Today.at(zone, now).to_string(), "2020-06-30T07:00:00Z");
    /// assert_eq!(AsOf::Yesterday.at(zone, now).to_string(), "2020-06-29T07:00:00Z");
    /// assert_eq!(AsOf::MonthStart.at(zone, now).to_string(), "2020-06-01T07:00:00Z");
    /// ```
    pub fn at(self, zone: Zone, now: Instant) -> Instant {
        let date = zone.date(now);
        let today = zone.midnight(date);
        match self {
            Self::At(moment) => moment.at(zone),
            Self::Today => today,
            Self::Yesterday => {
                // Not the date before: where the date line moved, a whole date is missing.
                let before = Instant::from_unix_seconds(today.unix_seconds() - 1);
                zone.midnight(zone.date(before))
            }
            Self::MonthStart => zone.midnight(date.with_day(1).unwrap_or(date)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_dates_are_read_and_nothing_else() {
        assert_eq!(AsOf::parse("today"), Ok(AsOf::Today));
        assert_eq!(AsOf::parse("month-start"), Ok(AsOf::MonthStart));
        assert_eq!(AsOf::parse("2020-06-28"), Moment::parse("2020-06-28").map(AsOf::At));
        for text in ["Today", "tomorrow", "month-end", "", "now"] {
            assert_eq!(AsOf::parse(text), Err(MomentError::Malformed), "{text}");
        }
    }

    #[test]
    fn no_word_names_an_instant_after_now() {
        for zone in ["UTC", "Africa/Cairo", "America/Sao_Paulo", "Pacific/Apia", "Asia/Beirut"] {
            let zone: Zone = zone.parse().expect("a zone");
            // Every hour of years with clock changes at midnight.
            for hour in 0..8 * 366 * 24 {
                let now = Instant::from_unix_seconds(1_293_840_000 + hour * 3_600);
                let today = AsOf::Today.at(zone, now);
                assert!(today <= now, "{zone} {now}");
                assert!(AsOf::Yesterday.at(zone, now) < today, "{zone} {now}");
                assert!(AsOf::MonthStart.at(zone, now) <= today, "{zone} {now}");
            }
        }
    }
}
