//! The columns of `discounts.csv` for the duration and the excess.

use crate::model::{DiscountValue, Duration, Excess};
use crate::table::{Reported, Row};
use crate::value::{Moment, Zone};

#[derive(Clone, Copy, PartialEq)]
enum DurationWord {
    Forever,
    Once,
    Periods,
    Until,
}

const DURATIONS: [(&str, DurationWord); 4] = [
    ("forever", DurationWord::Forever),
    ("once", DurationWord::Once),
    ("periods", DurationWord::Periods),
    ("until", DurationWord::Until),
];

/// The duration. To compare both ends, bare dates become midnights of the zone.
pub(crate) fn duration(
    row: &mut Row<'_>,
    starts_at: Option<Moment>,
    zone: Zone,
) -> Result<Duration, Reported> {
    let word = row.word("duration", &DURATIONS);
    let periods = row.optional("periods", Row::positive);
    let ends_at = row.optional("ends_at", Row::moment);
    let word = word?;
    let periods = periods.and_then(|periods| {
        let hint = "duration periods needs the number of invoices, such as 3";
        owned(row, "periods", periods, (word, DurationWord::Periods), hint)
    });
    let ends_at = ends_at.and_then(|ends_at| {
        let hint = "duration until needs the end, such as 2026-12-31";
        owned(row, "ends_at", ends_at, (word, DurationWord::Until), hint)
    });
    match (periods?, ends_at?) {
        (Some(count), _) => Ok(Duration::Periods(count)),
        (None, Some(end)) => end_after(row, starts_at, end, zone).map(Duration::Until),
        (None, None) if word == DurationWord::Once => Ok(Duration::Once),
        (None, None) => Ok(Duration::Forever),
    }
}

/// A value that must be present exactly if the chosen word uses it.
fn owned<T>(
    row: &mut Row<'_>,
    column: &'static str,
    value: Option<T>,
    (word, owner): (DurationWord, DurationWord),
    hint: &str,
) -> Result<Option<T>, Reported> {
    match value {
        None if word == owner => Err(row.report(column, "", "is empty", hint)),
        Some(_) if word != owner => {
            let text = row.text(column)?;
            let rule = format!("is not used by duration {}", word.text());
            let hint = format!("leave it empty, or write {} as the duration", owner.text());
            Err(row.report(column, text, &rule, &hint))
        }
        value => Ok(value),
    }
}

fn end_after(
    row: &mut Row<'_>,
    starts_at: Option<Moment>,
    end: Moment,
    zone: Zone,
) -> Result<Moment, Reported> {
    if starts_at.is_none_or(|start| start.at(zone) < end.at(zone)) {
        return Ok(end);
    }
    let text = row.text("ends_at")?;
    let hint = "write the end; periods that begin then are not discounted any more";
    Err(row.report("ends_at", text, "is not after starts_at", hint))
}

/// The use of the part of a discount that exceeds the amount to pay.
pub(crate) fn excess(row: &mut Row<'_>, value: Option<DiscountValue>) -> Result<Excess, Reported> {
    let excess = row.word("excess", &[("drop", Excess::Drop), ("credit", Excess::Credit)])?;
    match (excess, value) {
        (Excess::Credit, Some(DiscountValue::Percent(_))) => Err(row.report(
            "excess",
            "credit",
            "is given beside percent",
            "leave it empty; a percentage never exceeds what there is to pay",
        )),
        (excess, _) => Ok(excess),
    }
}

impl DurationWord {
    fn text(self) -> &'static str {
        DURATIONS.iter().find(|(_, word)| *word == self).map_or("", |(text, _)| text)
    }
}
