//! `price_changes.csv`: price changes for all customers.
//!
//! Each row becomes a row in the log of every subscription that may be on its old price. Whether it
//! is on it then, the timeline decides. So a row of the log never vanishes because another one
//! arrives late.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::translated::{self, NOTICES};
use crate::model::{
    Account, Change, ChangeKind, ChangePolicy, Price, PriceChange, Subscription, in_order,
};
use crate::problem::Problem;
use crate::table::{Column, Index, Reported, Row, optional, required};
use crate::value::{Instant, Zone};

pub(crate) const FILE: &str = "price_changes.csv";

/// The known columns.
pub(crate) const COLUMNS: [Column; 15] = [
    required("price_change_id"),
    required("price_id"),
    required("new_price_id"),
    required("from"),
    optional("applies"),
    optional("notice"),
    optional("notice_de"),
    optional("notice_en"),
    optional("notice_es"),
    optional("notice_fr"),
    optional("notice_it"),
    optional("notice_ja"),
    optional("notice_nl"),
    optional("notice_pl"),
    optional("notice_pt"),
];

pub(crate) fn parse(
    row: &mut Row<'_>,
    prices: &[Price],
    index: &Index,
) -> Result<PriceChange, Reported> {
    let id = row.id("price_change_id");
    let old = index.find(row, "price_id");
    let new = index.find(row, "new_price_id");
    let from = row.moment("from");
    let at_once = row.word("applies", &[("at_renewal", false), ("at_once", true)]);
    let notice = row.text("notice").map(Into::into);
    let notices = translated::parse(row, &NOTICES);
    let (old, new) = (old?, new?);
    fits(row, &prices[old], &prices[new])?;
    Ok(PriceChange {
        id: id?,
        old,
        new,
        from: from?,
        at_once: at_once?,
        notice: notice?,
        notices: notices?,
        line: row.line,
    })
}

/// Only a price for the same time in the same money can take the place of another.
fn fits(row: &mut Row<'_>, old: &Price, new: &Price) -> Result<(), Reported> {
    let flaw = if old.id == new.id {
        "is the old price"
    } else if old.currency != new.currency {
        "has another currency than the old price"
    } else if old.interval.length() != new.interval.length() {
        "has another interval than the old price"
    } else {
        return Ok(());
    };
    let hint =
        "write a price of the same currency and interval; other changes are rows of changes.csv";
    Err(row.report("new_price_id", &new.id, flaw, hint))
}

/// The rows that can move nobody, or that leave open where to, in the zones of the accounts.
pub(crate) fn contradictions(
    file: &str,
    list: &[PriceChange],
    prices: &[Price],
    zones: impl Iterator<Item = Zone>,
) -> Vec<Problem> {
    let mut problems: BTreeMap<u64, Problem> = BTreeMap::new();
    let zones: HashSet<Zone> = if list.is_empty() { HashSet::new() } else { zones.collect() };
    for zone in zones {
        let rows = in_order(list, zone);
        let mut replaced: HashMap<usize, &PriceChange> = HashMap::new();
        for (at, row) in &rows {
            let next = rows.iter().find(|(other, it)| other == at && it.old == row.new);
            let before = replaced.insert(row.old, row);
            replaced.remove(&row.new);
            if let Some(flaw) = Contradiction::of(row, before, next.map(|(_, it)| *it)) {
                problems.entry(row.line).or_insert_with(|| flaw.problem(file, row, prices));
            }
        }
    }
    problems.into_values().collect()
}

/// What is wrong with a row among others.
enum Contradiction<'a> {
    /// This row has moved everybody from its old price.
    Replaced(&'a PriceChange),
    /// This row replaces its new price at the same instant.
    Chained(&'a PriceChange),
}

impl<'a> Contradiction<'a> {
    fn of(
        row: &PriceChange,
        before: Option<&'a PriceChange>,
        next: Option<&'a PriceChange>,
    ) -> Option<Self> {
        let next = next.filter(|next| next.id != row.id);
        before.map(Self::Replaced).or_else(|| next.map(Self::Chained))
    }

    fn problem(&self, file: &str, row: &PriceChange, prices: &[Price]) -> Problem {
        let (column, price, rule, hint) = match self {
            Self::Replaced(by) => (
                "price_id",
                row.old,
                format!("is replaced by row {} already, so that nobody is on it", by.id),
                "write the price that replaced it, or remove the row",
            ),
            Self::Chained(by) => (
                "new_price_id",
                row.new,
                format!("is replaced by row {} at the same instant", by.id),
                "write the last price of the chain, or another instant",
            ),
        };
        Problem {
            file: file.to_owned(),
            line: Some(row.line),
            column: Some(column),
            value: Some(prices[price].id.to_string()),
            rule,
            hint: hint.to_owned(),
        }
    }
}

/// The ids of changes that are ids of these rows too, or look like rows that they add: a line names
/// its change by the id.
pub(super) fn doubled_ids(
    file: &str,
    list: &[PriceChange],
    changes: &[(u32, Change)],
) -> Vec<Problem> {
    let rows: HashMap<&str, &PriceChange> = list.iter().map(|row| (&*row.id, row)).collect();
    let own = changes.iter().filter(|_| !rows.is_empty());
    let doubled = own.filter_map(|(_, change)| {
        let parts = change.id.match_indices('@').map(|(at, _)| &change.id[..at]);
        let row = parts.chain([&*change.id]).find_map(|id| rows.get(id))?;
        Some(Problem {
            file: file.to_owned(),
            line: Some(row.line),
            column: Some("price_change_id"),
            value: Some(row.id.to_string()),
            rule: format!("is in the change_id {} of changes.csv, line {}", change.id, change.line),
            hint: "write another id, so that lines name one change".to_owned(),
        })
    });
    doubled.collect()
}

/// Adds the rows to the logs of the subscriptions. Changes are given with the index of their
/// subscription, and so are those returned.
pub(crate) fn spread(
    list: &[PriceChange],
    accounts: &[Account],
    subscriptions: &[Subscription],
    mut changes: Vec<(u32, Change)>,
) -> Vec<(u32, Change)> {
    if list.is_empty() {
        return changes;
    }
    let reach = Reach::of(list);
    let openings = (0_u32..).zip(subscriptions.iter().map(|it| it.price));
    let own = changes.iter().filter_map(|(place, it)| Some((*place, it.kind.price()?)));
    let mut wanted: Vec<(u32, usize)> = openings
        .chain(own)
        .flat_map(|(place, price)| reach.rows(price).iter().map(move |row| (place, *row)))
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    let zone = |place: u32| accounts[subscriptions[place as usize].account].zone;
    let moves = wanted.into_iter().map(|(place, row)| {
        let row = &list[row];
        (place, moving(row, Arc::clone(&row.id), row.from.at(zone(place))))
    });
    // A row of the subscription at the same instant comes after the price list, and so wins.
    let mut log: Vec<(u32, Change)> = moves.collect();
    let own = changes.iter();
    let mut later: Vec<(u32, Change)> = own
        .flat_map(|(place, own)| {
            catching_up(list, &reach, own, zone(*place)).map(|change| (*place, change))
        })
        .collect();
    log.append(&mut changes);
    log.append(&mut later);
    log
}

/// The rows up to a change of the subscription that brings a price. They follow it at its instant.
fn catching_up<'a>(
    list: &'a [PriceChange],
    reach: &Reach,
    own: &'a Change,
    zone: Zone,
) -> impl Iterator<Item = Change> + 'a {
    let places = own.kind.price().map_or(&[][..], |price| reach.rows(price));
    let mut rows: Vec<_> =
        places.iter().map(|row| (list[*row].from.at(zone), &list[*row])).collect();
    rows.retain(|(at, _)| *at <= own.at);
    rows.sort_by_key(|(at, row)| (*at, row.line));
    rows.into_iter().map(|(_, row)| {
        let id = format!("{}@{}", row.id, own.id).into();
        Change { nanosecond: u32::MAX, ..moving(row, id, own.at) }
    })
}

/// A row of the price list in the log of a subscription.
fn moving(row: &PriceChange, id: Arc<str>, at: Instant) -> Change {
    let narrow = |price| u32::try_from(price).expect("memory ends before that many prices");
    Change {
        id,
        at,
        nanosecond: 0,
        skipped: 0,
        kind: ChangeKind::PriceList { old: narrow(row.old), new: narrow(row.new) },
        previous_quantity: None,
        policy: (!row.at_once).then_some(ChangePolicy::PeriodEnd),
        line: row.line,
    }
}

/// For each price, the rows that may move a subscription which had it once.
struct Reach(HashMap<usize, Vec<usize>>);

impl Reach {
    fn of(list: &[PriceChange]) -> Self {
        let mut of_price: HashMap<usize, Vec<usize>> = HashMap::new();
        for (place, row) in list.iter().enumerate() {
            of_price.entry(row.old).or_default().push(place);
        }
        let reached = |first: usize| {
            let (mut seen, mut next, mut rows) = (HashSet::from([first]), vec![first], Vec::new());
            while let Some(price) = next.pop() {
                for row in of_price.get(&price).into_iter().flatten() {
                    rows.push(*row);
                    if seen.insert(list[*row].new) {
                        next.push(list[*row].new);
                    }
                }
            }
            rows
        };
        Self(of_price.keys().map(|price| (*price, reached(*price))).collect())
    }

    fn rows(&self, price: usize) -> &[usize] {
        self.0.get(&price).map_or(&[], |rows| rows)
    }
}
