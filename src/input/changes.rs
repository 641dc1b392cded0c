//! `changes.csv`, the append-only log.

use super::known::Known;
use super::prices::{CANCEL_POLICIES, CHANGE_POLICIES};
use crate::model::{CancelPolicy, Change, ChangeKind, ChangePolicy, Subscription};
use crate::table::{Column, Index, Reported, Row, optional, required};
use crate::value::{Instant, Zone};

/// The known columns.
pub(crate) const COLUMNS: [Column; 11] = [
    required("change_id"),
    required("at"),
    required("subscription_id"),
    required("kind"),
    optional("quantity"),
    optional("delta"),
    optional("price_id"),
    optional("previous_quantity"),
    optional("anchor"),
    optional("policy"),
    optional("note"),
];

#[derive(Clone, Copy, PartialEq)]
enum ChangeWord {
    Quantity,
    Price,
    Cancel,
    Uncancel,
    Pause,
    Resume,
    Anchor,
    Restart,
}

const KINDS: [(&str, ChangeWord); 8] = [
    ("quantity", ChangeWord::Quantity),
    ("price", ChangeWord::Price),
    ("cancel", ChangeWord::Cancel),
    ("uncancel", ChangeWord::Uncancel),
    ("pause", ChangeWord::Pause),
    ("resume", ChangeWord::Resume),
    ("anchor", ChangeWord::Anchor),
    ("restart", ChangeWord::Restart),
];

/// Reads one row: the index of its subscription, and the change.
pub(crate) fn parse(row: &mut Row<'_>, known: &Known<'_>) -> Result<(u32, Change), Reported> {
    let id = row.id("change_id");
    let at = row.moment("at");
    let subscription = known.subscription_index.find(row, "subscription_id");
    let word = row.required("kind").and_then(|_| row.word("kind", &KINDS));
    let previous_quantity = row.optional("previous_quantity", Row::quantity);
    // A change without a valid subscription can still be read, but the zone of its dates is
    // unknown.
    let owner = subscription.as_ref().ok().map(|place| &known.subscriptions[*place]);
    let zone = || owner.map_or(Zone::UTC, |owner| known.accounts[owner.account].zone);
    let kind = word.and_then(|word| kind(row, word, zone, known.price_index));
    let nanosecond = at.as_ref().map_or(0, |at| at.nanosecond());
    let at = at.map(|at| at.wall_time_in(zone));
    let skipped = at.as_ref().map_or(0, |at| at.skipped());
    let at = at.and_then(|at| after_start(row, at.instant(), owner));
    let (kind, policy) = kind?;
    let change = Change {
        id: id?,
        at: at?,
        nanosecond,
        skipped,
        kind,
        previous_quantity: previous_quantity?,
        policy,
        line: row.line,
    };
    Ok((u32::try_from(subscription?).expect("memory ends before that many rows"), change))
}

fn after_start(
    row: &mut Row<'_>,
    at: Instant,
    owner: Option<&Subscription>,
) -> Result<Instant, Reported> {
    let Some(owner) = owner.filter(|owner| at < owner.started_at) else { return Ok(at) };
    let text = row.text("at")?;
    Err(row.report(
        "at",
        text,
        &format!("is before the subscription starts at {}", owner.started_at),
        "correct the instant, or started_at in subscriptions.csv",
    ))
}

fn kind(
    row: &mut Row<'_>,
    word: ChangeWord,
    zone: impl FnOnce() -> Zone,
    price_index: &Index,
) -> Result<(ChangeKind, Option<ChangePolicy>), Reported> {
    let own_fields_only = refuse_foreign_fields(row, word);
    let policy = match word {
        ChangeWord::Quantity | ChangeWord::Price | ChangeWord::Pause | ChangeWord::Resume => {
            row.optional("policy", |row, column| row.word(column, &CHANGE_POLICIES))?
        }
        _ => None,
    };
    let kind = match word {
        ChangeWord::Quantity => quantity(row)?,
        ChangeWord::Price => ChangeKind::Price {
            price: price_index.find(row, "price_id")?,
            quantity: row.optional("quantity", Row::quantity)?,
        },
        ChangeWord::Cancel => ChangeKind::Cancel(cancel_policy(row)?),
        ChangeWord::Uncancel => ChangeKind::Uncancel,
        ChangeWord::Pause => ChangeKind::Pause,
        ChangeWord::Resume => ChangeKind::Resume,
        ChangeWord::Anchor => ChangeKind::Anchor(row.moment("anchor")?.wall_time_in(zone)),
        ChangeWord::Restart => restart(row, price_index)?,
    };
    own_fields_only?;
    Ok((kind, policy))
}

fn restart(row: &mut Row<'_>, price_index: &Index) -> Result<ChangeKind, Reported> {
    let price = row.optional("price_id", |row, column| price_index.find(row, column));
    let quantity = row.optional("quantity", Row::quantity);
    let narrow = |price| u32::try_from(price).expect("memory ends before that many prices");
    Ok(ChangeKind::Restart { price: price?.map(narrow), quantity: quantity? })
}

fn cancel_policy(row: &mut Row<'_>) -> Result<Option<CancelPolicy>, Reported> {
    row.optional("policy", |row, column| row.word(column, &CANCEL_POLICIES))
}

fn quantity(row: &mut Row<'_>) -> Result<ChangeKind, Reported> {
    let total = row.optional("quantity", Row::quantity)?;
    let delta = row.optional("delta", Row::delta)?;
    match (total, delta) {
        (Some(total), None) => Ok(ChangeKind::Quantity(total)),
        (None, Some(delta)) => Ok(ChangeKind::Delta(delta)),
        (None, None) => Err(row.report(
            "quantity",
            "",
            "is empty, and so is delta",
            "give the new total in quantity or the difference in delta",
        )),
        (Some(_), Some(delta)) => Err(row.report(
            "delta",
            &delta.to_string(),
            "is given beside quantity",
            "give the new total in quantity or the difference in delta, not both",
        )),
    }
}

/// Reports a value that this kind of change ignores, because it was meant to do something.
fn refuse_foreign_fields(row: &mut Row<'_>, word: ChangeWord) -> Result<(), Reported> {
    let mut result = Ok(());
    for (column, users) in USERS {
        if users.contains(&word) {
            continue;
        }
        let text = row.glimpse(column);
        if !text.is_empty() && !row.is_null(column) {
            let kinds: Vec<&str> = users.iter().map(|word| word.text()).collect();
            result = Err(row.report(
                column,
                &text,
                &format!("is not used by kind {}", word.text()),
                &format!("leave it empty, or write a row of kind {}", kinds.join(" or ")),
            ));
        }
    }
    result
}

/// The kinds of change that use each column.
const USERS: [(&str, &[ChangeWord]); 5] = [
    ("quantity", &[ChangeWord::Quantity, ChangeWord::Price, ChangeWord::Restart]),
    ("delta", &[ChangeWord::Quantity]),
    ("price_id", &[ChangeWord::Price, ChangeWord::Restart]),
    ("anchor", &[ChangeWord::Anchor]),
    (
        "policy",
        &[
            ChangeWord::Quantity,
            ChangeWord::Price,
            ChangeWord::Cancel,
            ChangeWord::Pause,
            ChangeWord::Resume,
        ],
    ),
];

impl ChangeWord {
    fn text(self) -> &'static str {
        KINDS.iter().find(|(_, word)| *word == self).map_or("", |(text, _)| text)
    }
}
