//! `state/payments.parquet`: the payments that a close applied first. With it no payment is applied
//! twice, vanishes, or changes unnoticed.
//!
//! All closes together list every applied payment of payments.csv; each close writes only its own
//! part.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

use super::{Register, RegisterError, payment_digest};
use crate::hash::Digest;
use crate::ids::order;
use crate::model::{Account, AnsweredIds, BillingInput, ExcludedAccounts, Payment};
use crate::problem::Problem;
use crate::table::display_name;
use crate::table::parquet::{ColumnsError, StateColumns, StateTable};
use crate::value::Instant;

/// The file's name in a close.
pub(crate) const FILE: &str = "state/payments.parquet";

/// A payment as it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LoggedPayment {
    /// When the money moved.
    pub(crate) at: Instant,
    /// The digest of the values that decide money.
    pub(crate) digest: Digest,
}

/// All applied payments, by `payment_id`, or those that a shard answers for.
#[derive(Clone, Debug, Default)]
pub(crate) struct PaymentLog {
    payments: HashMap<String, LoggedPayment>,
    /// How many payments all shards answer for.
    count: usize,
    /// Whether other shards read rows of payments.csv.
    has_others: bool,
    /// Rows of this shard that pay invoices of other shards, by id.
    left: HashSet<String>,
}

pub(crate) fn payments_to_parquet(
    applied: &[&Payment],
    book: &BillingInput,
) -> Result<Vec<u8>, ColumnsError> {
    let rows = order::by_id(applied, |row| &row.id);
    columns(&rows, &book.accounts).to_parquet()
}

pub(super) fn columns<'a>(
    rows: &'a [&'a &'a Payment],
    accounts: &'a [Account],
) -> StateColumns<'a, &'a &'a Payment> {
    StateColumns::of(rows)
        .text("payment_id", |row| Some(&row.id))
        .instant("at", |row| row.at)
        .digest("digest", |row| payment_digest(row, accounts))
}

impl PaymentLog {
    /// The payments applied by a register's closes.
    pub(crate) fn read(register: &Register) -> Result<Self, RegisterError> {
        Self::read_part(register, &AnsweredIds::default())
    }

    /// The payments among them that a shard answers for.
    pub(crate) fn read_part(
        register: &Register,
        part: &AnsweredIds,
    ) -> Result<Self, RegisterError> {
        let mut log = Self { has_others: part.has_others(), ..Self::default() };
        for close in &register.closes {
            log.add_part(&close.path, part)?;
        }
        Ok(log)
    }

    /// Those among some payments that closes applied. Nothing is known of others.
    pub(crate) fn read_some(
        register: &Register,
        wanted: &BTreeSet<&str>,
    ) -> Result<Self, RegisterError> {
        let mut log = Self { has_others: true, ..Self::default() };
        if wanted.is_empty() {
            return Ok(log);
        }
        for close in &register.closes {
            close.check_files(FILE)?;
            for table in StateTable::pieces_with(&close.path.join(FILE), "payment_id", wanted)? {
                log.add_table(&table, |id| wanted.contains(id))?;
            }
        }
        Ok(log)
    }

    /// Adds the payments of one close.
    pub(crate) fn add(&mut self, close: &Path) -> Result<(), ColumnsError> {
        self.add_part(close, &AnsweredIds::default())
    }

    fn add_part(&mut self, close: &Path, part: &AnsweredIds) -> Result<(), ColumnsError> {
        for table in StateTable::pieces(&close.join(FILE), part.are_all()) {
            let table = table?;
            self.count += table.height();
            self.add_table(&table, |id| part.has(id))?;
        }
        Ok(())
    }

    fn add_table(
        &mut self,
        table: &StateTable,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<(), ColumnsError> {
        let (ids, digests) = (table.texts("payment_id")?, table.digests("digest")?);
        let values = table.numbers("at")?.into_iter().zip(digests);
        for (id, (at, digest)) in ids.into_iter().zip(values).filter(|(id, _)| is_wanted(id)) {
            let at = Instant::from_unix_seconds(at);
            self.payments.insert(id.to_owned(), LoggedPayment { at, digest });
        }
        Ok(())
    }

    /// Whether a payment is applied.
    pub(crate) fn contains(&self, payment_id: &str) -> bool {
        self.payments.contains_key(payment_id)
    }

    /// The payments due at `through` and not yet applied, in order.
    pub(crate) fn due<'b>(&self, book: &'b BillingInput, through: Instant) -> Vec<&'b Payment> {
        let come = book.payments.iter().filter(|payment| payment.at <= through);
        let due = come.filter(|payment| !self.contains(&payment.id));
        due.filter(|payment| !self.left.contains(&*payment.id)).collect()
    }

    /// The applied rows that moved no money, by the invoice that they name.
    pub(crate) fn applied_otherwise<'b>(
        &self,
        book: &'b BillingInput,
    ) -> HashMap<&'b str, Vec<&'b Payment>> {
        let mut found: HashMap<&str, Vec<&Payment>> = HashMap::new();
        for payment in book.payments.iter().filter(|payment| !payment.kind.is_money()) {
            let number = payment.invoice_number.as_deref();
            if let Some(number) = number.filter(|_| self.contains(&payment.id)) {
                found.entry(number).or_default().push(payment);
            }
        }
        found
    }

    /// Leaves payments to the shards of the invoices that they name.
    pub(crate) fn leave_to_others(&mut self, ids: HashSet<String>) {
        self.left = ids;
    }

    /// Applied payments that are altered or missing.
    pub(crate) fn problems(
        &self,
        book: &BillingInput,
        input: &Path,
        withheld: &ExcludedAccounts,
    ) -> Vec<Problem> {
        let file = display_name(input, "payments.csv");
        let has_rows = self.has_others || !book.payments.is_empty();
        if !has_rows && withheld.is_empty() && self.count > 0 {
            return vec![all_vanished(file, self.count)];
        }
        let mut present: HashSet<&str> = HashSet::with_capacity(book.payments.len());
        let mut problems = Vec::new();
        for payment in &book.payments {
            present.insert(&payment.id);
            let Some(was) = self.payments.get(&*payment.id) else { continue };
            if was.digest != payment_digest(payment, &book.accounts) {
                problems.push(problem(
                    &file,
                    (&payment.id, Some(payment.line)),
                    format!("has been applied and is not what it was at {}", was.at),
                ));
            }
        }
        let mut vanished: Vec<(&String, &LoggedPayment)> =
            self.payments.iter().filter(|(id, _)| !present.contains(id.as_str())).collect();
        vanished.retain(|(id, _)| !withheld.payments.contains(*id));
        vanished.sort_by_key(|(id, _)| *id);
        problems.extend(vanished.into_iter().map(|(id, was)| {
            let rule = format!("of {} has been applied and is no longer in the file", was.at);
            problem(&file, (id, None), rule)
        }));
        problems
    }
}

fn problem(file: &str, (id, line): (&str, Option<u64>), rule: String) -> Problem {
    Problem {
        file: file.to_owned(),
        line,
        column: Some("payment_id"),
        value: Some(id.to_owned()),
        rule,
        hint: "restore the row; if it was wrong, add a row for the difference, with an id of its \
               own"
        .to_owned(),
    }
}

fn all_vanished(file: String, count: usize) -> Problem {
    let payments = if count == 1 { "payment" } else { "payments" };
    Problem {
        file,
        line: None,
        column: None,
        value: None,
        rule: format!("has no rows; earlier closes applied {count} {payments} of it"),
        hint: "restore the file: rows are added to it, never taken away".to_owned(),
    }
}
