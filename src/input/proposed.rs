//! Changes that the command line proposes. Each is made a row of changes.csv and read by the reader
//! of that file, so it means the same there, and is refused in the same words.

use std::collections::HashSet;
use std::sync::Arc;

use super::changes;
use super::known::Known;
use crate::model::Change;
use crate::table::TableReader;
use crate::value::{AsOf, Instant, Moment};

/// A change as the command line proposes it: `quantity=5`, `price=pro,quantity=3`, `cancel`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProposedChange {
    /// The text.
    pub(crate) text: String,
    /// The word in `kind`.
    kind: &'static str,
    /// Other columns with their values.
    cells: Vec<(&'static str, String)>,
}

/// The parts of a proposal with a value: their names, their columns, and the kinds that they make.
const VALUES: [(&str, &str, Option<&str>); 7] = [
    ("quantity", "quantity", Some("quantity")),
    ("delta", "delta", Some("quantity")),
    ("price", "price_id", Some("price")),
    ("anchor", "anchor", Some("anchor")),
    ("cancel", "policy", Some("cancel")),
    ("previous_quantity", "previous_quantity", None),
    ("policy", "policy", None),
];

/// The parts that are a word.
const WORDS: [&str; 5] = ["cancel", "uncancel", "pause", "resume", "restart"];

impl ProposedChange {
    /// Reads a proposal. An error completes a sentence.
    ///
    /// # Errors
    /// A part that is unknown or doubled, and parts that are no single change.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut proposed = Self { text: text.to_owned(), kind: "", cells: Vec::new() };
        for part in text.split(',').map(str::trim) {
            proposed.add(part)?;
        }
        if proposed.kind.is_empty() {
            return Err("it changes nothing; write quantity=5, delta=-1, price=ID or cancel".into());
        }
        Ok(proposed)
    }

    fn add(&mut self, part: &str) -> Result<(), String> {
        let Some((name, value)) = part.split_once('=') else {
            let word = WORDS.into_iter().find(|word| *word == part);
            return self.become_kind(word.ok_or_else(|| unknown(part))?);
        };
        let known = VALUES.into_iter().find(|(known, ..)| *known == name.trim_end());
        let (_, column, kind) = known.ok_or_else(|| unknown(part))?;
        if let Some(kind) = kind {
            self.become_kind(kind)?;
        }
        if self.cells.iter().any(|(other, _)| *other == column) {
            return Err(format!("it gives {column} twice"));
        }
        self.cells.push((column, value.trim_start().to_owned()));
        Ok(())
    }

    /// A new price may have a new quantity, and a restart both; other kinds are changes of their
    /// own.
    fn become_kind(&mut self, kind: &'static str) -> Result<(), String> {
        self.kind = match (self.kind, kind) {
            ("", kind)
            | ("quantity", kind @ "price")
            | ("quantity" | "price", kind @ "restart") => kind,
            (own @ "price", "quantity") | (own @ "restart", "quantity" | "price") => own,
            (own, kind) if own == kind && own == "quantity" => own,
            _ => return Err("it is more than one change; write --change for each".into()),
        };
        Ok(())
    }

    /// The row with its header.
    fn row(&self, id: &str, at: &str, subscription: &str) -> String {
        let mut cells = vec![
            ("change_id", id),
            ("at", at),
            ("subscription_id", subscription),
            ("kind", self.kind),
        ];
        cells.extend(self.cells.iter().map(|(column, value)| (*column, &**value)));
        let line = |cells: &mut dyn Iterator<Item = &str>| {
            let quoted = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
            quoted.collect::<Vec<_>>().join(",") + "\n"
        };
        line(&mut cells.iter().map(|(column, _)| *column))
            + &line(&mut cells.iter().map(|(_, value)| *value))
    }
}

fn unknown(part: &str) -> String {
    format!(
        "{part:?} is no part of a change; write quantity=5, delta=-1, price=ID, cancel, \
         cancel=immediate, uncancel, pause, resume, restart or anchor=DATE"
    )
}

/// The changes that are proposed for a subscription, all at one instant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProposedChanges<'a> {
    pub(crate) subscription: &'a str,
    /// A date is midnight in the zone of the account, as in the file.
    pub(crate) at: AsOf,
    pub(crate) now: Instant,
    pub(crate) changes: &'a [ProposedChange],
}

/// The line of the first proposed change. It is beyond the end of every file, so no other row has it.
const FIRST_LINE: u64 = 1 << 62;

impl ProposedChanges<'_> {
    /// The index of the proposal behind a line.
    pub(crate) fn place_of(line: u64) -> Option<usize> {
        usize::try_from(line.checked_sub(FIRST_LINE)?).ok()
    }

    /// The place of a proposal, as messages name it.
    pub(crate) fn name(&self, place: usize) -> String {
        format!("--change {}", self.changes[place].text)
    }

    /// Reads the proposals as rows that follow those of the log.
    pub(super) fn read(
        &self,
        reader: &mut TableReader<'_>,
        known: &Known<'_>,
        log: &[(u32, Change)],
    ) -> Vec<(u32, Change)> {
        let Some(place) = known.subscription_index.place(self.subscription) else {
            return Vec::new();
        };
        let zone = known.accounts[known.subscriptions[place].account].zone;
        let at = match self.at {
            AsOf::At(Moment::Date(date)) => date.to_string(),
            at => at.at(zone, self.now).to_string(),
        };
        let taken: HashSet<&str> = log.iter().map(|(_, change)| &*change.id).collect();
        let mut ids = free_ids(&taken);
        let mut read = Vec::new();
        for (number, proposed) in self.changes.iter().enumerate() {
            let id = ids.next().expect("there is no last number");
            let text = proposed.row(&id, &at, self.subscription);
            let file = self.name(number);
            reader.rows_of_text(("changes.csv", &file), &changes::COLUMNS, &text, |row| {
                let parsed = row.sound().and_then(|()| row.read(|row| changes::parse(row, known)));
                if let Ok((place, change)) = parsed {
                    let line = FIRST_LINE + number as u64;
                    read.push((place, Change { id: Arc::from(&*id), line, ..change }));
                }
            });
        }
        read
    }
}

/// `quote`, `quote-2` and so on, without the ids of the log.
fn free_ids<'t>(taken: &'t HashSet<&str>) -> impl Iterator<Item = String> + 't {
    let ids = (1..).map(|number: u64| match number {
        1 => "quote".to_owned(),
        number => format!("quote-{number}"),
    });
    ids.filter(|id| !taken.contains(id.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_is_a_row_of_the_log() {
        for (text, row) in [
            ("quantity=5", "\"kind\",\"quantity\"\n/\"quantity\",\"5\"\n"),
            ("delta=+2", "\"kind\",\"delta\"\n/\"quantity\",\"+2\"\n"),
            ("quantity=5, price=pro", "\"quantity\",\"price_id\"\n/\"price\",\"5\",\"pro\"\n"),
            ("price=a\"b", "\"price_id\"\n/\"price\",\"a\"\"b\"\n"),
            ("cancel", "\"kind\"\n/\"cancel\"\n"),
            ("restart", "\"kind\"\n/\"restart\"\n"),
            (
                "restart,price=pro,quantity=2",
                "\"price_id\",\"quantity\"\n/\"restart\",\"pro\",\"2\"\n",
            ),
            ("cancel=immediate", "\"policy\"\n/\"cancel\",\"immediate\"\n"),
        ] {
            let proposed = ProposedChange::parse(text).expect("a change");
            let (header, values) = row.split_once('/').expect("two lines");
            let made = proposed.row("q", "2020-01-01", "s");
            let (first, second) = made.split_once('\n').expect("two lines");
            assert!(format!("{first}\n").ends_with(header), "{text}: {made}");
            assert!(second.ends_with(values), "{text}: {made}");
        }
        for wrong in [
            "",
            "quantity",
            "seats=5",
            "cancel,pause",
            "restart,cancel",
            "quantity=1,quantity=2",
            "policy=none",
        ] {
            assert!(ProposedChange::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn no_id_of_the_log_is_taken() {
        let taken = HashSet::from(["quote", "quote-3"]);
        let ids: Vec<String> = free_ids(&taken).take(2).collect();
        assert_eq!(ids, ["quote-2", "quote-4"]);
    }
}
