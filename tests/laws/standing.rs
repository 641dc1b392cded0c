//! Where a subscription stood on the way is where it stood then, whatever came later.

use proptest::prelude::*;

use super::company::{DAY, any, instant};
use crate::timeline::{status_at, statuses_at};
use crate::value::Instant;

proptest! {
    #![proptest_config(super::cases())]

    #[test]
    fn one_walk_tells_what_two_tell(
        book in any(),
        trial in proptest::option::of(1_i64..90),
        days in (-20_i64..400, 0_i64..200),
        on_the_second: bool,
    ) {
        let mut book = book;
        let started_at = book.subscriptions[0].started_at.unix_seconds();
        let later = |days: i64| Instant::from_unix_seconds(started_at + days * DAY);
        book.subscriptions[0].trial_end = trial.map(later);
        let halfway = if on_the_second { later(days.0) } else { instant(days.0 * DAY + 4_321) };
        let end = Instant::from_unix_seconds(
            halfway.unix_seconds() + days.1 * DAY,
        );
        let (ledger, prices) = (book.ledger(0), &book.prices);
        let Ok(at_end) = status_at(ledger, prices, end) else { return Ok(()) };
        let expected = (status_at(ledger, prices, halfway).ok(), at_end);
        prop_assert_eq!(statuses_at(ledger, prices, (Some(halfway), end)), Ok(expected));
    }
}
